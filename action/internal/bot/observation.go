package bot

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

// An observation is what a look at GitHub adds to the witness.
type observation struct {
	*Session
	was    *witness.Snapshot
	pulls  map[int]event.Pull // those that grew
	line   witness.Line
	quiet  bool         // since the recorded head nobody but us wrote to the default branch
	failed []error      // of single pull requests: they are looked at again by the next run
	unseen map[int]bool // which those are
}

// look sees what is new on GitHub, where a witness is declared that could keep it.
func (s *Session) look(ctx context.Context) (*observation, error) {
	was, err := s.snapshot()
	if err != nil {
		return nil, err
	}
	o := &observation{Session: s, was: was, pulls: map[int]event.Pull{}, line: was.Line, unseen: map[int]bool{}}
	if s.desk.Def.Witness == "" {
		return o, nil
	}
	return o, o.observe(ctx)
}

// observe sees which pull requests changed since the last run, and what is on them now.
func (o *observation) observe(ctx context.Context) error {
	since := o.line.Synced
	if !since.IsZero() {
		since = since.Add(-overlap)
	}
	list, err := o.client.Pulls(ctx, since)
	if err != nil {
		return err
	}
	changed, err := o.changed(list)
	if err != nil {
		return err
	}
	if err := o.see(ctx, changed); err != nil {
		return err
	}
	o.line.Synced = o.mark(list)
	return o.follow()
}

// after is the witness with what was seen.
func (o *observation) after() *witness.Snapshot { return o.was.With(o.pulls).On(o.line) }

// changed are the listed pull requests of which the witness knows less, the longest
// unchanged first. One that it knows stays looked at when it is pointed to another branch:
// who answers or closes it there still ends what it began here.
func (o *observation) changed(list []hub.Pull) ([]hub.Pull, error) {
	branch, err := o.branch()
	if err != nil {
		return nil, err
	}
	known := map[int]event.Pull{}
	for _, p := range o.was.Pulls {
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

// see asks for each changed pull request and lets its file grow. One that fails does
// not stop the others.
func (o *observation) see(ctx context.Context, changed []hub.Pull) error {
	if err := o.fetch(ctx, gitrepo.Want{Pulls: numbersOf(changed)}); err != nil {
		return err
	}
	show := o.options.Reading.Show("reading pull requests")
	for i, p := range changed {
		if err := o.seeOne(ctx, p.Number); err != nil {
			if errors.Is(err, context.Canceled) {
				return err
			}
			o.unseen[p.Number] = true
			o.failed = append(o.failed, fmt.Errorf("pull request #%d: %w", p.Number, err))
			o.line.Synced = earlier(o.line.Synced, p.Updated)
		}
		if show != nil {
			show(i+1, len(changed))
		}
	}
	return nil
}

func (o *observation) seeOne(ctx context.Context, number int) error {
	p, err := o.client.Pull(ctx, number)
	if err != nil {
		return err
	}
	kept, err := o.was.Kept(number)
	if err != nil {
		return err
	}
	if kept.Records == nil || kept.Head != p.Head {
		if p.Records, err = o.recordsOf(p); err != nil {
			return err
		}
	}
	grown, err := o.bounded(witness.Grow(kept, p.Pull))
	if err == nil && !same(kept, grown) {
		o.pulls[number] = grown
	}
	return err
}

// mostKept is how many bytes the witness keeps of one pull request: far less than what is
// read of a file, since one that cannot be read leaves the desk without any answer.
const mostKept = 4 << 20

// bounded is a pull request as the witness can keep it: without its records, where they are
// too many to be requests.
func (s *Session) bounded(p event.Pull) (event.Pull, error) {
	b, err := witness.Marshal(p)
	if err != nil || len(b) <= mostKept {
		return p, err
	}
	s.console.Say(fmt.Sprintf("pull request #%d: its %s are more than can be kept: none of them is", p.Number, finding.Count(len(p.Records), "record")))
	p.Records, p.Former = []event.PullRecord{}, nil
	if b, err = witness.Marshal(p); err == nil && len(b) > mostKept {
		err = fmt.Errorf("what happened on it has %d bytes, and at most %d are kept", len(b), mostKept)
	}
	return p, err
}

// recordsOf are the records at a pull request's head. What landed is in Git: nothing of it
// is copied.
func (s *Session) recordsOf(p hub.Pull) ([]event.PullRecord, error) {
	change, err := s.proposed(p)
	if err != nil {
		return nil, err
	}
	list, err := change.Listed(false)
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
func (o *observation) mark(list []hub.Pull) time.Time {
	if len(o.failed) > 0 {
		return o.line.Synced
	}
	mark := o.line.Synced
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
func (o *observation) follow() error {
	head := o.desk.Head
	next, broke, err := o.line.Follow(head, o.now(), func(from string) (bool, error) {
		authors, grew, err := o.desk.Repo.Since(head, from)
		o.quiet = grew && !slices.ContainsFunc(authors, func(a account.Account) bool { return !o.ours(a) })
		return grew, err
	})
	if err != nil {
		return err
	}
	if broke != nil {
		if err := o.broken(*broke); err != nil {
			return err
		}
	}
	o.line = next
	return nil
}

// broken says that the default branch was rewritten, and refuses where the recorded line is
// lost.
func (s *Session) broken(b event.Break) error {
	if _, err := s.desk.Repo.Tree(b.From); err != nil {
		return fmt.Errorf("the default branch was rewritten: %s, the last head of it that was recorded, is not among its commits any more and is gone, so no figure can be trusted; push that commit again, to any branch, and run again (%w)", b.From, err)
	}
	s.console.Say(fmt.Sprintf("alarm: the default branch was rewritten: %s is not on the first-parent line of %s; the recorded line is kept, and the new head counts as one landing", b.From, b.To))
	return nil
}

// files are what is new on the witness branch; none where nothing is. A mark that moved is
// nothing new by itself, nor is a head that only our own write-back moved: else each run
// would give the next one something to do.
func (o *observation) files() ([]effect.Splice, error) {
	numbers := slices.Sorted(maps.Keys(o.pulls))
	if len(numbers) == 0 && (o.quiet || o.line.Head == o.was.Line.Head) {
		return nil, nil
	}
	var out []effect.Splice
	for _, n := range numbers {
		b, err := witness.Marshal(o.pulls[n])
		if err != nil {
			return nil, err
		}
		out = append(out, effect.Splice{Path: witness.Path(n), Content: b})
	}
	b, err := witness.MarshalLine(o.line)
	return append(out, effect.Splice{Path: witness.LinePath, Content: b}), err
}
