package github

import (
	"slices"

	"github.com/commrel/liaison/action/internal/account"
)

// An Event is one that GitHub tells workflows of.
type Event struct {
	Name   string // push, pull_request, issues, issue_comment, pull_request_review or status
	Action string // such as opened; "" of push and status
	Number int    // of the issue or pull request; 0 of push and status
	Ref    string // of push: the full name of the branch
	SHA    string // of push: the new head; of status: the commit; of a pull request: its head
	Actor  account.Account
	Starts bool // whether workflows start: none does from what GITHUB_TOKEN did
}

// Events is every event since the world began, in order.
func (w *World) Events() []Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.events)
}

func (w *World) emit(e Event) {
	e.Starts = !w.quiet
	w.events = append(w.events, e)
}

// tell emits the event that goes with a happening, where there is one.
func (w *World) tell(t *thread, h happening) {
	e := Event{Name: "issues", Action: h.kind, Number: t.number, Actor: h.actor}
	if t.pull != nil {
		e.Name, e.SHA = "pull_request", t.pull.head()
	}
	switch h.kind {
	case "commented":
		e.Name, e.Action = "issue_comment", "created"
	case "reviewed":
		e.Name, e.Action = "pull_request_review", "submitted"
	case "review_dismissed":
		e.Name, e.Action = "pull_request_review", "dismissed"
	case "pushed", "head_ref_force_pushed":
		e.Action = "synchronize"
	case "committed", "merged": // told by what comes with them
		return
	}
	w.emit(e)
}

// pushed tells of a branch that moved.
func (w *World) pushed(ref, head string, who account.Account) {
	w.emit(Event{Name: "push", Ref: ref, SHA: head, Actor: who})
}
