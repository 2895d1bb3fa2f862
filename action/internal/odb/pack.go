package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
)

// A pack is a pack file and its index.
type pack struct {
	name   string // the path without its ending
	number int    // of the packs of a store, in the order in which they were opened
	idx    mapping
	index  index

	once  sync.Once
	ready atomic.Bool // the file is mapped
	file  mapping
	fault error // why the file cannot be read
}

// A spot is where an object is packed.
type spot struct {
	pack *pack
	at   int64
}

// openPack maps a pack's index. The pack itself is mapped when it is first read.
func openPack(name string) (*pack, error) {
	idx, err := mapFile(name + ".idx")
	if err != nil {
		return nil, err
	}
	x, err := parseIndex(idx.bytes)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s.idx: %w", name, err), idx.close())
	}
	return &pack{name: name, idx: idx, index: x}, nil
}

func (p *pack) close() error { return errors.Join(p.idx.close(), p.file.close()) }

// base is the pack's name for messages.
func (p *pack) base() string { return filepath.Base(p.name) + ".pack" }

const packHead = 12

// body is the pack file without the checksum at its end.
func (p *pack) body() ([]byte, error) {
	p.once.Do(func() {
		if p.file, p.fault = mapFile(p.name + ".pack"); p.fault == nil {
			p.ready.Store(true)
			p.fault = checkPack(p.file.bytes)
		}
	})
	if p.fault != nil {
		return nil, p.fault
	}
	return p.file.bytes[:len(p.file.bytes)-len(ID{})], nil
}

func checkPack(b []byte) error {
	switch {
	case len(b) < packHead+len(ID{}) || !bytes.HasPrefix(b, []byte("PACK")):
		return errors.New("it does not begin as a pack does, or is truncated")
	case binary.BigEndian.Uint32(b[4:]) != 2:
		return fmt.Errorf("a pack of version %d: expected 2", binary.BigEndian.Uint32(b[4:]))
	}
	return nil
}

// spot is where the pack has an object.
func (p *pack) spot(id ID) (s spot, ok bool, err error) {
	row, ok := p.index.find(id)
	if !ok {
		return spot{}, false, nil
	}
	at, err := p.index.offset(row)
	return spot{p, at}, err == nil, err
}

// Kinds of packed objects that stand for a change of another.
const (
	offsetDelta = 6
	refDelta    = 7
)

// A packed is the head of an object in a pack.
type packed struct {
	at   int64 // where it begins
	kind Kind
	size int   // of what is compressed, in bytes
	data int64 // where that begins
	base int64 // where the object begins that a delta changes
}

func (h packed) delta() bool { return h.kind == offsetDelta || h.kind == refDelta }

var errHead = errors.New("corrupt: its head cannot be read")

// head reads the head of the object at an offset.
func (p *pack) head(body []byte, at int64) (packed, error) {
	if at < packHead || at >= int64(len(body)) {
		return packed{}, fmt.Errorf("corrupt: nothing can begin at %d", at)
	}
	b := body[at:]
	size, n := uint64(b[0]&15), 1
	for shift := 4; b[n-1]&0x80 != 0; shift += 7 {
		if n == len(b) || shift > 53 {
			return packed{}, errHead
		}
		size |= uint64(b[n]&0x7f) << shift
		n++
	}
	h := packed{at: at, kind: Kind(b[0] >> 4 & 7), size: int(size)}
	used, err := p.readBase(&h, b[n:], at)
	h.data = at + int64(n+used)
	return h, err
}

// readBase reads what stands between head and content: of a delta, what it changes.
func (p *pack) readBase(h *packed, b []byte, at int64) (used int, err error) {
	switch h.kind {
	case Commit, Tree, Blob, Tag:
		return 0, nil
	case offsetDelta:
		back, n := readBack(b)
		if h.base = at - back; n == 0 || h.base < packHead {
			return 0, errHead
		}
		return n, nil
	case refDelta:
		if len(b) < len(ID{}) {
			return 0, errHead
		}
		s, ok, err := p.spot(ID(b[:len(ID{})]))
		if err == nil && !ok {
			err = fmt.Errorf("its delta base %x is not in the pack", b[:len(ID{})])
		}
		h.base = s.at
		return len(ID{}), err
	}
	return 0, fmt.Errorf("corrupt: no object is of kind %d", h.kind)
}

// readBack reads how far before a delta its base begins, at least 1; n is 0 where that
// cannot be.
func readBack(b []byte) (back int64, n int) {
	for i, c := range b[:min(len(b), 9)] {
		back = back<<7 | int64(c&0x7f)
		if c&0x80 == 0 {
			if back <= 0 {
				return 0, 0
			}
			return back, i + 1
		}
		back++
	}
	return 0, 0
}
