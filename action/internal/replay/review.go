package replay

import (
	"slices"

	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/worktime"
)

// Review computes what a report on some quarters shows. web is the repository's address on its
// forge, for links; "" for none.
func (p *Result) Review(quarters []worktime.Quarter, web string) report.Review {
	def := p.Desk.Def
	r := report.Review{Inputs: p.Inputs, Desk: def.Desk, Zone: def.Zone(), Quarters: quarters, Web: web,
		Alarms: slices.Concat(p.Notices, p.Ledger.Alarms), Backdated: review.Backdated(p.Ledger.Backdated, p.Clocks)}
	if len(def.Bots) > 0 {
		r.Keeper = def.Bots[0]
	}
	for _, c := range p.Clocks {
		if !review.Placed(c) {
			r.Unplaced++
		}
	}
	targets, ways := p.targets(), review.Ways(def, p.Roster, p.Inputs.AsOf)
	for _, q := range quarters {
		r.Results = append(r.Results, review.Quarter(targets, p.Clocks, q, p.Inputs.AsOf, ways...))
	}
	return r
}

// Quarters are those that a name asks for: current, last, all, or one such as 2026-27-q1. The
// error says that it is none of them.
func (p *Result) Quarters(name string) ([]worktime.Quarter, error) {
	fiscal, asOf := p.Desk.Def.Fiscal, p.Inputs.AsOf
	switch name {
	case "current":
		return []worktime.Quarter{fiscal.At(asOf)}, nil
	case "last":
		return []worktime.Quarter{fiscal.Before(fiscal.At(asOf))}, nil
	case "all":
		return review.Quarters(fiscal, p.Clocks, asOf), nil
	}
	q, err := fiscal.Parse(name)
	return []worktime.Quarter{q}, err
}
