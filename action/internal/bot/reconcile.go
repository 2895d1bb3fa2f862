package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/witness"
)

// Parts are what reconcile keeps in step, in the order in which it does.
var Parts = []string{"witness", "status", "issues"}

// A Reconcile says what is kept in step.
type Reconcile struct {
	Only []string         // some of Parts; none: all
	AsOf *replay.Question // about another time than now: then GitHub's pull requests of today say nothing
}

func (r Reconcile) does(part string) bool { return len(r.Only) == 0 || slices.Contains(r.Only, part) }

// RunReconcile makes GitHub show what it should, reading again where a branch moved meanwhile.
// The error may be a *Partly.
func RunReconcile(ctx context.Context, o Options, what Reconcile, c Console) error {
	return again(c, func() error { return reconcileOnce(ctx, o, what, c) })
}

// reconcileOnce plans and, where asked, applies. The plan is shown first.
func reconcileOnce(ctx context.Context, o Options, what Reconcile, c Console) error {
	s, err := Begin(ctx, o, c)
	if err != nil {
		return err
	}
	defer s.End()
	r := &reconciliation{Session: s, Reconcile: what, witness: &witness.Snapshot{}}
	plan, err := r.plan(ctx)
	if err != nil {
		return err
	}
	if err := c.Plan(Plan{plan, r.findings}); err != nil {
		return err
	}
	if !o.Apply {
		return partly(r.failed)
	}
	r.carryOut(ctx, plan)
	if err := s.pull(ctx); err != nil { // what a later step of the same job reads
		r.failed = append(r.failed, err)
	}
	return partly(r.failed)
}

// A reconciliation is what one run sees, what it is going to do, and what could not even be
// looked at.
type reconciliation struct {
	*Session
	Reconcile
	witness  *witness.Snapshot // with what this run saw
	have     effect.Have       // what GitHub shows
	unseen   map[int]bool      // pull requests that changed and could not be looked at
	findings []finding.Finding // in what is kept
	claims   []effect.Claim    // of issues that the plan opens: their numbers are to be written down
	failed   []error
}

// plan is what there is to do, by a look at GitHub and at the history that results.
func (r *reconciliation) plan(ctx context.Context) ([]effect.Effect, error) {
	keep, err := r.see(ctx)
	if err != nil {
		return nil, err
	}
	shown, err := r.difference(ctx)
	if err != nil {
		return nil, err
	}
	shown, left := r.capped(shown)
	r.failed = append(r.failed, left...)
	if shown, keep, err = r.claim(shown, keep); err != nil || len(keep) == 0 {
		return shown, err
	}
	return slices.Insert(shown, 0, effect.Effect{Commit: r.witnessed(r.witness.Commit, keep)}), nil
}

// see takes over the witness and, where that is wanted, what is new on GitHub: the files to
// be kept. About another time than now the witness says nothing here.
func (r *reconciliation) see(ctx context.Context) (keep []effect.Splice, err error) {
	switch {
	case r.AsOf != nil:
		return nil, nil
	case !r.does("witness"):
		r.witness, err = r.snapshot()
	default:
		keep, err = r.takeOver(ctx)
	}
	if err == nil {
		r.findings = r.witness.Findings
	}
	return keep, err
}

// takeOver looks at GitHub and gives the files that are new on the witness branch.
func (r *reconciliation) takeOver(ctx context.Context) ([]effect.Splice, error) {
	o, err := r.look(ctx)
	if err != nil {
		return nil, err
	}
	r.failed, r.unseen, r.witness = o.failed, o.unseen, o.after()
	return o.files()
}

// witnessed is one commit on the witness branch, on top of the commit that was read.
func (s *Session) witnessed(read string, files []effect.Splice) *effect.Commit {
	return &effect.Commit{Branch: s.desk.Def.Witness, Parent: read, Splices: files,
		Message: fmt.Sprintf("Keep what was seen: %s\n", finding.Count(len(files), "file"))}
}

// difference is the difference between what files and issues should show and what they do.
func (r *reconciliation) difference(ctx context.Context) ([]effect.Effect, error) {
	if !r.does("status") && !r.does("issues") {
		return nil, nil
	}
	p, err := r.derived(ctx)
	if err != nil {
		return nil, err
	}
	want := effect.Want{Unsure: r.unsure(p.Ledger)}
	if r.does("status") {
		if want.Commit, err = r.writeBack(p); err != nil {
			return nil, err
		}
	}
	if r.have.Us, err = r.identity(ctx); err != nil {
		return nil, err
	}
	if r.does("issues") {
		if want.Issues, err = r.issues(ctx, p, want); err != nil {
			return nil, err
		}
	}
	return effect.Plan(want, r.have), nil
}

// unsure are the records whose pull requests changed and could not be looked at: an answer
// may stand there that nobody has seen.
func (r *reconciliation) unsure(l *event.Ledger) map[string]bool {
	out := map[string]bool{}
	for _, record := range l.Records {
		if r.unseen[record.Pull] {
			out[record.ID] = true
		}
	}
	return out
}

// derived is the ledger and the clocks as of now, or as of when it was asked for.
func (r *reconciliation) derived(ctx context.Context) (*replay.Result, error) {
	if r.AsOf == nil {
		return r.replay(ctx, r.witness, replay.Question{AsOf: r.now(), Now: r.now()})
	}
	w := r.options.Where
	w.Rev = r.AsOf.Rev
	d, err := w.In(r.desk.Repo, r.options.Reading.Definitions)
	if err != nil {
		return nil, err
	}
	p, err := replay.Of(ctx, d, *r.AsOf, r.options.Reading)
	if err == nil {
		r.findings = append(r.findings, p.Witness.Findings...)
	}
	return p, err
}

// replay replays the desk by a snapshot of the witness.
func (s *Session) replay(ctx context.Context, w *witness.Snapshot, q replay.Question) (*replay.Result, error) {
	if q.Rev = s.options.Where.Rev; q.Rev == "" {
		if err := replay.OnLine(s.desk, w.Line.Head); err != nil {
			return nil, err
		}
	}
	landings, err := s.landings()
	if err != nil {
		return nil, err
	}
	p, err := replay.From(ctx, s.desk, replay.Facts{Landings: landings, Witness: w}, q, s.options.Reading)
	if err == nil && p.Ahead != nil {
		s.console.Say(p.Ahead.String())
	}
	return p, err
}

// writeBack is the commit by which lagging files learn their states; nil where none lags, and
// where what stands at the head of the branch does not count yet.
func (r *reconciliation) writeBack(p *replay.Result) (*effect.Commit, error) {
	if p.Inputs.Main == "" || p.Ahead != nil {
		return nil, nil
	}
	tree, err := r.desk.Repo.Tree(p.Inputs.Main)
	if err != nil {
		return nil, err
	}
	splices, fs := effect.Lagging(p.Ledger, tree.Read)
	r.findings = append(r.findings, fs...)
	if len(splices) == 0 {
		return nil, nil
	}
	branch, err := r.branch()
	return &effect.Commit{Branch: branch, Parent: p.Inputs.Main, Message: effect.Message(splices), Splices: splices}, err
}

// carryOut applies the plan and writes down which issues were opened for the claims.
func (r *reconciliation) carryOut(ctx context.Context, plan []effect.Effect) {
	x := r.executor()
	failed, ended := x.carryOut(ctx, plan)
	r.failed = append(r.failed, failed...)
	if !ended {
		return
	}
	if err := x.writeNumbers(ctx, r.claims, r.witness.Commit); err != nil {
		r.failed = append(r.failed, err)
	}
}
