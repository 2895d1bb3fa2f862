package app

import (
	"fmt"

	"github.com/commrel/liaison/action/internal/report"
	"github.com/spf13/cobra"
)

func (a *App) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the engine's version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.Stdout, "liaison", report.Engine)
			return refuse(err)
		},
	}
}
