package app

import (
	"fmt"
	"io"

	"github.com/commrel/liaison/action/internal/bot"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/report"
)

// A console shows what a run does. As JSON the plan comes out at the end, so that a run that
// reads again prints one.
type console struct {
	app     *App
	json    bool
	applies bool
	last    *bot.Plan // to be printed as JSON
}

func (a *App) console(o online) *console {
	return &console{app: a, json: o.format == "json", applies: o.apply}
}

// Say tells something on standard error.
func (c *console) Say(words string) { c.app.say(words) }

// Print prints what was asked for.
func (c *console) Print(words string) { fmt.Fprintln(c.app.Stdout, words) }

// Done tells on standard error what was done.
func (c *console) Done(words string) { fmt.Fprintf(c.app.Stderr, "  %s\n", words) }

// Plan prints what is to be done, and on standard error what is wrong with what is kept.
func (c *console) Plan(p bot.Plan) error {
	c.app.printFindings(p.Findings)
	if c.json {
		c.last = &p
		return nil
	}
	return c.printPlan(p.Effects)
}

// flush prints the plan that is left.
func (c *console) flush() error {
	if c.last == nil {
		return nil
	}
	p := *c.last
	c.last = nil
	return report.WriteJSON(c.app.Stdout, map[string]any{"version": 1, "applied": c.applies, "effects": append([]effect.Effect{}, p.Effects...)})
}

func (c *console) printPlan(plan []effect.Effect) error {
	w := c.app.Stdout
	switch {
	case len(plan) == 0:
		fmt.Fprintln(w, "Nothing to do: GitHub shows what it should.")
	case c.applies:
		fmt.Fprintf(w, "%s to apply:\n", finding.Count(len(plan), "effect"))
	default:
		fmt.Fprintf(w, "%s planned; nothing is written without --apply:\n", finding.Count(len(plan), "effect"))
	}
	for _, e := range plan {
		fmt.Fprintf(w, "  %s\n", report.Visible(e.String()))
		if e.Commit != nil {
			printFiles(w, e.Commit.Splices)
		}
	}
	return nil
}

// mostNamed is how many files of one commit a plan names.
const mostNamed = 20

// printFiles names the files of a commit: every status, and the first few of what only the
// program reads.
func printFiles(w io.Writer, splices []effect.Splice) {
	most := mostNamed
	if len(splices) > 0 && splices[0].Now == "" {
		most = 3
	}
	for _, c := range splices[:min(most, len(splices))] {
		fmt.Fprintf(w, "    %s\n", report.Visible(c.String()))
	}
	if more := len(splices) - most; more > 0 {
		fmt.Fprintf(w, "    … and %d more\n", more)
	}
}
