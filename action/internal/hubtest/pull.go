package hubtest

import (
	"fmt"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/gittest"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A pull is what a thread has beside when it is a pull request. The fork that it comes
// from never merges main: what it changes is the difference from base to head.
type pull struct {
	base    string   // main when it was opened
	commits []string // oldest first; the last is the head
	merged  bool
	entries []event.Entry
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
	base, err := w.main()
	if err != nil {
		return 0, err
	}
	at = w.tick(at)
	head, err := w.forkCommit(base, who, at, title, files)
	if err != nil {
		return 0, err
	}
	t := w.newThread(who, at, title, "")
	t.pull = &pull{base: base, commits: []string{head}}
	t.saw(event.Entry{ID: entryID("opened", int64(t.number)), Kind: event.Opened, At: at, Actor: who})
	return t.number, w.repo.SetRef(headRef(t.number), head)
}

// PushPull adds a commit to an open pull request.
func (w *World) PushPull(n int, actor string, at time.Time, message string, files map[string][]byte) error {
	return w.onOpenPull(n, actor, at, func(t *thread, who workflow.Account, at time.Time) error {
		head, err := w.forkCommit(t.pull.head(), who, at, message, files)
		if err != nil {
			return err
		}
		t.pull.commits = append(t.pull.commits, head)
		t.updated = at
		t.saw(event.Entry{ID: entryID("pushed", w.id()), Kind: event.Pushed, At: at, Actor: who})
		return w.repo.SetRef(headRef(n), head)
	})
}

// Review reviews a pull request; state is approved, changes_requested or commented.
func (w *World) Review(n int, actor string, at time.Time, state, body string) error {
	switch state {
	case "approved", "changes_requested", "commented":
	default:
		return fmt.Errorf("%q is no review; expected approved, changes_requested or commented", state)
	}
	return w.onPull(n, actor, at, func(t *thread, who workflow.Account, at time.Time) error {
		t.updated = at
		t.saw(event.Entry{ID: entryID("review", w.id()), Kind: event.Reviewed, At: at, Actor: who, State: state})
		return nil
	})
}

// ClosePull closes an open pull request without merging it. A comment that is not empty is
// also a comment of its own, just before.
func (w *World) ClosePull(n int, actor string, at time.Time, comment string) error {
	return w.onOpenPull(n, actor, at, func(t *thread, who workflow.Account, at time.Time) error {
		if comment != "" {
			w.comment(t, who, at, comment)
		}
		w.close(t, who, at, "")
		t.pull.entries[len(t.pull.entries)-1].Text = comment
		return nil
	})
}

// ReopenPull opens a pull request again that was closed without merging.
func (w *World) ReopenPull(n int, actor string, at time.Time) error {
	return w.onPull(n, actor, at, func(t *thread, who workflow.Account, at time.Time) error {
		if t.open || t.pull.merged {
			return fmt.Errorf("#%d is not closed, or it is merged", n)
		}
		w.reopen(t, who, at)
		return nil
	})
}

// saw keeps an entry of what happened to a pull request, at its head; issues keep none.
func (t *thread) saw(e event.Entry) {
	if t.pull != nil {
		e.SHA = t.pull.head()
		t.pull.entries = append(t.pull.entries, e)
	}
}

func (p *pull) head() string { return p.commits[len(p.commits)-1] }

// onPull is onThread for pull requests alone.
func (w *World) onPull(n int, actor string, at time.Time, do func(*thread, workflow.Account, time.Time) error) error {
	return w.onThread(n, actor, at, func(t *thread, who workflow.Account, at time.Time) error {
		if t.pull == nil {
			return fmt.Errorf("#%d is an issue, not a pull request", n)
		}
		return do(t, who, at)
	})
}

// onOpenPull is onPull for those that are open.
func (w *World) onOpenPull(n int, actor string, at time.Time, do func(*thread, workflow.Account, time.Time) error) error {
	return w.onPull(n, actor, at, func(t *thread, who workflow.Account, at time.Time) error {
		if !t.open {
			return fmt.Errorf("#%d is not open", n)
		}
		return do(t, who, at)
	})
}

func (w *World) forkCommit(on string, who workflow.Account, at time.Time, message string, files map[string][]byte) (string, error) {
	return w.repo.Commit(gittest.Commit{
		Parents: []string{on}, Files: files, Author: noReply(who), Time: at, Message: message,
	})
}

func headRef(n int) string { return fmt.Sprintf("refs/pull/%d/head", n) }

func entryID(kind string, id int64) string { return fmt.Sprintf("%s-%d", kind, id) }
