package odb

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
)

// An inflater undoes zlib, one object after the other.
type inflater struct {
	src bytes.Reader
	z   io.ReadCloser // nil until first used
}

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
	if err := z.open(src); err != nil {
		return nil, err
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(z.z, b); err != nil {
		return nil, corrupt(err)
	}
	var more [1]byte
	switch n, err := z.z.Read(more[:]); {
	case n > 0:
		return nil, fmt.Errorf("corrupt: more than the %d bytes that it claims", size)
	case err != io.EOF:
		return nil, corrupt(err)
	}
	return b, nil
}

// begin gives the first bytes of a stream, at most n.
func (z *inflater) begin(src []byte, n int) ([]byte, error) {
	if err := z.open(src); err != nil {
		return nil, err
	}
	b := make([]byte, n)
	n, err := io.ReadFull(z.z, b)
	if err != nil && err != io.ErrUnexpectedEOF {
		return nil, corrupt(err)
	}
	return b[:n], nil
}

func (z *inflater) open(src []byte) (err error) {
	z.src.Reset(src)
	if z.z == nil {
		z.z, err = zlib.NewReader(&z.src)
	} else {
		err = z.z.(zlib.Resetter).Reset(&z.src, nil)
	}
	if err != nil {
		z.z = nil
		return corrupt(err)
	}
	return nil
}

func corrupt(err error) error { return fmt.Errorf("corrupt: %w", err) }
