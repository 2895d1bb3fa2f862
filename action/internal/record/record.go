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
	Regular bool     // an ordinary file; false for a folder, a symbolic link or a submodule
	What    string   // what it is when it is not regular, such as "a folder"
	Mode    string   // as Git has it, such as 100644; "" when not known
	Blob    string   // object id; "" when not known
	Stamp   [5]int64 // of a file on disk: another one after every change; zero when not known
}

// A Record is a file of some kind that could be read.
type Record struct {
	Kind *workflow.Kind
	Doc  *document.Document
}

// Path is where the record stands.
func (r Record) Path() string { return r.Doc.Path }

// A Place is an entry where a record stands.
type Place struct {
	Entry
	Kind *workflow.Kind
}

// Places sorts entries: where records stand that can be read, in the order of the entries,
// and what is wrong with where others are.
func Places(def *workflow.Definition, entries []Entry) ([]Place, []finding.Finding) {
	var out []Place
	var fs []finding.Finding
	kinds := make([]*workflow.Kind, len(entries))
	for i, e := range entries {
		kinds[i] = def.KindOf(e.Path)
	}
	bad := places(def, entries, kinds)
	for i, e := range entries {
		f, told := bad[e.Path]
		if told {
			fs = append(fs, f)
		}
		switch kind := kinds[i]; {
		case told && unreadable(f):
		case kind != nil:
			out = append(out, Place{e, kind})
		case !told:
			fs = append(fs, stray(def, e)...)
		}
	}
	return out, fs
}

// Load reads the entries that belong to a kind. Records whose values do not fit their
// schema are returned beside the findings: they can still be read. An error means that
// the program could not go on.
func Load(def *workflow.Definition, entries []Entry, read func(path string) ([]byte, error)) ([]Record, []finding.Finding, error) {
	var records []Record
	there, all := Places(def, entries)
	for _, p := range there {
		src, err := read(p.Path)
		if err != nil {
			all = append(all, Unreadable(p.Path, err))
			continue
		}
		rec, fs, err := Read(p.Kind, p.Path, src)
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

// Unreadable is the finding for a file that could not be had.
func Unreadable(path string, err error) finding.Finding {
	return finding.Finding{Rule: "unreadable", Path: path, Found: "the file cannot be read: " + err.Error()}
}

// unreadable reports whether a bad path is a reason to read nothing there.
func unreadable(f finding.Finding) bool { return f.Rule == "path-form" || f.Rule == "regular-file" }

// stray warns of a YAML file that stands among the records of a kind and belongs to none.
func stray(def *workflow.Definition, e Entry) []finding.Finding {
	if ext := strings.ToLower(path.Ext(e.Path)); ext != ".yaml" && ext != ".yml" {
		return nil
	}
	if meant := strings.TrimSuffix(e.Path, path.Ext(e.Path)) + ".yaml"; def.KindOf(meant) != nil {
		return []finding.Finding{{Rule: "stray-file", Path: e.Path, Found: "nothing reads this file, because of its ending", Expected: "`.yaml`",
			Fix: "rename it to " + path.Base(meant)}}
	}
	for _, k := range def.Kinds {
		if base := k.Files.Base(); base != "" && strings.HasPrefix(e.Path, base+"/") {
			return []finding.Finding{{Rule: "stray-file", Severity: finding.Warning, Path: e.Path,
				Found: "nothing reads this file", Expected: fmt.Sprintf("a path like %s for a %s", k.Files, k.Name), Fix: "move it, or delete it"}}
		}
	}
	return nil
}

// Read checks one file of a kind by itself. The record is nil when it could not be read.
func Read(kind *workflow.Kind, path string, src []byte) (*Record, []finding.Finding, error) {
	doc, fs := document.Parse(path, src)
	if doc == nil {
		return nil, fs, nil
	}
	more, err := check(kind, doc)
	if err != nil {
		return nil, nil, err
	}
	return &Record{kind, doc}, append(fs, more...), nil
}

// check validates values by the kind's schema. Without one nobody knows what is wanted: what
// readers of YAML disagree on is only a warning.
func check(kind *workflow.Kind, doc *document.Document) ([]finding.Finding, error) {
	if kind.Schema != nil {
		return kind.Schema.Validate(doc)
	}
	var fs []finding.Finding
	for _, a := range doc.Ambiguous() {
		if a.Kind != "boolean" {
			continue
		}
		p := doc.At(a.Path...)
		fs = append(fs, finding.Finding{Rule: "ambiguous-scalar", Severity: finding.Warning, Path: doc.Path, Line: p.Line, Column: p.Column,
			Found:    fmt.Sprintf("`%s` is %s, which some programs read as true or false and others as text", strings.Join(a.Path, "."), a.Written),
			Expected: "true or false, or text in quotes", Fix: fmt.Sprintf("where it is text, quote this value: %q", a.Written)})
	}
	return fs, nil
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
