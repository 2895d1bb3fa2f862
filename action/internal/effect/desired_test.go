package effect_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/golden"
	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/markdown"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/action/internal/worktime"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var monday = time.Date(2026, time.July, 6, 9, 0, 0, 0, time.UTC)

func after(d int) time.Time { return monday.AddDate(0, 0, d) }

// responded is the target that most tests use.
func responded() *workflow.Target {
	return &workflow.Target{Name: "first-response", Stop: workflow.Trigger{Event: "responded"}, Responder: "liaison",
		Within: worktime.Duration{Exact: 7 * 24 * time.Hour, Words: "7 days"}}
}

// waiting is a clock that fell due on the seventh day and waits.
func waiting(title, path, login string) clock.Clock {
	rec := &event.Record{Kind: &workflow.Kind{Assignees: "assignees[].person"}, ID: path, Path: path, Title: title, State: "submitted",
		Pull: 12, Filer: account.Account{Login: login}, Live: true, Landed: true}
	filed := event.Event{Time: monday, Name: event.Filed, To: "submitted", Actor: rec.Filer, Pull: 12, Record: path}
	return clock.Clock{Record: rec, Target: responded(), Cycle: 1, Started: monday, Due: after(7), State: clock.Breached, Start: filed,
		Lines: []clock.Line{{Time: monday, Event: filed}, {Time: after(30)}}}
}

func issueOf(t interface{ Fatalf(string, ...any) }, c clock.Clock) effect.Issue {
	issue, ok := effect.Breaches([]clock.Clock{c})[effect.KeyFor(c)]
	if !ok {
		t.Fatalf("no issue is wanted")
	}
	return issue
}

func TestOnlyBrokenPromisesThatWaitAreIssues(t *testing.T) {
	tests := []struct {
		name   string
		change func(*clock.Clock)
		want   bool
	}{
		{"late and not answered", func(*clock.Clock) {}, true},
		{"answered late", func(c *clock.Clock) { c.Stopped, c.Ended = after(9), after(9) }, false},
		{"late, and ended without an answer", func(c *clock.Clock) { c.Ended = after(9) }, false},
		{"kept", func(c *clock.Clock) { c.State = clock.Met }, false},
		{"running", func(c *clock.Clock) { c.State = clock.Running }, false},
		{"paused", func(c *clock.Clock) { c.State = clock.Paused }, false},
		{"void", func(c *clock.Clock) { c.State = clock.Void }, false},
		{"unknown", func(c *clock.Clock) { c.State = clock.Unknown }, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := waiting("T", "requests/2026/t.yaml", "x")
			test.change(&c)
			if got := len(effect.Breaches([]clock.Clock{c})) == 1; got != test.want {
				t.Errorf("an issue: %t, expected %t", got, test.want)
			}
		})
	}
}

func TestEveryRoundHasAnIssueOfItsOwn(t *testing.T) {
	first, second := waiting("T", "requests/2026/t.yaml", "x"), waiting("T", "requests/2026/t.yaml", "x")
	first.Round, second.Round = 1, 2
	issues := effect.Breaches([]clock.Clock{first, second})
	if len(issues) != 2 {
		t.Errorf("%d issues for two broken promises", len(issues))
	}
	if got, want := effect.KeyFor(first).String(), "breach cycle=1&record=requests%2F2026%2Ft.yaml&target=first-response"; got != want {
		t.Errorf("the first round is %s, want %s", got, want)
	}
}

func TestTheBodyOfAnIssue(t *testing.T) {
	long := waiting("A `title` | with @everyone in it", "requests/2026/new-toolbar.yaml", "example-pm")
	long.Cycle, long.Evidence = 2, evidence.Claimed
	long.Record.Values = map[string]any{"assignees": []any{map[string]any{"person": "example-cl-noor"}, map[string]any{"person": "example-cl-lia"}}}
	long.Lines = []clock.Line{
		{Time: monday, Event: event.Event{Name: event.Moved, From: "accepted", To: "submitted", Actor: human, Pull: 14}},
		{Time: after(1), Event: event.Event{Name: event.Assigned, To: "example-cl-noor example-cl-lia", Commit: strings.Repeat("a", 40)}},
		{Time: after(2), Event: event.Event{Name: event.Refused, From: "submitted", To: "[skip ci]", Actor: account.Account{ID: 5}, Commit: strings.Repeat("b", 40)}},
		{Time: after(3), Event: event.Event{Name: event.Assigned, From: "example-cl-noor example-cl-lia", Actor: human}},
		{Time: after(8), Event: event.Event{Name: event.Edited, Actor: human, Pull: 15}},
		{Time: after(9)},
	}
	moved := waiting("Meeting", "requests/2026/meeting.yaml", "")
	moved.Record.Pull = 0
	moved.Target = &workflow.Target{Name: "resourced", Stop: workflow.Trigger{Event: "moved", To: []string{"resourced", "done"}}, Within: worktime.Duration{Words: "3 months"}}
	anybody := waiting(" ", "requests/2026/blank.yaml", "x")
	anybody.Record.Pull, anybody.Record.State, anybody.Target.Responder = 0, "", ""
	edited := waiting("Edit me", "requests/2026/edit.yaml", "x")
	edited.Target.Stop = workflow.Trigger{Event: "edited"}
	for _, test := range []struct {
		name, golden string
		c            clock.Clock
	}{
		{"with a timeline that goes on after the due time", "timeline.md", long},
		{"of a move, filed by nobody known, with no pull request", "moved.md", moved},
		{"of a response by anybody, to a record without a title", "anybody.md", anybody},
		{"of any other event", "edited.md", edited},
	} {
		t.Run(test.name, func(t *testing.T) {
			issue := issueOf(t, test.c)
			golden.Check(t, test.golden, issue.Title+"\n\n"+issue.Body)
		})
	}
}

func TestManyAssigneesAreCounted(t *testing.T) {
	c := waiting("T", "r.yaml", "x")
	var all []any
	for i := range 13 {
		all = append(all, map[string]any{"person": fmt.Sprintf("p%d", i)})
	}
	c.Record.Values = map[string]any{"assignees": all}
	if got := effect.Responsible(c.Record); !strings.HasSuffix(got, "`p9` and 3 more") {
		t.Errorf("responsible: %s", got)
	}
}

func TestALongTimelineIsCutWithACount(t *testing.T) {
	c := waiting(strings.Repeat("long ", 9000), "r.yaml", strings.Repeat("é", 40000))
	for i := range 4000 {
		e := event.Event{Name: event.Renamed, To: fmt.Sprint(i, strings.Repeat("ü|", 100)), Actor: human, Pull: i + 1}
		c.Lines = append(c.Lines, clock.Line{Time: after(i), Event: e})
	}
	body := issueOf(t, c).Body
	if len(body) >= 65536 || len(body) < 60000 {
		t.Errorf("the body has %d bytes", len(body))
	}
	shown := strings.Count(body, "\n- 2")
	var hidden int
	if _, err := fmt.Sscanf(body[strings.Index(body, "- … "):], "- … %d more", &hidden); err != nil {
		t.Fatalf("no count: %v", err)
	}
	if shown+hidden != 1+4000+1 {
		t.Errorf("%d lines shown and %d counted, expected 4002 in all", shown, hidden)
	}
	for _, part := range []string{"What happened:\n\n- 2026-07-06 09:00 UTC: filed", "`3999ü|", "closes by itself"} {
		if !strings.Contains(body, part) {
			t.Errorf("the body lacks %q", part)
		}
	}
}

func FuzzAMarkerIsReadBackAndNeverEndsEarly(f *testing.F) {
	for _, path := range []string{"requests/2026/a.yaml", "a--b.yaml", "-->", "a -->\n<script>", "ä ö/日本.yaml", "100%.yaml", "%2D%2D", "a&cycle=9", "---", "--!>", "\x00", "a\r\nb", "~2", "+ +", "\xff"} {
		f.Add(path, "first-response", 1)
		f.Add("r", path, -1)
	}
	f.Fuzz(func(t *testing.T, record, target string, cycle int) {
		key := effect.Key{Kind: effect.Breach, Record: record, Target: target, Cycle: cycle}
		marker := key.Marker()
		inner := strings.TrimSuffix(strings.TrimPrefix(marker, "<!--"), "-->")
		if strings.ContainsAny(inner, "<>\n\r\x00") || strings.Contains(inner, "--") || len(inner)+7 != len(marker) {
			t.Errorf("the comment ends early: %q", marker)
		}
		if record == "" || target == "" {
			return
		}
		round := key
		round.Round = cycle
		for _, key := range []effect.Key{key, round, {Kind: effect.Refused, Record: record, Mark: target}, {Kind: effect.Alarm, Record: record, Mark: target}, {Kind: effect.Alarm, Mark: target}} {
			for _, body := range []string{key.Marker(), key.Marker() + "\nbody", key.Marker() + "\r\nbody"} {
				if got, ok := effect.KeyOf(body); !ok || got != key || !effect.Marked(body) {
					t.Errorf("read back as %+v (%t): %q", got, ok, body)
				}
			}
		}
	})
}

func FuzzOnlyAMarkerIsReadAsOne(f *testing.F) {
	f.Add(keyA.Marker())
	f.Add(" " + keyA.Marker())
	f.Add(keyA.Marker() + " and more")
	f.Add(strings.Replace(keyA.Marker(), "cycle=1", "cycle=1x", 1))
	f.Add("<!-- liaison breach cycle=1&cycle=2&record=a&target=b -->")
	f.Add("<!-- liaison breach %zz -->")
	f.Add("cycle=1&record=a&target=b")
	f.Add("<!-- liaison risk -->")
	f.Add("<!-- liaison risk record=a -->")
	f.Add("<!-- liaison gate -->")
	f.Add("<!-- liaison alarm mark=a&record= -->")
	f.Fuzz(func(t *testing.T, body string) {
		key, ok := effect.KeyOf(body)
		if !ok {
			return
		}
		line, _, _ := strings.Cut(body, "\n")
		if strings.TrimSuffix(line, "\r") != key.Marker() || !effect.Marked(body) {
			t.Errorf("%q was read as %+v", body, key)
		}
	})
}

// nasty are texts with which somebody may try something.
var nasty = []string{
	"@everyone", "see #12 and GH-12 and gH-12", "Fixes #1", "closes owner/repo#2", "fixes https://github.com/o/r/issues/1", "<script>alert(1)</script>",
	"<!-- -->", "[skip ci]", "![x](https://evil.example/x.png)", "`", "``` \n```", "a `b` c", "|", "a\\|b", "\\`", "\n\n# Heading", "\r\n- [ ] task", "\x1b[31m", "&lt;b&gt;",
	"\u202eevil", "www.evil.example", "*a* _b_ ~~c~~", "a\x00b", "", " ", "\xff\xfe", "Co-authored-by: x <x@example.org>", "skip-checks: true", "$x$", "\u2028x", ":+1:",
}

func FuzzForeignTextDoesNothingInAnIssue(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, nasty[(i+1)%len(nasty)], nasty[(i+2)%len(nasty)])
		f.Add(s, s, s)
	}
	f.Fuzz(func(t *testing.T, title, path, login string) {
		if markdown.Code(path) == "" || len(path) > 4096 {
			return // no path that Git or a file system takes
		}
		c := waiting(title, path, login)
		c.Record.State = title
		c.Record.Values = map[string]any{"assignees": []any{map[string]any{"person": login}, map[string]any{"person": title}}}
		for i, n := range []event.Name{event.Moved, event.Refused, event.Renamed, event.Assigned} {
			c.Lines = append(c.Lines, clock.Line{Time: after(i), Event: event.Event{Name: n, From: title, To: path, Actor: account.Account{Login: login}, Pull: 12}})
		}
		issue := issueOf(t, c)
		harmlessTitle(t, issue.Title)
		first, rest, _ := strings.Cut(issue.Body, "\n")
		if key, ok := effect.KeyOf(first); !ok || key != effect.KeyFor(c) {
			t.Errorf("the first line is no marker: %q", first)
		}
		harmlessBody(t, rest, ownWords)
		if len(issue.Body) >= 65536 {
			t.Errorf("%d bytes", len(issue.Body))
		}
	})
}

// live is what GitHub acts upon where no code is rendered.
var live = regexp.MustCompile(`(?i)@[\pL\pN]|#\d|gh-\d|[<>]|\[[^\x{2060}]|://|[\x00-\x1f\x7f]`)

func harmlessTitle(t *testing.T, title string) {
	if hit := live.FindString(title); hit != "" {
		t.Errorf("%q is live in the title %q", hit, title)
	}
	if len([]rune(title)) > 256 || strings.TrimSpace(title) != title || strings.HasPrefix(title, "Late:  (") {
		t.Errorf("not a title: %q", title)
	}
}

// ownWords is all that may stand outside of code.
var ownWords = regexp.MustCompile(`^[A-Za-z0-9 .,:'|*…-]*$`)

// plainWords is the same where foreign words may stand that can only be words.
var plainWords = regexp.MustCompile(`^(### )?[\p{L}\p{M}0-9 .,:;'’‘“”()?!%|*…+=→–—-]*$`)

// linked is what GitHub makes a link of words.
var linked = regexp.MustCompile(`(?i)www\.|gh-\d`)

// harmlessBody takes the code out as CommonMark does, and wants nothing but our words.
func harmlessBody(t *testing.T, body string, allowed *regexp.Regexp) {
	for _, line := range strings.Split(body, "\n") {
		outside, code, ok := split(line)
		if !ok {
			t.Errorf("code that does not end: %q", line)
		}
		if words := strings.ReplaceAll(outside, "#12", ""); !allowed.MatchString(words) || linked.MatchString(words) {
			t.Errorf("foreign text outside of code: %q in %q", words, line)
		}
		if strings.HasPrefix(line, "|") && strings.Contains(strings.ReplaceAll(code, `\|`, ""), "|") {
			t.Errorf("a bar ends its cell: %q", line)
		}
		if strings.ContainsAny(line, "\x00\x1b\r") {
			t.Errorf("a control character: %q", line)
		}
	}
}

var ticks = regexp.MustCompile("`+")

// split tells a line's code spans from the rest.
func split(line string) (outside, code string, ok bool) {
	for {
		at := ticks.FindStringIndex(line)
		if at == nil {
			return outside + line, code, true
		}
		outside += line[:at[0]]
		fence, rest := line[at[0]:at[1]], line[at[1]:]
		end := -1
		for _, m := range ticks.FindAllStringIndex(rest, -1) {
			if m[1]-m[0] == len(fence) {
				end = m[0]
				break
			}
		}
		if end < 0 {
			return outside, code, false
		}
		code, line = code+rest[:end], rest[end+len(fence):]
	}
}

const ten = `desk: Ten lines
kinds:
  note:
    files: notes/*.yaml
    status: status
    states: {draft: {initial: true}, wait: {paused: true}, done: {final: true}}
targets:
  decided: {of: note, start: filed, stop: moved(done), within: 5 days}
  touched: {of: note, start: filed, stop: renamed, within: 3 days}
`

func TestTheBodyDoesNotChangeWithTheHourOfTheRun(t *testing.T) {
	def, fs, err := workflow.Read(workflow.Path, []byte(ten), func(string) ([]byte, error) { return nil, errors.New("no schema") })
	if err != nil || def == nil {
		t.Fatal(err, fs)
	}
	law.Check(t, func(t *rapid.T) {
		var landings []event.Landing
		at, old := monday, ""
		for i := range rapid.IntRange(1, 6).Draw(t, "landings") {
			blob := fmt.Sprintf("status: %s\ntitle: %d\n", rapid.SampledFrom([]string{"draft", "wait"}).Draw(t, "status"), i)
			landings = append(landings, event.Landing{Commit: fmt.Sprintf("%040d", i), Time: at, Changes: []event.Change{{Path: "notes/a.yaml", Old: old, New: blob}}})
			at, old = at.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "hours"))*time.Hour), blob
		}
		issues := func(asOf time.Time) map[effect.Key]effect.Issue {
			ledger, ros, err := event.Derive(event.Input{Definition: def, Landings: landings, AsOf: asOf, Read: func(b string) ([]byte, error) { return []byte(b), nil }})
			if err != nil {
				t.Fatal(err)
			}
			return effect.Breaches(clock.Run(def, ledger, ros, asOf))
		}
		one := issues(at.Add(time.Duration(rapid.IntRange(0, 400).Draw(t, "first run")) * time.Hour))
		two := issues(at.Add(time.Duration(rapid.IntRange(400, 9000).Draw(t, "second run")) * time.Hour))
		for key, issue := range one {
			if diff := cmp.Diff(issue, two[key]); diff != "" {
				t.Fatalf("%v changed with the hour:\n%s", key, diff)
			}
		}
	})
}
