package record_test

import (
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPaths(t *testing.T) {
	const in = "requests/2026/"
	program := file(in + "a.yaml")
	program.Mode = "100755"
	plain := file(in + "a.yaml")
	plain.Mode = "100644"
	link := func(p string) record.Entry { return record.Entry{Path: p, What: "a symbolic link", Mode: "120000"} }
	tests := []struct {
		name    string
		entries []record.Entry
		want    []string
	}{
		{"an ordinary file", []record.Entry{plain, file(in + "A_b-c.1.yaml")}, nil},
		{"a program", []record.Entry{program}, []string{in + "a.yaml: error [file-mode]"}},
		{"a program that is no record", []record.Entry{{Path: "tools/run.sh", Regular: true, Mode: "100755"}}, nil},
		{"a space", []record.Entry{file(in + "a b.yaml")}, []string{in + "a b.yaml: error [path-form]"}},
		{"an option", []record.Entry{file(in + "-rf.yaml")}, []string{in + "-rf.yaml: error [path-form]"}},
		{"a hidden file", []record.Entry{file(in + ".a.yaml")}, []string{in + ".a.yaml: error [path-form]"}},
		{"a hidden folder", []record.Entry{file("notes/.x/a.yaml")}, []string{"notes/.x/a.yaml: error [path-form]"}},
		{"a device", []record.Entry{file(in + "con.yaml")}, []string{in + "con.yaml: error [path-form]"}},
		{"an accent", []record.Entry{file(in + "é.yaml")}, []string{in + "é.yaml: error [path-form]"}},
		{"a line break", []record.Entry{file(in + "a\nb.yaml")}, []string{in + "a\nb.yaml: error [path-form]"}},
		{"no UTF-8", []record.Entry{file(in + "\xff.yaml")}, []string{in + "\xff.yaml: error [path-form]"}},
		{"a long one", []record.Entry{file(in + strings.Repeat("a", 200) + ".yaml")}, []string{in + strings.Repeat("a", 200) + ".yaml: error [path-form]"}},
		{"twins by case", []record.Entry{file(in + "x.yaml"), file(in + "X.yaml")}, []string{in + "X.yaml: error [path-twin]", in + "x.yaml: error [path-twin]"}},
		{"twins by folder", []record.Entry{file("notes/a/x.yaml"), file("notes/A/y.yaml")}, []string{"notes/A/y.yaml: error [path-twin]", "notes/a/x.yaml: error [path-twin]"}},
		{"a twin that is no record", []record.Entry{file("notes/a.yaml"), file("Notes/a.yaml")}, []string{"notes/a.yaml: error [path-twin]"}},
		{"the same path twice", []record.Entry{file("notes/a.yaml"), file("notes/a.yaml")}, []string{"notes/a.yaml: error [path-twin]"}},
		{"one finding for each", []record.Entry{{Path: in + "a b.yaml", What: "a symbolic link"}}, []string{in + "a b.yaml: error [path-form]"}},
		{"a link to a folder among the records", []record.Entry{link("requests/2026")}, []string{"requests/2026: error [regular-file]"}},
		{"a link in the place of all records", []record.Entry{link("notes")}, []string{"notes: error [regular-file]"}},
		{"a link elsewhere", []record.Entry{link("docs/x"), link("README.md")}, nil},
	}
	def := definition(t)
	read := func(string) ([]byte, error) { return []byte("title: A\n"), nil }
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, fs, err := record.Load(def, tt.entries, read)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, brief(fs)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestATwinIsNamed(t *testing.T) {
	_, fs, _ := record.Load(definition(t), []record.Entry{file("notes/x.yaml"), file("notes/X.yaml")}, func(string) ([]byte, error) { return []byte("a: 1\n"), nil })
	if len(fs) != 2 || !strings.HasSuffix(fs[0].Found, "notes/x.yaml") || !strings.HasSuffix(fs[1].Found, "notes/X.yaml") {
		t.Errorf("%v", fs)
	}
}

// One bad entry is one finding about its path, whatever the order of the files.
func TestOneFindingPerBadEntry(t *testing.T) {
	def := definition(t)
	names := []string{"notes/a.yaml", "notes/A.yaml", "notes/ a.yaml", "notes/é.yaml", "notes/e\u0301.yaml", "notes/b/a.yaml", "notes/B/a.yaml", "notes/con.yaml"}
	law.Check(t, func(t *rapid.T) {
		paths := rapid.SliceOfDistinct(rapid.SampledFrom(names), func(s string) string { return s }).Draw(t, "paths")
		var entries []record.Entry
		for _, p := range paths {
			entries = append(entries, record.Entry{Path: p, Regular: true, Mode: rapid.SampledFrom([]string{"100644", "100755", ""}).Draw(t, "mode")})
		}
		_, fs, err := record.Load(def, entries, func(string) ([]byte, error) { return []byte("a: 1\n"), nil })
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, f := range fs {
			if seen[f.Path] {
				t.Fatalf("two findings for %q: %v", f.Path, fs)
			}
			seen[f.Path] = true
		}
	})
}
