package hubtest

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/gittest"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Merge lands an open pull request on main in one of GitHub's three styles: "merge" (a
// commit of two parents), "squash" (one commit by the opener) or "rebase" (every commit
// again, by its author, committed by who merges). It fails when main has changed the same
// files meanwhile.
func (w *World) Merge(n int, actor string, at time.Time, style string) error {
	return w.onOpenPull(n, actor, at, func(t *thread, who workflow.Account, at time.Time) error {
		tip, err := w.main()
		if err != nil {
			return err
		}
		landed, err := w.land(t, who, at, tip, style)
		if err != nil {
			return fmt.Errorf("merge #%d: %w", n, err)
		}
		first, last := landed[0], landed[len(landed)-1]
		if err := w.repo.Advance(mainRef, tip, last); err != nil {
			return err
		}
		t.open, t.closed, t.closedBy, t.updated, t.pull.merged = false, at, who, at, true
		t.saw(event.Entry{
			ID: entryID("merged", w.id()), Kind: event.Merged, At: at, Actor: who, First: first, Last: last,
		})
		return nil
	})
}

// land writes the commits that main gets, oldest first.
func (w *World) land(t *thread, who workflow.Account, at time.Time, tip, style string) ([]string, error) {
	switch style {
	case "merge":
		message := fmt.Sprintf("Merge pull request #%d from %s/patch-%d\n\n%s", t.number, t.author.Login, t.number, t.title)
		return w.landOne(t, gittest.Commit{
			Parents: []string{tip, t.pull.head()}, Author: noReply(who), Time: at, Message: message,
		})
	case "squash":
		message := fmt.Sprintf("%s (#%d)", t.title, t.number)
		return w.landOne(t, gittest.Commit{
			Parents: []string{tip}, Author: noReply(t.author), Time: at, Message: message,
		})
	case "rebase":
		return w.rebase(t.pull, who, at, tip)
	}
	return nil, fmt.Errorf("%q is no style; expected merge, squash or rebase", style)
}

// landOne lands all that a pull request changes in one commit, which GitHub commits.
func (w *World) landOne(t *thread, c gittest.Commit) ([]string, error) {
	tree, err := w.replay(t.pull.base, t.pull.head(), c.Parents[0])
	if err != nil {
		return nil, err
	}
	c.Tree, c.Committer = tree, gittest.Forge()
	id, err := w.repo.Commit(c)
	return []string{id}, err
}

// rebase writes each commit of a pull request again on top of main; like GitHub it never
// keeps one as it was.
func (w *World) rebase(p *pull, who workflow.Account, at time.Time, tip string) ([]string, error) {
	var landed []string
	before := p.base
	for _, id := range p.commits {
		tree, err := w.replay(before, id, tip)
		if err != nil {
			return nil, err
		}
		c, err := w.repo.ReadCommit(id)
		if err != nil {
			return nil, err
		}
		c.Parents, c.Tree, c.Committer, c.Time = []string{tip}, tree, noReply(who), at
		if tip, err = w.repo.Commit(c); err != nil {
			return nil, err
		}
		landed, before = append(landed, tip), id
	}
	return landed, nil
}

// replay returns the tree of onto with what changed between two commits applied to it.
func (w *World) replay(from, to, onto string) (string, error) {
	changed, err := w.repo.Changed(from, to)
	if err != nil {
		return "", err
	}
	base, err := w.repo.Files(from)
	if err != nil {
		return "", err
	}
	there, err := w.repo.Files(onto)
	if err != nil {
		return "", err
	}
	edits, err := merge(changed, base, there)
	if err != nil {
		return "", err
	}
	tree, err := w.repo.TreeOf(onto)
	if err != nil {
		return "", err
	}
	return w.repo.WriteTree(tree, edits)
}

// merge turns changes since base into edits of what is there now, file by file.
func merge(changed, base, there map[string]string) ([]gittest.Edit, error) {
	var edits []gittest.Edit
	for _, path := range slices.Sorted(maps.Keys(changed)) {
		switch there[path] {
		case changed[path]: // done already
		case base[path]:
			edits = append(edits, gittest.Edit{Path: path, ID: changed[path]})
		default:
			return nil, fmt.Errorf("main has changed %s too", path)
		}
	}
	return edits, nil
}
