package app

import (
	"context"

	"github.com/commrel/liaison/action/internal/bot"
	"github.com/spf13/cobra"
)

func (a *App) command() *cobra.Command {
	var o online
	var said bot.Comment
	cmd := &cobra.Command{
		Use:   "command",
		Short: "Obey a command in a comment on a pull request",
		Long: `Command reads one comment and, where a line of it is a command such as /start or
/done what came of it, makes the commit that a pull request by its author would have made,
judged by the same rules. The answer, done or refused, is a comment. Each comment is obeyed
and answered once. Afterwards the witness and the statuses are reconciled.` + onlineHelp,
		Example: "  liaison command --pull 12 --comment 345 --apply",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.valid("text|json"); err != nil {
				return err
			}
			if said.Pull < 1 || said.ID < 1 {
				return usage("--pull and --comment: expected the number of a pull request and the id of a comment on it")
			}
			return refuse(a.runCommand(cmd.Context(), o, said))
		},
	}
	o.flags(cmd, "text|json")
	cmd.Flags().IntVar(&said.Pull, "pull", 0, "the pull request's `NUMBER`")
	cmd.Flags().Int64Var(&said.ID, "comment", 0, "the comment's `ID`")
	return cmd
}

// runCommand obeys, and then lets files and witness follow.
func (a *App) runCommand(ctx context.Context, o online, said bot.Comment) error {
	var obeyed bool
	err := a.online(o, func(options bot.Options, c bot.Console) (err error) {
		obeyed, err = bot.Obey(ctx, options, said, c)
		return err
	})
	if err != nil || !obeyed || !o.apply {
		return err
	}
	return a.runReconcile(ctx, reconciling{online: o, only: []string{"witness", "status"}})
}
