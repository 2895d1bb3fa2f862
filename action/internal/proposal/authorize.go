package proposal

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Source reads the facts of the base. also is a definition whose records are wanted beside
// those of the base's own; nil for none.
type Source func(ctx context.Context, also *workflow.Definition) (replay.Facts, error)

// A Result is what stands in the way of a change, and what merging it would do.
type Result struct {
	Check   report.Check
	History *History // by which its author's rights are told; nil where nobody said whose change it is
}

// A History is the history of the base, of the changed records and the roster alone.
type History struct {
	Ledger *event.Ledger
	Roster *roster.Roster
	input  event.Input
}

// An inquiry is one look at a proposal at an instant; what it needs of the base's past is
// read once.
type inquiry struct {
	*Proposal
	now   time.Time
	facts func() (replay.Facts, error)
}

func (p *Proposal) inquire(ctx context.Context, now time.Time, read Source) inquiry {
	return inquiry{p, now, sync.OnceValues(func() (replay.Facts, error) {
		also, err := p.ruledBy()
		if err != nil || also == p.base.Def {
			also = nil
		}
		return read(ctx, also)
	})}
}

// Authorize says what stands in the way of the change as of an instant, and what merging it
// then would do. Whose change it is may be unknown: then its defects are all that can be told.
func (p *Proposal) Authorize(ctx context.Context, now time.Time, read Source) (Result, error) {
	i := p.inquire(ctx, now, read)
	changes, err := p.changes()
	if err != nil {
		return Result{}, err
	}
	check, err := i.check(len(changes))
	if err != nil {
		return Result{}, err
	}
	if !p.actor.Known() {
		check.Findings = finding.Sorted(append(check.Findings, noActor))
		return Result{Check: check}, nil
	}
	h, err := i.history(changes)
	if err != nil {
		return Result{}, err
	}
	check.Findings = finding.Sorted(append(check.Findings, i.rights(h, changes)...))
	check.Outcome, err = i.outcome(h, changes)
	return Result{check, h}, err
}

// noActor says what cannot be told.
var noActor = finding.Finding{Rule: "no-actor", Severity: finding.Warning, Path: workflow.Path,
	Found: "whose change it is was not said, so moves and rights were not judged", Expected: "--actor LOGIN#ID"}

// check is what can be told of a change without knowing whose it is.
func (i inquiry) check(records int) (report.Check, error) {
	c := report.Check{Engine: report.Engine, Commit: i.head, Base: i.base.Head, Head: i.head, Records: records, Sources: i.after.source}
	found, err := i.defects()
	if err != nil {
		return c, err
	}
	rules, err := i.newRules(i.now)
	if err != nil {
		return c, err
	}
	c.Findings, c.Debt = slices.Concat(found.brought, rules, i.tangled()), found.debt
	c.WhatIf = i.whatIf()
	return c, nil
}

// Forbidden are the defects that a change of records brings, and what its author may not do.
func (p *Proposal) Forbidden(ctx context.Context, now time.Time, read Source) ([]finding.Finding, error) {
	changes, err := p.changes()
	if err != nil {
		return nil, err
	}
	found, err := p.defects()
	if err != nil {
		return nil, err
	}
	i := p.inquire(ctx, now, read)
	h, err := i.history(changes)
	if err != nil {
		return nil, err
	}
	return finding.Sorted(slices.Concat(found.brought, i.rights(h, changes))), nil
}

// rights are what the author may not do. States and filers are derived from the history of
// the base, of the changed records and the roster alone.
func (i inquiry) rights(h *History, changes []rule.Changed) []finding.Finding {
	byPath := live(h.Ledger)
	for k := range changes {
		if r := byPath[changes[k].OldPath]; r != nil {
			changes[k].State, changes[k].Filer = r.State, r.Filer
		}
	}
	return rule.Change{
		World:  rule.World{Definition: i.base.Def, Tree: i.after.view},
		Roster: h.Roster, Actor: i.actor, Now: i.now, Records: changes, Rules: i.changedRules(),
	}.Authorize()
}

// live are the records that stand on the default branch, by path.
func live(ledger *event.Ledger) map[string]*event.Record {
	out := map[string]*event.Record{}
	for _, r := range ledger.Records {
		if r.Live {
			out[r.Path] = r
		}
	}
	return out
}

// history is the history of the changed records and the roster. Its landings are of all
// kinds: lookups may ask for any.
func (i inquiry) history(changes []rule.Changed) (*History, error) {
	facts, err := i.facts()
	if err != nil {
		return nil, err
	}
	only := map[string]bool{}
	for _, c := range changes {
		only[c.OldPath], only[c.Path] = true, true
	}
	h := &History{input: event.Input{Definition: i.base.Def, Landings: facts.Landings, Pulls: facts.Witness.Pulls, AsOf: i.now, Read: i.base.Version, Only: only}}
	h.Ledger, h.Roster, err = i.work.derive(h.input)
	return h, err
}
