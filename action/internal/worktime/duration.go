// Package worktime turns calendars of working hours, and durations in words ("7 days",
// "3 months", "8 business hours"), into due times, and measures time. Minutes, hours, days
// and weeks are exact lengths; months are months of the civil calendar, in the desk's zone,
// with the end of the month clamped; business hours and days are those of a calendar.
package worktime

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Duration is an exact length, or whole months, or working time, or working days: one of
// the four is not zero.
type Duration struct {
	Exact    time.Duration
	Months   int
	Work     time.Duration // of a calendar's working time
	WorkDays int           // of a calendar's working days
	Words    string        // as it was written
}

// Business reports whether the duration needs a calendar of working hours.
func (d Duration) Business() bool { return d.Work > 0 || d.WorkDays > 0 }

const day = 24 * time.Hour

var units = map[string]Duration{
	"minute": {Exact: time.Minute},
	"hour":   {Exact: time.Hour},
	"day":    {Exact: day},
	"week":   {Exact: 7 * day},
	"month":  {Months: 1},
	"year":   {Months: 12},

	"business minute": {Work: time.Minute},
	"business hour":   {Work: time.Hour},
	"business day":    {WorkDays: 1},
}

// longest is the longest promise, in years: beyond, due times leave the calendar.
const longest = 100

// longestWork is the longest promise in working time: ten years of it, day and night.
const longestWork = 10 * 366 * day

const expected = "a number and a word: `36 hours`, `7 days`, `2 weeks`, `3 months`, `8 business hours` or `5 business days`"

// ParseDuration reads a duration in words. Its error says what was found and expected.
func ParseDuration(s string) (Duration, error) {
	count, unit, spaced := strings.Cut(s, " ")
	n, err := strconv.Atoi(count)
	switch {
	case !spaced && strings.HasSuffix(s, "d"):
		return Duration{}, fmt.Errorf("%q means 8 hours to one desk and 24 to the next; expected %s", s, expected)
	case err != nil || n <= 0 || strconv.Itoa(n) != count:
		return Duration{}, fmt.Errorf("%q is not a duration; expected %s", s, expected)
	}
	u, ok := units[strings.TrimSuffix(unit, "s")]
	switch {
	case !ok:
		return Duration{}, fmt.Errorf("%q is not a unit of time; expected %s", unit, expected)
	case u.Months > 0 && n > longest*12/u.Months, u.Exact > 0 && n > int(longest*366*day/u.Exact):
		return Duration{}, fmt.Errorf("%q is longer than %d years; expected %s", s, longest, expected)
	case u.Work > 0 && n > int(longestWork/u.Work), u.WorkDays > 0 && n > int(longestWork/day):
		return Duration{}, fmt.Errorf("%q is longer than 10 years of working time; expected %s", s, expected)
	}
	return Duration{time.Duration(n) * u.Exact, n * u.Months, time.Duration(n) * u.Work, n * u.WorkDays, s}, nil
}

// Add is the due time: t plus d, months counted in zone and clamped to the month's end,
// then extended by the paused time.
func Add(t time.Time, d Duration, zone *time.Location, paused time.Duration) time.Time {
	return addMonths(t.In(zone), d.Months).Add(d.Exact + paused).UTC()
}

// addMonths keeps the day of the month, or the month's last day when it has no such day.
func addMonths(t time.Time, months int) time.Time {
	if months == 0 {
		return t
	}
	y, m, dom := t.Date()
	first := time.Date(y, m+time.Month(months), 1, 0, 0, 0, 0, t.Location())
	last := time.Date(first.Year(), first.Month()+1, 0, 0, 0, 0, 0, t.Location()).Day()
	h, mi, s := t.Clock()
	return time.Date(first.Year(), first.Month(), min(dom, last), h, mi, s, t.Nanosecond(), t.Location())
}
