package odb

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A shelf is the packs that were found at one time. It never changes; a later look makes
// another, which takes over what is open.
type shelf struct {
	multis []*multi
	packs  []*pack // those that no multi-pack-index covers come first
	rest   int     // how many those are
	faults []error // files that cannot be read: why an object may be missing
}

// spot is where an object is packed; ok is false where it is not.
func (s *shelf) spot(id ID) (spot, bool) {
	for _, m := range s.multis {
		if at, ok := m.spot(id); ok {
			return at, true
		}
	}
	for _, p := range s.packs[:s.rest] {
		if at, ok, err := p.spot(id); ok && err == nil {
			return at, true
		}
	}
	return spot{}, false
}

// spots are all the places where an object is packed.
func (s *shelf) spots(id ID) (all []spot, err error) {
	for _, p := range s.packs {
		at, ok, fault := p.spot(id)
		if ok {
			all = append(all, at)
		}
		if fault != nil {
			err = fmt.Errorf("%s: %w", p.base(), fault)
		}
	}
	return all, err
}

// look lists the packs of all folders, and takes over those that a shelf has open: one that
// is gone since can still be read.
func look(folders []string, had *shelf) *shelf {
	s, open := &shelf{}, map[string]*pack{}
	for _, p := range had.open() {
		open[p.name] = p
	}
	covered := map[*pack]bool{}
	for _, folder := range folders {
		dir := filepath.Join(folder, "pack")
		packs := s.list(dir, open)
		s.packs = append(s.packs, packs...)
		s.cover(dir, packs, covered)
	}
	for _, p := range had.open() {
		if !slices.Contains(s.packs, p) {
			s.packs = append(s.packs, p)
		}
	}
	slices.SortStableFunc(s.packs, func(a, b *pack) int { return side(covered[a]) - side(covered[b]) })
	s.rest = len(s.packs) - len(covered)
	return s
}

// open are the packs of a shelf, where there is one.
func (s *shelf) open() []*pack {
	if s == nil {
		return nil
	}
	return s.packs
}

func side(covered bool) int {
	if covered {
		return 1
	}
	return 0
}

// list opens the packs of a folder, in the order of their names. One without its pack file is
// being written or taken away.
func (s *shelf) list(dir string, open map[string]*pack) (packs []*pack) {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.faults = append(s.faults, err)
	}
	for _, f := range files {
		name, ok := strings.CutSuffix(filepath.Join(dir, f.Name()), ".idx")
		if _, err := os.Stat(name + ".pack"); !ok || err != nil {
			continue
		}
		p := open[name]
		if p == nil {
			if p, err = openPack(name); err != nil {
				s.faults = append(s.faults, err)
				continue
			}
		}
		packs = append(packs, p)
	}
	return packs
}

// cover reads a folder's multi-pack-index, where it has one. One that cannot be read is as
// good as none: each pack has an index of its own. So are the incremental ones.
func (s *shelf) cover(dir string, packs []*pack, covered map[*pack]bool) {
	b, err := readFile(filepath.Join(dir, "multi-pack-index"))
	if err != nil {
		return
	}
	m, err := parseMulti(bytes.Clone(b))
	if err != nil {
		return
	}
	for i, name := range m.names {
		stem := filepath.Join(dir, strings.TrimSuffix(name, ".idx"))
		at := slices.IndexFunc(packs, func(p *pack) bool { return p.name == stem })
		if at < 0 {
			continue
		}
		m.packs[i] = packs[at]
		covered[packs[at]] = true
	}
	s.multis = append(s.multis, m)
}

// same reports whether a later look found nothing new.
func (s *shelf) same(earlier *shelf) bool { return slices.Equal(s.packs, earlier.packs) }
