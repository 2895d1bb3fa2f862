package record_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const desk = `desk: Test
kinds:
  request: {files: requests/*/*.yaml, schema: request.json}
  note: {files: notes/**/*.yaml}
`

const schema = `{"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}}}`

func definition(t testing.TB) *workflow.Definition {
	t.Helper()
	def, findings, err := workflow.Read("liaison.yaml", []byte(desk), func(string) ([]byte, error) { return []byte(schema), nil })
	if def == nil {
		t.Fatal(findings, err)
	}
	return def
}

func file(path string) record.Entry { return record.Entry{Path: path, Regular: true} }

// from reads out of a map; what is not there cannot be read.
func from(files map[string]string) func(string) ([]byte, error) {
	return func(p string) ([]byte, error) {
		if src, ok := files[p]; ok {
			return []byte(src), nil
		}
		return nil, fs.ErrNotExist
	}
}

func TestLoading(t *testing.T) {
	good := map[string]string{"requests/2026/a.yaml": "title: A\n", "requests/2026/b.yaml": "title: B\n", "notes/x/y.yaml": "any: [thing]\n", "requests/2026/bad.yaml": "- list\n", "requests/2026/untitled.yaml": "a: 1\n"}
	link := record.Entry{Path: "requests/2026/l.yaml", What: "a symbolic link"}
	folder := record.Entry{Path: "requests/2026/f.yaml", What: "a folder"}
	tests := []struct {
		name            string
		entries         []record.Entry
		paths, findings []string
	}{
		{"every record is read, by kind", []record.Entry{file("requests/2026/a.yaml"), file("notes/x/y.yaml")}, []string{"request requests/2026/a.yaml", "note notes/x/y.yaml"}, nil},
		{"what belongs to no kind is left alone", []record.Entry{file("README.md"), file("other/x.yaml"), file("requests/2026/notes.txt")}, nil, nil},
		{"a file that cannot be read hides no other", []record.Entry{file("requests/2026/a.yaml"), file("requests/2026/gone.yaml"), file("requests/2026/b.yaml")},
			[]string{"request requests/2026/a.yaml", "request requests/2026/b.yaml"}, []string{"requests/2026/gone.yaml: error [unreadable]"}},
		{"a file that is no record hides no other", []record.Entry{file("requests/2026/bad.yaml"), file("requests/2026/b.yaml")},
			[]string{"request requests/2026/b.yaml"}, []string{"requests/2026/bad.yaml: error [mapping-root]"}},
		{"a record that does not fit its schema is read all the same", []record.Entry{file("requests/2026/untitled.yaml")},
			[]string{"request requests/2026/untitled.yaml"}, []string{"requests/2026/untitled.yaml: error [missing-key]"}},
		{"a symbolic link is not followed", []record.Entry{link}, nil, []string{"requests/2026/l.yaml: error [regular-file]"}},
		{"a folder is no record", []record.Entry{folder}, nil, []string{"requests/2026/f.yaml: error [regular-file]"}},
		{"a record in the wrong place is warned of", []record.Entry{file("requests/a.yaml"), file("requests/2026/deep/a.yml"), file("requests/2026/A.YAML")}, nil,
			[]string{"requests/2026/A.YAML: error [stray-file]", "requests/2026/deep/a.yml: warning [stray-file]", "requests/a.yaml: warning [stray-file]"}},
	}
	def := definition(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			records, findings, err := record.Load(def, tt.entries, from(good))
			if err != nil {
				t.Fatal(err)
			}
			var paths []string
			for _, r := range records {
				paths = append(paths, r.Kind.Name+" "+r.Path())
			}
			if diff := cmp.Diff(tt.paths, paths); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.findings, brief(findings)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func brief(fs []finding.Finding) []string {
	var out []string
	for _, f := range fs {
		severity := f.Severity
		if severity == "" {
			severity = finding.Error
		}
		out = append(out, fmt.Sprintf("%s: %s [%s]", f.Path, severity, f.Rule))
	}
	return out
}

func TestTheWordsOfTheLoader(t *testing.T) {
	entries := []record.Entry{{Path: "requests/2026/l.yaml", What: "a symbolic link"}, file("requests/a.yaml"), file("requests/2026/x.yaml")}
	_, findings, err := record.Load(definition(t), entries, func(string) ([]byte, error) { return nil, errors.New("disk on fire") })
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"requests/2026/l.yaml: error: a symbolic link stands where a request should be; expected an ordinary file [regular-file]",
		"requests/2026/x.yaml: error: the file cannot be read: disk on fire [unreadable]",
		"requests/a.yaml: warning: nothing reads this file; expected a path like requests/*/*.yaml for a request [stray-file]",
	}
	var got []string
	for _, f := range findings {
		got = append(got, f.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheOrderOfFilesChangesNoFinding(t *testing.T) {
	def := definition(t)
	entries := []record.Entry{file("requests/2026/bad.yaml"), file("requests/2026/untitled.yaml"), file("requests/a.yaml"), file("requests/2026/gone.yaml"), {Path: "notes/n.yaml", What: "a folder"}}
	files := map[string]string{"requests/2026/bad.yaml": "a: 1\na: 2\nb: &x 1\n", "requests/2026/untitled.yaml": "title: 5\n"}
	_, want, err := record.Load(def, entries, from(files))
	if err != nil || len(want) != 6 {
		t.Fatal(want, err)
	}
	law.Check(t, func(t *rapid.T) {
		_, got, err := record.Load(def, rapid.Permutation(entries).Draw(t, "entries"), from(files))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}

func TestValuesOfAVersion(t *testing.T) {
	if values, ok := record.Values([]byte("a: 1\n")); !ok || values["a"] != int64(1) {
		t.Errorf("Values = %v, %v", values, ok)
	}
	if values, ok := record.Values([]byte("a: *b\n")); ok || values != nil {
		t.Errorf("Values = %v, %v for what cannot be read", values, ok)
	}
}

func TestWhatPeopleCallARecord(t *testing.T) {
	const path = "requests/2026/new-toolbar.yaml"
	tests := []struct {
		name   string
		values map[string]any
		want   string
	}{
		{"its title", map[string]any{"title": "Toolbar", "name": "N"}, "Toolbar"},
		{"else its name", map[string]any{"name": "N"}, "N"},
		{"else its file", map[string]any{"a": "b"}, "new-toolbar"},
		{"a title that is no text is none", map[string]any{"title": int64(5)}, "new-toolbar"},
		{"without values its file", nil, "new-toolbar"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := record.Title(tt.values, path); got != tt.want {
				t.Errorf("Title = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTheStemOfAPath(t *testing.T) {
	for path, want := range map[string]string{"a/b.yaml": "b", "b.yaml": "b", "a/b.c.yaml": "b.c", "a/b": "b"} {
		if got := record.Stem(path); got != want {
			t.Errorf("Stem(%q) = %q, want %q", path, got, want)
		}
	}
}

// The records that this repository ships are good fixtures: see the check of the gate.
func TestTheShippedRecordsFitTheirSchemas(t *testing.T) {
	root := os.DirFS("../../..")
	open := func(p string) ([]byte, error) { return fs.ReadFile(root, p) }
	src, err := open(workflow.Path)
	if err != nil {
		t.Fatal(err)
	}
	def, _, err := workflow.Read(workflow.Path, src, open)
	if def == nil {
		t.Fatal(err)
	}
	var entries []record.Entry
	for _, kind := range def.Kinds {
		paths, err := fs.Glob(root, string(kind.Files))
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v, %v", kind.Files, paths, err)
		}
		for _, p := range paths {
			entries = append(entries, file(p))
		}
	}
	records, findings, err := record.Load(def, entries, open)
	if err != nil || len(findings) > 0 || len(records) != len(entries) {
		t.Errorf("%d of %d records, %v, %v", len(records), len(entries), findings, err)
	}
}
