package witness

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
)

// A Snapshot is what the witness branch says at one of its commits, and what was seen since.
// It is never changed. The zero Snapshot says nothing.
type Snapshot struct {
	Commit   string // "": no witness is declared
	Tree     Tree   // nil where no witness is declared
	Pulls    []event.Pull
	Line     Line
	Findings []finding.Finding  // warnings
	newer    map[int]event.Pull // what was seen since, and the branch does not have yet
}

// Open reads the witness branch, where one is declared, and tells the repository where its
// line was rewritten. Declared but absent is no witness at all, so there is no answer.
func Open(repo *gitrepo.Repo, branch string) (*Snapshot, error) {
	if branch == "" {
		return &Snapshot{}, nil
	}
	commit, ok := repo.Branch(branch)
	if !ok {
		return nil, fmt.Errorf("the definition declares the witness branch %s, and the repository has no such branch: fetch it (git fetch origin %s:%s), begin it (liaison witness start --apply), or take `witness` out of the definition",
			branch, branch, branch)
	}
	s, err := At(repo, commit)
	if err != nil {
		return nil, err
	}
	for _, b := range s.Line.Breaks {
		if err := repo.Break(b.From, b.To); err != nil {
			return nil, fmt.Errorf("%s of the witness branch: %w", LinePath, err)
		}
	}
	return s, nil
}

// At reads the witness branch at a commit. An error may be a *finding.Defects.
func At(repo *gitrepo.Repo, commit string) (*Snapshot, error) {
	tree, err := repo.Tree(commit)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{Commit: commit, Tree: tree}
	if s.Pulls, s.Findings, err = Read(tree); err != nil {
		return nil, err
	}
	if finding.Failing(s.Findings) {
		return nil, &finding.Defects{Findings: s.Findings, Why: "the witness branch has defects: its figures cannot be trusted"}
	}
	s.Line, err = ReadLine(tree)
	return s, err
}

// Kept is the file of a pull request, whole, to be grown; the zero pull where there is none.
func (s *Snapshot) Kept(number int) (event.Pull, error) {
	if p, seen := s.newer[number]; seen {
		return p, nil
	}
	if !slices.ContainsFunc(s.Pulls, func(p event.Pull) bool { return p.Number == number }) {
		return event.Pull{}, nil
	}
	return s.Written(number)
}

// Written is the file of a pull request as the branch has it; the zero pull where it has none.
func (s *Snapshot) Written(number int) (event.Pull, error) {
	path := Path(number)
	src, err := s.Tree.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return event.Pull{}, nil
	}
	if err != nil {
		return event.Pull{}, err
	}
	return Parse(path, src)
}

// Newer are the pull requests of which more was seen since, by number.
func (s *Snapshot) Newer() map[int]event.Pull { return s.newer }

// With is the snapshot with some pull requests as they are known now.
func (s *Snapshot) With(pulls map[int]event.Pull) *Snapshot {
	out := *s
	out.newer = map[int]event.Pull{}
	maps.Copy(out.newer, s.newer)
	maps.Copy(out.newer, pulls)
	out.Pulls = slices.DeleteFunc(slices.Clone(s.Pulls), func(p event.Pull) bool { _, newer := pulls[p.Number]; return newer })
	for _, p := range pulls {
		p.Entries = slices.Clone(p.Entries)
		slices.SortStableFunc(p.Entries, func(a, b event.Entry) int { return a.At.Compare(b.At) })
		out.Pulls = append(out.Pulls, p)
	}
	slices.SortFunc(out.Pulls, func(a, b event.Pull) int { return cmp.Compare(a.Number, b.Number) })
	return &out
}

// On is the snapshot with another knowledge of the default branch.
func (s *Snapshot) On(line Line) *Snapshot {
	out := *s
	out.Line = line
	return &out
}
