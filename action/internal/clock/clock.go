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

// A Clock is one promise about one record in one cycle.
type Clock struct {
	Record    *event.Record
	Target    *workflow.Target
	Cycle     int
	Started   time.Time
	Stopped   time.Time // zero: not stopped
	Ended     time.Time // zero: goes on; else when it stopped, or when its cycle ended without the stop
	Due       time.Time
	Elapsed   time.Duration // running time, pauses left out
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
		return cmp.Or(cmp.Compare(a.Record.ID, b.Record.ID), cmp.Compare(a.Target.Name, b.Target.Name), cmp.Compare(a.Cycle, b.Cycle))
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
		if c, ok := r.cycle(cycle, own, end > 0); ok {
			out = append(out, c)
		}
		if end == 0 {
			break
		}
		events = events[end:]
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
	if birth.Evidence == evidence.Claimed {
		birth.Evidence = evidence.Landed
	}
	i := 1
	for i < len(events) && events[i].Time.Before(birth.Time) {
		i++
	}
	return slices.Insert(events, i, birth)
}

// cycle runs the target over the events of one cycle; turned: the last of them ends it.
func (r runner) cycle(n int, events []event.Event, turned bool) (Clock, bool) {
	i := r.start(events)
	if i < 0 || turned && i == len(events)-1 {
		return Clock{}, false
	}
	c := Clock{Record: r.rec, Target: r.target, Cycle: n, Start: events[i]}
	c.Started, c.Evidence = c.Start.Time, c.Start.Evidence
	if r.selfFiled(events[i]) {
		if r.target.SelfFiled == "excluded" {
			return Clock{}, false
		}
		return r.metAtOnce(c)
	}
	r.measure(&c, events, i)
	return r.settle(c)
}

// start is the index of the event that starts the clock, or -1; the event that opened the
// cycle counts as its filing.
func (r runner) start(events []event.Event) int {
	if r.target.Start.Event == string(event.Filed) {
		return 0
	}
	return slices.IndexFunc(events, func(e event.Event) bool { return r.pulls(r.target.Start, e) })
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

// metAtOnce is the clock of a record that a responder filed.
func (r runner) metAtOnce(c Clock) (Clock, bool) {
	c.Stopped, c.Ended, c.Stop, c.SelfFiled = c.Started, c.Started, c.Start, true
	c.Due = r.due(c.Started, nil)
	c.Lines = []Line{{Time: c.Started, Event: c.Start}}
	return r.settle(c)
}
