package app

import (
	"context"
	"maps"
	"slices"

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
Events: filed responded moved assigned edited renamed removed, and refused for a landed
move that the definition forbids to its author.`,
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
	w.teller = list.Teller
	p, err := w.open(ctx, a)
	if err != nil {
		return err
	}
	defer p.close()
	return list.Write(a.tame())
}

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
			return refuse(a.printPast(cmd.Context(), w, format, map[string]face{
				"csv":  func(p *past) error { return report.ClocksCSV(a.tame(), p.clocks) },
				"json": func(p *past) error { return report.ClocksJSON(a.Stdout, p.inputs, p.clocks) },
			}))
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "csv", "`csv|json`")
	return cmd
}

// A face prints a past.
type face func(*past) error

// printPast opens the past and prints it in the face that was asked for.
func (a *App) printPast(ctx context.Context, w when, format string, faces map[string]face) error {
	print, err := chosen(format, faces)
	if err != nil {
		return err
	}
	p, err := w.open(ctx, a)
	if err != nil {
		return err
	}
	defer p.close()
	return print(p)
}

// chosen is the face that --format names.
func chosen[F any](format string, faces map[string]F) (F, error) {
	face, ok := faces[spelled(format, slices.Collect(maps.Keys(faces)))]
	if !ok {
		return face, usage("--format %s: expected %s", format, names(faces))
	}
	return face, nil
}
