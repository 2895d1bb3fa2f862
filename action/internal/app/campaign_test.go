package app_test

// The fault campaign: everything that can go wrong between `reconcile --apply` or `gate
// --apply` and GitHub is let go wrong, at every call that a run makes, and after one clean
// run the desk must look as if nothing had happened.
//
//	go test ./action/internal/app -run Campaign                       a sample of it, in seconds
//	LIAISON_CAMPAIGN=full go test -timeout 3h ./action/internal/app -run Campaign -v
//	LIAISON_CAMPAIGN=15m go test -timeout 1h …                        all of it, in any order, for 15 minutes a command
//	LIAISON_CAMPAIGN_SEED=7 …                                         other samples, other random schedules
//	… -run 'Campaign/reconcile/fault/lost_answer'                     a part of it: a schedule is a subtest
//
// With -v it ends with a tally. A schedule whose fault never struck has shown nothing: it is
// counted apart, and passes.

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/sim/github"
)

func TestCampaign(t *testing.T) {
	t.Parallel()
	extent := os.Getenv("LIAISON_CAMPAIGN")
	bound, _ := time.ParseDuration(extent)
	seed, _ := strconv.ParseUint(os.Getenv("LIAISON_CAMPAIGN_SEED"), 10, 64)
	t.Logf("LIAISON_CAMPAIGN_SEED=%d", seed)
	desk := newBusy(t)
	for _, args := range [][]string{{"reconcile", "--apply"}, {"gate", "--sweep", "--apply"}} {
		c := newCampaign(t, desk, seed, args)
		t.Run(args[0], func(t *testing.T) {
			begun := time.Now()
			for _, s := range c.schedules(extent != "") {
				t.Run(s.name, func(t *testing.T) {
					t.Parallel()
					if bound > 0 && time.Since(begun) > bound {
						t.Skip("its time is over")
					}
					c.try(t, s)
				})
			}
		})
	}
}

// A campaign is what is tried on one command.
type campaign struct {
	desk  *busy
	args  []string
	seed  uint64
	calls []github.Call // of a run that nothing happens to
	want  scene         // after it

	mu    sync.Mutex
	tally tally
}

// A tally is what a campaign has tried.
type tally struct {
	tried, invalid      int
	duplicates, lost    int         // of issues and comments, and of issues, after a clean run
	whileActive         int         // schedules with a duplicate of anything before the clean run
	exits               map[int]int // of the runs that went wrong
	callsMade, runsMade int
}

// newCampaign looks at a run that nothing happens to.
func newCampaign(t *testing.T, desk *busy, seed uint64, args []string) *campaign {
	t.Helper()
	c := &campaign{desk: desk, args: args, seed: seed, tally: tally{exits: map[int]int{}}}
	b := desk.copied(t)
	before := b.sees()
	b.world.Reset()
	b.ends(0, "10", args...)
	c.calls = b.world.Log()
	c.want = b.sees()
	c.shown(t, before)
	b.after(15 * time.Minute)
	if out := b.ends(0, "11", args...); !strings.Contains(out, "Nothing to do") {
		t.Fatalf("planning again yields something:\n%s", out)
	}
	t.Cleanup(func() { t.Logf("%s: %d calls in an undisturbed run; %+v", args[0], len(c.calls), c.tally) })
	return c
}

// shown fails where an undisturbed run does not lead to what it should.
func (c *campaign) shown(t *testing.T, before scene) {
	t.Helper()
	if !slices.Equal(before.Others, c.want.Others) {
		t.Fatalf("issues of others were\n%s\nand are\n%s", before.Others, c.want.Others)
	}
	if many := twice(c.want); len(many) > 0 {
		t.Fatalf("it is there several times: %s", many)
	}
	var open []string
	for _, key := range slices.Sorted(maps.Keys(c.want.Issues)) {
		open = append(open, strings.Split(c.want.Issues[key][0], "\n")[0])
	}
	want := map[string][]string{
		"reconcile": {"Late: Tell communities about something (first response)", "Late: Tell communities about something else (first response)",
			"Refused: a change to Tell communities about something", "SLA report", "At risk: 1 promise"},
		"gate": {"Late: Tell communities about something (first response)", "Late: Tell communities about something (first response)", "SLA report"},
	}[c.args[0]]
	if !slices.Equal(open, want) {
		t.Fatalf("the open issues are\n%s\nexpected\n%s", strings.Join(open, "\n"), strings.Join(want, "\n"))
	}
}

// A schedule is what goes wrong, and when.
type schedule struct {
	name  string
	plans []github.Plan
	kills []int // one for each run that goes wrong: after which call it dies; 0: it lives
	waits []time.Duration
	race  chooser // two runs at once take turns as it says; nil: there is one run
	lag   int     // how many calls lists lag behind meanwhile
}

// schedules are those of the whole campaign, or a sample: a run that is killed after each
// call, each fault once, and a few of the others.
func (c *campaign) schedules(full bool) []schedule {
	r := rand.New(rand.NewPCG(c.seed, 1))
	some := func(list []schedule, n int) []schedule {
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		if full {
			return list
		}
		return list[:min(n, len(list))]
	}
	var out []schedule
	for k := range c.calls {
		out = append(out, some([]schedule{
			{name: fmt.Sprintf("kill/%d", k+1), kills: []int{k + 1}},
			{name: fmt.Sprintf("kill_and_rerun_at_once/%d", k+1), kills: []int{k + 1, 0}, waits: []time.Duration{0}},
		}, 1)...)
	}
	for _, f := range github.Faults() {
		out = append(out, some(slices.Concat(c.once(f), c.forever(f)), 1)...)
	}
	if c.args[0] == "gate" { // which has less to lose
		out = some(out, len(out)/2)
	}
	out = append(out, some(c.races(), 3)...)
	var random []schedule
	for i := range 300 {
		random = append(random, c.random(c.seed*1_000_000+uint64(i)))
	}
	return some(append(out, some(random, 2)...), math.MaxInt)
}

func slug(f github.Fault) string {
	return regexp.MustCompile(`[^a-z0-9]+`).ReplaceAllString(strings.ToLower(string(f)), "_")
}

// once lets a fault strike each call.
func (c *campaign) once(f github.Fault) []schedule {
	var out []schedule
	for k := range c.calls {
		out = append(out, schedule{name: fmt.Sprintf("fault/%s/once/%d", slug(f), k+1),
			plans: []github.Plan{{Fault: f, Call: k + 1}}, kills: []int{0}})
	}
	return out
}

// forever lets a fault strike all calls of each address, until it is healed.
func (c *campaign) forever(f github.Fault) []schedule {
	var out []schedule
	for _, match := range c.addresses() {
		name := strings.NewReplacer(" ", "_", "/", "_", "*", "n").Replace(strings.Replace(match, "/repos/*/*/", "", 1))
		out = append(out, schedule{name: fmt.Sprintf("fault/%s/forever/%s", slug(f), name),
			plans: []github.Plan{{Fault: f, Match: match, Forever: true}}, kills: []int{0}})
	}
	return out
}

var numbers = regexp.MustCompile(`/([0-9a-f]{40}|[0-9]+)(/|$)`)

// addresses are the kinds of calls that a run makes, as patterns.
func (c *campaign) addresses() []string {
	seen := map[string]bool{}
	for _, call := range c.calls {
		p := numbers.ReplaceAllString(call.Path, "/*$2")
		seen[call.Method+" "+strings.Replace(p, "/repos/example-org/example-desk", "/repos/*/*", 1)] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// races let a second run begin and end between two calls of a first one; and both take turns
// at random.
func (c *campaign) races() []schedule {
	var out []schedule
	for _, lag := range []int{0, 4} {
		for k := range c.calls {
			out = append(out, schedule{name: fmt.Sprintf("race/lag_%d/after_call_%d", lag, k), lag: lag, race: between(k)})
		}
		for i := range uint64(20) {
			r := rand.New(rand.NewPCG(c.seed, 1000+i))
			out = append(out, schedule{name: fmt.Sprintf("race/lag_%d/seed_%d", lag, i), lag: lag, race: func([]int, []int) int { return r.IntN(2) }})
		}
	}
	return out
}

// random lets several things go wrong, one after the other, in up to three runs.
func (c *campaign) random(seed uint64) schedule {
	r := rand.New(rand.NewPCG(seed, 2))
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	s := schedule{name: fmt.Sprintf("random/%d", seed), lag: []int{0, 0, 0, 3}[r.IntN(4)]}
	for range 1 + r.IntN(4) {
		p := github.Plan{Fault: github.Faults()[r.IntN(len(github.Faults()))]}
		switch r.IntN(3) {
		case 0:
			p.Match = pick(c.addresses())
		case 1:
			p.Match, p.Forever = pick(c.addresses()), true
		default:
			p.Call = 1 + r.IntN(len(c.calls))
		}
		s.plans = append(s.plans, p)
	}
	for i := range 1 + r.IntN(3) {
		if i > 0 {
			s.waits = append(s.waits, time.Duration(r.IntN(12))*time.Minute)
		}
		s.kills = append(s.kills, max(0, r.IntN(2*len(c.calls))-len(c.calls)))
	}
	return s
}

// try lets a schedule happen to a desk of its own, and then one clean run.
func (c *campaign) try(t *testing.T, s schedule) {
	b := c.desk.copied(t)
	b.world.Lag(s.lag, 0)
	for _, p := range s.plans {
		b.world.Plan(p)
	}
	var said string
	if s.race == nil {
		said = c.disturbed(t, b, s)
	} else {
		said = c.race(t, b, s)
	}
	valid := len(s.plans) == 0 || len(b.world.Unfired()) < len(s.plans)
	b.world.Heal()
	b.world.Lag(0, 0)
	early := twice(b.sees())
	c.count(func(y *tally) {
		y.tried++
		if !valid {
			y.invalid++
		}
		if len(early) > 0 {
			y.whileActive++
		}
	})
	if len(early) > 0 && s.onlyWire() && !(s.race != nil && c.args[0] == "gate") { // which claims nothing
		t.Errorf("it is there several times, and no fault excuses it: %s\n%s", early, said)
	}
	b.after(15 * time.Minute)
	b.world.Reset()
	clean := c.clean(t, b)
	c.compare(t, b, s, said+"\n--- the clean run:\n"+clean)
	if again := c.clean(t, b); !strings.Contains(again, "Nothing to do") && !strings.Contains(again, locked) {
		t.Errorf("a run after the clean one has something to do:\n%s\n--- before:\n%s", again, clean)
	}
}

func (c *campaign) count(how func(*tally)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	how(&c.tally)
}

// locked is what a run says that may not comment; then it goes on trying.
const locked = "a person locked it"

// clean is a run to which nothing happens. It ends well, unless a person keeps it from it.
func (c *campaign) clean(t *testing.T, b *busy) string {
	t.Helper()
	code, out := b.run(context.Background(), "90", c.args...)
	if code != 0 && !(code == 4 && strings.Contains(out, locked)) {
		t.Errorf("the clean run ends with exit code %d:\n%s", code, out)
	}
	return out
}

// disturbed is what the runs say to which a schedule happens.
func (c *campaign) disturbed(t *testing.T, b *busy, s schedule) string {
	t.Helper()
	var said strings.Builder
	for i, kill := range s.kills {
		if i > 0 {
			b.after(s.waits[i-1])
		}
		b.world.Reset()
		ctx := context.Background()
		if kill > 0 {
			ctx = b.world.KillAfter(ctx, kill)
		}
		code, out := b.run(ctx, strconv.Itoa(20+i), c.args...)
		c.count(func(y *tally) { y.exits[code]++; y.runsMade++; y.callsMade += len(b.world.Log()) })
		fmt.Fprintf(&said, "--- run %d, exit code %d:\n%s", i+1, code, out)
		if ctx.Err() != nil && code == 0 {
			t.Errorf("a run that was killed ends with exit code 0")
		}
		if code == 0 && s.onlyWire() {
			c.leftNothing(t, b, out)
		}
		if kill > 0 {
			b.world.KillAfter(context.Background(), 1<<30) // the next one lives
		}
	}
	return said.String()
}

// onlyWire reports whether nothing went wrong but calls: then an exit code of 0 means that
// nothing is left to do. What a person does behind a run's back, it may not know.
func (s schedule) onlyWire() bool {
	return s.lag == 0 && !s.human() && !s.has(github.Stale, github.Doubled, github.MovedRef)
}

// human reports whether a person interferes with an issue, a pull request or a label.
func (s schedule) human() bool {
	return s.has(github.Closed, github.Locked, github.Deleted, github.Transferred, github.Unlabelled)
}

func (s schedule) has(faults ...github.Fault) bool {
	return slices.ContainsFunc(s.plans, func(p github.Plan) bool { return slices.Contains(faults, p.Fault) })
}

// leftNothing fails when a run that ended with 0 has left something undone. Whatever is
// planned to go wrong does not go wrong here.
func (c *campaign) leftNothing(t *testing.T, b *busy, before string) {
	t.Helper()
	d := b.copied(t)
	dry := slices.DeleteFunc(slices.Clone(c.args), func(a string) bool { return a == "--apply" })
	if _, out := d.run(context.Background(), "80", dry...); !strings.Contains(out, "Nothing to do") {
		t.Errorf("exit code 0, and this is left undone:\n%s\n--- the run said:\n%s", out, before)
	}
}

// twice are the issues and comments of ours that are there several times.
func twice(s scene) []string {
	var out []string
	for key, list := range s.Issues {
		if len(list) > 1 {
			out = append(out, key)
		}
	}
	for n, list := range s.Comments {
		gates := slices.DeleteFunc(slices.Clone(list), func(text string) bool { return !strings.Contains(text, effect.GateMarker) })
		if len(gates) > 1 {
			out = append(out, fmt.Sprintf("the comment on #%d", n))
		}
	}
	slices.Sort(out)
	return out
}

// compare looks for what is there too often, missing, or different after a clean run.
func (c *campaign) compare(t *testing.T, b *busy, s schedule, said string) {
	t.Helper()
	want, got := c.want.clone(), b.sees()
	for _, key := range twice(got) {
		c.count(func(y *tally) { y.duplicates++ })
		t.Errorf("it is there several times: %s\n%s", key, said)
	}
	excused := b.taken()
	for key := range want.Issues {
		if len(got.Issues[key]) == 0 && !excused[key] {
			c.count(func(y *tally) { y.lost++ })
		}
	}
	for key := range excused {
		if len(got.Issues[key]) == 0 {
			delete(want.Issues, key)
		}
	}
	for n, how := range b.meddled() {
		if how == "closed" && c.args[0] == "reconcile" {
			return // the story goes on in another way
		}
		delete(want.Comments, n)
		delete(got.Comments, n)
		if how == "closed" {
			delete(want.Statuses, n)
			delete(got.Statuses, n)
		}
	}
	if s.human() {
		want.Others, got.Others = nil, nil
	}
	if c.args[0] == "gate" { // which has nothing to do with issues
		want.Issues, got.Issues = nil, nil
	}
	if want, got := want.lines(), got.lines(); !slices.Equal(want, got) {
		t.Errorf("it does not look as after an undisturbed run; missing (-), and too much (+):\n%s\n%s", differing(want, got), said)
	}
}

// differing are the lines that are only in one of two lists.
func differing(want, got []string) string {
	var b strings.Builder
	for _, l := range want {
		if !slices.Contains(got, l) {
			fmt.Fprintf(&b, "- %s\n", l)
		}
	}
	for _, l := range got {
		if !slices.Contains(want, l) {
			fmt.Fprintf(&b, "+ %s\n", l)
		}
	}
	return b.String()
}
