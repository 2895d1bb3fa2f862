package gitrepo

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/commrel/liaison/action/internal/odb"
)

// maxBlob is the most that is read of one file, in bytes.
const maxBlob = 8 << 20

// ErrTooLarge is wrapped by the error for a file of more than 8 MiB.
var ErrTooLarge = errors.New("larger than 8 MiB, the most that is read of one file")

// A store decodes the objects that a reader reads.
type store struct {
	from  *odb.Reader
	names names
}

func newStore(from *odb.Reader) store { return store{from, names{}} }

func (s store) commit(id hash) (commit, error) {
	raw, err := s.bytes(odb.Commit, id)
	if err != nil {
		return commit{}, err
	}
	c, err := parseCommit(raw, s.names)
	if err != nil {
		return commit{}, fmt.Errorf("commit %s: %w", id, err)
	}
	return c, nil
}

func (s store) tree(id hash) ([]entry, error) {
	if id == emptyTree {
		return nil, nil
	}
	raw, err := s.bytes(odb.Tree, id)
	if err != nil {
		return nil, err
	}
	entries, err := parseTree(raw)
	if err != nil {
		return nil, fmt.Errorf("tree %s: %w", id, err)
	}
	return entries, nil
}

// emptyTree is the id of the tree without entries, which git knows without storing it.
var emptyTree = hash{0x4b, 0x82, 0x5d, 0xc6, 0x42, 0xcb, 0x6e, 0xb9, 0xa0, 0x60, 0xe5, 0x4b, 0xf8, 0xd6, 0x92, 0x88, 0xfb, 0xee, 0x49, 0x04}

// compare lets the reader compare two trees as they are packed. What is malformed or out of
// order is compared entry by entry, and so is what the reader finds too odd.
func (s store) compare(a, b hash, differ func(x, y entry) error) error {
	var few [4][2]entry // most folders have no more that differ
	pairs := few[:0]
	regular, err := s.from.Compare(orNone(a), orNone(b), func(x, y odb.Entry) error {
		if len(pairs) == maxEntries {
			return tooMuch("")
		}
		pairs = append(pairs, [2]entry{canonicalEntry(x), canonicalEntry(y)})
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s %w", odb.Tree, err)
	}
	if !regular {
		return compareEntries(s, a, b, differ)
	}
	for _, p := range pairs {
		if err := differ(p[0], p[1]); err != nil {
			return err
		}
	}
	return nil
}

// orNone is the zero id for the empty tree.
func orNone(id hash) hash {
	if id == emptyTree {
		return hash{}
	}
	return id
}

func canonicalEntry(e odb.Entry) entry {
	if e == (odb.Entry{}) {
		return entry{}
	}
	return entry{e.Name, canonical(e.Mode), e.ID}
}

func (s store) blob(id hash) ([]byte, error) {
	b, err := s.sharedBlob(id)
	return bytes.Clone(b), err
}

// sharedBlob is a blob whose bytes are the reader's. One that is too large for the reader is
// too large here.
func (s store) sharedBlob(id hash) ([]byte, error) {
	b, err := s.bytes(odb.Blob, id)
	switch {
	case errors.Is(err, odb.ErrTooLarge):
		return nil, fmt.Errorf("%w: %w", err, ErrTooLarge)
	case len(b) > maxBlob:
		return nil, fmt.Errorf("blob %s has %d bytes: %w", id, len(b), ErrTooLarge)
	}
	return b, err
}

// bytes is the content of an object that must be of a kind; it is the reader's.
func (s store) bytes(want odb.Kind, id hash) ([]byte, error) {
	kind, b, err := s.from.Read(id)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s %w", want, err)
	case kind != want:
		return nil, fmt.Errorf("%s is a %s: expected a %s", id, kind, want)
	}
	return b, nil
}
