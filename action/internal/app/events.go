package app

import (
	"context"

	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/spf13/cobra"
)

func (a *App) events() *cobra.Command {
	var w when
	var format string
	cmd := &cobra.Command{
		Use:   "events",
		Short: "Print what happened to every record, and on what evidence",
		Long: `Events turns the first-parent history of the default branch, and the witness branch where
one is declared, into one line for each thing that happened to a record.

Columns: time,kind,record,event,from,to,actor,commit,evidence,path.
Events: filed responded moved assigned edited renamed removed; replied where a target asks
for it; refused for a landed move, or a landed change of a field that has owners, by somebody
who may not make it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return refuse(a.printEvents(cmd.Context(), w, format))
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "csv", "`csv|ndjson`")
	return cmd
}

func (a *App) printEvents(ctx context.Context, w when, format string) error {
	list, err := chosen(format, map[string]*report.Events{"csv": report.EventsCSV(), "ndjson": report.EventsNDJSON()})
	if err != nil {
		return err
	}
	return a.tell(ctx, w, list.Teller, func(*replay.Result) error { return list.Write(a.escaped()) })
}
