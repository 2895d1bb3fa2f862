package inflate

import "errors"

var (
	errKind     = errors.New("a block of no kind that there is")
	errStored   = errors.New("a stored block whose length is not what it says twice")
	errNoCode   = errors.New("bits that are no code")
	errDistance = errors.New("a copy from before the content begins")
)

// block decodes one block.
func (d *Decoder) block() (last bool, err error) {
	const stored, fixed, own = 0, 1, 2
	last = d.in.take(1) == 1
	switch d.in.take(2) {
	case stored:
		return last, d.stored()
	case fixed:
		return last, d.coded(d.fixed)
	case own:
		if err := d.readCodes(); err != nil {
			return false, err
		}
		return last, d.coded(&d.own)
	}
	return false, errKind
}

// stored copies a block that is not compressed.
func (d *Decoder) stored() error {
	b := d.in.rest()
	if len(b) < 4 {
		return errTruncated
	}
	n := int(b[0]) | int(b[1])<<8
	if n^0xffff != int(b[2])|int(b[3])<<8 {
		return errStored
	}
	b = b[4:]
	copied := copy(d.dst[d.at:], b[:min(n, len(b))])
	d.at += copied
	d.in.pos += 4 + copied
	switch {
	case copied == n:
		return nil
	case copied == len(b):
		return errTruncated
	}
	return errFull
}

// coded decodes a block of literals and of copies of what came before. All that changes with
// every symbol is kept in variables, which is why this is one long function.
func (d *Decoder) coded(c *codes) error {
	src, dst, at := d.in.src, d.dst, d.at
	pos, b, n := d.in.pos, d.in.b, d.in.n
	literals, distances := c.literals.mask(), c.distances.mask()
	err := errNoCode
	for {
		if n < longestPair {
			pos, b, n = refill(src, pos, b, n)
		}
		r := c.literals.first[b&literals%wide]
		if r&rowOn != 0 {
			b, n = b>>r.pass(), n-r.pass()
			r = c.literals.second(r, b)
		}
		if r&rowNone != 0 {
			break
		}
		now := b
		b, n = b>>r.pass(), n-r.pass()
		if r&rowLiteral != 0 {
			if at >= len(dst) {
				err = errFull
				break
			}
			dst[at] = byte(r >> valueShift)
			at++
			continue
		}
		if r&rowEnd != 0 {
			err = nil
			break
		}
		length := r.number(now)
		if r = c.distances.first[b&distances%wide]; r&rowOn != 0 {
			b, n = b>>r.pass(), n-r.pass()
			r = c.distances.second(r, b)
		}
		if r&rowNone != 0 {
			break
		}
		distance := r.number(b)
		b, n = b>>r.pass(), n-r.pass()
		if distance > at {
			err = errDistance
			break
		}
		if length <= short && distance >= short && at+short <= len(dst) {
			*(*[short]byte)(dst[at:]) = *(*[short]byte)(dst[at-distance:])
			at += length
			continue
		}
		copied := repeat(dst, at, distance, length)
		at += copied
		if copied < length {
			err = errFull
			break
		}
	}
	d.at, d.in.pos, d.in.b, d.in.n = at, pos, b, n
	return err
}

// longestPair is how many bits a length and a distance have together at most.
const longestPair = longestCode + 5 + longestCode + 13

// short is how many bytes are copied at once where that many cost no more than fewer do: those
// beyond the length are written again by what comes next.
const short = 16

// repeat copies bytes of dst, from a distance before, to a place, as many as there is room for,
// and gives how many. What is copied may be copied again.
func repeat(dst []byte, to, distance, length int) int {
	length = min(length, len(dst)-to)
	dst = dst[to-distance : to+length]
	for distance < len(dst) {
		distance += copy(dst[distance:], dst[:distance])
	}
	return length
}
