package workflow

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/schema"
	"github.com/commrel/liaison/action/internal/worktime"
)

type rawCalendar struct {
	Timezone     string           `json:"timezone"`
	Hours        map[string]words `json:"hours"`
	Holidays     []rawHoliday     `json:"holidays"`
	HolidaysFrom words            `json:"holidays_from"`
	Until        string           `json:"until"`
	AnyOf        words            `json:"any_of"`
}

// A rawHoliday is a date, or a date with more about it.
type rawHoliday struct {
	Date  string `json:"date"`
	To    string `json:"to"`
	Hours words  `json:"hours"`
	Name  string `json:"name"`
}

// UnmarshalJSON reads a date or a mapping with one.
func (h *rawHoliday) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &h.Date) == nil {
		return nil
	}
	type mapping rawHoliday
	return json.Unmarshal(b, (*mapping)(h))
}

// calendars reads the offices first, and then the unions of them.
func (r *reader) calendars() {
	names := r.doc.Keys("calendars")
	for _, name := range names {
		raw := r.raw.Calendars[name]
		c := &worktime.Calendar{Name: name, Zone: r.zone(raw.Timezone, "calendars", name, "timezone")}
		if r.works(name, raw); len(raw.AnyOf) == 0 {
			r.office(c, raw)
		}
		p := r.doc.Key("calendars", name)
		r.def.Calendars = append(r.def.Calendars, &Calendar{c, raw.HolidaysFrom, r.doc.Path, p.Line, p.Column})
	}
	for _, name := range names {
		if raw := r.raw.Calendars[name]; len(raw.AnyOf) > 0 {
			r.union(name, raw)
		}
	}
}

// zone reads the name of a time zone; the desk's, or UTC, where none is named.
func (r *reader) zone(name string, at ...string) *time.Location {
	desk := time.UTC
	if r.def.Fiscal.Zone != nil {
		desk = r.def.Fiscal.Zone
	}
	if name == "" {
		return desk
	}
	zone, err := worktime.Zone(name)
	if err != nil {
		r.report(finding.Finding{Rule: "timezone", Found: err.Error(), Expected: "a name such as Europe/Berlin, or UTC"}, at...)
		return desk
	}
	return zone
}

// works finds a calendar with no working hours, and one with hours of its own and of others.
func (r *reader) works(name string, raw rawCalendar) {
	hours := false
	for _, list := range raw.Hours {
		hours = hours || len(list) > 0
	}
	own := len(raw.Hours)+len(raw.Holidays)+len(raw.HolidaysFrom) > 0
	p := r.doc.Key("calendars", name)
	f := finding.Finding{Rule: "calendar", Path: r.doc.Path, Line: p.Line, Column: p.Column}
	switch {
	case len(raw.AnyOf) > 0 && own:
		f.Found, f.Expected = fmt.Sprintf("the calendar `%s` has hours or holidays of its own beside `any_of`", name), "a calendar of its own for them, named under `any_of`"
	case len(raw.AnyOf) == 0 && !hours:
		f.Found, f.Expected = fmt.Sprintf("the calendar `%s` has no working hours", name), "hours of a day, such as `hours: {mon-fri: 09:00-17:00}`"
	default:
		return
	}
	r.findings = append(r.findings, f)
}

// office reads the hours and holidays of one place, and how far they reach.
func (r *reader) office(c *worktime.Calendar, raw rawCalendar) {
	o := worktime.Office{Zone: c.Zone, Dated: map[worktime.Date][]worktime.Hours{}}
	o.Week = r.week(c.Name, raw)
	for i, path := range raw.HolidaysFrom {
		r.holidaysFrom(&o, path, "calendars", c.Name, "holidays_from", fmt.Sprint(i))
	}
	r.holidays(&o, c.Name, raw.Holidays)
	c.Offices = []worktime.Office{o}
	last := lastYear(o)
	if raw.Until != "" {
		last = r.date(raw.Until, "calendars", c.Name, "until")
	}
	if last != (worktime.Date{}) {
		c.End = last.Add(1).Start(c.Zone)
	}
}

// lastYear is the end of the last year of which a dated holiday is known; the zero date
// where none has a date: then nothing runs out.
func lastYear(o worktime.Office) worktime.Date {
	year := 0
	for d := range o.Dated {
		year = max(year, d.Year)
	}
	for _, y := range o.Yearly {
		year = max(year, y.Last.Year)
	}
	if year == 0 {
		return worktime.Date{}
	}
	return worktime.Date{Year: year, Month: time.December, Day: 31}
}

func (r *reader) date(s string, at ...string) worktime.Date {
	d, err := worktime.ParseDate(s)
	if err != nil {
		r.report(finding.Finding{Rule: "holiday", Found: err.Error()}, at...)
	}
	return d
}

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// week reads hours by day, or by days from one to another: mon-fri.
func (r *reader) week(name string, raw rawCalendar) (week [7][]worktime.Hours) {
	taken := map[time.Weekday]string{}
	for _, days := range r.doc.Keys("calendars", name, "hours") {
		hours := r.hours(raw.Hours[days], "calendars", name, "hours", days)
		for _, d := range daysOf(days) {
			if before, twice := taken[d]; twice {
				p := r.doc.Key("calendars", name, "hours", days)
				r.findings = append(r.findings, finding.Finding{Rule: "hours", Path: r.doc.Path, Line: p.Line, Column: p.Column,
					Found: fmt.Sprintf("`%s` has its hours twice: under `%s` and under `%s`", weekdays[d], before, days), Expected: "each day once"})
				continue
			}
			taken[d], week[d] = days, hours
		}
	}
	return week
}

// daysOf are the weekdays of `fri` or `mon-thu`, over the end of the week where need be; the
// schema has checked the form.
func daysOf(s string) []time.Weekday {
	first, last, several := strings.Cut(s, "-")
	from, to := slices.Index(weekdays, first), slices.Index(weekdays, last)
	if !several {
		to = from
	}
	var out []time.Weekday
	for d := from; ; d = (d + 1) % 7 {
		if out = append(out, time.Weekday(d)); d == to {
			return out
		}
	}
}

// hours reads the stretches of one day, which share no minute.
func (r *reader) hours(list words, at ...string) []worktime.Hours {
	var out []worktime.Hours
	for i, s := range list {
		place := append(slices.Clone(at), fmt.Sprint(i))
		h, err := worktime.ParseHours(s)
		if err != nil {
			r.report(finding.Finding{Rule: "hours", Found: err.Error()}, place...)
			continue
		}
		if k := slices.IndexFunc(out, h.Overlaps); k >= 0 {
			r.report(finding.Finding{Rule: "hours", Found: fmt.Sprintf("%s overlap %s of the same day", h, out[k]), Expected: "hours with a break between them"}, place...)
			continue
		}
		out = append(out, h)
	}
	slices.SortFunc(out, func(a, b worktime.Hours) int { return cmp.Compare(a.From, b.From) })
	return out
}

// mostDays is the longest holiday: more is a slip of the pen.
const mostDays = 366

// holidays reads the dated list, which says more than any file.
func (r *reader) holidays(o *worktime.Office, name string, list []rawHoliday) {
	seen := map[worktime.Date]bool{}
	for i, h := range list {
		at := []string{"calendars", name, "holidays", fmt.Sprint(i)}
		first, err := worktime.ParseDate(h.Date)
		last := first
		if err == nil && h.To != "" {
			last, err = worktime.ParseDate(h.To)
		}
		if err == nil && (last.Compare(first) < 0 || last.Compare(first.Add(mostDays)) > 0) {
			err = fmt.Errorf("from %s to %s is no holiday; expected a later day under `to`, at most %d days later", first, last, mostDays)
		}
		if err != nil {
			r.report(finding.Finding{Rule: "holiday", Found: err.Error()}, at...)
			continue
		}
		hours := r.hours(h.Hours, append(slices.Clone(at), "hours")...)
		for d := first; d.Compare(last) <= 0; d = d.Add(1) {
			if seen[d] {
				r.report(finding.Finding{Rule: "holiday", Found: fmt.Sprintf("%s stands here twice", d), Expected: "each day once"}, at...)
			}
			seen[d], o.Dated[d] = true, hours
		}
	}
}

// holidaysFrom reads holidays from an iCalendar file.
func (r *reader) holidaysFrom(o *worktime.Office, path string, at ...string) {
	file := r.files[path]
	if file.err != nil {
		r.report(finding.Finding{Rule: "ics", Found: oneLine(file.err.Error()), Expected: "the path of an iCalendar file (.ics), from the repository's root"}, at...)
		return
	}
	holidays, defects := worktime.ParseICS(file.src)
	for _, d := range defects {
		r.findings = append(r.findings, finding.Finding{Rule: "ics", Path: path, Line: d.Line, Column: 1, Found: d.Found, Expected: d.Expected})
	}
	for _, h := range holidays {
		if h.Every > 0 {
			o.Yearly = append(o.Yearly, h)
			continue
		}
		for n := range h.Days {
			o.Dated[h.First.Add(n)] = nil
		}
	}
}

// union joins calendars: what is working time of any of them. It ends with the first of
// them that ends.
func (r *reader) union(name string, raw rawCalendar) {
	c := r.def.Calendar(name)
	for _, o := range r.offices(name, raw, []string{name}) {
		c.Offices = append(c.Offices, o.Offices...)
		if !o.End.IsZero() && (c.End.IsZero() || o.End.Before(c.End)) {
			c.End = o.End
		}
	}
	if raw.Until != "" {
		c.End = r.date(raw.Until, "calendars", name, "until").Add(1).Start(c.Zone)
	}
}

// offices are the calendars that a union comes to, through others; through are those on the way.
func (r *reader) offices(name string, raw rawCalendar, through []string) []*worktime.Calendar {
	var out []*worktime.Calendar
	for i, part := range raw.AnyOf {
		at := []string{"calendars", name, "any_of", fmt.Sprint(i)}
		c, own := r.def.Calendar(part), r.raw.Calendars[part]
		switch {
		case c == nil:
			r.unknownCalendar(part, at)
		case slices.Contains(through, part):
			r.report(finding.Finding{Rule: "calendar", Found: fmt.Sprintf("the calendar `%s` comes back to itself through `%s`", part, name), Expected: "calendars with hours of their own"}, at...)
		case len(own.AnyOf) > 0:
			out = append(out, r.offices(part, own, append(through, part))...)
		default:
			out = append(out, c)
		}
	}
	return out
}

func (r *reader) unknownCalendar(name string, at []string) {
	names := append(r.doc.Keys("calendars"), always)
	r.report(finding.Finding{Rule: "calendar", Found: fmt.Sprintf("there is no calendar `%s`", name), Expected: schema.OneOf(names), Fix: schema.DidYouMean(name, names)}, at...)
}

// always is the calendar that counts every hour of every day.
const always = "always"

// Calendar is the calendar of that name, or nil.
func (d *Definition) Calendar(name string) *worktime.Calendar {
	for _, c := range d.Calendars {
		if c.Name == name {
			return c.Calendar
		}
	}
	return nil
}
