package event

import (
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
)

// onLanding folds one landed version.
func (f *fold) onLanding(v version) {
	m := f.landed(v)
	l := &f.line[v.landing]
	if v.blob == "" {
		f.rec.Live = false
		f.emit(f.event(Removed, m, l.author()))
		return
	}
	before, first, was := f.raw, !f.rec.Landed, f.rec.Path
	f.rec.Path, f.rec.Live, f.rec.Landed = v.path, true, true
	f.rec.Versions = append(f.rec.Versions, Version{m.time, v.path, v.blob, v.values})
	if v.values != nil {
		f.take(l, m, v.values, first)
	}
	if first {
		f.born(l, m)
	} else {
		f.changed(l, m, was, before, v)
	}
	f.base = f.values
	if s := f.statusIn(v.values); s != "" || v.values != nil {
		f.fileStatus = s
	}
}

// born folds a record's first landing: its merge, unless it lands in a final state.
func (f *fold) born(l *landing, m moment) {
	f.respond(l.lander(), m)
	f.merged(l, m, f.statusIn(f.raw))
	f.assign(l, m)
	f.automatic(l.author(), m)
}

// merged folds the merge that landed the record, and the status that it landed with. A
// final one decides alone; an initial one says nothing.
func (f *fold) merged(l *landing, m moment, status string) {
	landed, _ := f.kind.State(status)
	if !landed.Final {
		lander := l.lander()
		wanted := len(f.kind.EventMoves("merged", f.rec.State)) > 0
		if wanted && !f.fire("merged", lander, m) {
			f.alarm(m, "Merged, but not accepted", "it was merged by %s, who may not accept it; it stays %s", lander, f.rec.State)
		}
	}
	if status != "" && status != f.rec.State && !landed.Initial {
		f.classify(status, l.author(), m)
	}
}

// changed folds a later landing.
func (f *fold) changed(l *landing, m moment, was string, before map[string]any, v version) {
	author := l.author()
	if was != v.path {
		e := f.event(Renamed, m, author)
		e.From, e.To = was, v.path
		f.emit(e)
	}
	status, had := f.statusIn(f.raw), f.statusIn(before)
	stated := v.values != nil && status != had
	if stated && status != "" && status != f.rec.State {
		f.classify(status, author, m)
	}
	assigned := f.assign(l, m)
	if f.edited(before, v, stated || assigned) {
		f.emit(f.event(Edited, m, author))
	}
	f.automatic(author, m)
}

// edited reports whether anything but state and assignees changed; a change of bytes that
// changes no value is an edit too, where it is all that happened.
func (f *fold) edited(before map[string]any, v version, told bool) bool {
	versions := f.rec.Versions
	if versions[len(versions)-2].Blob == v.blob {
		return false
	}
	if v.values == nil || !f.same(before, v.values) {
		return true
	}
	return !told
}

// same compares two versions without the fields that have events of their own.
func (f *fold) same(a, b map[string]any) bool {
	own := []string{f.kind.Status}
	if name, _, _ := strings.Cut(f.kind.Assignees, "."); name != "" {
		if slices.Equal(workflow.Select(a, f.kind.Assignees), workflow.Select(b, f.kind.Assignees)) {
			name = ""
		}
		own = append(own, strings.TrimSuffix(name, "[]"))
	}
	for _, values := range []map[string]any{a, b} {
		for k := range values {
			if !slices.Contains(own, k) && !document.Same(a[k], b[k]) {
				return false
			}
		}
	}
	return true
}

// assign records a change of who is on it.
func (f *fold) assign(l *landing, m moment) bool {
	now := workflow.Select(f.values, f.kind.Assignees)
	if slices.Equal(now, f.assignees) {
		return false
	}
	e := f.event(Assigned, m, l.author())
	e.From, e.To = strings.Join(f.assignees, " "), strings.Join(now, " ")
	f.assignees, f.assigned = now, evidence.Weakest(m.grade, f.owned)
	f.emit(e)
	return true
}

// automatic makes the moves that fire by themselves, each state once.
func (f *fold) automatic(actor account.Account, m moment) {
	for seen := map[string]bool{}; !seen[f.rec.State]; {
		seen[f.rec.State] = true
		for _, move := range f.kind.AutomaticMoves(f.rec.State) {
			if f.roster.Guard(move, f.question("", actor, m), f.values) {
				f.actors = evidence.Weakest(f.actors, f.owned)
				f.move(move.To[0], actor, m, move.When.Text)
				break
			}
		}
	}
}
