package replay

import (
	"slices"

	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/worktime"
)

// Review computes what a report on some quarters shows. web is the repository's address on its
// forge, for links; "" for none.
func (r *Result) Review(quarters []worktime.Quarter, web string) report.Review {
	def := r.Desk.Def
	out := report.Review{Inputs: r.Inputs, Desk: def.Desk, Zone: def.Zone(), Quarters: quarters, Web: web,
		Alarms: slices.Concat(r.Notices, r.Ledger.Alarms), Backdated: review.Backdated(r.Ledger.Backdated, r.Clocks)}
	if len(def.Bots) > 0 {
		out.Keeper = def.Bots[0]
	}
	for _, c := range r.Clocks {
		if !review.Placed(c) {
			out.Unplaced++
		}
	}
	targets, ways := r.targets(), review.Ways(def, r.Roster, r.Inputs.AsOf)
	for _, q := range quarters {
		out.Results = append(out.Results, review.Quarter(targets, r.Clocks, q, r.Inputs.AsOf, ways...))
	}
	return out
}

// Quarters are those that a name asks for: current, last, all, or one such as 2026-27-q1. The
// error says that it is none of them.
func (r *Result) Quarters(name string) ([]worktime.Quarter, error) {
	fiscal, asOf := r.Desk.Def.Fiscal, r.Inputs.AsOf
	switch name {
	case "current":
		return []worktime.Quarter{fiscal.At(asOf)}, nil
	case "last":
		return []worktime.Quarter{fiscal.Before(fiscal.At(asOf))}, nil
	case "all":
		return review.Quarters(fiscal, r.Clocks, asOf), nil
	}
	q, err := fiscal.Parse(name)
	return []worktime.Quarter{q}, err
}
