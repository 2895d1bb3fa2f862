package github

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/sim/git"
)

// Merge lands an open pull request on its base in one of GitHub's three styles: "merge" (a
// commit of two parents), "squash" (one commit by the opener) or "rebase" (every commit
// again, by its author, committed by who merges). It fails when the base has changed the
// same files meanwhile.
func (w *World) Merge(n int, actor string, at time.Time, style string) error {
	return w.onOpenPull(n, actor, at, func(t *thread, who account.Account, at time.Time) error {
		return w.merge(t, who, at, style, "")
	})
}

// merge lands an open pull request; a message of "" is GitHub's own.
func (w *World) merge(t *thread, who account.Account, at time.Time, style, message string) error {
	tip, ok := w.repo.Ref(t.pull.baseRef())
	if !ok {
		return fmt.Errorf("merge #%d: its base %s is no more", t.number, t.pull.base)
	}
	landed, err := w.land(t, who, at, tip, style, message)
	if err != nil {
		return fmt.Errorf("merge #%d: %w", t.number, err)
	}
	first, last := landed[0], landed[len(landed)-1]
	if err := w.repo.Advance(t.pull.baseRef(), tip, last); err != nil {
		return err
	}
	w.pushed(t.pull.baseRef(), last, who)
	t.pull.merged, t.pull.mergedBy, t.pull.landed = true, who, last
	w.happen(t, happening{kind: "merged", id: w.id(), at: at, actor: who, first: first, sha: last, head: t.pull.head()})
	w.close(t, who, at, "")
	return nil
}

func (p *pull) baseRef() string { return "refs/heads/" + p.base }

// land writes the commits that main gets, oldest first.
func (w *World) land(t *thread, who account.Account, at time.Time, tip, style, message string) ([]string, error) {
	switch style {
	case "merge":
		message = cmp.Or(message, fmt.Sprintf("Merge pull request #%d from %s/patch-%d\n\n%s", t.number, t.author.Login, t.number, t.title))
		return w.landOne(t, git.Commit{
			Parents: []string{tip, t.pull.head()}, Author: noReply(who), Time: at, Message: message,
		})
	case "squash":
		message = cmp.Or(message, fmt.Sprintf("%s (#%d)", t.title, t.number))
		return w.landOne(t, git.Commit{
			Parents: []string{tip}, Author: noReply(t.author), Time: at, Message: message,
		})
	case "rebase":
		return w.rebase(t.pull, who, at, tip)
	}
	return nil, fmt.Errorf("%q is no style; expected merge, squash or rebase", style)
}

// landOne lands all that a pull request changes in one commit, which GitHub commits.
func (w *World) landOne(t *thread, c git.Commit) ([]string, error) {
	tree, err := w.replay(t.pull.since, t.pull.head(), c.Parents[0])
	if err != nil {
		return nil, err
	}
	c.Tree, c.Committer = tree, git.Forge()
	id, err := w.repo.Commit(c)
	return []string{id}, err
}

// rebase writes each commit of a pull request again on top of main; like GitHub it never
// keeps one as it was.
func (w *World) rebase(p *pull, who account.Account, at time.Time, tip string) ([]string, error) {
	var landed []string
	before := p.since
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
	edits, err := combine(changed, base, there)
	if err != nil {
		return "", err
	}
	tree, err := w.repo.TreeOf(onto)
	if err != nil {
		return "", err
	}
	return w.repo.WriteTree(tree, edits)
}

// combine turns changes since base into edits of the head, file by file.
func combine(changed, base, there map[string]string) ([]git.Edit, error) {
	var edits []git.Edit
	for _, path := range slices.Sorted(maps.Keys(changed)) {
		switch there[path] {
		case changed[path]: // done already
		case base[path]:
			edits = append(edits, git.Edit{Path: path, ID: changed[path]})
		default:
			return nil, fmt.Errorf("main has changed %s too", path)
		}
	}
	return edits, nil
}
