package odb

import (
	"bytes"
)

// An Entry is one line of a tree object, as it stands there.
type Entry struct {
	Mode uint32
	Name string
	ID   ID
}

const folderMode, kindMask = 0o040000, 0o170000

// A line is an entry whose name is still part of a text.
type line struct {
	mode uint32
	name []byte
	id   ID
}

func (l line) folder() bool { return l.mode&kindMask == folderMode }

func (l line) entry() Entry { return Entry{l.mode, string(l.name), l.id} }

// before compares lines as git orders them: by name, where a folder's ends in a slash.
func (l line) compare(m line) int {
	n := min(len(l.name), len(m.name))
	if c := bytes.Compare(l.name[:n], m.name[:n]); c != 0 {
		return c
	}
	return l.end(n) - m.end(n)
}

// end is the byte that orders a name after its first n bytes.
func (l line) end(n int) int {
	switch {
	case n < len(l.name):
		return int(l.name[n])
	case l.folder():
		return '/'
	}
	return 0
}

// readLine reads the line that b begins with; n is how long it is, 0 where it is cut off or is
// none.
func readLine(b []byte) (l line, n int) {
	n = l.readHead(b)
	if n == 0 || len(b)-n < len(l.id) {
		return line{}, 0
	}
	copy(l.id[:], b[n:])
	return l, n + len(l.id)
}

// readHead reads mode and name, with the byte behind each; n is how many bytes they have.
func (l *line) readHead(b []byte) (n int) {
	const mostDigits = 7
	space := 0
	for ; space < len(b) && b[space] != ' '; space++ {
		if c := b[space]; c < '0' || c > '7' || space == mostDigits {
			return 0
		}
		l.mode = l.mode<<3 | uint32(b[space]-'0')
	}
	if space == 0 || space >= len(b) {
		return 0
	}
	nul := bytes.IndexByte(b[space+1:], 0)
	if nul < 0 {
		return 0
	}
	l.name = b[space+1 : space+1+nul]
	return space + 1 + nul + 1
}

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

// find is the place of an offset in the list, looked for from a place on; -1 where no line
// begins there.
func (s starts) find(off, from int) int {
	if i := s.upto(off, from); i >= 0 && int(s[i]) == off {
		return i
	}
	return -1
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

// Compare tells the lines that two trees do not have in common, in git's order: each with its
// namesake, or with the zero Entry where there is none; a file and a folder are no namesakes.
// The zero id is the empty tree. It is not regular when a tree is malformed or out of order:
// then what was told counts for nothing. Differ's error ends the comparison.
func (r *Reader) Compare(a, b ID, differ func(x, y Entry) error) (regular bool, err error) {
	ta, err := r.tree(a)
	if err != nil {
		return false, err
	}
	tb, err := r.tree(b)
	if err != nil {
		return false, err
	}
	c := comparison{a: cursor{text: ta}, b: cursor{text: tb}}
	if ta.base == tb.base && ta.base != nil {
		c.starts = ta.base.entriesOf()
	}
	return c.run(differ)
}

// tree is the text of a tree; what is none is not regular.
func (r *Reader) tree(id ID) (text, error) {
	if id == (ID{}) {
		return text{}, nil
	}
	for i := range r.recent {
		if r.recent[i].id == id {
			return r.recent[i].text, nil
		}
	}
	o, err := r.object(id)
	if err == nil && o.kind != Tree {
		o.text = flat([]byte("no tree"))
	}
	if err == nil && o.text.cost()+o.text.base.cost() <= generationSize/len(r.recent) {
		r.recent[r.oldest] = named{id, o.text}
		r.oldest = (r.oldest + 1) % len(r.recent)
	}
	return o.text, err
}

// A named text is one of the trees that were compared last: along a line of commits, what is
// the newer tree now is the older one next.
type named struct {
	id   ID
	text text
}

// A comparison goes through two texts side by side.
type comparison struct {
	a, b   cursor
	starts starts // of the base that both share; none where they share none
	hint   int    // where in starts the last was found
}

func (c *comparison) run(differ func(x, y Entry) error) (regular bool, err error) {
	for {
		if !c.skip() {
			return false, nil
		}
		if c.common() {
			continue
		}
		a, b := c.a.line(), c.b.line()
		if c.a.bad || c.b.bad {
			return false, nil
		}
		if !a && !b {
			return true, nil
		}
		if err := c.step(a, b, differ); err != nil {
			return false, err
		}
	}
}

// common passes over one line that both texts have from the same place, be it of their base or
// of a delta; it says no where there is none, or where it cannot be read or is out of order.
func (c *comparison) common() bool {
	if c.a.length > 0 || c.b.length > 0 || !c.a.at(&c.b, 0) || !c.a.line() {
		return false
	}
	for i, n := 0, c.a.length+c.a.off; n > 0; i++ {
		if !c.a.at(&c.b, i) {
			return false
		}
		n -= len(c.a.text.pieces[c.a.i+i].bytes)
	}
	c.b.now = c.a.now
	if c.b.past && c.b.last.compare(c.b.now) >= 0 {
		return false // and so it will be when it is read
	}
	c.b.length = c.a.length
	c.a.next()
	c.b.next()
	return true
}

// at reports whether two cursors stand before the same bytes in memory, some pieces on.
func (c *cursor) at(d *cursor, on int) bool {
	if c.off != d.off || c.i+on >= len(c.text.pieces) || d.i+on >= len(d.text.pieces) {
		return false
	}
	x, y := c.text.pieces[c.i+on].bytes, d.text.pieces[d.i+on].bytes
	return len(x) == len(y) && &x[0] == &y[0]
}

// step tells of the first of two lines, or of both where they are namesakes and differ.
func (c *comparison) step(a, b bool, differ func(x, y Entry) error) error {
	order := 0
	switch {
	case !a:
		order = 1
	case !b:
		order = -1
	default:
		order = c.a.now.compare(c.b.now)
	}
	var x, y Entry
	same := order == 0 && c.a.now.mode == c.b.now.mode && c.a.now.id == c.b.now.id
	if order <= 0 {
		if !same {
			x = c.a.now.entry()
		}
		c.a.next()
	}
	if order >= 0 {
		if !same {
			y = c.b.now.entry()
		}
		c.b.next()
	}
	if same {
		return nil
	}
	return differ(x, y)
}

// skip passes over whole lines that both texts have from the same place of their base, as
// often as it can. It says no where a text is out of order.
func (c *comparison) skip() bool {
	for len(c.starts) > 0 {
		at, n := c.a.fromBase()
		at2, n2 := c.b.fromBase()
		if at < 0 || at != at2 {
			return true
		}
		from := c.starts.find(at, c.hint)
		if from < 0 {
			return true
		}
		to := c.starts.upto(at+min(n, n2), from)
		c.hint = to
		if to == from {
			return true
		}
		base := c.a.text.base.bytes
		first, _ := readLine(base[at:])
		last, _ := readLine(base[c.starts[to-1]:])
		n = int(c.starts[to]) - at
		if !c.a.pass(first, last, n) || !c.b.pass(first, last, n) {
			return false
		}
	}
	return true
}

// A cursor stands at the beginning of a line of a text.
type cursor struct {
	text   text
	i, off int // the piece, and where in it
	last   line
	past   bool // a line was passed: last is one
	now    line // the line that it stands at, where length is not 0
	length int
	bad    bool         // no line can be read, or it is out of order
	spare  [2][256]byte // what lines in several pieces are joined in: this one, and the last
	turn   int
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

// pass goes over n bytes, all within one piece, that begin with one line and end with another.
func (c *cursor) pass(first, last line, n int) (inOrder bool) {
	if c.past && c.last.compare(first) >= 0 {
		return false
	}
	c.last, c.past, c.length = last, true, 0
	c.forward(n)
	return true
}

// line reads the line at the cursor, unless it is read. There is none at the end, and none
// that can be used where the cursor is bad.
func (c *cursor) line() bool {
	if c.length > 0 {
		return true
	}
	if c.i >= len(c.text.pieces) {
		return false
	}
	c.now, c.length = c.split()
	if c.length == 0 {
		c.now, c.length = c.joined()
	}
	c.bad = c.length == 0 || c.past && c.last.compare(c.now) >= 0
	return !c.bad
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

// mostJoined is how many bytes a line in several pieces may have.
const mostJoined = 1 << 16

// joined reads a line that lies in several pieces, of each of which it takes no more than a
// line is likely to need.
func (c *cursor) joined() (l line, n int) {
	c.turn = 1 - c.turn
	for most := len(c.spare[0]); most <= mostJoined; most *= 16 {
		b := c.spare[c.turn][:0]
		if most > cap(b) {
			b = make([]byte, 0, most)
		}
		off := c.off
		for _, p := range c.text.pieces[c.i:] {
			b = append(b, p.bytes[off:min(len(p.bytes), off+most-len(b))]...)
			off = 0
			if len(b) == most {
				break
			}
		}
		if l, n = readLine(b); n > 0 || len(b) < most {
			return l, n
		}
	}
	return line{}, 0
}

// next goes on to the line after this one.
func (c *cursor) next() {
	c.last, c.past = c.now, true
	n := c.length
	c.length = 0
	c.forward(n)
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
