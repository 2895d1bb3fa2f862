package app

import (
	"cmp"
	"strings"

	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/spf13/cobra"
)

// webWords is the help of --web.
const webWords = "the `ADDRESS` of the repository on GitHub, for links (default: as a run on GitHub is told it, else the remote origin)"

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
				return func(p *replay.Result) error {
					quarters, err := p.Quarters(quarter)
					if err != nil {
						return usage("--quarter: %w", err)
					}
					return print(p.Review(quarters, a.web(p, web)))
				}
			}
			return refuse(a.printReplay(cmd.Context(), w, format, map[string]face{
				"md":   show(func(r report.Review) error { return r.Markdown(a.Stdout) }),
				"json": show(func(r report.Review) error { return r.JSON(a.Stdout) }),
				"html": show(func(r report.Review) error { return r.HTML(a.Stdout) }),
				"csv":  show(func(r report.Review) error { return r.CSV(a.escaped()) }),
			}))
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "md", "`md|json|csv|html`")
	cmd.Flags().StringVar(&quarter, "quarter", "current", "`QUARTER`, such as 2026-27-q1, or current, last, all")
	cmd.Flags().StringVar(&web, "web", "", webWords)
	return cmd
}

// web is the repository's address on its forge, without a slash at the end.
func (a *App) web(p *replay.Result, given string) string {
	return cmp.Or(strings.TrimSuffix(given, "/"), a.forgeWeb(), p.Desk.Repo.OriginURL())
}

// forgeWeb is the repository's address as a run on GitHub is told it; "" elsewhere.
func (a *App) forgeWeb() string {
	server, name := a.Getenv("GITHUB_SERVER_URL"), a.Getenv("GITHUB_REPOSITORY")
	if server == "" || name == "" {
		return ""
	}
	return server + "/" + name
}
