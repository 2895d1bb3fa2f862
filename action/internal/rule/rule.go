// Package rule finds what a schema cannot: whether a record's words fit the other records
// of its tree, and whether a change is within the rights of its author. One file holds one
// rule.
package rule

import (
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Tree is the other records, as rules see them.
type Tree interface {
	// Has reports whether a file stands at a path. It reads no file.
	Has(path string) bool
	// Paths lists the files of a kind. It reads no file.
	Paths(kind *workflow.Kind) []string
	// Values reads a record; ok is false when there is none that can be read.
	Values(path string) (values map[string]any, ok bool)
}

// A World is what records are checked in.
type World struct {
	Definition *workflow.Definition
	Tree       Tree
}

// Records checks records by every rule that looks at one of them in its tree, and by those
// that compare records of a kind, of which it must be given all.
func (w World) Records(records []record.Record) []finding.Finding {
	var fs []finding.Finding
	for _, r := range records {
		fs = append(fs, w.Record(r)...)
	}
	return append(fs, Twins(records, nil)...)
}

// Record checks one record.
func (w World) Record(r record.Record) []finding.Finding {
	var fs []finding.Finding
	if r.Kind.Schema != nil {
		for _, n := range r.Kind.Schema.Notes(r.Doc.Value) {
			fs = append(fs, w.reference(r, n)...)
			fs = append(fs, ownName(r, n)...)
		}
	}
	fs = append(fs, w.refusals(r)...)
	fs = append(fs, state(r)...)
	return append(fs, private(r)...)
}

// at places a finding at a value of a record.
func at(r record.Record, path []string, f finding.Finding) finding.Finding {
	p := r.Doc.At(path...)
	f.Path, f.Line, f.Column = r.Path(), p.Line, p.Column
	return f
}

// atKey places a finding at the key of a field, or at the top where there is none.
func atKey(r record.Record, field string, f finding.Finding) finding.Finding {
	p := r.Doc.Key(field)
	f.Path, f.Line, f.Column = r.Path(), p.Line, p.Column
	return f
}

// replaced is the edit that puts another word in a value's place, where the value stands
// in the source as it reads.
func replaced(r record.Record, path []string, old, now string) finding.Edit {
	p := r.Doc.At(path...)
	lines := strings.Split(string(r.Doc.Source), "\n")
	if p.Line > len(lines) {
		return finding.Edit{}
	}
	rest := []rune(lines[p.Line-1])
	if p.Column > len(rest) {
		return finding.Edit{}
	}
	column := p.Column
	if q := rest[column-1]; q == '"' || q == '\'' {
		column++
	}
	if !strings.HasPrefix(string(rest[column-1:]), old) {
		return finding.Edit{}
	}
	return finding.Edit{Line: p.Line, Column: column, EndLine: p.Line, EndColumn: column + len([]rune(old)), Text: now}
}

// texts calls f with every text of a record, keys left out, and its path.
func texts(v any, path []string, f func(path []string, text string)) {
	switch v := v.(type) {
	case string:
		f(path, v)
	case map[string]any:
		for k, e := range v {
			texts(e, append(path, k), f)
		}
	case []any:
		for i, e := range v {
			texts(e, append(path, index(i)), f)
		}
	}
}
