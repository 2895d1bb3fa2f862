// Package workflow turns the definition, .github/liaison.yaml, into kinds, states, moves,
// owners, roles and targets with their expressions compiled, or into findings. The engine
// knows nothing else of what a desk is about.
package workflow

import (
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/worktime"
)

// A Definition is one desk's rules. It is read once and never changed.
type Definition struct {
	Desk           string
	Branch         string // "" : the repository's default branch
	Witness        string // branch that keeps what GitHub's clock saw; "" : none
	Fiscal         worktime.Fiscal
	Bots           []Account
	Administrators []Account
	People         *People // nil: nobody has a person's record
	Kinds          []*Kind // in the order of the file
	Targets        []*Target
	roles          map[string]*Role
}

// Zone is the desk's time zone.
func (d *Definition) Zone() *time.Location { return d.Fiscal.Zone }

// People says which kind describes people, and which of its fields name the account.
type People struct{ Kind, Account, ID string }

// A State is one value of a kind's status field.
type State struct {
	Name                   string
	Initial, Paused, Final bool
}

// A Kind is one sort of record.
type Kind struct {
	Name      string
	Files     Glob
	Schema    *Schema // nil: only syntax is checked
	SchemaAt  string  // its path in the repository
	Status    string  // field that shows the state; "" : the kind has no states
	Requester string  // field that says for whom; "" : the filer
	Assignees string  // path to the logins of who is on it, such as assignees[].person
	States    []State // empty: any value is a state
	Moves     []*Move // empty: any move is allowed
	Owners    map[string][]string
	Groups    []Group // in the order of the file
}

// A Role is an expression compiled once for each kind of record that it may be asked of.
type Role struct {
	Name   string
	byKind map[string]*Expr
}

// A Target is a promise: how soon after one event another must follow.
type Target struct {
	Name      string
	Of        *Kind
	Where     *Expr // nil: every record of the kind
	Start     Trigger
	Stop      Trigger
	Responder string   // role whose response counts; "" : anybody but filer, requester and bots
	SelfFiled string   // "met" or "excluded": what to do where filer or requester holds Responder
	Pause     []string // states in which the clock stands still
	Within    worktime.Duration
	Goal      float64   // share of 1; 0 where none is set
	Warn      []float64 // shares of 1
	Words     string    // as written: "100%"; "" for none
}

// Kind is the kind of that name, or nil.
func (d *Definition) Kind(name string) *Kind {
	for _, k := range d.Kinds {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// KindOf is the kind whose files a path belongs to, or nil.
func (d *Definition) KindOf(path string) *Kind {
	for _, k := range d.Kinds {
		if k.Files.Match(path) {
			return k
		}
	}
	return nil
}

// Judged are the fields of a kind's records that targets read, and the requester, whose
// words are no response: what has to be known of a record to count it. Sorted.
func (d *Definition) Judged(k *Kind) []string {
	var fields []string
	if k.Requester != "" {
		fields = append(fields, k.Requester)
	}
	for _, t := range d.TargetsOf(k.Name) {
		if t.Where != nil {
			fields = append(fields, t.Where.Fields...)
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// TargetsOf are the targets of a kind, in the order of the file.
func (d *Definition) TargetsOf(kind string) []*Target {
	var ts []*Target
	for _, t := range d.Targets {
		if t.Of.Name == kind {
			ts = append(ts, t)
		}
	}
	return ts
}

// Role is the expression of a role for records of a kind, or nil: nobody holds it there.
func (d *Definition) Role(role, kind string) *Expr {
	if r := d.roles[role]; r != nil {
		return r.byKind[kind]
	}
	return nil
}

// State is the state of that name. Where the kind declares none, every name is a state.
func (k *Kind) State(name string) (State, bool) {
	if len(k.States) == 0 {
		return State{Name: name}, name != ""
	}
	i := slices.IndexFunc(k.States, func(s State) bool { return s.Name == name })
	if i < 0 {
		return State{}, false
	}
	return k.States[i], true
}

// Initial is the state of a new record, or "" where the kind declares none.
func (k *Kind) Initial() string {
	i := slices.IndexFunc(k.States, func(s State) bool { return s.Initial })
	if i < 0 {
		return ""
	}
	return k.States[i].Name
}

// statesWhere are the names of the states that satisfy is.
func (k *Kind) statesWhere(is func(State) bool) []string {
	var names []string
	for _, s := range k.States {
		if is(s) {
			names = append(names, s.Name)
		}
	}
	return names
}
