package app

import (
	"context"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/commrel/liaison/action/internal/worktime"
)

// weekly is the report of the last quarter and this one as of the beginning of the week, as
// Markdown; "" before anything had landed. The report of a week is made once: what stands
// in its issue already is not made again; so where not everything could be seen, it is left to
// the next run.
func (s *visit) weekly(ctx context.Context, have effect.Have) (string, error) {
	monday := weekOf(s.now(), s.def.Zone())
	made := have.Report()
	if _, asOf := madeOn(made); len(s.unseen) > 0 || asOf == monday.Format(time.RFC3339) {
		return made, nil
	}
	d := *s.desk // at an earlier instant the definition may be another one
	p, err := when{where: s.where}.derive(ctx, s.App, &d, monday)
	if err != nil || p.inputs.Main == "" {
		return "", err
	}
	current := p.def.Fiscal.At(monday)
	var b strings.Builder
	err = s.review(p, []worktime.Quarter{p.def.Fiscal.Before(current), current}, "").Markdown(&b)
	return b.String(), err
}

// madeFrom finds what a report says it was made from. It begins a line, as no foreign text
// in a report does: a title may read like it.
var madeFrom = pattern.Of("(?m)^Made from: main (?:none|`[0-9a-f]+`), witness (?:none|`([0-9a-f]{10,40})`), as of ([0-9TZ:-]+), engine ")

// madeOn is the witness and the instant that a report says it was made from; "" where it says
// none.
func madeOn(text string) (witness, asOf string) {
	if m := madeFrom().FindStringSubmatch(text); m != nil {
		return m[1], m[2]
	}
	return "", ""
}

// forgotten is the tip of the witness that the issue of the report names and that the branch
// does not lead to any more: somebody rewrote it; "" where all is well. A clone that is made
// for each run cannot tell that by itself.
func (s *visit) forgotten(have effect.Have) string {
	was, _ := madeOn(have.Report())
	tip := s.sighting().commit
	if was == "" || tip == "" {
		return ""
	}
	if then, err := s.repo.Resolve(was); err == nil {
		if _, grew, err := s.repo.Since(tip, then); err == nil && grew {
			return ""
		}
	}
	return was
}

// weekOf is the beginning of the Monday on or before an instant, in a zone.
func weekOf(t time.Time, zone *time.Location) time.Time {
	t = t.In(zone)
	since := (int(t.Weekday()) + 6) % 7 // days since Monday
	return time.Date(t.Year(), t.Month(), t.Day()-since, 0, 0, 0, 0, zone).UTC()
}
