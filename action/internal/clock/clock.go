// Package clock turns events and targets into clocks: for each record, target and cycle,
// when it started, when it is due, and how it stands at an instant.
package clock

import (
	"cmp"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/action/internal/worktime"
)

// A State is how a clock stands.
type State string

// The states of a clock. Breached is answered late, or not at all after the due time.
// Void is ended before the due time without the stop: left out of attainment, and counted.
const (
	Met      State = "met"
	Breached State = "breached"
	Running  State = "running"
	Paused   State = "paused"
	Void     State = "void"
	Unknown  State = "unknown"
)

// Words is the state as people read it (docs/glossary.md); the state itself is for programs.
func (s State) Words() string {
	switch s {
	case Met:
		return "kept"
	case Breached:
		return "late"
	}
	return string(s)
}

// A Clock is one promise about one record in one cycle.
type Clock struct {
	Record    *event.Record
	Target    *workflow.Target
	Cycle     int
	Round     int            // from 1; more than one in a cycle only where the target repeats
	Last      bool           // of its record and target there is no later one
	Case      *workflow.Case // how long it has; nil only where that cannot be told
	Started   time.Time
	Stopped   time.Time     // zero: not stopped
	Ended     time.Time     // zero: goes on; else when it stopped, or when its cycle ended without the stop
	Due       time.Time     // zero: not known, since the calendar ends before
	Warnings  []time.Time   // when each of the case's warnings falls, in its order; none without a due time
	Elapsed   time.Duration // running time of the case's calendar, pauses left out
	State     State
	Evidence  evidence.Grade // the weakest that any of the above rests on
	SelfFiled bool           // filed by a responder: met at once
	Why       string         // of Unknown and Void: the reason
	Fault     error          // why the target's condition has no answer; nil: it has
	Start     event.Event
	Stop      event.Event // Name "" when there is none
	Lines     []Line      // the interval ledger; it sums to Elapsed
}

// Open reports whether the promise is broken and still waits to be kept.
func (c Clock) Open() bool { return c.State == Breached && c.Ended.IsZero() }

// Calendar is that by whose working time the clock counts; nil: all time.
func (c Clock) Calendar() *worktime.Calendar {
	if c.Case == nil {
		return nil
	}
	return c.Case.Calendar
}

// Within is the time allowed, as it was written; where its case cannot be told, that of all.
func (c Clock) Within() string {
	if c.Case == nil {
		return c.Target.Promise()
	}
	return c.Case.Within.Words
}

// Run gives the clocks of all targets, ordered by record, target and cycle.
func Run(def *workflow.Definition, ledger *event.Ledger, ros *roster.Roster, asOf time.Time) []Clock {
	var out []Clock
	for _, rec := range ledger.Records {
		for _, target := range def.TargetsOf(rec.Kind.Name) {
			r := runner{def, ros, asOf, rec, target}
			out = append(out, r.cycles()...)
		}
	}
	slices.SortStableFunc(out, func(a, b Clock) int {
		return cmp.Or(cmp.Compare(a.Record.ID, b.Record.ID), cmp.Compare(a.Target.Name, b.Target.Name), cmp.Compare(a.Cycle, b.Cycle), cmp.Compare(a.Round, b.Round))
	})
	return out
}

// runner runs one target over one record.
type runner struct {
	def    *workflow.Definition
	roster *roster.Roster
	asOf   time.Time
	rec    *event.Record
	target *workflow.Target
}

// cycles splits the record's events where a cycle ends. The event that ends one opens the
// next, and takes the place of its filing.
func (r runner) cycles() []Clock {
	var out []Clock
	events := r.told()
	for cycle := 1; len(events) > 0; cycle++ {
		end := slices.IndexFunc(events[1:], func(e event.Event) bool { return e.Turn != workflow.Stays }) + 1
		own := events
		if end > 0 {
			own = events[:end+1]
		}
		out = append(out, r.cycle(cycle, own, end > 0)...)
		if end == 0 {
			break
		}
		events = events[end:]
	}
	if n := len(out); n > 0 {
		out[n-1].Last = true
	}
	return out
}

// told are the record's events. One that was born in a state, where not every record is,
// moved there when it landed.
func (r runner) told() []event.Event {
	events := slices.Clone(r.rec.Events)
	filed, initial := &events[0], r.rec.Kind.Initial()
	if filed.To == initial {
		return events
	}
	birth := *filed
	filed.To = initial
	if birth.Landed.IsZero() {
		return events
	}
	birth.Name, birth.From, birth.Time, birth.Commit, birth.Roles = event.Moved, initial, birth.Landed, birth.LandedBy, nil
	birth.Raised = birth.LandedUp
	if birth.Evidence == evidence.Claimed && !birth.Raised {
		birth.Evidence = evidence.Landed
	}
	i := 1
	for i < len(events) && events[i].Time.Before(birth.Time) {
		i++
	}
	return slices.Insert(events, i, birth)
}

// cycle runs the target over the events of one cycle; turned: the last of them ends it. A
// start counts from where the clock before has stopped, unless every start does.
func (r runner) cycle(n int, events []event.Event, turned bool) []Clock {
	var out []Clock
	from := 0
	for _, i := range r.starts(events) {
		if i < from || turned && i == len(events)-1 {
			continue
		}
		c := Clock{Record: r.rec, Target: r.target, Cycle: n, Start: events[i], Started: events[i].Time, Evidence: events[i].Evidence}
		end, measured := r.follow(&c, events, i)
		if measured {
			out = append(out, c)
		}
		if r.target.Repeat != workflow.Every {
			from = end
		}
	}
	return r.settled(out)
}

// follow runs a clock from its start. end is the index of the event that stopped it, beyond
// the last for none; a record that a responder filed may not be measured at all.
func (r runner) follow(c *Clock, events []event.Event, start int) (end int, measured bool) {
	if r.selfFiled(events[start]) {
		r.meetAtOnce(c)
		return start, r.target.SelfFiled != "excluded"
	}
	if end = r.measure(c, events, start); c.Stop.Name == "" {
		end = len(events)
	}
	return end, true
}

// settled are the clocks of the records that the target speaks of, counted in their rounds.
func (r runner) settled(clocks []Clock) []Clock {
	var out []Clock
	for _, c := range clocks {
		if r.settle(&c) {
			c.Round = len(out) + 1
			out = append(out, c)
		}
	}
	return out
}

// starts are the indices of the events that may start a clock: one, unless the target
// repeats. The event that opened the cycle counts as its filing.
func (r runner) starts(events []event.Event) []int {
	if r.target.Start.Event == string(event.Filed) {
		return []int{0}
	}
	var out []int
	for i, e := range events {
		if r.pulls(r.target.Start, e) {
			out = append(out, i)
		}
	}
	if r.target.Repeat == workflow.First {
		out = out[:min(1, len(out))]
	}
	return out
}

// pulls reports whether an event pulls a trigger.
func (r runner) pulls(t workflow.Trigger, e event.Event) bool {
	if t.Event == string(event.Responded) {
		return e.Name == event.Responded && slices.Contains(e.Roles, r.target.Responder)
	}
	return t.Matches(string(e.Name), e.To)
}

func (r runner) selfFiled(start event.Event) bool {
	return start.Name == event.Filed && r.target.Stop.Event == string(event.Responded) &&
		r.target.Responder != "" && slices.Contains(start.Roles, r.target.Responder)
}

// meetAtOnce stops the clock of a record that a responder filed.
func (r runner) meetAtOnce(c *Clock) {
	c.Stopped, c.Ended, c.Stop, c.SelfFiled = c.Started, c.Started, c.Start, true
	c.Lines = []Line{{Time: c.Started, Event: c.Start}}
	r.time(c, nil)
}

// Ever is how one target stands over all of a record's cycles and rounds: broken if it was
// ever broken, else unknown if that of any is, else undecided if any is, else met if any was.
func Ever(clocks []Clock) State {
	for _, s := range []State{Breached, Unknown, Running, Paused, Met} {
		if slices.ContainsFunc(clocks, func(c Clock) bool { return c.State == s }) {
			return s
		}
	}
	return Void
}
