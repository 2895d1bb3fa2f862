package odb

import (
	"encoding/binary"
	"math/bits"
)

// Compare tells the lines that two trees do not have in common, in git's order: each with its
// namesake, or with the zero Entry where there is none; a file and a folder are no namesakes.
// The zero id is the empty tree. It is not regular when a tree is malformed or out of order:
// then nothing is told. Differ's error ends the comparison.
func (r *Reader) Compare(a, b ID, differ func(x, y Entry) error) (regular bool, err error) {
	x, err := r.tree(a)
	if err != nil {
		return false, err
	}
	y, err := r.tree(b)
	if err != nil {
		return false, err
	}
	c := comparison{a: walk{text: x, starts: x.lines()}, b: walk{text: y, starts: y.lines()}}
	if c.a.starts == nil || c.b.starts == nil {
		return false, nil
	}
	return true, c.run(differ)
}

// A named text is one of the trees that were compared last: along a line of commits, what is
// the newer tree now is the older one next.
type named struct {
	id   ID
	text text
}

// tree is the text of a tree; what is none is not lined.
func (r *Reader) tree(id ID) (text, error) {
	if id == (ID{}) {
		return flat(nil), nil
	}
	for i := range r.recent {
		if r.recent[i].id == id {
			return r.recent[i].text, nil
		}
	}
	o, err := r.object(id)
	if err != nil {
		return text{}, err
	}
	if o.kind != Tree {
		o.text.lined = false
	}
	if o.text.cost()+o.text.base.cost() <= generationSize/len(r.recent) {
		r.recent[r.oldest] = named{id, o.text}
		r.oldest = (r.oldest + 1) % len(r.recent)
	}
	return o.text, nil
}

// A comparison goes through two trees side by side.
type comparison struct {
	a, b       walk
	x, y       line // those that the walks stand before
	hasX, hasY bool
	near       int // the line of a base that was looked for last
}

func (c *comparison) run(differ func(x, y Entry) error) error {
	for {
		if !c.hasX && !c.hasY {
			c.skip()
		}
		if !c.hasX {
			c.x, c.hasX = c.a.next()
		}
		if !c.hasY {
			c.y, c.hasY = c.b.next()
		}
		if !c.hasX && !c.hasY {
			return nil
		}
		if err := c.step(differ); err != nil {
			return err
		}
	}
}

// step passes over the first of two lines, or both where they are namesakes, and tells of them
// unless they are the same.
func (c *comparison) step(differ func(x, y Entry) error) error {
	order := 0
	switch {
	case !c.hasX:
		order = 1
	case !c.hasY:
		order = -1
	default:
		order = c.x.compare(c.y)
	}
	var x, y line
	if order <= 0 {
		x, c.hasX = c.x, false
	}
	if order >= 0 {
		y, c.hasY = c.y, false
	}
	if order == 0 && x.mode == y.mode && x.id == y.id {
		return nil
	}
	return differ(x.entry(), y.entry())
}

// skip passes over what both trees have alike, as long as that is seen without reading lines.
func (c *comparison) skip() {
	for {
		p, q := c.a.piece(), c.b.piece()
		if p == nil || q == nil {
			return
		}
		n := c.alike(p.bytes[c.a.off:], q.bytes[c.b.off:], p.at, q.at)
		if n == 0 {
			return
		}
		c.a.pass(n)
		c.b.pass(n)
	}
}

// alike is how many bytes two pieces, from where the walks are, begin with that are the same
// lines: the same in memory, or, of bases, the same to look at.
func (c *comparison) alike(x, y []byte, at, at2 int32) int {
	switch n := min(len(x), len(y)); {
	case &x[0] == &y[0]:
		return n
	case at == fresh || at2 == fresh:
		return 0
	}
	from := int(at) + c.a.off
	c.near = c.a.starts.upto(from+common(x, y), c.near)
	return int(c.a.starts[c.near]) - from
}

// common is how many bytes a and b begin with alike.
func common(a, b []byte) (n int) {
	for ; n+8 <= min(len(a), len(b)); n += 8 {
		if x := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); x != 0 {
			return n + bits.TrailingZeros64(x)/8
		}
	}
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}
