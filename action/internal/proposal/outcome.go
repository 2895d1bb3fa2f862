package proposal

import (
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/workflow"
)

// outcome is what merging the change now would do to each record: its history with one
// landing more, against its history.
func (i inquiry) outcome(h *History, changes []rule.Changed) ([]report.Outcome, error) {
	after := h.input
	after.Landings = append(slices.Clone(h.input.Landings), i.landing(func(path string) bool { return after.Only[path] }))
	after.Pulls = i.mergedNow(h.input)
	ledger, ros, err := i.work.derive(after)
	if err != nil {
		return nil, err
	}
	was, is := live(h.Ledger), live(ledger)
	before := clock.Run(i.base.Def, h.Ledger, h.Roster, after.AsOf)
	then := clock.Run(i.base.Def, ledger, ros, after.AsOf)
	var out []report.Outcome
	for _, c := range changes {
		if r := is[c.Path]; r != nil {
			out = append(out, outcomeOf(was[c.OldPath], r, before, then, after.AsOf))
		}
	}
	return out, nil
}

// landing is as much of the change as is wanted, as it would land now, by nobody knows whom.
func (i inquiry) landing(wanted func(path string) bool) event.Landing {
	l := event.Landing{Commit: i.head, Time: i.now, Author: i.actor, ByForge: true}
	for _, d := range i.diffs {
		if wanted(d.Path) {
			l.Changes = append(l.Changes, event.Change{Path: d.Path, Old: blob(d.Old.Regular, d.Old.Blob), New: blob(d.New.Regular, d.New.Blob)})
		}
	}
	return l
}

// mergedNow are the pull requests with the one that proposes the change, if the witness knows
// it, merged now, by nobody knows whom.
func (p *Proposal) mergedNow(in event.Input) []event.Pull {
	proposed := map[string]string{}
	for _, d := range p.diffs {
		proposed[d.Path] = d.New.Blob
	}
	out := slices.Clone(in.Pulls)
	for i, pull := range out {
		if !slices.ContainsFunc(pull.Records, func(r event.PullRecord) bool { return r.Blob != "" && proposed[r.Path] == r.Blob }) {
			continue
		}
		now := event.Entry{ID: "merged-now", Kind: event.Merged, At: in.AsOf, First: p.head, Last: p.head}
		out[i].Entries = append(slices.Clone(pull.Entries), now)
	}
	return out
}

func blob(regular bool, id string) string {
	if !regular {
		return ""
	}
	return id
}

// outcomeOf compares one record before and after it is merged at an instant.
func outcomeOf(was, is *event.Record, before, then []clock.Clock, merge time.Time) report.Outcome {
	o := report.Outcome{Record: is.ID, Title: is.Title, State: is.State, Responsible: workflow.Select(is.Values, is.Kind.Assignees)}
	waits := map[effect.Key]bool{}
	for _, c := range then {
		if c.Record == is && c.Ended.IsZero() {
			o.Due = append(o.Due, dueOf(c, merge))
			waits[effect.KeyFor(c)] = c.Open()
		}
	}
	if was == nil {
		return o
	}
	o.From = was.State
	for _, c := range before {
		if c.Record == was && c.Open() && !waits[effect.KeyFor(c)] {
			o.Closes = append(o.Closes, effect.Title(c))
		}
	}
	return o
}

// dueOf is when a clock is due after a merge at an instant. Where that depends on the instant
// it is said in words, which are the same whenever the change is looked at.
func dueOf(c clock.Clock, merge time.Time) report.Due {
	d := report.Due{Target: c.Target.Name, At: c.Due}
	switch {
	case c.State == clock.Paused:
		d.Words = "later by as long as its time stands still"
	case !c.Started.Before(merge):
		d.Words = "within " + c.Within() + " of the merge"
	case resumed(c, merge):
		d.Words = "later by as long as its time stood still: it goes on with the merge"
	}
	return d
}

// resumed reports whether a clock stands still up to an instant, and goes on at it.
func resumed(c clock.Clock, at time.Time) bool {
	i := slices.IndexFunc(c.Lines, func(l clock.Line) bool { return !l.Time.Before(at) })
	return i > 0 && c.Lines[i-1].State == clock.Paused
}
