package worktime_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/worktime"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

// event is an iCalendar file with one event.
func icsEvent(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n" + strings.Join(append(lines, ""), "\r\n") + "END:VEVENT\r\nEND:VCALENDAR\r\n"
}

func TestHolidaysOfAFile(t *testing.T) {
	christmas := "DTSTART;VALUE=DATE:20261225"
	first := worktime.Date{Year: 2026, Month: 12, Day: 25}
	for _, c := range []struct {
		name, src string
		want      []worktime.Yearly
	}{
		{"one day", icsEvent(christmas), []worktime.Yearly{{First: first, Days: 1}}},
		{"one day, by its end", icsEvent(christmas, "DTEND;VALUE=DATE:20261226"), []worktime.Yearly{{First: first, Days: 1}}},
		{"two days", icsEvent(christmas, "DTEND;VALUE=DATE:20261227"), []worktime.Yearly{{First: first, Days: 2}}},
		{"every year", icsEvent(christmas, "RRULE:FREQ=YEARLY"), []worktime.Yearly{{First: first, Days: 1, Every: 1}}},
		{"every year, said in full", icsEvent(christmas, "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25;WKST=MO"), []worktime.Yearly{{First: first, Days: 1, Every: 1}}},
		{"every four years until", icsEvent(christmas, "RRULE:FREQ=YEARLY;INTERVAL=4;UNTIL=20341225T000000Z"), []worktime.Yearly{{First: first, Days: 1, Every: 4, Last: worktime.Date{Year: 2034, Month: 12, Day: 25}}}},
		{"three times", icsEvent(christmas, "RRULE:FREQ=YEARLY;COUNT=3"), []worktime.Yearly{{First: first, Days: 1, Every: 1, Last: worktime.Date{Year: 2028, Month: 12, Day: 25}}}},
		{"the leap day twice", icsEvent("DTSTART:20240229", "RRULE:FREQ=YEARLY;COUNT=2"), []worktime.Yearly{{First: worktime.Date{Year: 2024, Month: 2, Day: 29}, Days: 1, Every: 1, Last: worktime.Date{Year: 2028, Month: 2, Day: 29}}}},
		{"what is cancelled is none", icsEvent(christmas, "STATUS:CANCELLED"), nil},
		{"words about it, folded over lines, and alarms are skipped", icsEvent("SUMMARY;LANGUAGE=de:Weihnachten\\, erster", " Feiertag", "BEGIN:VALARM", "TRIGGER:-P1D", "DURATION:PT5M", "END:VALARM", christmas), []worktime.Yearly{{First: first, Days: 1}}},
		{"a time zone and a task are none", "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VTODO\nDTSTART:20260101T090000Z\nEND:VTODO\nEND:VCALENDAR\n", nil},
		{"small letters, and lines that end as on Unix", strings.ToLower(strings.ReplaceAll(icsEvent(christmas), "\r", "")), []worktime.Yearly{{First: first, Days: 1}}},
		{"no holidays at all", "BEGIN:VCALENDAR\nEND:VCALENDAR\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, defects := worktime.ParseICS([]byte(c.src))
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" || len(defects) > 0 {
				t.Errorf("defects %v, holidays (-want +got):\n%s", defects, diff)
			}
		})
	}
}

func TestWhatIsNoFileOfHolidaysIsRefusedAtItsLine(t *testing.T) {
	christmas := "DTSTART;VALUE=DATE:20261225"
	for _, c := range []struct{ name, src, want string }{
		{"an empty file", "", "1: there is no calendar; expected BEGIN:VCALENDAR"},
		{"a page of the web", "<!DOCTYPE html>\n", "1: this is no line of an iCalendar file; expected a name, a colon and a value, such as DTSTART;VALUE=DATE:20261225"},
		{"a card", "BEGIN:VCARD\nEND:VCARD\n", "1: the file begins with VCARD; expected BEGIN:VCALENDAR"},
		{"a file cut short", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261225\n", "3: the file ends within VEVENT; expected END:VEVENT"},
		{"an end without its beginning", "BEGIN:VCALENDAR\nEND:VEVENT\nEND:VCALENDAR\n", "2: END:VEVENT ends what has not begun; expected each END after its BEGIN"},
		{"an event outside", "DTSTART:20261225\n", "1: DTSTART stands outside of a calendar; expected BEGIN:VCALENDAR before it"},
		{"an event without a day", icsEvent("SUMMARY:Christmas"), "3: an event without DTSTART; expected the day on which it begins, such as DTSTART;VALUE=DATE:20261225"},
		{"a time of day", icsEvent("DTSTART;TZID=Europe/Berlin:20261225T000000"), `4: DTSTART is "20261225T000000"; expected a whole day, such as DTSTART;VALUE=DATE:20261225`},
		{"a day that is none", icsEvent("DTSTART;VALUE=DATE:20260229"), `4: DTSTART is "20260229"; expected a whole day, such as DTSTART;VALUE=DATE:20261225`},
		{"an end before the beginning", icsEvent(christmas, "DTEND;VALUE=DATE:20261225"), "5: a holiday of 0 days; expected a DTEND, which is the day after the last, after DTSTART and within a year of it"},
		{"a holiday of two years", icsEvent(christmas, "DTEND;VALUE=DATE:20281225"), "5: a holiday of 731 days; expected a DTEND, which is the day after the last, after DTSTART and within a year of it"},
		{"a length", icsEvent(christmas, "DURATION:P1D"), "5: DURATION is not read here; expected DTEND, the day after the last"},
		{"a day taken out", icsEvent(christmas, "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20271225"), "6: EXDATE is not read here; expected an event of its own for each day"},
		{"a weekday of a month", icsEvent("DTSTART;VALUE=DATE:20261126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"), "5: RRULE with BYDAY=4TH is not read here; expected FREQ=YEARLY with at most INTERVAL, UNTIL and COUNT, or an event of its own for each year"},
		{"every month", icsEvent(christmas, "RRULE:FREQ=MONTHLY"), "5: RRULE with FREQ=MONTHLY is not read here; expected FREQ=YEARLY with at most INTERVAL, UNTIL and COUNT, or an event of its own for each year"},
		{"a rule of nothing", icsEvent(christmas, "RRULE:INTERVAL=2"), "5: RRULE without FREQ=YEARLY is not read here; expected FREQ=YEARLY, or an event of its own for each day"},
		{"another month than its own", icsEvent(christmas, "RRULE:FREQ=YEARLY;BYMONTH=1"), "5: RRULE with BYMONTH=1 is not read here; expected FREQ=YEARLY with at most INTERVAL, UNTIL and COUNT, or an event of its own for each year"},
	} {
		t.Run(c.name, func(t *testing.T) {
			holidays, defects := worktime.ParseICS([]byte(c.src))
			var got []string
			for _, d := range defects {
				got = append(got, fmt.Sprintf("%d: %s; expected %s", d.Line, d.Found, d.Expected))
			}
			if diff := cmp.Diff([]string{c.want}, got); diff != "" || len(holidays) > 0 {
				t.Errorf("holidays %v, defects (-want +got):\n%s", holidays, diff)
			}
		})
	}
}

// A holiday of several days around the new year is one of the year in which it begins.
func TestAYearlyHolidayOverTheNewYear(t *testing.T) {
	o := office(t, "UTC", "09:00-17:00")
	o.Yearly, _ = worktime.ParseICS([]byte(icsEvent("DTSTART:20261230", "DTEND:20270103", "RRULE:FREQ=YEARLY;COUNT=2")))
	for day, works := range map[string]bool{
		"2025-12-31": true, "2026-12-29": true, "2026-12-30": false, "2027-01-02": false, "2027-01-03": true,
		"2027-12-31": false, "2028-01-02": false, "2028-12-31": true,
	} {
		if got := len(o.On(date(t, day))) > 0; got != works {
			t.Errorf("%s: works %v, want %v", day, got, works)
		}
	}
}

func FuzzParseICS(f *testing.F) {
	f.Add([]byte(icsEvent("DTSTART;VALUE=DATE:20261225", "DTEND:20261227", "RRULE:FREQ=YEARLY;COUNT=3")))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\n RRULE"))
	f.Add([]byte(icsEvent("DTSTART:20240229", "RRULE:FREQ=YEARLY;INTERVAL=999;COUNT=999")))
	f.Fuzz(func(t *testing.T, src []byte) {
		holidays, defects := worktime.ParseICS(src)
		for _, h := range holidays {
			if h.Days < 1 || h.Every < 0 || h.First.Year > 9999 || h.First.Month < 1 || h.First.Day < 1 {
				t.Errorf("%q: %+v", src, h)
			}
		}
		lines := strings.Count(string(src), "\n") + 1
		for _, d := range defects {
			if d.Line < 1 || d.Line > lines || d.Found == "" || d.Expected == "" {
				t.Errorf("%q: %+v", src, d)
			}
		}
	})
}
