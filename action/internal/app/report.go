package app

import (
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/worktime"
	"github.com/spf13/cobra"
)

// webWords is the help of --web.
const webWords = "address of the repository on its forge, for links (default: GitHub's environment, else the remote `origin`)"

func (a *App) report() *cobra.Command {
	var w when
	var format, quarter, web string
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Say for a quarter whether the desk's promises were kept",
		Long: `Report prints for each target how many promises were kept, late and pending, the share kept
with its interval, the median of the answered, percentiles that include the unanswered,
the same by the groups that the definition names, and every late record with its due time
and a link to its evidence.`,
		Example: "  liaison report --quarter last\n  liaison report --quarter 2026-27-q1 --as-of 2026-10-05 --format json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			show := func(print func(report.Review) error) face {
				return func(p *past) error {
					qs, err := quarters(p, quarter)
					if err != nil {
						return err
					}
					return print(a.review(p, qs, web))
				}
			}
			return refuse(a.printPast(cmd.Context(), w, format, map[string]face{
				"md":   show(func(r report.Review) error { return r.Markdown(a.Stdout) }),
				"json": show(func(r report.Review) error { return r.JSON(a.Stdout) }),
				"html": show(func(r report.Review) error { return r.HTML(a.Stdout) }),
				"csv":  show(func(r report.Review) error { return r.CSV(a.tame()) }),
			}))
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "md", "`md|json|csv|html`")
	cmd.Flags().StringVar(&quarter, "quarter", "current", "`QUARTER`, such as 2026-27-q1, or current, last, all")
	cmd.Flags().StringVar(&web, "web", "", webWords)
	return cmd
}

// review computes what a report shows.
func (a *App) review(p *past, qs []worktime.Quarter, web string) report.Review {
	r := report.Review{Inputs: p.inputs, Desk: p.def.Desk, Zone: p.def.Zone(), Quarters: qs, Alarms: slices.Concat(p.notices, p.ledger.Alarms), Backdated: review.Backdated(p.ledger.Backdated, p.clocks), Web: a.web(p, web)}
	if len(p.def.Bots) > 0 {
		r.Keeper = p.def.Bots[0]
	}
	for _, c := range p.clocks {
		if !review.Placed(c) {
			r.Unplaced++
		}
	}
	targets, ways := p.targets(), review.Ways(p.def, p.roster, p.inputs.AsOf)
	for _, q := range qs {
		r.Results = append(r.Results, review.Quarter(targets, p.clocks, q, p.inputs.AsOf, ways...))
	}
	return r
}

// quarters are those that a name asks for.
func quarters(p *past, name string) ([]worktime.Quarter, error) {
	current := p.def.Fiscal.At(p.inputs.AsOf)
	switch name {
	case "current":
		return []worktime.Quarter{current}, nil
	case "last":
		return []worktime.Quarter{p.def.Fiscal.Before(current)}, nil
	case "all":
		return review.Quarters(p.def.Fiscal, p.clocks, p.inputs.AsOf), nil
	}
	q, err := p.def.Fiscal.Parse(name)
	if err != nil {
		return nil, usage("--quarter: %v", err)
	}
	return []worktime.Quarter{q}, nil
}

// web is the repository's address on its forge, without a slash at the end.
func (a *App) web(p *past, given string) string {
	server, name := a.Getenv("GITHUB_SERVER_URL"), a.Getenv("GITHUB_REPOSITORY")
	switch {
	case given != "":
		return strings.TrimSuffix(given, "/")
	case server != "" && name != "":
		return server + "/" + name
	}
	return p.repo.OriginURL()
}
