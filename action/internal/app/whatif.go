package app

import (
	"context"
	"errors"
	"path"
	"slices"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
)

// whatIf lists the clocks that the change would make stand otherwise, where it changes rules,
// or records that clocks hang on without being about them, such as those of people and teams;
// nil where it does neither. It only reads: nothing is fired again.
func (p *proposal) whatIf(ctx context.Context, a *App) *report.WhatIf {
	w := &report.WhatIf{Rules: p.changesRules()}
	def := p.def
	var err error
	if w.Rules {
		def, err = p.changedRules()
	}
	landing := p.lookedAt(def)
	w.Facts = len(landing.Changes) > 0
	if !w.Rules && !w.Facts {
		return nil
	}
	if err == nil {
		err = p.compare(ctx, a, w, def, landing)
	}
	if err != nil {
		w.Why = err.Error()
	}
	return w
}

// changesRules reports whether the change is to the definition, or to a file that it names: a
// schema, or a list of holidays.
func (p *proposal) changesRules() bool {
	named := map[string]bool{workflow.Path: true}
	for _, k := range p.def.Kinds {
		named[k.SchemaAt] = true
	}
	return slices.ContainsFunc(p.diffs, func(d gitrepo.Difference) bool { return named[d.Path] || path.Ext(d.Path) == ".ics" })
}

// changedRules is the definition that merging leaves.
func (p *proposal) changedRules() (*workflow.Definition, error) {
	src, err := p.after.Read(workflow.Path)
	if err != nil {
		return p.def, err
	}
	def, _, err := p.compiled.Read(workflow.Path, src, p.after.Read)
	if def == nil && err == nil {
		return p.def, errors.New("the changed definition has defects")
	}
	return def, err
}

// lookedAt is the change as it would land now, of records that no target is about: those
// that roles and conditions look at.
func (p *proposal) lookedAt(def *workflow.Definition) event.Landing {
	l := event.Landing{Commit: p.head, Time: p.now, Author: p.actor, ByForge: true}
	for _, d := range p.diffs {
		kind := def.KindOf(d.Path)
		if kind == nil || len(def.TargetsOf(kind.Name))+len(p.def.TargetsOf(kind.Name)) > 0 {
			continue
		}
		l.Changes = append(l.Changes, event.Change{Path: d.Path, Old: blob(d.Old.Regular, d.Old.Blob), New: blob(d.New.Regular, d.New.Blob)})
	}
	return l
}

// compare runs the clocks of the base's whole history before and after the change.
func (p *proposal) compare(ctx context.Context, a *App, w *report.WhatIf, def *workflow.Definition, landing event.Landing) error {
	in, err := p.whole(ctx, a, def)
	if err != nil {
		return err
	}
	reigns := []clock.Reign{{Definition: p.def}}
	if !w.Rules {
		if reigns, _, err = p.reigns(in); err != nil {
			return err
		}
	}
	before, err := clocksUnder(reigns, in)
	if err != nil {
		return err
	}
	if w.Rules {
		reigns = []clock.Reign{{Definition: def}}
		in.Definition = def
	}
	if w.Facts {
		in.Landings = append(slices.Clone(in.Landings), landing)
	}
	after, err := clocksUnder(reigns, in)
	if err != nil {
		return err
	}
	w.Compare(before, after)
	return nil
}

// whole is the history of the base with all records that either definition knows.
func (p *proposal) whole(ctx context.Context, a *App, def *workflow.Definition) (event.Input, error) {
	if err := p.repo.Complete(); err != nil {
		return event.Input{}, err
	}
	seen, err := a.witness(p.desk)
	if err != nil {
		return event.Input{}, err
	}
	landings, err := p.landings(ctx, a)
	if err == nil && def != p.def {
		match := func(path string) bool { return p.def.KindOf(path) != nil || def.KindOf(path) != nil }
		landings, err = p.repo.History(ctx, p.desk.head, match, a.progress("reading history"))
	}
	return event.Input{Definition: p.def, Landings: event.Cut(landings, seen.pulls, p.now), Pulls: seen.pulls, AsOf: p.now, Read: p.blob}, err
}

// clocksUnder runs the clocks over a history, under definitions one after another.
func clocksUnder(reigns []clock.Reign, in event.Input) ([]clock.Clock, error) {
	in.Definition = remembering(in.Definition, reigns)
	ledger, ros, err := event.Derive(in)
	if err != nil {
		return nil, err
	}
	return clock.Under(reigns, ledger, ros, in.AsOf), nil
}
