package bot

import (
	"context"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/replay"
)

// issues are the issues that should be there; it looks at those that are. About another time
// than now there is no report.
func (r *reconciliation) issues(ctx context.Context, p *replay.Result, want effect.Want) (map[effect.Key]effect.Issue, error) {
	if err := r.lookAtIssues(ctx); err != nil {
		return nil, err
	}
	f := effect.Facts{Ledger: p.Ledger, Clocks: p.Clocks, Breaks: r.witness.Line.Breaks, AsOf: p.Inputs.AsOf}
	if r.AsOf == nil {
		if f.Forgotten = r.forgotten(); f.Forgotten != "" {
			r.console.Say("alarm: the witness branch was rewritten: it does not lead to " + f.Forgotten + " any more, which the last report was made from")
		}
		var err error
		if f.Report, err = r.weekly(ctx); err != nil {
			return nil, err
		}
	}
	want.Issues = effect.Issues(f)
	return want.Issues, r.closers(ctx, want)
}

// lookAtIssues sees what GitHub shows of issues.
func (r *reconciliation) lookAtIssues(ctx context.Context) (err error) {
	if r.have.Issues, err = r.client.Issues(ctx, effect.Marked); err != nil {
		return err
	}
	r.have.Labels, err = r.client.Labels(ctx)
	return err
}

// closers asks who closed the issues of which that has to be known.
func (r *reconciliation) closers(ctx context.Context, want effect.Want) error {
	for i, issue := range r.have.Issues {
		if !want.MustKnowCloser(issue) {
			continue
		}
		by, err := r.client.ClosedBy(ctx, issue.Number)
		if err != nil {
			return err
		}
		r.have.Issues[i].ClosedBy = by
	}
	return nil
}
