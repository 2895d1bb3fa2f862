package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/witness"
)

// overlap is how far before the last mark pull requests are asked for again: lists lag.
const overlap = 10 * time.Minute

// A catch is what a look at GitHub adds to the witness.
type catch struct {
	was    *sighting
	pulls  map[int]event.Pull // those that grew
	line   witness.Line
	quiet  bool         // since the recorded head nobody but us wrote to the default branch
	failed []error      // of single pull requests: they are looked at again by the next run
	unseen map[int]bool // which those are
}

// look sees which pull requests changed since the last run, and what is on them now.
func (s *visit) look(ctx context.Context) (*catch, error) {
	was, err := s.witness(s.desk)
	if err != nil {
		return nil, err
	}
	c := &catch{was: was, pulls: map[int]event.Pull{}, line: was.line, unseen: map[int]bool{}}
	since := was.line.Synced
	if !since.IsZero() {
		since = since.Add(-overlap)
	}
	list, err := s.client.Pulls(ctx, since)
	if err != nil {
		return nil, err
	}
	changed, err := s.changed(list, was)
	if err != nil {
		return nil, err
	}
	if err := s.see(ctx, c, changed); err != nil {
		return nil, err
	}
	c.line.Synced = c.mark(list)
	return c, s.follow(c)
}

// changed are the listed pull requests of which the witness knows less, the longest
// unchanged first. One that it knows stays looked at when it is pointed to another branch:
// who answers or closes it there still ends what it began here.
func (s *visit) changed(list []hub.Pull, was *sighting) ([]hub.Pull, error) {
	branch, err := s.branch()
	if err != nil {
		return nil, err
	}
	known := map[int]event.Pull{}
	for _, p := range was.pulls {
		known[p.Number] = p
	}
	list = slices.DeleteFunc(slices.Clone(list), func(p hub.Pull) bool {
		k, seen := known[p.Number]
		return p.Base != branch && !seen || seen && k.Head == p.Head && k.Updated.Equal(p.Updated)
	})
	slices.SortFunc(list, func(a, b hub.Pull) int {
		return cmp.Or(a.Updated.Compare(b.Updated), cmp.Compare(a.Number, b.Number))
	})
	return list, nil
}

// see asks for each changed pull request and grows what is kept of it. One that fails does
// not stop the others.
func (s *visit) see(ctx context.Context, c *catch, changed []hub.Pull) error {
	numbers := make([]int, len(changed))
	for i, p := range changed {
		numbers[i] = p.Number
	}
	if err := s.fetch(ctx, gitrepo.Want{Pulls: numbers}); err != nil {
		return err
	}
	show := s.progress("reading pull requests")
	for i, p := range changed {
		if err := s.seeOne(ctx, c, p.Number); err != nil {
			if errors.Is(err, context.Canceled) {
				return err
			}
			c.unseen[p.Number] = true
			c.failed = append(c.failed, fmt.Errorf("pull request #%d: %w", p.Number, err))
			c.line.Synced = earlier(c.line.Synced, p.Updated)
		}
		if show != nil {
			show(i+1, len(changed))
		}
	}
	return nil
}

func (s *visit) seeOne(ctx context.Context, c *catch, number int) error {
	p, err := s.client.Pull(ctx, number)
	if err != nil {
		return err
	}
	kept, err := c.was.kept(number)
	if err != nil {
		return err
	}
	if kept.Records == nil || kept.Head != p.Head {
		if p.Records, err = s.recordsOf(p); err != nil {
			return err
		}
	}
	grown, err := s.bounded(witness.Grow(kept, p.Pull))
	if err == nil && !same(kept, grown) {
		c.pulls[number] = grown
	}
	return err
}

// mostKept is how many bytes the witness keeps of one pull request: far less than what is
// read of a file, since one that cannot be read leaves the desk without any answer.
const mostKept = 4 << 20

// bounded is a pull request as the witness can keep it: without its records, where they are
// too many to be requests.
func (s *visit) bounded(p event.Pull) (event.Pull, error) {
	b, err := witness.Marshal(p)
	if err != nil || len(b) <= mostKept {
		return p, err
	}
	s.say(fmt.Sprintf("pull request #%d: its %s are more than can be kept: none of them is", p.Number, finding.Count(len(p.Records), "record")))
	p.Records, p.Former = []event.PullRecord{}, nil
	if b, err = witness.Marshal(p); err == nil && len(b) > mostKept {
		err = fmt.Errorf("what happened on it has %d bytes, and at most %d are kept", len(b), mostKept)
	}
	return p, err
}

// recordsOf are the records at a pull request's head. What landed is in Git: nothing of it
// is copied.
func (s *visit) recordsOf(p hub.Pull) ([]event.PullRecord, error) {
	change, err := s.proposed(p)
	if err != nil {
		return nil, err
	}
	list, err := change.listed(false)
	for i := range list {
		if p.Merged {
			list[i].Title, list[i].Fields = "", nil
		}
	}
	return list, err
}

// same reports whether two pull requests are written alike.
func same(a, b event.Pull) bool {
	x, errX := witness.Marshal(a)
	y, errY := witness.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// mark is up to when every pull request was seen: the newest mark of all, unless one of
// them failed.
func (c *catch) mark(list []hub.Pull) time.Time {
	if len(c.failed) > 0 {
		return c.line.Synced
	}
	mark := c.line.Synced
	for _, p := range list {
		if p.Updated.After(mark) {
			mark = p.Updated
		}
	}
	return mark
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// follow moves the recorded line on to the head of the default branch.
func (s *visit) follow(c *catch) error {
	next, broke, err := c.line.Follow(s.head, s.now(), func(from string) (bool, error) {
		authors, grew, err := s.repo.Since(s.head, from)
		c.quiet = grew && !slices.ContainsFunc(authors, func(a account.Account) bool { return !s.ours(a) })
		return grew, err
	})
	if err != nil {
		return err
	}
	if broke != nil {
		if err := s.broken(*broke); err != nil {
			return err
		}
	}
	c.line = next
	return nil
}

// ours reports whether an account is the desk's own.
func (s *visit) ours(a account.Account) bool { return slices.ContainsFunc(s.def.Bots, a.Is) }

// broken says that the default branch was rewritten, and refuses where the recorded line is
// lost.
func (s *visit) broken(b event.Break) error {
	if _, err := s.repo.Tree(b.From); err != nil {
		return fmt.Errorf("the default branch was rewritten: %s, the last head of it that was recorded, is not among its commits any more and is gone, so no figure can be trusted; push that commit again, to any branch, and run again (%w)", b.From, err)
	}
	fmt.Fprintf(s.Stderr, "liaison: alarm: the default branch was rewritten: %s is not on the first-parent line of %s; the recorded line is kept, and the new head counts as one landing\n", b.From, b.To)
	return nil
}

// files are what is new on the witness branch; none where nothing is. A mark that moved is
// nothing new by itself, nor is a head that only our own write-back moved: else each run
// would give the next one something to do.
func (c *catch) files() ([]effect.Splice, error) {
	numbers := slices.Sorted(maps.Keys(c.pulls))
	if len(numbers) == 0 && (c.quiet || c.line.Head == c.was.line.Head) {
		return nil, nil
	}
	var out []effect.Splice
	for _, n := range numbers {
		b, err := witness.Marshal(c.pulls[n])
		if err != nil {
			return nil, err
		}
		out = append(out, effect.Splice{Path: witness.Path(n), Content: b})
	}
	b, err := witness.MarshalLine(c.line)
	return append(out, effect.Splice{Path: witness.LinePath, Content: b}), err
}
