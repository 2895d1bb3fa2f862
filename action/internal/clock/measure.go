package clock

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
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

// measure follows the events from the start to the end of the clock, whose index it returns.
// At one instant a stop comes first.
func (r runner) measure(c *Clock, events []event.Event, start int) (end int) {
	t := &tape{runner: r, clock: c}
	for _, e := range events[:start+1] {
		t.enter(e)
	}
	t.begin()
	for _, i := range r.inOrder(events, start+1) {
		if c.Ended.IsZero() {
			t.take(events[i])
			end = i
		}
	}
	t.finish()
	r.time(c, t.pauses)
	return end
}

// inOrder are the indices of the events from one on, a stop before all else of its instant.
func (r runner) inOrder(events []event.Event, from int) []int {
	var out []int
	for i := from; i < len(events); i++ {
		out = append(out, i)
	}
	slices.SortStableFunc(out, func(i, k int) int {
		a, b := events[i], events[k]
		return cmp.Or(a.Time.Compare(b.Time), r.later(a)-r.later(b))
	})
	return out
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
		t.pauses = append(t.pauses, pause{from: t.clock.Started})
	}
	t.line(t.clock.Start)
}

// take moves the tape to an event.
func (t *tape) take(e event.Event) {
	before := t.still()
	t.enter(e)
	switch {
	case t.pulls(t.target.Stop, e):
		t.clock.Stop, t.clock.Stopped = e, e.Time
		t.end(e, "")
	case e.Turn == workflow.Voids:
		t.end(e, "it went back to "+t.state+" and begins anew")
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
	t.clock.Lines = append(t.clock.Lines, Line{Time: e.Time, Event: e, State: state})
}

// finish lets time pass until as-of, for a clock that goes on.
func (t *tape) finish() {
	if t.clock.Ended.IsZero() {
		t.line(event.Event{Time: t.asOf})
	}
}

// settle decides how the clock stands, and whether there is one.
func (r runner) settle(c *Clock) bool {
	if c.Case == nil && c.Fault == nil {
		return false
	}
	if r.stand(c); c.Evidence == evidence.Unknown {
		c.State = Unknown
		c.Why = cmp.Or(c.Why, "a time or an actor that it rests on is not known")
	} else {
		r.overrun(c)
	}
	member := r.member(c)
	c.Lines[len(c.Lines)-1].State = c.State
	return member
}

// stand compares the end, or as-of, with the due time. Where that is not known, since the
// calendar ends before it, what came before the calendar's end was in time.
func (r runner) stand(c *Clock) {
	late := r.end(*c).After(c.Due)
	if c.Due.IsZero() {
		late = c.Case == nil || !c.Case.Calendar.Knows(r.end(*c))
	}
	switch {
	case c.Fault != nil:
		c.Evidence, c.Why = evidence.Unknown, c.Fault.Error()
	case !c.SelfFiled && c.oneLanding():
		c.Evidence, c.Why = evidence.Unknown, "start and end are one landing that nobody witnessed"
	case !c.SelfFiled && c.oneInstant():
		c.Evidence, c.Why = evidence.Unknown, "start and end have one time, and nobody saw how far apart they were"
	case !c.Stopped.IsZero() && c.Stopped.Before(c.Started):
		c.Evidence, c.Why = evidence.Unknown, "the stop is earlier than the start"
	case late && c.Due.IsZero():
		c.Evidence, c.Why = evidence.Unknown, "it runs past the end of the calendar "+c.Case.Calendar.Name
	case c.Stop.Name != "" && !late:
		c.State, c.Why = Met, ""
	case c.Stop.Name != "":
		c.State, c.Why = Breached, ""
	case !c.Ended.IsZero() && !late:
		c.State = Void
	case late:
		c.State = Breached
	default:
		c.State = c.Lines[len(c.Lines)-1].State
	}
}

// overrun says of a clock that is not unknown what its calendar does not know.
func (r runner) overrun(c *Clock) {
	switch {
	case c.Why != "" || c.Case == nil:
	case c.Due.IsZero() && c.Ended.IsZero():
		c.Why = "when it is due is not known: the calendar " + c.Case.Calendar.Name + " ends before"
	case !c.Case.Calendar.Knows(r.end(*c)):
		c.Why = "time after the end of the calendar " + c.Case.Calendar.Name + " is not counted"
	}
}

// end is the instant at which the clock ended, or as-of.
func (r runner) end(c Clock) time.Time {
	if c.Ended.IsZero() {
		return r.asOf
	}
	return c.Ended
}

// oneLanding: a squash that nobody witnessed shows start and end at once, and says nothing
// of the time between.
func (c Clock) oneLanding() bool {
	end := c.Lines[len(c.Lines)-1].Event
	return !c.Ended.IsZero() && c.Start.Commit == end.Commit && c.unseen()
}

// oneInstant: so do a rebase that nobody witnessed, and a landing whose committer's clock was
// behind that of one before it.
func (c Clock) oneInstant() bool {
	end := c.Lines[len(c.Lines)-1].Event
	return !c.Ended.IsZero() && c.Ended.Equal(c.Started) && (c.unseen() || c.Start.Raised || end.Raised)
}

// unseen reports whether neither the start nor the end of the clock was witnessed.
func (c Clock) unseen() bool { return c.Start.Pull == 0 && c.Lines[len(c.Lines)-1].Event.Pull == 0 }

// member asks whether the target speaks of the record, as it read when the clock stopped
// or fell due, whichever was first. Without an answer the clock is unknown.
func (r runner) member(c *Clock) bool {
	if r.target.Where == nil {
		return true
	}
	yes, err := r.holds(r.target.Where, r.rec.At(c.ReadAt(r.asOf)))
	if err != nil {
		c.State, c.Evidence, c.Why, c.Fault = Unknown, evidence.Unknown, err.Error(), err
		return true
	}
	return yes
}

// holds evaluates a condition; dated fields read as they did at the filing.
func (r runner) holds(where *workflow.Expr, values map[string]any) (bool, error) {
	if values == nil {
		return false, fmt.Errorf("what the record said is not known")
	}
	filed := r.rec.Events[0].Time
	record := workflow.Dated(values, filed, r.def.Zone())
	return where.Eval(workflow.Vars{Record: r.roster.Record(r.rec.Kind.Name, record, r.rec.Filer), At: filed, Lookup: r.roster.Lookup})
}
