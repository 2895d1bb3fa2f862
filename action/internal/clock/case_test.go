package clock_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// A changed priority carries the time that has run, and makes nothing due before the change.
// Ordinary records have ten minutes, high ones four, low ones thirty.
func TestAChangedPriority(t *testing.T) {
	target := []string{fromFiled, "stop: responded", tenMin, `cases: [{where: "record.priority == 'high'", within: 4 minutes}, {where: "record.priority == 'low'", within: 30 minutes}]`}
	type change struct {
		minute   int
		priority string
	}
	for _, c := range []struct {
		name    string
		events  []string
		changes []change
		asOf    int
		want    string
	}{
		{"counts from the start", []string{"0 filed"}, []change{{0, "-"}, {2, "high"}}, 3, "1: running at -, due 4, ran 3, witnessed"},
		{"is due at once where the new time is over", []string{"0 filed"}, []change{{0, "-"}, {7, "high"}}, 7, "1: running at -, due 7, ran 7, witnessed"},
		{"and late from then on", []string{"0 filed", "8 responded"}, []change{{0, "-"}, {7, "high"}}, 99, "1: breached at 8, due 7, ran 8, witnessed"},
		{"but was met before", []string{"0 filed", "6 responded"}, []change{{0, "-"}, {7, "high"}}, 99, "1: met at 6, due 10, ran 6, witnessed"},
		{"gives more time", []string{"0 filed", "20 responded"}, []change{{0, "-"}, {7, "low"}}, 99, "1: met at 20, due 30, ran 20, witnessed"},
		{"mends no breach", []string{"0 filed", "20 responded"}, []change{{0, "-"}, {11, "low"}}, 99, "1: breached at 20, due 10, ran 20, witnessed"},
		{"does so at the moment that it is due", []string{"0 filed", "20 responded"}, []change{{0, "-"}, {10, "low"}}, 99, "1: met at 20, due 30, ran 20, witnessed"},
		{"and back again", []string{"0 filed", "20 responded"}, []change{{0, "-"}, {3, "low"}, {9, "-"}}, 99, "1: breached at 20, due 10, ran 20, witnessed"},
		{"during a pause is due when that has lasted", []string{"0 filed", "5 wait", "20 new", "21 responded"}, []change{{0, "-"}, {12, "high"}}, 99, "1: breached at 21, due 20, ran 6, witnessed"},
		{"does not take away a pause", []string{"0 filed", "1 wait", "6 new", "9 responded"}, []change{{0, "-"}, {7, "high"}}, 99, "1: met at 9, due 9, ran 4, witnessed"},
		{"is read as the record landed first, until it lands again", []string{"0 filed"}, []change{{3, "high"}}, 2, "1: running at -, due 4, ran 2, witnessed"},
		{"after the stop changes nothing", []string{"0 filed", "8 responded"}, []change{{0, "-"}, {9, "high"}}, 99, "1: met at 8, due 10, ran 8, witnessed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, desk(t, target...), c.events...)
			for _, v := range c.changes {
				s.version(v.minute, map[string]any{"priority": v.priority})
			}
			if diff := cmp.Diff([]string{c.want}, all(s.run(at(c.asOf)))); diff != "" {
				t.Errorf("clocks (-want +got):\n%s", diff)
			}
		})
	}
}

// Without a time of its own, a target measures the records of its cases alone.
func TestATargetOfCasesAlone(t *testing.T) {
	def := desk(t, fromFiled, "stop: responded", `cases: [{where: "record.priority == 'high'", within: 4 minutes}]`)
	for _, c := range []struct {
		name string
		tell func(*tale)
		want []string
	}{
		{"one of a case", func(s *tale) { s.version(0, map[string]any{"priority": "high"}) }, []string{"1: breached at -, due 4, ran 50, witnessed"}},
		{"one of none", func(s *tale) { s.version(0, map[string]any{"priority": "low"}) }, nil},
		{"one that came to be of a case, late", func(s *tale) {
			s.version(0, map[string]any{"priority": "low"})
			s.version(20, map[string]any{"priority": "high"})
		}, []string{"1: breached at -, due 20, ran 50, witnessed"}},
		{"one of which it cannot be told", func(s *tale) { s.version(0, map[string]any{}) }, []string{"unknown"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, def, "0 filed")
			c.tell(s)
			got := all(s.run(at(50)))
			if len(c.want) == 1 && c.want[0] == "unknown" && len(got) == 1 && strings.Contains(got[0], "unknown (`record.priority") {
				return
			}
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("clocks (-want +got):\n%s", diff)
			}
		})
	}
}

// First, next and every response.
func TestResponsesAfterTheFirst(t *testing.T) {
	story := []string{"0 filed", "2 replied", "4 replied", "9 responded", "10 replied", "30 responded", "31 replied"}
	for repeat, want := range map[string][]string{
		"first": {"1.1 met 2-9"},
		"next":  {"1.1 met 2-9", "1.2 breached 10-30", "1.3 running 31- last"},
		"every": {"1.1 met 2-9", "1.2 met 4-9", "1.3 breached 10-30", "1.4 running 31- last"},
	} {
		t.Run(repeat, func(t *testing.T) {
			s := tell(t, desk(t, "start: replied", "stop: responded", tenMin, "repeat: "+repeat), story...)
			var got []string
			for _, c := range s.run(at(35)) {
				line := fmt.Sprintf("%d.%d %s %s-%s", c.Cycle, c.Round, c.State, minute(c.Started), strings.Trim(minute(c.Ended), "-"))
				if c.Last && !c.Open() && c.Ended.IsZero() {
					line += " last"
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("clocks (-want +got):\n%s", diff)
			}
		})
	}
}

// Of a record's clocks of one target, the newest is the last; the others stay as they are.
func TestReopeningLeavesWhatWas(t *testing.T) {
	s := tell(t, desk(t, fromFiled, "stop: responded", tenMin), "0 filed", "20 responded", "21 done", "40 new", "42 responded")
	var got []string
	for _, c := range s.run(at(99)) {
		got = append(got, fmt.Sprintf("%s last %v", words(c), c.Last))
	}
	want := []string{"1: breached at 20, due 10, ran 20, witnessed last false", "2: met at 42, due 50, ran 2, witnessed last true"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("clocks (-want +got):\n%s", diff)
	}
	if e := clock.Ever(s.run(at(99))); e != clock.Breached {
		t.Errorf("ever %s", e)
	}
}

func TestHowAPromiseStandsOverItsCycles(t *testing.T) {
	for _, c := range []struct {
		states []clock.State
		want   clock.State
	}{
		{[]clock.State{clock.Met}, clock.Met},
		{[]clock.State{clock.Void, clock.Met}, clock.Met},
		{[]clock.State{clock.Met, clock.Void}, clock.Met},
		{[]clock.State{clock.Met, clock.Running}, clock.Running},
		{[]clock.State{clock.Met, clock.Paused}, clock.Paused},
		{[]clock.State{clock.Unknown, clock.Met}, clock.Unknown},
		{[]clock.State{clock.Breached, clock.Unknown, clock.Met}, clock.Breached},
	} {
		var cs []clock.Clock
		for _, s := range c.states {
			cs = append(cs, clock.Clock{State: s})
		}
		if got := clock.Ever(cs); got != c.want {
			t.Errorf("%v: ever %s, want %s", c.states, got, c.want)
		}
	}
}

// office is a desk whose target counts an office's hours, on the days of July 2026.
func officeDesk(t testing.TB, within, calendar string) *workflow.Definition {
	t.Helper()
	src := `desk: D
timezone: Europe/Berlin
kinds:
  ask:
    files: "asks/*"
    status: status
    states: {new: {initial: true}, wait: {paused: true}, okay: {}, done: {final: true}, dropped: {final: true}}
roles: {helper: "true"}
calendars:
  office: ` + calendar + `
targets:
  promise: {of: ask, start: filed, stop: responded, responder: helper, calendar: office, warn: [50%, 90%], within: ` + within + "}\n"
	def, fs, err := compiled.Read(workflow.Path, []byte(src), nil)
	if err != nil || def == nil {
		t.Fatal(err, fs)
	}
	return def
}

// Each of these is what some tool in use gets wrong. The office works 9 to 12 and 13 to 17.
func TestClocksOfAnOffice(t *testing.T) {
	const office = "{hours: {mon-fri: [09:00-12:00, 13:00-17:00]}, holidays: [2026-07-14], until: 2026-07-20}"
	for _, c := range []struct {
		name, within string
		events       []string // at days and hours of July, such as "01T15:00 filed"
		asOf, want   string
	}{
		{"lunch is no working time", "4 business hours", []string{"01T10:00 filed", "01T15:00 responded"}, "20T00:00", "met, due 01T15:00, ran 4h0m0s"},
		{"filed at night: from the opening", "1 business hour", []string{"01T22:00 filed", "02T10:00 responded"}, "20T00:00", "met, due 02T10:00, ran 1h0m0s"},
		{"filed at the weekend: from Monday", "1 business hour", []string{"04T12:00 filed", "06T10:01 responded"}, "20T00:00", "breached, due 06T10:00, ran 1h1m0s"},
		{"a pause over the weekend is as long as its working time", "8 business hours", []string{"03T16:00 filed", "03T16:30 wait", "06T09:30 new"}, "06T10:00", "running, due 07T10:00, ran 1h0m0s"},
		{"a pause that ends in closing is void, and swallows nothing", "8 business hours", []string{"03T09:00 filed", "03T10:00 wait", "10T10:00 done"}, "20T00:00", "void, due 13T10:00, ran 1h0m0s (it ended as done)"},
		{"a pause after the time was up mends nothing", "1 business hour", []string{"03T09:00 filed", "03T11:00 wait", "10T10:00 responded"}, "20T00:00", "breached, due 03T10:00, ran 2h0m0s"},
		{"a holiday is none of the days", "2 business days", []string{"13T10:00 filed"}, "13T12:00", "running, due 16T17:00, ran 2h0m0s"},
		{"due after the calendar's end: not known", "5 business days", []string{"16T10:00 filed"}, "17T12:00", "running, due -, ran 9h0m0s (when it is due is not known: the calendar office ends before)"},
		{"answered before the end: met all the same", "5 business days", []string{"16T10:00 filed", "17T09:30 responded"}, "30T00:00", "met, due -, ran 6h30m0s"},
		{"running past the end: unknown, and why", "5 business days", []string{"16T10:00 filed"}, "30T00:00", "unknown, due -, ran 20h0m0s (it runs past the end of the calendar office)"},
		{"answered past the end: unknown, and why", "5 business days", []string{"16T10:00 filed", "22T10:00 responded"}, "30T00:00", "unknown, due -, ran 20h0m0s (it runs past the end of the calendar office)"},
		{"late before the end: late, and its time not counted on", "1 business hour", []string{"20T10:00 filed"}, "30T00:00", "breached, due 20T11:00, ran 6h0m0s (time after the end of the calendar office is not counted)"},
		{"paused past the end: unknown", "1 business hour", []string{"20T10:00 filed", "20T10:30 wait"}, "30T00:00", "unknown, due -, ran 30m0s (it runs past the end of the calendar office)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			def := officeDesk(t, c.within, office)
			july := func(s string) time.Time {
				when, err := time.ParseInLocation("2006-01-02T15:04", "2026-07-"+s, def.Zone())
				if err != nil {
					t.Fatal(err)
				}
				return when
			}
			var lines []string
			for _, e := range c.events {
				when, what, _ := strings.Cut(e, " ")
				lines = append(lines, fmt.Sprintf("%d %s", int(july(when).Sub(start).Minutes()), what))
			}
			k := tell(t, def, lines...).run(july(c.asOf))[0]
			due := "-"
			if !k.Due.IsZero() {
				due = k.Due.In(def.Zone()).Format("02T15:04")
			}
			got := fmt.Sprintf("%s, due %s, ran %v", k.State, due, k.Elapsed)
			if k.Why != "" {
				got += " (" + k.Why + ")"
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if k.Due.IsZero() != (len(k.Warnings) == 0) {
				t.Errorf("warnings at %v", k.Warnings)
			}
		})
	}
}

// Warnings are shares of the working time until the due time.
func TestWarningsFallInWorkingTime(t *testing.T) {
	def := officeDesk(t, "10 business hours", "{hours: {mon-fri: 09:00-17:00}}")
	k := tell(t, def, fmt.Sprintf("%d filed", 2*24*60+10*60)).run(at(3 * 24 * 60))[0] // on Friday the third, at noon
	var got []string
	for _, w := range append(k.Warnings, k.Due) {
		got = append(got, w.In(def.Zone()).Format("Mon 15:04"))
	}
	if diff := cmp.Diff([]string{"Fri 17:00", "Mon 13:00", "Mon 14:00"}, got); diff != "" {
		t.Errorf("warnings and due time (-want +got):\n%s", diff)
	}
}

// A calendar whose next year lands while a clock runs is known again; what was known stays.
func TestACalendarIsContinuedByALaterOne(t *testing.T) {
	old := officeDesk(t, "8 business hours", "{hours: {mon-fri: 09:00-17:00}, until: 2026-07-10}")
	renewed := officeDesk(t, "1 business hour", "{hours: {mon-fri: 10:00-14:00}, holidays: [2026-07-13], until: 2026-12-31}")
	s := tell(t, old, fmt.Sprintf("%d filed", 9*24*60+13*60)) // on Friday the tenth, at three
	ledger, ros := &event.Ledger{Records: []*event.Record{s.rec}}, roster.New(old, nil, nil, nil)
	inForce := []clock.InForce{{From: at(0), Definition: old}, {From: at(9*24*60 + 14*60), Definition: renewed}}
	for _, c := range []struct {
		name    string
		inForce []clock.InForce
		want    string
	}{
		{"not renewed", inForce[:1], "unknown, ran 2h0m0s"},
		{"renewed", inForce, "breached, due Wed 15 12:00, ran 10h0m0s"}, // 2 hours by the old, none on the thirteenth, 4 on the fourteenth
	} {
		t.Run(c.name, func(t *testing.T) {
			k := clock.Under(c.inForce, ledger, ros, at(15*24*60))[0]
			got := fmt.Sprintf("%s, ran %v", k.State, k.Elapsed)
			if !k.Due.IsZero() {
				got = fmt.Sprintf("%s, due %s, ran %v", k.State, k.Due.In(old.Zone()).Format("Mon 2 15:04"), k.Elapsed)
			}
			if got != c.want {
				t.Errorf("it is %s, want %s", got, c.want)
			}
		})
	}
}
