// Package workflow turns the definition, .github/liaison.yaml, into kinds, states, moves,
// owners, roles and targets with their expressions compiled, or into findings. The engine
// knows nothing else of what a desk is about.
package workflow

import (
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/schema"
	"github.com/commrel/liaison/action/internal/worktime"
)

// A Definition is one desk's rules. It is read once and never changed.
type Definition struct {
	Desk           string
	Branch         string // "" : the repository's default branch
	Witness        string // branch that keeps what GitHub's clock saw; "" : none
	Fiscal         worktime.Fiscal
	Bots           []account.Account
	Administrators []account.Account
	People         *People // nil: nobody has a person's record
	Kinds          []*Kind // in the order of the file
	Calendars      []*Calendar
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
	Schema    *schema.Schema // nil: only syntax is checked
	SchemaAt  string         // its path in the repository
	Status    string         // field that shows the state; "" : the kind has no states
	Requester string         // field that says for whom; "" : the filer
	Assignees string         // path to the logins of who is on it, such as assignees[].person
	States    []State        // empty: any value is a state
	Moves     []*Move        // empty: any move is allowed
	Owners    map[string][]string
	Groups    []Group           // in the order of the file
	Commands  map[string]string // words of comments, and the states that they lead to
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
	Repeat    Repeat            // what a start does once there was one in the cycle
	Responder string            // role whose response counts, or Assignee; "" : anybody but filer, requester and bots
	SelfFiled string            // "met" or "excluded": what to do where filer or requester holds Responder
	Pause     []string          // states in which the clock stands still
	Within    worktime.Duration // its own time, without its cases'; the zero Duration where it has none
	Cases     []*Case           // the first whose condition holds is the record's; its own time is the last of them
	Goal      float64           // share of 1; 0 where none is set
	Words     string            // as written: "100%"; "" for none
}

// A Case is how long a target allows some of its records.
type Case struct {
	Where    *Expr // nil: all that no case before it speaks of
	Within   worktime.Duration
	Calendar *worktime.Calendar // nil: always
	Warn     []float64          // shares of 1, of the time from the start to the due time
}

// Promise is the time allowed, as it was written, for people: "7 days", or with cases
// "4 hours, 2 business days or 7 days".
func (t *Target) Promise() string {
	var words []string
	for _, c := range t.Cases {
		if !slices.Contains(words, c.Within.Words) {
			words = append(words, c.Within.Words)
		}
	}
	n := len(words) - 1
	if n < 0 {
		return t.Within.Words
	}
	if n == 0 {
		return words[0]
	}
	return strings.Join(words[:n], ", ") + " or " + words[n]
}

// Repeat says which of the events that may start a clock do start one.
type Repeat string

// The ways to repeat. First is the one clock of a cycle. Next starts a clock anew once the
// one before has stopped: from the oldest that is unanswered. Every gives each start a clock
// of its own.
const (
	First Repeat = "first"
	Next  Repeat = "next"
	Every Repeat = "every"
)

// Words for a target's responder that are no roles, unless the desk has a role of that name.
const (
	Human    = "human"    // anybody but filer, requester and bots
	Assignee = "assignee" // who was assigned at that moment
)

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

// TargetFields are the fields of a kind's records that targets read, and the requester, whose
// words are no response: what has to be known of a record to count it. Sorted.
func (d *Definition) TargetFields(k *Kind) []string {
	var fields []string
	if k.Requester != "" {
		fields = append(fields, k.Requester)
	}
	for _, t := range d.TargetsOf(k.Name) {
		conditions := []*Expr{t.Where}
		for _, c := range t.Cases {
			conditions = append(conditions, c.Where)
		}
		for _, e := range conditions {
			if e != nil {
				fields = append(fields, e.reads...)
			}
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
