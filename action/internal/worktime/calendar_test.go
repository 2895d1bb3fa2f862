package worktime_test

import (
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/worktime"
	"pgregory.net/rapid"
)

// office is a place with the same hours on every day of the week.
func office(t testing.TB, zoneName string, hours ...string) worktime.Office {
	t.Helper()
	o := worktime.Office{Zone: zone(t, zoneName), Dated: map[worktime.Date][]worktime.Hours{}}
	for _, s := range hours {
		h, err := worktime.ParseHours(s)
		if err != nil {
			t.Fatal(err)
		}
		for d := range o.Week {
			o.Week[d] = append(o.Week[d], h)
		}
	}
	return o
}

// weekdays takes Saturday and Sunday off.
func weekdays(o worktime.Office) worktime.Office {
	o.Week[time.Saturday], o.Week[time.Sunday] = nil, nil
	return o
}

func calendar(offices ...worktime.Office) *worktime.Calendar {
	return &worktime.Calendar{Name: "test", Zone: offices[0].Zone, Offices: offices}
}

func date(t testing.TB, s string) worktime.Date {
	t.Helper()
	d, err := worktime.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The hours of a day on which a zone changes its clocks are those that the clock on the wall
// shows: none that it skips, and twice those that it shows twice.
func TestTheWorkingTimeOfOddDays(t *testing.T) {
	for _, c := range []struct {
		name, zone, hours, day string
		want                   time.Duration
	}{
		{"an ordinary day", "Europe/Berlin", "00:00-24:00", "2026-07-01", 24 * time.Hour},
		{"north: a day without the hour from 2 to 3", "Europe/Berlin", "00:00-24:00", "2026-03-29", 23 * time.Hour},
		{"north: the hour that is not there", "Europe/Berlin", "02:00-03:00", "2026-03-29", 0},
		{"north: half of it was to be worked", "Europe/Berlin", "01:30-03:30", "2026-03-29", time.Hour},
		{"north: a day with that hour twice", "Europe/Berlin", "00:00-24:00", "2026-10-25", 25 * time.Hour},
		{"north: the hour that comes twice", "Europe/Berlin", "02:00-03:00", "2026-10-25", 2 * time.Hour},
		{"north: half of it comes twice", "Europe/Berlin", "02:30-04:00", "2026-10-25", 2 * time.Hour},
		{"south: a shorter day in October", "Australia/Sydney", "00:00-24:00", "2026-10-04", 23 * time.Hour},
		{"south: a longer day in April", "Australia/Sydney", "00:00-24:00", "2026-04-05", 25 * time.Hour},
		{"half an hour shorter", "Australia/Lord_Howe", "00:00-24:00", "2026-10-04", 23*time.Hour + 30*time.Minute},
		{"half an hour longer", "Australia/Lord_Howe", "00:00-24:00", "2026-04-05", 24*time.Hour + 30*time.Minute},
		{"two hours shorter", "Antarctica/Troll", "00:00-24:00", "2026-03-29", 22 * time.Hour},
		{"two hours longer", "Antarctica/Troll", "00:00-24:00", "2026-10-25", 26 * time.Hour},
		{"without its midnight", "America/Sao_Paulo", "00:00-24:00", "2018-11-04", 23 * time.Hour},
		{"with its last hour twice", "Atlantic/Azores", "00:00-24:00", "2026-10-25", 25 * time.Hour},
		{"with its last hour twice, though the next day had begun", "America/St_Johns", "00:00-24:00", "2010-11-06", 24*time.Hour + 59*time.Minute},
		{"and the first minute of the next one twice", "America/St_Johns", "00:00-00:01", "2010-11-07", 2 * time.Minute},
		{"a zone with half an hour", "Asia/Kolkata", "00:00-24:00", "2026-07-01", 24 * time.Hour},
		{"when a zone takes half an hour off", "Asia/Pyongyang", "00:00-24:00", "2015-08-15", 24 * time.Hour},
		{"a day that never was", "Pacific/Apia", "00:00-24:00", "2011-12-30", 0},
		{"the day before it is whole", "Pacific/Apia", "00:00-24:00", "2011-12-29", 24 * time.Hour},
		{"the leap day", "UTC", "09:00-17:00", "2028-02-29", 8 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			own := office(t, c.zone)
			own.Dated[date(t, c.day)] = office(t, c.zone, c.hours).Week[0]
			around := time.Date(date(t, c.day).Year, date(t, c.day).Month, date(t, c.day).Day, 12, 0, 0, 0, time.UTC)
			if got := calendar(own).Work(around.AddDate(0, 0, -3), around.AddDate(0, 0, 3)); got != c.want {
				t.Errorf("%v of working time, want %v", got, c.want)
			}
		})
	}
}

// When working time that begins at an instant is over.
func TestWhenWorkingTimeIsOver(t *testing.T) {
	berlin := weekdays(office(t, "Europe/Berlin", "09:00-12:00", "13:00-17:00"))
	closed := func(o worktime.Office, days ...string) worktime.Office {
		dated := map[worktime.Date][]worktime.Hours{}
		for _, d := range days {
			dated[date(t, d)] = nil
		}
		o.Dated = dated
		return o
	}
	half := closed(berlin)
	half.Dated[date(t, "2026-12-24")] = []worktime.Hours{{From: 9 * 60, To: 12 * 60}}
	sun := calendar(weekdays(office(t, "Europe/Berlin", "09:00-17:00")), weekdays(office(t, "America/Los_Angeles", "09:00-17:00")), weekdays(office(t, "Asia/Tokyo", "09:00-17:00")))
	for _, c := range []struct {
		name         string
		calendar     *worktime.Calendar
		start, after string
		want         string
	}{
		{"within a morning", calendar(berlin), "2026-07-06T09:00:00+02:00", "2 business hours", "2026-07-06T11:00:00+02:00"},
		{"over lunch", calendar(berlin), "2026-07-06T11:00:00+02:00", "2 business hours", "2026-07-06T14:00:00+02:00"},
		{"at the close, not at the next opening", calendar(berlin), "2026-07-06T16:00:00+02:00", "1 business hour", "2026-07-06T17:00:00+02:00"},
		{"over a night", calendar(berlin), "2026-07-06T16:30:00+02:00", "1 business hour", "2026-07-07T09:30:00+02:00"},
		{"over a weekend", calendar(berlin), "2026-07-10T16:30:00+02:00", "1 business hour", "2026-07-13T09:30:00+02:00"},
		{"filed outside of hours: from the opening", calendar(berlin), "2026-07-11T03:00:00+02:00", "8 business hours", "2026-07-14T10:00:00+02:00"},
		{"filed at lunch: from its end", calendar(berlin), "2026-07-06T12:30:00+02:00", "30 business minutes", "2026-07-06T13:30:00+02:00"},
		{"over a holiday", calendar(closed(berlin, "2026-07-07")), "2026-07-06T16:30:00+02:00", "1 business hour", "2026-07-08T09:30:00+02:00"},
		{"over a half-day", calendar(half), "2026-12-24T11:00:00+01:00", "2 business hours", "2026-12-25T10:00:00+01:00"},
		{"summer time begins over the weekend", calendar(berlin), "2026-03-27T16:00:00+01:00", "2 business hours", "2026-03-30T10:00:00+02:00"},
		{"summer time ends over the weekend", calendar(berlin), "2026-10-23T16:00:00+02:00", "2 business hours", "2026-10-26T10:00:00+01:00"},
		{"follow the sun", sun, "2026-07-06T15:00:00Z", "10 business hours", "2026-07-07T02:00:00Z"},
		{"follow the sun, hours that two offices share count once", sun, "2026-07-06T14:00:00Z", "2 business hours", "2026-07-06T17:00:00Z"},
		{"days end with the close of the last", calendar(berlin), "2026-07-06T10:00:00+02:00", "5 business days", "2026-07-13T17:00:00+02:00"},
		{"days of one filed outside of hours too", calendar(berlin), "2026-07-06T23:00:00+02:00", "1 business day", "2026-07-07T17:00:00+02:00"},
		{"days of one filed on a Saturday", calendar(berlin), "2026-07-11T10:00:00+02:00", "1 business day", "2026-07-13T17:00:00+02:00"},
		{"days over a holiday", calendar(closed(berlin, "2026-07-07", "2026-07-08")), "2026-07-06T10:00:00+02:00", "2 business days", "2026-07-10T17:00:00+02:00"},
		{"a half-day is a day, and ends early", calendar(half), "2026-12-23T10:00:00+01:00", "1 business day", "2026-12-24T12:00:00+01:00"},
		{"no day is lost where a zone had one less", calendar(office(t, "Pacific/Apia", "09:00-17:00")), "2011-12-29T10:00:00-10:00", "1 business day", "2011-12-31T17:00:00+14:00"},
		{"the leap day is a working day", calendar(berlin), "2028-02-28T10:00:00+01:00", "1 business day", "2028-02-29T17:00:00+01:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := worktime.ParseDuration(c.after)
			if err != nil {
				t.Fatal(err)
			}
			start := instant(t, c.start)
			got, known := c.calendar.Due(start, d, time.UTC)
			if !known || !got.Equal(instant(t, c.want)) || got.Location() != time.UTC {
				t.Errorf("%s after %s is %v (%v), want %s", c.after, c.start, got.In(start.Location()), known, c.want)
			}
			if d.Work > 0 && c.calendar.Work(start, got) != d.Work {
				t.Errorf("%v of work until then", c.calendar.Work(start, got))
			}
		})
	}
}

func TestWhatIsBeyondACalendarIsNotKnown(t *testing.T) {
	c := calendar(office(t, "UTC", "09:00-17:00"))
	c.End = instant(t, "2027-01-01T00:00:00Z")
	for _, tt := range []struct {
		start, after string
		known        bool
	}{
		{"2026-12-31T09:00:00Z", "8 business hours", true},
		{"2026-12-31T09:01:00Z", "8 business hours", false},
		{"2026-12-30T09:00:00Z", "1 business day", true},
		{"2026-12-31T09:00:00Z", "1 business day", false},
		{"2027-01-01T00:00:00Z", "1 business minute", false},
		{"2027-06-01T00:00:00Z", "1 business minute", false},
	} {
		d, _ := worktime.ParseDuration(tt.after)
		if due, known := c.Due(instant(t, tt.start), d, time.UTC); known != tt.known {
			t.Errorf("%s after %s: %v, %v", tt.after, tt.start, due, known)
		}
	}
	if got := c.Work(instant(t, "2026-12-31T16:00:00Z"), instant(t, "2027-02-01T00:00:00Z")); got != time.Hour {
		t.Errorf("%v of work, want none after the end", got)
	}
	if !c.Knows(c.End) || c.Knows(c.End.Add(1)) || c.LastDay() != date(t, "2026-12-31") {
		t.Errorf("the last day is %v", c.LastDay())
	}
}

// The last day of a leap year far ahead has an end too, whatever the zone's rules say.
func TestTheLastDayOfALeapYearFarAhead(t *testing.T) {
	c := calendar(office(t, "Europe/Berlin", "09:00-17:00"))
	if got := c.Work(instant(t, "2040-12-30T12:00:00Z"), instant(t, "2041-01-01T12:00:00Z")); got != 4*time.Hour+8*time.Hour+4*time.Hour {
		t.Errorf("%v of work", got)
	}
}

// A calendar that never works is none that anything is ever due by.
func TestNothingIsDueWhereNobodyWorks(t *testing.T) {
	d, _ := worktime.ParseDuration("1 business hour")
	if due, known := calendar(office(t, "UTC")).Due(instant(t, "2026-07-01T00:00:00Z"), d, time.UTC); known {
		t.Errorf("due %v", due)
	}
}

func TestWorkingTimeAddsUp(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu"}
	law.Check(t, func(r *rapid.T) {
		var offices []worktime.Office
		for range rapid.IntRange(1, 3).Draw(r, "offices") {
			from := rapid.IntRange(0, 1430).Draw(r, "from")
			o := office(t, rapid.SampledFrom(zones).Draw(r, "zone"))
			o.Week[rapid.IntRange(0, 6).Draw(r, "day")] = []worktime.Hours{{From: from, To: rapid.IntRange(from+1, 1440).Draw(r, "to")}}
			offices = append(offices, o)
		}
		c := calendar(offices...)
		minutes := rapid.SliceOfN(rapid.Int64Range(0, 2*366*24*60), 3, 3).Draw(r, "minutes")
		at := func(i int) time.Time {
			return instant(t, "2018-01-01T00:00:00Z").Add(time.Duration(minutes[i]) * time.Minute)
		}
		a, b := at(0), at(1)
		if b.Before(a) {
			a, b = b, a
		}
		m := a.Add(b.Sub(a) / 3)
		if whole := c.Work(a, b); whole != c.Work(a, m)+c.Work(m, b) || whole < 0 || whole > b.Sub(a) {
			r.Fatalf("%v in all, %v and %v in parts", whole, c.Work(a, m), c.Work(m, b))
		}
		work := time.Duration(rapid.IntRange(1, 3000).Draw(r, "work")) * time.Minute
		due, known := c.After(a, work)
		if !known || c.Work(a, due) != work || c.Work(a, due.Add(-time.Second)) != work-time.Second {
			r.Fatalf("%v after %v is %v (%v), with %v of work", work, a, due, known, c.Work(a, due))
		}
	})
}

func TestHoursAreReadStrictly(t *testing.T) {
	for in, reason := range map[string]string{
		"09:00-12:30": "", "00:00-24:00": "", "23:59-24:00": "",
		"9:00-12:30": "are no hours", "09:00": "are no hours", "09:00-25:00": "are no hours", "09:60-10:00": "are no hours", "24:01-24:02": "are no hours",
		"": "are no hours", "-1:00-02:00": "are no hours", "09:00-12:30-13:00": "are no hours", "09.00-12.30": "are no hours",
		"12:00-12:00": "end before they begin", "22:00-06:00": "22:00-24:00 and, on the next day, 00:00-06:00",
	} {
		h, err := worktime.ParseHours(in)
		switch {
		case reason == "" && (err != nil || h.String() != in):
			t.Errorf("%q is read as %v, %v", in, h, err)
		case reason != "" && (err == nil || !contains(err.Error(), reason)):
			t.Errorf("%q: %v, want one that says %q", in, err, reason)
		}
	}
}
