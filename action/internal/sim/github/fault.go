package github

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/sim/git"
)

// A Fault is one way in which a request to GitHub goes wrong.
type Fault string

// The faults. What is lost is lost by a connection that closes.
const (
	LostRequest Fault = "lost request"     // nothing is done
	LostAnswer  Fault = "lost answer"      // all is done
	Before500   Fault = "500 before doing" // the answer is an error page, nothing is done
	Before502   Fault = "502 before doing"
	Before503   Fault = "503 before doing"
	After500    Fault = "500 after doing" // the answer is an error page, all is done
	After502    Fault = "502 after doing"
	After503    Fault = "503 after doing"
	Secondary   Fault = "403 secondary limit" // without a word of when to come back
	SecondaryIn Fault = "403 secondary limit, Retry-After in seconds"
	TooManyIn   Fault = "429, Retry-After in seconds"
	TooManyAt   Fault = "429, Retry-After as a date"
	Truncated   Fault = "truncated answer"         // all is done, half of the answer arrives
	Stale       Fault = "stale list"               // a list shows what was so before the last write
	Doubled     Fault = "doubled request"          // it is done twice, the second answer arrives
	MovedRef    Fault = "moved branch"             // somebody commits to the branch just before
	Closed      Fault = "issue closed by a human"  // just before
	Locked      Fault = "issue locked by a human"  // likewise
	Deleted     Fault = "issue deleted by a human" // likewise
	Transferred Fault = "issue transferred"        // likewise
	Unlabelled  Fault = "label deleted by a human" // likewise
)

// Faults is every fault, for campaigns that try each.
func Faults() []Fault {
	return []Fault{
		LostRequest, LostAnswer, Before500, Before502, Before503, After500, After502, After503, Secondary, SecondaryIn,
		TooManyIn, TooManyAt, Truncated, Stale, Doubled, MovedRef, Closed, Locked, Deleted, Transferred, Unlabelled,
	}
}

// A Plan says which call goes wrong, and how. A Stale one goes wrong at a list alone, and
// those about an issue or a label where there is one that a human could take away.
type Plan struct {
	Fault   Fault
	Call    int    // the nth since the last Reset, from 1; 0 for any
	Match   string // such as "POST /repos/*/*/issues", with the wildcards of path.Match; "" for any
	Forever bool   // else once
}

type planned struct {
	Plan
	fired bool
}

// Plan lets something go wrong. Of several plans that fit a call, the first is carried out.
func (w *World) Plan(p Plan) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.plans = append(w.plans, &planned{Plan: p})
}

// Unfired is the plans that were never carried out: a run that leaves any has shown nothing
// about them.
func (w *World) Unfired() []Plan {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Plan
	for _, p := range w.plans {
		if !p.fired {
			out = append(out, p.Plan)
		}
	}
	return out
}

// Heal forgets every plan and lets nobody be killed any more.
func (w *World) Heal() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.plans, w.killAt = nil, 0
}

// KillAfter returns a context that ends once the kth call since the last Reset was done,
// before its answer is sent: whoever runs under it dies there.
func (w *World) KillAfter(ctx context.Context, k int) context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	ctx, w.kill = context.WithCancel(ctx)
	w.killAt = k
	return ctx
}

// dies ends the context of whoever made the call that was just done.
func (w *World) dies() bool {
	if w.killAt == 0 || len(w.log) < w.killAt {
		return false
	}
	w.kill()
	return true
}

func (w *World) mayBeStale() bool {
	return slices.ContainsFunc(w.plans, func(p *planned) bool { return p.Fault == Stale })
}

// strike is what goes wrong with the call that was just logged; "" for nothing.
func (w *World) strike(e endpoint, r *http.Request) Fault {
	for _, p := range w.plans {
		if p.fits(len(w.log), r) && w.could(p.Fault, e, r) {
			p.fired = true
			return p.Fault
		}
	}
	return ""
}

func (p *planned) fits(call int, r *http.Request) bool {
	if p.fired && !p.Forever || p.Call != 0 && p.Call != call {
		return false
	}
	ok, err := path.Match(p.Match, r.Method+" "+r.URL.Path)
	return p.Match == "" || ok && err == nil
}

// could reports whether there is something for a fault to strike.
func (w *World) could(f Fault, e endpoint, r *http.Request) bool {
	switch f {
	case Stale:
		return e.lists(r)
	case Closed, Locked, Deleted, Transferred:
		return w.victim(f, r) != nil
	case Unlabelled:
		return len(w.labels) > 0
	}
	return true
}

// victim is the issue that a call is about, or else the newest open one, or nil. A pull
// request can be closed and locked; it is never deleted or transferred.
func (w *World) victim(f Fault, r *http.Request) *thread {
	if t := w.asked(&request{Request: r}); t != nil && (t.pull == nil || f == Closed || f == Locked) {
		return t
	}
	for _, t := range slices.Backward(w.threads) {
		if t.open && t.pull == nil && t.gone == 0 {
			return t
		}
	}
	return nil
}

// meddle is what somebody else does just before a call.
func (w *World) meddle(f Fault, r *http.Request) {
	human := w.human()
	switch f {
	case MovedRef:
		w.outrun(r, human)
	case Closed:
		w.close(w.victim(f, r), human, w.now, "completed")
	case Locked:
		w.victim(f, r).locked = true
	case Deleted:
		w.victim(f, r).gone = http.StatusGone
	case Transferred:
		w.victim(f, r).gone = http.StatusMovedPermanently
	case Unlabelled:
		w.dropLabel(w.labels[0].Name)
	}
}

// outrun commits to the branch that a call is about, main where it is about none.
func (w *World) outrun(r *http.Request, who account.Account) {
	ref := mainRef
	if name := r.PathValue("ref"); strings.HasPrefix(name, "heads/") {
		ref = "refs/" + name
	}
	tip, ok := w.repo.Ref(ref)
	if !ok {
		return
	}
	id, err := w.repo.Commit(git.Commit{
		Parents: []string{tip}, Author: noReply(who), Time: w.now, Message: "Be faster",
		Files: map[string][]byte{fmt.Sprintf("meanwhile/%d.txt", w.id()): []byte("Somebody was faster.\n")},
	})
	if err == nil && w.repo.SetRef(ref, id) == nil {
		w.pushed(ref, id, who)
	}
}

// human is the first account that is no bot.
func (w *World) human() account.Account {
	for _, a := range w.accounts {
		if a.Type != "Bot" {
			return a
		}
	}
	return account.Account{}
}

// refusal is the answer of a fault that comes in place of doing; not ok for the others.
func refusal(f Fault, now time.Time) (reply, bool) {
	switch f {
	case Before500, Before502, Before503:
		return outage(f), true
	case Secondary:
		return secondary(""), true
	case SecondaryIn:
		return secondary("60"), true
	case TooManyIn, TooManyAt:
		p := secondary("60")
		p.status = http.StatusTooManyRequests
		if f == TooManyAt {
			p.set("Retry-After", now.Add(time.Minute).Format(http.TimeFormat))
		}
		return p, true
	}
	return reply{}, false
}

// outage is GitHub's answer while it is down: a 500 is JSON, the others are pages of a proxy.
func outage(f Fault) reply {
	switch f {
	case Before502, After502:
		return reply{status: http.StatusBadGateway, page: "<html><h1>502 Bad Gateway</h1></html>"}
	case Before503, After503:
		return reply{status: http.StatusServiceUnavailable, page: "<html><h1>503 Service Unavailable</h1></html>"}
	}
	return failed(http.StatusInternalServerError, "Server Error")
}
