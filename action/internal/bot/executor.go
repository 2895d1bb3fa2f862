package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/hub"
)

// Execute applies a plan as far as one run may.
func (s *Session) Execute(ctx context.Context, plan []effect.Effect) []error {
	plan, left := s.capped(plan)
	failed, _ := s.executor().carryOut(ctx, plan)
	return append(left, failed...)
}

// capped is as much of a plan as one run may write, and what that leaves. It is cut before
// anything is claimed, so that nothing is claimed and then left.
func (s *Session) capped(plan []effect.Effect) ([]effect.Effect, []error) {
	if !s.options.Apply || len(plan) <= s.options.Most {
		return plan, nil
	}
	return plan[:s.options.Most], []error{fmt.Errorf("stopped after %s (--max-writes): %d left for the next run", finding.Count(s.options.Most, "write"), len(plan)-s.options.Most)}
}

func isMoved(err error) bool {
	var moved *hub.Moved
	return errors.As(err, &moved)
}

// Partly is the error after some of the work failed.
type Partly struct{ Failed []error }

// Error is all that failed, a line each.
func (p *Partly) Error() string { return errors.Join(p.Failed...).Error() }

// Unwrap is all that failed.
func (p *Partly) Unwrap() []error { return p.Failed }

// partly is nil where nothing failed.
func partly(failed []error) error {
	if len(failed) == 0 {
		return nil
	}
	return &Partly{failed}
}

// An executor applies one plan.
type executor struct {
	*Session
	tip       string         // of the witness branch, once we wrote to it
	unclaimed bool           // the witness branch took nothing: no claim was made
	numbers   map[string]int // of the issues that were opened, by key
}

func (s *Session) executor() *executor { return &executor{Session: s, numbers: map[string]int{}} }

// carryOut applies one effect at a time. One that fails does not stop the others, except that
// a branch which moved makes the whole plan old; and where the claims could not be written, no
// issue is opened. It tells what failed, and whether it came to the end.
func (x *executor) carryOut(ctx context.Context, plan []effect.Effect) (failed []error, ended bool) {
	for _, e := range plan {
		said, err := x.apply(ctx, e)
		switch {
		case err == nil:
			x.console.Done(said)
		case isMoved(err) || ctx.Err() != nil:
			return append(failed, err), false
		default:
			failed = append(failed, err)
		}
	}
	return failed, true
}

func (x *executor) apply(ctx context.Context, e effect.Effect) (string, error) {
	witness := x.desk.Def.Witness
	switch {
	case e.Commit != nil && witness != "" && e.Commit.Branch == witness:
		id, err := x.client.Commit(ctx, *e.Commit)
		x.tip, x.unclaimed = id, err != nil
		return fmt.Sprintf("wrote %s to %s", finding.Count(len(e.Commit.Splices), "file"), e.Commit.Branch), err
	case e.Open != nil:
		return x.open(ctx, *e.Open)
	}
	return x.client.Apply(ctx, e)
}

func (x *executor) open(ctx context.Context, i effect.Issue) (string, error) {
	if x.unclaimed {
		return "", fmt.Errorf("open an issue: %s: left for the next run, since nothing can be claimed on %s", i.Title, x.desk.Def.Witness)
	}
	n, err := x.client.Open(ctx, i)
	if err != nil {
		return "", err
	}
	if key, ok := effect.KeyOf(i.Body); ok {
		x.numbers[key.String()] = n
	}
	return fmt.Sprintf("opened #%d", n), nil
}

// writeNumbers writes down which issues some claims led to, on top of the commit of the
// witness branch that was read. Should it fail, the next run finds the issues and does it.
func (x *executor) writeNumbers(ctx context.Context, claims []effect.Claim, read string) error {
	var opened []effect.Claim
	for _, c := range claims {
		if c.Number = x.numbers[c.Key]; c.Number > 0 {
			opened = append(opened, c)
		}
	}
	files, err := claimFiles(opened)
	if err != nil || len(files) == 0 {
		return err
	}
	_, err = x.client.Commit(ctx, *x.witnessed(cmp.Or(x.tip, read), files))
	return err
}
