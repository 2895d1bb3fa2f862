package bot

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/worktime"
)

// weekly is the report of the last quarter and this one as of the beginning of the week, as
// Markdown; "" before anything had landed. The report of a week is made once: what stands
// in its issue already is not made again; so where not everything could be seen, it is left to
// the next run.
func (r *reconciliation) weekly(ctx context.Context) (string, error) {
	monday := weekOf(r.now(), r.desk.Def.Zone())
	made := r.have.Report()
	if _, asOf := madeOn(made); len(r.unseen) > 0 || asOf == monday.Format(time.RFC3339) {
		return made, nil
	}
	p, err := r.past(ctx, replay.Question{AsOf: monday, Now: r.now(), Asked: true})
	if err != nil || p.Inputs.Main == "" {
		return "", err
	}
	fiscal := p.Desk.Def.Fiscal // at an earlier instant the definition may be another one
	current := fiscal.At(monday)
	var b strings.Builder
	err = p.Review([]worktime.Quarter{fiscal.Before(current), current}, cmp.Or(r.Web, r.desk.Repo.OriginURL())).Markdown(&b)
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
func (r *reconciliation) forgotten() string {
	was, _ := madeOn(r.have.Report())
	tip := r.witness.Commit
	if was == "" || tip == "" {
		return ""
	}
	if then, err := r.desk.Repo.Resolve(was); err == nil {
		if _, grew, err := r.desk.Repo.Since(tip, then); err == nil && grew {
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
