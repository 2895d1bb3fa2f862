package github

import (
	"fmt"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/sim/git"
)

// A pull is what a thread has beside when it is a pull request. The fork that it comes
// from never merges main: what it changes is the difference from where it began to its head.
type pull struct {
	base     string   // the branch that it wants to be merged into, such as "main"
	since    string   // that branch when it was opened
	branch   string   // the branch of this repository that it comes from; "" for a fork's
	commits  []string // oldest first; the last is the head
	draft    bool
	merged   bool
	mergedBy account.Account
	landed   string // the last commit that the merge landed; "" before
	reviews  []*review
}

// OpenPull opens a pull request from a fork, with one commit on top of main as it is then,
// and returns its number.
func (w *World) OpenPull(actor string, at time.Time, title string, files map[string][]byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	who, err := w.account(actor)
	if err != nil {
		return 0, err
	}
	since, err := w.main()
	if err != nil {
		return 0, err
	}
	at = w.tick(at)
	head, err := w.forkCommit(since, who, at, title, files)
	if err != nil {
		return 0, err
	}
	t := w.newThread(who, at, title, "")
	return t.number, w.startPull(t, pull{base: "main", since: since, commits: []string{head}})
}

// startPull makes a new thread a pull request.
func (w *World) startPull(t *thread, p pull) error {
	t.pull = &p
	w.happen(t, happening{kind: "opened", at: t.created, actor: t.author})
	w.commit(t, t.created, p.commits)
	return w.repo.SetRef(headRef(t.number), p.head())
}

// commit tells of commits that came to a pull request.
func (w *World) commit(t *thread, at time.Time, ids []string) {
	for _, id := range ids {
		w.happen(t, happening{kind: "committed", at: at, sha: id})
	}
}

// PushPull adds a commit to an open pull request.
func (w *World) PushPull(n int, actor string, at time.Time, message string, files map[string][]byte) error {
	return w.onOpenPull(n, actor, at, func(t *thread, who account.Account, at time.Time) error {
		head, err := w.forkCommit(t.pull.head(), who, at, message, files)
		if err != nil {
			return err
		}
		return w.push(t, who, at, append(slices.Clone(t.pull.commits), head))
	})
}

// ForcePushPull replaces all commits of an open pull request by one on top of where it began.
func (w *World) ForcePushPull(n int, actor string, at time.Time, message string, files map[string][]byte) error {
	return w.onOpenPull(n, actor, at, func(t *thread, who account.Account, at time.Time) error {
		head, err := w.forkCommit(t.pull.since, who, at, message, files)
		if err != nil {
			return err
		}
		return w.push(t, who, at, []string{head})
	})
}

// push gives a pull request other commits: forwards, or by force.
func (w *World) push(t *thread, who account.Account, at time.Time, commits []string) error {
	old := t.pull.commits
	kind, id := "pushed", int64(0)
	if len(commits) < len(old) || !slices.Equal(commits[:len(old)], old) {
		kind, id = "head_ref_force_pushed", w.id()
	}
	t.pull.commits = commits
	w.happen(t, happening{kind: kind, id: id, at: at, actor: who, sha: t.pull.head()})
	w.commit(t, at, slices.DeleteFunc(slices.Clone(commits), func(c string) bool { return slices.Contains(old, c) }))
	return w.repo.SetRef(headRef(t.number), t.pull.head())
}

// ClosePull closes an open pull request without merging it. A comment that is not empty is
// also a comment of its own, just before.
func (w *World) ClosePull(n int, actor string, at time.Time, comment string) error {
	return w.onOpenPull(n, actor, at, func(t *thread, who account.Account, at time.Time) error {
		if comment != "" {
			w.comment(t, who, at, comment)
		}
		w.close(t, who, at, "")
		return nil
	})
}

// ReopenPull opens a pull request again that was closed without merging.
func (w *World) ReopenPull(n int, actor string, at time.Time) error {
	return w.onPull(n, actor, at, func(t *thread, who account.Account, at time.Time) error {
		if t.open || t.pull.merged {
			return fmt.Errorf("#%d is not closed, or it is merged", n)
		}
		w.reopen(t, who, at)
		return nil
	})
}

// Retarget points an open pull request to another branch.
func (w *World) Retarget(n int, actor string, at time.Time, base string) error {
	return w.onOpenPull(n, actor, at, func(t *thread, _ account.Account, at time.Time) error {
		t.pull.base, t.updated = base, at
		return nil
	})
}

func (p *pull) head() string { return p.commits[len(p.commits)-1] }

// onPull is onThread for pull requests alone.
func (w *World) onPull(n int, actor string, at time.Time, do func(*thread, account.Account, time.Time) error) error {
	return w.onThread(n, actor, at, func(t *thread, who account.Account, at time.Time) error {
		if t.pull == nil {
			return fmt.Errorf("#%d is an issue, not a pull request", n)
		}
		return do(t, who, at)
	})
}

// onOpenPull is onPull for those that are open.
func (w *World) onOpenPull(n int, actor string, at time.Time, do func(*thread, account.Account, time.Time) error) error {
	return w.onPull(n, actor, at, func(t *thread, who account.Account, at time.Time) error {
		if !t.open {
			return fmt.Errorf("#%d is not open", n)
		}
		return do(t, who, at)
	})
}

func (w *World) forkCommit(on string, who account.Account, at time.Time, message string, files map[string][]byte) (string, error) {
	return w.repo.Commit(git.Commit{
		Parents: []string{on}, Files: files, Author: noReply(who), Time: at, Message: message,
	})
}

func headRef(n int) string { return fmt.Sprintf("refs/pull/%d/head", n) }
