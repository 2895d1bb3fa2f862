package inflate

// The symbols of the two alphabets of RFC 1951, 3.2.5, as rows that say nothing of a code yet.
// Those that no block may use are there, since the fixed codes have codes for them.
type alphabets struct {
	literals  [mostSymbols]row // and lengths of copies
	distances [32]row
	steps     [19]row // of the lengths of codes: a length, or how often one comes again
}

const (
	endOfBlock   = 256
	firstLength  = 257
	lastLength   = 285 // is 258 bytes without anything behind it
	mostLiterals = 286 // that a block may use
	mostDistant  = 30
)

func (a *alphabets) make() {
	for i := range a.literals {
		a.literals[i] = rowNone
	}
	for i := range endOfBlock {
		a.literals[i] = rowLiteral | row(i<<valueShift)
	}
	a.literals[endOfBlock] = rowEnd
	numbers(a.literals[firstLength:lastLength], 3, 4)
	a.literals[lastLength] = row(258 << valueShift)
	for i := range a.distances {
		a.distances[i] = rowNone
	}
	numbers(a.distances[:mostDistant], 1, 2)
	for i := range longestCode + 1 {
		a.steps[i] = rowLiteral | row(i<<valueShift)
	}
	a.steps[16] = rowLast | number(3, 2)
	a.steps[17] = number(3, 3)
	a.steps[18] = number(11, 7)
}

// number is the row of a number from one on, with so many bits behind the code.
func number(from, extra int) row { return row(from<<valueShift | extra) }

// numbers gives rows to numbers from one on: twice as many as a step stand alone, and from then
// on each step has one bit more behind it.
func numbers(rows []row, from, step int) {
	for i := range rows {
		extra := max(0, i/step-1)
		rows[i] = number(from, extra)
		from += 1 << extra
	}
}
