package workflow

import (
	"fmt"
	"time"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/worktime"
)

// A Calendar is one of the definition's, with the place where it stands.
type Calendar struct {
	*worktime.Calendar
	Files        []string // that its holidays are read from
	path         string
	line, column int
}

// Continued is the definition with its calendars continued, where they end, by later ones of
// the same name: holidays of another year may land while a clock runs, and change nothing of
// what was known. It adds its own calendars to the later ones. Where nothing goes on, it is
// the definition itself.
func (d *Definition) Continued(later map[string]*worktime.Calendar) *Definition {
	goesOn := false
	for _, c := range d.Calendars {
		longer := c.Calendar.Continued(later[c.Name])
		goesOn, later[c.Name] = goesOn || longer != c.Calendar, longer
	}
	if !goesOn {
		return d
	}
	out := *d
	out.Targets = nil
	for _, t := range d.Targets {
		out.Targets = append(out.Targets, t.by(later))
	}
	return &out
}

// by is the target with calendars of the same names.
func (t *Target) by(calendars map[string]*worktime.Calendar) *Target {
	out := *t
	out.Cases = nil
	for _, c := range t.Cases {
		own := *c
		if c.Calendar != nil {
			own.Calendar = calendars[c.Calendar.Name]
		}
		out.Cases = append(out.Cases, &own)
	}
	return &out
}

// soon is how long before its end a calendar is a finding: time to look up and land the
// holidays of another year.
const soon = 90 * 24 * time.Hour

// Ending are the calendars that end within 90 days of an instant, or have ended: clocks that
// run past the end are unknown.
func (d *Definition) Ending(now time.Time) []finding.Finding {
	var out []finding.Finding
	for _, c := range d.Calendars {
		if c.End.IsZero() || now.Add(soon).Before(c.End) {
			continue
		}
		found := fmt.Sprintf("the calendar `%s` ends within 90 days, with %s", c.Name, c.LastDay())
		if !now.Before(c.End) {
			found = fmt.Sprintf("the calendar `%s` has ended, with %s, and clocks that ran on are unknown", c.Name, c.LastDay())
		}
		out = append(out, finding.Finding{Rule: "calendar-ends", Severity: finding.Warning, Path: c.path, Line: c.line, Column: c.column,
			Found: found, Expected: "the holidays of another year, or a later day under `until`"})
	}
	return out
}
