package event

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A fold goes through what happened to one record and keeps its state.
type fold struct {
	*deriver
	t          *track
	kind       *workflow.Kind
	rec        *Record
	cycle      int
	values     map[string]any // as the record reads at this point
	fileStatus string
	assignees  []string
	responders []string
	responded  map[string]bool // in this cycle, by responder role
	alarms     []Alarm
}

func newFold(d *deriver, t *track) *fold {
	f := &fold{deriver: d, t: t, kind: t.kind, cycle: 1, responded: map[string]bool{}}
	f.responders = d.responders(t.kind.Name)
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
	version *version
}

// run folds everything in the order in which it happened.
func (f *fold) run() {
	f.file()
	if f.t.pull != nil && len(f.t.versions) == 0 {
		if e, merged := f.t.pull.entry(Merged); merged {
			f.alarm(f.onPull(e), "GitHub merged pull request #%d, but what it landed is not on the line: was the branch rewritten?", f.t.pull.Number)
		}
	}
	for _, s := range f.steps() {
		if s.entry != nil {
			f.onEntry(*s.entry)
			continue
		}
		f.onLanding(*s.version)
	}
	f.rec.FileStatus, f.rec.Values = f.fileStatus, f.values
	f.rec.Title = record.Title(f.values, f.rec.Path)
	if !f.rec.Landed && f.t.listed.Title != "" {
		f.rec.Title = f.t.listed.Title
	}
}

// steps interleaves the pull request's entries with the landings. What was said at the
// instant of a landing was said before it.
func (f *fold) steps() []step {
	var out []step
	if f.t.pull != nil {
		for i := range f.t.pull.Entries {
			e := &f.t.pull.Entries[i]
			if e.Kind != Opened && e.Kind != Merged {
				out = append(out, step{time: e.At, entry: e})
			}
		}
	}
	for i := range f.t.versions {
		v := &f.t.versions[i]
		out = append(out, step{time: f.line[v.landing].time, version: v})
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
	f.rec.Filer = actor
	f.rec.State = f.kind.Initial()
	if status := f.statusIn(f.values); len(f.kind.Moves) == 0 && status != "" {
		f.rec.State = status
	}
	e := f.event(Filed, m, actor)
	e.To = f.rec.State
	if len(f.t.versions) > 0 {
		birth := f.line[f.t.versions[0].landing]
		e.Landed, e.LandedBy = birth.time, birth.commit
	}
	for _, role := range f.responders {
		if a := f.fact(role, actor, m); role != "" && a.Yes {
			e.Roles = append(e.Roles, role)
			e.Evidence = evidence.Weakest(e.Evidence, a.Evidence)
		}
	}
	f.rec.Events = append(f.rec.Events, e)
}

// filing is when the record was filed, and by whom.
func (f *fold) filing() (moment, workflow.Account) {
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
		m.time, m.grade, m.commit = b.Time.UTC(), evidence.Claimed, b.Commit
		m.upto = upto(f.line, m.time)
	}
	return m, l.author()
}

// onPull is the moment of an entry of the adding pull request.
func (f *fold) onPull(e Entry) moment {
	return moment{time: e.At.UTC(), upto: upto(f.line, e.At), index: -1, commit: e.SHA, pull: f.t.pull.Number, path: f.rec.Path}
}

// landed is the moment of a version.
func (f *fold) landed(v version) moment {
	l := &f.line[v.landing]
	return moment{time: l.time, grade: l.grade, upto: v.landing, index: v.landing, commit: l.commit, pull: l.number(), path: v.path}
}

func (f *fold) event(n Name, m moment, actor workflow.Account) Event {
	return Event{Time: m.time, Kind: f.kind.Name, Record: f.t.id, Name: n, Actor: actor, Commit: m.commit,
		Pull: m.pull, Evidence: m.grade, Path: m.path, Cycle: f.cycle, landing: m.index}
}

func (f *fold) emit(e Event) { f.rec.Events = append(f.rec.Events, e) }

func (f *fold) alarm(m moment, format string, args ...any) {
	f.alarms = append(f.alarms, Alarm{m.time, f.t.id, fmt.Sprintf(format, args...)})
}

func (f *fold) question(role string, actor workflow.Account, m moment) roster.Question {
	return roster.Question{Role: role, Actor: actor, Kind: f.kind.Name, Record: f.values, Filer: f.rec.Filer, At: m.time, Upto: m.upto}
}

// right asks whether somebody may act in a role, by what had landed.
func (f *fold) right(role string, actor workflow.Account, m moment) roster.Answer {
	return f.roster.Right(f.question(role, actor, m))
}

// fact asks whether somebody was in a role, by the dates in the roster.
func (f *fold) fact(role string, actor workflow.Account, m moment) roster.Answer {
	return f.roster.Fact(f.question(role, actor, m))
}

// onEntry folds one thing that GitHub saw on the pull request that adds the record.
func (f *fold) onEntry(e Entry) {
	m := f.onPull(e)
	switch e.Kind {
	case Commented:
		f.respond(e.Actor, m)
		f.fire("commented", e.Actor, m)
	case Reviewed:
		f.respond(e.Actor, m)
		switch e.State {
		case "changes_requested":
			f.fire("changes-requested", e.Actor, m)
		case "approved":
			f.fire("approved", e.Actor, m)
		}
	case Pushed:
		f.fire("pushed", e.Actor, m)
	case Closed:
		f.close(e.Actor, m)
	case Reopened:
		f.fire("reopened", e.Actor, m)
	}
}

// close folds a close without a merge. By nobody in a role it changes nothing: a deleted
// fork closes its pull requests.
func (f *fold) close(actor workflow.Account, m moment) {
	if len(f.kind.EventMoves("closed", f.rec.State)) > 0 && !f.fire("closed", actor, m) {
		f.alarm(m, "pull request #%d was closed by %s, who may not close it; it stays open. Was it meant to be withdrawn?", m.pull, actor)
	}
}

// fire makes the first move that an event causes and its actor may cause.
func (f *fold) fire(event string, actor workflow.Account, m moment) bool {
	for _, move := range f.kind.EventMoves(event, f.rec.State) {
		grade, ok := f.allowed(move, actor, m)
		if !ok || !f.guard(move) {
			continue
		}
		m.grade = evidence.Weakest(m.grade, grade)
		f.move(move.To[0], actor, m, "")
		return true
	}
	return false
}

// allowed reports whether somebody holds one of a move's roles. Of somebody unknown it is
// not known: the move stands, on unknown evidence.
func (f *fold) allowed(move *workflow.Move, actor workflow.Account, m moment) (evidence.Grade, bool) {
	if len(move.By) == 0 {
		return evidence.Witnessed, true
	}
	if !actor.Known() {
		return evidence.Unknown, true
	}
	for _, role := range move.By {
		if a := f.right(role, actor, m); a.Yes {
			return a.Evidence, true
		}
	}
	return evidence.Unknown, false
}

// guard reports whether a move's `when` holds; an expression without an answer is no.
func (f *fold) guard(move *workflow.Move) bool {
	if move.When == nil {
		return true
	}
	yes, err := move.When.Eval(workflow.Vars{Record: f.roster.Record(f.kind.Name, f.values, f.rec.Filer), Lookup: f.lookup})
	return err == nil && yes
}

// move changes the state and says so.
func (f *fold) move(to string, actor workflow.Account, m moment, why string) {
	e := f.event(Moved, m, actor)
	e.From, e.To, e.Why = f.rec.State, to, why
	e.Turn = f.kind.TurnOf(e.From, to)
	f.emit(e)
	f.rec.State = to
	if e.Turn != workflow.Stays {
		f.cycle++
		f.responded = map[string]bool{}
	}
}

// respond records the first response of a cycle, once for each role that targets wait for.
// Bots, filer and requester never count. Of somebody unknown it is not known.
func (f *fold) respond(actor workflow.Account, m moment) {
	if f.bot(actor) || f.involved(actor) {
		return
	}
	e := f.event(Responded, m, actor)
	for _, role := range f.responders {
		if f.responded[role] {
			continue
		}
		a := roster.Answer{Yes: true, Evidence: evidence.Unknown}
		if actor.Known() && role != "" {
			a = f.fact(role, actor, m)
		} else if actor.Known() {
			a.Evidence = evidence.Witnessed
		}
		if a.Yes {
			f.responded[role] = true
			e.Roles = append(e.Roles, role)
			e.Evidence = evidence.Weakest(e.Evidence, a.Evidence)
		}
	}
	if len(e.Roles) > 0 {
		f.emit(e)
	}
}

// involved reports whether an account is the filer or the requester.
func (f *fold) involved(a workflow.Account) bool {
	if !a.Known() {
		return false
	}
	vals := f.roster.Record(f.kind.Name, f.values, f.rec.Filer)
	filer, _ := vals["filer"].(string)
	requester, _ := vals["requester"].(string)
	return f.roster.Same(a, filer) || f.roster.Same(a, requester)
}

// statusIn is the status that a version of the file shows; "" for none.
func (f *fold) statusIn(values map[string]any) string {
	if f.kind.Status == "" {
		return ""
	}
	return workflow.Text(values, f.kind.Status)
}

// onLanding folds one landed version.
func (f *fold) onLanding(v version) {
	m := f.landed(v)
	l := &f.line[v.landing]
	if v.blob == "" {
		f.rec.Live = false
		f.emit(f.event(Removed, m, l.author()))
		return
	}
	before, first := f.values, !f.rec.Landed
	was := f.rec.Path
	f.rec.Path, f.rec.Live, f.rec.Landed = v.path, true, true
	f.rec.Versions = append(f.rec.Versions, Version{m.time, v.path, v.blob, v.values})
	if v.values != nil {
		f.values = v.values
	}
	if first {
		f.born(l, m)
	} else {
		f.changed(l, m, was, before, v)
	}
	if s := f.statusIn(v.values); s != "" || v.values != nil {
		f.fileStatus = s
	}
}

// born folds a record's first landing: its merge, unless it lands in a final state.
func (f *fold) born(l *landing, m moment) {
	f.respond(l.lander(), m)
	if len(f.kind.Moves) > 0 {
		f.merged(l, m, f.statusIn(f.values))
	}
	f.assign(l, m)
	f.automatic(l, m)
}

func (f *fold) merged(l *landing, m moment, status string) {
	final, known := f.kind.State(status)
	if !final.Final {
		lander := l.lander()
		wanted := len(f.kind.EventMoves("merged", f.rec.State)) > 0
		if wanted && !f.fire("merged", lander, m) {
			f.alarm(m, "it was merged by %s, who may not accept it; it stays %s", lander, f.rec.State)
		}
	}
	if status != "" && status != f.rec.State && (!known || status != f.kind.Initial()) {
		f.judge(status, l.author(), m)
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
	status, had := f.statusIn(f.values), f.statusIn(before)
	stated := v.values != nil && status != had
	if stated && status != "" && status != f.rec.State {
		f.judge(status, author, m)
	}
	assigned := f.assign(l, m)
	if f.edited(before, v, stated || assigned) {
		f.emit(f.event(Edited, m, author))
	}
	f.automatic(l, m)
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
			if !slices.Contains(own, k) && !reflect.DeepEqual(a[k], b[k]) {
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
	f.assignees = now
	f.emit(e)
	return true
}

// automatic makes the moves that fire by themselves, each state once.
func (f *fold) automatic(l *landing, m moment) {
	for seen := map[string]bool{}; !seen[f.rec.State]; {
		seen[f.rec.State] = true
		for _, move := range f.kind.AutomaticMoves(f.rec.State) {
			if f.guard(move) {
				f.move(move.To[0], l.author(), m, move.When.Text)
				break
			}
		}
	}
}
