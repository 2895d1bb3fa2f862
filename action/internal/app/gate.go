package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/witness"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/spf13/cobra"
)

// gating is what `gate` was asked to do.
type gating struct {
	online
	pulls []int
	sweep bool
}

const gateFormats = "text|json|markdown"

func (a *App) gate() *cobra.Command {
	var g gating
	cmd := &cobra.Command{
		Use:   "gate",
		Short: "Judge pull requests: one comment and one status on each",
		Long: `Gate judges pull requests as Git objects, by the rules of the branch that they would land on
and by the rights of whoever opened them; nothing of theirs is checked out or run. On each
it keeps one comment (what is wrong and how to mend it, or what merging will do, and who
waits for whom) and one commit status.

With --pull only those are judged, with --sweep every open one; without either, every open
one. Judging again writes only what has changed, so a verdict that is missing, or that the
branch has left behind, is put right by any run.

Exit code 0 when every verdict was delivered, whatever it says; without --apply, 1 when one
of them finds something to mend; 4 when some could not be judged or delivered.` + onlineHelp,
		Example: "  liaison gate --pull 12\n  liaison gate --sweep --apply",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := g.valid(gateFormats); err != nil {
				return err
			}
			return refuse(a.runGate(cmd.Context(), g))
		},
	}
	g.flags(cmd, gateFormats)
	cmd.Flags().IntSliceVar(&g.pulls, "pull", nil, "judge pull request `N` (can be given several times)")
	cmd.Flags().BoolVar(&g.sweep, "sweep", false, "judge every open pull request")
	return cmd
}

// A judgement is what is to be said of one pull request.
type judgement struct {
	pull    hub.Pull
	check   report.Check
	comment effect.Comment
	status  effect.Status
}

func (a *App) runGate(ctx context.Context, g gating) error {
	s, err := a.begin(ctx, g.online)
	if err != nil {
		return err
	}
	defer s.end()
	if _, err := s.witness(s.desk); err != nil {
		return err
	}
	us, err := s.identity(ctx)
	if err != nil {
		return err
	}
	if _, err := s.landings(ctx, s.App); err != nil { // once for all of them
		return err
	}
	list, failed, err := s.toJudge(ctx, g)
	if err != nil {
		return err
	}
	judgements, errs := s.ruleAll(ctx, list)
	failed = append(failed, errs...)
	var plan []effect.Effect
	for _, v := range judgements {
		show, err := s.differs(ctx, v, us)
		if err != nil {
			failed = append(failed, fmt.Errorf("pull request #%d: %w", v.pull.Number, err))
			continue
		}
		plan = append(plan, show...)
	}
	if err := s.printVerdicts(judgements, plan); err != nil {
		return err
	}
	if s.apply {
		failed = append(failed, s.applyAll(ctx, plan)...)
	}
	return gateExit(judgements, failed, s.apply)
}

// gateExit is the exit code: partly where something failed; without --apply, whether there
// is something to mend.
func gateExit(judgements []judgement, failed []error, applied bool) error {
	switch {
	case len(failed) > 0:
		return &exit{exitPartly, errors.Join(failed...)}
	case !applied && slices.ContainsFunc(judgements, func(v judgement) bool { return v.check.Failing() }):
		return found()
	}
	return nil
}

// toJudge are the pull requests into the default branch that were asked for, with what
// happened on them, and their heads in the repository.
func (s *visit) toJudge(ctx context.Context, g gating) (list []hub.Pull, failed []error, err error) {
	branch, err := s.branch()
	if err != nil {
		return nil, nil, err
	}
	var open []hub.Pull
	if g.sweep || len(g.pulls) == 0 {
		if open, err = s.client.OpenPulls(ctx); err != nil {
			return nil, nil, err
		}
	}
	for _, n := range g.pulls {
		if !slices.ContainsFunc(open, func(p hub.Pull) bool { return p.Number == n }) {
			open = append(open, hub.Pull{Pull: event.Pull{Number: n}})
		}
	}
	for _, p := range open {
		if p.Base != "" && p.Base != branch {
			continue
		}
		p, err := s.whole(ctx, p)
		switch {
		case err != nil:
			failed = append(failed, fmt.Errorf("pull request #%d: %w", p.Number, err))
		case p.Base != branch:
			fmt.Fprintf(s.Stderr, "liaison: pull request #%d is not into %s: nothing to judge\n", p.Number, branch)
		case !p.Open:
			fmt.Fprintf(s.Stderr, "liaison: pull request #%d is closed: nothing to judge\n", p.Number)
		default:
			list = append(list, p)
		}
	}
	return list, failed, s.fetch(ctx, gitrepo.Want{Pulls: numbersOf(list)})
}

func numbersOf(list []hub.Pull) []int {
	var out []int
	for _, p := range list {
		out = append(out, p.Number)
	}
	return out
}

// whole is a pull request with what happened on it. Where the witness has seen its latest
// state, GitHub need not be asked.
func (s *visit) whole(ctx context.Context, p hub.Pull) (hub.Pull, error) {
	kept, err := s.sighting().kept(p.Number)
	if err != nil {
		return p, err
	}
	if kept.Head != "" && kept.Head == p.Head && kept.Updated.Equal(p.Updated) {
		p.Entries = kept.Entries
		return p, nil
	}
	full, err := s.client.Pull(ctx, p.Number)
	if err != nil {
		return p, err
	}
	return full, nil
}

// ruleAll judges pull requests, as far as each can be.
func (s *visit) ruleAll(ctx context.Context, list []hub.Pull) (judgements []judgement, failed []error) {
	for _, p := range list {
		v, err := s.rule(ctx, p)
		if err != nil {
			failed = append(failed, fmt.Errorf("pull request #%d: %w", p.Number, err))
			continue
		}
		judgements = append(judgements, v)
	}
	return strictest(judgements), failed
}

// strictest gives pull requests with one head one status, since GitHub shows it on all of
// them: the first that fails. Else a stranger's would pass under the name of a liaison's.
func strictest(judgements []judgement) []judgement {
	failing := map[string]judgement{}
	for _, v := range judgements {
		if _, known := failing[v.pull.Head]; !known && v.check.Failing() {
			failing[v.pull.Head] = v
		}
	}
	shared := map[string]int{}
	for _, v := range judgements {
		shared[v.pull.Head]++
	}
	for i, v := range judgements {
		if f, fails := failing[v.pull.Head]; fails && shared[v.pull.Head] > 1 {
			judgements[i].status = f.status
			judgements[i].status.Description = fmt.Sprintf("#%d, which has this head too: %s", f.pull.Number, f.status.Description)
		}
	}
	return judgements
}

// differs compares what is to be said with what GitHub shows.
func (s *visit) differs(ctx context.Context, v judgement, us []account.Account) ([]effect.Effect, error) {
	comments, err := s.client.Comments(ctx, v.pull.Number)
	if err != nil {
		return nil, err
	}
	statuses, err := s.client.Statuses(ctx, v.pull.Head)
	if err != nil {
		return nil, err
	}
	return append(effect.Sticky(comments, us, v.comment), effect.StatusOf(statuses, v.status)...), nil
}

// rule judges a pull request, as one that the witness has seen as it is now.
func (s *visit) rule(ctx context.Context, p hub.Pull) (judgement, error) {
	change, err := s.proposed(p)
	if err != nil {
		return judgement{}, err
	}
	if err := s.foresee(change, p); err != nil {
		return judgement{}, err
	}
	change.now = s.now()
	check, past, err := change.judged(ctx, s.App, p.Author.Login)
	if err != nil {
		return judgement{}, err
	}
	if !p.Author.Known() {
		check.Findings = withoutAuthor(check.Findings)
	}
	check.Waiting = waiting(p, past, change.now)
	var body strings.Builder
	fmt.Fprintln(&body, effect.GateMarker)
	err = check.Markdown(&body)
	return judgement{p, check,
		effect.Comment{Thread: p.Number, Body: body.String()},
		effect.Status{SHA: p.Head, State: stateOf(check), Context: statusContext, Description: summaryOf(check)},
	}, err
}

// withoutAuthor are the findings on the pull request of a deleted account. Nobody's rights
// were judged, so nothing may pass.
func withoutAuthor(fs []finding.Finding) []finding.Finding {
	fs = slices.DeleteFunc(slices.Clone(fs), func(f finding.Finding) bool { return f.Rule == "no-actor" })
	return finding.Sorted(append(fs, finding.Finding{Rule: "no-actor", Path: workflow.Path,
		Found:    "the account that opened the pull request is gone, so there is nobody whose rights could be judged",
		Expected: "an author with an account", Fix: "let somebody who answers for it open it again"}))
}

// waiting is whom a pull request waits for: that of the first record that it adds; nil where
// it adds none, or nobody any more.
func waiting(p hub.Pull, past *narrow, now time.Time) *report.Waiting {
	if past == nil {
		return nil
	}
	i := slices.IndexFunc(past.ledger.Records, func(r *event.Record) bool { return r.Pull == p.Number && !r.Landed && len(r.Kind.Moves) > 0 })
	if i < 0 {
		return nil
	}
	w := report.WaitingFor(past.ledger.Records[i], clock.Run(past.input.Definition, past.ledger, past.roster, now))
	if w != nil {
		w.Reviews = report.Opinions(p.Entries, p.Head)
	}
	return w
}

// printVerdicts prints what is to be said, and what of it GitHub does not show yet.
func (s *visit) printVerdicts(judgements []judgement, plan []effect.Effect) error {
	if s.format == "json" {
		list := []map[string]any{}
		for _, v := range judgements {
			list = append(list, map[string]any{"pull": v.pull.Number, "status": v.status, "comment": v.comment.Body})
		}
		return printJSON(s.Stdout, map[string]any{"version": 1, "applied": s.apply, "verdicts": list, "effects": append([]effect.Effect{}, plan...)})
	}
	for _, v := range judgements {
		if s.format == "markdown" {
			fmt.Fprintf(s.Stdout, "%s\n", v.comment.Body)
			continue
		}
		fmt.Fprintf(s.Stdout, "#%d %s: %s\n", v.pull.Number, v.status.State, v.status.Description)
	}
	if s.format == "markdown" {
		return nil
	}
	return s.printPlan(s.Stdout, plan)
}

// foresee lets the desk under a change know of its pull request what the next look of the
// witness will.
func (s *visit) foresee(change *proposal, p hub.Pull) error {
	kept, err := s.sighting().kept(p.Number)
	if err != nil {
		return err
	}
	if p.Records, err = change.listed(true); err != nil {
		return err
	}
	d := *change.desk
	d.seen = s.sighting().with(map[int]event.Pull{p.Number: witness.Grow(kept, p.Pull)})
	change.desk = &d
	return nil
}

// statusContext is the name under which GitHub shows the desk's status.
const statusContext = "liaison"

func stateOf(c report.Check) string {
	if c.Failing() {
		return "failure"
	}
	return "success"
}

// summaryOf is the status in one line.
func summaryOf(c report.Check) string {
	n := 0
	for _, f := range c.Findings {
		if f.Severity != finding.Warning {
			n++
		}
	}
	if n > 0 {
		return finding.Count(n, "thing") + " to mend: see the comment"
	}
	if len(c.Outcome) == 0 {
		return "Nothing to mend; merging moves no state"
	}
	return "Nothing to mend; the comment says what merging will do"
}
