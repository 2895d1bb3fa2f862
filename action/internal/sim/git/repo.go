// Package git turns a story into a real repository: objects, trees, commits and refs
// written with go-git alone, so that no git binary is needed. Nothing is taken from the
// machine (no clock, no name, no configuration): the same calls give the same object ids.
// Tests and the demo command use it.
package git

import (
	"fmt"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage"
	"github.com/go-git/go-git/v5/storage/memory"
)

// A Repo is a bare repository, on disk or in memory. It is not safe for use by several
// goroutines at once.
type Repo struct {
	dir string // "": in memory
	s   storage.Storer
}

// New makes a repository in memory whose HEAD points to refs/heads/main. Only who has it can
// read it: a file for every object would cost a hundred times as much.
func New() (*Repo, error) {
	s := memory.NewStorage()
	if err := s.SetReference(plumbing.NewSymbolicReference(plumbing.HEAD, plumbing.Main)); err != nil {
		return nil, fmt.Errorf("init in memory: %w", err)
	}
	return &Repo{s: s}, nil
}

// Init makes a bare repository at dir whose HEAD points to refs/heads/main. It fails when
// there is a repository already.
func Init(dir string) (*Repo, error) {
	g, err := git.PlainInitWithOptions(dir, &git.PlainInitOptions{
		Bare:        true,
		InitOptions: git.InitOptions{DefaultBranch: plumbing.Main},
	})
	if err != nil {
		return nil, fmt.Errorf("init %s: %w", dir, err)
	}
	return &Repo{dir: dir, s: g.Storer}, nil
}

// Open opens the bare repository at dir.
func Open(dir string) (*Repo, error) {
	g, err := git.PlainOpen(dir)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", dir, err)
	}
	return &Repo{dir: dir, s: g.Storer}, nil
}

// Dir is where the repository is; "" in memory.
func (r *Repo) Dir() string { return r.dir }
