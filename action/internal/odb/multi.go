package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// A multi is a multi-pack-index: where objects are in several packs of one folder.
type multi struct {
	table
	spots []byte // eight bytes for each row: which pack, and where in it
	far   []byte
	names []string // of the packs' indexes, such as pack-1234.idx
	packs []*pack  // in the order of names; nil where a pack is gone
}

const (
	multiHead  = 12
	chunkEntry = 12 // a name of four bytes and where it begins
)

// parseMulti reads a multi-pack-index of version 1.
func parseMulti(b []byte) (*multi, error) {
	if len(b) < multiHead || !bytes.HasPrefix(b, []byte("MIDX")) {
		return nil, errors.New("it does not begin as a multi-pack-index")
	}
	switch {
	case b[4] != 1:
		return nil, fmt.Errorf("version %d: expected 1", b[4])
	case b[5] == 2:
		return nil, errors.New("it has SHA-256 object ids: expected SHA-1, the only ones read here")
	case b[5] != 1:
		return nil, fmt.Errorf("object ids of kind %d: expected SHA-1", b[5])
	}
	chunks, err := chunks(b, multiHead, int(b[6]))
	if err != nil {
		return nil, err
	}
	m := &multi{spots: chunks["OOFF"], far: chunks["LOFF"]}
	m.table = table{chunks["OIDF"], chunks["OIDL"], len(ID{}), 0}
	if len(m.counts) != countsSize {
		return nil, errors.New("truncated: it has no counts")
	}
	n, err := rows(m.counts)
	if err != nil {
		return nil, err
	}
	if len(m.ids) != n*m.width || len(m.spots) != n*8 {
		return nil, fmt.Errorf("truncated: expected ids and offsets of %d objects", n)
	}
	m.names = strings.Split(strings.TrimRight(string(chunks["PNAM"]), "\x00"), "\x00")
	m.packs = make([]*pack, len(m.names))
	return m, nil
}

// chunks are the named parts of a file that has a table of n of them at an offset; each ends
// where the next begins.
func chunks(b []byte, at, n int) (map[string][]byte, error) {
	if len(b) < at+(n+1)*chunkEntry {
		return nil, errors.New("truncated: its table of contents is cut off")
	}
	found := map[string][]byte{}
	for range n {
		from, to := binary.BigEndian.Uint64(b[at+4:]), binary.BigEndian.Uint64(b[at+4+chunkEntry:])
		if from > to || to > uint64(len(b)) {
			return nil, errors.New("truncated: its table of contents points outside of it")
		}
		found[string(b[at:at+4])] = b[from:to]
		at += chunkEntry
	}
	return found, nil
}

// spot is where an object is; ok is false where it is not, or in a pack that is gone.
func (m *multi) spot(id ID) (s spot, ok bool) {
	row, ok := m.find(id)
	if !ok {
		return spot{}, false
	}
	which := binary.BigEndian.Uint32(m.spots[row*8:])
	off, err := offsetIn(binary.BigEndian.Uint32(m.spots[row*8+4:]), m.far)
	if err != nil || int64(which) >= int64(len(m.packs)) || m.packs[which] == nil {
		return spot{}, false
	}
	return spot{m.packs[which], off}, true
}
