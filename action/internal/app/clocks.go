package app

import (
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/spf13/cobra"
)

func (a *App) clocks() *cobra.Command {
	var w when
	var format string
	cmd := &cobra.Command{
		Use:   "clocks",
		Short: "Print every clock: one for each record, target and cycle",
		Long: `Clocks says for each record, target and cycle when the clock started and stopped, when it
is due, and how it stands: met, breached, running, paused, void or unknown.

Columns: record,target,cycle,started,stopped,due,elapsed_seconds,state,evidence.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return refuse(a.printReplay(cmd.Context(), w, format, map[string]face{
				"csv":  func(p *replay.Result) error { return report.ClocksCSV(a.escaped(), p.Clocks) },
				"json": func(p *replay.Result) error { return report.ClocksJSON(a.Stdout, p.Inputs, p.Clocks) },
			}))
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "csv", "`csv|json`")
	return cmd
}
