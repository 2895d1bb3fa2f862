package odb

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// A Graph is what Git has written down of commits so that nobody need read them: a
// commit-graph file, or a chain of them. It numbers its commits, from 0. A commit of it has
// all its ancestors in it. A nil Graph has no commits.
type Graph struct {
	store  *Store
	layers []*layer // each stands on those before it
	files  []mapping
}

// Graph is the commit-graph of the first folder that has one, our own before those that it
// borrows from; nil where there is none that can be believed. Of a chain it is the part below
// the first file that cannot.
func (s *Store) Graph() *Graph {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed.Load() {
		return nil
	}
	if s.graph == nil {
		s.graph = s.findGraph()
	}
	if s.graph.Len() == 0 {
		return nil
	}
	return s.graph
}

// findGraph looks as git does: in each folder for one file, and then for a chain.
func (s *Store) findGraph() *Graph {
	g := &Graph{store: s}
	for _, folder := range s.folders {
		info := filepath.Join(folder, "info")
		if !g.add(filepath.Join(info, "commit-graph"), nil) {
			g.addChain(filepath.Join(info, "commit-graphs", "commit-graph-chain"))
		}
		if len(g.layers) > 0 {
			break
		}
	}
	return g
}

// addChain adds the files that a chain names by their checksums, the lowest first, up to one
// that cannot be believed. They may be in any of the folders.
func (g *Graph) addChain(chain string) {
	b, err := readFile(chain)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(b)) {
		sum, ok := parseID(strings.TrimSuffix(line, "\n"))
		if !ok || !g.addNamed(sum) {
			return
		}
	}
}

func (g *Graph) addNamed(sum ID) bool {
	for _, folder := range g.store.folders {
		name := filepath.Join(folder, "info", "commit-graphs", "graph-"+sum.String()+".graph")
		if _, err := os.Stat(name); err == nil {
			return g.add(name, &sum)
		}
	}
	return false
}

// add puts a file on top, if it can be read, has the checksum that it should and was written
// to stand on what is here.
func (g *Graph) add(name string, sum *ID) bool {
	file, err := mapFile(name)
	if err != nil {
		return false
	}
	l, err := parseLayer(file.bytes)
	if err != nil || sum != nil && l.sum != *sum || !bytes.Equal(l.below, g.sums()) || !g.room(l) {
		_ = file.close() // it is only read
		return false
	}
	l.first = g.Len()
	g.layers, g.files = append(g.layers, l), append(g.files, file)
	return true
}

// sums are the checksums of all layers.
func (g *Graph) sums() (all []byte) {
	for _, l := range g.layers {
		all = append(all, l.sum[:]...)
	}
	return all
}

// room reports whether there are numbers left for the commits of another layer.
func (g *Graph) room(l *layer) bool { return g.Len()+l.len() <= noParent }

func (g *Graph) close() error {
	if g == nil {
		return nil
	}
	var errs []error
	for _, f := range g.files {
		errs = append(errs, f.close())
	}
	return errors.Join(errs...)
}

// Len is how many commits the graph has.
func (g *Graph) Len() int {
	if g == nil || len(g.layers) == 0 {
		return 0
	}
	top := g.layers[len(g.layers)-1]
	return top.first + top.len()
}

// Find is the number of a commit.
func (g *Graph) Find(id ID) (n uint32, ok bool) {
	if g == nil {
		return 0, false
	}
	for _, l := range g.layers {
		if row, ok := l.find(id); ok {
			return uint32(l.first + row), true
		}
	}
	return 0, false
}

// of is the layer that has a number, and the commit's row in it.
func (g *Graph) of(n uint32) (*layer, int) {
	at := len(g.layers) - 1
	for int(n) < g.layers[at].first {
		at--
	}
	return g.layers[at], int(n) - g.layers[at].first
}

// ID is the id of the commit with a number.
func (g *Graph) ID(n uint32) ID {
	l, row := g.of(n)
	return ID(l.at(row))
}

// Parents appends the numbers of a commit's parents. It is not ok where only the commit itself
// can say them: the graph is wrong, or the commit is gone.
func (g *Graph) Parents(n uint32, to []uint32) (parents []uint32, ok bool) {
	l, row := g.of(n)
	if !g.store.has(ID(l.at(row))) {
		return to, false
	}
	return l.parents(row, uint32(l.first+l.len()), to)
}
