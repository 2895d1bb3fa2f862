package gitrepo

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
)

// ErrEmpty is wrapped by the error for a repository that has no commits yet.
var ErrEmpty = errors.New("the repository has no commits yet")

// Branch is the commit of a local branch or else of origin's branch of that name; after
// Fetch, of origin's first. The name HEAD, which DefaultBranch gives when nothing else is
// known, means what HEAD points at.
func (r *Repo) Branch(name string) (commit string, ok bool) {
	places := []string{"refs/heads/" + name, "refs/remotes/origin/" + name}
	if r.fetched {
		slices.Reverse(places)
	}
	for _, full := range places {
		if id, ok := r.reference(full); ok {
			return id.String(), true
		}
	}
	if id, ok := r.reference("HEAD"); ok && name == "HEAD" {
		return id.String(), true
	}
	return "", false
}

// DefaultBranch is the name of the branch whose first-parent line is the history: the
// declared one where it exists, here or on origin; else origin's default; else the branch
// that HEAD is on, or "HEAD" itself when it is on none. The error wraps ErrEmpty when there
// are no commits at all, and otherwise says which branch is missing.
func (r *Repo) DefaultBranch(declared string) (name string, err error) {
	head := r.pointsTo("HEAD", "refs/heads/")
	for _, name := range []string{declared, r.pointsTo("refs/remotes/origin/HEAD", "refs/remotes/origin/"), head, "HEAD"} {
		if _, ok := r.Branch(name); ok {
			return name, nil
		}
	}
	empty, err := r.empty()
	switch {
	case err != nil:
		return "", fmt.Errorf("cannot list the references of %s: %w", r.place.git, err)
	case empty:
		return "", fmt.Errorf("%s: %w", r.place.git, ErrEmpty)
	}
	return "", fmt.Errorf("HEAD of %s is on the branch %q, which has no commits: expected another one, declared as branch", r.place.git, head)
}

// pointsTo is the short name of a symbolic reference's target, "" when it is not one.
func (r *Repo) pointsTo(symbolic, prefix string) string {
	ref, err := r.refs.Reference(plumbing.ReferenceName(symbolic))
	if err != nil || ref.Type() != plumbing.SymbolicReference {
		return ""
	}
	name, ok := strings.CutPrefix(ref.Target().String(), prefix)
	if !ok {
		return ""
	}
	return name
}

// empty reports whether no reference leads to any object.
func (r *Repo) empty() (bool, error) {
	refs, err := r.refs.IterReferences()
	if err != nil {
		return false, err
	}
	found := false
	err = refs.ForEach(func(ref *plumbing.Reference) error {
		found = found || ref.Type() == plumbing.HashReference
		return nil
	})
	return !found, err
}
