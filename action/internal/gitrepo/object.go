package gitrepo

import (
	"encoding/hex"
	"fmt"
)

// Objects is where commits, trees and blobs come from. Each method's error names the object
// when it is missing or cannot be read.
type objects interface {
	commit(hash) (commit, error)
	tree(hash) ([]entry, error) // in entry order, each name at most once as file and as folder
	blob(hash) ([]byte, error)  // at most maxBlob bytes, else ErrTooLarge
}

// A hash is the SHA-1 id of an object.
type hash [20]byte

// String is 40 lower-case hexadecimal digits.
func (h hash) String() string { return hex.EncodeToString(h[:]) }

// parseHash reads a full id, in either case.
func parseHash(s string) (h hash, err error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return hash{}, fmt.Errorf("%q is not an object id: expected 40 hexadecimal digits", s)
	}
	return hash(b), nil
}
