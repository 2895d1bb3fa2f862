package clock_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// A place is what the oracle knows of an office: what a clock on its wall shows when people
// work. It asks that clock, minute by minute, and knows nothing of spans or of sums.
type place struct {
	zone     *time.Location
	week     [7][][2]int         // minutes of the day, by weekday
	days     map[string][][2]int // by date as 2006-01-02: hours of its own
	yearly   map[string]int      // by day as 01-02: since which year it is a holiday
	until    string              // the last day, or ""
	explicit bool                // until is written down
}

// works asks the wall of one office.
func (p place) works(t time.Time) bool {
	local := t.In(p.zone)
	date := local.Format(time.DateOnly)
	hours, own := p.days[date]
	if !own {
		hours = p.week[local.Weekday()]
		if since, holiday := p.yearly[date[5:]]; holiday && local.Year() >= since {
			return false
		}
	}
	minute := local.Hour()*60 + local.Minute()
	return slices.ContainsFunc(hours, func(h [2]int) bool { return h[0] <= minute && minute < h[1] })
}

// over reports whether the office says nothing of an instant any more.
func (p place) over(t time.Time) bool {
	return p.until != "" && t.In(p.zone).Format(time.DateOnly) > p.until
}

// yaml is the office as the definition has it, and its file of holidays.
func (p place) yaml(name string) (lines, ics string) {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s:\n    timezone: %s\n    hours:\n", name, p.zone)
	for d, hours := range p.week {
		fmt.Fprintf(&b, "      %s: %s\n", strings.ToLower(time.Weekday(d).String()[:3]), listed(hours))
	}
	if len(p.days) > 0 {
		b.WriteString("    holidays:\n")
	}
	for _, date := range slices.Sorted(maps.Keys(p.days)) {
		fmt.Fprintf(&b, "      - {date: %s, hours: %s}\n", date, listed(p.days[date]))
	}
	if p.explicit {
		fmt.Fprintf(&b, "    until: %s\n", p.until)
	}
	if len(p.yearly) == 0 {
		return b.String(), ""
	}
	fmt.Fprintf(&b, "    holidays_from: %s.ics\n", name)
	ics = "BEGIN:VCALENDAR\n"
	for _, day := range slices.Sorted(maps.Keys(p.yearly)) {
		ics += fmt.Sprintf("BEGIN:VEVENT\nDTSTART;VALUE=DATE:%d%s\nRRULE:FREQ=YEARLY\nEND:VEVENT\n", p.yearly[day], strings.ReplaceAll(day, "-", ""))
	}
	return b.String(), ics + "END:VCALENDAR\n"
}

func listed(hours [][2]int) string {
	var out []string
	for _, h := range hours {
		out = append(out, fmt.Sprintf("%02d:%02d-%02d:%02d", h[0]/60, h[0]%60, h[1]/60, h[1]%60))
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// A corner is a time and a place at which clocks are known to go wrong.
type corner struct{ zone, day string }

var corners = []corner{
	{"UTC", "2026-07-01"}, {"UTC", "2028-02-26"}, {"UTC", "2027-02-26"}, {"UTC", "2026-12-28"},
	{"Europe/Berlin", "2026-03-27"}, {"Europe/Berlin", "2026-10-23"},
	{"America/New_York", "2026-03-06"}, {"America/New_York", "2026-10-30"},
	{"Australia/Lord_Howe", "2026-04-03"}, {"Australia/Lord_Howe", "2026-10-02"}, // half an hour
	{"Australia/Sydney", "2026-04-03"}, {"Australia/Sydney", "2026-10-02"},
	{"Pacific/Apia", "2011-12-27"},                                      // no 30 December
	{"Pacific/Chatham", "2026-04-03"}, {"Asia/Kathmandu", "2026-01-01"}, // three quarters of an hour
	{"Asia/Kolkata", "2026-11-06"}, {"Asia/Pyongyang", "2015-08-13"}, // half hours
	{"Africa/Casablanca", "2026-02-13"}, {"Antarctica/Troll", "2026-03-27"}, // two hours
	{"America/Sao_Paulo", "2018-11-02"}, {"America/Santiago", "2026-09-04"}, {"Asia/Beirut", "2026-03-27"}, // no midnight
	{"America/Havana", "2026-10-30"}, {"Atlantic/Azores", "2026-10-23"}, // midnight twice
	{"America/St_Johns", "2010-11-05"}, {"America/St_Johns", "2010-03-12"}, // a minute past midnight
}

// somePlace draws an office near a day, whose hours are whole numbers of steps.
func somePlace(r *rand.Rand, zone *time.Location, day time.Time, step int) place {
	p := place{zone: zone, days: map[string][][2]int{}, yearly: map[string]int{}}
	for d := range p.week {
		if r.IntN(4) > 0 {
			p.week[d] = someHours(r, step)
		}
	}
	p.week[r.IntN(7)] = [][2]int{{0, 24 * 60}}
	year := 0
	for range r.IntN(4) {
		date := day.AddDate(0, 0, r.IntN(12)-2)
		var hours [][2]int
		if r.IntN(2) == 0 {
			hours = someHours(r, step)
		}
		p.days[date.Format(time.DateOnly)] = hours
		year = max(year, date.Year())
	}
	for range r.IntN(3) {
		holiday, since := day.AddDate(0, 0, r.IntN(12)-2).Format("01-02"), day.Year()+1-r.IntN(4)
		if holiday == "02-29" {
			since -= since % 4
		}
		p.yearly[holiday] = since
	}
	if year > 0 {
		p.until = fmt.Sprintf("%d-12-31", year)
	}
	if r.IntN(3) == 0 {
		p.until, p.explicit = day.AddDate(0, 0, r.IntN(10)).Format(time.DateOnly), true
	}
	return p
}

// someHours are the hours of a day: at most three stretches with breaks.
func someHours(r *rand.Rand, step int) [][2]int {
	var out [][2]int
	from := r.IntN(12*60/step) * step
	for range 1 + r.IntN(3) {
		to := from + (1+r.IntN(8*60/step))*step
		if to > 24*60 {
			break
		}
		out = append(out, [2]int{from, to})
		from = to + (1+r.IntN(3*60/step))*step
	}
	return out
}

// A reckoning is what the oracle knows of a calendar: for every step since a beginning
// whether anybody works then, which day it is, and where its knowledge ends.
type reckoning struct {
	works []bool
	date  []string // in the calendar's zone
	end   int      // the first step of which it says nothing; -1: it speaks of all
}

// reckon asks the offices about every step.
func reckon(places []place, zone *time.Location, begin time.Time, step, steps int) reckoning {
	c := reckoning{end: -1}
	for i := range steps {
		t := begin.Add(time.Duration(i*step) * time.Minute)
		over := slices.ContainsFunc(places, func(p place) bool { return p.over(t) })
		if over && c.end < 0 {
			c.end = i
		}
		c.works = append(c.works, c.end < 0 && slices.ContainsFunc(places, func(p place) bool { return p.works(t) }))
		c.date = append(c.date, t.In(zone).Format(time.DateOnly))
	}
	return c
}

// knows reports whether the calendar speaks of all time before a step.
func (c reckoning) knows(at int) bool { return c.end < 0 || at <= c.end }

// upAt is when so many working steps, or the last of so many working days after the day of
// the start, are over: -1 where the calendar ends before, and -2 beyond what was reckoned.
func (c reckoning) upAt(start int, p length) int {
	if p.days > 0 {
		return c.closeOf(start, p.days)
	}
	if p.always {
		return start + p.steps
	}
	left := p.steps
	for i := start; i < len(c.works); i++ {
		if !c.knows(i + 1) {
			return -1
		}
		if c.works[i] {
			left--
		}
		if left == 0 {
			return i + 1
		}
	}
	return -2
}

// closeOf is the end of the last working step of the n-th later date that has any. A date is
// counted only when it is known whole.
func (c reckoning) closeOf(start, n int) int {
	seen := []string{c.date[start]}
	for i := start; i < len(c.works); i++ {
		if c.date[i] <= seen[0] || slices.Contains(seen, c.date[i]) {
			continue
		}
		seen = append(seen, c.date[i])
		last, whole := -1, true
		for k := start; k < len(c.works); k++ {
			if c.date[k] == c.date[i] {
				whole = whole && c.knows(k+1)
				if c.works[k] {
					last = k
				}
			}
		}
		if !whole {
			return -1
		}
		if last >= 0 {
			n--
		}
		if n == 0 {
			if c.date[len(c.date)-1] <= c.date[i] {
				return -2
			}
			return last + 1
		}
	}
	return -2
}
