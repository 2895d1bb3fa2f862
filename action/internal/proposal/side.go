package proposal

import (
	"sync"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
)

// A side is the tree on one side of a change.
type side struct {
	tree   gitrepo.Tree
	view   *desk.View
	loaded func() (loaded, error) // the changed records, read once
}

// Loaded are records as they were read, with what is wrong with each by itself.
type loaded struct {
	records  []record.Record
	byPath   map[string]*record.Record
	findings []finding.Finding
}

// side is a tree, in which the change has some files.
func (p *Proposal) side(tree gitrepo.Tree, file func(gitrepo.Difference) gitrepo.File) *side {
	return &side{tree, desk.NewView(p.base.Def, tree), sync.OnceValues(func() (l loaded, err error) {
		var entries []record.Entry
		for _, d := range p.diffs {
			if f := file(d); f != (gitrepo.File{}) {
				entries = append(entries, desk.Entry(f))
			}
		}
		l.records, l.findings, err = p.work.load(p.base.Def, entries, tree.Read)
		l.byPath = make(map[string]*record.Record, len(l.records))
		for i := range l.records {
			l.byPath[l.records[i].Path()] = &l.records[i]
		}
		return l, err
	})}
}

// record is the changed record at a path; nil where there is none that can be read.
func (s *side) record(path string) (*record.Record, error) {
	l, err := s.loaded()
	return l.byPath[path], err
}

// values are those of a record at a path; ok is false where it cannot be read.
func (s *side) values(path string) (values map[string]any, ok bool) {
	if r, err := s.record(path); err == nil && r != nil {
		return r.Doc.Value, true
	}
	values, _ = valuesIn(s.tree, path)
	return values, values != nil
}

// source reads a file for the faces that show lines of it.
func (s *side) source(path string) ([]byte, bool) {
	src, err := s.tree.Read(path)
	return src, err == nil
}
