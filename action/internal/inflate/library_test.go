package inflate

import (
	"bytes"
	"io"
	"testing"

	stdlib "compress/zlib"

	klauspost "github.com/klauspost/compress/zlib"
)

// TestWhatKeepsALibraryFromDoingThis fails when klauspost/compress, used for one stream after
// the other, refuses what git and the standard library refuse. docs/decisions/inflate.md says
// what may go then.
func TestWhatKeepsALibraryFromDoingThis(t *testing.T) {
	copying := func(distances ...byte) []byte {
		return begun().lengths(some(258, map[int]byte{'a': 1, 256: 2, 257: 2}), distances).code("0 11 0 10").stream("aaaa")
	}
	sound, bad := copying(1), copying(0) // bad: no distance has a code, and one is used
	for _, c := range []struct {
		name    string
		first   []byte
		open    func(io.Reader) (io.ReadCloser, error)
		refuses bool
	}{
		{"the standard library, after a stream", sound, stdlib.NewReader, true},
		{"klauspost/compress, first of all", bad, klauspost.NewReader, true},
		{"klauspost/compress, after a stream", sound, klauspost.NewReader, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			z, err := c.open(bytes.NewReader(c.first))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.ReadAll(z) // an error of the first is no matter
			err = z.(klauspost.Resetter).Reset(bytes.NewReader(bad), nil)
			if err == nil {
				_, err = io.ReadAll(z)
			}
			if refuses := err != nil; refuses != c.refuses {
				t.Errorf("%v: refuses it %v, want %v", err, refuses, c.refuses)
			}
		})
	}
	var d Decoder
	content := make([]byte, len("aaaa"))
	if err := d.Fill(content, sound); err != nil {
		t.Fatal(err)
	}
	if err := d.Fill(content, bad); err == nil {
		t.Errorf("this package, after a stream, reads %q", content)
	}
}
