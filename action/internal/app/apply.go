package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/hub"
)

// applyAll applies a plan as far as one run may.
func (s *visit) applyAll(ctx context.Context, plan []effect.Effect) []error {
	t := &tally{}
	t.plan = s.capped(t, plan)
	return append(t.failed, s.carryOut(ctx, t)...)
}

// capped is as much of a plan as one run may write. It is cut before anything is claimed, so
// that nothing is claimed and then left.
func (s *visit) capped(t *tally, plan []effect.Effect) []effect.Effect {
	if !s.apply || len(plan) <= s.most {
		return plan
	}
	t.failed = append(t.failed, fmt.Errorf("stopped after %s (--max-writes): %d left for the next run", finding.Count(s.most, "write"), len(plan)-s.most))
	return plan[:s.most]
}

// carryOut applies one effect at a time and writes down which issues were opened for the
// claims. One that fails does not stop the others, except that a branch which moved makes
// the whole plan old; and where the claims could not be written, no issue is opened.
func (s *visit) carryOut(ctx context.Context, t *tally) []error {
	var failed []error
	done := deeds{visit: s, numbers: map[string]int{}}
	for _, e := range t.plan {
		said, err := done.apply(ctx, e)
		switch {
		case err == nil:
			fmt.Fprintf(s.Stderr, "  %s\n", said)
		case isMoved(err) || ctx.Err() != nil:
			return append(failed, err)
		default:
			failed = append(failed, err)
		}
	}
	if err := done.writeNumbers(ctx, t.claims); err != nil {
		failed = append(failed, err)
	}
	return failed
}

func isMoved(err error) bool {
	var moved *hub.Moved
	return errors.As(err, &moved)
}

// deeds are what one plan has done so far.
type deeds struct {
	*visit
	tip       string         // of the witness branch, once we wrote to it
	unclaimed bool           // the witness branch took nothing: no claim was made
	numbers   map[string]int // of the issues that were opened, by key
}

func (d *deeds) apply(ctx context.Context, e effect.Effect) (string, error) {
	switch {
	case e.Commit != nil && d.def.Witness != "" && e.Commit.Branch == d.def.Witness:
		id, err := d.client.Commit(ctx, *e.Commit)
		d.tip, d.unclaimed = id, err != nil
		return fmt.Sprintf("wrote %s to %s", finding.Count(len(e.Commit.Splices), "file"), e.Commit.Branch), err
	case e.Open != nil:
		return d.open(ctx, *e.Open)
	}
	return d.client.Apply(ctx, e)
}

func (d *deeds) open(ctx context.Context, i effect.Issue) (string, error) {
	if d.unclaimed {
		return "", fmt.Errorf("open an issue: %s: left for the next run, since nothing can be claimed on %s", i.Title, d.def.Witness)
	}
	n, err := d.client.Open(ctx, i)
	if err != nil {
		return "", err
	}
	if key, ok := effect.KeyOf(i.Body); ok {
		d.numbers[key.String()] = n
	}
	return fmt.Sprintf("opened #%d", n), nil
}

// writeNumbers writes down which issues the claims led to. Should it fail, the next run
// finds the issues and does it.
func (d *deeds) writeNumbers(ctx context.Context, claims []effect.Claim) error {
	var opened []effect.Claim
	for _, c := range claims {
		if c.Number = d.numbers[c.Key]; c.Number > 0 {
			opened = append(opened, c)
		}
	}
	files, err := claimFiles(opened)
	if err != nil || len(files) == 0 {
		return err
	}
	c := d.witnessed(files)
	if d.tip != "" {
		c.Parent = d.tip
	}
	_, err = d.client.Commit(ctx, *c)
	return err
}
