package odb

import (
	"bytes"
	"sort"
)

// A treeChange makes the text of a tree from that of another by a delta, so that it is lined
// again: of the lines, only those that the delta brings, or cuts, are read. It is there to be
// used again and again.
type treeChange struct {
	from, into text
	starts     starts // of the base
	room       int    // how many pieces the text may be in
	near       int    // the line of the base that was looked for last
	seam       bool   // the next line need not come after the last one as it does in from
	cut        []byte // the beginning of a line of which more is to come
}

// longestCut is how many bytes of a line are held at most before all of it is there.
const longestCut = 1 << 10

// change applies the orders of a delta to a lined text. It says no where they do not make a lined
// text of the size, or one in too many pieces; what is wrong with them is not its to say.
func (c *treeChange) change(t text, orders []byte, size int) (text, bool) {
	room := roomy(size)
	*c = treeChange{from: t, into: text{base: t.base, lined: true}, starts: t.lines(), room: room, cut: c.cut[:0]}
	if c.starts == nil {
		return text{}, false
	}
	c.into.pieces = make([]piece, 0, min(len(t.pieces)+8, room+1))
	for len(orders) > 0 {
		o, rest, err := nextOrder(orders, t.size)
		if err != nil || !c.do(o) || c.into.size > size {
			return text{}, false
		}
		orders = rest
	}
	return c.into, len(c.cut) == 0 && c.into.size == size
}

// do follows one order.
func (c *treeChange) do(o order) bool {
	if o.bring != nil {
		return c.bring(o.bring)
	}
	return c.copy(o.from, o.n)
}

// bring adds bytes. Lines that they end are pieces of their own.
func (c *treeChange) bring(b []byte) bool {
	c.cut = append(c.cut, b...)
	rest := c.cut
	for len(rest) > 0 {
		l, n := readLine(rest)
		if n == 0 {
			break
		}
		if !c.follows(l) {
			return false
		}
		c.add(bytes.Clone(rest[:n]), fresh)
		rest = rest[n:]
	}
	c.cut = append(c.cut[:0], rest...)
	return len(c.cut) <= longestCut && len(c.into.pieces) <= c.room
}

// add adds whole lines.
func (c *treeChange) add(b []byte, at int32) {
	c.into.add(b, at)
	c.into.size += len(b)
}

// copy adds n bytes of the text that is changed, from an offset.
func (c *treeChange) copy(from, n int) bool {
	pieces := c.from.pieces
	i := sort.Search(len(pieces), func(i int) bool { return int(pieces[i].start) > from }) - 1
	c.seam = true
	for ; n > 0; i++ {
		p := &pieces[i]
		skip := from - int(p.start)
		take := min(n, len(p.bytes)-skip)
		if !c.copyOf(p, skip, take) || len(c.into.pieces) > c.room {
			return false
		}
		from, n = from+take, n-take
	}
	return true
}

// copyOf adds a part of a piece.
func (c *treeChange) copyOf(p *piece, from, n int) bool {
	switch {
	case n == len(p.bytes) && !c.seam: // and so nothing is cut
		c.add(p.bytes, p.at)
		return true
	case p.at != fresh:
		return c.copyBase(int(p.at)+from, int(p.at)+from+n)
	case len(c.cut) > 0 || n < len(p.bytes):
		return c.bring(p.bytes[from : from+n])
	}
	c.seam = false
	l, _ := readLine(p.bytes)
	if !c.follows(l) {
		return false
	}
	c.add(p.bytes, fresh)
	return true
}

// copyBase adds bytes of the base, from an offset up to another: what ends a line that is cut,
// whole lines, and what begins another.
func (c *treeChange) copyBase(from, to int) bool {
	line := c.starts.upto(from, c.near)
	for from < to && (len(c.cut) > 0 || int(c.starts[line]) < from) {
		end := min(to, int(c.starts[line+1]))
		if !c.bring(c.from.base.bytes[from:end]) {
			return false
		}
		from = end
		if from == int(c.starts[line+1]) {
			line++
		}
	}
	after := c.starts.upto(to, line)
	c.near = after
	if from < to && line < after {
		if c.seam && !c.follows(c.from.base.line(line)) {
			return false
		}
		c.seam = false
		end := int(c.starts[after])
		c.add(c.from.base.bytes[from:end], int32(from))
		from = end
	}
	return from == to || c.bring(c.from.base.bytes[from:to])
}

// follows reports whether a line may come next: after the last one.
func (c *treeChange) follows(l line) bool {
	last := len(c.into.pieces) - 1
	if last < 0 {
		return true
	}
	p := &c.into.pieces[last]
	if p.at == fresh {
		before, _ := readLine(p.bytes)
		return before.compare(l) < 0
	}
	end := c.starts.upto(int(p.at)+len(p.bytes), c.near)
	return c.from.base.line(end-1).compare(l) < 0
}
