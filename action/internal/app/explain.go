package app

import (
	"fmt"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/spf13/cobra"
)

func (a *App) explain() *cobra.Command {
	var w when
	var format, web string
	cmd := &cobra.Command{
		Use:   "explain RECORD…",
		Short: "Print all that happened to a record, and how each clock adds up",
		Long: `Explain prints the events of a record and, for each of its clocks, the whole ledger: every
event with its commit or pull request, the evidence, the clock's state and the running
total, which ends at the reported figure. Of several records it prints one after the other.

RECORD is its id (the path that it was born at), its path now, or its file name without
the ending.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			show := func(print func(report.Explanation) error) face {
				return func(p *replay.Result) error { return explain(p, args, a.web(p, web), print) }
			}
			return refuse(a.printReplay(cmd.Context(), w, format, map[string]face{
				"text": show(func(x report.Explanation) error { return x.Text(a.Stdout) }),
				"json": show(func(x report.Explanation) error { return x.JSON(a.Stdout) }),
				"md":   show(func(x report.Explanation) error { return x.Markdown(a.escaped()) }),
			}))
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "`text|json|md`")
	cmd.Flags().StringVar(&web, "web", "", webWords)
	return cmd
}

// explain prints the records of some names; of several with one name, each.
func explain(p *replay.Result, names []string, web string, print func(report.Explanation) error) error {
	var records []*event.Record
	for _, name := range names {
		found := p.Find(name)
		if len(found) == 0 {
			return fmt.Errorf("no record is called %q: expected an id or a path as `liaison events` prints them", name)
		}
		records = append(records, found...)
	}
	for _, r := range records {
		if err := print(p.Explain(r, web)); err != nil {
			return err
		}
	}
	return nil
}
