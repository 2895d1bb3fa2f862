package github

import (
	"fmt"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
)

// A happening is one thing that happened to a thread. The API's timeline and the witness
// are two views of the same happenings.
type happening struct {
	kind    string // GitHub's word for it, or opened and pushed, which no timeline tells
	id      int64  // 0 of opened, pushed and committed
	at      time.Time
	actor   account.Account
	comment *comment // of commented
	review  *review  // of reviewed and review_dismissed
	sha     string   // of pushed, committed and head_ref_force_pushed: the commit; of merged: the last landed
	first   string   // of merged: the first landed
	head    string   // of merged: the head that it was
	label   string   // of labeled and unlabeled
	text    string   // of closed: the closing comment; of review_dismissed: the reason
	reason  string   // of closed: GitHub's state_reason; "" for none
}

// happen adds to what happened to a thread, moves its mark of the last change, and tells
// workflows.
func (w *World) happen(t *thread, h happening) {
	t.happened = append(t.happened, h)
	t.updated = h.at
	w.tell(t, h)
}

// entries are what the witness keeps of a pull request.
func (t *thread) entries() []event.Entry {
	var out []event.Entry
	for i, h := range t.happened {
		if e, ok := h.entry(); ok && !t.landing(i) {
			out = append(out, e)
		}
	}
	return out
}

// landing reports whether the ith happening is the close that goes with a merge.
func (t *thread) landing(i int) bool {
	return i > 0 && t.happened[i].kind == "closed" && t.happened[i-1].kind == "merged"
}

// entry is what the witness keeps of a happening; not ok for what it leaves out. The head
// is named only where GitHub's API names it.
func (h happening) entry() (event.Entry, bool) {
	e := event.Entry{At: h.at, Actor: h.actor}
	switch h.kind {
	case "opened":
		e.ID, e.Kind = "opened", event.Opened
	case "commented":
		e.ID, e.Kind = entryID("comment", h.id), event.Commented
	case "reviewed":
		e.ID, e.Kind, e.SHA, e.State = entryID("review", h.id), event.Reviewed, h.review.sha, h.review.state
	case "review_dismissed":
		e.ID, e.Kind = entryID("dismissed", h.id), event.Dismissed
	case "pushed", "head_ref_force_pushed":
		e.ID, e.Kind, e.SHA = "pushed-"+h.sha, event.Pushed, h.sha
	case "labeled":
		e.ID, e.Kind, e.State = entryID("labelled", h.id), event.Labelled, h.label
	case "closed":
		e.ID, e.Kind, e.Text = entryID("closed", h.id), event.Closed, h.text
	case "reopened":
		e.ID, e.Kind = entryID("reopened", h.id), event.Reopened
	case "merged":
		e.ID, e.Kind, e.SHA, e.First, e.Last = "merged", event.Merged, h.head, h.first, h.sha
	default:
		return e, false
	}
	return e, true
}

func entryID(kind string, id int64) string { return fmt.Sprintf("%s-%d", kind, id) }

// lastWords is what somebody said last in the minute before a close, "" for nothing.
func (t *thread) lastWords(who account.Account, at time.Time) string {
	for _, h := range slices.Backward(t.happened) {
		if h.kind == "commented" && h.actor.ID == who.ID && at.Sub(h.at) <= time.Minute {
			return h.comment.body
		}
	}
	return ""
}
