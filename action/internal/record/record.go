// Package record turns files and the kinds that a definition declares into records, or
// into findings. One bad file never hides the others.
package record

import (
	"fmt"
	"path"
	"strings"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/workflow"
)

// An Entry is something at a path of a tree.
type Entry struct {
	Path    string
	Regular bool   // an ordinary file; false for a folder, a symbolic link or a submodule
	What    string // what it is when it is not regular, such as "a folder"
}

// A Record is a file of some kind that could be read.
type Record struct {
	Kind *workflow.Kind
	Doc  *document.Document
}

// Path is where the record stands.
func (r Record) Path() string { return r.Doc.Path }

// Load reads the entries that belong to a kind. Records whose values do not fit their
// schema are returned beside the findings: they can still be read. An error means that
// the program could not go on.
func Load(def *workflow.Definition, entries []Entry, read func(path string) ([]byte, error)) ([]Record, []finding.Finding, error) {
	var records []Record
	var all []finding.Finding
	for _, e := range entries {
		kind := def.KindOf(e.Path)
		if kind == nil {
			all = append(all, stray(def, e)...)
			continue
		}
		rec, fs, err := load(kind, e, read)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, fs...)
		if rec != nil {
			records = append(records, *rec)
		}
	}
	return records, finding.Sorted(all), nil
}

// stray warns of a YAML file that stands among the records of a kind and belongs to none.
func stray(def *workflow.Definition, e Entry) []finding.Finding {
	if ext := strings.ToLower(path.Ext(e.Path)); ext != ".yaml" && ext != ".yml" {
		return nil
	}
	for _, k := range def.Kinds {
		if base := k.Files.Base(); base != "" && strings.HasPrefix(e.Path, base+"/") {
			return []finding.Finding{{Rule: "stray-file", Severity: finding.Warning, Path: e.Path,
				Found: "nothing reads this file", Expected: fmt.Sprintf("a path like %s for a %s", k.Files, k.Name), Fix: "move it, or delete it"}}
		}
	}
	return nil
}

func load(kind *workflow.Kind, e Entry, read func(string) ([]byte, error)) (*Record, []finding.Finding, error) {
	if !e.Regular {
		return nil, []finding.Finding{{Rule: "regular-file", Path: e.Path,
			Found: fmt.Sprintf("%s stands where a %s should be", e.What, kind.Name), Expected: "an ordinary file"}}, nil
	}
	src, err := read(e.Path)
	if err != nil {
		return nil, []finding.Finding{{Rule: "unreadable", Path: e.Path, Found: "the file cannot be read: " + err.Error()}}, nil
	}
	doc, fs := document.Parse(e.Path, src)
	if doc == nil {
		return nil, fs, nil
	}
	if kind.Schema != nil {
		more, err := kind.Schema.Check(doc)
		if err != nil {
			return nil, nil, err
		}
		fs = append(fs, more...)
	}
	return &Record{kind, doc}, fs, nil
}

// Values reads the values of one version of a record; ok is false when it cannot be read.
func Values(src []byte) (values map[string]any, ok bool) {
	doc, _ := document.Parse("", src)
	if doc == nil {
		return nil, false
	}
	return doc.Value, true
}

// Stem is the name by which other records refer to one: its file name without the ending.
func Stem(p string) string {
	base := path.Base(p)
	return strings.TrimSuffix(base, path.Ext(base))
}

// Title is what people call a record: its title or name, else its path's stem.
func Title(values map[string]any, p string) string {
	for _, field := range []string{"title", "name"} {
		if t := workflow.Text(values, field); t != "" {
			return t
		}
	}
	return Stem(p)
}
