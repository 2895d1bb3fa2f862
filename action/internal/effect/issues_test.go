package effect_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/golden"
	"github.com/commrel/liaison/action/internal/markdown"
	"github.com/commrel/liaison/action/internal/workflow"
)

var (
	commitA = strings.Repeat("a", 40)
	commitB = strings.Repeat("b", 40)
)

// refusing is a record whose landings were refused.
func refusing(id, title string, events ...event.Event) *event.Record {
	r := waiting(title, id, "example-pm").Record
	for i, e := range events {
		e.Name, e.Record, e.Path, e.Time, e.Evidence = event.Refused, id, id, after(i), evidence.Landed
		r.Events = append(r.Events, e)
	}
	return r
}

// shown is an issue as a golden file has it.
func shown(t *testing.T, issues map[effect.Key]effect.Issue, k effect.Key) string {
	t.Helper()
	i, ok := issues[k]
	if !ok {
		t.Fatalf("there is no issue %v among %v", k, slices.Collect(maps.Keys(issues)))
	}
	if got, ok := effect.KeyOf(i.Body); !ok || got != k || !i.Open || !slices.Equal(i.Labels, []string{k.Kind.Label().Name}) {
		t.Errorf("%v: marker %v, open %t, labels %v", k, got, i.Open, i.Labels)
	}
	return i.Title + "\n\n" + i.Body
}

func TestARefusedLandingIsOneIssue(t *testing.T) {
	move := event.Event{From: "submitted", To: "done", Why: "no move leads from submitted to done", Actor: account.Account{ID: 5, Login: "example-pm"}, Commit: commitA, Pull: 14}
	field := event.Event{Why: "example-pm may not set `priority`, which is left to: liaison", Actor: move.Actor, Commit: commitA, Pull: 14}
	nobody := event.Event{From: "submitted", To: "@everyone", Why: "there is no state `@everyone`", Commit: commitB}
	r := refusing("requests/2026/meeting.yaml", "Meeting <b>", move, field, nobody)
	issues := effect.Refusals(&event.Ledger{Records: []*event.Record{r, refusing("requests/2026/other.yaml", "Other")}})
	if len(issues) != 2 {
		t.Errorf("%d issues, want one for each landing", len(issues))
	}
	golden.Check(t, "refused.md", shown(t, issues, effect.Key{Kind: effect.Refused, Record: r.ID, Mark: commitA}))
	golden.Check(t, "refused-move.md", shown(t, issues, effect.Key{Kind: effect.Refused, Record: r.ID, Mark: commitB}))
}

func TestAnAlarmThatIsNoRefusalIsAnIssue(t *testing.T) {
	r := refusing("requests/2026/meeting.yaml", "Meeting")
	closed := event.Alarm{Time: after(2), Record: r.ID, Title: "Closed without a decision", Mark: "closed-3", Pull: 12,
		Words: "pull request #12 was closed by @example-ghost, who may not close it; it stays open. Was it meant to be withdrawn?"}
	fault := event.Alarm{Time: after(3), Record: "requests/2026/gone.yaml", Words: "whether resourced speaks of it cannot be told: no such key: <team>"}
	refusal := event.Alarm{Time: after(3), Record: r.ID, Title: "Refused", Mark: commitA, Refused: true}
	issues := effect.Alarms(&event.Ledger{Records: []*event.Record{r}, Alarms: []event.Alarm{closed, fault, refusal}})
	if len(issues) != 2 {
		t.Errorf("%d issues, want 2", len(issues))
	}
	golden.Check(t, "alarm-closed.md", shown(t, issues, effect.Key{Kind: effect.Alarm, Record: r.ID, Mark: "closed-3"}))
	golden.Check(t, "alarm-fault.md", shown(t, issues, effect.Key{Kind: effect.Alarm, Record: fault.Record, Mark: "2026-07-09T09:00:00Z"}))
}

func TestARewrittenBranchIsAnIssue(t *testing.T) {
	issues := effect.Rewrites([]event.Break{{From: commitA, To: commitB, At: after(2)}})
	golden.Check(t, "alarm-rewritten.md", shown(t, issues, effect.Key{Kind: effect.Alarm, Mark: commitB}))
}

// running is a clock of seven days that goes on, with warnings at 50, 75 and 90 %.
func running(title, path string, assignees ...any) clock.Clock {
	c := waiting(title, path, "example-pm")
	c.State = clock.Running
	c.Case = &workflow.Case{Warn: []float64{0.5, 0.75, 0.9}}
	c.Record.Values = map[string]any{"assignees": assignees}
	c.Lines = []clock.Line{{Time: monday, State: clock.Running}}
	return c
}

func on(login string) any { return map[string]any{"person": login} }

func TestWhatRunsOutOfTimeIsOneDigest(t *testing.T) {
	paused := running("Paused", "requests/2026/paused.yaml", on("example-noor"))
	paused.State, paused.Record.State, paused.Record.Pull = clock.Paused, "needs-info", 0
	paused.Lines = append(paused.Lines, clock.Line{Time: after(4), State: clock.Paused})
	later := running("Two are on it", "requests/2026/two.yaml", on("example-noor"), on("example-lia"))
	later.Due, later.Target.Name = after(8), "resourced"
	fresh := running("Fresh", "requests/2026/fresh.yaml")
	fresh.Due = after(70)
	issues := effect.AtRisk([]clock.Clock{later, paused, running("Nobody's @everyone", "requests/2026/desk.yaml"), fresh, waiting("Late", "requests/2026/late.yaml", "x")}, after(6))
	golden.Check(t, "risk.md", shown(t, issues, effect.Key{Kind: effect.Risk}))
}

func TestNothingAtRiskIsNoDigest(t *testing.T) {
	tests := []struct {
		name   string
		change func(*clock.Clock)
		want   string
	}{
		{"75 % used", func(*clock.Clock) {}, "At risk: 1 promise"},
		{"no warnings", func(c *clock.Clock) { c.Case.Warn = nil }, ""},
		{"less used than the first warning", func(c *clock.Clock) { c.Due = after(13) }, ""},
		{"just as much", func(c *clock.Clock) { c.Due = after(12) }, "At risk: 1 promise"},
		{"kept", func(c *clock.Clock) { c.State = clock.Met }, ""},
		{"late: it has an issue of its own", func(c *clock.Clock) { c.State = clock.Breached }, ""},
		{"void", func(c *clock.Clock) { c.State = clock.Void }, ""},
		{"unknown", func(c *clock.Clock) { c.State = clock.Unknown }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := running("T", "r.yaml")
			tt.change(&c)
			if got := effect.AtRisk([]clock.Clock{c}, after(6))[effect.Key{Kind: effect.Risk}].Title; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestShare(t *testing.T) {
	lines := func(states ...clock.State) (out []clock.Line) { // one a day from monday
		for i, s := range states {
			out = append(out, clock.Line{Time: after(i), State: s})
		}
		return out
	}
	tests := []struct {
		name  string
		lines []clock.Line
		due   int // days after monday
		asOf  time.Time
		want  float64
	}{
		{"at the start nothing is used", lines(clock.Running), 8, monday, 0},
		{"half way, half", lines(clock.Running), 8, after(4), 0.5},
		{"at the due time all", lines(clock.Running), 8, after(8), 1},
		{"a pause is no part of it", lines(clock.Running, clock.Paused, clock.Running), 9, after(5), 0.5},
		{"a pause that lasts uses nothing", lines(clock.Running, clock.Running, clock.Paused), 10, after(4), 0.25},
		{"nor does it an hour later, when the due time is an hour later", lines(clock.Running, clock.Running, clock.Paused), 11, after(5), 0.25},
		{"a clock with no time has used it", lines(clock.Running), 0, monday, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := clock.Clock{Case: &workflow.Case{}, Started: monday, Due: after(tt.due), Lines: tt.lines}
			if got := effect.Share(c, tt.asOf); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestTheDigestDoesNotChangeWithTheHourOfTheRun(t *testing.T) {
	clocks := []clock.Clock{running("A", "a.yaml"), running("B", "b.yaml", on("x"))}
	one := effect.AtRisk(clocks, after(4))[effect.Key{Kind: effect.Risk}]
	two := effect.AtRisk(clocks, after(5).Add(time.Hour))[effect.Key{Kind: effect.Risk}]
	if one.Body == "" || one.Body != two.Body {
		t.Errorf("%s\nbecame\n%s", one.Body, two.Body)
	}
	three := effect.AtRisk(clocks, after(6))[effect.Key{Kind: effect.Risk}]
	if three.Body == one.Body {
		t.Error("the next warning says nothing new")
	}
}

func TestALongDigestIsCutWithACount(t *testing.T) {
	var clocks []clock.Clock
	for i := range 1000 {
		clocks = append(clocks, running(fmt.Sprintf("%04d %s", i, strings.Repeat("ü", 150)), fmt.Sprintf("r%04d.yaml", i), on(fmt.Sprint("p", i%7))))
	}
	body := effect.AtRisk(clocks, after(6))[effect.Key{Kind: effect.Risk}].Body
	var hidden int
	if _, err := fmt.Sscanf(body[strings.Index(body, "… ")+len("… "):], "%d more", &hidden); err != nil {
		t.Fatalf("no count: %v", err)
	}
	if shown := strings.Count(body, "\n- "); shown+hidden != 1000 || len(body) >= 65536 || len(body) < 65000 {
		t.Errorf("%d shown, %d counted, %d bytes", shown, hidden, len(body))
	}
	if !strings.HasSuffix(body, "it stays closed.\n") {
		t.Error("the end is cut off")
	}
}

func TestTheReportIsOneIssue(t *testing.T) {
	k := effect.Key{Kind: effect.Report}
	golden.Check(t, "report.md", shown(t, effect.Published("# Were the promises kept?\n\nYes.\n"), k))
	if got := effect.Published(""); len(got) > 0 {
		t.Errorf("no report is %v", got)
	}
	body := effect.Published(strings.Repeat("| ü |\n", 20000))[k].Body
	var hidden int
	if _, err := fmt.Sscanf(body[strings.Index(body, "… ")+len("… "):], "%d more lines", &hidden); err != nil {
		t.Fatalf("no count: %v", err)
	}
	if shown := strings.Count(body, "| ü |\n"); shown+hidden != 20001 || len(body) >= 65536 || len(body) < 65000 { // the last line is empty
		t.Errorf("%d shown, %d counted, %d bytes", shown, hidden, len(body))
	}
}

func TestIssuesAreAllKinds(t *testing.T) {
	r := refusing("r.yaml", "R", event.Event{To: "done", Commit: commitA})
	f := effect.Facts{
		Ledger: &event.Ledger{Records: []*event.Record{r}, Alarms: []event.Alarm{{Record: "r.yaml", Mark: "closed-1"}}},
		Clocks: []clock.Clock{waiting("Late", "late.yaml", "x"), running("Soon", "soon.yaml")},
		Breaks: []event.Break{{To: commitB}}, Report: "# Report\n", AsOf: after(6),
	}
	var got []string
	for k := range effect.Issues(f) {
		got = append(got, k.String())
	}
	slices.Sort(got)
	want := []string{"alarm mark=" + commitB + "&record=", "alarm mark=closed-1&record=r.yaml", "breach cycle=1&record=late.yaml&target=first-response", "refused mark=" + commitA + "&record=r.yaml", "report", "risk"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func FuzzForeignTextDoesNothingInTheOtherIssues(f *testing.F) {
	for i, s := range nasty {
		f.Add(s, nasty[(i+1)%len(nasty)], nasty[(i+2)%len(nasty)])
		f.Add(s, s, s)
	}
	f.Fuzz(func(t *testing.T, title, path, login string) {
		if markdown.Code(path) == "" || len(path) > 4096 {
			return // no path that Git or a file system takes
		}
		who := account.Account{Login: login}
		r := refusing(path, title, event.Event{From: title, To: login, Why: login + " holds none: " + title, Actor: who, Commit: commitA, Pull: 12}, event.Event{Why: title, Actor: who, Commit: commitA, Pull: 12})
		soon := running(title, path, on(login), on(title))
		for k, i := range effect.Issues(effect.Facts{
			Ledger: &event.Ledger{Records: []*event.Record{r}, Alarms: []event.Alarm{{Record: path, Title: "Look", Mark: title + "x", Words: title + login, Pull: 12}}},
			Clocks: []clock.Clock{soon}, AsOf: after(6),
		}) {
			harmlessTitle(t, i.Title)
			first, rest, _ := strings.Cut(i.Body, "\n")
			if got, ok := effect.KeyOf(first); !ok || got != k {
				t.Errorf("the first line is no marker of %v: %q", k, first)
			}
			harmlessBody(t, rest, plainWords)
			if len(i.Body) >= 65536 {
				t.Errorf("%d bytes", len(i.Body))
			}
		}
	})
}
