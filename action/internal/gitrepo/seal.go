package gitrepo

import (
	"crypto/sha1"
	"encoding/binary"
	digest "hash"
)

// A seal sums up what a folder on disk has, with the stamps of its files, into a name.
type seal struct {
	sum     digest.Hash
	line    []byte
	last    int64 // when a file was last changed, in nanoseconds since 1970
	unknown bool  // some file has no stamp
}

func newSeal() *seal { return &seal{sum: sha1.New()} }

// add takes in what stands under a name, a folder too.
func (s *seal) add(name string, f File) {
	s.unknown = s.unknown || f.Regular && f.Stamp == Stamp{}
	s.last = max(s.last, f.Stamp.Last())
	s.line = append(append(append(s.line[:0], name...), 0), f.Mode...)
	for _, n := range f.Stamp {
		s.line = binary.LittleEndian.AppendUint64(s.line, uint64(n))
	}
	s.sum.Write(s.line)
}

// name is zero where it would not tell of every change.
func (s *seal) name() (n [sha1.Size]byte) {
	if !s.unknown {
		s.sum.Sum(n[:0])
	}
	return n
}
