package replay

import (
	"slices"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Find is the record of that id; else those at that path; else those of that file name.
func (r *Result) Find(name string) []*event.Record {
	for _, is := range []func(*event.Record) bool{
		func(of *event.Record) bool { return of.ID == name },
		func(of *event.Record) bool { return of.Path == name },
		func(of *event.Record) bool { return record.Stem(of.Path) == name },
	} {
		if found := slices.DeleteFunc(slices.Clone(r.Ledger.Records), func(of *event.Record) bool { return !is(of) }); len(found) > 0 {
			return found
		}
	}
	return nil
}

// Explain is all that happened to a record, and how each of its clocks adds up. web is the
// repository's address on its forge, for links; "" for none.
func (r *Result) Explain(of *event.Record, web string) report.Explanation {
	return report.Explanation{Inputs: r.Inputs, Record: of, Clocks: r.clocksOf(of), Alarms: r.alarmsOf(of), Silent: r.silent(of), Web: web}
}

func (r *Result) clocksOf(of *event.Record) []clock.Clock {
	return slices.DeleteFunc(slices.Clone(r.Clocks), func(c clock.Clock) bool { return c.Record != of })
}

// silent are the targets of a record's kind of which it has no clock.
func (r *Result) silent(of *event.Record) []*workflow.Target {
	return slices.DeleteFunc(r.Desk.Def.TargetsOf(of.Kind.Name), func(t *workflow.Target) bool {
		return slices.ContainsFunc(r.Clocks, func(c clock.Clock) bool { return c.Record == of && c.Target.Name == t.Name })
	})
}

func (r *Result) alarmsOf(of *event.Record) []event.Alarm {
	return slices.DeleteFunc(slices.Clone(r.Ledger.Alarms), func(a event.Alarm) bool { return a.Record != of.ID })
}
