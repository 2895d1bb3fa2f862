package app

import (
	"context"
	"fmt"

	"github.com/commrel/liaison/action/internal/bot"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/spf13/cobra"
)

const gateFormats = "text|json|markdown"

func (a *App) gate() *cobra.Command {
	var o online
	var g bot.Gate
	cmd := &cobra.Command{
		Use:   "gate",
		Short: "Judge pull requests: one comment and one status on each",
		Long: `Gate judges pull requests as Git objects, by the rules of the branch that they would land on
and by the rights of whoever opened them; nothing of theirs is checked out or run. On each
it keeps one comment (what is wrong and how to mend it, or what merging will do, and who
waits for whom) and one commit status.

With --pull only those are judged, with --sweep every open one; without either, every open
one. Judging again writes only what has changed, so a verdict that is missing, or that the
branch has left behind, is put right by any run.

Exit code 0 when every verdict was delivered, whatever it says; without --apply, 1 when one
of them finds something to mend; 4 when some could not be judged or delivered.` + onlineHelp,
		Example: "  liaison gate --pull 12\n  liaison gate --sweep --apply",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.valid(gateFormats); err != nil {
				return err
			}
			return refuse(a.runGate(cmd.Context(), o, g))
		},
	}
	o.flags(cmd, gateFormats)
	cmd.Flags().IntSliceVar(&g.Pulls, "pull", nil, "judge pull request `N` (can be given several times)")
	cmd.Flags().BoolVar(&g.Sweep, "sweep", false, "judge every open pull request")
	return cmd
}

func (a *App) runGate(ctx context.Context, o online, g bot.Gate) error {
	options, err := a.options(o)
	if err != nil {
		return err
	}
	c := a.console(o)
	s, err := bot.Begin(ctx, options, c)
	if err != nil {
		return err
	}
	defer s.End()
	result, err := s.Gate(ctx, g)
	if err != nil {
		return err
	}
	if err := c.printVerdicts(result, o.format); err != nil {
		return err
	}
	if o.apply {
		result.Failed = append(result.Failed, s.Execute(ctx, result.Plan.Effects)...)
	}
	return gateExit(result, o.apply)
}

// gateExit is the exit code: partly where something failed; without --apply, whether there
// is something to mend.
func gateExit(g bot.Gating, applied bool) error {
	switch {
	case len(g.Failed) > 0:
		return &bot.Partly{Failed: g.Failed}
	case !applied && g.Failing():
		return found()
	}
	return nil
}

// printVerdicts prints the verdicts, and the effects by which GitHub will show them.
func (c *console) printVerdicts(g bot.Gating, format string) error {
	if format == "text" {
		for _, v := range g.Verdicts {
			fmt.Fprintf(c.app.Stdout, "#%d %s: %s\n", v.Pull, v.Status.State, v.Status.Description)
		}
		return c.Plan(g.Plan)
	}
	c.app.printFindings(g.Plan.Findings)
	if c.json {
		list := []map[string]any{}
		for _, v := range g.Verdicts {
			list = append(list, map[string]any{"pull": v.Pull, "status": v.Status, "comment": v.Comment.Body})
		}
		return report.WriteJSON(c.app.Stdout, map[string]any{"version": 1, "applied": c.applies, "verdicts": list, "effects": append([]effect.Effect{}, g.Plan.Effects...)})
	}
	for _, v := range g.Verdicts {
		fmt.Fprintf(c.app.Stdout, "%s\n", v.Comment.Body)
	}
	return nil
}
