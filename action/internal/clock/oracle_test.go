package clock_test

import (
	"cmp"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var (
	oracleCases = flag.Int("oracle.cases", 10_000, "how many random cases the clocks are compared with the oracle in")
	oracleSeed  = flag.Uint64("oracle.seed", 7, "where the random cases begin")
)

// A deed is what the oracle knows of an event: nothing of turns, cycles or instants.
type deed struct {
	n      int // its number in the story
	step   int
	what   string // filed, responded, replied, removed, edited, or the state that it moves to
	grade  evidence.Grade
	raised bool
}

func (d deed) state() string {
	switch d.what {
	case "filed":
		return "new"
	case "responded", "replied", "removed", "edited":
		return ""
	}
	return d.what
}

// A saying is the record as it reads from a step on.
type saying struct {
	step           int
	priority, goal string
}

// A length is a time allowed: steps of every day and hour, steps of working time, or days.
type length struct {
	always      bool
	steps, days int
}

// A term is a case of a promise: which priority it is for ("" for all), and how long.
type term struct {
	priority string
	length   length
	calendar int // which reckoning; -1: always
}

// A promise is what the oracle knows of a target.
type promise struct {
	start, stop, repeat string
	pause               bool // whether "wait" pauses
	goal                bool // whether only records with the goal "none" are meant
	terms               []term
}

// A world is what a story happens in, by steps since a beginning.
type world struct {
	calendars []reckoning
	deeds     []deed
	sayings   []saying
	asOf      int
	witnessed bool
}

// simulate is a second implementation, from the words of docs/clocks.md alone: it walks step
// by step, and at each instant looks first for a stop, then at everything else.
func (w world) simulate(p promise) []string {
	var out []string
	number := 1
	for deeds := w.deeds; len(deeds) > 0; number++ {
		cycle, next := deeds, []deed(nil)
		state := deeds[0].state()
		for i, d := range deeds[1:] {
			to := d.state()
			if to == "" {
				continue
			}
			ended := state == "done" || state == "dropped"
			reopens := ended && to != "done" && to != "dropped"
			voids := to == "new" && state != "wait" && state != "new"
			if reopens || voids {
				cycle, next = deeds[:i+2], deeds[i+1:]
				break
			}
			state = to
		}
		out = append(out, w.rounds(p, number, cycle, next != nil)...)
		deeds = next
	}
	return out
}

// rounds are the clocks of one cycle; of a turned one, the last deed ends it.
func (w world) rounds(p promise, number int, cycle []deed, turned bool) []string {
	var out []string
	free := 0 // no clock of a promise that repeats begins before, unless every start counts
	for i, d := range cycle {
		starts := d.what == p.start
		if p.start == "filed" {
			starts = i == 0
		}
		if !starts || turned && i == len(cycle)-1 || i < free {
			continue
		}
		line, end := w.walk(p, cycle, i, turned)
		if line != "" {
			out = append(out, fmt.Sprintf("%d.%d: %s", number, len(out)+1, line))
		}
		switch {
		case p.repeat == "every":
		case p.repeat == "first", end < 0, p.start == "filed":
			return out
		default:
			free = end
		}
	}
	return out
}

// A walker goes step by step along one clock.
type walker struct {
	world
	p        promise
	now      int
	begun    int
	paused   []bool // for each step since the beginning
	term     int    // of the promise's; -1: none is for the record as it reads
	base     int    // when the time would be up without pauses; below 0: not known
	owed     int    // working steps by which pauses make it later, that have not passed yet
	up       int    // when the time is up; -1: it is not yet
	eligible bool   // whether the pause that is on makes it later
	lost     bool   // a pause ran past what the calendar knows
	settled  bool   // the term is fixed, since the time is up
	state    string
	grade    evidence.Grade
}

// walk simulates one clock and says how it stands; end is the index of the deed that stopped
// it, -1 for none.
func (w world) walk(p promise, cycle []deed, first int, turned bool) (line string, end int) {
	k := &walker{world: w, p: p, begun: cycle[first].step, grade: cycle[first].grade, up: -1}
	for _, d := range cycle[:first+1] {
		k.state = cmp.Or(d.state(), k.state)
	}
	k.now = k.begun
	k.take(k.termAt(k.now), false)
	rest := cycle[first+1:]
	for begin := true; ; begin = false {
		here := rest[:0:0]
		for len(rest) > 0 && rest[0].step == k.now {
			here, rest = append(here, rest[0]), rest[1:]
		}
		was := k.still() && !begin
		ender, stopped, why := k.instant(here, turned && len(rest) == 0)
		if !begin {
			k.says()
		}
		if k.still() && !was {
			k.eligible = k.up < 0 || k.up >= k.now
		}
		if ender == nil && k.now < w.asOf {
			k.pass(k.still())
			continue
		}
		if end = -1; stopped {
			end = ender.n - cycle[0].n
		}
		return k.say(cycle[first], ender, stopped, why), end
	}
}

func (k *walker) still() bool { return k.p.pause && k.state == "wait" }

// termAt is the first term that is for the record as it reads then.
func (k *walker) termAt(step int) int {
	priority := k.read(step).priority
	return slices.IndexFunc(k.p.terms, func(t term) bool { return t.priority == "" || t.priority == priority })
}

// read is the record as it reads at a step; before it landed, as it landed first.
func (w world) read(step int) saying {
	out := w.sayings[0]
	for _, s := range w.sayings {
		if s.step <= step {
			out = s
		}
	}
	return out
}

// calendar is the reckoning of the term; always works on every step.
func (k *walker) works(step int) bool {
	c := k.p.terms[k.term].calendar
	return c < 0 || step < len(k.calendars[c].works) && k.calendars[c].works[step]
}

func (k *walker) knows(step int) bool {
	c := k.p.terms[k.term].calendar
	return c < 0 || k.calendars[c].knows(step)
}

// says looks whether the record came to be of another term; once the time is up it is too late.
func (k *walker) says() {
	if !slices.ContainsFunc(k.sayings[1:], func(s saying) bool { return s.step == k.now }) {
		return
	}
	if k.settled = k.settled || k.up >= 0 && k.up < k.now && !k.lost; !k.settled {
		if t := k.termAt(k.now); t != k.term {
			k.take(t, true)
		}
	}
}

// take begins again with another term, as if it had been so from the start; but nothing was
// up before the change, and a pause that is on makes it later from then on.
func (k *walker) take(t int, changed bool) {
	now, paused := k.now, k.paused
	k.term, k.paused, k.owed, k.up, k.lost, k.base = t, nil, 0, -1, false, -1
	if t < 0 {
		k.paused = paused
		return
	}
	l := k.p.terms[t].length
	if c := k.p.terms[t].calendar; c >= 0 {
		k.base = k.calendars[c].upAt(k.begun, l)
	} else {
		k.base = k.begun + l.steps
	}
	k.now = k.begun
	for i, still := range paused {
		if still && (i == 0 || !paused[i-1]) {
			k.eligible = k.up < 0 || k.up >= k.now
		}
		k.pass(still)
	}
	if k.now = now; !changed {
		return
	}
	k.eligible = true
	if k.up >= 0 && k.up < now && !k.lost {
		k.up, k.owed = now, 0
	}
}

// pass lets a step pass.
func (k *walker) pass(still bool) {
	k.paused = append(k.paused, still)
	k.now++
	if k.term < 0 {
		return
	}
	works := k.works(k.now - 1)
	longer := still && k.eligible
	if longer && !k.knows(k.now) {
		k.lost = true
	}
	if longer && works {
		k.owed++
	}
	if k.base >= 0 && k.now > k.base && works && k.owed > 0 {
		k.owed--
	}
	if k.base >= 0 && k.now >= k.base && k.owed == 0 && (k.up < 0 || longer && works) {
		k.up = k.now
	}
}

// instant takes what happens at one instant: a stop first. ender is the deed that ends the
// clock, if one does.
func (k *walker) instant(here []deed, turned bool) (ender *deed, stopped bool, why string) {
	if i := slices.IndexFunc(here, func(d deed) bool { return d.what == k.p.stop }); i >= 0 {
		k.grade = max(k.grade, here[i].grade)
		return &here[i], true, ""
	}
	for i, d := range here {
		if d.what == "removed" {
			k.grade = max(k.grade, d.grade)
			return &here[i], false, "the record was removed"
		}
		to := d.state()
		if to == "" {
			continue
		}
		before, ended := k.still(), k.state == "done" || k.state == "dropped"
		k.state = to
		switch {
		case turned && i == len(here)-1:
			k.grade = max(k.grade, d.grade)
			if ended {
				return &here[i], false, "it was reopened"
			}
			return &here[i], false, "it went back to " + to + " and begins anew"
		case to == "done" || to == "dropped":
			k.grade = max(k.grade, d.grade)
			return &here[i], false, "it ended as " + to
		case before != k.still():
			k.grade = max(k.grade, d.grade)
		}
	}
	return nil, false, ""
}

// say puts how the clock stands into words.
func (k *walker) say(start deed, ender *deed, stopped bool, why string) string {
	if k.term < 0 {
		return ""
	}
	now, ran := k.now, 0
	for i, still := range k.paused {
		if !still && k.works(k.begun+i) {
			ran++
		}
	}
	due := k.due()
	if k.p.goal && k.read(min(now, cmp.Or(max(due, 0), now))).goal != "none" {
		return ""
	}
	late := now > due
	if due < 0 {
		late = !k.knows(now)
	}
	state, ended := "running", fmt.Sprint(now)
	switch atOnce := ender != nil && k.begun == now; {
	case atOnce && !k.witnessed && !start.raised && !ender.raised:
		state, why = "unknown", "start and end are one landing that nobody witnessed"
	case atOnce && (!k.witnessed || start.raised || ender.raised):
		state, why = "unknown", "start and end have one time, and nobody saw how far apart they were"
	case late && due < 0:
		state, why = "unknown", "it runs past the end of the calendar "+k.named()
	case stopped && !late:
		state = "met"
	case late:
		state = "breached"
	case ender != nil:
		state = "void"
	case k.still():
		state = "paused"
	}
	if k.grade == evidence.Unknown && state != "unknown" {
		state, why = "unknown", cmp.Or(why, "a time or an actor that it rests on is not known")
	}
	switch {
	case why != "":
	case due < 0 && ender == nil:
		why = "when it is due is not known: the calendar " + k.named() + " ends before"
	case !k.knows(now):
		why = "time after the end of the calendar " + k.named() + " is not counted"
	}
	if state == "unknown" {
		k.grade = evidence.Unknown
	}
	if ender == nil {
		ended = "-"
	}
	if why != "" {
		why = " (" + why + ")"
	}
	return fmt.Sprintf("%s at %s, due %s, ran %d, %s%s", state, ended, word(due), ran, k.grade, why)
}

// due lets time pass until it is up: -1 where it is not known, -2 beyond what was reckoned.
func (k *walker) due() int {
	for c := k.p.terms[k.term].calendar; k.up < 0 && k.base >= 0 && !k.lost; {
		if c >= 0 && k.now >= len(k.calendars[c].works) {
			return -2
		}
		if !k.knows(k.now + 1) {
			return -1
		}
		k.pass(false)
	}
	switch {
	case k.lost:
		return -1
	case k.base < 0:
		return k.base
	}
	return k.up
}

func (k *walker) named() string { return fmt.Sprintf("c%d", k.p.terms[k.term].calendar) }

func word(step int) string {
	switch step {
	case -1:
		return "-"
	case -2:
		return "?"
	}
	return fmt.Sprint(step)
}

// A batch is a definition, drawn at random near a corner of the calendar, and what the oracle
// knows of it.
type batch struct {
	corner   corner
	begin    time.Time
	step     int // minutes
	def      *workflow.Definition
	reckoned []reckoning
	promises []promise
	src      string
}

const (
	days     = 50 // that are reckoned
	promised = 60 // targets of a batch
)

// draw makes a batch: three offices, and two unions of them.
func draw(t testing.TB, r *rand.Rand) *batch {
	b := &batch{corner: corners[r.IntN(len(corners))], step: []int{1, 5, 15}[r.IntN(3)]}
	if b.corner.zone == "America/St_Johns" {
		b.step = 1
	}
	zone := located(t, b.corner.zone)
	day, err := time.ParseInLocation(time.DateOnly, b.corner.day, zone)
	if err != nil {
		t.Fatal(err)
	}
	b.begin = day.UTC().Truncate(30 * time.Minute)
	files := map[string]string{}
	var yaml strings.Builder
	var places []place
	for i := range 3 {
		where := zone
		if i > 0 {
			where = located(t, corners[r.IntN(len(corners)-2)].zone)
		}
		p := somePlace(r, where, day, max(5, b.step))
		lines, ics := p.yaml(fmt.Sprintf("c%d", i))
		yaml.WriteString(lines)
		files[fmt.Sprintf("c%d.ics", i)] = ics
		places = append(places, p)
		b.reckoned = append(b.reckoned, reckon([]place{p}, where, b.begin, b.step, days*24*60/b.step))
	}
	yaml.WriteString("  c3: {timezone: Asia/Tokyo, any_of: [c0, c1]}\n  c4: {any_of: [c3, c2]}\n")
	b.reckoned = append(b.reckoned, reckon(places[:2], located(t, "Asia/Tokyo"), b.begin, b.step, days*24*60/b.step),
		reckon(places, located(t, "Europe/Berlin"), b.begin, b.step, days*24*60/b.step))
	for range promised {
		b.promises = append(b.promises, b.promise(r))
	}
	b.define(t, yaml.String(), files)
	return b
}

func located(t testing.TB, name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// promise draws a target.
func (b *batch) promise(r *rand.Rand) promise {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	p := promise{start: pick("filed", "filed", "okay", "replied", "responded"), stop: pick("responded", "responded", "okay", "done", "new"),
		repeat: pick("first", "first", "next", "every"), pause: r.IntN(4) > 0, goal: r.IntN(4) == 0}
	if p.start == "okay" && p.stop == "okay" {
		p.stop = "done"
	}
	for _, priority := range [][]string{{""}, {""}, {"high", ""}, {"high", "low", ""}, {"high"}}[r.IntN(5)] {
		p.terms = append(p.terms, b.term(r, priority))
	}
	return p
}

func (b *batch) term(r *rand.Rand, priority string) term {
	t := term{priority: priority, calendar: r.IntN(7) - 2}
	switch {
	case t.calendar < 0:
		t.calendar, t.length = -1, length{always: true, steps: 1 + r.IntN(400/b.step+9)}
	case r.IntN(3) == 0:
		t.length.days = 1 + r.IntN(4)
	default:
		t.length.steps = 1 + r.IntN(900/b.step+9)
	}
	return t
}

// define reads the batch's definition as a desk would write it.
func (b *batch) define(t testing.TB, calendars string, files map[string]string) {
	b.src = `desk: D
timezone: Europe/Berlin
kinds:
  ask:
    files: "asks/*"
    status: status
    states: {new: {initial: true}, wait: {paused: true}, okay: {}, done: {final: true}, dropped: {final: true}}
roles: {helper: "true"}
calendars:
` + calendars + "targets:\n"
	for i, p := range b.promises {
		b.src += p.yaml(i, b.step)
	}
	def, findings, err := compiled.Read(workflow.Path, []byte(b.src), func(path string) ([]byte, error) {
		if files[path] == "" {
			return nil, fs.ErrNotExist
		}
		return []byte(files[path]), nil
	})
	if err != nil || def == nil {
		t.Fatal(err, findings, b.src)
	}
	b.def = def
}

// yaml is the promise as the definition has it.
func (p promise) yaml(i, step int) string {
	var b strings.Builder
	trigger := func(s string) string {
		if s == "filed" || s == "responded" || s == "replied" {
			return s
		}
		return "moved(" + s + ")"
	}
	fmt.Fprintf(&b, "  p%d:\n    {of: ask, responder: helper, start: %s, stop: %s, repeat: %s", i, trigger(p.start), trigger(p.stop), p.repeat)
	if !p.pause {
		b.WriteString(", pause: []")
	}
	if p.goal {
		b.WriteString(`, where: "record.goal == 'none'"`)
	}
	var cases []string
	for _, t := range p.terms {
		own := t.yaml(step)
		if t.priority == "" {
			b.WriteString(", " + own)
			continue
		}
		cases = append(cases, fmt.Sprintf(`{where: "record.priority == '%s'", %s}`, t.priority, own))
	}
	if len(cases) > 0 {
		b.WriteString(", cases: [" + strings.Join(cases, ", ") + "]")
	}
	return b.String() + "}\n"
}

func (t term) yaml(step int) string {
	switch minutes := t.length.steps * step; {
	case t.length.always:
		return fmt.Sprintf("within: %d minutes, calendar: always", minutes)
	case t.length.days > 0:
		return fmt.Sprintf("within: %d business days, calendar: c%d", t.length.days, t.calendar)
	case minutes%60 == 0:
		return fmt.Sprintf("within: %d business hours, calendar: c%d", minutes/60, t.calendar)
	default:
		return fmt.Sprintf("within: %d business minutes, calendar: c%d", minutes, t.calendar)
	}
}

// story makes up a short story of some minutes, some hours or some days.
func (b *batch) story(r *rand.Rand) world {
	w := world{calendars: b.reckoned, witnessed: r.IntN(4) > 0}
	scale := []int{1, 60, 12 * 60}[r.IntN(3)]/b.step + 1
	step := r.IntN(4 * 24 * 60 / b.step)
	w.deeds = []deed{{step: step, what: "filed", grade: someGrade(r)}}
	state := "new"
	for range r.IntN(9) {
		step += r.IntN(5) * r.IntN(3) * (1 + r.IntN(scale))
		what := []string{"responded", "replied", "replied", "edited", "wait", "wait", "wait", "new", "new", "okay", "okay", "done", "dropped", "removed"}[r.IntN(14)]
		d := deed{n: len(w.deeds), step: step, what: what, grade: someGrade(r), raised: r.IntN(12) == 0}
		if s := d.state(); s == state {
			continue
		} else if s != "" {
			state = s
		}
		if w.deeds = append(w.deeds, d); what == "removed" {
			break
		}
	}
	w.asOf = step + r.IntN(12)*(1+r.IntN(scale))
	w.sayings = []saying{{w.deeds[0].step + r.IntN(3), somePriority(r), someGoal(r)}}
	for at := w.sayings[0].step; r.IntN(2) == 0; {
		at += r.IntN(max(1, w.asOf-at))
		w.sayings = append(w.sayings, saying{at, somePriority(r), someGoal(r)})
	}
	return w
}

func someGrade(r *rand.Rand) evidence.Grade {
	return []evidence.Grade{0, 0, 0, 0, 0, 0, 0, 0, evidence.Landed, evidence.Claimed, evidence.Declared, evidence.Unknown}[r.IntN(12)]
}

func somePriority(r *rand.Rand) string { return []string{"high", "low", "none"}[r.IntN(3)] }

func someGoal(r *rand.Rand) string { return []string{"none", "none", "g1"}[r.IntN(3)] }

// run tells the story to the program.
func (b *batch) run(w world, i int) []clock.Clock {
	at := func(step int) time.Time { return b.begin.Add(time.Duration(step*b.step) * time.Minute) }
	kind := b.def.Kind("ask")
	rec := &event.Record{Kind: kind, ID: "asks/a", Path: "asks/a"}
	state := "new"
	for _, d := range w.deeds {
		e := event.Event{Time: at(d.step), Kind: "ask", Record: rec.ID, Name: event.Name(d.what), Evidence: d.grade, Raised: d.raised}
		switch {
		case d.raised:
			e.Commit = fmt.Sprint("raised-", d.n)
		case w.witnessed:
			e.Pull = 1
		default:
			e.Commit = fmt.Sprint("landing-", d.step)
		}
		if to := d.state(); d.what == "filed" {
			e.To = to
		} else if to != "" {
			e.Name, e.From, e.To, e.Turn = event.Moved, state, to, kind.TurnOf(state, to)
			state = to
		}
		if e.Name == event.Responded {
			e.Roles = []string{"helper"}
		}
		rec.Events = append(rec.Events, e)
	}
	for _, s := range w.sayings {
		rec.Versions = append(rec.Versions, event.Version{Time: at(s.step), Values: map[string]any{"priority": s.priority, "goal": s.goal}})
	}
	one := *b.def
	one.Targets = b.def.Targets[i : i+1]
	return runOne(&one, rec, at(w.asOf))
}

// words are the program's clocks as the oracle puts them.
func (b *batch) words(clocks []clock.Clock) []string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return fmt.Sprint(int(t.Sub(b.begin).Minutes()) / b.step)
	}
	var out []string
	for _, c := range clocks {
		line := fmt.Sprintf("%d.%d: %s at %s, due %s, ran %d, %s", c.Cycle, c.Round, c.State, at(c.Ended), at(c.Due), int(c.Elapsed.Minutes())/b.step, c.Evidence)
		if c.Why != "" {
			line += " (" + c.Why + ")"
		}
		out = append(out, line)
	}
	return out
}

// TestClocksAgreeWithTheOracle compares the program with the oracle over random calendars,
// zones, pauses, cycles and stops. A million cases, which take some minutes:
//
//	go test ./action/internal/clock -run Oracle -v -oracle.cases 1000000 -timeout 60m
func TestClocksAgreeWithTheOracle(t *testing.T) {
	const perBatch = 2000
	states := map[clock.State]int{}
	told, beyond, due := 0, 0, map[string]int{}
	for n := uint64(0); told < *oracleCases; n++ {
		r := rand.New(rand.NewPCG(*oracleSeed, n))
		b := draw(t, r)
		for range min(perBatch, *oracleCases-told) {
			told++
			w, i := b.story(r), r.IntN(promised)
			want := w.simulate(b.promises[i])
			if slices.ContainsFunc(want, func(s string) bool { return strings.Contains(s, "due ?") }) {
				beyond++
				continue
			}
			clocks := b.run(w, i)
			if diff := gocmp.Diff(want, b.words(clocks), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("seed %d, batch %d, story %d, at %v in steps of %d minutes\n%s%s\n%+v\nsays %+v\nas of %d (-oracle +program):\n%s",
					*oracleSeed, n, told, b.begin, b.step, b.src[:strings.Index(b.src, "targets:")], b.promises[i].yaml(i, b.step), w.deeds, w.sayings, w.asOf, diff)
			}
			for _, c := range clocks {
				states[c.State]++
				if c.Due.IsZero() {
					due["unknown"]++
				}
				if c.Case != nil && c.Case.Within.Business() {
					due["business"]++
				}
			}
		}
	}
	t.Logf("%d cases, seed %d: no difference; %d were due beyond what the oracle reckons; clocks %v, of them %v", told, *oracleSeed, beyond, states, due)
	for _, s := range []clock.State{clock.Met, clock.Breached, clock.Running, clock.Paused, clock.Void, clock.Unknown} {
		if states[s] < told/200 {
			t.Errorf("only %d of %d clocks are %s: the stories are not about it", states[s], told, s)
		}
	}
	if beyond > told/20 {
		t.Errorf("%d of %d stories go beyond what the oracle reckons", beyond, told)
	}
}
