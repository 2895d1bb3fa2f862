// Package inflate turns a zlib stream (RFC 1950, with DEFLATE of RFC 1951 in it) at the beginning
// of some bytes into its content, in one go: the content's size is known beforehand, as Git knows
// it of every object, so nothing is set aside beyond the slice to fill.
//
// It takes and refuses the same streams as compress/zlib, but that one which wants a preset
// dictionary is always refused. No stream makes it panic or write beyond the slice. Why it is
// there beside the libraries: docs/decisions/inflate.md.
package inflate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/adler32"
)

// A Decoder undoes zlib, one stream after the other. Its zero value is ready; it is not for use
// by several goroutines at once.
type Decoder struct {
	in  input
	dst []byte
	at  int // how many bytes of dst are filled

	alphabets           alphabets
	fixed               *codes // nil until first used
	own                 codes  // of the block at hand
	steps               table  // of the lengths of its codes
	literals, distances shape  // of its codes
}

var (
	errTruncated = errors.New("truncated")
	errHeader    = errors.New("it does not begin as zlib does")
	errPreset    = errors.New("it wants a dictionary that nobody has")
	errChecksum  = errors.New("its checksum is not that of its content")

	errFull = errors.New("more than was asked for") // never leaves this package
)

// Fill fills dst with the content of the stream at the beginning of src, which must have exactly
// that many bytes. What follows the stream is not looked at. After an error what is in dst counts
// for nothing.
func (d *Decoder) Fill(dst, src []byte) error {
	err := d.run(dst, src)
	switch {
	case err == errFull:
		return fmt.Errorf("more than the %d bytes that it claims", len(dst))
	case err != nil:
		return err
	case d.at < len(dst):
		return fmt.Errorf("%d bytes and not the %d that it claims", d.at, len(dst))
	}
	rest := d.in.rest()
	if len(rest) < adler32.Size {
		return errTruncated
	}
	if binary.BigEndian.Uint32(rest) != adler32.Checksum(dst) {
		return errChecksum
	}
	return nil
}

// Begin fills dst with the first bytes of the content, and gives how many there are. What
// comes after them need not be sound.
func (d *Decoder) Begin(dst, src []byte) (n int, err error) {
	if err := d.run(dst, src); err != nil && err != errFull {
		return 0, err
	}
	return d.at, nil
}

// run decodes blocks until the last one ends. Its error is errFull when dst is full before that.
func (d *Decoder) run(dst, src []byte) error {
	if err := checkHeader(src); err != nil {
		return err
	}
	if d.fixed == nil {
		d.prepare()
	}
	d.in, d.dst, d.at = input{src: src, pos: 2}, dst, 0
	for last := false; !last; {
		var err error
		if last, err = d.block(); err != nil {
			return d.in.blame(err)
		}
	}
	return d.in.blame(nil)
}

// checkHeader sees that the first two bytes are those of zlib: its method, a window of at most
// 32 KiB, a check, and no dictionary.
func checkHeader(src []byte) error {
	const deflate, mostWindow, preset = 8, 7, 0x20
	switch {
	case len(src) < 2:
		return errTruncated
	case src[0]&15 != deflate || src[0]>>4 > mostWindow || binary.BigEndian.Uint16(src)%31 != 0:
		return errHeader
	case src[1]&preset != 0:
		return errPreset
	}
	return nil
}
