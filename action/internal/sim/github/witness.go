package github

import (
	"fmt"
	"maps"
	"slices"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/sim/git"
	"github.com/commrel/liaison/action/internal/witness"
)

// witnessRef is where the design keeps what GitHub's clock saw.
const witnessRef = "refs/heads/liaison/witness"

// Witness writes what has happened so far to the branch liaison/witness: one file for each
// pull request, one commit on top of the branch, by the first bot that was registered, now.
// When nothing is new there is no new commit.
func (w *World) Witness() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	bot, err := w.bot()
	if err != nil {
		return err
	}
	files, err := w.witnessFiles()
	if err != nil {
		return fmt.Errorf("witness: %w", err)
	}
	c := git.Commit{Files: files, Author: noReply(bot), Time: w.now, Message: "Witness"}
	tip, exists := w.repo.Ref(witnessRef)
	if exists {
		c.Parents = []string{tip}
	}
	id, err := w.repo.Commit(c)
	if err != nil {
		return fmt.Errorf("witness: %w", err)
	}
	if exists && w.sameTree(tip, id) {
		return nil
	}
	return w.repo.SetRef(witnessRef, id)
}

func (w *World) sameTree(a, b string) bool {
	old, err1 := w.repo.TreeOf(a)
	now, err2 := w.repo.TreeOf(b)
	return err1 == nil && err2 == nil && old == now
}

// witnessFiles is the content of the branch, by path.
func (w *World) witnessFiles() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, t := range w.threads {
		if t.pull == nil {
			continue
		}
		records, err := w.records(t.pull)
		if err != nil {
			return nil, err
		}
		kept := event.Pull{
			Version: witness.Version, Number: t.number, Head: t.pull.head(), Updated: t.updated, Records: records, Entries: t.entries(),
		}
		text, err := witness.Marshal(kept)
		if err != nil {
			return nil, fmt.Errorf("#%d: %w", t.number, err)
		}
		files[witness.Path(t.number)] = text
	}
	return files, nil
}

// records are the record files that a pull request adds or changes, at its head, by path.
func (w *World) records(p *pull) ([]event.PullRecord, error) {
	changed, err := w.repo.Changed(p.since, p.head())
	if err != nil {
		return nil, err
	}
	records := []event.PullRecord{}
	for _, path := range slices.Sorted(maps.Keys(changed)) {
		if changed[path] == "" || w.Record == nil || !w.Record(path) {
			continue
		}
		r, err := w.record(path, changed[path])
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, nil
}

func (w *World) record(path, blob string) (event.PullRecord, error) {
	r := event.PullRecord{Path: path, Blob: blob}
	if w.Clean == nil {
		return r, nil
	}
	content, err := w.repo.ReadBlob(blob)
	if err != nil {
		return r, err
	}
	if title, fields, ok := w.Clean(path, content); ok {
		r.Title, r.Fields = title, fields
	}
	return r, nil
}
