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
