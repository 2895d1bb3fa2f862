package clock

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Reign is a definition and the instant from which it was in force: when it landed.
type Reign struct {
	From       time.Time
	Definition *workflow.Definition
}

// Under gives the clocks of all targets, each by the definition that was in force when the
// clock started (design, "Time and evidence", rule 8), ordered by record, target and cycle.
// Reigns come oldest first; before the first began, it was in force all the same. A clock that
// a later definition starts at another event, although it ran already, stays what it was.
func Under(reigns []Reign, ledger *event.Ledger, ros *roster.Roster, asOf time.Time) []Clock {
	var out []Clock
	for i, r := range reigns {
		for _, c := range Run(r.Definition, ledger, ros, asOf) {
			begun := i == 0 || !c.Started.Before(r.From)
			over := i+1 < len(reigns) && !c.Started.Before(reigns[i+1].From)
			if begun && !over {
				out = append(out, c)
			}
		}
	}
	slices.SortStableFunc(out, Clock.compare)
	return slices.CompactFunc(out, func(a, b Clock) bool { return a.key() == b.key() })
}

// compare orders clocks; of one record, target and cycle, what started first comes first.
func (c Clock) compare(d Clock) int {
	return cmp.Or(cmp.Compare(c.Record.ID, d.Record.ID), cmp.Compare(c.Target.Name, d.Target.Name), cmp.Compare(c.Cycle, d.Cycle), c.Started.Compare(d.Started))
}

func (c Clock) key() string {
	return fmt.Sprintf("%s\x00%s\x00%d", c.Record.ID, c.Target.Name, c.Cycle)
}
