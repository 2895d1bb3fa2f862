package proposal

import (
	"slices"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
)

// whatIf lists the clocks that the change would make stand otherwise, where it changes rules,
// or records that clocks hang on without being about them, such as those of people and teams;
// nil where it does neither. It only reads: nothing is fired again.
func (i inquiry) whatIf() *report.WhatIf {
	w := &report.WhatIf{Rules: i.changesDefinition()}
	def, err := i.ruledBy()
	landing := i.lookedAt(def)
	w.Facts = len(landing.Changes) > 0
	if !w.Rules && !w.Facts {
		return nil
	}
	if err == nil {
		err = i.compare(w, def, landing)
	}
	if err != nil {
		w.Why = err.Error()
	}
	return w
}

// lookedAt is the change to records that no target is about: those that roles and conditions
// look at.
func (i inquiry) lookedAt(def *workflow.Definition) event.Landing {
	return i.landing(func(path string) bool {
		kind := def.KindOf(path)
		return kind != nil && len(def.TargetsOf(kind.Name))+len(i.base.Def.TargetsOf(kind.Name)) == 0
	})
}

// compare runs the clocks of the base's whole history before and after the change. Of rules it
// takes either as if they had always stood.
func (i inquiry) compare(w *report.WhatIf, def *workflow.Definition, landing event.Landing) error {
	facts, err := i.facts()
	if err != nil {
		return err
	}
	in := event.Input{Definition: i.base.Def, Landings: event.Cut(facts.Landings, facts.Witness.Pulls, i.now), Pulls: facts.Witness.Pulls, AsOf: i.now, Read: i.base.Version}
	inForce := []clock.InForce{{Definition: i.base.Def}}
	if !w.Rules {
		if inForce, _, err = replay.InForce(i.base, in, i.definitions); err != nil {
			return err
		}
	}
	before, err := i.clocks(inForce, in)
	if err != nil {
		return err
	}
	if w.Rules {
		inForce = []clock.InForce{{Definition: def}}
		in.Definition = def
	}
	if w.Facts {
		in.Landings = append(slices.Clone(in.Landings), landing)
	}
	after, err := i.clocks(inForce, in)
	if err != nil {
		return err
	}
	w.Compare(before, after)
	return nil
}

// clocks runs the clocks over a history, under definitions one after another.
func (i inquiry) clocks(inForce []clock.InForce, in event.Input) ([]clock.Clock, error) {
	in.Definition = replay.Remembering(in.Definition, inForce)
	ledger, ros, err := i.work.derive(in)
	if err != nil {
		return nil, err
	}
	return clock.Under(inForce, ledger, ros, in.AsOf), nil
}
