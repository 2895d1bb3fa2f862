package event

import (
	"fmt"
	"strings"

	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
)

// judge moves the record to a landed status, or refuses: the state before decides, the
// definition's moves, and what their author had the right to do by then. A change of state
// is a response too, in the cycle that it may end.
func (f *fold) judge(to string, author workflow.Account, m moment) bool {
	if _, known := f.kind.State(to); !known {
		f.refuse(to, author, m, fmt.Sprintf("there is no state `%s`", to))
		return false
	}
	if len(f.kind.Moves) == 0 {
		f.respond(author, m)
		f.move(to, author, m, "")
		return true
	}
	why := fmt.Sprintf("no move leads from %s to %s", f.rec.State, to)
	for _, move := range f.kind.LandedMoves(f.rec.State, to) {
		grade, reason := f.permit(move, author, m)
		if reason == "" {
			f.respond(author, m)
			m.grade = evidence.Weakest(m.grade, grade)
			f.move(to, author, m, "")
			return true
		}
		why = reason
	}
	f.refuse(to, author, m, why)
	return false
}

// permit says why a move may not be made; "" when it may.
func (f *fold) permit(move *workflow.Move, author workflow.Account, m moment) (evidence.Grade, string) {
	grade, ok := f.allowed(move, author, m)
	if !ok {
		return grade, fmt.Sprintf("%s holds none of the roles that may: %s", author, strings.Join(move.By, ", "))
	}
	if !f.guard(move) {
		return grade, fmt.Sprintf("`%s` does not hold", move.When.Text)
	}
	for _, field := range move.Needs {
		if v := f.values[field]; v == nil || v == "" {
			return grade, fmt.Sprintf("it needs `%s`", field)
		}
	}
	return grade, ""
}

func (f *fold) refuse(to string, author workflow.Account, m moment, why string) {
	e := f.event(Refused, m, author)
	e.From, e.To, e.Why = f.rec.State, to, why
	f.emit(e)
	f.alarm(m, "the landed status %s is refused: %s; it stays %s", to, why, f.rec.State)
}
