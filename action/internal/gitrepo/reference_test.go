package gitrepo

import (
	"errors"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// A reference gets objects from go-git's object store, to compare ours with.
type reference struct{ from storer.EncodedObjectStorer }

func (s reference) commit(id hash) (commit, error) {
	raw, err := s.bytes(plumbing.CommitObject, id)
	if err != nil {
		return commit{}, err
	}
	c, err := parseCommit(raw, names{})
	if err != nil {
		return commit{}, fmt.Errorf("commit %s: %w", id, err)
	}
	return c, nil
}

func (s reference) tree(id hash) ([]entry, error) {
	raw, err := s.bytes(plumbing.TreeObject, id)
	if err != nil && id == emptyTree {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	entries, err := parseTree(raw)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", id, err)
	}
	return entries, nil
}

func (s reference) compare(a, b hash, differ func(x, y entry) error) error {
	return compareEntries(s, a, b, differ)
}

// blob asks for the size first. go-git knows it only of an object that is not borrowed from
// another repository, so that a borrowed one is measured once it has been read.
func (s reference) blob(id hash) (b []byte, err error) {
	size, err := s.from.EncodedObjectSize(plumbing.Hash(id))
	if err != nil || size <= maxBlob {
		b, err = s.bytes(plumbing.BlobObject, id)
		size = int64(len(b))
	}
	if size > maxBlob {
		return nil, fmt.Errorf("blob %s has %d bytes: %w", id, size, ErrTooLarge)
	}
	return b, err
}

func (s reference) bytes(kind plumbing.ObjectType, id hash) (b []byte, err error) {
	o, err := s.from.EncodedObject(kind, plumbing.Hash(id))
	if err != nil {
		return nil, missing(kind.String(), id, err)
	}
	r, err := o.Reader()
	if err != nil {
		return nil, missing(kind.String(), id, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	b = make([]byte, o.Size())
	if _, err = io.ReadFull(r, b); err != nil {
		return nil, missing(kind.String(), id, err)
	}
	return b, nil
}

// missing words go-git's error for an object that could not be had.
func missing(kind string, id hash, err error) error {
	if errors.Is(err, plumbing.ErrObjectNotFound) {
		return fmt.Errorf("%s %s is missing from the repository", kind, id)
	}
	return fmt.Errorf("%s %s cannot be read: %w", kind, id, err)
}
