package event

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
)

// take takes in a landed version as far as its author had the right to it: a field that has
// owners, changed by nobody who owns it, stays as it was and is refused. At the birth the
// one who lands the record vouches for it too.
func (f *fold) take(l *landing, m moment, file map[string]any, birth bool) {
	before, values := f.raw, file
	asked := map[string]bool{} // by the roles that were asked for: may they?
	if birth {
		before, f.values = nil, nil
	}
	for _, field := range f.ownedFields() {
		changed := !document.Same(before[field], file[field])
		if field == f.kind.Status || changed && f.mayChange(field, asked, l, m, birth) {
			continue
		}
		if changed {
			f.usurped(field, l.author(), m)
		}
		values = withField(values, f.values, field)
	}
	f.raw, f.values = file, values
	if birth {
		f.base = values
	}
}

// mayChange is owns, which is asked once for the fields that the same roles own.
func (f *fold) mayChange(field string, asked map[string]bool, l *landing, m moment, birth bool) bool {
	roles := strings.Join(f.ownersOf(field), ",")
	may, known := asked[roles]
	if !known {
		may = f.owns(field, l, m, birth)
		asked[roles] = may
	}
	return may
}

// withField are values with a field as others have it: the same values where they have it so.
func withField(values, others map[string]any, field string) map[string]any {
	v, has := values[field]
	kept, had := others[field]
	if has == had && document.Same(v, kept) {
		return values
	}
	values = maps.Clone(values)
	delete(values, field)
	if had {
		values[field] = kept
	}
	return values
}

// ownedFields are the fields whose owners the ledger asks after: those of a kind that moves,
// since automatic moves read them.
func (f *fold) ownedFields() []string {
	if len(f.kind.Moves) == 0 {
		return nil
	}
	fields := slices.Sorted(maps.Keys(f.kind.Owners))
	if r := f.kind.Requester; r != "" && f.kind.Owners[r] == nil && len(fields) > 0 {
		fields = append(fields, r)
	}
	return fields
}

// ownersOf are the roles that may set a field. For whom a record is may be changed by those
// who have a part in it: whoever becomes requester may act as one.
func (f *fold) ownersOf(field string) []string {
	if roles := f.kind.Owners[field]; roles != nil || field != f.kind.Requester {
		return roles
	}
	roles := []string{"filer", "requester", "manager"}
	for _, owners := range f.kind.Owners {
		roles = append(roles, owners...)
	}
	slices.Sort(roles)
	return slices.DeleteFunc(slices.Compact(roles), func(r string) bool { return f.def.Role(r, f.kind.Name) == nil })
}

// owns reports whether a field was changed by somebody who may. Of somebody unknown it is
// not known: the change stands, on unknown evidence.
func (f *fold) owns(field string, l *landing, m moment, birth bool) bool {
	actors := []workflow.Account{l.author()}
	if birth {
		actors = append(actors, l.lander())
	}
	grade := evidence.Unknown
	allowed := false
	for _, actor := range actors {
		if got, ok := f.roster.Allowed(&workflow.Move{By: f.ownersOf(field)}, f.question("", actor, m)); ok {
			grade, allowed = min(grade, got), true
		}
	}
	if allowed {
		f.owned = evidence.Weakest(f.owned, grade)
	}
	return allowed
}

// usurped records that a field was changed by somebody who does not own it.
func (f *fold) usurped(field string, author workflow.Account, m moment) {
	e := f.event(Refused, m, author)
	e.Why = fmt.Sprintf("%s may not set `%s`, which is left to: %s", author, field, strings.Join(f.ownersOf(field), ", "))
	f.emit(e)
	f.alarm(m, refusal, "%s; it counts as unchanged", e.Why)
}
