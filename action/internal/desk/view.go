package desk

import (
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A View is a tree of files as rules see it. It lists and reads only when asked, and each
// thing once.
type View struct {
	def    *workflow.Definition
	tree   gitrepo.Tree
	files  []gitrepo.File
	listed bool                // files are all that there are, not only those asked for so far
	paths  map[string][]string // of records, by kind
	values map[string]map[string]any
}

// NewView is a tree by the kinds of a definition.
func NewView(def *workflow.Definition, tree gitrepo.Tree) *View {
	return &View{def: def, tree: tree, paths: map[string][]string{}, values: map[string]map[string]any{}}
}

// list reads the names in the tree. What cannot be listed is not there: the caller has
// listed the same tree before, or reads from it afterwards, and meets the error there.
func (v *View) list() {
	if v.listed {
		return
	}
	files, _ := v.tree.Files()
	v.Know(files)
}

// Know takes over a list of the tree's files, sorted by path.
func (v *View) Know(files []gitrepo.File) { v.files, v.listed = files, true }

// listFor reads at least the names where files of a kind may stand.
func (v *View) listFor(kind *workflow.Kind) {
	tree, can := v.tree.(FolderTree)
	if v.listed || !can {
		v.list()
		return
	}
	base := kind.Files.Base()
	folders, _ := tree.Folders(func(f gitrepo.Folder) bool { return !onOneWay(f.Path, base) })
	v.files = gitrepo.Together(append(folders, gitrepo.Folder{Files: v.files}))
}

// A FolderTree is a tree that lists its files by folder.
type FolderTree interface {
	Folders(skip func(gitrepo.Folder) bool) ([]gitrepo.Folder, error)
}

// onOneWay reports whether one of two folders is in the other, or is it.
func onOneWay(a, b string) bool {
	return a == "" || b == "" || strings.HasPrefix(a+"/", b+"/") || strings.HasPrefix(b+"/", a+"/")
}

// file is the record's file at a path; ok is false where none stands.
func (v *View) file(path string) (f gitrepo.File, ok bool) {
	i, _ := slices.BinarySearchFunc(v.files, path, func(f gitrepo.File, path string) int { return strings.Compare(f.Path, path) })
	for ; i < len(v.files) && v.files[i].Path == path; i++ {
		if v.files[i].Regular && v.def.KindOf(path) != nil {
			return v.files[i], true
		}
	}
	return gitrepo.File{}, false
}

// Has reports whether a record's file stands at a path.
func (v *View) Has(path string) bool {
	if one, can := v.tree.(interface{ Has(path string) bool }); can && !v.listed {
		return v.def.KindOf(path) != nil && one.Has(path)
	}
	v.list()
	_, ok := v.file(path)
	return ok
}

// Paths lists the files of a kind.
func (v *View) Paths(kind *workflow.Kind) []string {
	if paths, known := v.paths[kind.Name]; known {
		return paths
	}
	v.listFor(kind)
	var paths []string
	for _, f := range v.files {
		if f.Regular && v.def.KindOf(f.Path) == kind && (len(paths) == 0 || paths[len(paths)-1] != f.Path) {
			paths = append(paths, f.Path)
		}
	}
	v.paths[kind.Name] = paths
	return paths
}

// Values reads a record.
func (v *View) Values(path string) (map[string]any, bool) {
	values, known := v.values[path]
	if !known && v.Has(path) {
		if src, err := v.tree.Read(path); err == nil {
			values, _ = record.Values(src)
		}
		v.values[path] = values
	}
	return values, values != nil
}

// Records reads all records of a kind that can be read.
func (v *View) Records(kind *workflow.Kind) ([]record.Record, error) {
	var entries []record.Entry
	for _, p := range v.Paths(kind) {
		f, _ := v.file(p)
		entries = append(entries, Entry(f))
	}
	records, _, err := record.Load(v.def, entries, v.tree.Read)
	return records, err
}

// Person is the file name that the roster has for an account.
func (v *View) Person(login string) (slug string, ok bool) {
	p := v.def.People
	if p == nil {
		return "", false
	}
	for _, path := range v.Paths(v.def.Kind(p.Kind)) {
		if values, read := v.Values(path); read && strings.EqualFold(workflow.Text(values, p.Account), login) {
			return record.Stem(path), true
		}
	}
	return "", false
}

// Find is the record of a kind that goes by a path or a file name.
func (v *View) Find(kind, name string) (path string, ok bool) {
	k := v.def.Kind(kind)
	if k == nil {
		return "", false
	}
	for _, p := range v.Paths(k) {
		if p == name || record.Stem(p) == name {
			return p, true
		}
	}
	return "", false
}

// Entry is a tree's file as records know it.
func Entry(f gitrepo.File) record.Entry {
	return record.Entry{Path: f.Path, Regular: f.Regular, What: what(f), Mode: f.Mode, Blob: f.Blob, Stamp: f.Stamp}
}

func what(f gitrepo.File) string {
	switch f.Mode {
	case "120000":
		return "a symbolic link"
	case "160000":
		return "a submodule"
	case "040000":
		return "a folder"
	}
	return "something that is no ordinary file"
}
