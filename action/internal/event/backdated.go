package event

import (
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/roster"
)

// A Backdated is an entry of the roster that landed later than the dates it claims: it says of
// something done in the past what was not said then. Dates in the roster are facts, so it
// counts, and is listed (docs/design.md, "Time and evidence", rule 8).
type Backdated struct {
	Time   time.Time // when it was done
	Record string
	Actor  account.Account
	Role   string
	Holds  bool      // by the entry the actor was in the role; else was not, as it was said then
	Landed time.Time // when the entry landed
	Commit string    // in which
}

// backdate records that the roster speaks otherwise of an instant than it did by then; of one
// actor and role, the first time.
func (f *fold) backdate(q roster.Question, holds bool) {
	landing, turned := f.roster.Turned(q)
	known := slices.ContainsFunc(f.backdated, func(b Backdated) bool {
		return b.Actor == q.Actor && b.Role == q.Role && b.Holds == holds
	})
	if !turned || known || landing >= len(f.line) {
		return
	}
	l := f.line[landing]
	f.backdated = append(f.backdated, Backdated{q.At, f.t.id, q.Actor, q.Role, holds, l.time, l.commit})
}
