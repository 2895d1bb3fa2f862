package review

import (
	"cmp"
	"slices"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
)

// Backdated are the late entries of the roster that changed a figure, by the time of what
// they speak of: those by which a clock stopped, and those but for which one would have.
func Backdated(entries []event.Backdated, clocks []clock.Clock) []event.Backdated {
	out := slices.DeleteFunc(slices.Clone(entries), func(b event.Backdated) bool {
		return !slices.ContainsFunc(clocks, func(c clock.Clock) bool { return c.Record.ID == b.Record && turns(b, c) })
	})
	slices.SortStableFunc(out, func(a, b event.Backdated) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Record, b.Record), cmp.Compare(a.Role, b.Role))
	})
	return out
}

// turns reports whether a clock of the same record would stand otherwise without the entry.
func turns(b event.Backdated, c clock.Clock) bool {
	if c.Target.Responder != b.Role || c.Target.Stop.Event != string(event.Responded) {
		return false
	}
	if b.Holds {
		return c.Stopped.Equal(b.Time) && c.Stop.Actor == b.Actor
	}
	return !c.Started.After(b.Time) && (c.Ended.IsZero() || c.Ended.After(b.Time))
}
