package odb

// A cursor stands at the beginning of a line of a text.
type cursor struct {
	text   text
	i, off int // the piece, and where in it
}

// fromBase is where in the base the bytes at the cursor come from, and how many more there
// are side by side; -1 where they do not.
func (c *cursor) fromBase() (at, n int) {
	if c.i >= len(c.text.pieces) {
		return -1, 0
	}
	p := &c.text.pieces[c.i]
	if p.at == fresh {
		return -1, 0
	}
	return int(p.at) + c.off, len(p.bytes) - c.off
}

// baseLines are the lines of the base, from one on up to another, that the text has at the
// cursor; none where it does not have them from there. They are looked for from a line on.
func (c *cursor) baseLines(s starts, near int) (from, to int) {
	at, n := c.fromBase()
	if at < 0 {
		return 0, 0
	}
	if from = s.find(at, near); from < 0 {
		return 0, 0
	}
	return from, s.upto(at+n, from)
}

// line reads the line at the cursor; n is 0 where there is none.
func (c *cursor) line() (l line, n int) {
	if l, n = c.split(); n == 0 {
		l, n = c.joined()
	}
	return l, n
}

// split reads a line whose id may lie in several pieces, but not its name.
func (c *cursor) split() (l line, n int) {
	b := c.text.pieces[c.i].bytes[c.off:]
	if n = l.readHead(b); n == 0 {
		return line{}, 0
	}
	had := copy(l.id[:], b[n:])
	for _, p := range c.text.pieces[c.i+1:] {
		if had == len(l.id) {
			break
		}
		had += copy(l.id[had:], p.bytes)
	}
	if had < len(l.id) {
		return line{}, 0
	}
	return l, n + len(l.id)
}

// joined reads a line whose name lies in several pieces, of each of which it takes no more than a
// line is likely to need.
func (c *cursor) joined() (l line, n int) {
	const likely, most = 256, 1 << 16
	for room := likely; room <= most; room *= 16 {
		b, off := make([]byte, 0, room), c.off
		for _, p := range c.text.pieces[c.i:] {
			b = append(b, p.bytes[off:min(len(p.bytes), off+room-len(b))]...)
			off = 0
			if len(b) == room {
				break
			}
		}
		if l, n = readLine(b); n > 0 || len(b) < room {
			return l, n
		}
	}
	return line{}, 0
}

func (c *cursor) forward(n int) {
	for n > 0 {
		left := len(c.text.pieces[c.i].bytes) - c.off
		if n < left {
			c.off += n
			return
		}
		n -= left
		c.i, c.off = c.i+1, 0
	}
}
