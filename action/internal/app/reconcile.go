package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/spf13/cobra"
)

// reconciling is what `reconcile` was asked to do.
type reconciling struct {
	online
	asOf string
	only []string
}

// parts are what reconcile keeps in step, in the order in which it does.
var parts = []string{"witness", "status", "issues"}

func (r reconciling) does(part string) bool { return len(r.only) == 0 || slices.Contains(r.only, part) }

// past reports whether the question is about another time than now: then GitHub's pull
// requests of today say nothing.
func (r reconciling) past() bool { return r.asOf != "" || r.rev != "" }

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
	r.flags(cmd, "text|json")
	cmd.Flags().StringVar(&r.asOf, "as-of", "", "plan as of this `TIME|REV`; not together with --apply")
	cmd.Flags().StringSliceVar(&r.only, "only", nil, "do only these `PARTS`: "+strings.Join(parts, ", "))
	return cmd
}

func (r reconciling) valid() error {
	for _, part := range r.only {
		if !slices.Contains(parts, part) {
			return usage("--only %s: expected one or more of %s", part, strings.Join(parts, ", "))
		}
	}
	if r.apply && r.asOf != "" {
		return usage("--apply shows what is so now: expected no --as-of beside it")
	}
	return r.online.valid("text|json")
}

// mostTries is how often a run reads again because somebody else was faster.
const mostTries = 5

// runReconcile reads and writes again where a branch moved meanwhile.
func (a *App) runReconcile(ctx context.Context, r reconciling) error {
	for try := 1; ; try++ {
		err := a.reconcileOnce(ctx, r)
		var moved *hub.Moved
		if !errors.As(err, &moved) || !r.apply || try == mostTries {
			return err
		}
		fmt.Fprintf(a.Stderr, "liaison: %v: reading again\n", moved)
	}
}

func (a *App) reconcileOnce(ctx context.Context, r reconciling) error {
	s, err := a.begin(ctx, r.online)
	if err != nil {
		return err
	}
	defer s.close()
	t, err := s.plan(ctx, r)
	if err != nil {
		return err
	}
	if err := s.printPlan(s.Stdout, t.plan); err != nil || !s.apply {
		return cmp.Or(err, partly(t.failed))
	}
	failed := append(t.failed, s.applyAll(ctx, t.plan)...)
	return partly(failed)
}

// partly is the exit after some of the work failed; nil where none did.
func partly(failed []error) error {
	if len(failed) == 0 {
		return nil
	}
	return &exit{exitPartly, errors.Join(failed...)}
}

// A tally is what one run is going to do, and what could not even be looked at.
type tally struct {
	plan   []effect.Effect
	failed []error
}

// plan is what there is to do, by a look at GitHub and at the history that results.
func (s *session) plan(ctx context.Context, r reconciling) (tally, error) {
	var t tally
	if r.does("witness") && !r.past() && s.def.Witness != "" {
		c, err := s.look(ctx)
		if err != nil {
			return t, err
		}
		commit, err := c.commit(s.def.Witness)
		if err != nil {
			return t, err
		}
		if commit != nil {
			t.plan = append(t.plan, effect.Effect{Commit: commit})
		}
		t.failed = c.failed
		s.seen = c.was.with(c.pulls)
	}
	if !r.does("status") && !r.does("issues") {
		return t, nil
	}
	p, err := s.derived(ctx, r)
	if err != nil {
		return t, err
	}
	want, err := s.want(p, r)
	if err != nil {
		return t, err
	}
	have, err := s.have(ctx, want, r)
	if err != nil {
		return t, err
	}
	t.plan = append(t.plan, effect.Plan(want, have)...)
	return t, nil
}

// derived is the ledger and the clocks as of now, or as of when it was asked for.
func (s *session) derived(ctx context.Context, r reconciling) (*past, error) {
	w := when{where: r.where, asOf: r.asOf}
	if r.past() {
		return w.open(ctx, s.App)
	}
	return w.derive(ctx, s.App, s.desk, s.now())
}

// want is what GitHub should show.
func (s *session) want(p *past, r reconciling) (effect.Want, error) {
	var want effect.Want
	if r.does("issues") {
		want.Issues = effect.Breaches(p.clocks)
	}
	if !r.does("status") || p.inputs.Main == "" {
		return want, nil
	}
	tree, err := p.repo.Tree(p.inputs.Main)
	if err != nil {
		return want, err
	}
	splices, fs := effect.Lagging(p.ledger, tree.Read)
	for _, f := range fs {
		fmt.Fprintln(s.Stderr, s.ink().finding(f))
	}
	if len(splices) > 0 {
		branch, err := s.branch()
		if err != nil {
			return want, err
		}
		want.Commit = &effect.Commit{Branch: branch, Parent: p.inputs.Main, Message: effect.Message(splices), Splices: splices}
	}
	return want, nil
}

// have is what GitHub shows.
func (s *session) have(ctx context.Context, want effect.Want, r reconciling) (effect.Have, error) {
	us, err := s.identity(ctx)
	have := effect.Have{Us: us}
	if err != nil || !r.does("issues") {
		return have, err
	}
	if have.Issues, err = s.client.Issues(ctx, effect.Marked); err != nil {
		return have, err
	}
	if have.Labels, err = s.client.Labels(ctx); err != nil {
		return have, err
	}
	for i, issue := range have.Issues {
		if !want.MustKnowCloser(issue) {
			continue
		}
		if have.Issues[i].ClosedBy, err = s.client.ClosedBy(ctx, issue.Number); err != nil {
			return have, err
		}
	}
	return have, nil
}

// printPlan prints what is to be done.
func (s *session) printPlan(w io.Writer, plan []effect.Effect) error {
	if s.format == "json" {
		return printJSON(w, map[string]any{"version": 1, "applied": s.apply, "effects": append([]effect.Effect{}, plan...)})
	}
	switch {
	case len(plan) == 0:
		fmt.Fprintln(w, "Nothing to do: GitHub shows what it should.")
	case s.apply:
		fmt.Fprintf(w, "%s to apply:\n", finding.Count(len(plan), "effect"))
	default:
		fmt.Fprintf(w, "%s planned; nothing is written without --apply:\n", finding.Count(len(plan), "effect"))
	}
	for _, e := range plan {
		fmt.Fprintf(w, "  %s\n", report.Visible(e.String()))
		if e.Commit == nil {
			continue
		}
		for _, c := range e.Commit.Splices {
			fmt.Fprintf(w, "    %s\n", report.Visible(c.String()))
		}
	}
	return nil
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// applyAll applies one effect at a time. One that fails does not stop the others, except
// that a branch which moved makes the whole plan old.
func (s *session) applyAll(ctx context.Context, plan []effect.Effect) []error {
	var failed []error
	for i, e := range plan {
		if i == s.most {
			return append(failed, fmt.Errorf("stopped after %s (--max-writes): %d left for the next run", finding.Count(s.most, "write"), len(plan)-s.most))
		}
		said, err := s.client.Apply(ctx, e)
		var moved *hub.Moved
		switch {
		case err == nil:
			fmt.Fprintf(s.Stderr, "  %s\n", said)
		case errors.As(err, &moved):
			return append(failed, err)
		default:
			failed = append(failed, err)
		}
	}
	return failed
}
