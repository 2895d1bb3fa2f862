package app

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/witness"
)

// A sighting is what the witness branch says.
type sighting struct {
	commit string // "": none is declared
	tree   gitrepo.Tree
	pulls  []event.Pull
	line   witness.Line
	newer  map[int]event.Pull // what this run saw, and the branch does not have yet
}

// witness reads the witness branch, where the definition declares one, and once. Declared
// but absent is no witness at all, so there is no answer.
func (a *App) witness(d *desk) (*sighting, error) {
	if d.seen != nil || d.def.Witness == "" {
		return d.sighting(), nil
	}
	commit, ok := d.repo.Branch(d.def.Witness)
	if !ok {
		return nil, fmt.Errorf("the definition declares the witness branch %s, and the repository has no such branch: fetch it (git fetch origin %s:%s), begin it (liaison witness start --apply), or take `witness` out of the definition",
			d.def.Witness, d.def.Witness, d.def.Witness)
	}
	s, err := a.readWitness(d.repo, commit)
	if err != nil {
		return nil, err
	}
	for _, b := range s.line.Breaks {
		if err := d.repo.Break(b.From, b.To); err != nil {
			return nil, fmt.Errorf("%s of the witness branch: %w", witness.LinePath, err)
		}
	}
	d.seen = s
	return s, nil
}

// sighting is what was read of the witness, or nothing.
func (d *desk) sighting() *sighting {
	if d.seen == nil {
		return &sighting{}
	}
	return d.seen
}

func (a *App) readWitness(repo *gitrepo.Repo, commit string) (*sighting, error) {
	s := &sighting{commit: commit}
	var err error
	if s.tree, err = repo.Tree(commit); err != nil {
		return nil, err
	}
	var fs []finding.Finding
	if s.pulls, fs, err = witness.Read(s.tree); err != nil {
		return nil, err
	}
	for _, f := range fs {
		fmt.Fprintln(a.Stderr, a.ink().finding(f))
	}
	if finding.Failing(fs) {
		return nil, errors.New("the witness branch has defects: its figures cannot be trusted")
	}
	s.line, err = witness.ReadLine(s.tree)
	return s, err
}

// kept is the file of a pull request, whole, to be grown; the zero pull where there is none.
func (s *sighting) kept(number int) (event.Pull, error) {
	if p, seen := s.newer[number]; seen {
		return p, nil
	}
	if !slices.ContainsFunc(s.pulls, func(p event.Pull) bool { return p.Number == number }) {
		return event.Pull{}, nil
	}
	return s.written(number)
}

// written is the file of a pull request as the branch has it; the zero pull where it has none.
func (s *sighting) written(number int) (event.Pull, error) {
	path := witness.Path(number)
	src, err := s.tree.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return event.Pull{}, nil
	}
	if err != nil {
		return event.Pull{}, err
	}
	return witness.Parse(path, src)
}

// with is the sighting with some pull requests as they are known now.
func (s *sighting) with(pulls map[int]event.Pull) *sighting {
	out := *s
	out.pulls, out.newer = nil, maps.Clone(s.newer)
	if out.newer == nil {
		out.newer = map[int]event.Pull{}
	}
	maps.Copy(out.newer, pulls)
	for _, p := range s.pulls {
		if _, newer := pulls[p.Number]; !newer {
			out.pulls = append(out.pulls, p)
		}
	}
	for _, p := range pulls {
		p.Entries = slices.Clone(p.Entries)
		slices.SortStableFunc(p.Entries, func(a, b event.Entry) int { return a.At.Compare(b.At) })
		out.pulls = append(out.pulls, p)
	}
	return &out
}

// onLine refuses an answer about today where the last recorded head is not on the line of
// the branch: it was rewritten, and nobody has recorded that yet.
func (s *sighting) onLine(d *desk, today bool) error {
	head := s.line.Head
	if !today || head == "" || head == d.head {
		return nil
	}
	if _, grew, err := d.repo.Since(d.head, head); err != nil || grew {
		return err
	}
	if _, behind, err := d.repo.Since(head, d.head); err == nil && behind {
		return nil // the clone is older than its witness
	}
	return fmt.Errorf("the default branch was rewritten: %s, its last recorded head, is not on the first-parent line of %s; `liaison reconcile --apply --only witness` records that and goes on from there, a clone that is merely old needs `git fetch`", head, d.head)
}
