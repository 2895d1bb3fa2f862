package gitrepo

import (
	"encoding/hex"
	"fmt"

	"github.com/commrel/liaison/action/internal/odb"
)

// Objects is where commits, trees and blobs come from. Each method's error names the object
// when it is missing or cannot be read.
type objects interface {
	commit(hash) (commit, error)
	tree(hash) ([]entry, error) // in entry order, each name at most once as file and as folder
	blob(hash) ([]byte, error)  // at most maxBlob bytes, else ErrTooLarge

	// compare tells what two trees do not have in common, of which the zero id is the empty
	// one: entries with their namesakes, or with the zero entry where there is none.
	compare(a, b hash, differ func(x, y entry) error) error
}

// A hash is the SHA-1 id of an object.
type hash = odb.ID

// parseHash reads a full id, in either case.
func parseHash(s string) (h hash, err error) {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(h) {
		return hash{}, fmt.Errorf("%q is not an object id: expected 40 hexadecimal digits", s)
	}
	return hash(b), nil
}
