package app

import (
	"context"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/bot"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/spf13/cobra"
)

// reconciling is what `reconcile` was asked to do.
type reconciling struct {
	online online
	asOf   string
	only   []string
}

func (a *App) reconcile() *cobra.Command {
	var r reconciling
	cmd := &cobra.Command{
		Use:   "reconcile",
		Short: "Make GitHub show what it should: witness, statuses, issues",
		Long: `Reconcile compares what GitHub should show with what it shows, and prints the difference as
a plan. Nothing is written without --apply. Planning again after applying yields nothing.

In this order: what happened on pull requests is kept on the witness branch, files learn the
state that their history gives them, and issues say what is late, refused or at risk.` + onlineHelp,
		Example: "  liaison reconcile\n  liaison reconcile --apply --only witness,status",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := r.valid(); err != nil {
				return err
			}
			return refuse(a.runReconcile(cmd.Context(), r))
		},
	}
	r.online.flags(cmd, "text|json")
	cmd.Flags().StringVar(&r.asOf, "as-of", "", "plan as of this `TIME|REV`; not together with --apply")
	cmd.Flags().StringSliceVar(&r.only, "only", nil, "do only these `PARTS`: "+strings.Join(bot.Parts, ", "))
	return cmd
}

func (r *reconciling) valid() error {
	for _, part := range r.only {
		if !slices.Contains(bot.Parts, part) {
			return usage("--only %s: expected one or more of %s", part, strings.Join(bot.Parts, ", "))
		}
	}
	if r.online.apply && r.asOf != "" {
		return usage("--apply shows what is so now: expected no --as-of beside it")
	}
	return r.online.valid("text|json")
}

func (a *App) runReconcile(ctx context.Context, r reconciling) error {
	asOf, err := a.otherTime(r)
	if err != nil {
		return err
	}
	return a.online(r.online, func(o bot.Options, c bot.Console) error {
		return bot.RunReconcile(ctx, o, bot.Reconcile{Only: r.only, AsOf: asOf}, c)
	})
}

// otherTime is the time that somebody asks about; nil for now.
func (a *App) otherTime(r reconciling) (*replay.Question, error) {
	if r.asOf == "" && r.online.rev == "" {
		return nil, nil
	}
	a.makeRoom(historyRoom)
	w := when{where: r.online.where, asOf: r.asOf}
	q, err := w.question(a.Now())
	return &q, err
}
