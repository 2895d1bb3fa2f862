package github

import (
	"fmt"
	"time"

	"github.com/commrel/liaison/action/internal/account"
)

type review struct {
	id        int64
	author    account.Account
	at        time.Time
	state     string // approved, changes_requested or commented; kept when it is dismissed
	body      string
	sha       string // the head that was reviewed
	dismissed bool
}

// Review reviews a pull request; state is approved, changes_requested or commented.
func (w *World) Review(n int, actor string, at time.Time, state, body string) error {
	switch state {
	case "approved", "changes_requested", "commented":
	default:
		return fmt.Errorf("%q is no review; expected approved, changes_requested or commented", state)
	}
	return w.onPull(n, actor, at, func(t *thread, who account.Account, at time.Time) error {
		v := &review{id: w.id(), author: who, at: at, state: state, body: body, sha: t.pull.head()}
		t.pull.reviews = append(t.pull.reviews, v)
		w.happen(t, happening{kind: "reviewed", id: v.id, at: at, actor: who, review: v})
		return nil
	})
}

// Dismiss takes the last review of somebody that says more than a comment out of force.
func (w *World) Dismiss(n int, actor string, at time.Time, reviewer, why string) error {
	return w.onPull(n, actor, at, func(t *thread, who account.Account, at time.Time) error {
		v := t.pull.inForce(reviewer)
		if v == nil {
			return fmt.Errorf("%s has no review of #%d to dismiss", reviewer, n)
		}
		v.dismissed = true
		w.happen(t, happening{kind: "review_dismissed", id: w.id(), at: at, actor: who, review: v, text: why})
		return nil
	})
}

// inForce is somebody's last review that can be dismissed, or nil.
func (p *pull) inForce(login string) *review {
	var last *review
	for _, v := range p.reviews {
		if v.author.Login == login && v.state != "commented" && !v.dismissed {
			last = v
		}
	}
	return last
}

// shown is a review's state as timelines show it.
func (v *review) shown() string {
	if v.dismissed {
		return "dismissed"
	}
	return v.state
}
