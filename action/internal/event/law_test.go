package event_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A teller makes up a story hour by hour: what truly happened, some clocks being wrong.
type teller struct {
	*story
	r     *rapid.T
	hour  float64
	truth []float64    // when each landing truly landed
	open  map[int]bool // open pull requests by index
	paths []string     // where requests may be born; a path is proposed by one open pull request at a time
	calm  bool         // from here on clocks that are right are never outnumbered
	right int          // since then, how many more clocks were right than wrong
}

func (t *teller) someone() account.Account {
	return rapid.SampledFrom([]account.Account{lia, mara, noor, ann, bob, none}).Draw(t.r, "who")
}

// made up is a story of a few dozen hours; of the landings after the hour of calm there are
// never more whose clock is wrong than whose clock is right.
func madeUp(tb testing.TB, def *workflow.Definition, r *rapid.T) (t *teller, calm float64) {
	t = &teller{story: &story{t: tb, def: def, tree: map[string]string{}, blobs: map[string]string{}}, r: r, open: map[int]bool{}}
	t.paths = []string{"requests/2026/a.yaml", "requests/2026/b.yaml", "requests/2027/a.yaml"}
	t.landing(mara, "roster/people/mara.yaml", person(mara, "manager", "2020-01-01"), lias, person(lia, "liaison", "2020-01-01"))
	steps := rapid.IntRange(3, 30).Draw(r, "steps")
	calmAt := rapid.IntRange(0, steps).Draw(r, "calm")
	for i := range steps {
		t.hour += float64(rapid.IntRange(0, 5).Draw(r, "wait"))
		if i == calmAt {
			calm, t.calm = t.hour+0.5, true
			t.hour++
		}
		rapid.SampledFrom([]func(){t.propose, t.propose, t.say, t.say, t.say, t.mergeOne, t.mergeOne, t.push, t.push, t.hire}).Draw(r, "step")()
	}
	if t.hour++; calm == 0 {
		calm = t.hour
	}
	t.asOf = at(t.hour)
	return t, calm
}

// landing lands files now, by a clock that may be slow or wild where the story allows it.
func (t *teller) landing(who account.Account, files ...string) *event.Landing {
	clock, calm := t.hour, t.calm && t.right == 0
	if !calm && len(t.landings) > 0 {
		clock -= float64(rapid.SampledFrom([]int{0, 0, 0, 3, 40}).Draw(t.r, "slow"))
	}
	l := t.land(clock, who, files...)
	if !calm {
		l.Time = rapid.SampledFrom([]time.Time{l.Time, l.Time, l.Time, l.Time, {}, at(5000)}).Draw(t.r, "clock")
	}
	switch {
	case !t.calm:
	case l.Time.Equal(at(t.hour)):
		t.right++
	default:
		t.right--
	}
	l.ByForge = rapid.Bool().Draw(t.r, "by GitHub")
	t.truth = append(t.truth, t.hour)
	return l
}

func (t *teller) propose() {
	path := rapid.SampledFrom(t.paths).Draw(t.r, "path")
	for i := range t.pulls {
		if t.open[i] && t.pulls[i].Records[0].Path == path || t.tree[path] != "" {
			return
		}
	}
	t.open[len(t.pulls)] = true
	t.pull(len(t.pulls)+1, path, saw(t.hour, "opened", t.someone()))
}

// one is some pull request's index, or -1.
func (t *teller) one() int {
	if len(t.pulls) == 0 {
		return -1
	}
	return rapid.IntRange(0, len(t.pulls)-1).Draw(t.r, "pull")
}

func (t *teller) say() {
	if i := t.one(); i >= 0 {
		kind := rapid.SampledFrom([]string{"commented", "reviewed/approved", "reviewed/changes_requested", "pushed", "closed", "reopened"}).Draw(t.r, "say")
		t.pulls[i].Entries = append(t.pulls[i].Entries, saw(t.hour, kind, t.someone()))
	}
}

// mergeOne merges an open pull request in up to three commits.
func (t *teller) mergeOne() {
	i := t.one()
	if i < 0 || !t.open[i] {
		return
	}
	path := t.pulls[i].Records[0].Path
	if t.tree[path] != "" {
		return
	}
	t.open[i] = false
	first, last, who := "", "", t.someone()
	for range rapid.IntRange(1, 3).Draw(t.r, "commits") {
		last = t.landing(who, path, t.text()).Commit
		if first == "" {
			first = last
		}
	}
	t.pulls[i].Entries = append(t.pulls[i].Entries, merged(t.hour, who, first, last))
}

func (t *teller) text() string {
	lines := []string{"goal: g" + fmt.Sprint(rapid.IntRange(0, 99).Draw(t.r, "goal"))}
	for _, l := range []string{"assignees: [{person: lia}]", "starts: 2026-08-01", "reason: x", "outcome: {text: x}"} {
		if rapid.Bool().Draw(t.r, l) {
			lines = append(lines, l)
		}
	}
	if s := rapid.SampledFrom([]string{"", "submitted", "accepted", "resourced", "stalled", "done", "declined", "nonsense", "["}).Draw(t.r, "status"); s != "" {
		lines = append(lines, "status: "+s)
	}
	return request(lines...)
}

// push lands a change of some request without a pull request.
func (t *teller) push() {
	path, to := rapid.SampledFrom(t.paths).Draw(t.r, "path"), rapid.SampledFrom(t.paths).Draw(t.r, "to")
	switch how := rapid.IntRange(0, 4).Draw(t.r, "how"); {
	case how == 0 && t.tree[path] != "":
		t.landing(t.someone(), path, "")
	case how == 1 && t.tree[path] != "" && t.tree[to] == "":
		t.landing(t.someone(), path, "", to, t.blobs[t.tree[path]])
	default:
		t.landing(t.someone(), path, t.text())
	}
}

func (t *teller) hire() {
	t.landing(mara, "roster/people/noor.yaml", person(noor, "liaison", rapid.SampledFrom([]string{"2020-01-01", "2026-07-02"}).Draw(t.r, "from")))
}

// until is the story as it could be told at an hour.
func (t *teller) until(hour float64) *story {
	s := *t.story
	s.asOf = at(hour)
	n, _ := slices.BinarySearch(t.truth, hour)
	s.landings = event.Cut(t.landings[:n], t.pulls, at(hour))
	s.pulls = nil
	for _, p := range t.pulls {
		p.Entries = slices.DeleteFunc(slices.Clone(p.Entries), func(e event.Entry) bool { return e.At.After(at(hour)) })
		s.pulls = append(s.pulls, p)
	}
	return &s
}

// everything that the ledger says, to the byte.
func everything(s *story) []string {
	ledger, _ := s.derive()
	var out []string
	for _, e := range inOrder(ledger) {
		out = append(out, fmt.Sprintf("%+v", e))
	}
	for _, a := range ledger.Alarms {
		out = append(out, fmt.Sprintf("%+v", a))
	}
	for _, r := range ledger.Records {
		out = append(out, r.ID, r.Path, r.State, r.FileStatus, fmt.Sprint(r.Live, r.Landed, r.Pull, r.Filer, r.Title, r.Values, r.Versions))
	}
	return out
}

// What was known at an instant can be told again later, to the byte, while wrong clocks do
// not outnumber right ones (docs/decisions/as-of.md).
func TestThePastDoesNotChange(t *testing.T) {
	def := tell(t, "").def
	law.Check(t, func(r *rapid.T) {
		s, then := madeUp(t, def, r)
		now := *s.story
		now.asOf, now.landings = at(then), event.Cut(s.landings, s.pulls, at(then))
		if diff := cmp.Diff(everything(s.until(then)), everything(&now)); diff != "" {
			r.Fatalf("as of hour %v (-then +told at hour %v):\n%s\n%s", then, s.hour, diff, strings.Join(s.plot(), "\n"))
		}
	})
}

// plot is the story in words, for when a law breaks.
func (t *teller) plot() []string {
	var out []string
	for i, l := range t.landings {
		out = append(out, fmt.Sprintf("%v: %s clock %v by %v: %v", t.truth[i], l.Commit, l.Time.Sub(start).Hours(), l.Author, l.Changes))
	}
	for _, p := range t.pulls {
		out = append(out, fmt.Sprintf("%+v", p))
	}
	return out
}

// A record that was once known is known by the same id for ever, unless something landed by
// a clock that was ahead of as-of, of which nobody could know then.
func TestIDsAreForEver(t *testing.T) {
	def := tell(t, "").def
	who := func(r *event.Record) string { return fmt.Sprint(r.Pull, " ", r.Events[0].Time, " ", r.Filer) }
	law.Check(t, func(r *rapid.T) {
		s, then := madeUp(t, def, r)
		was := s.until(then)
		if n, _ := slices.BinarySearch(s.truth, then); len(was.landings) < n {
			return
		}
		before, _ := was.derive()
		after, _ := s.derive()
		for _, b := range before.Records {
			i := slices.IndexFunc(after.Records, func(a *event.Record) bool { return a.ID == b.ID })
			if i < 0 || who(after.Records[i]) != who(b) {
				r.Fatalf("%s was %s as of hour %v and is no more:\n%s", b.ID, who(b), then, strings.Join(s.plot(), "\n"))
			}
		}
	})
}

func TestTheOrderOfPullRequestsDoesNotMatter(t *testing.T) {
	def := tell(t, "").def
	law.Check(t, func(r *rapid.T) {
		s, _ := madeUp(t, def, r)
		other := *s.story
		other.pulls = rapid.Permutation(s.pulls).Draw(r, "order")
		if diff := cmp.Diff(everything(s.story), everything(&other)); diff != "" {
			r.Fatal(diff)
		}
	})
}

func TestEventsAreInOrder(t *testing.T) {
	def := tell(t, "").def
	law.Check(t, func(r *rapid.T) {
		s, _ := madeUp(t, def, r)
		ledger, _ := s.derive()
		lists := [][]event.Event{inOrder(ledger)}
		for _, rec := range ledger.Records {
			lists = append(lists, rec.Events)
			if rec.Events[0].Name != event.Filed {
				r.Fatalf("%s begins with %s", rec.ID, words(rec.Events[0]))
			}
		}
		for _, es := range lists {
			if !slices.IsSortedFunc(es, func(a, b event.Event) int { return a.Time.Compare(b.Time) }) {
				r.Fatalf("not by time: %+v", es)
			}
		}
	})
}

// Pull requests on a line of as many landings, a third of which come and go at one path: twice
// as many take twice the work.
func TestTwiceTheHistoryIsTwiceTheWork(t *testing.T) {
	const n = 2_500
	once, twice := work(long(t, n)), work(long(t, 2*n))
	if 10*twice.allocated > 22*once.allocated || twice.reads > 2*once.reads {
		t.Errorf("%+v, and of a history twice as long %+v", once, twice)
	}
}

// An effort is what a ledger and a cut of a history take.
type effort struct {
	allocated uint64 // objects in memory
	reads     int    // blobs
}

func work(s *story) effort {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s.derive()
	event.Cut(s.landings, s.pulls, start.Add(s.asOf.Sub(start)/3))
	runtime.ReadMemStats(&after)
	return effort{after.Mallocs - before.Mallocs, s.reads}
}

// long is a story of n pull requests.
func long(t *testing.T, n int) *story {
	s := tell(t, "")
	s.landings, s.asOf = slices.Grow(s.landings, n), at(3*float64(n))
	for i := range n {
		path, h := fmt.Sprintf("requests/2026/r%d.yaml", i), float64(2*i)
		switch i % 3 {
		case 0:
			path = "requests/2026/again.yaml"
			s.pull(i+1, path, saw(h, "opened", ann), saw(h+0.1, "closed", bob))
			content := request(fmt.Sprintf("goal: g%d", i))
			if i%2 == 0 {
				content = ""
			}
			s.land(h+1, lia, path, content)
		case 1:
			s.pull(i+1, path, saw(h, "opened", ann))
			s.merge(h+1, lia, path, request())
		default:
			s.pull(i+1, path, saw(h, "opened", ann), saw(h+1, "commented", lia))
			s.land(h+1, lia, "README.md", fmt.Sprint(i))
		}
	}
	return s
}
