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
)

// A Repo is a bare repository. It is not safe for use by several goroutines at once.
type Repo struct {
	dir string
	s   storage.Storer
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

// Dir is where the repository is.
func (r *Repo) Dir() string { return r.dir }
