// Package roster turns the records of people and the definition's roles into who holds
// which role, when. It keeps apart what is a fact (the dates in the roster as it reads
// now) and what is a right (what had landed by then).
package roster

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Version is a person's record as one landing left it.
type Version struct {
	Landing int            // index on the first-parent line
	Values  map[string]any // nil: removed, or not readable
}

// A Person is one record of the people kind with its versions, oldest first.
type Person struct{ Versions []Version }

// at is the index of the version that stood before the landing of index upto; -1 for none.
func (p Person) at(upto int) int {
	last := -1
	for i, v := range p.Versions {
		if v.Landing < upto {
			last = i
		}
	}
	return last
}

// A Roster answers questions about roles.
type Roster struct {
	def      *workflow.Definition
	people   []Person
	Lookup   workflow.Lookup // finds a record as it reads now
	accounts accounts
	listed   []listed // by person
	memory   memory
}

// New makes a roster. seen are the other accounts that are known, those that GitHub vouched
// for first, and oldest first: they tell two owners of one login apart.
func New(def *workflow.Definition, people []Person, lookup workflow.Lookup, seen []account.Account) *Roster {
	r := &Roster{def: def, people: people, Lookup: lookup, listed: make([]listed, len(people))}
	for i, p := range people {
		r.listed[i] = r.list(p)
	}
	r.accounts = newAccounts(r.namings(), slices.Concat(def.Administrators, seen))
	return r
}

// Now is the number of landings that a question about the present may see.
const Now = math.MaxInt

// A Question asks whether somebody holds a role with regard to a record.
type Question struct {
	Role   string
	Actor  account.Account
	Kind   string         // of the record
	Record map[string]any // its values
	Filer  account.Account
	At     time.Time // the instant
	Upto   int       // landings that had happened: those of a lower index
}

// An Answer is yes or no, on some evidence; Err says why an expression had no answer,
// which counts as no.
type Answer struct {
	Yes      bool
	Evidence evidence.Grade
	Err      error
	ByThen   bool // of a fact: what had landed by then says yes
}

// Right answers by what had landed: it decides what somebody may do.
func (r *Roster) Right(q Question) Answer {
	if !q.Actor.Known() {
		return Answer{Evidence: evidence.Unknown}
	}
	if r.administers(q) {
		return Answer{Yes: true, Evidence: byIdentity(q.Actor)}
	}
	yes, err := r.eval(q, q.Upto)
	return Answer{Yes: yes, Evidence: byIdentity(q.Actor), Err: err}
}

// Fact answers by the dates in the roster as it reads now: it decides who responded. It
// is somebody's word when the entry landed later than the event.
func (r *Roster) Fact(q Question) Answer {
	right := r.Right(q)
	if !q.Actor.Known() || right.Yes && r.administers(q) {
		return right
	}
	yes, err := r.eval(q, Now)
	a := Answer{yes, byIdentity(q.Actor), err, right.Yes}
	if yes && !right.Yes {
		a.Evidence = evidence.Claimed
	}
	return a
}

// Turned is the index of the landing since which the roster answers a question as it does now;
// ok is false where nothing that landed after the instant changed the answer.
func (r *Roster) Turned(q Question) (landing int, ok bool) {
	now, _ := r.eval(q, Now)
	var later []int
	for _, p := range r.people {
		for _, v := range p.Versions {
			if v.Landing >= q.Upto {
				later = append(later, v.Landing)
			}
		}
	}
	slices.Sort(later)
	for _, l := range slices.Backward(slices.Compact(later)) {
		if was, _ := r.eval(q, l); was != now {
			return l, true
		}
	}
	return 0, false
}

// byIdentity: an actor known only by a login is somebody's word.
func byIdentity(a account.Account) evidence.Grade {
	if a.ID == 0 || a.Type == claimedType {
		return evidence.Claimed
	}
	return evidence.Witnessed
}

// claimedType marks an account read from a commit, where its id is the committer's word.
const claimedType = "claimed"

// Claim marks an account as read from a commit: nobody vouches for it.
func Claim(a account.Account) account.Account {
	a.Type = claimedType
	return a
}

// administers: the named administrators hold every role until the first manager has
// landed (docs/security.md, "Authority"). A claimed id is not enough.
func (r *Roster) administers(q Question) bool {
	if q.Actor.Type == claimedType {
		return false
	}
	for _, a := range r.def.Administrators {
		if a.ID == q.Actor.ID {
			return !r.managed(q)
		}
	}
	return false
}

// managed reports whether some person's record holds the role `manager`, or held it in an
// earlier version: taking the manager away does not bring the administrators back.
func (r *Roster) managed(q Question) bool {
	expr := r.def.Role("manager", q.Kind)
	if expr == nil {
		return false
	}
	return slices.ContainsFunc(r.people, func(p Person) bool {
		return slices.ContainsFunc(p.Versions, func(v Version) bool {
			if v.Landing >= q.Upto || v.Values == nil {
				return false
			}
			yes, _ := expr.Eval(r.vars(expr, q, r.accounts.name(r.account(v.Values)), v.Values))
			return yes
		})
	})
}

// eval asks the role's expression about the actor's records as upto landings left them:
// one that says yes is enough, so that no record hides another.
func (r *Roster) eval(q Question, upto int) (yes bool, err error) {
	expr := r.def.Role(q.Role, q.Kind)
	if expr == nil {
		return false, nil
	}
	name, known := r.accounts.name(q.Actor), false
	for i, p := range r.people {
		v := p.at(upto)
		if v < 0 || p.Versions[v].Values == nil || !owns(r.listed[i].accounts[v], q.Actor) {
			continue
		}
		known = true
		if yes, err = r.ask(expr, q, name, &p.Versions[v], r.listed[i].turns[v]); yes {
			return true, nil
		}
	}
	if !known {
		yes, _ = r.ask(expr, q, name, nil, nil) // no such person: false
		return yes, nil
	}
	return false, err
}

func (r *Roster) vars(expr *workflow.Expr, q Question, actor string, person map[string]any) workflow.Vars {
	v := workflow.Vars{Actor: actor, At: q.At, Lookup: r.Lookup, Person: workflow.Dated(person, q.At, r.def.Zone())}
	if expr.AsksRecord() {
		v.Record = r.Record(q.Kind, q.Record, q.Filer)
	}
	return v
}

// Record is a record's values as expressions read them: with the login of the filer, and
// of the requester.
func (r *Roster) Record(kind string, values map[string]any, filer account.Account) map[string]any {
	out := make(map[string]any, len(values)+2)
	maps.Copy(out, values)
	out["filer"], out["requester"] = r.Parties(kind, values, filer)
	return out
}

// Parties are the logins of a record's filer and of its requester, who is the filer where the
// record names none.
func (r *Roster) Parties(kind string, values map[string]any, by account.Account) (filer, requester string) {
	filer = r.accounts.name(by)
	k := r.def.Kind(kind)
	if k == nil || k.Requester == "" {
		return filer, filer
	}
	v := values[k.Requester]
	if v == nil {
		return filer, filer
	}
	login, _ := v.(string)
	return filer, r.accounts.name(account.Account{Login: login})
}

// Same reports whether an account is the one that a login names.
func (r *Roster) Same(a account.Account, login string) bool {
	return login != "" && a.Known() && strings.EqualFold(r.accounts.name(a), r.accounts.name(account.Account{Login: login}))
}

// Named reports whether a record names an account where it names people: by the id of the
// account's record, or by its login.
func (r *Roster) Named(a account.Account, name string) bool {
	if p := r.def.People; p != nil && r.Lookup != nil {
		if values, found := r.Lookup(p.Kind, name); found {
			return a.Known() && owns(r.account(values), a)
		}
	}
	return r.Same(a, name)
}

// owns: by numeric id; by login only for somebody whose id is not known.
func owns(listed, a account.Account) bool {
	if a.ID != 0 {
		return listed.ID == a.ID
	}
	return a.Login != "" && strings.EqualFold(listed.Login, a.Login)
}

// account reads the account out of a person's record.
func (r *Roster) account(values map[string]any) account.Account {
	p := r.def.People
	if p == nil {
		return account.Account{}
	}
	id, _ := values[p.ID].(int64)
	return account.Account{ID: id, Login: workflow.Text(values, p.Account)}
}

// namings are the logins that the roster names, those of one record newest first.
func (r *Roster) namings() []naming {
	var all []naming
	for _, p := range r.people {
		since := map[string]int{}
		var own []naming
		for _, v := range p.Versions {
			a := r.account(v.Values)
			login := strings.ToLower(a.Login)
			if _, named := since[login]; !named {
				since[login] = v.Landing
			}
			own = append(own, naming{a, since[login]})
		}
		slices.Reverse(own)
		all = append(all, own...)
	}
	return all
}
