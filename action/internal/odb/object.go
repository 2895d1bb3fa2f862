// Package odb turns a Git object folder into objects: loose files, packs with their indexes,
// multi-pack-indexes and borrowed folders become kinds and contents by id, and commit-graphs the
// parents of commits. It only reads. Why it is there beside go-git: docs/decisions/object-reader.md.
//
// What it holds in memory is bounded: each Reader keeps two generations of at most 16 MiB, as much of
// the trees compared last, and beside them what it is reading, which is one object, its delta
// base and one delta. No object of more than 64 MiB is decoded, and nothing is set aside for a
// size that the bytes at hand cannot have. Packs, indexes and commit-graphs are mapped, not read.
package odb

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
)

// An ID is the SHA-1 name of an object.
type ID [20]byte

// String is 40 lower-case hexadecimal digits.
func (id ID) String() string {
	var digits [2 * len(id)]byte
	hex.Encode(digits[:], id[:])
	return string(digits[:])
}

// compare orders ids by their bytes.
func (id ID) compare(other ID) int { return bytes.Compare(id[:], other[:]) }

// parseID reads a full id.
func parseID(s string) (id ID, ok bool) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(id) {
		return ID{}, false
	}
	return ID(b), true
}

// A Kind is what an object is; the numbers are those of the pack format.
type Kind byte

// The kinds of objects.
const (
	Commit Kind = iota + 1
	Tree
	Blob
	Tag
)

// String is the name that git gives to a kind.
func (k Kind) String() string {
	switch k {
	case Commit:
		return "commit"
	case Tree:
		return "tree"
	case Blob:
		return "blob"
	case Tag:
		return "tag"
	}
	return fmt.Sprintf("object of kind %d", k)
}

// kindOf is the kind of a name, 0 for none.
func kindOf(name string) Kind {
	for _, k := range []Kind{Commit, Tree, Blob, Tag} {
		if k.String() == name {
			return k
		}
	}
	return 0
}

// ErrMissing is wrapped by the error for an object that no pack, loose file or borrowed
// folder has.
var ErrMissing = errors.New("missing from the repository")

// Largest is the most bytes that one object may have to be decoded.
const Largest = 64 << 20

// ErrTooLarge is wrapped by the error for an object, or a delta base, of more than Largest.
var ErrTooLarge = errors.New("larger than 64 MiB, the most that is decoded of one object")
