package worktime

import (
	"slices"
	"time"
)

// A Calendar says which instants are working time: those at which one of its offices works.
// The nil Calendar is `always`: every instant is.
type Calendar struct {
	Name    string
	Zone    *time.Location // by whose days business days are counted
	Offices []Office
	End     time.Time // of the instants from here on it says nothing; zero: it has no end
	Next    *Calendar // that speaks of them; nil: none does
}

// Knows reports whether the calendar speaks of all time before an instant.
func (c *Calendar) Knows(t time.Time) bool {
	return c == nil || c.End.IsZero() || !t.After(c.End) || c.Next != nil && c.Next.Knows(t)
}

// Continued is the calendar with a later one that speaks of the time after its end. Of the
// time before it nothing changes.
func (c *Calendar) Continued(by *Calendar) *Calendar {
	if c == nil || by == nil || c.End.IsZero() || !by.Knows(c.End.Add(1)) {
		return c
	}
	out := *c
	out.Next = by
	return &out
}

// LastDay is the day before the calendar's end, in its zone.
func (c *Calendar) LastDay() Date { return DateOf(c.End.In(c.Zone).Add(-time.Nanosecond)) }

// Word is the calendar's name; `always` where there is none.
func (c *Calendar) Word() string {
	if c == nil {
		return "always"
	}
	return c.Name
}

// Work is the working time between two instants, none of it after the calendar's end; 0
// where b is not after a.
func (c *Calendar) Work(a, b time.Time) time.Duration {
	if c == nil {
		return max(0, b.Sub(a))
	}
	var sum time.Duration
	for _, s := range c.spans(a, b) {
		sum += s.To.Sub(s.From)
	}
	return sum
}

// window is how much of a calendar is looked at in one go.
const window = 14 * day

// After is the first instant at which so much working time has passed since t. Where the
// calendar ends before, or no such time comes for a hundred years, it is not known.
func (c *Calendar) After(t time.Time, work time.Duration) (time.Time, bool) {
	if c == nil || work <= 0 {
		return t.Add(max(0, work)), true
	}
	for from := t; from.Before(t.AddDate(longest, 0, 0)) && c.Knows(from); from = from.Add(window) {
		for _, s := range c.spans(from, from.Add(window)) {
			if long := s.To.Sub(s.From); long < work {
				work -= long
				continue
			}
			return s.From.Add(work).UTC(), true
		}
	}
	return time.Time{}, false
}

// AfterDays is the close of the n-th working day after the day of t: the end of that day's
// last working hour. A day is one of the calendar's zone, and works if any office works in
// it. Where the calendar ends before, or no such day comes for a hundred years, it is not
// known.
func (c *Calendar) AfterDays(t time.Time, n int) (time.Time, bool) {
	first := DateOf(t.In(c.Zone))
	for d := first.Add(1); d.Year <= first.Year+longest; d = d.Add(1) {
		stretches := d.in(c.Zone)
		if len(stretches) == 0 {
			continue
		}
		if !c.Knows(stretches[len(stretches)-1].To) {
			return time.Time{}, false
		}
		var open []Span
		for _, s := range stretches {
			open = append(open, c.spans(s.From, s.To)...)
		}
		if len(open) > 0 {
			n--
		}
		if n == 0 {
			return open[len(open)-1].To.UTC(), true
		}
	}
	return time.Time{}, false
}

// Due is when a duration that starts at t is over. Months are counted in zone; business
// hours and days in the calendar, which may not know it.
func (c *Calendar) Due(t time.Time, d Duration, zone *time.Location) (time.Time, bool) {
	switch {
	case d.Work > 0:
		return c.After(t, d.Work)
	case d.WorkDays > 0:
		return c.AfterDays(t, d.WorkDays)
	}
	return Add(t, d, zone, 0), true
}

// spans is the working time from a to b, in order, each instant once.
func (c *Calendar) spans(a, b time.Time) []Span {
	if c.End.IsZero() || !c.End.Before(b) {
		return c.own(a, b)
	}
	out := c.own(a, c.End)
	if c.Next == nil {
		return out
	}
	if a.Before(c.End) {
		a = c.End
	}
	return append(out, c.Next.spans(a, b)...)
}

// own is the working time of the calendar's own offices.
func (c *Calendar) own(a, b time.Time) []Span {
	var all []Span
	for _, o := range c.Offices {
		all = append(all, o.spans(a, b)...)
	}
	if len(c.Offices) == 1 {
		return all
	}
	slices.SortFunc(all, func(x, y Span) int { return x.From.Compare(y.From) })
	var out []Span
	for _, s := range all {
		if n := len(out); n > 0 && !s.From.After(out[n-1].To) {
			if s.To.After(out[n-1].To) {
				out[n-1].To = s.To
			}
			continue
		}
		out = append(out, s)
	}
	return out
}
