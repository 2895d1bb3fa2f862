package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/proposal"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/witness"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Gate says which pull requests are to be authorized.
type Gate struct {
	Pulls []int // numbers
	Sweep bool  // every open one, as where no number is given
}

// A Gating is the verdicts on some pull requests.
type Gating struct {
	Verdicts []Verdict
	Plan     Plan // by which GitHub will show them
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
	asked, err := s.asked(ctx, g)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range asked {
		if p.Base != "" && p.Base != branch {
			continue
		}
		p, err := s.whole(ctx, p)
		switch {
		case err != nil:
			failed = append(failed, fmt.Errorf("pull request #%d: %w", p.Number, err))
		case s.concerns(p, branch):
			list = append(list, p)
		}
	}
	return list, failed, s.fetch(ctx, gitrepo.Want{Pulls: numbersOf(list)})
}

// asked are the pull requests that were asked for, as far as a list of the open ones shows them;
// of those that it does not have, the number.
func (s *Session) asked(ctx context.Context, g Gate) (list []hub.Pull, err error) {
	if g.Sweep || len(g.Pulls) == 0 {
		if list, err = s.client.OpenPulls(ctx); err != nil {
			return nil, err
		}
	}
	for _, n := range g.Pulls {
		if !slices.ContainsFunc(list, func(p hub.Pull) bool { return p.Number == n }) {
			list = append(list, hub.Pull{Pull: event.Pull{Number: n}})
		}
	}
	return list, nil
}

// concerns reports whether a pull request is an open one into the branch, and says so where it
// is not.
func (s *Session) concerns(p hub.Pull, branch string) bool {
	switch {
	case p.Base != branch:
		s.console.Say(fmt.Sprintf("pull request #%d is not into %s: nothing to judge", p.Number, branch))
	case !p.Open:
		s.console.Say(fmt.Sprintf("pull request #%d is closed: nothing to judge", p.Number))
	default:
		return true
	}
	return false
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
	w, err := s.snapshot()
	if err != nil {
		return p, err
	}
	kept, err := w.Kept(p.Number)
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

// differs compares what is to be said with what GitHub shows.
func (s *Session) differs(ctx context.Context, v Verdict, us []account.Account) ([]effect.Effect, error) {
	comments, err := s.client.Comments(ctx, v.Pull)
	if err != nil {
		return nil, err
	}
	statuses, err := s.client.Statuses(ctx, v.Status.SHA)
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
	result, err := change.Authorize(ctx, now, s.source(w))
	if err != nil {
		return Verdict{}, err
	}
	check := result.Check
	check.Actor, check.Waiting = p.Author.Login, waiting(p, s.desk.Def, result.History, now)
	if !p.Author.Known() {
		check.Findings = withoutAuthor(check.Findings)
	}
	return verdictOn(p, check)
}

// source reads the history of the desk for a proposal to it, by a snapshot of the witness: that
// which was read for all, unless the proposal's rules find records where the desk has none.
func (s *Session) source(w *witness.Snapshot) proposal.Source {
	return func(ctx context.Context, also *workflow.Definition) (f replay.Facts, err error) {
		f.Witness = w
		if also == nil || !replay.AddsFiles(also, s.desk.Def) {
			f.Landings, err = s.landings()
			return f, err
		}
		r := s.options.Reading
		r.Also = also
		f.Landings, err = r.Landings(ctx, s.desk, w)
		return f, err
	}
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
