package inflate

// A shape is what makes a canonical code (RFC 1951, 3.2.2): how long the codes of the symbols
// are, of those that have one. Its zero value has none; after use it is cleared, which is less
// work than to make another.
type shape struct {
	given   [mostSymbols]uint16 // symbol and length, in the order of the alphabet
	n       int                 // how many are given
	counts  [longestCode + 1]int
	ordered [mostSymbols]uint16 // symbols by the length of their codes
}

const (
	longestCode = 15  // in bits
	mostSymbols = 288 // of an alphabet
	lengthBits  = 4   // that a length takes in given
)

func (s *shape) clear() { s.n, s.counts = 0, [longestCode + 1]int{} }

// give gives a symbol, one after all those given before, a code of 1 to 15 bits.
func (s *shape) give(symbol int, length byte) {
	length &= longestCode
	s.given[s.n] = uint16(symbol<<lengthBits) | uint16(length)
	s.n++
	s.counts[length]++
}

// whole reports whether every row of bits begins with exactly one code, or there is at most
// one code, of one bit.
func (s *shape) whole() bool {
	if s.n <= 1 {
		return s.n == s.counts[1]
	}
	left := 1 // how many codes of so many bits could still be given
	for _, n := range s.counts[1:] {
		if left = 2*left - n; left < 0 {
			return false
		}
	}
	return left == 0
}

// order orders the symbols. Longest is how many bits the longest code has.
func (s *shape) order() (longest uint) {
	var next [longestCode + 1]int
	at := 0
	for n, count := range s.counts {
		next[n] = at
		if at += count; count > 0 {
			longest = uint(n)
		}
	}
	for _, g := range s.given[:s.n] {
		n := g & longestCode
		s.ordered[next[n]] = g >> lengthBits
		next[n]++
	}
	return longest
}

// room is how many bits, beyond those that choose first, tell all codes apart that begin like
// the next one, of n bits, of which length there are still so many.
func (s *shape) room(n, first uint, left int) uint {
	for n < longestCode && left < 1<<(n-first) {
		n++
		left = 2*left + s.counts[n]
	}
	return n - first
}
