package odb

import (
	"errors"
	"fmt"
	"os"

	"github.com/edsrzf/mmap-go"
)

// A mapping is a file's bytes, which the system brings in as they are looked at. Git replaces
// packs and indexes by new files and never changes one, so that the bytes stay.
type mapping struct{ bytes mmap.MMap }

// mapFile maps a file; an empty one maps to nothing.
func mapFile(name string) (m mapping, err error) {
	f, err := os.Open(name)
	if err != nil {
		return mapping{}, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return mapping{}, err
	case !info.Mode().IsRegular():
		return mapping{}, fmt.Errorf("%s is no ordinary file", name)
	case info.Size() == 0:
		return mapping{}, nil
	}
	b, err := mmap.Map(f, mmap.RDONLY, 0)
	if err != nil {
		return mapping{}, fmt.Errorf("cannot map %s: %w", name, err)
	}
	return mapping{b}, nil
}

func (m mapping) close() error {
	if m.bytes == nil {
		return nil
	}
	return m.bytes.Unmap()
}
