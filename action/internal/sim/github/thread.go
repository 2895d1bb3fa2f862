package github

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
)

// A thread is an issue or a pull request; both draw their numbers from one counter.
type thread struct {
	id       int64
	number   int
	title    string
	body     string
	author   account.Account
	open     bool
	reason   string // GitHub's state_reason; "" for none
	labels   []string
	comments []*comment
	created  time.Time
	updated  time.Time
	closed   time.Time // zero while open
	closedBy account.Account
	happened []happening // in the order in which it happened
	locked   bool
	gone     int   // the status that tells that it was deleted (410) or transferred (301); 0: it is here
	pull     *pull // nil for an issue
}

type comment struct {
	id      int64
	thread  int
	author  account.Account
	at      time.Time
	updated time.Time
	body    string
	gone    bool // deleted: only the witness still knows of it
}

// OpenIssue opens an issue by hand and returns its number.
func (w *World) OpenIssue(actor string, at time.Time, title, body string, labels ...string) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	who, err := w.account(actor)
	if err != nil {
		return 0, err
	}
	t := w.newThread(who, w.tick(at), title, body)
	w.emit(Event{Name: "issues", Action: "opened", Number: t.number, Actor: who})
	w.relabel(t, who, t.created, labels)
	return t.number, nil
}

// Comment says something on an issue or a pull request.
func (w *World) Comment(n int, actor string, at time.Time, body string) error {
	return w.onThread(n, actor, at, func(t *thread, who account.Account, at time.Time) error {
		w.comment(t, who, at, body)
		return nil
	})
}

// HumanClose closes an issue by hand, now.
func (w *World) HumanClose(n int, login string) error {
	return w.onThread(n, login, time.Time{}, func(t *thread, who account.Account, at time.Time) error {
		w.close(t, who, at, "completed")
		return nil
	})
}

// HumanReopen opens a closed issue again by hand, now.
func (w *World) HumanReopen(n int, login string) error {
	return w.onThread(n, login, time.Time{}, func(t *thread, who account.Account, at time.Time) error {
		w.reopen(t, who, at)
		return nil
	})
}

// Lock lets nobody comment any more.
func (w *World) Lock(n int, login string) error {
	return w.onThread(n, login, time.Time{}, func(t *thread, _ account.Account, _ time.Time) error {
		t.locked = true
		return nil
	})
}

// Delete takes an issue away: GitHub answers 410 from then on. Its number is not used again.
func (w *World) Delete(n int, login string) error { return w.take(n, login, http.StatusGone) }

// Transfer takes an issue to another repository, which nobody here may see.
func (w *World) Transfer(n int, login string) error {
	return w.take(n, login, http.StatusMovedPermanently)
}

func (w *World) take(n int, login string, answer int) error {
	return w.onThread(n, login, time.Time{}, func(t *thread, _ account.Account, _ time.Time) error {
		if t.pull != nil {
			return fmt.Errorf("#%d is a pull request, which stays where it is", n)
		}
		t.gone = answer
		return nil
	})
}

// Label gives an issue or a pull request one more label.
func (w *World) Label(n int, actor string, at time.Time, name string) error {
	return w.onThread(n, actor, at, func(t *thread, who account.Account, at time.Time) error {
		w.relabel(t, who, at, append(slices.Clone(t.labels), name))
		return nil
	})
}

// Issues is every issue as it stands, by number; pull requests are left out.
func (w *World) Issues() []effect.Issue {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []effect.Issue
	for _, t := range w.threads {
		if t.pull == nil && t.gone == 0 {
			out = append(out, effect.Issue{
				Number: t.number, Title: t.title, Body: t.body, Labels: slices.Clone(t.labels),
				Open: t.open, Author: t.author, ClosedBy: t.closedBy,
			})
		}
	}
	return out
}

// Comments is every comment on an issue or a pull request as it stands, oldest first.
func (w *World) Comments(n int) []effect.Comment {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []effect.Comment
	if t := w.thread(n); t != nil {
		for _, c := range t.comments {
			out = append(out, effect.Comment{Thread: n, ID: c.id, Body: c.body, Author: c.author})
		}
	}
	return out
}

// onThread does something to a thread as somebody.
func (w *World) onThread(n int, actor string, at time.Time, do func(*thread, account.Account, time.Time) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	who, err := w.account(actor)
	if err != nil {
		return err
	}
	t := w.thread(n)
	if t == nil {
		return fmt.Errorf("there is no #%d", n)
	}
	return do(t, who, w.tick(at))
}

// thread is nil when there is none with the number.
func (w *World) thread(n int) *thread {
	if n < 1 || n > len(w.threads) {
		return nil
	}
	return w.threads[n-1]
}

func (w *World) newThread(who account.Account, at time.Time, title, body string) *thread {
	t := &thread{
		id: w.id(), number: len(w.threads) + 1, title: title, body: body,
		author: who, open: true, created: at, updated: at,
	}
	w.threads = append(w.threads, t)
	return t
}

func (w *World) comment(t *thread, who account.Account, at time.Time, body string) *comment {
	c := &comment{id: w.id(), thread: t.number, author: who, at: at, updated: at, body: body}
	t.comments = append(t.comments, c)
	w.happen(t, happening{kind: "commented", id: c.id, at: at, actor: who, comment: c})
	return c
}

// relabel gives a thread exactly these labels.
func (w *World) relabel(t *thread, who account.Account, at time.Time, names []string) {
	old := t.labels
	t.labels = w.useLabels(names)
	for _, name := range t.labels {
		if !slices.Contains(old, name) {
			w.happen(t, happening{kind: "labeled", id: w.id(), at: at, actor: who, label: name})
		}
	}
	for _, name := range old {
		if !slices.Contains(t.labels, name) {
			w.happen(t, happening{kind: "unlabeled", id: w.id(), at: at, actor: who, label: name})
		}
	}
}

// close leaves a closed thread as it is, as GitHub does.
func (w *World) close(t *thread, who account.Account, at time.Time, reason string) {
	if !t.open {
		return
	}
	text := t.lastWords(who, at)
	t.open, t.reason, t.closed, t.closedBy = false, reason, at, who
	w.happen(t, happening{kind: "closed", id: w.id(), at: at, actor: who, text: text, reason: reason})
}

// reopen leaves an open thread as it is, and a merged one for ever.
func (w *World) reopen(t *thread, who account.Account, at time.Time) {
	if t.open || t.pull != nil && t.pull.merged {
		return
	}
	t.open, t.reason, t.closed, t.closedBy = true, "reopened", time.Time{}, account.Account{}
	w.happen(t, happening{kind: "reopened", id: w.id(), at: at, actor: who})
}
