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
func (p *Result) Find(name string) []*event.Record {
	for _, is := range []func(*event.Record) bool{
		func(r *event.Record) bool { return r.ID == name },
		func(r *event.Record) bool { return r.Path == name },
		func(r *event.Record) bool { return record.Stem(r.Path) == name },
	} {
		if rs := slices.DeleteFunc(slices.Clone(p.Ledger.Records), func(r *event.Record) bool { return !is(r) }); len(rs) > 0 {
			return rs
		}
	}
	return nil
}

// Explain is all that happened to a record, and how each of its clocks adds up. web is the
// repository's address on its forge, for links; "" for none.
func (p *Result) Explain(r *event.Record, web string) report.Explanation {
	return report.Explanation{Inputs: p.Inputs, Record: r, Clocks: p.clocksOf(r), Alarms: p.alarmsOf(r), Silent: p.silent(r), Web: web}
}

func (p *Result) clocksOf(r *event.Record) []clock.Clock {
	return slices.DeleteFunc(slices.Clone(p.Clocks), func(c clock.Clock) bool { return c.Record != r })
}

// silent are the targets of a record's kind of which it has no clock.
func (p *Result) silent(r *event.Record) []*workflow.Target {
	return slices.DeleteFunc(p.Desk.Def.TargetsOf(r.Kind.Name), func(t *workflow.Target) bool {
		return slices.ContainsFunc(p.Clocks, func(c clock.Clock) bool { return c.Record == r && c.Target.Name == t.Name })
	})
}

func (p *Result) alarmsOf(r *event.Record) []event.Alarm {
	return slices.DeleteFunc(slices.Clone(p.Ledger.Alarms), func(a event.Alarm) bool { return a.Record != r.ID })
}
