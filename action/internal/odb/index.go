package odb

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
)

// A table is a sorted list of ids behind 256 counts: how many ids begin with a byte of at
// most so much. Indexes of packs and of many packs both have it.
type table struct {
	counts []byte // 256 big-endian numbers
	ids    []byte // rows
	width  int    // bytes from one row to the next
	skip   int    // bytes of a row before the id
}

// rows checks the counts and gives their last, the number of ids.
func rows(counts []byte) (n int, err error) {
	for i := 0; i < len(counts); i += 4 {
		next := int(binary.BigEndian.Uint32(counts[i:]))
		if next < n {
			return 0, errors.New("malformed: its counts go down")
		}
		n = next
	}
	return n, nil
}

func (t table) at(i int) []byte { return t.ids[i*t.width+t.skip:][:len(ID{})] }

// among are the rows whose ids begin with a byte.
func (t table) among(first byte) (from, to int) {
	if first > 0 {
		from = int(binary.BigEndian.Uint32(t.counts[int(first)*4-4:]))
	}
	return from, int(binary.BigEndian.Uint32(t.counts[int(first)*4:]))
}

// find is the row of an id. Ids are spread evenly, so that it looks first near where this one
// should be.
func (t table) find(id ID) (row int, ok bool) {
	low, high := t.among(id[0])
	near := low + int(uint64(binary.BigEndian.Uint32(id[1:]))*uint64(high-low)>>32)
	for step := 16; near-step > low; step *= 4 {
		if bytes.Compare(t.at(near-step), id[:]) <= 0 {
			low = near - step
			break
		}
		high = near - step
	}
	for step := 16; near+step < high; step *= 4 {
		if bytes.Compare(t.at(near+step), id[:]) >= 0 {
			high = near + step + 1
			break
		}
		low = near + step + 1
	}
	for low < high {
		mid := int(uint(low+high) >> 1)
		switch c := bytes.Compare(t.at(mid), id[:]); {
		case c == 0:
			return mid, true
		case c < 0:
			low = mid + 1
		default:
			high = mid
		}
	}
	return 0, false
}

// beginning lists the ids that begin with some bytes, at least one.
func (t table) beginning(prefix []byte) (ids []ID) {
	from, to := t.among(prefix[0])
	from += sort.Search(to-from, func(i int) bool { return bytes.Compare(t.at(from+i), prefix) >= 0 })
	for ; from < to && bytes.HasPrefix(t.at(from), prefix); from++ {
		ids = append(ids, ID(t.at(from)))
	}
	return ids
}

// An index says where in a pack each object is.
type index struct {
	table
	near []byte // version 2: four bytes for each row
	far  []byte // version 2: eight bytes each, for what is beyond 2 GiB
}

const (
	countsSize = 256 * 4
	trailer    = 2 * len(ID{}) // the pack's checksum and the index's own
)

// parseIndex reads an index of version 1 or 2.
func parseIndex(b []byte) (index, error) {
	if bytes.HasPrefix(b, []byte("\xfftOc")) {
		return parseIndex2(b)
	}
	if len(b) < countsSize+trailer {
		return index{}, errors.New("truncated")
	}
	const row = 4 + len(ID{})
	n, err := rows(b[:countsSize])
	if err != nil {
		return index{}, err
	}
	if len(b) != countsSize+n*row+trailer {
		return index{}, fmt.Errorf("truncated: %d bytes for %d objects", len(b), n)
	}
	return index{table: table{b[:countsSize], b[countsSize:], row, 4}}, nil
}

func parseIndex2(b []byte) (index, error) {
	const head = 8
	if len(b) < head+countsSize+trailer {
		return index{}, errors.New("truncated")
	}
	if v := binary.BigEndian.Uint32(b[4:]); v != 2 {
		return index{}, fmt.Errorf("version %d: expected 1 or 2", v)
	}
	counts := b[head : head+countsSize]
	n, err := rows(counts)
	if err != nil {
		return index{}, err
	}
	const width = len(ID{})
	far := len(b) - head - countsSize - trailer - n*(width+4+4)
	if far < 0 || far%8 != 0 || far > n*8 {
		return index{}, sizeError(len(b), n)
	}
	ids := b[head+countsSize:]
	near := ids[n*(width+4):]
	return index{table{counts, ids[:n*width], width, 0}, near[:n*4], near[n*4:][:far]}, nil
}

// sizeError tells an index of longer ids from one that lacks something.
func sizeError(size, n int) error {
	const longer = 32
	if far := size - 8 - countsSize - 2*longer - n*(longer+4+4); far >= 0 && far%8 == 0 && far <= n*8 {
		return errors.New("it has SHA-256 object ids: expected SHA-1, the only ones read here")
	}
	return fmt.Errorf("truncated: %d bytes for %d objects", size, n)
}

// offset is where in the pack a row's object begins.
func (x index) offset(row int) (int64, error) {
	if x.near == nil {
		return int64(binary.BigEndian.Uint32(x.ids[row*x.width:])), nil
	}
	return offsetIn(binary.BigEndian.Uint32(x.near[row*4:]), x.far)
}

// offsetIn reads an offset of 31 bits, or the place of one of 63 bits.
func offsetIn(near uint32, far []byte) (int64, error) {
	if near>>31 == 0 {
		return int64(near), nil
	}
	at := int64(near&^(1<<31)) * 8
	if at+8 > int64(len(far)) {
		return 0, errors.New("malformed index: an offset points outside of it")
	}
	off := binary.BigEndian.Uint64(far[at:])
	if off>>63 != 0 {
		return 0, errors.New("malformed index: an offset of more than 63 bits")
	}
	return int64(off), nil
}
