package bot

import (
	"context"
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
	"github.com/commrel/liaison/action/internal/proposal"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/witness"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Gate says which pull requests are authorized.
type Gate struct {
	Pulls []int // numbers
	Sweep bool  // every open one, as where no number is given
}

// A Verdict is what is to be said of one pull request.
type Verdict struct {
	Pull    int
	Check   report.Check
	Comment effect.Comment
	Status  effect.Status
	head    string
}

// A Gating is what is to be said of some pull requests.
type Gating struct {
	Verdicts []Verdict
	Plan     Plan // what of it GitHub does not show yet
	Failed   []error
}

// Failing reports whether there is something to mend.
func (g Gating) Failing() bool {
	return slices.ContainsFunc(g.Verdicts, func(v Verdict) bool { return v.Check.Failing() })
}

// Gate authorizes pull requests as Git objects, and compares what is to be said of them with what
// GitHub shows.
func (s *Session) Gate(ctx context.Context, g Gate) (Gating, error) {
	w, err := s.snapshot()
	if err != nil {
		return Gating{}, err
	}
	us, err := s.identity(ctx)
	if err != nil {
		return Gating{}, err
	}
	if _, err := s.landings(); err != nil { // once for all of them
		return Gating{}, err
	}
	list, failed, err := s.toAuthorize(ctx, g)
	if err != nil {
		return Gating{}, err
	}
	out := Gating{Failed: failed, Plan: Plan{Findings: w.Findings}}
	s.authorizeAll(ctx, list, &out)
	s.compare(ctx, us, &out)
	return out, nil
}

// compare plans what of the verdicts GitHub does not show yet.
func (s *Session) compare(ctx context.Context, us []account.Account, out *Gating) {
	for _, v := range out.Verdicts {
		show, err := s.differs(ctx, v, us)
		if err != nil {
			out.fail(v.Pull, err)
			continue
		}
		out.Plan.Effects = append(out.Plan.Effects, show...)
	}
}

func (g *Gating) fail(pull int, err error) {
	g.Failed = append(g.Failed, fmt.Errorf("pull request #%d: %w", pull, err))
}

// toAuthorize are the pull requests into the default branch that were asked for, with what
// happened on them, and their heads in the repository.
func (s *Session) toAuthorize(ctx context.Context, g Gate) (list []hub.Pull, failed []error, err error) {
	branch, err := s.branch()
	if err != nil {
		return nil, nil, err
	}
	var open []hub.Pull
	if g.Sweep || len(g.Pulls) == 0 {
		if open, err = s.client.OpenPulls(ctx); err != nil {
			return nil, nil, err
		}
	}
	for _, n := range g.Pulls {
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
			s.console.Say(fmt.Sprintf("pull request #%d is not into %s: nothing to judge", p.Number, branch))
		case !p.Open:
			s.console.Say(fmt.Sprintf("pull request #%d is closed: nothing to judge", p.Number))
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
func (s *Session) whole(ctx context.Context, p hub.Pull) (hub.Pull, error) {
	kept, err := s.kept(p.Number)
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

// kept is the file of a pull request in the witness.
func (s *Session) kept(number int) (event.Pull, error) {
	w, err := s.snapshot()
	if err != nil {
		return event.Pull{}, err
	}
	return w.Kept(number)
}

// authorizeAll authorizes pull requests, as far as each can be.
func (s *Session) authorizeAll(ctx context.Context, list []hub.Pull, out *Gating) {
	for _, p := range list {
		v, err := s.authorize(ctx, p)
		if err != nil {
			out.fail(p.Number, err)
			continue
		}
		out.Verdicts = append(out.Verdicts, v)
	}
	strictest(out.Verdicts)
}

// strictest gives pull requests with one head one status, since GitHub shows it on all of
// them: the first that fails. Else a stranger's would pass under the name of a liaison's.
func strictest(verdicts []Verdict) {
	failing, shared := map[string]Verdict{}, map[string]int{}
	for _, v := range verdicts {
		shared[v.head]++
		if _, known := failing[v.head]; !known && v.Check.Failing() {
			failing[v.head] = v
		}
	}
	for i, v := range verdicts {
		if f, fails := failing[v.head]; fails && shared[v.head] > 1 {
			verdicts[i].Status = f.Status
			verdicts[i].Status.Description = fmt.Sprintf("#%d, which has this head too: %s", f.Pull, f.Status.Description)
		}
	}
}

// differs compares what is to be said with what GitHub shows.
func (s *Session) differs(ctx context.Context, v Verdict, us []account.Account) ([]effect.Effect, error) {
	comments, err := s.client.Comments(ctx, v.Pull)
	if err != nil {
		return nil, err
	}
	statuses, err := s.client.Statuses(ctx, v.head)
	if err != nil {
		return nil, err
	}
	return append(effect.Sticky(comments, us, v.Comment), effect.StatusOf(statuses, v.Status)...), nil
}

// authorize authorizes a pull request, as one that the witness has seen as it is now.
func (s *Session) authorize(ctx context.Context, p hub.Pull) (Verdict, error) {
	change, err := s.proposed(p)
	if err != nil {
		return Verdict{}, err
	}
	now := s.now()
	w, err := s.foreseen(change, p)
	if err != nil {
		return Verdict{}, err
	}
	j, err := change.Authorize(ctx, now, s.source(w))
	if err != nil {
		return Verdict{}, err
	}
	check := j.Check
	check.Actor, check.Waiting = p.Author.Login, waiting(p, s.desk.Def, j.History, now)
	if !p.Author.Known() {
		check.Findings = withoutAuthor(check.Findings)
	}
	return verdictOn(p, check)
}

// verdictOn puts what is to be said of a pull request into words.
func verdictOn(p hub.Pull, check report.Check) (Verdict, error) {
	var body strings.Builder
	fmt.Fprintln(&body, effect.GateMarker)
	err := check.Markdown(&body)
	return Verdict{p.Number, check,
		effect.Comment{Thread: p.Number, Body: body.String()},
		effect.Status{SHA: p.Head, State: stateOf(check), Context: statusContext, Description: summaryOf(check)}, p.Head,
	}, err
}

// source reads the history of the desk for a proposal to it, by a snapshot of the witness.
func (s *Session) source(w *witness.Snapshot) proposal.Source {
	return func(ctx context.Context, also *workflow.Definition) (f replay.Facts, err error) {
		f.Witness = w
		if also == nil || !replay.AddsFiles(also, s.desk.Def) {
			f.Landings, err = s.landings()
			return f, err
		}
		r := s.Reading
		r.Also = also
		f.Landings, err = r.Landings(ctx, s.desk, w)
		return f, err
	}
}

// withoutAuthor are the findings on the pull request of a deleted account. Nobody's rights
// were looked at, so nothing may pass.
func withoutAuthor(fs []finding.Finding) []finding.Finding {
	fs = slices.DeleteFunc(slices.Clone(fs), func(f finding.Finding) bool { return f.Rule == "no-actor" })
	return finding.Sorted(append(fs, finding.Finding{Rule: "no-actor", Path: workflow.Path,
		Found:    "the account that opened the pull request is gone, so there is nobody whose rights could be judged",
		Expected: "an author with an account", Fix: "let somebody who answers for it open it again"}))
}

// waiting is whom a pull request waits for: that of the first record that it adds; nil where
// it adds none, or nobody any more.
func waiting(p hub.Pull, def *workflow.Definition, h *proposal.History, now time.Time) *report.Waiting {
	if h == nil {
		return nil
	}
	i := slices.IndexFunc(h.Ledger.Records, func(r *event.Record) bool { return r.Pull == p.Number && !r.Landed && len(r.Kind.Moves) > 0 })
	if i < 0 {
		return nil
	}
	w := report.WaitingFor(h.Ledger.Records[i], clock.Run(def, h.Ledger, h.Roster, now))
	if w != nil {
		w.Reviews = report.Opinions(p.Entries, p.Head)
	}
	return w
}

// foreseen is the witness as it will be once it has seen the pull request of a change as it is
// now.
func (s *Session) foreseen(change *proposal.Proposal, p hub.Pull) (*witness.Snapshot, error) {
	w, err := s.snapshot()
	if err != nil {
		return nil, err
	}
	kept, err := w.Kept(p.Number)
	if err != nil {
		return nil, err
	}
	if p.Records, err = change.Listed(true); err != nil {
		return nil, err
	}
	return w.With(map[int]event.Pull{p.Number: witness.Grow(kept, p.Pull)}), nil
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
