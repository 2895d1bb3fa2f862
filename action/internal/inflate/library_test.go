package inflate

import (
	"bytes"
	"io"
	"testing"

	stdlib "compress/zlib"

	klauspost "github.com/klauspost/compress/zlib"
)

// TestWhatKeepsALibraryFromDoingThis fails when klauspost/compress refuses what git and the
// standard library refuse, whatever it has read before. docs/decisions/inflate.md says what may
// go then.
func TestWhatKeepsALibraryFromDoingThis(t *testing.T) {
	copying := func(w *writer, distance byte) *writer { // 0: no distance has a code, and one is used
		return w.lengths(some(258, map[int]byte{'a': 1, 256: 2, 257: 2}), []byte{distance}).code("0 11 0 10")
	}
	sound, bad := copying(begun(), 1).stream("aaaa"), copying(begun(), 0).stream("aaaa")
	behind := copying(copying(new(writer).num(0, 1), 1).num(1, 1), 0).stream("aaaaaaaa")
	for _, c := range []struct {
		name        string
		first, then []byte
		open        func(io.Reader) (io.ReadCloser, error)
		refuses     bool
	}{
		{"the standard library, after a stream", sound, bad, stdlib.NewReader, true},
		{"the standard library, after a block", bad, behind, stdlib.NewReader, true},
		{"klauspost/compress, after nothing", bad, bad, klauspost.NewReader, true},
		{"klauspost/compress, after a stream", sound, bad, klauspost.NewReader, false},
		{"klauspost/compress, after a block", bad, behind, klauspost.NewReader, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			z, err := c.open(bytes.NewReader(c.first))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.ReadAll(z) // an error of the first is no matter
			err = z.(klauspost.Resetter).Reset(bytes.NewReader(c.then), nil)
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
	if err := d.Fill(make([]byte, 2*len(content)), behind); err == nil {
		t.Error("this package reads it after a block")
	}
}
