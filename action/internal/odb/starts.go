package odb

// Starts are where the lines of a tree begin, and where the last one ends. There are none
// where it is no tree, or its lines are out of order.
type starts []int32

// entriesOf finds where a base's entries begin, once.
func (b *base) entriesOf() starts {
	if b.entries == nil {
		s := startsOf(b.bytes)
		b.entries = &s
	}
	return *b.entries
}

func startsOf(b []byte) starts {
	const typical = 48 // bytes of one line
	at := make(starts, 1, len(b)/typical+2)
	var last line
	for off := 0; off < len(b); {
		l, n := readLine(b[off:])
		if n == 0 || off > 0 && last.compare(l) >= 0 {
			return nil
		}
		off += n
		at = append(at, int32(off))
		last = l
	}
	return at
}

// line is a line of a base, one of its entries.
func (b *base) line(i int) line {
	l, _ := readLine(b.bytes[b.entriesOf()[i]:])
	return l
}

// upto is the last place whose offset is at most off, looked for from a place on.
func (s starts) upto(off, from int) int {
	if from >= len(s) || int(s[from]) > off {
		from = 0
	}
	step := 1
	for from+step < len(s) && int(s[from+step]) <= off {
		from += step
		step *= 2
	}
	low, high := from, min(from+step, len(s)) // s[low] <= off, s[high] > off
	for high-low > 1 {
		mid := (low + high) / 2
		if int(s[mid]) <= off {
			low = mid
		} else {
			high = mid
		}
	}
	if len(s) == 0 || int(s[low]) > off {
		return -1
	}
	return low
}
