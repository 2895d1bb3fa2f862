package roster

import (
	"slices"
	"sync"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A listed is what the versions of a person's record say whose it is, and the instants at
// which what they say of dates changes, version by version.
type listed struct {
	accounts []account.Account
	turns    [][]time.Time
}

func (r *Roster) list(p Person) (l listed) {
	for _, v := range p.Versions {
		l.accounts = append(l.accounts, r.account(v.Values))
		l.turns = append(l.turns, workflow.Turns(v.Values, r.def.Zone()))
	}
	return l
}

// A memory keeps the answers of expressions that stay for a while. Several may ask at once.
type memory struct {
	mu      sync.RWMutex
	answers map[asked]answer
}

// An asked is all that a steady expression hangs on.
type asked struct {
	expr   *workflow.Expr
	actor  string
	person *Version // nil: the roster does not have them
	turn   int      // how many turns of the person's had come
}

type answer struct {
	yes bool
	err error
}

// ask asks an expression about an actor and a version of their record, which turns at some
// instants; nil for somebody who has none.
func (r *Roster) ask(expr *workflow.Expr, q Question, actor string, person *Version, turns []time.Time) (bool, error) {
	if !expr.Steady() {
		return expr.Eval(r.vars(expr, q, actor, values(person)))
	}
	key := asked{expr, actor, person, come(turns, q.At)}
	r.memory.mu.RLock()
	a, known := r.memory.answers[key]
	r.memory.mu.RUnlock()
	if known {
		return a.yes, a.err
	}
	a.yes, a.err = expr.Eval(r.vars(expr, q, actor, values(person)))
	r.memory.mu.Lock()
	defer r.memory.mu.Unlock()
	if r.memory.answers == nil {
		r.memory.answers = map[asked]answer{}
	}
	r.memory.answers[key] = a
	return a.yes, a.err
}

func values(person *Version) map[string]any {
	if person == nil {
		return nil
	}
	return person.Values
}

// come is how many turns had come at an instant.
func come(turns []time.Time, at time.Time) int {
	n, _ := slices.BinarySearchFunc(turns, at, func(turn, at time.Time) int {
		if turn.After(at) {
			return 1
		}
		return -1
	})
	return n
}
