package workflow_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// office is a definition with calendars and targets of every sort, and without a finding.
const office = `desk: Test
timezone: Europe/Berlin
kinds:
  ask:
    files: asks/*
    status: status
    assignees: "who[]"
    states: {new: {initial: true}, wait: {paused: true}, okay: {}, done: {final: true}}
    moves:
      - {from: [new, wait], to: [new, wait, okay]}
      - {from: okay, to: done}
      - {from: done, to: new}
  note: {files: notes/*}
roles: {helper: "true"}
calendars:
  berlin:
    hours: {mon-thu: [09:00-12:30, 13:30-18:00], fri: 09:00-15:00}
    holidays:
      - 2026-12-25
      - {date: 2026-12-24, hours: 09:00-12:00, name: Christmas Eve}
      - {date: 2026-12-28, to: 2026-12-31, name: closed}
    holidays_from: berlin.ics
    until: 2027-12-31
  tokyo: {timezone: Asia/Tokyo, hours: {sun-sat: 00:00-24:00}}
  sun: {timezone: UTC, any_of: [berlin, tokyo]}
targets:
  first: {of: ask, start: filed, stop: responded, responder: assignee, within: 5 business days, calendar: berlin}
  human: {of: ask, start: filed, stop: responded, responder: human, within: 2 days}
  next: {of: ask, start: replied, stop: responded, repeat: next, within: 8 business hours, calendar: sun}
  done:
    of: ask
    start: moved(okay)
    stop: moved(done)
    warn: [50%]
    calendar: berlin
    within: 10 business days
    cases:
      - {where: "record.priority == 'high'", within: 4 hours, calendar: always, warn: []}
      - {where: "record.priority == 'low'", within: 20 business days}
`

const berlinICS = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\nRRULE:FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR\n"

// readOffice reads a definition beside a file berlin.ics.
func readOffice(t testing.TB, src, ics string) (*workflow.Definition, []finding.Finding) {
	t.Helper()
	def, findings, err := compiled.Read("liaison.yaml", []byte(src), func(path string) ([]byte, error) {
		if path != "berlin.ics" {
			return nil, fs.ErrNotExist
		}
		return []byte(ics), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return def, findings
}

func TestCalendarsAreRead(t *testing.T) {
	def, findings := readOffice(t, office, berlinICS)
	if def == nil || len(findings) > 0 {
		t.Fatal(findings)
	}
	berlin, sun := def.Calendar("berlin"), def.Calendar("sun")
	at := func(s string) time.Time {
		when, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for day, want := range map[string]time.Duration{
		"2026-12-23": 8 * time.Hour, "2026-12-24": 3 * time.Hour, "2026-12-25": 0, "2026-12-30": 0, "2027-01-01": 0, "2027-01-04": 8 * time.Hour, "2027-01-08": 6 * time.Hour,
	} {
		if got := berlin.Work(at(day+" 00:00"), at(day+" 23:00")); got != want {
			t.Errorf("%s has %v of work, want %v", day, got, want)
		}
	}
	if len(sun.Offices) != 2 || sun.Zone != time.UTC || berlin.Zone.String() != "Europe/Berlin" {
		t.Errorf("the union is of %d offices, in %v", len(sun.Offices), sun.Zone)
	}
	if want := at("2027-12-31 23:00"); !berlin.End.Equal(want) || !sun.End.Equal(want) || !def.Calendar("tokyo").End.IsZero() {
		t.Errorf("berlin ends at %v and the union at %v", berlin.End, sun.End)
	}
	done := def.Targets[3]
	if len(done.Cases) != 3 || len(done.Cases[0].Warn) != 0 || len(done.Cases[1].Warn) != 1 || done.Cases[1].Calendar != berlin || done.Cases[0].Calendar != nil || done.Cases[2].Where != nil {
		t.Errorf("its cases are %+v", done.Cases)
	}
	if got := done.Promise(); got != "4 hours, 20 business days or 10 business days" {
		t.Errorf("it promises %q", got)
	}
	if def.Targets[0].Responder != workflow.Assignee || def.Targets[1].Responder != "" || def.Targets[2].Repeat != workflow.Next {
		t.Errorf("the targets are %+v", def.Targets)
	}
}

// Each row breaks one thing of the definition that has no finding.
func TestWhatIsWrongWithCalendarsAndTargets(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"hours that end before they begin", "fri: 09:00-15:00", "fri: 15:00-09:00", `17:55: error: "15:00-09:00" end before they begin; expected a later end, and hours past midnight as two: 15:00-24:00 and, on the next day, 00:00-09:00 [hours]`},
		{"hours that no day has", "09:00-12:30", "09:00-25:30", `17:23: error: "09:00-25:30" are no hours of a day; expected a time, a dash and a time, such as 09:00-12:30, from 00:00 to 24:00 [hours]`},
		{"a break that is none", "13:30-18:00", "12:00-18:00", "17:36: error: 12:00-18:00 overlap 09:00-12:30 of the same day; expected hours with a break between them [hours]"},
		{"a day with its hours twice", "fri: 09:00-15:00", "thu-fri: 09:00-15:00", "17:50: error: `thu` has its hours twice: under `mon-thu` and under `thu-fri`; expected each day once [hours]"},
		{"a weekday that is none", "fri: 09", "fry: 09", "17:50: error: \"fry\" cannot be a name here; expected a name like `mon-fri` [key-form]"},
		{"a zone that is none", "Asia/Tokyo", "Asia/Tokio", `24:21: error: "Asia/Tokio" is not a time zone; expected a name such as Europe/Berlin, or UTC [timezone]`},
		{"a calendar without hours", "hours: {sun-sat: 00:00-24:00}", "hours: {sun-sat: []}", "24:3: error: the calendar `tokyo` has no working hours; expected hours of a day, such as `hours: {mon-fri: 09:00-17:00}` [calendar]"},
		{"a calendar of others with hours of its own", "sun: {timezone: UTC", "sun: {hours: {mon: 09:00-17:00}", "25:3: error: the calendar `sun` has hours or holidays of its own beside `any_of`; expected a calendar of its own for them, named under `any_of` [calendar]"},
		{"a calendar of one that is not there", "any_of: [berlin, tokyo]", "any_of: [berlin, tokio]", "25:41: error: there is no calendar `tokio`; expected one of berlin, tokyo, sun, always [calendar]"},
		{"a calendar that comes back to itself", "any_of: [berlin, tokyo]", "any_of: [berlin, sun]", "25:41: error: the calendar `sun` comes back to itself through `sun`; expected calendars with hours of their own [calendar]"},
		{"a holiday that no year has", "- 2026-12-25", "- 2026-02-29", "19:9: error: entry 1 of `calendars.berlin.holidays` is \"2026-02-29\"; expected a date like `2026-03-14` [value-form]"},
		{"a holiday that stands twice", "- 2026-12-25", "- 2026-12-24", "20:9: error: 2026-12-24 stands here twice; expected each day once [holiday]"},
		{"a holiday that ends before it begins", "to: 2026-12-31", "to: 2026-12-01", "21:9: error: from 2026-12-28 to 2026-12-01 is no holiday; expected a later day under `to`, at most 366 days later [holiday]"},
		{"a file of holidays that is not there", "berlin.ics", "munich.ics", "22:20: error: there is no file munich.ics; expected the path of an iCalendar file (.ics), from the repository's root [ics]"},
		{"a target of a calendar that is not there", "calendar: sun", "calendar: son", "29:102: error: there is no calendar `son`; expected one of berlin, tokyo, sun, always [calendar]"},
		{"business days of no calendar", ", within: 5 business days, calendar: berlin", ", within: 5 business days", "27:80: error: \"5 business days\" needs working hours, and the calendar here is `always`; expected a line `calendar: …` with one that stands under `calendars` [duration]"},
		{"days of 24 hours by working hours", "within: 5 business days", "within: 5 days", "27:80: error: \"5 days\" counts every hour of every day, and the calendar `berlin` does not; expected business hours or business days, or `calendar: always` [duration]"},
		{"a target without a time", "within: 2 days", "goal: 5%", "28:3: error: the target `human` has no `within`; expected the time that it allows, or `cases` with one each [missing-key]"},
		{"an assignee of what nobody is assigned to", `    assignees: "who[]"` + "\n", "", "26:62: error: nobody is ever assigned to a ask; expected a line `assignees: …` under the kind `ask`, with the path of who is on it [unknown-role]"},
		{"a case that asks for the state", "record.priority == 'high'", "record.status == 'wait'", "38:17: error: this condition asks for `record.status`, the state, which moves while the clock runs; expected fields that say what the record is about; states belong under `start`, `stop` and `pause` [circular-where]"},
		{"a condition that asks for the state by its name", "human: {of: ask,", `human: {of: ask, where: "record['status'] != 'done'",`, "28:27: error: this condition asks for `record.status`, the state, which moves while the clock runs; expected fields that say what the record is about; states belong under `start`, `stop` and `pause` [circular-where]"},
		{"a stop that no move leads to from the start", "start: moved(okay)\n    stop: moved(done)", "start: moved(okay)\n    stop: moved(wait)", "33:11: error: no move leads from moved(okay) to wait, so this clock never stops; expected a state that the moves lead to from there [never]"},
		{"a stop that came before everything", "start: moved(okay)\n    stop: moved(done)", "start: moved(okay)\n    stop: filed", "33:11: error: a record is filed once, before anything else, so this clock never stops; expected an event that can follow its start [never]"},
		{"a start that no move leads to", "to: [new, wait, okay]}\n      - {from: okay, to: done}\n", "to: [new, wait, done]}\n", "31:12: error: no move of a ask leads to okay, so this clock never starts; expected an event that can happen [never]"},
		{"a stop by an assignment of what has none", "human: {of: ask, start: filed, stop: responded, responder: human", "human: {of: note, start: filed, stop: assigned", "28:41: error: nobody is ever assigned to a note, so this clock never stops; expected a line `assignees: …` under the kind `note`, or another event [never]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if strings.Count(office, c.old) == 0 {
				t.Fatalf("%q is not in the definition", c.old)
			}
			def, findings := readOffice(t, strings.Replace(office, c.old, c.new, 1), berlinICS)
			if def != nil || len(findings) == 0 {
				t.Fatalf("no finding")
			}
			findings = slices.DeleteFunc(findings, func(f finding.Finding) bool { return f.Rule == "unreachable-state" })
			if got := strings.TrimPrefix(findings[0].String(), "liaison.yaml:"); len(findings) > 1 || got != c.want {
				t.Errorf("\ngot  %s\nwant %s\nof   %v", got, c.want, findings)
			}
		})
	}
}

func TestABrokenFileOfHolidaysIsAFindingAtItsLine(t *testing.T) {
	_, findings := readOffice(t, office, strings.Replace(berlinICS, "20270101", "20270101T080000", 1))
	want := []finding.Finding{{Rule: "ics", Path: "berlin.ics", Line: 3, Column: 1, Found: `DTSTART is "20270101T080000"`, Expected: "a whole day, such as DTSTART;VALUE=DATE:20261225"}}
	if diff := cmp.Diff(want, findings); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// Without `until` a calendar ends with the year of its last dated holiday; one whose holidays
// come again for ever has no end.
func TestWhereACalendarEnds(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"where it says", "", "", "2027-12-31"},
		{"with the year of its last dated holiday", "    until: 2027-12-31\n", "", "2026-12-31"},
		{"never, where all holidays come again", "    holidays:\n      - 2026-12-25\n      - {date: 2026-12-24, hours: 09:00-12:00, name: Christmas Eve}\n      - {date: 2026-12-28, to: 2026-12-31, name: closed}\n    holidays_from: berlin.ics\n    until: 2027-12-31\n", "    holidays_from: berlin.ics\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			def, findings := readOffice(t, strings.Replace(office, c.old, c.new, 1), berlinICS)
			if def == nil {
				t.Fatal(findings)
			}
			got := ""
			if berlin := def.Calendar("berlin"); !berlin.End.IsZero() {
				got = berlin.LastDay().String()
			}
			if got != c.want {
				t.Errorf("it ends with %q, want %q", got, c.want)
			}
		})
	}
}

func TestACalendarThatEndsSoonIsAFinding(t *testing.T) {
	def, _ := readOffice(t, office, berlinICS)
	end := def.Calendar("berlin").End
	for _, c := range []struct {
		name string
		at   time.Time
		want []string
	}{
		{"not 90 days and a second before", end.Add(-90*24*time.Hour - time.Second), nil},
		{"90 days before", end.Add(-90 * 24 * time.Hour), []string{
			"liaison.yaml:16:3: warning: the calendar `berlin` ends within 90 days, with 2027-12-31; expected the holidays of another year, or a later day under `until` [calendar-ends]",
			"liaison.yaml:25:3: warning: the calendar `sun` ends within 90 days, with 2027-12-31; expected the holidays of another year, or a later day under `until` [calendar-ends]"}},
		{"when it is over", end, []string{
			"liaison.yaml:16:3: warning: the calendar `berlin` has ended, with 2027-12-31, and clocks that ran on are unknown; expected the holidays of another year, or a later day under `until` [calendar-ends]",
			"liaison.yaml:25:3: warning: the calendar `sun` has ended, with 2027-12-31, and clocks that ran on are unknown; expected the holidays of another year, or a later day under `until` [calendar-ends]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, f := range def.Ending(c.at) {
				got = append(got, f.String())
			}
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
