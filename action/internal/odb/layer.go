package odb

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
)

// A layer is one commit-graph file of version 1, as gitformat-commit-graph(5) has it: the
// parents of each commit, by number. The numbers of a layer go on from those below it.
type layer struct {
	table
	rows  []byte // of rowSize bytes for each commit
	edges []byte // four bytes for each parent of an octopus but the first
	below []byte // checksums of the layers below
	first int    // how many commits those have
	sum   ID     // checksum of the file
}

const (
	graphHead = 8
	rowSize   = len(ID{}) + 4 + 4 + 8 // tree, two parents, generation and time
)

// parseLayer reads a commit-graph file whose checksum is right. To find that out costs a
// hundredth of what reading its commits would.
func parseLayer(b []byte) (*layer, error) {
	if err := checkGraph(b); err != nil {
		return nil, err
	}
	end := len(b) - len(ID{})
	sum := ID(b[end:])
	if ID(sha1.Sum(b[:end])) != sum {
		return nil, errors.New("corrupt: its checksum is another")
	}
	return cutLayer(b[:end], sum)
}

func checkGraph(b []byte) error {
	switch {
	case len(b) < graphHead+len(ID{}) || !bytes.HasPrefix(b, []byte("CGPH")):
		return errors.New("it does not begin as a commit-graph")
	case b[4] != 1:
		return fmt.Errorf("version %d: expected 1", b[4])
	case b[5] != 1:
		return fmt.Errorf("object ids of kind %d: expected SHA-1", b[5])
	}
	return nil
}

// cutLayer cuts a file without its checksum into its chunks, and holds their sizes against
// each other.
func cutLayer(b []byte, sum ID) (*layer, error) {
	chunks, err := chunks(b, graphHead, int(b[6]))
	if err != nil {
		return nil, err
	}
	l := &layer{rows: chunks["CDAT"], edges: chunks["EDGE"], below: chunks["BASE"], sum: sum}
	l.table = table{chunks["OIDF"], chunks["OIDL"], len(ID{}), 0}
	if len(l.counts) != countsSize {
		return nil, errors.New("truncated: it has no counts")
	}
	n, err := rows(l.counts)
	switch {
	case err != nil:
		return nil, err
	case len(l.ids) != n*len(ID{}) || len(l.rows) != n*rowSize:
		return nil, fmt.Errorf("truncated: expected ids and parents of %d commits", n)
	case len(l.below) != int(b[7])*len(ID{}):
		return nil, fmt.Errorf("truncated: expected the names of %d files below", b[7])
	}
	return l, nil
}

func (l *layer) len() int { return len(l.ids) / len(ID{}) }

// Numbers that stand where that of a parent could.
const (
	noParent = 0x70000000
	lastBit  = 1 << 31 // at a row's second parent: the place of an edge; at an edge: the last
)

// mostParents is how many parents are looked up of one commit, so that many that share one
// long list cost no more than so many each.
const mostParents = 100

// parents appends the numbers of the parents of the layer's ith commit, each below a limit.
// It is not ok where they are not as they should be, or too many.
func (l *layer) parents(i int, limit uint32, all []uint32) ([]uint32, bool) {
	row := l.rows[i*rowSize+len(ID{}):]
	first, second := binary.BigEndian.Uint32(row), binary.BigEndian.Uint32(row[4:])
	switch {
	case first == noParent:
		return all, second == noParent
	case first >= limit:
		return all, false
	case second == noParent:
		return append(all, first), true
	case second&lastBit == 0:
		return append(all, first, second), second < limit
	}
	return l.octopus(int(second&^lastBit), limit, append(all, first))
}

// octopus appends the numbers that stand from an edge on, up to one that is marked as the last.
func (l *layer) octopus(edge int, limit uint32, all []uint32) ([]uint32, bool) {
	for range mostParents {
		if edge >= len(l.edges)/4 {
			return all, false
		}
		n := binary.BigEndian.Uint32(l.edges[edge*4:])
		if n&^lastBit >= limit {
			return all, false
		}
		all = append(all, n&^lastBit)
		if n&lastBit != 0 {
			return all, true
		}
		edge++
	}
	return all, false
}
