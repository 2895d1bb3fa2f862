package report_test

import (
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/golden"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/google/go-cmp/cmp"
)

// asked is a proposed request that came to a state on the days given, from submitted on.
func asked(state string, moves map[float64]string) *event.Record {
	k := &workflow.Kind{Name: "request", Status: "status", Assignees: "assignees[].person", States: []workflow.State{
		{Name: "submitted", Initial: true}, {Name: "needs-info", Paused: true}, {Name: "accepted"}, {Name: "withdrawn", Final: true}}}
	r := &event.Record{Kind: k, ID: toolbarPath, State: state, Events: []event.Event{{Name: event.Filed, Time: monday, To: "submitted"}}}
	for _, day := range []float64{1, 2, 3} {
		if to := moves[day]; to != "" {
			r.Events = append(r.Events, event.Event{Name: event.Moved, Time: after(day), To: to})
		}
	}
	r.Events = append(r.Events, event.Event{Name: event.Responded, Time: after(4)})
	return r
}

func TestWaitingFor(t *testing.T) {
	tests := []struct {
		name  string
		state string
		moves map[float64]string
		want  *report.Waiting
	}{
		{"what was filed waits for the desk since then", "submitted", nil, &report.Waiting{Since: monday}},
		{"in a paused state it waits for the filer", "needs-info", map[float64]string{1: "needs-info"}, &report.Waiting{Author: true, Since: after(1)}},
		{"once that is answered, for the desk again", "submitted", map[float64]string{1: "needs-info", 2: "submitted"}, &report.Waiting{Since: after(2)}},
		{"at its end for nobody", "withdrawn", map[float64]string{1: "withdrawn"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, report.WaitingFor(asked(tt.state, tt.moves), nil)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWaitingForSaysHowThePromisesStand(t *testing.T) {
	r := asked("submitted", nil)
	r.Values = map[string]any{"assignees": []any{map[string]any{"person": "example-cl-noor"}}}
	of := func(c clock.Clock, state clock.State) clock.Clock {
		c.Record, c.State, c.Due = r, state, after(7)
		return c
	}
	ended := of(clock.Clock{Target: response, Ended: after(9)}, clock.Breached)
	got := report.WaitingFor(r, []clock.Clock{
		of(clock.Clock{Target: response}, clock.Running), of(clock.Clock{Target: resource}, clock.Paused), of(clock.Clock{Target: goalless}, clock.Breached),
		ended, of(clock.Clock{Target: response}, clock.Met), filed("other", "Other", response, monday, 1),
	})
	want := &report.Waiting{Since: monday, On: []string{"example-cl-noor"}, Due: []report.Due{{Target: "first-response", At: after(7)}},
		Paused: []string{"resourced"}, Late: []report.Due{{Target: "closed", At: after(7)}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestOpinions(t *testing.T) {
	said := func(login, state, sha string) event.Entry {
		return event.Entry{Kind: event.Reviewed, Actor: account.Account{Login: login}, State: state, SHA: sha}
	}
	tests := []struct {
		name    string
		entries []event.Entry
		want    string
	}{
		{"nobody said anything", nil, ""},
		{"by login", []event.Entry{said("b", "approved", "h"), said("a", "changes_requested", "h")}, "a changes_requested, b approved"},
		{"the last word of each counts", []event.Entry{said("a", "changes_requested", "h"), said("a", "approved", "h")}, "a approved"},
		{"a comment is no opinion", []event.Entry{said("a", "approved", "h"), said("a", "commented", "h")}, "a approved"},
		{"of another head it is older", []event.Entry{said("a", "approved", "g")}, "a approved older"},
		{"a dismissal takes back what was said before", []event.Entry{said("a", "approved", "h"), {Kind: event.Dismissed}, said("b", "approved", "h")}, "b approved"},
		{"a review that is dismissed is none", []event.Entry{said("a", "dismissed", "h")}, ""},
		{"an account that is no more has none", []event.Entry{said("", "approved", "h")}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, o := range report.Opinions(tt.entries, "h") {
				s := o.By + " " + o.State
				if o.Older {
					s += " older"
				}
				got = append(got, s)
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// waits is a pull request that waits for the desk.
func waits() *report.Waiting {
	zone := time.FixedZone("", 2*3600)
	return &report.Waiting{Since: monday.In(zone), On: []string{"example-cl-noor", "@everyone"}, Due: []report.Due{{Target: "first-response", At: after(7).In(zone)}},
		Late: []report.Due{{Target: "triage", At: after(2)}}, Reviews: []report.Opinion{{By: "example-cl-lia", State: "approved"}, {By: "example-cl-olaf", State: "changes_requested", Older: true}}}
}

func TestTheCommentSaysWhomItWaitsFor(t *testing.T) {
	you := &report.Waiting{Author: true, Since: after(1), Paused: []string{"first-response", "resourced"}}
	tests := []struct {
		name  string
		check report.Check
	}{
		{"desk", ready()}, {"you", ready()}, {"mend", aCheck()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.check.Waiting = waits()
			if tt.name == "you" {
				tt.check.Waiting = you
			}
			md := written(t, tt.check.Markdown)
			top, _, _ := strings.Cut(md, "\n###")
			golden.Check(t, "waiting-"+tt.name+".md", top)
			js := written(t, tt.check.JSON)
			validate(t, "check", []byte(js))
			if !strings.Contains(js, `"waiting": {`) {
				t.Error("the JSON says nothing of it")
			}
		})
	}
}

func TestTheTopCountsAsPartOfTheComment(t *testing.T) {
	c := aCheck()
	c.Waiting = waits()
	for range 40 {
		c.Waiting.On = append(c.Waiting.On, strings.Repeat("ü", 5000))
		c.Findings = append(c.Findings, c.Findings...)[:min(2*len(c.Findings), 2000)]
	}
	if n := len(written(t, c.Markdown)); n > 65536 || n < 50000 {
		t.Errorf("%d bytes", n)
	}
}
