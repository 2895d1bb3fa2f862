package roster

import (
	"fmt"
	"strings"

	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Permit says whether somebody may make a move by a landed change, on what evidence, and
// if not, why.
type Permit struct {
	Yes      bool
	Evidence evidence.Grade
	Why      string // "" when they may
	Needs    string // the field that is missing, where that is why
}

// Permit authorizes a landed move of a record from one state to another, by what its author
// had the right to do. now are the record's values after it. A move by somebody unknown
// stands, on unknown evidence.
func (r *Roster) Permit(k *workflow.Kind, from, to string, q Question, now map[string]any) Permit {
	if _, known := k.State(to); !known {
		return Permit{Why: fmt.Sprintf("there is no state `%s`", to)}
	}
	if len(k.Moves) == 0 {
		return Permit{Yes: true}
	}
	p := Permit{Why: fmt.Sprintf("no move leads from %s to %s", from, to)}
	for _, move := range k.LandedMoves(from, to) {
		if p = r.permit(move, q, now); p.Yes {
			return p
		}
	}
	return p
}

func (r *Roster) permit(move *workflow.Move, q Question, now map[string]any) Permit {
	grade, ok := r.Allowed(move, q)
	if !ok {
		return Permit{Evidence: grade, Why: fmt.Sprintf("%s holds none of the roles that may: %s", q.Actor, strings.Join(move.By, ", "))}
	}
	if !r.Guard(move, q, now) {
		return Permit{Evidence: grade, Why: fmt.Sprintf("`%s` does not hold", move.When.Text)}
	}
	for _, field := range move.Needs {
		if empty(now[field]) {
			return Permit{Evidence: grade, Why: fmt.Sprintf("it needs `%s`", field), Needs: field}
		}
	}
	return Permit{Yes: true, Evidence: grade}
}

// empty reports whether a field says nothing.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(v) == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// Allowed reports whether somebody holds one of a move's roles. Of somebody unknown it is
// not known: the move stands, on unknown evidence.
func (r *Roster) Allowed(move *workflow.Move, q Question) (evidence.Grade, bool) {
	if len(move.By) == 0 {
		return evidence.Witnessed, true
	}
	if !q.Actor.Known() {
		return evidence.Unknown, true
	}
	for _, role := range move.By {
		q.Role = role
		if a := r.Right(q); a.Yes {
			return a.Evidence, true
		}
	}
	return evidence.Unknown, false
}

// Guard reports whether a move's `when` holds for a record's values; an expression without
// an answer is no.
func (r *Roster) Guard(move *workflow.Move, q Question, now map[string]any) bool {
	if move.When == nil {
		return true
	}
	v := workflow.Vars{At: q.At, Lookup: r.Lookup}
	if move.When.AsksRecord() {
		v.Record = r.Record(q.Kind, now, q.Filer)
	}
	yes, err := move.When.Eval(v)
	return err == nil && yes
}
