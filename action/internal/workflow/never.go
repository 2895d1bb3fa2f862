package workflow

import (
	"fmt"
	"slices"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/schema"
)

// never finds a start or a stop that can never happen: a record is filed once, and goes only
// where moves lead.
func (r *reader) never(t *Target, at func(string) []string) {
	if t.Start.Event == "moved" && !t.Of.enters(t.Start.To) {
		r.report(finding.Finding{Rule: "never", Found: fmt.Sprintf("no move of a %s leads to %s, so this clock never starts", t.Of.Name, schema.OneOf(t.Start.To)), Expected: "an event that can happen"}, at("start")...)
		return
	}
	switch {
	case t.Stop.Event == "filed":
		r.report(finding.Finding{Rule: "never", Found: "a record is filed once, before anything else, so this clock never stops", Expected: "an event that can follow its start"}, at("stop")...)
	case t.Stop.Event == "assigned" && t.Of.Assignees == "":
		r.report(finding.Finding{Rule: "never", Found: fmt.Sprintf("nobody is ever assigned to a %s, so this clock never stops", t.Of.Name), Expected: fmt.Sprintf("a line `assignees: …` under the kind `%s`, or another event", t.Of.Name)}, at("stop")...)
	case t.Stop.Event == "moved" && !t.Of.leads(t.from(), t.Stop.To):
		r.report(finding.Finding{Rule: "never", Found: fmt.Sprintf("no move leads from %s to %s, so this clock never stops", t.Start, schema.OneOf(t.Stop.To)), Expected: "a state that the moves lead to from there"}, at("stop")...)
	}
}

// from are the states in which a clock of the target may start.
func (t *Target) from() []string {
	switch {
	case t.Start.Event == "filed":
		return t.Of.born()
	case t.Start.Event == "moved" && len(t.Start.To) > 0:
		return t.Start.To
	}
	return t.Of.statesWhere(func(State) bool { return true })
}

// enters reports whether a record ever moves to one of some states, none for any. To land in
// an initial state that is not the first of them is such a move.
func (k *Kind) enters(to []string) bool {
	if len(k.Moves) == 0 || len(to) == 0 {
		return true
	}
	born := k.born()
	known := slices.Clone(born[min(1, len(born)):])
	for _, m := range k.Moves {
		known = append(known, m.To...)
	}
	return slices.ContainsFunc(to, func(s string) bool { return slices.Contains(known, s) })
}

// born are the states in which a record may be filed.
func (k *Kind) born() []string { return k.statesWhere(func(s State) bool { return s.Initial }) }

// leads reports whether moves lead from some states to one of others, none for any, before
// the cycle ends: past a final state a clock does not go, nor past a move back to the
// beginning.
func (k *Kind) leads(from, to []string) bool {
	if len(k.Moves) == 0 || len(from) == 0 {
		return true
	}
	seen := map[string]bool{}
	for next := slices.Clone(from); len(next) > 0; {
		state := next[0]
		next = next[1:]
		if seen[state] {
			continue
		}
		seen[state] = true
		for _, m := range k.movesWhere(func(m *Move) bool { return slices.Contains(m.From, state) }) {
			for _, s := range m.To {
				if s != state && (len(to) == 0 || slices.Contains(to, s)) {
					return true
				}
				if end, _ := k.State(s); k.TurnOf(state, s) == Stays && !end.Final {
					next = append(next, s)
				}
			}
		}
	}
	return false
}
