package replay

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/workflow"
)

// changesRules reports whether a landing may have changed the rules.
func changesRules(l event.Landing) bool {
	return slices.ContainsFunc(l.Changes, func(c event.Change) bool { return mayRule(c.Path) })
}

// A ruling is a landing that may have changed the rules, and when it landed.
type ruling struct {
	commit string
	at     time.Time
}

// rulings are those of a history, oldest first; at is when each of its landings landed.
func rulings(in event.Input, at []time.Time) []ruling {
	var out []ruling
	for i, l := range in.Landings {
		if changesRules(l) {
			out = append(out, ruling{l.Commit, at[i]})
		}
	}
	return out
}

// InForce are the definitions that were in force one after another in a history of a desk, the
// last being the desk's; an alarm says where one was broken, so that the one before it went
// on. A definition from outside stands for all of them. Where nothing happened that could
// start a clock, a definition is not even read.
func InForce(d desk.Desk, in event.Input, definitions *workflow.Cache) ([]clock.InForce, []event.Alarm, error) {
	return instant{desk: d}.inForce(in, definitions)
}

func (s instant) inForce(in event.Input, definitions *workflow.Cache) ([]clock.InForce, []event.Alarm, error) {
	last := clock.InForce{Definition: s.desk.Def}
	if s.desk.Text.Outside {
		return []clock.InForce{last}, nil, nil
	}
	var out []clock.InForce
	var alarms []event.Alarm
	at := in.Landed()
	changes, busy := rulings(in, at), sync.OnceValue(func() moments { return busy(in, at) })
	for i, r := range changes {
		if i+1 == len(changes) {
			last.From = r.at
		}
		if i+1 == len(changes) && !s.broken || i > 0 && i+1 < len(changes) && !busy().between(r.at, changes[i+1].at) {
			continue
		}
		def, why, err := definitionAt(s.desk, r.commit, definitions)
		switch {
		case err != nil:
			return nil, nil, err
		case def == nil:
			alarms = append(alarms, event.Alarm{Time: r.at, Record: workflow.Path, Commit: r.commit, Words: fmt.Sprintf("the definition is broken as of commit %s (%s): the good one next to it holds in its place", r.commit, why)})
		case i+1 < len(changes):
			out = append(out, clock.InForce{From: r.at, Definition: def})
		}
	}
	return append(out, last), alarms, nil
}

// Remembering is a definition with what those in force before it promised.
func Remembering(def *workflow.Definition, inForce []clock.InForce) *workflow.Definition {
	var past []*workflow.Definition
	for _, f := range slices.Backward(inForce) {
		if f.Definition != def {
			past = append(past, f.Definition)
		}
	}
	return def.Remembering(past)
}

// moments are the instants at which something happened, in order.
type moments []time.Time

// busy are the instants at which records or pull requests changed: only there clocks start.
func busy(in event.Input, at []time.Time) moments {
	var out moments
	for i, l := range in.Landings {
		if l.Branch != nil {
			out = append(out, l.Branch.Time)
		}
		if slices.ContainsFunc(l.Changes, func(c event.Change) bool { return in.Definition.KindOf(c.Path) != nil }) {
			out = append(out, at[i])
		}
	}
	for _, p := range in.Pulls {
		for _, e := range p.Entries {
			out = append(out, e.At)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return out
}

// between reports whether something happened from an instant on, and before another.
func (m moments) between(from, to time.Time) bool {
	i, _ := slices.BinarySearchFunc(m, from, time.Time.Compare)
	return i < len(m) && m[i].Before(to)
}

// targets are those of the definition, and those of past ones of which clocks are left.
func (r *Result) targets() []*workflow.Target {
	def := r.Desk.Def
	out := slices.Clone(def.Targets)
	for _, c := range r.Clocks {
		if !slices.ContainsFunc(out, func(t *workflow.Target) bool { return t.Name == c.Target.Name }) {
			out = append(out, c.Target)
		}
	}
	slices.SortStableFunc(out[len(def.Targets):], func(a, b *workflow.Target) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
