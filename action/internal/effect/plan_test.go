package effect_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/golden"
	"github.com/commrel/liaison/action/internal/law"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var (
	bot    = account.Account{ID: 100, Login: "example-liaison[bot]", Type: "Bot"}
	oldBot = account.Account{ID: 99, Login: "example-old[bot]", Type: "Bot"}
	human  = account.Account{ID: 7, Login: "example-mara", Type: "User"}
	forger = account.Account{ID: 666, Login: "example-liaison[bot]", Type: "User"}
)

var (
	keyA = effect.Key{Kind: effect.Breach, Record: "requests/2026/a.yaml", Target: "first-response", Cycle: 1}
	keyB = effect.Key{Kind: effect.Breach, Record: "requests/2026/b.yaml", Target: "resourced", Cycle: 2}
)

// forge is a tiny GitHub: issues, labels, and what applying an effect does to them.
type forge struct {
	issues []effect.Issue
	labels []string
	us     []account.Account
}

func (f *forge) have() effect.Have {
	return effect.Have{Us: f.us, Issues: slices.Clone(f.issues), Labels: slices.Clone(f.labels)}
}

func (f *forge) issue(number int) *effect.Issue {
	i := slices.IndexFunc(f.issues, func(i effect.Issue) bool { return i.Number == number })
	return &f.issues[i]
}

// apply does one effect, and fails the test where GitHub would refuse it.
func (f *forge) apply(t interface{ Fatalf(string, ...any) }, e effect.Effect) {
	switch {
	case e.Label != nil:
		if slices.ContainsFunc(f.labels, func(l string) bool { return strings.EqualFold(l, e.Label.Name) }) {
			t.Fatalf("the label %q exists", e.Label.Name)
		}
		f.labels = append(f.labels, e.Label.Name)
	case e.Open != nil:
		f.issues = append(f.issues, effect.Issue{Number: 1000 + len(f.issues), Title: e.Open.Title, Body: e.Open.Body,
			Labels: f.known(t, e.Open.Labels), Open: true, Author: bot})
	case e.Update != nil:
		i := f.issue(e.Update.Number)
		i.Title, i.Body, i.Labels = e.Update.Title, e.Update.Body, f.known(t, e.Update.Labels)
	case e.Close != nil:
		i := f.issue(e.Close.Number)
		i.Open, i.ClosedBy = false, bot
	case e.Reopen != nil:
		f.issue(e.Reopen.Number).Open = true
	}
}

// known are labels as the repository writes them: GitHub does not tell their case apart.
func (f *forge) known(t interface{ Fatalf(string, ...any) }, names []string) []string {
	var out []string
	for _, n := range names {
		i := slices.IndexFunc(f.labels, func(l string) bool { return strings.EqualFold(l, n) })
		if i < 0 {
			t.Fatalf("there is no label %q", n)
		}
		out = append(out, f.labels[i])
	}
	return out
}

func wanted(key effect.Key) effect.Issue {
	return effect.Issue{Title: "Late: " + key.Record, Body: key.Marker() + "\nIt is late.\n", Labels: []string{key.Kind.Label().Name}, Open: true}
}

// mine is an issue as we opened it.
func mine(number int, key effect.Key) effect.Issue {
	i := wanted(key)
	i.Number, i.Author = number, bot
	return i
}

func want(keys ...effect.Key) effect.Want {
	w := effect.Want{Issues: map[effect.Key]effect.Issue{}}
	for _, k := range keys {
		w.Issues[k] = wanted(k)
	}
	return w
}

func with(i effect.Issue, change func(*effect.Issue)) effect.Issue {
	change(&i)
	return i
}

func closedBy(who account.Account) func(*effect.Issue) {
	return func(i *effect.Issue) { i.Open, i.ClosedBy = false, who }
}

func TestPlan(t *testing.T) {
	label := effect.Breach.Label().Name
	tests := []struct {
		name string
		want effect.Want
		have effect.Have
		plan []string
	}{
		{"nothing is wanted and nothing is there", want(), effect.Have{}, nil},
		{"a broken promise opens an issue, after its label", want(keyA), effect.Have{},
			[]string{`create the label "liaison: late"`, "open an issue: Late: requests/2026/a.yaml"}},
		{"a label in another case is the same label", want(keyA),
			effect.Have{Labels: []string{"Liaison: Late"}, Issues: []effect.Issue{with(mine(1, keyA), func(i *effect.Issue) { i.Labels = []string{"Liaison: Late"} })}}, nil},
		{"an issue that says it already stays as it is", want(keyA), effect.Have{Issues: []effect.Issue{mine(1, keyA)}}, nil},
		{"an issue that says something else is updated", want(keyA),
			effect.Have{Labels: []string{label}, Issues: []effect.Issue{with(mine(1, keyA), func(i *effect.Issue) { i.Body += "old" })}},
			[]string{"update #1: Late: requests/2026/a.yaml"}},
		{"a title that a person changed is put back", want(keyA),
			effect.Have{Labels: []string{label}, Issues: []effect.Issue{with(mine(1, keyA), func(i *effect.Issue) { i.Title = "hello" })}},
			[]string{"update #1: Late: requests/2026/a.yaml"}},
		{"a promise kept closes its issue", want(), effect.Have{Issues: []effect.Issue{mine(1, keyA)}},
			[]string{"close #1, because nothing waits any more: Late: requests/2026/a.yaml"}},
		{"a promise kept leaves a closed issue closed", want(), effect.Have{Issues: []effect.Issue{with(mine(1, keyA), closedBy(human))}}, nil},
		{"a person's close is respected", want(keyA), effect.Have{Issues: []effect.Issue{with(mine(1, keyA), closedBy(human))}}, nil},
		{"a close by nobody known is taken for a person's", want(keyA), effect.Have{Issues: []effect.Issue{with(mine(1, keyA), closedBy(account.Account{}))}}, nil},
		{"a person's close of one cycle does not silence the next",
			want(effect.Key{Kind: effect.Breach, Record: keyA.Record, Target: keyA.Target, Cycle: 2}),
			effect.Have{Labels: []string{label}, Issues: []effect.Issue{with(mine(1, keyA), closedBy(human))}},
			[]string{"open an issue: Late: requests/2026/a.yaml"}},
		{"a person's close of any of several is respected", want(keyA),
			effect.Have{Issues: []effect.Issue{with(mine(1, keyA), closedBy(bot)), with(mine(2, keyA), closedBy(human))}}, nil},
		{"our own close is taken back when the promise waits again", want(keyA), effect.Have{Issues: []effect.Issue{with(mine(1, keyA), closedBy(bot))}},
			[]string{"reopen #1, because the promise waits to be kept again: Late: requests/2026/a.yaml"}},
		{"a close by the bot that we were before is our own", want(keyA), effect.Have{Issues: []effect.Issue{with(mine(1, keyA), closedBy(oldBot))}},
			[]string{"reopen #1, because the promise waits to be kept again: Late: requests/2026/a.yaml"}},
		{"of duplicates the oldest open one stays", want(keyA), effect.Have{Issues: []effect.Issue{mine(3, keyA), mine(2, keyA), with(mine(1, keyA), closedBy(bot))}},
			[]string{"close #3, because it says the same as #2: Late: requests/2026/a.yaml"}},
		{"an issue of somebody else with our marker is not ours", want(keyA),
			effect.Have{Labels: []string{label}, Issues: []effect.Issue{with(mine(1, keyA), func(i *effect.Issue) { i.Author = human })}},
			[]string{"open an issue: Late: requests/2026/a.yaml"}},
		{"nor is one of somebody with our login and another id", want(),
			effect.Have{Issues: []effect.Issue{with(mine(1, keyA), func(i *effect.Issue) { i.Author = forger })}}, nil},
		{"nor is one of ours without a marker", want(),
			effect.Have{Issues: []effect.Issue{with(mine(1, keyA), func(i *effect.Issue) { i.Body = "It is late." })}}, nil},
		{"nor is one whose marker is not on the first line", want(),
			effect.Have{Issues: []effect.Issue{with(mine(1, keyA), func(i *effect.Issue) { i.Body = "Look:\n" + i.Body })}}, nil},
		{"an issue that a person edited on the web is still ours", want(),
			effect.Have{Issues: []effect.Issue{with(mine(1, keyA), func(i *effect.Issue) { i.Body = strings.ReplaceAll(i.Body, "\n", "\r\n") })}},
			[]string{"close #1, because nothing waits any more: Late: requests/2026/a.yaml"}},
		{"the commit comes first, then the label, what is raised, and what is settled",
			effect.Want{Commit: &effect.Commit{Branch: "main", Splices: []effect.Splice{{Path: "a", Now: "done"}, {Path: "b", Now: "done"}}}, Issues: want(keyB, keyA).Issues},
			effect.Have{Issues: []effect.Issue{mine(1, effect.Key{Kind: effect.Breach, Record: "0", Target: "t", Cycle: 1}), mine(2, keyB), mine(4, keyB)}},
			[]string{
				"write the status of 2 records on main", `create the label "liaison: late"`, "open an issue: Late: requests/2026/a.yaml",
				"close #1, because nothing waits any more: Late: 0", "close #4, because it says the same as #2: Late: requests/2026/b.yaml",
			}},
		{"what was refused raises an issue, and so do an alarm, what is at risk and the report", want(keys[4:]...), effect.Have{Labels: []string{label}},
			[]string{
				`create the label "liaison: report"`, `create the label "liaison: at risk"`, `create the label "liaison: refused"`, `create the label "liaison: to look at"`,
				"open an issue: Late: ", "open an issue: Late: ", "open an issue: Late: requests/2026/a.yaml", "open an issue: Late: ", "open an issue: Late: requests/2026/a.yaml",
			}},
		{"no run closes what is left to people", want(), effect.Have{Issues: []effect.Issue{mine(1, keys[4]), mine(2, keys[5]), mine(3, keys[8])}}, nil},
		{"nor opens it again, whoever closed it", want(keys[4], keys[8]),
			effect.Have{Issues: []effect.Issue{with(mine(1, keys[4]), closedBy(human)), with(mine(2, keys[8]), closedBy(bot))}}, nil},
		{"of what is left to people a duplicate is closed", want(), effect.Have{Issues: []effect.Issue{mine(1, keys[4]), mine(2, keys[4])}},
			[]string{"close #2, because it says the same as #1: Late: requests/2026/a.yaml"}},
		{"a digest closes when nothing is at risk", want(), effect.Have{Issues: []effect.Issue{mine(1, keys[7])}},
			[]string{"close #1, because nothing is at risk any more: Late: "}},
		{"and opens again by itself", want(keys[7]), effect.Have{Issues: []effect.Issue{with(mine(1, keys[7]), closedBy(bot))}},
			[]string{"reopen #1, because something is at risk again: Late: "}},
		{"unless a person closed it", want(keys[7]), effect.Have{Issues: []effect.Issue{with(mine(1, keys[7]), closedBy(human))}}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.have.Us = []account.Account{bot, oldBot}
			var got []string
			for _, e := range effect.Plan(test.want, test.have) {
				got = append(got, e.String())
			}
			if diff := cmp.Diff(test.plan, got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWhoClosedAnIssueIsAskedOnlyWherePlanningHangsOnIt(t *testing.T) {
	closed := func(k effect.Key) effect.Issue { return with(mine(1, k), closedBy(human)) }
	tests := []struct {
		name  string
		issue effect.Issue
		want  bool
	}{
		{"a closed breach that is wanted", closed(keyA), true},
		{"the closed digest, wanted", closed(keys[7]), true},
		{"an open one", mine(1, keyA), false},
		{"one that is not wanted", closed(keyB), false},
		{"a refusal: any close is respected", closed(keys[4]), false},
		{"an issue without a marker", with(closed(keyA), func(i *effect.Issue) { i.Body = "" }), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := want(keyA, keys[4], keys[7]).MustKnowCloser(tt.issue); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}

func TestAnUpdateKeepsTheLabelsThatPeopleAdded(t *testing.T) {
	has := with(mine(1, keyA), func(i *effect.Issue) { i.Labels = []string{"waiting for legal"} })
	plan := effect.Plan(want(keyA), effect.Have{Us: []account.Account{bot}, Issues: []effect.Issue{has}, Labels: []string{effect.Breach.Label().Name}})
	if len(plan) != 1 || !slices.Equal(plan[0].Update.Labels, []string{"waiting for legal", "liaison: late"}) {
		t.Errorf("the plan is %v", plan)
	}
	if !slices.Equal(has.Labels, []string{"waiting for legal"}) {
		t.Errorf("planning changed what is there: %v", has.Labels)
	}
}

var keys = []effect.Key{keyA, keyB, {Kind: effect.Breach, Record: "requests/2026/a.yaml", Target: "first-response", Cycle: 2}, {Kind: effect.Breach, Record: "r -->.yaml", Target: "t", Cycle: 1},
	{Kind: effect.Refused, Record: "requests/2026/a.yaml", Mark: "c1"}, {Kind: effect.Alarm, Record: "requests/2026/a.yaml", Mark: "closed-3"}, {Kind: effect.Alarm, Mark: "c2"}, {Kind: effect.Risk}, {Kind: effect.Report}}

// byPeople are the kinds that no run closes.
var byPeople = []effect.Kind{effect.Refused, effect.Alarm, effect.Report}

func anyForge(t *rapid.T) *forge {
	f := &forge{us: []account.Account{oldBot, bot}}
	f.labels = rapid.SampledFrom([][]string{nil, {"liaison: late", "x"}, {"LIAISON: late", "liaison: at risk", "x"}}).Draw(t, "labels")
	n := rapid.IntRange(0, 8).Draw(t, "issues")
	for number := 1; number <= n; number++ {
		i := mine(number, rapid.SampledFrom(keys).Draw(t, "key"))
		i.Author = rapid.SampledFrom([]account.Account{bot, bot, bot, oldBot, human, forger}).Draw(t, "author")
		i.Labels = nil
		for _, l := range f.labels {
			if rapid.Bool().Draw(t, "labelled") {
				i.Labels = append(i.Labels, l)
			}
		}
		switch rapid.IntRange(0, 4).Draw(t, "text") {
		case 0:
			i.Body += "An older text."
		case 1:
			i.Body = "No marker.\n" + i.Body
		case 2:
			i.Title = "Another title"
		}
		if i.Open = rapid.Bool().Draw(t, "open"); !i.Open {
			i.ClosedBy = rapid.SampledFrom([]account.Account{bot, oldBot, human, forger, {}}).Draw(t, "closer")
		}
		f.issues = append(f.issues, i)
	}
	return f
}

func ours(i effect.Issue) (effect.Key, bool) {
	k, ok := effect.KeyOf(i.Body)
	return k, ok && (i.Author == bot || i.Author == oldBot)
}

func TestPlanningAgainAfterApplyingYieldsNothing(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		f := anyForge(t)
		w := want(rapid.SliceOfDistinct(rapid.SampledFrom(keys), rapid.ID[effect.Key]).Draw(t, "want")...)
		before := slices.Clone(f.issues)
		for _, e := range effect.Plan(w, f.have()) {
			f.apply(t, e)
		}
		if again := effect.Plan(w, f.have()); len(again) > 0 {
			t.Fatalf("planned again: %v", again)
		}
		f.check(t, w, before)
	})
}

func TestAPlanThatBrokeOffAnywhereEndsInTheSamePlace(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		f := anyForge(t)
		w := want(keys...)
		before := slices.Clone(f.issues)
		plan := effect.Plan(w, f.have())
		for _, e := range plan[:rapid.IntRange(0, len(plan)).Draw(t, "applied")] {
			f.apply(t, e)
		}
		for _, e := range effect.Plan(w, f.have()) {
			f.apply(t, e)
		}
		f.check(t, w, before)
	})
}

// check is what must hold at the end: one open issue a broken promise unless a person
// closed it, none else, and nothing of others touched.
func (f *forge) check(t *rapid.T, w effect.Want, before []effect.Issue) {
	open, silenced, opened := map[effect.Key]int{}, map[effect.Key]bool{}, map[effect.Key]bool{}
	for _, was := range before {
		now := *f.issue(was.Number)
		key, own := ours(was)
		if !own {
			if diff := cmp.Diff(was, now); diff != "" {
				t.Fatalf("a foreign issue was touched:\n%s", diff)
			}
			continue
		}
		opened[key] = opened[key] || was.Open
		if !was.Open && (was.ClosedBy != bot && was.ClosedBy != oldBot || slices.Contains(byPeople, key.Kind)) {
			silenced[key] = true
		}
		if slices.Contains(was.Labels, "x") && !slices.Contains(now.Labels, "x") {
			t.Fatalf("#%d lost a label that a person added", was.Number)
		}
	}
	for _, i := range f.issues {
		if key, own := ours(i); own && i.Open {
			open[key]++
		}
	}
	for _, key := range keys {
		_, wanted := w.Issues[key]
		stays := slices.Contains(byPeople, key.Kind)
		switch n := open[key]; {
		case !wanted && !stays && n > 0, n > 1, wanted && n == 0 && !silenced[key]:
			t.Fatalf("%v: wanted %t, %d open", key, wanted, n)
		case stays && n == 0 && opened[key]:
			t.Fatalf("%v: closed by a run", key)
		}
	}
}

func TestTheOrderOfWhatIsThereChangesNoPlan(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		f := anyForge(t)
		w := want(keyA, keyB)
		one := fmt.Sprint(effect.Plan(w, f.have()))
		f.issues = rapid.Permutation(f.issues).Draw(t, "order")
		if two := fmt.Sprint(effect.Plan(w, f.have())); one != two {
			t.Fatalf("in one order:\n%s\nin another:\n%s", one, two)
		}
	})
}

func TestEveryEffectSaysWhatItDoes(t *testing.T) {
	if got := (effect.Effect{}).String(); got != "nothing" {
		t.Errorf("an empty effect says %q", got)
	}
	one := effect.Effect{Commit: &effect.Commit{Branch: "main", Splices: []effect.Splice{{Path: "a", Now: "done"}}}}
	tests := []struct {
		effect effect.Effect
		want   string
	}{
		{one, "write the status of 1 record on main"},
		{effect.Effect{Commit: &effect.Commit{Branch: "liaison/witness", Splices: []effect.Splice{{Path: "line.json"}, {Path: "pulls/0/7.json"}}}}, "write 2 files on liaison/witness"},
		{effect.Effect{Comment: &effect.Comment{Thread: 7}}, "comment on #7"},
		{effect.Effect{Comment: &effect.Comment{Thread: 7, ID: 12}}, "update the comment on #7"},
		{effect.Effect{Status: &effect.Status{SHA: strings.Repeat("a", 40), State: "failure", Context: "liaison", Description: "2 things to mend"}}, "set the status liaison of " + strings.Repeat("a", 40) + " to failure: 2 things to mend"},
	}
	for _, tt := range tests {
		if got := tt.effect.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestAPlanAsJSONIsWhatItsSchemaSays(t *testing.T) {
	w := want(keyA, keyB)
	w.Commit = &effect.Commit{Branch: "main", Parent: strings.Repeat("1", 40), Message: "Update", Splices: []effect.Splice{{Path: "requests/2026/a.yaml", Now: "accepted"}}}
	have := effect.Have{Us: []account.Account{bot}, Issues: []effect.Issue{
		with(mine(1, keyB), closedBy(bot)), with(mine(3, effect.Key{Kind: effect.Breach, Record: "gone", Target: "t", Cycle: 1}), func(*effect.Issue) {}),
		with(mine(4, keys[2]), func(i *effect.Issue) { i.Labels = nil }),
	}}
	w.Issues[keys[2]] = wanted(keys[2])
	got, err := json.MarshalIndent(map[string]any{"version": 1, "applied": false, "effects": effect.Plan(w, have)}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "plan.json", string(got)+"\n")
	validate(t, "plan", got)
}

func TestIssuesOfARecordThatCouldNotBeSeenStayAsTheyAre(t *testing.T) {
	w := want(keyA, keyB)
	w.Unsure = map[string]bool{keyA.Record: true}
	old := mine(3, keyA)
	old.Body += "what was true an hour ago"
	for name, have := range map[string][]effect.Issue{"none is opened": nil, "an open one is neither updated nor closed": {old}} {
		for _, e := range effect.Plan(w, effect.Have{Us: []account.Account{bot}, Issues: have}) {
			if e.Open != nil && strings.Contains(e.Open.Body, keyA.Marker()) || e.Update != nil || e.Close != nil {
				t.Errorf("%s: %s", name, e)
			}
		}
	}
	if keyA.Record == keyB.Record {
		t.Fatal("the two keys are of one record: the test would show nothing")
	}
}
