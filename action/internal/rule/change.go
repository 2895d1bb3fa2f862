package rule

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Change is what a pull request would land, with everything by which it is authorized: the
// definition, the roster and the records of the base, and the rights of its author.
type Change struct {
	World                   // the tree is the head's, the definition the base's
	Roster  *roster.Roster  // as it had landed at the base
	Actor   account.Account // the author, by numeric id
	Now     time.Time
	Records []Changed
	Rules   []string // changed files that are rules: the definition, schemas, workflows
}

// A Changed record differs between base and head.
type Changed struct {
	Kind    *workflow.Kind
	Path    string         // at the head; at the base where it is deleted
	OldPath string         // at the base
	Was     map[string]any // its values at the base; nil: it is new, or could not be read
	Began   map[string]any // its values where the author began, which the base may have left behind; nil likewise
	New     bool
	Deleted bool            // nothing stands there any more, or no file does
	Record  *record.Record  // at the head; nil: deleted, or cannot be read
	State   string          // derived from the base's history
	Filer   account.Account // likewise
}

// Authorize finds what the author of a change has no right to. It says nothing of what a schema says.
func (c Change) Authorize() []finding.Finding {
	var fs []finding.Finding
	for _, r := range c.Records {
		switch {
		case r.Deleted:
			fs = append(fs, c.deletion(r)...)
		case r.Record == nil:
			fs = append(fs, c.unread(r)...)
		default:
			fs = append(fs, c.filing(r)...)
			fs = append(fs, c.touched(r)...)
			fs = append(fs, c.owners(r)...)
			fs = append(fs, c.move(r)...)
			fs = append(fs, c.newlyNamed(r)...)
		}
	}
	fs = append(fs, c.single()...)
	return finding.Sorted(append(fs, c.rules()...))
}

// question asks about the author, with regard to the record as it stands at the base: what
// a change says of its own author counts for nothing.
func (c Change) question(role string, r Changed) roster.Question {
	return roster.Question{Role: role, Actor: c.Actor, Kind: r.Kind.Name, Record: r.Was, Filer: c.filer(r), At: c.Now, Upto: roster.Now}
}

// filer is who filed a record; a new one is filed by the author of the change.
func (c Change) filer(r Changed) account.Account {
	if r.New {
		return c.Actor
	}
	return r.Filer
}

// holdsAny reports whether the author holds any of some roles.
func (c Change) holdsAny(roles []string, r Changed) bool {
	return slices.ContainsFunc(roles, func(role string) bool { return c.Roster.Right(c.question(role, r)).Yes })
}

// desk reports whether the author is one of those who run the desk, as far as this kind goes.
func (c Change) desk(r Changed) bool { return c.holdsAny(c.deskRoles(r.Kind), r) }

// deskRoles are the roles that own fields of a kind, and the manager. A role that comes with
// filing a record, or that everybody holds, makes nobody part of the desk.
func (c Change) deskRoles(k *workflow.Kind) []string {
	roles := []string{"manager"}
	for _, owners := range k.Owners {
		roles = append(roles, owners...)
	}
	slices.Sort(roles)
	return slices.DeleteFunc(slices.Compact(roles), func(role string) bool {
		return c.Definition.Role(role, k.Name) == nil || c.Roster.Right(c.stranger(role, k)).Yes
	})
}

// stranger asks about somebody of whom nothing is known but that they filed a record.
func (c Change) stranger(role string, k *workflow.Kind) roster.Question {
	nobody := account.Account{ID: math.MaxInt64, Login: "somebody"}
	return roster.Question{Role: role, Actor: nobody, Kind: k.Name, Filer: nobody, At: c.Now, Upto: roster.Now}
}

// governed reports whether rights are declared for a kind at all.
func governed(k *workflow.Kind) bool { return len(k.Owners) > 0 || len(k.Moves) > 0 }

// own reports whether the record is the author's own: filed by them, for them, or about
// them. A filer with the author's login and another number is somebody else.
func (c Change) own(r Changed) bool {
	if filer := c.filer(r); filer.ID != 0 && filer.ID == c.Actor.ID {
		return true
	}
	return c.Roster.Same(c.Actor, workflow.Text(r.Was, r.Kind.Requester)) || c.aboutThem(r)
}

// aboutThem reports whether a person's record at the base is the author's, by numeric id.
func (c Change) aboutThem(r Changed) bool {
	p := c.Definition.People
	if p == nil || p.Kind != r.Kind.Name {
		return false
	}
	values := r.Was
	if r.New && r.Record != nil {
		values = r.Record.Doc.Value
	}
	id, _ := values[p.ID].(int64)
	return id != 0 && id == c.Actor.ID
}

// who names the author for a message.
func (c Change) who() string {
	if !c.Actor.Known() {
		return "somebody unknown"
	}
	return c.Actor.String()
}

func orList(words []string) string { return strings.Join(words, " or ") }
