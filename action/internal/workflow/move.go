package workflow

import "slices"

// A Move is one allowed change of state.
type Move struct {
	From, To []string
	Events   []string // what happens to the pull request that adds the record; empty: a landed change
	By       []string // roles, one of which the author must hold; empty: anybody
	When     *Expr    // guard; nil: none
	Needs    []string // fields that the landed record must have
}

// Automatic reports whether the move fires by itself as soon as its guard holds.
func (m *Move) Automatic() bool { return m.When != nil && len(m.By) == 0 && len(m.Events) == 0 }

func (m *Move) joins(from, to string) bool {
	return slices.Contains(m.From, from) && slices.Contains(m.To, to)
}

// LandedMoves are the moves by which a landed change may go from one state to another.
func (k *Kind) LandedMoves(from, to string) []*Move {
	return k.movesWhere(func(m *Move) bool { return len(m.Events) == 0 && m.joins(from, to) })
}

// EventMoves are the moves that an event on the adding pull request may cause.
func (k *Kind) EventMoves(event, from string) []*Move {
	return k.movesWhere(func(m *Move) bool { return slices.Contains(m.Events, event) && slices.Contains(m.From, from) })
}

// AutomaticMoves are the moves that may fire by themselves from a state.
func (k *Kind) AutomaticMoves(from string) []*Move {
	return k.movesWhere(func(m *Move) bool { return m.Automatic() && slices.Contains(m.From, from) })
}

func (k *Kind) movesWhere(is func(*Move) bool) []*Move {
	var ms []*Move
	for _, m := range k.Moves {
		if is(m) {
			ms = append(ms, m)
		}
	}
	return ms
}

// Turn says what a move does to the cycle that a record is in.
type Turn int

// The turns of a cycle.
const (
	Stays   Turn = iota // the cycle goes on
	Voids               // back to the beginning by mistake: the cycle counts for nothing, a new one starts
	Reopens             // back to the beginning from the end: a new cycle starts
)

// TurnOf is what a move between two states does to the cycle. Going back to an initial
// state ends the cycle, except from a paused state, which is only a wait.
func (k *Kind) TurnOf(from, to string) Turn {
	a, _ := k.State(from)
	b, _ := k.State(to)
	switch {
	case a.Final && !b.Final:
		return Reopens
	case b.Initial && !a.Initial && !a.Paused:
		return Voids
	}
	return Stays
}
