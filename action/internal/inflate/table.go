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
	return r.value() + int(b&(1<<(r.pass()&63)-1)>>r.own())
}

const (
	longestCode  = 15              // in bits
	mostSymbols  = 288             // of an alphabet
	widest, wide = 10, 1 << widest // bits of a code that are looked at first
)

// A table finds the row of a code by its first bits, and that of a long code by a second look,
// at those behind them. Codes are read from their highest bit, which comes first, and so lowest,
// in the input: rows lie where their codes turned round say.
type table struct {
	first [wide]row
	bits  uint // how many bits choose of first
	more  []row
}

// row is the row of the code that b begins with, where that is not in first.
func (t *table) second(r row, b uint64) row {
	return t.more[uint64(r.value())+b&(1<<r.own()-1)]
}

// build makes the table of a canonical code (RFC 1951, 3.2.2) from the lengths of its symbols'
// codes, 0 for a symbol without one, and from the symbols' rows, which say nothing of the code
// yet. At most so many bits choose first. It says no to lengths that are none of a whole code;
// one code alone, of one bit, is taken as well, and so is none.
func (t *table) build(lengths []byte, symbols []row, bits uint) bool {
	var s sorted
	s.sort(lengths)
	if !s.whole() {
		return false
	}
	t.bits, t.more = max(1, min(bits, s.longest)), t.more[:0]
	code := t.short(&s, symbols)
	t.long(&s, symbols, code)
	return true
}

// short makes the rows of the codes that first has room for. It doubles the part that is in use
// whenever codes get longer by a bit, for which that bit is yet to choose nothing. Code is the
// one that comes next.
func (t *table) short(s *sorted, symbols []row) (code uint) {
	t.first[0] = rowNone
	next := 0
	for n := uint(1); n <= t.bits; n++ {
		half := 1 << (n - 1)
		copy(t.first[half:2*half], t.first[:half])
		for _, symbol := range s.symbols[next:s.until[n]] {
			t.first[code%wide] = symbols[symbol] + row(n*perBit)
			code = after(code, n)
		}
		next = s.until[n]
	}
	return code
}

// long makes the rows of the codes that are longer, and points to them from first.
func (t *table) long(s *sorted, symbols []row, code uint) {
	var part []row // of more: the rows of the codes that begin alike
	mask, next := uint(1)<<t.bits-1, s.until[t.bits]
	for n := t.bits + 1; n <= s.longest; n++ {
		for ; next < s.until[n]; next++ {
			if part == nil || t.first[code&mask] != t.on(part) {
				part = t.extend(s.room(n, next, t.bits))
				t.first[code&mask] = t.on(part)
			}
			for at := code >> t.bits; at < uint(len(part)); at += 1 << (n - t.bits) {
				part[at] = symbols[s.symbols[next]] + row((n-t.bits)*perBit)
			}
			code = after(code, n)
		}
	}
}

// extend adds rows for so many bits to more.
func (t *table) extend(bits uint) []row {
	from := len(t.more)
	for range 1 << bits {
		t.more = append(t.more, rowNone)
	}
	return t.more[from:]
}

// on is the row that points to the last part of more.
func (t *table) on(part []row) row {
	chosen := bits.Len(uint(len(part))) - 1
	return rowOn | row((len(t.more)-len(part))<<valueShift) | row(chosen<<ownShift) | row(t.bits)
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

// Sorted is the symbols of a code by the lengths of their codes.
type sorted struct {
	symbols [mostSymbols]uint16
	until   [longestCode + 1]int // how many symbols have codes of at most so many bits
	longest uint
}

func (s *sorted) sort(lengths []byte) {
	var counts, next [longestCode + 1]int
	for _, n := range lengths {
		counts[n&longestCode]++
	}
	for n := uint(1); n <= longestCode; n++ {
		next[n] = s.until[n-1]
		s.until[n] = next[n] + counts[n]
		if counts[n] > 0 {
			s.longest = n
		}
	}
	for symbol, n := range lengths {
		if n &= longestCode; n > 0 {
			s.symbols[next[n]] = uint16(symbol)
			next[n]++
		}
	}
}

// whole reports whether every row of bits begins with exactly one code, or there is at most
// one code, of one bit.
func (s *sorted) whole() bool {
	if s.longest <= 1 && s.until[longestCode] <= 1 {
		return true
	}
	left := 1 // how many codes of so many bits could still be given
	for n := 1; n <= longestCode; n++ {
		if left = 2*left - (s.until[n] - s.until[n-1]); left < 0 {
			return false
		}
	}
	return left == 0
}

// room is how many bits, beyond those that choose first, tell all codes apart that begin like
// the next one, which has n bits.
func (s *sorted) room(n uint, next int, first uint) uint {
	used := s.until[n] - next
	for n < s.longest && used < 1<<(n-first) {
		n++
		used = 2*used + s.until[n] - s.until[n-1]
	}
	return n - first
}
