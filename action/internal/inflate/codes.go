package inflate

import (
	"bytes"
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
	var lengths [mostSymbols]byte
	for i := range lengths {
		switch {
		case i < 144 || i >= 280:
			lengths[i] = 8
		case i < 256:
			lengths[i] = 9
		default:
			lengths[i] = 7
		}
	}
	d.fixed = &codes{}
	d.fixed.literals.build(lengths[:], d.alphabets.literals[:], widestLiteral)
	d.fixed.distances.build(bytes.Repeat([]byte{5}, 32), d.alphabets.distances[:], widestDistance)
}

// readCodes reads the codes that a block brings (RFC 1951, 3.2.7).
func (d *Decoder) readCodes() error {
	literals, distances := d.in.take(5)+firstLength, d.in.take(5)+1
	if literals > mostLiterals || distances > mostDistant {
		return errLengths
	}
	if !d.readSteps(d.in.take(4) + 4) {
		return errCodes
	}
	all := d.lengths[:literals+distances]
	if !d.readLengths(all) {
		return errLengths
	}
	a := &d.alphabets
	if !d.own.literals.build(all[:literals], a.literals[:], widestLiteral) ||
		!d.own.distances.build(all[literals:], a.distances[:], widestDistance) {
		return errCodes
	}
	return nil
}

// stepOrder is the order in which the lengths of the steps' codes come.
const stepOrder = "\x10\x11\x12\x00\x08\x07\x09\x06\x0a\x05\x0b\x04\x0c\x03\x0d\x02\x0e\x01\x0f"

// readSteps reads the code in which the lengths of the codes are written.
func (d *Decoder) readSteps(n int) bool {
	var lengths [len(stepOrder)]byte
	for i := range n {
		lengths[stepOrder[i]] = byte(d.in.take(3))
	}
	return d.steps.build(lengths[:], d.alphabets.steps[:], widestStep)
}

// readLengths reads lengths step by step: one length, or how often the last one or 0 comes again.
func (d *Decoder) readLengths(all []byte) bool {
	for i := 0; i < len(all); {
		step := d.step()
		if step < lastAgain {
			all[i] = byte(step)
			i++
			continue
		}
		var length byte
		if step == lastAgain && i > 0 {
			length = all[i-1]
		}
		n := d.again(step)
		if n > len(all)-i || step == lastAgain && i == 0 {
			return false
		}
		for end := i + n; i < end; i++ {
			all[i] = length
		}
	}
	return true
}

// The steps that stand for several lengths. All lower ones are lengths; noStep is none.
const lastAgain, fewZeros, manyZeros, noStep = 16, 17, 18, 19

// step reads one step.
func (d *Decoder) step() int {
	if d.in.n < widestStep {
		d.in.refill()
	}
	r := d.steps.first[d.in.b&(1<<d.steps.bits-1)%wide]
	if r&rowNone != 0 {
		return noStep
	}
	d.in.drop(r.pass())
	return r.value()
}

// again reads how often a step's length comes; too often where there is no such step.
func (d *Decoder) again(step int) int {
	switch step {
	case lastAgain:
		return 3 + d.in.take(2)
	case fewZeros:
		return 3 + d.in.take(3)
	case manyZeros:
		return 11 + d.in.take(7)
	}
	return mostLiterals + mostDistant + 1
}
