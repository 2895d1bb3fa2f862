package replay

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/witness"
	"github.com/commrel/liaison/action/internal/workflow"
)

// An instant is a desk as it stood at an instant, and the landings that had come by then.
type instant struct {
	desk     desk.Desk
	witness  *witness.Snapshot // whole: what was seen later is in it
	landings []event.Landing
	broken   bool // the definition at the head is broken: the desk has the last good one
	kept     int  // how many of the landings that were read had come
}

// cut finds how the desk stood at an instant: by the definition that stood at the last commit
// which had landed. What landed later is not known yet, rules included; only a definition
// from outside stands for all times.
func cut(ctx context.Context, d desk.Desk, f Facts, at time.Time, r Reading) (instant, error) {
	s := instant{desk: d, witness: f.Witness, landings: f.Landings, kept: -1}
	for {
		kept := event.Cut(s.landings, s.witness.Pulls, at)
		if s.kept < 0 {
			s.kept = len(kept)
		}
		if n := len(kept); n == 0 || n == len(s.landings) || d.Text.Outside {
			s.landings = kept
			return s, nil
		}
		if err := s.back(kept, r.Definitions); err != nil {
			return s, err
		}
		var err error
		if s.landings, err = r.Landings(ctx, s.desk, s.witness); err != nil {
			return s, err
		}
	}
}

// back goes back to the end of a line, and to the witness that was declared there if none is
// any more: what GitHub saw then, it saw.
func (s *instant) back(landings []event.Landing, definitions *workflow.Cache) error {
	if err := s.backTo(landings, definitions); err != nil || s.witness.Tree != nil {
		return err
	}
	var err error
	s.witness, err = witness.Open(s.desk.Repo, s.desk.Def.Witness)
	return err
}

// backTo goes back to the end of a line, and the definition that was in force there.
func (s *instant) backTo(landings []event.Landing, definitions *workflow.Cache) (err error) {
	end := landings[len(landings)-1].Commit
	if s.desk, err = s.desk.At(end); err != nil {
		return err
	}
	commits := []string{end}
	for _, l := range slices.Backward(landings) {
		if changesRules(l) {
			commits = append(commits, l.Commit)
		}
	}
	for _, c := range commits {
		def, _, err := definitionAt(s.desk, c, definitions)
		if err != nil {
			return err
		}
		if def != nil {
			s.desk, s.broken = s.desk.Under(def), c != end
			return nil
		}
	}
	return fmt.Errorf("there is no definition without defects in the history of %s: expected one in %s, or a file with --config FILE", end, workflow.Path)
}

// definitionAt is the definition as a commit has it; nil with the reason where it is broken
// or missing.
func definitionAt(d desk.Desk, commit string, definitions *workflow.Cache) (def *workflow.Definition, why string, err error) {
	tree, err := d.Repo.Tree(commit)
	if err != nil {
		return nil, "", err
	}
	src, err := tree.Read(workflow.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "there is no " + workflow.Path, nil
	}
	if err != nil {
		return nil, err.Error(), nil
	}
	def, found, err := definitions.Read(workflow.Path, src, tree.Read)
	if def == nil && len(found) > 0 {
		why = found[0].Found
	}
	return def, why, err
}
