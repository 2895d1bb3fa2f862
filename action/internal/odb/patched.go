package odb

// A patched is a tree as the base of its text with edits: two trees of one base are compared by
// their edits alone, and a delta that brings a line is read once, however often its tree is
// compared.
type patched struct {
	base   *base
	starts starts // of base
	edits  []edit // in order
	names  []byte // of the lines in edits
}

// An edit is what a tree has, or has not, where it differs from its base.
type edit struct {
	at   int32 // the line of the base before which it stands
	drop int32 // how many lines of the base, from there on, the tree does not have
	has  bool  // it has this line there: before what it drops, or, if that is one line, for it
	line line
}

// mostEdits is how many edits a tree may have: beyond that it is its own base.
const mostEdits = 4096

// lines is how many lines the base has.
func (p *patched) lines() int { return len(p.starts) - 1 }

// bytes are the lines of the base from one on up to another.
func (p *patched) bytes(from, to int) []byte { return p.base.bytes[p.starts[from]:p.starts[to]] }

// baseLine is a line of the base.
func (p *patched) baseLine(i int) line {
	l, _ := readLine(p.base.bytes[p.starts[i]:])
	return l
}

// read takes a text for a tree. It says no where the text is none, or is out of order.
func (p *patched) read(t text) bool {
	if t.base != nil && p.patch(t) {
		return true
	}
	whole := flat(t.whole())
	p.base, p.starts, p.edits = whole.base, whole.base.entriesOf(), p.edits[:0]
	return p.starts != nil
}

// patch finds the edits of a text. It also says no where there are too many, or where the base
// is out of order.
func (p *patched) patch(t text) bool {
	p.base, p.starts, p.edits, p.names = t.base, t.base.entriesOf(), p.edits[:0], p.names[:0]
	if p.starts == nil {
		return false
	}
	c, at := cursor{text: t}, 0
	for c.i < len(t.pieces) && len(p.edits) < mostEdits {
		if from, to := c.baseLines(p.starts, at); from < to {
			if from < at {
				return false
			}
			p.drop(at, from)
			c.forward(int(p.starts[to] - p.starts[from]))
			at = to
			continue
		}
		l, n := c.line()
		if n == 0 {
			return false
		}
		if at = p.bring(at, l); at < 0 {
			return false
		}
		c.forward(n)
	}
	p.drop(at, p.lines())
	return c.i == len(t.pieces)
}

// drop adds that the tree does not have some lines of the base.
func (p *patched) drop(from, to int) {
	if from >= to {
		return
	}
	if last := len(p.edits) - 1; last >= 0 && !p.edits[last].has && int(p.edits[last].at+p.edits[last].drop) == from {
		p.edits[last].drop += int32(to - from)
		return
	}
	p.edits = append(p.edits, edit{at: int32(from), drop: int32(to - from)})
}

// bring adds a line. At is the first line of the base that comes after all lines of the tree so
// far, and so is what it gives; below 0 where the line is out of order.
func (p *patched) bring(at int, l line) int {
	from, order := at, -1
	var b line
	for ; at < p.lines(); at++ {
		b = p.baseLine(at)
		if order = l.compare(b); order <= 0 {
			break
		}
	}
	p.drop(from, at)
	switch {
	case at < p.lines() && order == 0:
		if !l.same(b) {
			p.add(at, 1, l)
		}
		return at + 1
	case !p.after(at, l):
		return -1
	}
	p.add(at, 0, l)
	return at
}

// add adds that the tree has a line. The name is copied, so that no delta is kept for it.
func (p *patched) add(at int, drop int32, l line) {
	from := len(p.names)
	p.names = append(p.names, l.name...)
	l.name = p.names[from:]
	p.edits = append(p.edits, edit{int32(at), drop, true, l})
}

// after reports whether a line comes after all lines of the tree so far, the next line of the
// base being at.
func (p *patched) after(at int, l line) bool {
	if last := len(p.edits) - 1; last >= 0 && p.edits[last].has && p.edits[last].drop == 0 && int(p.edits[last].at) == at {
		return p.edits[last].line.compare(l) < 0
	}
	return at == 0 || p.baseLine(at-1).compare(l) < 0
}

// cost is about how many bytes of memory the tree takes.
func (p *patched) cost() int {
	const perEdit = 64
	return p.base.cost() + cap(p.edits)*perEdit + cap(p.names)
}
