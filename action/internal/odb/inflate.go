package odb

import (
	"errors"
	"fmt"

	"github.com/commrel/liaison/action/internal/inflate"
)

// An inflater undoes zlib, one object after the other.
type inflater struct{ z inflate.Decoder }

// A byte of zlib stands for at most so many: a longer claim is none that can be kept.
const mostRatio = 1032

// inflate gives the content of a stream at the beginning of src that must have exactly size
// bytes. Nothing is set aside for a size that src cannot have.
func (z *inflater) inflate(src []byte, size int) ([]byte, error) {
	if size > Largest {
		return nil, fmt.Errorf("%d bytes: %w", size, ErrTooLarge)
	}
	if size > len(src)*mostRatio {
		return nil, errors.New("corrupt: truncated")
	}
	b := make([]byte, size)
	return b, z.into(b, src)
}

// into fills b with the content of a stream, which must have exactly so many bytes.
func (z *inflater) into(b, src []byte) error {
	if err := z.z.Fill(b, src); err != nil {
		return corrupt(err)
	}
	return nil
}

// begin gives the first bytes of a stream, at most n.
func (z *inflater) begin(src []byte, n int) ([]byte, error) {
	b := make([]byte, n)
	n, err := z.z.Begin(b, src)
	if err != nil {
		return nil, corrupt(err)
	}
	return b[:n], nil
}

func corrupt(err error) error { return fmt.Errorf("corrupt: %w", err) }
