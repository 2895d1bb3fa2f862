package worktime_test

import (
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/worktime"
)

func TestADurationIsANumberAndAWord(t *testing.T) {
	const day = 24 * time.Hour
	for in, want := range map[string]worktime.Duration{
		"1 day":               {Exact: day},
		"7 days":              {Exact: 7 * day},
		"36 hours":            {Exact: 36 * time.Hour},
		"90 minutes":          {Exact: 90 * time.Minute},
		"2 weeks":             {Exact: 14 * day},
		"3 months":            {Months: 3},
		"1 month":             {Months: 1},
		"2 years":             {Months: 24},
		"100 years":           {Months: 1200},
		"1 business hour":     {Work: time.Hour},
		"8 business hours":    {Work: 8 * time.Hour},
		"30 business minutes": {Work: 30 * time.Minute},
		"5 business days":     {WorkDays: 5},
	} {
		t.Run(in, func(t *testing.T) {
			want.Words = in
			if got, err := worktime.ParseDuration(in); err != nil || got != want {
				t.Errorf("ParseDuration(%q) = %+v, %v; want %+v", in, got, err, want)
			}
		})
	}
}

func TestWhatIsNoDurationIsRefusedWithTheReason(t *testing.T) {
	tests := []struct{ name, in, reason string }{
		{"a bare d means different things to different desks", "7d", "8 hours to one desk"},
		{"one day written short is no clearer", "1d", "8 hours to one desk"},
		{"nothing is no time", "0 days", "is not a duration"},
		{"time does not go backwards", "-1 days", "is not a duration"},
		{"a plus sign is not how people write it", "+7 days", "is not a duration"},
		{"a leading zero is not how people write it", "07 days", "is not a duration"},
		{"a working week is of so many days here and of so many there", "2 business weeks", "is not a unit"},
		{"more working time than anybody will wait", "100000 business hours", "longer than 10 years"},
		{"more working days than anybody will wait", "3661 business days", "longer than 10 years"},
		{"two spaces hide a missing word", "7  days", "is not a unit"},
		{"units are lower case", "7 Days", "is not a unit"},
		{"a unit that nobody knows", "7 fortnights", "is not a unit"},
		{"a plural of a plural", "7 dayss", "is not a unit"},
		{"a number alone", "7", "is not a unit"},
		{"a word alone", "days", "is not a duration"},
		{"a fraction", "1.5 days", "is not a duration"},
		{"nothing at all", "", "is not a duration"},
		{"more digits than a number has", "99999999999999999999 days", "is not a duration"},
		{"a number whose length overflows", "9223372036854775807 weeks", "longer than 100 years"},
		{"a number of months that overflows", "9223372036854775807 years", "longer than 100 years"},
		{"longer than anybody will wait", "101 years", "longer than 100 years"},
		{"Go's own way of writing", "36h", "is not a duration"},
		{"space at the end", "7 days ", "is not a unit"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := worktime.ParseDuration(tt.in)
			if err == nil {
				t.Fatalf("ParseDuration(%q) = %+v", tt.in, got)
			}
			if !strings.Contains(err.Error(), tt.reason) || !strings.Contains(err.Error(), "expected a number and a word") {
				t.Errorf("the reason is %q, want one that says %q and what was expected", err, tt.reason)
			}
		})
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"7 days", "1d", "3 months", "-1 days", "9223372036854775807 weeks", "8 business hours"} {
		f.Add(s)
	}
	start := time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, s string) {
		d, err := worktime.ParseDuration(s)
		if err != nil {
			return
		}
		full := worktime.Office{Zone: time.UTC}
		for d := range full.Week {
			full.Week[d] = []worktime.Hours{{From: 0, To: 24 * 60}}
		}
		always := &worktime.Calendar{Zone: time.UTC, Offices: []worktime.Office{full}}
		if due, known := always.Due(start, d, time.UTC); !known || !due.After(start) || due.Year() > 2127 {
			t.Errorf("%q after %v is %v", s, start, due)
		}
	})
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestAddingADuration(t *testing.T) {
	tests := []struct{ name, zone, from, within, want string }{
		{"days are 24 hours when summer time begins", "Europe/Berlin", "2026-03-28T12:00:00+01:00", "1 day", "2026-03-29T13:00:00+02:00"},
		{"days are 24 hours when summer time ends", "Europe/Berlin", "2026-10-24T12:00:00+02:00", "1 day", "2026-10-25T11:00:00+01:00"},
		{"months keep the time of day when summer time begins", "Europe/Berlin", "2026-03-01T12:00:00+01:00", "1 month", "2026-04-01T12:00:00+02:00"},
		{"months keep the time of day when summer time ends", "Europe/Berlin", "2026-10-01T12:00:00+02:00", "1 month", "2026-11-01T12:00:00+01:00"},
		{"months are those of the desk's zone", "Asia/Tokyo", "2026-01-30T20:00:00Z", "1 month", "2026-02-27T20:00:00Z"},
		{"the 31st becomes the end of February", "UTC", "2026-01-31T09:00:00Z", "1 month", "2026-02-28T09:00:00Z"},
		{"the 31st becomes the end of February of a leap year", "UTC", "2028-01-31T09:00:00Z", "1 month", "2028-02-29T09:00:00Z"},
		{"the leap day becomes the 28th a year later", "UTC", "2028-02-29T09:00:00Z", "1 year", "2029-02-28T09:00:00Z"},
		{"the end of February does not become the end of March", "UTC", "2026-02-28T09:00:00Z", "1 month", "2026-03-28T09:00:00Z"},
		{"a century without a leap day", "UTC", "2099-12-31T09:00:00Z", "2 months", "2100-02-28T09:00:00Z"},
		{"months go over the end of the year", "UTC", "2026-11-30T09:00:00Z", "3 months", "2027-02-28T09:00:00Z"},
		{"three months from the end of August", "UTC", "2026-08-31T23:59:59Z", "3 months", "2026-11-30T23:59:59Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			from, want := instant(t, tt.from), instant(t, tt.want)
			d, err := worktime.ParseDuration(tt.within)
			if err != nil {
				t.Fatal(err)
			}
			got := worktime.Add(from, d, zone(t, tt.zone), 0)
			if !got.Equal(want) || got.Location() != time.UTC {
				t.Errorf("%s after %s is %v, want %v in UTC", tt.within, tt.from, got, want)
			}
			if paused := worktime.Add(from, d, zone(t, tt.zone), 90*time.Minute); !paused.Equal(want.Add(90 * time.Minute)) {
				t.Errorf("90 minutes of pause make it %v", paused)
			}
		})
	}
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
