package clock

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/action/internal/worktime"
)

// A Line of the interval ledger: what happened, how the clock stood after it, and the
// running time until then.
type Line struct {
	Time  time.Time
	Event event.Event // Name "" for the due time passing, and for as-of
	State State       // after it
	Total time.Duration
}

// A pause is an interval in which the clock stood still; to is zero while it lasts.
type pause struct{ from, to time.Time }

// measure follows the events from the start to the end of the clock. At one instant a stop
// comes first.
func (r runner) measure(c *Clock, events []event.Event, start int) {
	t := &tape{runner: r, clock: c, at: c.Started}
	for _, e := range events[:start+1] {
		t.enter(e)
	}
	t.begin()
	rest := slices.Clone(events[start+1:])
	slices.SortStableFunc(rest, func(a, b event.Event) int {
		return cmp.Or(a.Time.Compare(b.Time), r.later(a)-r.later(b))
	})
	for _, e := range rest {
		if c.Ended.IsZero() {
			t.take(e)
		}
	}
	c.Due = r.due(c.Started, t.pauses)
	t.finish()
}

// later is 0 for a stop and 1 for all else.
func (r runner) later(e event.Event) int {
	if r.pulls(r.target.Stop, e) {
		return 0
	}
	return 1
}

// tape runs along one clock.
type tape struct {
	runner
	clock  *Clock
	state  string // of the record
	at     time.Time
	total  time.Duration
	pauses []pause
}

// enter follows the record's state.
func (t *tape) enter(e event.Event) {
	if e.Name == event.Filed || e.Name == event.Moved {
		t.state = e.To
	}
}

func (t *tape) still() bool { return slices.Contains(t.target.Pause, t.state) }

// begin starts the tape, standing still if the clock starts in a paused state.
func (t *tape) begin() {
	if t.still() {
		t.pauses = append(t.pauses, pause{from: t.at})
	}
	t.line(t.clock.Start)
}

// take moves the tape to an event.
func (t *tape) take(e event.Event) {
	t.advance(e.Time)
	before := t.still()
	t.enter(e)
	switch {
	case t.pulls(t.target.Stop, e):
		t.clock.Stop, t.clock.Stopped = e, e.Time
		t.end(e, "")
	case e.Turn == workflow.Voids:
		t.end(e, "the cycle was void")
	case e.Turn == workflow.Reopens:
		t.end(e, "it was reopened")
	case e.Name == event.Moved && t.final():
		t.end(e, "it ended as "+t.state)
	case e.Name == event.Removed:
		t.end(e, "the record was removed")
	case before != t.still():
		t.turn(e)
	default:
		t.line(e)
	}
}

// final reports whether the record has come to its end.
func (t *tape) final() bool {
	s, _ := t.rec.Kind.State(t.state)
	return s.Final
}

// advance lets time pass; none of it counts while the clock stands still.
func (t *tape) advance(to time.Time) {
	if to.Before(t.at) {
		return
	}
	if !t.still() {
		t.total += to.Sub(t.at)
	}
	t.at = to
}

// turn begins or ends a pause.
func (t *tape) turn(e event.Event) {
	t.weaken(e)
	if t.still() {
		t.pauses = append(t.pauses, pause{from: e.Time})
	} else {
		t.pauses[len(t.pauses)-1].to = e.Time
	}
	t.line(e)
}

func (t *tape) weaken(e event.Event) {
	t.clock.Evidence = evidence.Weakest(t.clock.Evidence, e.Evidence)
}

func (t *tape) end(e event.Event, why string) {
	t.weaken(e)
	t.clock.Ended, t.clock.Why = e.Time, why
	if n := len(t.pauses); n > 0 && t.pauses[n-1].to.IsZero() {
		t.pauses[n-1].to = e.Time
	}
	t.line(e)
}

// line writes what happened into the ledger; its state is settled with the clock's.
func (t *tape) line(e event.Event) {
	state := Running
	if t.still() {
		state = Paused
	}
	t.clock.Lines = append(t.clock.Lines, Line{e.Time, e, state, t.total})
}

// finish lets time pass until as-of, for a clock that goes on.
func (t *tape) finish() {
	if t.clock.Ended.IsZero() {
		t.advance(t.asOf)
		t.line(event.Event{Time: t.asOf})
	}
	t.clock.Elapsed = t.total
}

// due is the start plus the target's duration, extended by every pause that began before
// the time was up.
func (r runner) due(start time.Time, pauses []pause) time.Time {
	var paused time.Duration
	at := func() time.Time { return worktime.Add(start, r.target.Within, r.def.Zone(), paused) }
	for _, p := range pauses {
		if p.from.After(at()) {
			break
		}
		to := p.to
		if to.IsZero() {
			to = r.asOf
		}
		paused += max(0, to.Sub(p.from))
	}
	return at()
}

// settle decides how the clock stands.
func (r runner) settle(c Clock) (Clock, bool) {
	last := &c.Lines[len(c.Lines)-1]
	switch {
	case !c.SelfFiled && r.oneLanding(c):
		c.Evidence, c.Why = evidence.Unknown, "start and end are one landing that nobody witnessed"
	case !c.Stopped.IsZero() && c.Stopped.Before(c.Started):
		c.Evidence, c.Why = evidence.Unknown, "the stop is earlier than the start"
	case c.Stop.Name != "" && !c.Stopped.After(c.Due):
		c.State, c.Why = Met, ""
	case c.Stop.Name != "":
		c.State, c.Why = Breached, ""
	case !c.Ended.IsZero() && !c.Ended.After(c.Due):
		c.State = Void
	case !c.Ended.IsZero() || r.asOf.After(c.Due):
		c.State = Breached
	default:
		c.State = last.State
	}
	if c.Evidence == evidence.Unknown {
		c.State = Unknown
		if c.Why == "" {
			c.Why = "a time or an actor that it rests on is not known"
		}
	}
	last.State = c.State
	return r.member(c)
}

// oneLanding: a squash that nobody witnessed shows start and end at once, and says nothing
// of the time between.
func (r runner) oneLanding(c Clock) bool {
	end := c.Lines[len(c.Lines)-1].Event
	return !c.Ended.IsZero() && c.Start.Commit == end.Commit && c.Start.Pull == 0 && end.Pull == 0
}

// member asks whether the target speaks of the record, as it read when the clock stopped
// or fell due, whichever was first. Without an answer the clock is unknown.
func (r runner) member(c Clock) (Clock, bool) {
	if r.target.Where == nil {
		return c, true
	}
	yes, err := r.where(r.rec.At(c.Judged(r.asOf)))
	if err != nil {
		c.State, c.Evidence, c.Why, c.Fault = Unknown, evidence.Unknown, err.Error(), err
		c.Lines[len(c.Lines)-1].State = Unknown
		return c, true
	}
	return c, yes
}

// where evaluates the target's condition; dated fields read as they did at the filing.
func (r runner) where(values map[string]any) (bool, error) {
	if values == nil {
		return false, fmt.Errorf("what the record said is not known")
	}
	filed := r.rec.Events[0].Time
	record := workflow.Dated(values, filed, r.def.Zone())
	return r.target.Where.Eval(workflow.Vars{Record: r.roster.Record(r.rec.Kind.Name, record, r.rec.Filer), At: filed, Lookup: r.roster.Lookup})
}
