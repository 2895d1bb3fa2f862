// Package proposal turns a change, from a base to a head, into what stands in its way by the
// rules of the base and the rights of its author, and what merging it would do.
package proposal

import (
	"fmt"
	"slices"
	"sync"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Proposal is a change to a desk. What it says of itself is read once, whatever is asked.
type Proposal struct {
	base        desk.Desk // by whose rules it is authorized
	definitions *workflow.Cache
	actor       account.Account
	head        string               // what would land
	fork        string               // where base and head parted
	forks       int                  // how many such places there are
	diffs       []gitrepo.Difference // what the change does that the base does not have already
	before      *side                // at the fork
	after       *side                // what merging leaves: the base with the change
	renamed     func() (map[string]string, error)
	defects     func() (defects, error)
	rules       func() (rules, error) // as merging leaves them
	work        work
}

// work is what costs most; a test counts it.
type work struct {
	load   func(*workflow.Definition, []record.Entry, func(path string) ([]byte, error)) ([]record.Record, []finding.Finding, error)
	derive func(event.Input) (*event.Ledger, *roster.Roster, error)
}

// Open finds what would change, were a revision merged into the desk. The actor is the author,
// the zero account where nobody said who that is.
func Open(base desk.Desk, head string, actor account.Account, definitions *workflow.Cache) (*Proposal, error) {
	head, err := base.Repo.Resolve(head)
	if err != nil {
		return nil, err
	}
	forks, err := base.Repo.MergeBases(base.Head, head)
	if err != nil {
		return nil, err
	}
	p := &Proposal{base: base, definitions: definitions, actor: actor, head: head, fork: forks[0], forks: len(forks)}
	if p.diffs, err = p.differences(); err != nil {
		return nil, err
	}
	before, err := base.Repo.Tree(p.fork)
	if err != nil {
		return nil, err
	}
	after, err := base.Repo.Tree(head)
	if err != nil {
		return nil, err
	}
	return p.between(before, after), nil
}

// Edit is a change of one record of the desk, by a file that stands nowhere yet.
func Edit(base desk.Desk, old gitrepo.File, content []byte, actor account.Account, definitions *workflow.Cache) *Proposal {
	now := old
	now.Blob, now.Size = "", int64(len(content))
	p := &Proposal{base: base, definitions: definitions, actor: actor, fork: base.Head, forks: 1, diffs: []gitrepo.Difference{{Path: old.Path, Old: old, New: now}}}
	return p.between(base.Tree, written{old.Path: content})
}

// between gives a proposal its two sides.
func (p *Proposal) between(before, head gitrepo.Tree) *Proposal {
	p.work = work{record.Load, event.Derive}
	p.before = p.side(before, func(d gitrepo.Difference) gitrepo.File { return d.Old })
	p.after = p.side(newMerged(p.base.Tree, head, p.diffs), func(d gitrepo.Difference) gitrepo.File { return d.New })
	p.renamed = sync.OnceValues(p.renames)
	p.defects = sync.OnceValues(p.allDefects)
	p.rules = sync.OnceValues(p.readRules)
	return p
}

// differences are what differs since the fork, less what the base has come to have as well:
// merging that changes nothing.
func (p *Proposal) differences() ([]gitrepo.Difference, error) {
	diffs, err := p.base.Repo.Diff(p.fork, p.head)
	if err != nil || p.fork == p.base.Head {
		return diffs, err
	}
	now, err := p.base.Repo.Diff(p.base.Head, p.head)
	differs := map[string]bool{}
	for _, d := range now {
		differs[d.Path] = true
	}
	return slices.DeleteFunc(diffs, func(d gitrepo.Difference) bool { return !differs[d.Path] }), err
}

// tangled: where base and head parted more than once, what merging leaves depends on how it
// is done, and so would the result.
func (p *Proposal) tangled() []finding.Finding {
	if p.forks == 1 {
		return nil
	}
	return []finding.Finding{{Rule: "several-forks", Path: workflow.Path, Found: fmt.Sprintf("the branch and its base parted in %d places: each was merged into the other", p.forks),
		Expected: "one place", Fix: "merge the base into the branch once more"}}
}
