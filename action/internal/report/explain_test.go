package report_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/golden"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/action/internal/worktime"
)

func textOf(t *testing.T, x report.Explanation) string {
	t.Helper()
	var b bytes.Buffer
	if err := x.Text(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func explainedIn(t *testing.T, x report.Explanation) string {
	t.Helper()
	var b bytes.Buffer
	if err := x.Markdown(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAnExplanationAsTextMarkdownAndJSON(t *testing.T) {
	x := explanation()
	golden.Check(t, "explain.txt", textOf(t, x))
	golden.Check(t, "explain.md", explainedIn(t, x))
	var js bytes.Buffer
	if err := x.JSON(&js); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "explain.json", js.String())
	validate(t, "explain", js.Bytes())
}

func TestTheHeadOfAnExplanation(t *testing.T) {
	tests := []struct {
		name   string
		change func(*event.Record)
		want   string
	}{
		{"a file that shows the state", func(r *event.Record) { r.FileStatus = "resourced" }, "state resourced\n"},
		{"a file that shows nothing", func(r *event.Record) { r.FileStatus = "" }, "state resourced (the file says nothing)\n"},
		{"a record with no state", func(r *event.Record) { r.State, r.FileStatus = "", "" }, "state nothing\n"},
		{"a kind with no status", func(r *event.Record) { r.Kind = &workflow.Kind{} }, "now at requests/2026/new-toolbar.yaml\n\nWhat happened"},
		{"a record that has not landed", func(r *event.Record) { r.Landed, r.Live = false, false }, "proposed in pull request #12; not on the default branch\n"},
		{"a removed record", func(r *event.Record) { r.Live = false }, "removed\nstate resourced\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := explanation()
			test.change(x.Record)
			if out := textOf(t, x); !strings.Contains(out, test.want) {
				t.Errorf("expected %q in\n%s", test.want, out)
			}
		})
	}
}

func TestARecordWithoutAPromiseSaysSo(t *testing.T) {
	x := explanation()
	x.Clocks, x.Alarms = nil, nil
	if out := textOf(t, x); !strings.Contains(out, "\nNo promise speaks of it.\n") {
		t.Errorf("it says\n%s", out)
	}
}

func TestRunningTotalsOfWorkingTimeHaveNoDays(t *testing.T) {
	x := explanation()
	c := &x.Clocks[0]
	*c = working(*c, "office", 144)
	c.Lines[len(c.Lines)-1].Total = 144*time.Hour + 90*time.Second
	for face, out := range map[string]string{"text": textOf(t, x), "Markdown": explainedIn(t, x)} {
		if !strings.Contains(out, "144:01:30") || !strings.Contains(out, "144:00 working hours") {
			t.Errorf("%s says\n%s", face, out)
		}
	}
}

func TestHowAClockStands(t *testing.T) {
	c := filed("x", "X", response, monday, 1)
	c.Elapsed = 3 * day
	paused := c
	paused.State = clock.Paused
	working := answer(c, 1.5)
	working.Case = &workflow.Case{Within: worktime.Duration{WorkDays: 5, Words: "5 business days"}, Calendar: &worktime.Calendar{Name: "office"}}
	tests := []struct {
		name string
		c    clock.Clock
		want string
	}{
		{"by the hours of an office", working, "kept, after 36:00 working hours"},
		{"running", c, "running, 3.0 days"},
		{"paused", paused, "paused, 3.0 days"},
		{"kept", answer(c, 1), "kept, after 1.0 days"},
		{"kept at once", selfFiled(c), "kept at once: self-filed"},
		{"answered late", answer(c, 9), "late, after 9.0 days"},
		{"not answered", late(filed("x", "X", response, asOf.Add(-8*day), 1)), "late, still waiting after 8.0 days"},
		{"ended late", ended(c, 10, "it ended as withdrawn"), "late, never kept, ended after 10.0 days"},
		{"ended in time", ended(c, 2, "it ended as withdrawn"), "void, 2.0 days"},
		{"unknown", unknown(c, "why"), "unknown, 3.0 days"},
		{"unknown, though self-filed", unknown(selfFiled(c), "why"), "unknown, 0.0 days"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := report.Standing(test.c); got != test.want {
				t.Errorf("%q, expected %q", got, test.want)
			}
		})
	}
}

// Of several cycles, and of several rounds in one, it says how the last stands and how all do.
func TestAPromiseOverSeveralClocks(t *testing.T) {
	x := explanation()
	one := answer(filed("x", "X", response, monday, 1), 9)
	two := answer(filed("x", "X", response, monday.Add(20*day), 1), 1)
	two.Round, two.Last = 2, true
	x.Clocks = []clock.Clock{one, two}
	for name, write := range map[string]func(io.Writer) error{"text": x.Text, "Markdown": x.Markdown} {
		var b strings.Builder
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"irst-response, cycle 1: late, after 9.0 days", "irst-response, cycle 1, round 2: kept, after 1.0 days", "he last of 2: kept; over all of them: late"} {
			if strings.Count(b.String(), want) != 1 {
				t.Errorf("%s: want once %q in\n%s", name, want, b.String())
			}
		}
	}
}

func FuzzATerminalIsShownControlCharactersAndObeysNone(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, nasty[(i+3)%len(nasty)])
	}
	f.Add("a\vb\fc\x9b31m", "\u2028\u2066")
	f.Fuzz(func(t *testing.T, s, u string) {
		x := explanation()
		r := x.Record
		r.ID, r.Path, r.Title, r.State, r.FileStatus = s, u, s+u, u, s
		r.Values = map[string]any{"assignees": []any{map[string]any{"person": s}}}
		e := event.Event{Time: monday, Name: event.Refused, From: s, To: u, Why: s, Actor: account.Account{Login: u}, Commit: s}
		r.Events = []event.Event{e, {Time: monday, Name: event.Moved, To: s, Actor: account.Account{Login: s}, Commit: u}}
		c := unknown(x.Clocks[0], u)
		c.Lines = []clock.Line{{Time: monday, Event: e, State: clock.Running, Total: time.Hour}}
		x.Clocks, x.Alarms = []clock.Clock{c}, []event.Alarm{{Time: monday, Words: s}}
		out := textOf(t, x)
		for _, r := range out {
			if r != '\n' && unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
				t.Fatalf("%U gets through: %q", r, out)
			}
		}
		if n := strings.Count(out, "\n"); n != 15+strings.Count(out, "\nnow at ")+strings.Count(out, "\nassigned to ") {
			t.Errorf("%d lines:\n%s", n, out)
		}
	})
}

func FuzzForeignTextDoesNothingInAnExplanation(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, nasty[(i+5)%len(nasty)])
	}
	f.Fuzz(func(t *testing.T, s, u string) {
		explained := func(s, u string) string {
			x := explanation()
			r := x.Record
			r.ID, r.Path, r.Title, r.State, r.FileStatus = "a"+s, "b"+u, s+u, u, s+"x"
			r.Values = map[string]any{"assignees": []any{map[string]any{"person": "p" + s}}}
			e := event.Event{Time: monday, Name: event.Refused, From: s, To: u, Why: s, Actor: account.Account{Login: u}, Commit: strings.Repeat("c3", 20)}
			r.Events = []event.Event{e}
			c := unknown(x.Clocks[0], "w"+u)
			c.Lines = []clock.Line{{Time: monday, Event: e, State: clock.Running, Total: time.Hour}}
			x.Clocks, x.Alarms, x.Web = []clock.Clock{c}, []event.Alarm{{Time: monday, Words: s}}, "https://github.com/example-org/example-desk"
			return explainedIn(t, x)
		}
		out := explained(s, u)
		for _, line := range strings.Split(out, "\n") {
			harmless(t, line)
		}
		if strings.Count(out, "\n") != strings.Count(explained("x", "y"), "\n") {
			t.Errorf("foreign text adds lines:\n%s", out)
		}
	})
}
