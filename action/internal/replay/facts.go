package replay

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/witness"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Facts are what the past of a desk is told from.
type Facts struct {
	Landings []event.Landing // of the line that ends at the desk's head: records of any kind, and rules; nobody changes them
	Witness  *witness.Snapshot
}

// ahead are the landings behind the first so many; nil for none, or where there is nothing else.
func (f Facts) ahead(kept int, now time.Time) *Ahead {
	if kept == len(f.Landings) {
		return nil
	}
	return &Ahead{Commits: len(f.Landings) - kept, Of: len(f.Landings), From: f.Landings[kept].Commit, Now: now}
}

// A Reading is how history is read.
type Reading struct {
	Definitions *workflow.Cache
	Index       string                                  // the folder of the history's index; "" for none
	Progress    func(what string) func(done, total int) // shows how far it is; nil: nobody looks
	Also        *workflow.Definition                    // whose records are read beside the desk's own; nil: none
}

// Show begins to show how far something is; nil where nobody looks.
func (r Reading) Show(what string) func(done, total int) {
	if r.Progress == nil {
		return nil
	}
	return r.Progress(what)
}

// Facts reads the witness and the history of a desk, of its default branch as it is today or
// of another line. An error may be a *finding.Defects.
func (r Reading) Facts(ctx context.Context, d desk.Desk, today bool) (Facts, error) {
	if err := d.Repo.Complete(); err != nil {
		return Facts{}, err
	}
	if err := d.Defined(); err != nil {
		return Facts{}, err
	}
	snapshot, err := witness.Open(d.Repo, d.Def.Witness)
	if err != nil {
		return Facts{}, err
	}
	if today {
		if err := OnLine(d, snapshot.Line.Head); err != nil {
			return Facts{}, err
		}
	}
	landings, err := r.Landings(ctx, d, snapshot)
	return Facts{landings, snapshot}, err
}

// OnLine refuses an answer about today where the last recorded head is not on the line of the
// branch: it was rewritten, and nobody has recorded that yet.
func OnLine(d desk.Desk, head string) error {
	if head == "" || head == d.Head {
		return nil
	}
	if _, grew, err := d.Repo.Since(d.Head, head); err != nil || grew {
		return err
	}
	if _, behind, err := d.Repo.Since(head, d.Head); err == nil && behind {
		return nil // the clone is older than its witness
	}
	return fmt.Errorf("the default branch was rewritten: %s, its last recorded head, is not on the first-parent line of %s; `liaison reconcile --apply --only witness` records that and goes on from there, a clone that is merely old needs `git fetch`", head, d.Head)
}

// Landings reads the first-parent line of the desk, with what it did to records of any kind
// and to its rules, as far as the index does not have it. A line that was rewritten is read
// whole.
func (r Reading) Landings(ctx context.Context, d desk.Desk, w *witness.Snapshot) ([]event.Landing, error) {
	match, progress := r.match(d.Def), r.Show("reading history")
	if r.Index == "" || r.Also != nil || len(w.Line.Breaks) > 0 {
		landings, err := d.Repo.History(ctx, d.Head, match, progress)
		return slices.Clip(landings), err
	}
	landings, err := d.Repo.IndexedHistory(ctx, r.Index, indexKey(d.Def), d.Head, match, progress)
	return slices.Clip(landings), err
}

// match tells records and rules from other files.
func (r Reading) match(def *workflow.Definition) func(path string) bool {
	return func(path string) bool {
		return def.KindOf(path) != nil || mayRule(path) || r.Also != nil && r.Also.KindOf(path) != nil
	}
}

// indexKey names in words the files that match by a definition.
func indexKey(def *workflow.Definition) string {
	key := []string{"rules"}
	for _, k := range def.Kinds {
		key = append(key, string(k.Files))
	}
	return strings.Join(key, "\n")
}

// AddsFiles reports whether a definition finds records where another one has none.
func AddsFiles(def, other *workflow.Definition) bool {
	return slices.ContainsFunc(def.Kinds, func(k *workflow.Kind) bool {
		return !slices.ContainsFunc(other.Kinds, func(o *workflow.Kind) bool { return o.Files == k.Files })
	})
}

// mayRule reports whether a file may be one that the rules hang on: the definition, or what
// one names.
func mayRule(file string) bool {
	return file == workflow.Path || path.Ext(file) == ".json" || path.Ext(file) == ".ics"
}
