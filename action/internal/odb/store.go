package odb

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// A Store is one object folder with all that it borrows from others. It may be used by
// several goroutines at once, each with a Reader of its own.
type Store struct {
	folders []string // the first is our own

	found  atomic.Pointer[shelf]
	mu     sync.Mutex // held while looking for packs, or for the commit-graph
	opened map[*pack]bool
	graph  *Graph // nil until it was looked for
	closed atomic.Bool
}

// Open opens an object folder, such as .git/objects. The error says what cannot be opened;
// files in it that cannot be read are told of when an object is missing for them.
func Open(folder string) (*Store, error) {
	info, err := os.Stat(folder)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("%s is a file: expected a folder of objects", folder)
	}
	s := &Store{folders: borrowed(folder), opened: map[*pack]bool{}}
	s.look(nil)
	return s, nil
}

// errClosed is the error of every read after Close.
var errClosed = errors.New("the object folder was closed")

// Close lets go of all files. A read that begins later is an error; none may be under way.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed.Store(true)
	errs := []error{s.graph.close()}
	for p := range s.opened {
		errs = append(errs, p.close())
	}
	return errors.Join(errs...)
}

// Rest lets the system take back the memory of the packs that were read so far, which would
// otherwise be counted as ours up to their whole size. It may be called while others read.
func (s *Store) Rest() {
	if s.closed.Load() {
		return
	}
	for _, p := range s.found.Load().packs {
		p.idx.rest()
		if p.ready.Load() {
			p.file.rest()
		}
	}
}

// look looks for packs that have come since a shelf was made, unless somebody else has.
func (s *Store) look(had *shelf) *shelf {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.found.Load(); now != had {
		return now
	}
	now := look(s.folders, had)
	for _, p := range now.packs {
		if !s.opened[p] {
			p.number = len(s.opened)
			s.opened[p] = true
		}
	}
	s.found.Store(now)
	return now
}

// has reports whether an object is here, in a pack that is known or loose.
func (s *Store) has(id ID) bool {
	if _, ok := s.found.Load().spot(id); ok {
		return true
	}
	return slices.ContainsFunc(s.folders, func(folder string) bool {
		_, err := os.Stat(loosePath(folder, id))
		return err == nil
	})
}

// mostBorrowing is how many folders deep objects are borrowed, as in git.
const mostBorrowing = 5

// borrowed is a folder, and those that its info/alternates names, and so on.
func borrowed(folder string) []string {
	all := []string{filepath.Clean(folder)}
	level := all
	for range mostBorrowing {
		var next []string
		for _, f := range level {
			for _, other := range alternates(f) {
				if info, err := os.Stat(other); err == nil && info.IsDir() && !slices.Contains(all, other) {
					all, next = append(all, other), append(next, other)
				}
			}
		}
		level = next
	}
	return all
}

// alternates are the folders that a folder's info/alternates names, one a line.
func alternates(folder string) (all []string) {
	b, err := readFile(filepath.Join(folder, "info", "alternates"))
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, `"`) {
			if plain, err := strconv.Unquote(line); err == nil {
				line = plain
			}
		}
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !filepath.IsAbs(line) {
			line = filepath.Join(folder, line)
		}
		all = append(all, filepath.Clean(line))
	}
	return all
}

// Beginning lists the objects whose hexadecimal ids begin with some digits, at least two, in
// lower case; sorted, each once.
func (s *Store) Beginning(digits string) ([]ID, error) {
	prefix, err := hex.DecodeString(digits[:len(digits)/2*2])
	if err != nil || len(prefix) == 0 {
		return nil, fmt.Errorf("%q does not begin an object id: expected two hexadecimal digits or more", digits)
	}
	var ids []ID
	for _, p := range s.look(s.found.Load()).packs {
		ids = append(ids, p.index.beginning(prefix)...)
	}
	for _, folder := range s.folders {
		ids = append(ids, looseBeginning(folder, digits)...)
	}
	ids = slices.DeleteFunc(ids, func(id ID) bool { return !strings.HasPrefix(id.String(), digits) })
	slices.SortFunc(ids, ID.compare)
	return slices.Compact(ids), nil
}
