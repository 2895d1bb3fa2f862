package odb

import (
	"bytes"
	"io"
	"testing"

	stdlib "compress/zlib"

	klauspost "github.com/klauspost/compress/zlib"
)

// A squeezed is the stream of an object, with whatever follows it in its pack.
type squeezed struct {
	src  []byte
	size int
}

// squeezedObjects are the streams of a pack in which most objects are short, as in a desk's.
func squeezedObjects(b *testing.B) (all []squeezed, size int) {
	l := newLab(b)
	l.grow("main", 2000)
	l.git("", "repack", "-adfq", "--window=10", "--depth=50")
	s := l.open()
	for _, id := range inOrder(l.everything()) {
		at, _ := s.found.Load().spot(id)
		body, err := at.pack.body()
		if err != nil {
			b.Fatal(err)
		}
		h, err := at.pack.head(body, at.at)
		if err != nil {
			b.Fatal(err)
		}
		all, size = append(all, squeezed{body[h.data:], h.size}), size+h.size
	}
	return all, size
}

// A resetter is a reader of zlib that is used for one stream after the other.
type resetter interface {
	io.Reader
	Reset(r io.Reader, dict []byte) error
}

// streaming undoes zlib with a reader that knows neither where a stream ends nor how large its
// content is.
func streaming(z resetter) func(squeezed) error {
	var src bytes.Reader
	var more [1]byte
	return func(o squeezed) error {
		src.Reset(o.src)
		if err := z.Reset(&src, nil); err != nil {
			return err
		}
		_, err := io.ReadFull(z, make([]byte, o.size))
		if err == nil {
			_, err = z.Read(more[:]) // the checksum
		}
		if err == io.EOF {
			return nil
		}
		return err
	}
}

// BenchmarkInflate holds package inflate against the readers that one would otherwise use.
func BenchmarkInflate(b *testing.B) {
	all, size := squeezedObjects(b)
	k, err := klauspost.NewReader(bytes.NewReader(all[0].src))
	if err != nil {
		b.Fatal(err)
	}
	s, err := stdlib.NewReader(bytes.NewReader(all[0].src))
	if err != nil {
		b.Fatal(err)
	}
	var own inflater
	for _, way := range []struct {
		name string
		do   func(squeezed) error
	}{
		{"own", func(o squeezed) error { _, err := own.inflate(o.src, o.size); return err }},
		{"klauspost", streaming(k.(resetter))},
		{"stdlib", streaming(s.(resetter))},
	} {
		b.Run(way.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(size))
			for b.Loop() {
				for _, o := range all {
					if err := way.do(o); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(all)), "ns/object")
		})
	}
}
