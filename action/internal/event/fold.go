package event

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A fold goes through what happened to one record and keeps its state.
type fold struct {
	*deriver
	*terms
	t          *track
	kind       *workflow.Kind
	rec        *Record
	cycle      int
	raw        map[string]any // as the file reads at this point
	values     map[string]any // the same, as far as those who changed it had the right to
	base       map[string]any // the same before the landing that is folded: rights hang on it
	owned      evidence.Grade // the weakest that owned fields rest on
	actors     evidence.Grade // the weakest that rests on who moved the record so far
	fileStatus string
	assignees  []string
	assigned   evidence.Grade  // what it rests on who the assignees are
	responded  map[string]bool // in this cycle, by responder role
	alarms     []Alarm
	backdated  []Backdated
}

func newFold(d *deriver, t *track) *fold {
	f := &fold{deriver: d, terms: d.perKind[t.kind], t: t, kind: t.kind, cycle: 1, responded: map[string]bool{}}
	f.rec = &Record{Kind: t.kind, ID: t.id, Path: t.birth}
	if t.pull != nil {
		f.rec.Pull = t.pull.Number
	}
	return f
}

// A step is one thing to fold: an entry of the adding pull request, or a landing.
type step struct {
	time    time.Time
	entry   *Entry
	version *version // neither: the pull request stopped adding the record
}

// run folds everything in the order in which it happened.
func (f *fold) run() {
	f.file()
	if f.t.pull != nil && len(f.t.versions) == 0 {
		if e, merged := f.t.pull.entry(Merged); merged {
			f.alarm(f.onPull(e), "Merged, but not on the branch", "GitHub merged pull request #%d, but what it landed is not on the line: was the branch rewritten?", f.t.pull.Number)
		}
	}
	for _, s := range f.steps() {
		switch {
		case s.entry != nil:
			f.onEntry(*s.entry)
		case s.version != nil:
			f.onLanding(*s.version)
		default:
			f.emit(f.event(Removed, f.onPull(Entry{At: s.time}), account.Account{}))
		}
	}
	f.rec.Drafts = f.t.drafts()
	f.rec.FileStatus, f.rec.Values = f.fileStatus, f.raw
	f.rec.Title = record.Title(f.raw, f.rec.Path)
	if !f.rec.Landed && f.t.listed.Title != "" {
		f.rec.Title = f.t.listed.Title
	}
}

// steps interleaves the pull request's entries with the landings. What was said at the
// instant of a landing was said before it.
func (f *fold) steps() []step {
	var out []step
	if f.t.pull != nil {
		merge, merged := f.t.pull.entry(Merged)
		for i := range f.t.pull.Entries {
			e := &f.t.pull.Entries[i]
			mergesIt := e.Kind == Closed && merged && !e.At.Before(merge.At) // GitHub closes what it merges
			if e.Kind != Opened && e.Kind != Merged && !mergesIt {
				out = append(out, step{time: e.At, entry: e})
			}
		}
	}
	for i := range f.t.versions {
		v := &f.t.versions[i]
		out = append(out, step{time: f.line[v.landing].time, version: v})
	}
	if !f.t.gone.IsZero() {
		out = append(out, step{time: f.t.gone})
	}
	slices.SortStableFunc(out, func(a, b step) int { return a.time.Compare(b.time) })
	return out
}

// file records the filing: when the pull request opened; else the first commit of the
// merged branch; else the landing.
func (f *fold) file() {
	m, actor := f.filing()
	if len(f.t.versions) > 0 {
		f.values = f.t.versions[0].values
	} else if f.t.listed != nil {
		f.values = f.t.listed.Fields
	}
	f.raw, f.base = f.values, f.values
	f.rec.Filer = actor
	f.rec.State = f.kind.Initial()
	status := f.statusIn(f.values)
	if s, known := f.kind.State(status); known && (s.Initial || len(f.kind.Moves) == 0) {
		f.rec.State = status
	}
	e := f.event(Filed, m, actor)
	e.To = f.rec.State
	if len(f.t.versions) > 0 {
		birth := f.line[f.t.versions[0].landing]
		e.Landed, e.LandedBy, e.LandedUp = birth.time, birth.commit, birth.raised
	}
	for _, role := range f.asked.responders {
		if a := f.files(role, actor, m); role != "" && a.Yes {
			e.Roles = append(e.Roles, role)
			e.Evidence = evidence.Weakest(e.Evidence, a.Evidence)
		}
	}
	f.rec.Events = append(f.rec.Events, e)
}

// filing is when the record was filed, and by whom.
func (f *fold) filing() (moment, account.Account) {
	if f.t.pull != nil {
		e, _ := f.t.pull.entry(Opened)
		return f.onPull(e), e.Actor
	}
	m := f.landed(f.t.versions[0])
	l := f.line[m.index]
	b := l.src.Branch
	switch {
	case b == nil:
	case b.Time.IsZero() || b.Time.After(m.time):
		m.grade = evidence.Unknown
	case m.grade == evidence.Unknown:
	default:
		m.time, m.grade, m.commit, m.raised = b.Time.UTC(), evidence.Claimed, b.Commit, false
		m.upto = upto(f.line, m.time)
	}
	return m, l.author()
}

// onPull is the moment of an entry of the adding pull request.
func (f *fold) onPull(e Entry) moment {
	return moment{time: e.At.UTC(), upto: upto(f.line, e.At), index: -1, entry: e.ID, commit: e.SHA, pull: f.t.pull.Number, path: f.rec.Path}
}

// landed is the moment of a version.
func (f *fold) landed(v version) moment {
	l := &f.line[v.landing]
	return moment{time: l.time, grade: l.grade, upto: v.landing, index: v.landing, commit: l.commit, pull: l.number(), path: v.path, raised: l.raised}
}

func (f *fold) event(n Name, m moment, actor account.Account) Event {
	return Event{Time: m.time, Kind: f.kind.Name, Record: f.t.id, Name: n, Actor: actor, Commit: m.commit,
		Pull: m.pull, Evidence: m.grade, Path: m.path, Cycle: f.cycle, Raised: m.raised}
}

func (f *fold) emit(e Event) { f.rec.Events = append(f.rec.Events, e) }

func (f *fold) alarm(m moment, title, format string, args ...any) {
	f.alarms = append(f.alarms, Alarm{Time: m.time, Record: f.t.id, Words: fmt.Sprintf(format, args...), Title: title,
		Mark: cmp.Or(m.entry, m.commit), Commit: m.commit, Pull: m.pull, Refused: title == refusal})
}

// refusal is the title of an alarm that an event Refused comes with.
const refusal = "Refused"

func (f *fold) question(role string, actor account.Account, m moment) roster.Question {
	return roster.Question{Role: role, Actor: actor, Kind: f.kind.Name, Record: f.base, Filer: f.rec.Filer, At: m.time, Upto: m.upto}
}

// fact asks whether somebody was in a role, by the dates in the roster.
func (f *fold) fact(role string, actor account.Account, m moment) roster.Answer {
	q := f.question(role, actor, m)
	a := f.roster.Fact(q)
	if a.Yes != a.ByThen {
		f.backdate(q, a.Yes)
	}
	return a
}

// files asks whether the filer was in a responder's role. Who assigns a record to themselves
// in filing it, and may, is its assignee.
func (f *fold) files(role string, actor account.Account, m moment) roster.Answer {
	if !f.byAssignment(role) {
		return f.fact(role, actor, m)
	}
	field, _, _ := strings.Cut(f.kind.Assignees, ".")
	grade, may := f.roster.Allowed(&workflow.Move{By: f.kind.Owners[strings.TrimSuffix(field, "[]")]}, f.question("", actor, m))
	own := f.among(workflow.Select(f.values, f.kind.Assignees), actor)
	return roster.Answer{Yes: may && own, Evidence: evidence.Weakest(grade, named(actor))}
}

// responds asks whether somebody was in a responder's role.
func (f *fold) responds(role string, actor account.Account, m moment) roster.Answer {
	switch {
	case !actor.Known(): // of somebody unknown it is not known
		return roster.Answer{Yes: true, Evidence: evidence.Unknown}
	case role == "":
		return roster.Answer{Yes: true, Evidence: named(actor)}
	case f.byAssignment(role):
		return roster.Answer{Yes: f.among(f.assignees, actor), Evidence: evidence.Weakest(f.assigned, named(actor))}
	}
	return f.fact(role, actor, m)
}

// byAssignment reports whether a responder is whoever is assigned, and no role of that name.
func (f *fold) byAssignment(role string) bool {
	return role == workflow.Assignee && f.def.Role(role, f.kind.Name) == nil
}

// among reports whether an account is one of those that a record names.
func (f *fold) among(names []string, a account.Account) bool {
	return slices.ContainsFunc(names, func(name string) bool { return f.roster.Named(a, name) })
}

// statusIn is the status that a version of the file shows; "" for none.
func (f *fold) statusIn(values map[string]any) string {
	if f.kind.Status == "" {
		return ""
	}
	return workflow.Text(values, f.kind.Status)
}
