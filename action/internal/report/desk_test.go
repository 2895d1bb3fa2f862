package report_test

import (
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/action/internal/worktime"
)

const day = 24 * time.Hour

var (
	fiscal   = worktime.Fiscal{First: time.July, Zone: time.UTC}
	monday   = time.Date(2026, time.July, 6, 9, 0, 0, 0, time.UTC)
	asOf     = time.Date(2026, time.October, 5, 6, 0, 0, 0, time.UTC)
	inputs   = report.Inputs{Main: strings.Repeat("a1", 20), Witness: strings.Repeat("b2", 20), AsOf: asOf, Engine: "0.1.0"}
	kind     = &workflow.Kind{Name: "request", Status: "status", Assignees: "assignees[].person"}
	response = &workflow.Target{Name: "first-response", Of: kind, Within: worktime.Duration{Exact: 7 * day, Words: "7 days"}, Goal: 1, Words: "100%"}
	resource = &workflow.Target{Name: "resourced", Of: kind, Within: worktime.Duration{Months: 3, Words: "3 months"}, Goal: 0.8, Words: "80%"}
	goalless = &workflow.Target{Name: "closed", Of: kind, Within: worktime.Duration{Months: 6, Words: "6 months"}}
	liaison  = account.Account{ID: 3, Login: "example-cl-noor", Type: "User"}
)

func after(d float64) time.Time { return monday.Add(time.Duration(d * float64(day))) }

// filed is a request and a running clock of a target over it.
func filed(slug, title string, target *workflow.Target, at time.Time, pull int) clock.Clock {
	path := "requests/2026/" + slug + ".yaml"
	rec := &event.Record{Kind: kind, ID: path, Path: path, Title: title, Live: true, Landed: true, Pull: pull, State: "submitted", FileStatus: "submitted"}
	start := event.Event{Time: at, Kind: "request", Record: path, Name: event.Filed, To: "submitted", Path: path, Cycle: 1, Pull: pull,
		Actor: account.Account{ID: 5, Login: "example-pm-ada"}}
	due := worktime.Add(at, target.Within, time.UTC, 0)
	return clock.Clock{Record: rec, Target: target, Cycle: 1, Started: at, Due: due, State: clock.Running, Start: start, Elapsed: asOf.Sub(at)}
}

// answer stops a clock after so many days.
func answer(c clock.Clock, days float64) clock.Clock {
	at := c.Started.Add(time.Duration(days * float64(day)))
	c.Stopped, c.Ended, c.Elapsed, c.State = at, at, at.Sub(c.Started), clock.Met
	c.Stop = event.Event{Time: at, Kind: "request", Record: c.Record.ID, Name: event.Responded, Actor: liaison, Pull: c.Start.Pull, Path: c.Record.Path, Cycle: 1}
	if at.After(c.Due) {
		c.State = clock.Breached
	}
	return c
}

// ended stops a clock without an answer.
func ended(c clock.Clock, days float64, why string) clock.Clock {
	at := c.Started.Add(time.Duration(days * float64(day)))
	c.Ended, c.Elapsed, c.State, c.Why = at, at.Sub(c.Started), clock.Void, why
	if at.After(c.Due) {
		c.State = clock.Breached
	}
	return c
}

func late(c clock.Clock) clock.Clock {
	c.State = clock.Breached
	return c
}

func unknown(c clock.Clock, why string) clock.Clock {
	c.State, c.Evidence, c.Why = clock.Unknown, evidence.Unknown, why
	return c
}

func selfFiled(c clock.Clock) clock.Clock {
	c = answer(c, 0)
	c.SelfFiled = true
	return c
}

func graded(c clock.Clock, g evidence.Grade) clock.Clock {
	c.Evidence = g
	return c
}

// clocks are those of a small desk: every way in which a clock can stand.
func clocks() []clock.Clock {
	again := filed("again", "Asked again", response, after(14), 31)
	again.Cycle = 2
	pushed := filed("pushed", "Pushed past the desk", response, after(2), 0)
	pushed.Start.Commit, pushed.Record.Pull = strings.Repeat("c3", 20), 0
	nobody := unknown(filed("nobody-knows", "Nobody knows when", response, time.Time{}, 0), "a time or an actor that it rests on is not known")
	nobody.Start.Commit, nobody.Elapsed = strings.Repeat("d4", 20), 0
	return []clock.Clock{
		answer(filed("in-time", "In time", response, after(0), 21), 1.04),
		selfFiled(filed("own", "Filed by the desk", response, after(1), 22)),
		answer(filed("answered-late", "Answered late, with a | bar and `ticks`", response, after(3), 23), 9.06),
		late(filed("silence", "Waits\nfor ever @everyone <b>", response, after(4), 24)),
		late(again),
		ended(filed("given-up", "Given up late", response, after(5), 25), 21, "it ended as withdrawn"),
		ended(filed("withdrawn", "Withdrawn in time", response, after(6), 26), 2, "it ended as withdrawn"),
		graded(answer(pushed, 2), evidence.Claimed),
		unknown(answer(filed("squashed", "Squashed", response, after(7), 0), 0), "start and stop are one landing that nobody witnessed"),
		nobody,

		answer(filed("quick", "Resourced", resource, after(1), 27), 26.5),
		filed("pending", "Still looked for", resource, time.Date(2026, time.July, 20, 0, 0, 0, 0, time.UTC), 28),
		func() clock.Clock {
			c := filed("paused", "Waits for its filer", resource, after(20), 29)
			c.State = clock.Paused
			return c
		}(),

		filed("open", "To be closed", goalless, after(1), 30),
		// Before that quarter, and after it.
		selfFiled(filed("spring-1", "Own in spring", response, after(-60), 1)), selfFiled(filed("spring-2", "Own again", response, after(-50), 2)),
		answer(filed("spring-3", "Not own", response, after(-40), 3), 4),
		ended(filed("spring-4", "Void in spring", resource, after(-40), 4), 1, "it went back to submitted and begins anew"),
	}
}

func targets() []*workflow.Target { return []*workflow.Target{response, resource, goalless} }

// byLead breaks figures down by a text of the record, and has nobody for one of them.
var byLead = review.Way{By: "lead", Kind: "request", Groups: func(c clock.Clock) []review.Group {
	switch c.Record.ID {
	case "requests/2026/silence.yaml":
		return []review.Group{{Name: "nobody", None: true}}
	case "requests/2026/in-time.yaml":
		return []review.Group{{Name: "example-cl-noor"}, {Name: c.Record.Title}}
	}
	return []review.Group{{Name: "example-cl | <lia>"}}
}}

// aReview is a report on three quarters, the last of them just begun.
func aReview() report.Review {
	r := report.Review{Inputs: inputs, Desk: "Example Relations", Zone: time.UTC, Web: "https://github.com/example-org/example-desk"}
	for q := fiscal.At(after(-60)); !q.Start.After(asOf); q = fiscal.After(q) {
		r.Quarters = append(r.Quarters, q)
		r.Results = append(r.Results, review.Quarter(targets(), clocks(), q, asOf, byLead))
	}
	r.Backdated = []event.Backdated{
		{Time: after(0.5), Record: "requests/2026/in-time.yaml", Actor: liaison, Role: "liaison", Holds: true, Landed: after(9), Commit: strings.Repeat("d4", 20)},
		{Time: after(4.5), Record: "requests/2026/silence.yaml", Actor: account.Account{Login: "example|former"}, Role: "liaison", Landed: after(9), Commit: strings.Repeat("d4", 20)},
	}
	r.Alarms = []event.Alarm{
		{Time: after(2), Record: "requests/2026/pushed.yaml", Words: "it was merged by example-intern, who may not accept it; it stays submitted"},
		{Time: after(9), Record: "requests/2026/silence.yaml", Words: "pull request #24 was closed by @example-ghost | who may not; see www.evil.example"},
	}
	return r
}

// explanation is a record with everything that can stand in one.
func explanation() report.Explanation {
	c := filed("toolbar", "A new \x1b[31mtoolbar\u202e", response, monday, 12)
	c = answer(c, 8)
	r := c.Record
	r.Path, r.State, r.FileStatus = "requests/2026/new-toolbar.yaml", "resourced", "accepted"
	r.Values = map[string]any{"assignees": []any{map[string]any{"person": "example-cl-noor"}, map[string]any{"person": "example-cl-\x07lia"}}}
	at := func(d float64, n event.Name, from, to string, pull int) event.Event {
		return event.Event{Time: after(d), Kind: "request", Record: r.ID, Name: n, From: from, To: to, Actor: liaison, Pull: pull, Path: r.ID, Cycle: 1}
	}
	asked := at(1, event.Moved, "submitted", "needs-info", 12)
	asked.Why = ""
	refused := at(4, event.Refused, "submitted", "done", 0)
	refused.Why, refused.Commit, refused.Evidence, refused.Actor = "no move leads from submitted to done", strings.Repeat("e5", 20), evidence.Claimed, account.Account{Login: "someone\tX"}
	auto := at(9, event.Moved, "accepted", "resourced", 14)
	auto.Why = "size(record.assignees) > 0"
	renamed := at(10, event.Renamed, r.ID, r.Path, 0)
	renamed.Commit, renamed.Evidence, renamed.Actor = strings.Repeat("f6", 20), evidence.Landed, account.Account{ID: 77}
	r.Events = []event.Event{c.Start, asked, at(3, event.Moved, "needs-info", "submitted", 12), refused, c.Stop, at(9, event.Assigned, "", "example-cl-noor", 14), auto, renamed}
	c.Lines = []clock.Line{{Time: c.Started, Event: c.Start, State: clock.Running}, {Time: after(1), Event: asked, State: clock.Paused, Total: day},
		{Time: after(3), Event: r.Events[2], State: clock.Running, Total: day}, {Time: c.Stopped, Event: c.Stop, State: clock.Breached, Total: 6*day + 90*time.Second}}
	open := filed("toolbar", "", resource, after(9), 12)
	open.Record, open.Evidence = r, evidence.Landed
	open.Lines = []clock.Line{{Time: after(9), Event: auto, State: clock.Running}, {Time: asOf, State: clock.Running, Total: open.Elapsed}}
	lost := unknown(filed("toolbar", "", goalless, time.Time{}, 0), "what the record said is not known")
	lost.Record, lost.Elapsed, lost.Lines = r, 0, []clock.Line{{Event: c.Start, State: clock.Unknown}}
	return report.Explanation{Inputs: inputs, Record: r, Clocks: []clock.Clock{c, late(open), lost},
		Alarms: []event.Alarm{{Time: after(4), Record: r.ID, Words: "the landed status done\nis refused"}}}
}
