package worktime

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Hours are a stretch of a day by the clock on the wall: minutes since midnight, To left
// out, and at most 24 hours.
type Hours struct{ From, To int }

// ParseHours reads 09:00-12:30. Its error says what was found and expected.
func ParseHours(s string) (Hours, error) {
	from, to, ok := strings.Cut(s, "-")
	h := Hours{clockTime(from), clockTime(to)}
	switch {
	case !ok || h.From < 0 || h.To < 0:
		return Hours{}, fmt.Errorf("%q are no hours of a day; expected a time, a dash and a time, such as 09:00-12:30, from 00:00 to 24:00", s)
	case h.To <= h.From:
		return Hours{}, fmt.Errorf("%q end before they begin; expected a later end, and hours past midnight as two: %s-24:00 and, on the next day, 00:00-%s", s, from, to)
	}
	return h, nil
}

// String is the hours as ParseHours reads them.
func (h Hours) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", h.From/60, h.From%60, h.To/60, h.To%60)
}

// Overlaps reports whether two stretches of one day share a minute.
func (h Hours) Overlaps(o Hours) bool { return h.From < o.To && o.From < h.To }

// clockTime is a time such as 09:30 in minutes since midnight, or -1.
func clockTime(s string) int {
	h, m, ok := strings.Cut(s, ":")
	hour, herr := strconv.Atoi(h)
	minute, merr := strconv.Atoi(m)
	t := hour*60 + minute
	if !ok || len(h) != 2 || len(m) != 2 || herr != nil || merr != nil || hour < 0 || minute < 0 || minute > 59 || t > 24*60 {
		return -1
	}
	return t
}

// An Office is one place where work is done: the hours of a week by the clock on its wall,
// and the days on which they are others. An instant is working time when that clock shows a
// working hour, so that an hour which the clocks skip is none, and one that they show twice
// is two.
type Office struct {
	Zone   *time.Location
	Week   [7][]Hours       // by time.Weekday
	Dated  map[Date][]Hours // days with hours of their own: holidays have none, half-days fewer
	Yearly []Yearly         // holidays that come again
}

// Yearly is a holiday that comes again every so many years. One of 29 February comes in
// leap years only.
type Yearly struct {
	First Date
	Days  int  // how many days it lasts
	Every int  // years
	Last  Date // no day of it that begins after Last; zero: for ever
}

// holds reports whether a date is one of the holiday's days.
func (y Yearly) holds(d Date) bool {
	for back := range y.Days {
		first := d.Add(-back)
		if first.Month == y.First.Month && first.Day == y.First.Day && first.Compare(y.First) >= 0 &&
			(first.Year-y.First.Year)%y.Every == 0 && (y.Last == Date{} || first.Compare(y.Last) <= 0) {
			return true
		}
	}
	return false
}

// On are the hours of a date: those of its own, else none on a holiday that comes again,
// else those of its weekday.
func (o Office) On(d Date) []Hours {
	if own, dated := o.Dated[d]; dated {
		return own
	}
	for _, y := range o.Yearly {
		if y.holds(d) {
			return nil
		}
	}
	return o.Week[d.utc().Weekday()]
}

// A Span is a stretch of time, To left out.
type Span struct{ From, To time.Time }

// spans is the working time from a to b, in order. It goes from one change of the zone's
// clock to the next.
func (o Office) spans(a, b time.Time) []Span {
	var out []Span
	for t := a; t.Before(b); {
		end := b
		if change := nextChange(t, o.Zone); !change.IsZero() && change.Before(b) {
			end = change
		}
		out = append(out, o.steady(t, end)...)
		t = end
	}
	return out
}

// nextChange is when a zone may change its clock next; zero for never. On the last day of a
// leap year far ahead ZoneBounds names an instant before t: then it is a little later.
func nextChange(t time.Time, zone *time.Location) time.Time {
	_, change := t.In(zone).ZoneBounds()
	if !change.IsZero() && !change.After(t) {
		return t.Add(15 * time.Minute)
	}
	return change
}

// steady is the working time from a to b, between which the zone is as far from UTC.
func (o Office) steady(a, b time.Time) []Span {
	_, seconds := a.In(o.Zone).Zone()
	ahead := time.Duration(seconds) * time.Second
	var out []Span
	for midnight := DateOf(a.UTC().Add(ahead)).utc(); midnight.Add(-ahead).Before(b); midnight = midnight.Add(day) {
		for _, h := range o.On(DateOf(midnight)) {
			s := Span{midnight.Add(time.Duration(h.From)*time.Minute - ahead), midnight.Add(time.Duration(h.To)*time.Minute - ahead)}
			if s = s.cut(a, b); s.From.Before(s.To) {
				out = append(out, s)
			}
		}
	}
	return out
}

// cut is what of a span lies between a and b.
func (s Span) cut(a, b time.Time) Span {
	if s.From.Before(a) {
		s.From = a
	}
	if s.To.After(b) {
		s.To = b
	}
	return s
}
