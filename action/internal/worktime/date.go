package worktime

import (
	"cmp"
	"fmt"
	"time"
)

// A Date is a day of the civil calendar, in no zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day that an instant falls on in its own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads 2026-12-25. Its error says what was found and expected.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a day of the calendar; expected a date such as 2026-12-25", s)
	}
	return DateOf(t), nil
}

// String is the date as ParseDate reads it.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// Compare is -1, 0 or 1, as d is before, at or after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// Add is the date so many days later.
func (d Date) Add(days int) Date { return DateOf(d.utc().AddDate(0, 0, days)) }

// utc is the date's first instant in UTC.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// in are the stretches of time in which a clock on the wall of a zone shows the date: none
// where the zone skipped it, several where midnight came twice.
func (d Date) in(zone *time.Location) []Span {
	whole := Office{Zone: zone, Dated: map[Date][]Hours{d: {{0, 24 * 60}}}}
	return whole.spans(d.utc().Add(-farthest), d.utc().Add(day+farthest))
}

// farthest is more than any zone is from UTC.
const farthest = 30 * time.Hour

// Start is the first instant of the date in a zone; of a date that the zone skipped, the
// first one after it.
func (d Date) Start(zone *time.Location) time.Time {
	for {
		if spans := d.in(zone); len(spans) > 0 {
			return spans[0].From
		}
		d = d.Add(1)
	}
}
