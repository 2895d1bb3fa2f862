package git

import (
	"errors"
	"fmt"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/storage"
)

// ErrMoved says that a ref is not where the caller believed it to be.
var ErrMoved = errors.New("the ref has moved")

// ErrNotFastForward says that a commit does not descend from the ref's.
var ErrNotFastForward = errors.New("not a fast forward")

// Ref returns the id that a full ref name, such as "refs/heads/main", points to.
func (r *Repo) Ref(name string) (string, bool) {
	ref, err := r.s.Reference(plumbing.ReferenceName(name))
	if err != nil {
		return "", false
	}
	return ref.Hash().String(), true
}

// SetRef points a ref at an object, wherever it pointed before.
func (r *Repo) SetRef(name, id string) error {
	if err := r.checkRef(name, id); err != nil {
		return err
	}
	if err := r.s.SetReference(reference(name, id)); err != nil {
		return fmt.Errorf("set %s: %w", name, err)
	}
	return nil
}

// RemoveRef forgets a ref; one that is not there stays so.
func (r *Repo) RemoveRef(name string) error {
	if err := r.s.RemoveReference(plumbing.ReferenceName(name)); err != nil {
		return fmt.Errorf("remove %s: %w", name, err)
	}
	return nil
}

// Advance moves a ref from one commit to a descendant of it, or not at all: ErrMoved when
// the ref is elsewhere or nowhere, ErrNotFastForward when the new commit does not descend.
func (r *Repo) Advance(name, from, to string) error {
	if err := r.checkRef(name, to); err != nil {
		return err
	}
	ok, err := r.IsAncestor(from, to)
	if err != nil {
		return fmt.Errorf("advance %s: %w", name, err)
	}
	if !ok {
		return fmt.Errorf("advance %s from %s to %s: %w", name, from, to, ErrNotFastForward)
	}
	err = plumbing.ErrReferenceNotFound // which a store in memory would not say
	if _, found := r.Ref(name); found {
		err = r.s.CheckAndSetReference(reference(name, to), reference(name, from))
	}
	if errors.Is(err, storage.ErrReferenceHasChanged) || errors.Is(err, plumbing.ErrReferenceNotFound) {
		return fmt.Errorf("advance %s from %s: %w", name, from, ErrMoved)
	}
	if err != nil {
		return fmt.Errorf("advance %s: %w", name, err)
	}
	return nil
}

// checkRef refuses names that git would not take, and ids that are not here.
func (r *Repo) checkRef(name, id string) error {
	if err := plumbing.ReferenceName(name).Validate(); err != nil {
		return fmt.Errorf("%q: %w", name, err)
	}
	if r.Kind(id) == "" {
		return fmt.Errorf("set %s: no object %s", name, id)
	}
	return nil
}

func reference(name, id string) *plumbing.Reference {
	return plumbing.NewHashReference(plumbing.ReferenceName(name), plumbing.NewHash(id))
}
