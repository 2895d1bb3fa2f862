package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/workflow"
)

// move: a changed status is a move that the definition allows to the author, from the state
// that the record is in, whatever its file says.
func (c Change) move(r Changed) []finding.Finding {
	k := r.Kind
	to := workflow.Text(r.Record.Doc.Value, k.Status)
	if !slices.Contains(changedFields(r), k.Status) || !moves(r) {
		return nil
	}
	from := stateOf(r)
	permit := c.Roster.Permit(k, from, to, c.question("", r), r.Record.Doc.Value)
	if permit.Yes {
		return nil
	}
	f := finding.Finding{Rule: "move", Found: fmt.Sprintf("the move from %s to %s: %s", from, to, permit.Why), Expected: allowedMoves(k, from)}
	if r.New {
		f.Found = fmt.Sprintf("a new %s that is %s: %s", k.Name, to, permit.Why)
		f.Expected = fmt.Sprintf("no `%s`, or %s", k.Status, k.Initial())
	}
	if permit.Needs != "" {
		f.Fix = fmt.Sprintf("add a line `%s: …`", permit.Needs)
	}
	return []finding.Finding{atKey(*r.Record, k.Status, f)}
}

// moves reports whether the status that a record shows is another state than the one that
// it is in. A status taken away, or one that says what is so, moves nothing: those are
// edits like any other.
func moves(r Changed) bool {
	to := workflow.Text(r.Record.Doc.Value, r.Kind.Status)
	return len(r.Kind.Moves) > 0 && to != "" && to != stateOf(r)
}

// stateOf is the state that a move leads from.
func stateOf(r Changed) string {
	if r.New {
		return r.Kind.Initial()
	}
	return r.State
}

// allowedMoves lists where a landed change may lead from a state, and by whom.
func allowedMoves(k *workflow.Kind, from string) string {
	var words []string
	for _, s := range k.States {
		moves := k.LandedMoves(from, s.Name)
		switch {
		case len(moves) == 0:
		case len(moves[0].By) == 0:
			words = append(words, s.Name)
		default:
			words = append(words, s.Name+" (by "+orList(moves[0].By)+")")
		}
	}
	if len(words) == 0 {
		return "the state to stay " + from
	}
	return strings.Join(words, ", ")
}
