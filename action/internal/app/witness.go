package app

import (
	"strconv"

	"github.com/commrel/liaison/action/internal/bot"
	"github.com/commrel/liaison/action/internal/witness"
	"github.com/spf13/cobra"
)

func (a *App) witnessCommands() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "witness",
		Short: "Begin the witness branch, or take something out of it",
		Long: `The witness branch keeps what GitHub's clock saw happen on pull requests. It is written by
reconcile; these two commands are for people.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.witnessStart(), a.witnessRedact())
	return cmd
}

func (a *App) witnessStart() *cobra.Command {
	var o online
	cmd := &cobra.Command{
		Use:   "start",
		Short: "Make the witness branch that the definition declares",
		Long: `Start makes the branch that the definition declares as its witness, where there is none yet. It
is a step of its own, so that a branch which somebody deleted is missed and not begun anew.` + onlineHelp,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.valid("text|json"); err != nil {
				return err
			}
			return refuse(a.online(o, func(options bot.Options, c bot.Console) error { return bot.BeginWitness(cmd.Context(), options, c) }))
		},
	}
	o.flags(cmd, "text|json")
	return cmd
}

func (a *App) witnessRedact() *cobra.Command {
	var o online
	var reason string
	cmd := &cobra.Command{
		Use:   "redact PULL [ENTRY|PATH]",
		Short: "Take words out of the witness, and leave a mark that says so",
		Long: `Redact takes the text out of an entry of a pull request, or title and fields of a record out
of its list, and keeps a mark in their place: who asked for it, when and why. Without ENTRY
or PATH it takes out everything that has content. Times and accounts stay, so no figure
changes. Git keeps the file as it was: to remove that too, the branch has to be rewritten.` + onlineHelp,
		Example: "  liaison witness redact 12 closed-345 --reason 'a home address' --apply",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.valid("text|json"); err != nil {
				return err
			}
			number, err := strconv.Atoi(args[0])
			if err != nil || number < 1 {
				return usage("%s is not the number of a pull request", args[0])
			}
			what := ""
			if len(args) > 1 {
				what = args[1]
			}
			r := witness.Redaction{What: what, Reason: reason}
			return refuse(a.online(o, func(options bot.Options, c bot.Console) error {
				return bot.RedactWitness(cmd.Context(), options, number, r, c)
			}))
		},
	}
	o.flags(cmd, "text|json")
	cmd.Flags().StringVar(&reason, "reason", "", "`TEXT` that stays in the place of what is taken out (required, public)")
	_ = cmd.MarkFlagRequired("reason")
	return cmd
}
