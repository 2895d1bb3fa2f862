package clock

import (
	"time"

	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/action/internal/worktime"
)

// time decides which case the record comes to, and from it when the clock is due, its
// warnings and its running time. The case is that of the record as it reads when the clock
// stops or falls due, whichever is first; so a change of priority counts as if the new case
// had stood from the start, but makes nothing due before the change.
func (r runner) time(c *Clock, pauses []pause) {
	ruling, err := r.ruling(*c, pauses)
	c.Case, c.Fault = ruling.of, err
	if c.Case == nil {
		return
	}
	c.Due, _ = r.due(c.Started, ruling, pauses, r.end(*c))
	c.total()
	c.warn()
}

// total lets time pass from line to line; none of it counts while the clock stands still.
func (c *Clock) total() {
	for i := range c.Lines[1:] {
		before, l := c.Lines[i], &c.Lines[i+1]
		l.Total = before.Total
		if before.State == Running {
			l.Total += c.Case.Calendar.Work(before.Time, l.Time)
		}
	}
	c.Elapsed = c.Lines[len(c.Lines)-1].Total
}

// warn places the warnings: shares of the calendar's time from the start to the due time.
func (c *Clock) warn() {
	if c.Due.IsZero() {
		return
	}
	whole := c.Case.Calendar.Work(c.Started, c.Due)
	for _, share := range c.Case.Warn {
		at, _ := c.Case.Calendar.After(c.Started, time.Duration(share*float64(whole)).Round(time.Second))
		c.Warnings = append(c.Warnings, at)
	}
}

// A ruling is the case in force, and since when: nothing falls due before.
type ruling struct {
	of    *workflow.Case // nil: no case speaks of the record
	since time.Time      // zero: from the start
}

// ruling follows the record's versions from the start until the clock stops or falls due.
func (r runner) ruling(c Clock, pauses []pause) (ruling, error) {
	var now ruling
	var err error
	if now.of, err = r.caseOf(r.rec.At(c.Started)); err != nil || len(r.target.Cases) == 1 && r.target.Cases[0].Where == nil {
		return now, err
	}
	for _, v := range r.rec.Versions[min(1, len(r.rec.Versions)):] {
		if !v.Time.After(c.Started) || v.Time.After(r.end(c)) || v.Values == nil {
			continue
		}
		if now.of != nil {
			if due, known := r.due(c.Started, now, pauses, v.Time); known && due.Before(v.Time) {
				break
			}
		}
		of, err := r.caseOf(v.Values)
		if err != nil {
			return ruling{}, err
		}
		if of != now.of {
			now = ruling{of, v.Time}
		}
	}
	return now, nil
}

// caseOf is the first case whose condition holds, or nil.
func (r runner) caseOf(values map[string]any) (*workflow.Case, error) {
	for _, c := range r.target.Cases {
		if c.Where == nil {
			return c, nil
		}
		if yes, err := r.holds(c.Where, values); yes || err != nil {
			return c, err
		}
	}
	return nil, nil
}

// due is the start plus the case's time, and not before the case was in force, extended by
// every pause that began before the time was up, as far as it has lasted at an instant: by
// the calendar's time in it.
func (r runner) due(start time.Time, now ruling, pauses []pause, until time.Time) (time.Time, bool) {
	cal := now.of.Calendar
	at, known := cal.Due(start, now.of.Within, r.def.Zone())
	if at, known = extended(cal, at, known, cut(pauses, time.Time{}, now.since)); known && at.Before(now.since) {
		at = now.since
	}
	return extended(cal, at, known, cut(pauses, now.since, until))
}

// extended is a due time made later by pauses.
func extended(cal *worktime.Calendar, due time.Time, known bool, pauses []pause) (time.Time, bool) {
	for _, p := range pauses {
		if !known || p.from.After(due) {
			break
		}
		if known = cal.Knows(p.to); known {
			due, known = cal.After(due, cal.Work(p.from, p.to))
		}
	}
	if !known {
		return time.Time{}, false
	}
	return due, true
}

// cut is what of the pauses lies from a to b, the last of them as far as it has lasted.
func cut(pauses []pause, a, b time.Time) []pause {
	var out []pause
	for _, p := range pauses {
		if p.to.IsZero() || p.to.After(b) {
			p.to = b
		}
		if p.from.Before(a) {
			p.from = a
		}
		if !p.to.Before(p.from) {
			out = append(out, p)
		}
	}
	return out
}
