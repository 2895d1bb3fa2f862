package inflate

import "math/bits"

// A row is what the next bits of the input stand for:
//
//	bits 0–5    how many bits to pass over: the code's, and those of the number behind it
//	bits 8–11   the code's alone; of a row that points on, how many bits choose there
//	bits 12–14  what it is, where it is neither a literal nor a number
//	bits 16–30  the literal, the least number, or where in more the row points
//	bit 31      it is a literal
type row uint32

const (
	rowLiteral row = 1 << 31
	rowOn      row = 1 << 14 // points to rows of more
	rowEnd     row = 1 << 13 // end of block
	rowLast    row = rowEnd  // of a step: the last length comes again
	rowNone    row = 1 << 12 // no code is so
	rowOther       = rowOn | rowEnd | rowNone

	valueShift = 16
	ownShift   = 8
	perBit     = 1<<ownShift | 1 // times the length of a code: what a row says of it
)

func (r row) pass() uint { return uint(r & 63) }

func (r row) own() uint { return uint(r >> ownShift & 15) }

func (r row) value() int { return int(r &^ rowLiteral >> valueShift) }

// number is the least number, and what the bits behind the code add to it.
func (r row) number(b uint64) int {
	return r.value() + int(b&(1<<r.pass()-1)>>r.own())
}

// Widest is how many bits of a code are looked at first at most.
const widest, wide = 10, 1 << widest

// A table finds the row of a code by its first bits, and that of a long code by a second look,
// at those behind them. Codes are read from their highest bit, which comes first, and so lowest,
// in the input: rows lie where their codes turned round say.
type table struct {
	first [wide]row
	bits  uint // how many bits choose of first
	more  []row
}

// mask leaves of the input's next bits those that choose of first.
func (t *table) mask() uint64 { return 1<<t.bits - 1 }

// second is the row of the code that b begins with, where that is not in first.
func (t *table) second(r row, b uint64) row {
	return t.more[uint64(r.value())+b&(1<<r.own()-1)]
}

// build makes the table of a code from its symbols' rows, which say nothing of the code yet. At
// most so many bits choose first. It says no to a shape that no whole code has.
func (t *table) build(s *shape, symbols []row, bits uint) bool {
	if !s.whole() {
		return false
	}
	longest := s.order()
	t.bits, t.more = max(1, min(bits, longest)), t.more[:0]
	code, next := t.short(s, symbols)
	for n := t.bits + 1; n <= longest; n++ {
		code = t.long(s, n, code, s.ordered[next:next+s.counts[n]], symbols)
		next += s.counts[n]
	}
	return true
}

// short makes the rows of the codes that first has room for. It doubles the part that is in use
// whenever codes get longer by a bit, for which that bit is yet to choose nothing. Code is the
// one that comes next, and next its place in the order.
func (t *table) short(s *shape, symbols []row) (code uint, next int) {
	t.first[0] = rowNone
	for n := uint(1); n <= t.bits; n++ {
		half := 1 << (n - 1)
		copy(t.first[half:2*half], t.first[:half])
		for _, symbol := range s.ordered[next : next+s.counts[n]] {
			t.first[code%wide] = symbols[symbol] + row(n*perBit)
			code = after(code, n)
		}
		next += s.counts[n]
	}
	return code, next
}

// long makes the rows of the codes of n bits, which are more than choose first, and points to
// them from there.
func (t *table) long(s *shape, n, code uint, ordered []uint16, symbols []row) (next uint) {
	for i, symbol := range ordered {
		on := &t.first[uint64(code)&t.mask()]
		if *on&rowOn == 0 {
			*on = t.extend(s.room(n, t.bits, len(ordered)-i))
		}
		part := t.more[on.value():]
		for at := code >> t.bits; at < 1<<on.own(); at += 1 << (n - t.bits) {
			part[at] = symbols[symbol] + row((n-t.bits)*perBit)
		}
		code = after(code, n)
	}
	return code
}

// extend adds rows for so many bits to more, and gives the row that points to them.
func (t *table) extend(bits uint) row {
	from := len(t.more)
	for range 1 << bits {
		t.more = append(t.more, rowNone)
	}
	return rowOn | row(from<<valueShift) | row(bits<<ownShift) | row(t.bits)
}

// after is the code of n bits that follows one, both turned round. After the last comes the
// first.
func after(code, n uint) uint {
	zeros := ^code & (1<<n - 1)
	if zeros == 0 {
		return 0
	}
	top := uint(1) << (bits.Len(zeros) - 1)
	return code&(top-1) | top
}
