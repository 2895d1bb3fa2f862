package inflate

import (
	"errors"
)

// Codes are what a compressed block is written in.
type codes struct{ literals, distances table }

// How many bits are looked at first: the more, the longer a table takes to make, and the less
// often a second look is needed.
const (
	widestLiteral  = widest
	widestDistance = 8
	widestStep     = 7
)

var (
	errCodes   = errors.New("lengths that no code has")
	errLengths = errors.New("lengths of codes that cannot be read")
)

// prepare makes what every stream needs alike: the alphabets, and the fixed codes of RFC 1951,
// 3.2.6.
func (d *Decoder) prepare() {
	d.alphabets.make()
	var literals, distances shape
	for i := range mostSymbols {
		switch {
		case i < 144 || i >= 280:
			literals.give(i, 8)
		case i < 256:
			literals.give(i, 9)
		default:
			literals.give(i, 7)
		}
	}
	for i := range d.alphabets.distances {
		distances.give(i, 5)
	}
	d.fixed = &codes{}
	d.fixed.literals.build(&literals, d.alphabets.literals[:], widestLiteral)
	d.fixed.distances.build(&distances, d.alphabets.distances[:], widestDistance)
}

// readCodes reads the codes that a block brings (RFC 1951, 3.2.7).
func (d *Decoder) readCodes() error {
	literals, distances, steps := d.in.take(5)+firstLength, d.in.take(5)+1, d.in.take(4)+4
	if literals > mostLiterals || distances > mostDistant {
		return errLengths
	}
	if !d.readSteps(steps) {
		return errCodes
	}
	if !d.readLengths(literals, literals+distances) {
		return errLengths
	}
	a := &d.alphabets
	if !d.own.literals.build(&d.literals, a.literals[:], widestLiteral) ||
		!d.own.distances.build(&d.distances, a.distances[:], widestDistance) {
		return errCodes
	}
	return nil
}

// stepOrder is the order in which the lengths of the steps' codes come.
const stepOrder = "\x10\x11\x12\x00\x08\x07\x09\x06\x0a\x05\x0b\x04\x0c\x03\x0d\x02\x0e\x01\x0f"

// readSteps reads the code in which the lengths of the codes are written.
func (d *Decoder) readSteps(n int) bool {
	var lengths [len(stepOrder)]byte
	for i := range stepOrder[:n] {
		lengths[stepOrder[i]] = byte(d.in.take(3))
	}
	s := &d.literals // not in use yet
	s.clear()
	for step, length := range lengths {
		if length > 0 {
			s.give(step, length)
		}
	}
	return d.steps.build(s, d.alphabets.steps[:], widestStep)
}

// readLengths reads the lengths of the codes of both alphabets.
func (d *Decoder) readLengths(literals, all int) bool {
	d.literals.clear()
	d.distances.clear()
	for i, last := 0, -1; i < all; {
		n, length := d.step(last)
		if length < 0 || n > all-i {
			return false
		}
		if length > 0 {
			d.give(i, n, length, literals)
		}
		i, last = i+n, length
	}
	return true
}

// give gives codes of a length to n symbols from i on, where distances follow the literals.
func (d *Decoder) give(i, n, length, literals int) {
	for end := i + n; i < end; i++ {
		if i < literals {
			d.literals.give(i, byte(length))
		} else {
			d.distances.give(i-literals, byte(length))
		}
	}
}

// step reads how often a length comes: once, or the last one or 0 several times. The length is
// below 0 where there is no such step, or no last one.
func (d *Decoder) step(last int) (n, length int) {
	if d.in.n < longestStep {
		d.in.refill()
	}
	r := d.steps.first[d.in.b&d.steps.mask()%wide]
	switch {
	case r&rowNone != 0:
		return 1, -1
	case r&rowLiteral != 0:
		n, length = 1, r.value()
	case r&rowLast != 0:
		n, length = r.number(d.in.b), last
	default:
		n = r.number(d.in.b)
	}
	d.in.drop(r.pass())
	return n, length
}

// longestStep is how many bits a step has at most, with the number behind its code.
const longestStep = widestStep + 7
