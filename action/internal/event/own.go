package event

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
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
	for _, o := range f.guarded {
		field := o.field
		changed := !document.Same(before[field], file[field])
		if field == f.kind.Status || changed && f.mayChange(o, asked, l, m, birth) {
			continue
		}
		if changed {
			f.usurped(o, l.author(), m)
		}
		values = withField(values, f.values, field)
	}
	f.raw, f.values = file, values
	if birth {
		f.base = values
	}
}

// mayChange is owns, which is asked once for the fields that the same roles own.
func (f *fold) mayChange(o owned, asked map[string]bool, l *landing, m moment, birth bool) bool {
	may, known := asked[o.words]
	if !known {
		may = f.owns(o.by, l, m, birth)
		asked[o.words] = may
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

// An owned field may be changed by some roles only.
type owned struct {
	field string
	by    *workflow.Move // by those roles
	words string         // those roles
}

// ownership are the fields whose owners the ledger asks after: those of a kind that moves,
// since automatic moves read them.
func (d *deriver) ownership(k *workflow.Kind) (all []owned) {
	if len(k.Moves) == 0 {
		return nil
	}
	fields := slices.Sorted(maps.Keys(k.Owners))
	if r := k.Requester; r != "" && k.Owners[r] == nil && len(fields) > 0 {
		fields = append(fields, r)
	}
	for _, field := range fields {
		roles := d.ownersOf(k, field)
		all = append(all, owned{field, &workflow.Move{By: roles}, strings.Join(roles, ", ")})
	}
	return all
}

// ownersOf are the roles that may set a field. For whom a record is may be changed by those
// who have a part in it: whoever becomes requester may act as one.
func (d *deriver) ownersOf(k *workflow.Kind, field string) []string {
	if roles := k.Owners[field]; roles != nil || field != k.Requester {
		return roles
	}
	roles := []string{"filer", "requester", "manager"}
	for _, owners := range k.Owners {
		roles = append(roles, owners...)
	}
	slices.Sort(roles)
	return slices.DeleteFunc(slices.Compact(roles), func(r string) bool { return d.def.Role(r, k.Name) == nil })
}

// owns reports whether a field was changed by somebody who may, by their roles. Of somebody
// unknown it is not known: the change stands, on unknown evidence.
func (f *fold) owns(by *workflow.Move, l *landing, m moment, birth bool) bool {
	actors := []account.Account{l.author()}
	if birth {
		actors = append(actors, l.lander())
	}
	grade := evidence.Unknown
	allowed := false
	for _, actor := range actors {
		if got, ok := f.roster.Allowed(by, f.question("", actor, m)); ok {
			grade, allowed = min(grade, got), true
		}
	}
	if allowed {
		f.owned = evidence.Weakest(f.owned, grade)
	}
	return allowed
}

// usurped records that a field was changed by somebody who does not own it.
func (f *fold) usurped(o owned, author account.Account, m moment) {
	e := f.event(Refused, m, author)
	e.Why = fmt.Sprintf("%s may not set `%s`, which is left to: %s", author, o.field, o.words)
	f.emit(e)
	f.alarm(m, refusal, "%s; it counts as unchanged", e.Why)
}
