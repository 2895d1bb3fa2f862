package worktime

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Defect is what is wrong with a line of an iCalendar file.
type Defect struct {
	Line     int // 1-based
	Found    string
	Expected string
}

// most is how many holidays one file may have, and longestHoliday how many days one of them.
const (
	most           = 10_000
	longestHoliday = 366
)

// ParseICS reads the holidays of an iCalendar file (RFC 5545): each VEVENT is one, all day
// from DTSTART to before DTEND, at most coming again every year. Whatever else would change
// which days are holidays is refused by name, so that no holiday is read wrong in silence;
// words about them are skipped. Every is 0 for a holiday that comes once. Why no library reads
// them: docs/decisions/ics-reader.md.
func ParseICS(src []byte) ([]Yearly, []Defect) {
	p := &icsReader{}
	lines := unfolded(string(src))
	for _, l := range lines {
		p.line(l)
	}
	last := icsLine{number: 1}
	if len(lines) > 0 {
		last = lines[len(lines)-1]
	}
	switch {
	case len(p.open) > 0:
		p.defect(last, fmt.Sprintf("the file ends within %s", p.open[len(p.open)-1]), "END:"+p.open[len(p.open)-1])
	case !p.calendar && len(p.defects) == 0:
		p.defect(last, "there is no calendar", "BEGIN:VCALENDAR")
	}
	return p.holidays, p.defects
}

// icsLine is one content line: NAME;PARAM=…:VALUE.
type icsLine struct {
	number              int
	name, params, value string
	broken              bool
}

// unfolded joins the lines that go on with a space or a tab.
func unfolded(src string) []icsLine {
	var out []icsLine
	var whole []string
	for i, text := range strings.Split(src, "\n") {
		text = strings.TrimSuffix(text, "\r")
		if n := len(whole); n > 0 && text != "" && strings.ContainsRune(" \t", rune(text[0])) {
			whole[n-1] += text[1:]
			continue
		}
		if text != "" {
			whole, out = append(whole, text), append(out, icsLine{number: i + 1})
		}
	}
	for i, text := range whole {
		head, value, ok := strings.Cut(text, ":")
		name, params, _ := strings.Cut(head, ";")
		out[i].name, out[i].params, out[i].value, out[i].broken = strings.ToUpper(name), strings.ToUpper(params), value, !ok
	}
	return out
}

// icsReader goes through the lines of a file.
type icsReader struct {
	open     []string // components that have begun
	calendar bool     // there was one
	event    icsEvent
	holidays []Yearly
	defects  []Defect
}

// icsEvent is the event that is being read.
type icsEvent struct {
	begun            icsLine
	start, end, rule icsLine // number 0: none
	cancelled, bad   bool
}

func (p *icsReader) defect(l icsLine, found, expected string) {
	p.event.bad = true
	p.defects = append(p.defects, Defect{l.number, found, expected})
}

func (p *icsReader) line(l icsLine) {
	switch {
	case l.broken:
		p.defect(l, "this is no line of an iCalendar file", "a name, a colon and a value, such as DTSTART;VALUE=DATE:20261225")
	case l.name == "BEGIN":
		p.begin(l)
	case l.name == "END":
		p.close(l)
	case len(p.open) == 0:
		p.defect(l, fmt.Sprintf("%s stands outside of a calendar", l.name), "BEGIN:VCALENDAR before it")
	case len(p.open) == 2 && p.open[1] == "VEVENT":
		p.property(l)
	}
}

func (p *icsReader) begin(l icsLine) {
	what := strings.ToUpper(l.value)
	if len(p.open) == 0 {
		if what != "VCALENDAR" {
			p.defect(l, fmt.Sprintf("the file begins with %s", what), "BEGIN:VCALENDAR")
		}
		p.calendar = true
	}
	p.open = append(p.open, what)
	if len(p.open) == 2 && what == "VEVENT" {
		p.event = icsEvent{begun: l}
	}
}

func (p *icsReader) close(l icsLine) {
	n, what := len(p.open), strings.ToUpper(l.value)
	if n == 0 || p.open[n-1] != what {
		p.defect(l, fmt.Sprintf("END:%s ends what has not begun", what), "each END after its BEGIN")
		return
	}
	p.open = p.open[:n-1]
	if n == 2 && what == "VEVENT" && !p.event.cancelled {
		p.holiday()
	}
}

// What would change the days of a holiday in a way that is not read here.
var icsRefused = map[string]string{
	"RDATE":         "an event of its own for each day",
	"EXDATE":        "an event of its own for each day",
	"EXRULE":        "an event of its own for each day",
	"RECURRENCE-ID": "an event of its own for each day",
	"DURATION":      "DTEND, the day after the last",
}

func (p *icsReader) property(l icsLine) {
	e := &p.event
	switch l.name {
	case "DTSTART":
		e.start = l
	case "DTEND":
		e.end = l
	case "RRULE":
		e.rule = l
	case "STATUS":
		e.cancelled = strings.EqualFold(l.value, "CANCELLED")
	}
	if instead, refused := icsRefused[l.name]; refused {
		p.defect(l, fmt.Sprintf("%s is not read here", l.name), instead)
	}
}

// holiday takes in the event that has ended.
func (p *icsReader) holiday() {
	e := &p.event
	if e.start.number == 0 {
		p.defect(e.begun, "an event without DTSTART", "the day on which it begins, such as DTSTART;VALUE=DATE:20261225")
	}
	h := Yearly{Days: 1, First: p.day(e.start)}
	if end := p.day(e.end); e.end.number > 0 && !e.bad {
		h.Days = int(end.utc().Sub(h.First.utc()) / day)
	}
	if h.Days < 1 || h.Days > longestHoliday {
		p.defect(e.end, fmt.Sprintf("a holiday of %d days", h.Days), "a DTEND, which is the day after the last, after DTSTART and within a year of it")
	}
	if e.rule.number > 0 && !e.bad {
		p.yearly(&h, e.rule)
	}
	if e.bad {
		return
	}
	if len(p.holidays) == most {
		p.defect(e.begun, fmt.Sprintf("more than %d holidays", most), "fewer")
		return
	}
	p.holidays = append(p.holidays, h)
}

// day reads 20261225. A time of day is refused: whose day it is depends on the zone.
func (p *icsReader) day(l icsLine) Date {
	if l.number == 0 {
		return Date{}
	}
	t, err := time.Parse("20060102", l.value)
	if err != nil || strings.Contains(l.params, "DATE-TIME") || strings.Contains(l.params, "TZID") {
		p.defect(l, fmt.Sprintf("%s is %q", l.name, l.value), "a whole day, such as "+l.name+";VALUE=DATE:20261225")
		return Date{}
	}
	return DateOf(t)
}

// yearly reads a rule that brings the same day again.
func (p *icsReader) yearly(h *Yearly, l icsLine) {
	h.Every = 1
	yearly := false
	for _, part := range strings.Split(l.value, ";") {
		name, value, _ := strings.Cut(strings.ToUpper(part), "=")
		n, err := strconv.Atoi(value)
		switch {
		case name == "FREQ" && value == "YEARLY":
			yearly = true
		case name == "INTERVAL" && err == nil && 0 < n && n < 1000:
			h.Every = n
		case name == "UNTIL" && len(value) >= 8 && h.Last == Date{}:
			h.Last = p.day(icsLine{number: l.number, name: "UNTIL", value: value[:8]})
		case name == "COUNT" && err == nil && 0 < n && n < 1000 && h.Last == Date{}:
			h.Last = h.First.years(n, h.Every)
		case name == "BYMONTH" && err == nil && n == int(h.First.Month), name == "BYMONTHDAY" && err == nil && n == h.First.Day, name == "WKST":
		default:
			p.defect(l, fmt.Sprintf("RRULE with %s is not read here", part), "FREQ=YEARLY with at most INTERVAL, UNTIL and COUNT, or an event of its own for each year")
			return
		}
	}
	if !yearly {
		p.defect(l, "RRULE without FREQ=YEARLY is not read here", "FREQ=YEARLY, or an event of its own for each day")
	}
}

// years is the n-th time that a date comes, every so many years; a 29 February that never
// comes again has come its last time.
func (d Date) years(n, every int) Date {
	last := d
	for came := 1; came < n && d.Year < last.Year+1000*every; {
		d.Year += every
		if DateOf(d.utc()) == d {
			came, last = came+1, d
		}
	}
	return last
}
