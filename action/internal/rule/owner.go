package rule

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/commrel/liaison/action/internal/finding"
)

// owners: a field that has owners is theirs to set. Any other is set by filer and requester
// while the record is open, and by the desk always.
func (c Change) owners(r Changed) []finding.Finding {
	if !governed(r.Kind) {
		return nil
	}
	var fs []finding.Finding
	for _, field := range changedFields(r) {
		switch roles := r.Kind.Owners[field]; {
		case field == r.Kind.Status && moves(r):
		case len(roles) > 0 && !c.holdsAny(roles, r) && !c.theirAccount(field, r):
			fs = append(fs, atKey(*r.Record, field, finding.Finding{Rule: "field-owner",
				Found: fmt.Sprintf("%s sets `%s`", c.who(), field), Expected: "that to be left to: " + orList(roles),
				Fix: fmt.Sprintf("leave `%s` as it was, and ask for it in the pull request", field)}))
		case len(roles) == 0 && !c.mayEdit(r):
			fs = append(fs, atKey(*r.Record, field, finding.Finding{Rule: "field-owner",
				Found: fmt.Sprintf("%s changes `%s` of a record that is not theirs, or no longer open", c.who(), field), Expected: c.editors(r)}))
		}
	}
	return fs
}

// theirAccount: whoever signs up states their own account.
func (c Change) theirAccount(field string, r Changed) bool {
	p := c.Definition.People
	return p != nil && r.New && (field == p.ID || field == p.Account && c.Roster.Same(c.Actor, fmt.Sprint(r.Record.Doc.Value[field]))) && c.aboutThem(r)
}

// mayEdit: filer and requester while the record is open, its person, and the desk.
func (c Change) mayEdit(r Changed) bool {
	if r.New || c.desk(r) {
		return true
	}
	state, _ := r.Kind.State(r.State)
	return c.own(r) && !state.Final
}

func (c Change) editors(r Changed) string {
	return "its filer or requester while it is open, or " + orList(c.deskRoles(r.Kind))
}

// touched: what is not theirs nobody moves to another path, nor rewrites without changing a
// value.
func (c Change) touched(r Changed) []finding.Finding {
	moved := r.OldPath != "" && r.OldPath != r.Path
	if !governed(r.Kind) || !moved && len(changedFields(r)) > 0 || c.mayEdit(r) {
		return nil
	}
	f := finding.Finding{Rule: "record-owner", Found: fmt.Sprintf("%s rewrites a record that is not theirs, or no longer open", c.who()), Expected: c.editors(r)}
	if moved {
		f.Found = fmt.Sprintf("%s moves %s, which is not theirs, or no longer open", c.who(), r.OldPath)
	}
	f.Path, f.Line, f.Column = r.Path, 1, 1
	return []finding.Finding{f}
}

// unread: whether a record that cannot be read changed at all is for its editors to say.
func (c Change) unread(r Changed) []finding.Finding {
	if !governed(r.Kind) || c.mayEdit(r) {
		return nil
	}
	return []finding.Finding{{Rule: "record-owner", Path: r.Path, Expected: c.editors(r),
		Found: fmt.Sprintf("%s changes a record that is not theirs, or no longer open, and that cannot be read", c.who())}}
}

// changedFields are the top-level fields that the author changes, in order: those that are
// neither as the author found them nor as the base has them by now.
func changedFields(r Changed) []string {
	now := r.Record.Doc.Value
	fields := map[string]bool{}
	for _, values := range []map[string]any{r.Was, r.Began, now} {
		for f := range values {
			asFound := r.Began != nil && reflect.DeepEqual(r.Began[f], now[f])
			if !asFound && !reflect.DeepEqual(r.Was[f], now[f]) {
				fields[f] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(fields))
}
