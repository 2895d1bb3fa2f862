package inflate

import "encoding/binary"

// An input is bytes read as bits, the lowest of each byte first. Behind their end it gives zeros:
// whoever has used some of those is told at the end of a block, not at every bit.
type input struct {
	src []byte
	pos int    // of the next byte; beyond src where zeros were given
	b   uint64 // what was taken from src and not used, the next bit lowest
	n   uint   // how many bits of b count
}

// enough is how many bits there are at least after a refill.
const enough = 56

// refill takes bytes until there are enough bits. It works on copies of an input's fields, which
// so can stay in registers.
func refill(src []byte, pos int, b uint64, n uint) (int, uint64, uint) {
	if pos+8 > len(src) {
		return refillAtEnd(src, pos, b, n)
	}
	b |= binary.LittleEndian.Uint64(src[pos:]) << (n & 63)
	return pos + int(63-n)>>3, b, n | enough
}

func refillAtEnd(src []byte, pos int, b uint64, n uint) (int, uint64, uint) {
	for ; n <= enough; n += 8 {
		if pos < len(src) {
			b |= uint64(src[pos]) << n
		}
		pos++
	}
	return pos, b, n
}

func (in *input) refill() { in.pos, in.b, in.n = refill(in.src, in.pos, in.b, in.n) }

// drop passes over bits that are there.
func (in *input) drop(bits uint) {
	in.b >>= bits & 63
	in.n -= bits
}

// take gives the next bits, at most 16.
func (in *input) take(bits uint) int {
	if in.n < bits {
		in.refill()
	}
	v := in.b & (1<<bits - 1)
	in.drop(bits)
	return int(v)
}

// toByte goes on to the next whole byte of src, and lets go of the bits taken before.
func (in *input) toByte() {
	in.pos -= int(in.n / 8)
	in.b, in.n = 0, 0
}

// rest is what follows the bits that were used, from the next whole byte on.
func (in *input) rest() []byte {
	in.toByte()
	return in.src[min(in.pos, len(in.src)):]
}

// blame is an error, or that the input is truncated where bits behind its end were used.
func (in *input) blame(err error) error {
	if in.pos-int(in.n/8) > len(in.src) {
		return errTruncated
	}
	return err
}
