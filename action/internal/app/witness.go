package app

import (
	"context"
	"fmt"
	"strconv"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/witness"
	"github.com/commrel/liaison/action/internal/workflow"
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
			return refuse(a.alone(cmd.Context(), o, (*visit).begins))
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
			return refuse(a.alone(cmd.Context(), o, func(s *visit, ctx context.Context) (*effect.Commit, error) {
				return s.redacts(ctx, number, witness.Redaction{What: what, Reason: reason})
			}))
		},
	}
	o.flags(cmd, "text|json")
	cmd.Flags().StringVar(&reason, "reason", "", "`TEXT` that stays in the place of what is taken out (required, public)")
	_ = cmd.MarkFlagRequired("reason")
	return cmd
}

// alone plans one commit, prints it and, where asked, applies it.
func (a *App) alone(ctx context.Context, o online, commit func(*visit, context.Context) (*effect.Commit, error)) error {
	s, err := a.begin(ctx, o)
	if err != nil {
		return err
	}
	defer s.end()
	if s.def.Witness == "" {
		return fmt.Errorf("the definition declares no witness branch: expected a line such as `witness: liaison/witness` in %s", workflow.Path)
	}
	e, err := commit(s, ctx)
	if err != nil {
		return err
	}
	var plan []effect.Effect
	if e != nil {
		plan = append(plan, effect.Effect{Commit: e})
	}
	if err := s.printPlan(s.Stdout, plan); err != nil || !s.apply {
		return err
	}
	return partly(s.applyAll(ctx, plan))
}

const witnessReadme = `# The witness

What GitHub's clock saw happen on this repository's pull requests, one file for each. Liaison writes
it and nobody else should: entries are added and never changed, and every figure of the desk can be
traced to them. ` + "`liaison witness redact`" + ` takes out words that must not stay.
`

// begins is the first commit of the witness branch; nil where there is one.
func (s *visit) begins(context.Context) (*effect.Commit, error) {
	if _, there := s.repo.Branch(s.def.Witness); there {
		return nil, nil
	}
	return &effect.Commit{Branch: s.def.Witness, Message: "Begin the witness\n",
		Splices: []effect.Splice{{Path: "README.md", Content: []byte(witnessReadme)}}}, nil
}

// redacts is the commit that takes something out of a pull request's file.
func (s *visit) redacts(ctx context.Context, number int, r witness.Redaction) (*effect.Commit, error) {
	seen, err := s.witness(s.desk)
	if err != nil {
		return nil, err
	}
	kept, err := seen.kept(number)
	if err != nil {
		return nil, err
	}
	if kept.Number == 0 {
		return nil, fmt.Errorf("the witness knows no pull request #%d", number)
	}
	if r.By, err = s.client.Whoami(ctx); err != nil {
		return nil, err
	}
	r.At = s.now()
	less, err := witness.Redact(kept, r)
	if err != nil {
		return nil, err
	}
	b, err := witness.Marshal(less)
	if err != nil || same(kept, less) {
		return nil, err
	}
	return &effect.Commit{Branch: s.def.Witness, Parent: seen.commit, Message: fmt.Sprintf("Redact pull request #%d\n", number),
		Splices: []effect.Splice{{Path: witness.Path(number), Content: b}}}, nil
}
