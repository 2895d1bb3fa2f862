package bot

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/worktime"
)

// weekly is the report of the last quarter and this one as of the beginning of the week, as
// Markdown; "" before anything had landed. The report of a week is made once: what stands
// in its issue already is not made again; so where not everything could be seen, it is left to
// the next run.
func (r *reconciliation) weekly(ctx context.Context) (string, error) {
	monday := weekOf(r.now(), r.desk.Def.Zone())
	made := r.have.Report()
	if _, asOf := report.MadeOn(made); len(r.unseen) > 0 || asOf == monday.Format(time.RFC3339) {
		return made, nil
	}
	p, err := r.replay(ctx, r.witness, replay.Question{AsOf: monday, Now: r.now(), Asked: true})
	if err != nil || p.Inputs.Main == "" {
		return "", err
	}
	fiscal := p.Desk.Def.Fiscal // at an earlier instant the definition may be another one
	current := fiscal.At(monday)
	var b strings.Builder
	err = p.Review([]worktime.Quarter{fiscal.Before(current), current}, cmp.Or(r.options.Web, r.desk.Repo.OriginURL())).Markdown(&b)
	return b.String(), err
}

// forgotten is the tip of the witness that the issue of the report names and that the branch
// does not lead to any more: somebody rewrote it; "" where all is well. A clone that is made
// for each run cannot tell that by itself.
func (r *reconciliation) forgotten() string {
	was, _ := report.MadeOn(r.have.Report())
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
