package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/spf13/cobra"
)

func (a *App) explain() *cobra.Command {
	var w when
	var format, web string
	cmd := &cobra.Command{
		Use:   "explain RECORD…",
		Short: "Print all that happened to a record, and how each clock adds up",
		Long: `Explain prints the events of a record and, for each of its clocks, the whole ledger: every
event with its commit or pull request, the evidence, the clock's state and the running
total, which ends at the reported figure. Of several records it prints one after the other.

RECORD is its id (the path that it was born at), its path now, or its file name without
the ending.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			show := func(print func(report.Explanation) error) face {
				return func(p *past) error { return p.explain(args, a.web(p, web), print) }
			}
			return refuse(a.printPast(cmd.Context(), w, format, map[string]face{
				"text": show(func(x report.Explanation) error { return x.Text(a.Stdout) }),
				"json": show(func(x report.Explanation) error { return x.JSON(a.Stdout) }),
				"md":   show(func(x report.Explanation) error { return x.Markdown(a.tame()) }),
			}))
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "`text|json|md`")
	cmd.Flags().StringVar(&web, "web", "", webWords)
	return cmd
}

// explain prints the records of some names; of several with one name, each.
func (p *past) explain(names []string, web string, print func(report.Explanation) error) error {
	var records []*event.Record
	for _, name := range names {
		found := p.find(name)
		if len(found) == 0 {
			return fmt.Errorf("no record is called %q: expected an id or a path as `liaison events` prints them", name)
		}
		records = append(records, found...)
	}
	for _, r := range records {
		if err := print(report.Explanation{Inputs: p.inputs, Record: r, Clocks: p.clocksOf(r), Alarms: p.alarmsOf(r), Silent: p.silent(r), Web: web}); err != nil {
			return err
		}
	}
	return nil
}

// find is the record of that id; else those at that path; else those of that file name.
func (p *past) find(name string) []*event.Record {
	for _, is := range []func(*event.Record) bool{
		func(r *event.Record) bool { return r.ID == name },
		func(r *event.Record) bool { return r.Path == name },
		func(r *event.Record) bool { return record.Stem(r.Path) == name },
	} {
		if rs := slices.DeleteFunc(slices.Clone(p.ledger.Records), func(r *event.Record) bool { return !is(r) }); len(rs) > 0 {
			return rs
		}
	}
	return nil
}

func (p *past) clocksOf(r *event.Record) []clock.Clock {
	return slices.DeleteFunc(slices.Clone(p.clocks), func(c clock.Clock) bool { return c.Record != r })
}

// silent are the targets of a record's kind of which it has no clock.
func (p *past) silent(r *event.Record) []*workflow.Target {
	return slices.DeleteFunc(p.def.TargetsOf(r.Kind.Name), func(t *workflow.Target) bool {
		return slices.ContainsFunc(p.clocks, func(c clock.Clock) bool { return c.Record == r && c.Target.Name == t.Name })
	})
}

func (p *past) alarmsOf(r *event.Record) []event.Alarm {
	return slices.DeleteFunc(slices.Clone(p.ledger.Alarms), func(a event.Alarm) bool { return a.Record != r.ID })
}

// names lists the keys of a set of choices, for a message.
func names[V any](choices map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(choices)), " or ")
}
