package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/spf13/cobra"
)

// reconciling is what `reconcile` was asked to do.
type reconciling struct {
	online
	asOf string
	only []string
	run  effect.Run
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
	r.run = a.run()
	for try := 1; ; try++ {
		out, err := a.reconcileOnce(ctx, r)
		if !isMoved(err) || !r.apply || try == mostTries {
			_, failed := a.Stdout.Write(out.Bytes())
			return cmp.Or(err, failed)
		}
		fmt.Fprintf(a.Stderr, "liaison: %v: reading again\n", err)
	}
}

// reconcileOnce plans and, where asked, applies. The plan is printed first; as JSON it comes
// out, so that a run that reads again prints one.
func (a *App) reconcileOnce(ctx context.Context, r reconciling) (out bytes.Buffer, err error) {
	s, err := a.begin(ctx, r.online)
	if err != nil {
		return out, err
	}
	defer s.end()
	t, err := s.plan(ctx, r)
	if err != nil {
		return out, err
	}
	w := s.Stdout
	if s.format == "json" {
		w = &out
	}
	if err := s.printPlan(w, t.plan); err != nil || !s.apply {
		return out, cmp.Or(err, partly(t.failed))
	}
	failed := append(t.failed, s.carryOut(ctx, t)...)
	if err := s.pull(ctx); err != nil { // what a later step of the same job reads
		failed = append(failed, err)
	}
	return out, partly(failed)
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
	claims []effect.Claim // of issues that the plan opens: their numbers are to be written down
}

// plan is what there is to do, by a look at GitHub and at the history that results.
func (s *visit) plan(ctx context.Context, r reconciling) (*tally, error) {
	t := &tally{}
	var keep []effect.Splice
	if r.does("witness") && !r.past() && s.def.Witness != "" {
		c, err := s.look(ctx)
		if err != nil {
			return nil, err
		}
		if keep, err = c.files(); err != nil {
			return nil, err
		}
		t.failed, s.unseen = c.failed, c.unseen
		s.seen = c.was.with(c.pulls)
		s.seen.line = c.line
	}
	shown, err := s.shows(ctx, r)
	if err != nil {
		return nil, err
	}
	shown = s.capped(t, shown)
	if shown, keep, err = s.claim(t, r.run, shown, keep); err != nil {
		return nil, err
	}
	if len(keep) > 0 {
		t.plan = append(t.plan, effect.Effect{Commit: s.witnessed(keep)})
	}
	t.plan = append(t.plan, shown...)
	return t, nil
}

// witnessed is one commit on the witness branch, on top of what was read.
func (s *visit) witnessed(files []effect.Splice) *effect.Commit {
	return &effect.Commit{Branch: s.def.Witness, Parent: s.sighting().commit, Splices: files,
		Message: fmt.Sprintf("Keep what was seen: %s\n", finding.Count(len(files), "file"))}
}

// shows is the difference between what files and issues should show and what they do.
func (s *visit) shows(ctx context.Context, r reconciling) ([]effect.Effect, error) {
	if !r.does("status") && !r.does("issues") {
		return nil, nil
	}
	p, err := s.derived(ctx, r)
	if err != nil {
		return nil, err
	}
	want := effect.Want{Unsure: s.unsure(p.ledger)}
	if r.does("status") {
		if want.Commit, err = s.writeBack(p); err != nil {
			return nil, err
		}
	}
	us, err := s.identity(ctx)
	if err != nil {
		return nil, err
	}
	have := effect.Have{Us: us}
	if r.does("issues") {
		if have, err = s.have(ctx, us); err != nil {
			return nil, err
		}
		if want.Issues, err = s.issues(ctx, p, have, r); err != nil {
			return nil, err
		}
		if err := s.closers(ctx, want, have); err != nil {
			return nil, err
		}
	}
	s.us, s.issuesSeen = us, have.Issues
	return effect.Plan(want, have), nil
}

// unsure are the records whose pull requests changed and could not be looked at: an answer
// may stand there that nobody has seen.
func (s *visit) unsure(l *event.Ledger) map[string]bool {
	out := map[string]bool{}
	for _, r := range l.Records {
		if s.unseen[r.Pull] {
			out[r.ID] = true
		}
	}
	return out
}

// derived is the ledger and the clocks as of now, or as of when it was asked for.
func (s *visit) derived(ctx context.Context, r reconciling) (*past, error) {
	w := when{where: r.where, asOf: r.asOf}
	if r.past() {
		return w.open(ctx, s.App)
	}
	return w.derive(ctx, s.App, s.desk, s.now())
}

// writeBack is the commit by which lagging files learn their states; nil where none lags, and
// where what stands at the head of the branch does not count yet.
func (s *visit) writeBack(p *past) (*effect.Commit, error) {
	if p.inputs.Main == "" || p.ahead {
		return nil, nil
	}
	tree, err := p.repo.Tree(p.inputs.Main)
	if err != nil {
		return nil, err
	}
	splices, fs := effect.Lagging(p.ledger, tree.Read)
	for _, f := range fs {
		fmt.Fprintln(s.Stderr, s.ink().finding(f))
	}
	if len(splices) == 0 {
		return nil, nil
	}
	branch, err := s.branch()
	return &effect.Commit{Branch: branch, Parent: p.inputs.Main, Message: effect.Message(splices), Splices: splices}, err
}

// issues are the issues that should be there. About another time there is no report.
func (s *visit) issues(ctx context.Context, p *past, have effect.Have, r reconciling) (map[effect.Key]effect.Issue, error) {
	f := effect.Facts{Ledger: p.ledger, Clocks: p.clocks, Breaks: s.sighting().line.Breaks, AsOf: p.inputs.AsOf}
	if !r.past() {
		if f.Forgotten = s.forgotten(have); f.Forgotten != "" {
			s.say("alarm: the witness branch was rewritten: it does not lead to " + f.Forgotten + " any more, which the last report was made from")
		}
		var err error
		if f.Report, err = s.weekly(ctx, have); err != nil {
			return nil, err
		}
	}
	return effect.Issues(f), nil
}

// have is what GitHub shows of issues.
func (s *visit) have(ctx context.Context, us []account.Account) (effect.Have, error) {
	have := effect.Have{Us: us}
	var err error
	if have.Issues, err = s.client.Issues(ctx, effect.Marked); err != nil {
		return have, err
	}
	have.Labels, err = s.client.Labels(ctx)
	return have, err
}

// closers asks who closed the issues of which that has to be known.
func (s *visit) closers(ctx context.Context, want effect.Want, have effect.Have) error {
	for i, issue := range have.Issues {
		if !want.MustKnowCloser(issue) {
			continue
		}
		by, err := s.client.ClosedBy(ctx, issue.Number)
		if err != nil {
			return err
		}
		have.Issues[i].ClosedBy = by
	}
	return nil
}

// printPlan prints what is to be done.
func (s *visit) printPlan(w io.Writer, plan []effect.Effect) error {
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
		if e.Commit != nil {
			printFiles(w, e.Commit.Splices)
		}
	}
	return nil
}

// mostNamed is how many files of one commit a plan names.
const mostNamed = 20

// printFiles names the files of a commit: every status, and the first few of what only the
// program reads.
func printFiles(w io.Writer, splices []effect.Splice) {
	most := mostNamed
	if len(splices) > 0 && splices[0].Now == "" {
		most = 3
	}
	for _, c := range splices[:min(most, len(splices))] {
		fmt.Fprintf(w, "    %s\n", report.Visible(c.String()))
	}
	if more := len(splices) - most; more > 0 {
		fmt.Fprintf(w, "    … and %d more\n", more)
	}
}

func printJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
