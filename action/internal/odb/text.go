package odb

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
)

// A text is the content of an object as pieces: what its delta copied from a base that other
// texts copy from too, and what it brought with it. Two texts on one base can so be compared
// without looking at what both have from the same place.
//
// That of a tree is lined, where it can be: its pieces are whole lines in order, those that are
// fresh one line each.
type text struct {
	base   *base
	pieces []piece // none is empty
	size   int
	lined  bool // if it is a tree, and the base is one in order
}

// A base is the content of an object that is no delta.
type base struct {
	bytes   []byte
	entries *starts // of a tree that was compared: where its entries begin
}

// A piece is a part of a text.
type piece struct {
	bytes []byte
	start int32 // in the text
	at    int32 // in the base; fresh where it is not from there
}

const fresh = -1

// flat is the text of whole bytes.
func flat(b []byte) text {
	parts := &struct {
		base  base
		piece [1]piece
	}{base{bytes: b}, [1]piece{{bytes: b}}}
	return text{base: &parts.base, pieces: parts.piece[:min(1, len(b))], size: len(b), lined: true}
}

// lines are where the lines of the base begin, if the text is lined; else there are none.
func (t text) lines() starts {
	if !t.lined {
		return nil
	}
	return t.base.entriesOf()
}

// whole is the text's content, which is shared and not for changing.
func (t text) whole() []byte {
	if len(t.pieces) == 1 {
		return t.pieces[0].bytes
	}
	b := make([]byte, 0, t.size)
	for _, p := range t.pieces {
		b = append(b, p.bytes...)
	}
	return b
}

// roomy is how many pieces a text may be in: beyond that it costs more than its bytes.
func roomy(size int) int { return min(16+size/64, 4096) }

var errDelta = errors.New("corrupt: a delta that cannot be read")

// change applies a delta to an object of a kind. The text may keep parts of the delta, but not
// that of a tree, which is made with what is given for it.
func (t text) change(kind Kind, delta []byte, c *treeChange) (text, error) {
	from, rest, ok := readSize(delta)
	size, rest, ok2 := readSize(rest)
	switch {
	case !ok || !ok2:
		return text{}, errDelta
	case from != t.size:
		return text{}, fmt.Errorf("corrupt: a delta for %d bytes on a base of %d", from, t.size)
	case size > Largest:
		return text{}, fmt.Errorf("%d bytes: %w", size, ErrTooLarge)
	}
	if kind == Tree {
		if changed, lined := c.change(t, rest, size); lined {
			return changed, nil
		}
		return flat(t.whole()).copied(rest, size)
	}
	changed := text{base: t.base, size: size}
	fits, err := t.compose(&changed, rest)
	if err == nil && !fits {
		changed, err = flat(t.whole()).copied(rest, size)
	}
	return changed, err
}

// readSize reads a number of seven bits a byte, the lowest first.
func readSize(b []byte) (n int, rest []byte, ok bool) {
	for i, c := range b[:min(len(b), 6)] {
		n |= int(c&0x7f) << (7 * i)
		if c&0x80 == 0 {
			return n, b[i+1:], true
		}
	}
	return 0, nil, false
}

// An order is one step of a delta: bytes to bring, or else what to copy.
type order struct {
	bring   []byte
	from, n int
}

// nextOrder reads one step of a delta that changes a text of so many bytes.
func nextOrder(b []byte, size int) (o order, rest []byte, err error) {
	code := b[0]
	b = b[1:]
	if code&0x80 == 0 {
		n := int(code)
		if n == 0 || n > len(b) {
			return order{}, nil, errDelta
		}
		return order{bring: b[:n]}, b[n:], nil
	}
	for i := range 7 {
		if code>>i&1 == 0 {
			continue
		}
		if len(b) == 0 {
			return order{}, nil, errDelta
		}
		if i < 4 {
			o.from |= int(b[0]) << (8 * i)
		} else {
			o.n |= int(b[0]) << (8 * (i - 4))
		}
		b = b[1:]
	}
	if o.n == 0 {
		o.n = 0x10000
	}
	if o.from+o.n > size {
		return order{}, nil, errors.New("corrupt: a delta that copies from beyond its base")
	}
	return o, b, nil
}

// compose makes a text of the pieces of t that a delta copies and of those that it brings;
// fits is false where they would be too many.
func (t text) compose(into *text, delta []byte) (fits bool, err error) {
	room, size := roomy(into.size), 0
	keepsAll := len(delta) <= keptWhole
	into.pieces = make([]piece, 0, min(len(t.pieces)+8, room))
	for len(delta) > 0 {
		var o order
		if o, delta, err = nextOrder(delta, t.size); err != nil {
			return false, err
		}
		if size += len(o.bring) + o.n; size > into.size {
			return false, errDelta
		}
		if o.bring != nil {
			into.add(keepable(o.bring, keepsAll), fresh)
		} else {
			t.copyTo(into, o.from, o.n, room)
		}
		if len(into.pieces) > room {
			return false, nil
		}
	}
	if size != into.size {
		return false, errDelta
	}
	return true, nil
}

// keptWhole is how large a delta may be to be kept for the sake of a part of it.
const keptWhole = 4096

func keepable(part []byte, keepsAll bool) []byte {
	if keepsAll {
		return part
	}
	return bytes.Clone(part)
}

// copyTo adds n bytes of t from an offset, or as many as fit into so many pieces.
func (t text) copyTo(into *text, from, n, room int) {
	i := sort.Search(len(t.pieces), func(i int) bool { return int(t.pieces[i].start) > from }) - 1
	for ; n > 0 && len(into.pieces) <= room; i++ {
		p := &t.pieces[i]
		skip := from - int(p.start)
		take := min(n, len(p.bytes)-skip)
		at := int32(fresh)
		if p.at != fresh {
			at = p.at + int32(skip)
		}
		into.add(p.bytes[skip:skip+take], at)
		from, n = from+take, n-take
	}
}

// add appends a piece, and joins it to the last where the base has them side by side.
func (t *text) add(b []byte, at int32) {
	start := int32(0)
	if last := len(t.pieces) - 1; last >= 0 {
		p := &t.pieces[last]
		end := int32(len(p.bytes))
		if at != fresh && p.at != fresh && p.at+end == at {
			p.bytes = t.base.bytes[p.at : int(at)+len(b)]
			return
		}
		start = p.start + end
	}
	t.pieces = append(t.pieces, piece{b, start, at})
}

// copied applies a delta to a text of one piece and gives one piece.
func (t text) copied(delta []byte, size int) (text, error) {
	if err := checkOrders(delta, t.size, size); err != nil {
		return text{}, err
	}
	b := make([]byte, 0, size)
	for len(delta) > 0 {
		var o order
		o, delta, _ = nextOrder(delta, t.size)
		b = append(b, o.bring...)
		if o.bring == nil {
			b = append(b, t.base.bytes[o.from:o.from+o.n]...)
		}
	}
	return flat(b), nil
}

// checkOrders sees that a delta makes as many bytes as it says, before they are set aside.
func checkOrders(delta []byte, from, size int) error {
	made := 0
	for len(delta) > 0 {
		o, rest, err := nextOrder(delta, from)
		if err != nil {
			return err
		}
		if made += len(o.bring) + o.n; made > size {
			return errDelta
		}
		delta = rest
	}
	if made != size {
		return errDelta
	}
	return nil
}

// cost is about how many bytes of memory the pieces take, without the base.
func (t text) cost() int {
	const perPiece = 32
	n := len(t.pieces) * perPiece
	for _, p := range t.pieces {
		if p.at == fresh {
			n += len(p.bytes)
		}
	}
	return n
}
