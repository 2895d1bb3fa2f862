package odb

import (
	"encoding/binary"
	"math/bits"
)

// Compare tells the lines that two trees do not have in common, in git's order: each with its
// namesake, or with the zero Entry where there is none; a file and a folder are no namesakes.
// The zero id is the empty tree. It is not regular when a tree is malformed or out of order:
// then nothing is told. Differ's error ends the comparison; it must not use the reader.
func (r *Reader) Compare(a, b ID, differ func(x, y Entry) error) (regular bool, err error) {
	from, err := r.tree(a, nil)
	if err != nil {
		return false, err
	}
	to, err := r.tree(b, from)
	if err != nil {
		return false, err
	}
	if regular = from.regular && to.regular; regular {
		c := comparison{a: walk{tree: &from.patched}, b: walk{tree: &to.patched}}
		err = c.run(differ)
	}
	r.forget(from)
	r.forget(to)
	return regular, err
}

// A named tree is one of those that were compared last: along a line of commits, what is the
// newer tree now is the older one next.
type named struct {
	id      ID
	regular bool // it can be compared
	patched
}

// tree is a tree to be compared, which is remembered in the place of another that is not in use.
func (r *Reader) tree(id ID, used *named) (*named, error) {
	if id == (ID{}) {
		return &r.none, nil
	}
	for i := range r.recent {
		if r.recent[i].id == id {
			return &r.recent[i], nil
		}
	}
	o, err := r.object(id)
	if err != nil {
		return nil, err
	}
	n := &r.recent[r.oldest]
	if n == used {
		r.oldest = (r.oldest + 1) % len(r.recent)
		n = &r.recent[r.oldest]
	}
	r.oldest = (r.oldest + 1) % len(r.recent)
	n.id, n.regular = id, o.kind == Tree && n.read(o.text)
	return n, nil
}

// forget lets go of a tree that is too large to be remembered, or is none.
func (r *Reader) forget(n *named) {
	if n != &r.none && (!n.regular || n.cost() > generationSize/len(r.recent)) {
		*n = named{}
	}
}

// A comparison goes through two trees side by side.
type comparison struct {
	a, b       walk
	x, y       line // those that the walks stand before
	hasX, hasY bool
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
	for c.skipBase() || c.skipEdit() {
	}
}

// skipBase passes over lines that both trees have from the same place of one base, or from two
// places that are the same.
func (c *comparison) skipBase() bool {
	n, m := c.a.run(), c.b.run()
	if n == 0 || m == 0 {
		return false
	}
	alike := min(n, m)
	if !c.together() {
		s, from := c.a.tree.starts, c.a.at
		same := common(c.a.tree.bytes(from, from+n), c.b.tree.bytes(c.b.at, c.b.at+m))
		alike = s.upto(int(s[from])+same, from) - from
	}
	c.a.at, c.b.at = c.a.at+alike, c.b.at+alike
	return alike > 0
}

// skipEdit passes over an edit that both trees have.
func (c *comparison) skipEdit() bool {
	e, f := c.a.edit(), c.b.edit()
	if e == nil || f == nil || !c.together() || e.drop != f.drop || e.has != f.has || !e.line.same(f.line) {
		return false
	}
	c.a.pass(e)
	c.b.pass(f)
	return true
}

// together reports whether both trees are at the same place of the same base.
func (c *comparison) together() bool { return c.a.tree.base == c.b.tree.base && c.a.at == c.b.at }

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
