package clock

import (
	"cmp"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/action/internal/worktime"
)

// An InForce is a definition and the instant from which it was in force: when it landed.
type InForce struct {
	From       time.Time
	Definition *workflow.Definition
}

// Under gives the clocks of all targets, each by the definition that was in force when the
// clock started (docs/design.md, "Time and evidence", rule 8), ordered by record, target, cycle
// and round. They come oldest first; before the first was in force, it was all the same.
func Under(inForce []InForce, ledger *event.Ledger, ros *roster.Roster, asOf time.Time) []Clock {
	if len(inForce) == 1 {
		return Run(inForce[0].Definition, ledger, ros, asOf)
	}
	var all []Clock
	definitions := continued(inForce)
	for i, r := range inForce {
		within := func(t time.Time) bool {
			return (i == 0 || !t.Before(r.From)) && (i+1 == len(inForce) || t.Before(inForce[i+1].From))
		}
		for _, c := range Run(definitions[i], during(ledger, within), ros, asOf) {
			if within(c.Started) {
				all = append(all, c)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Clock) int {
		return cmp.Or(cmp.Compare(a.Record.ID, b.Record.ID), cmp.Compare(a.Target.Name, b.Target.Name), cmp.Compare(a.Cycle, b.Cycle), a.Started.Compare(b.Started))
	})
	return succession(all)
}

// continued are the definitions in force, their calendars continued by later ones: what a
// calendar did not know when a clock started, it may know when the clock comes there.
func continued(inForce []InForce) []*workflow.Definition {
	out := make([]*workflow.Definition, len(inForce))
	later := map[string]*worktime.Calendar{}
	for i, r := range slices.Backward(inForce) {
		out[i] = r.Definition.Continued(later)
	}
	return out
}

// during is the ledger of the records to which something happened while one was in force: no other has a
// clock that started then.
func during(ledger *event.Ledger, within func(time.Time) bool) *event.Ledger {
	out := &event.Ledger{}
	for _, r := range ledger.Records {
		if slices.ContainsFunc(r.Events, func(e event.Event) bool { return within(e.Time) || within(e.Landed) }) {
			out.Records = append(out.Records, r)
		}
	}
	return out
}

// succession joins what several definitions started in one cycle, which comes in order: a
// target that does not repeat was started once, whatever a later definition would start it
// by; rounds are counted through; and one clock of a record and target is the last.
func succession(clocks []Clock) []Clock {
	var out []Clock
	for _, c := range clocks {
		n := len(out)
		same := n > 0 && out[n-1].Record == c.Record && out[n-1].Target.Name == c.Target.Name
		if same && c.Last {
			out[n-1].Last = false
		}
		c.Round = 1
		if same && out[n-1].Cycle == c.Cycle {
			if c.Target.Repeat == workflow.First {
				out[n-1].Last = out[n-1].Last || c.Last
				continue
			}
			c.Round = out[n-1].Round + 1
		}
		out = append(out, c)
	}
	return out
}
