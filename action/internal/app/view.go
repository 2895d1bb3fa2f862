package app

import (
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A view is a tree of files as rules see it. It lists and reads only when asked, and each
// thing once.
type view struct {
	def    *workflow.Definition
	tree   gitrepo.Tree
	files  []gitrepo.File
	listed bool                // files are all that there are, not only those asked for so far
	paths  map[string][]string // of records, by kind
	values map[string]map[string]any
}

func newView(def *workflow.Definition, tree gitrepo.Tree) *view {
	return &view{def: def, tree: tree, paths: map[string][]string{}, values: map[string]map[string]any{}}
}

// list reads the names in the tree. What cannot be listed is not there: the caller has
// listed the same tree before, or reads from it afterwards, and meets the error there.
func (v *view) list() {
	if v.listed {
		return
	}
	files, _ := v.tree.Files()
	v.know(files)
}

// know takes over a list of the tree's files, sorted by path.
func (v *view) know(files []gitrepo.File) { v.files, v.listed = files, true }

// listFor reads at least the names where files of a kind may stand.
func (v *view) listFor(kind *workflow.Kind) {
	tree, can := v.tree.(folderTree)
	if v.listed || !can {
		v.list()
		return
	}
	base := kind.Files.Base()
	folders, _ := tree.Folders(func(f gitrepo.Folder) bool { return !onOneWay(f.Path, base) })
	v.files = gitrepo.Together(append(folders, gitrepo.Folder{Files: v.files}))
}

// onOneWay reports whether one of two folders is in the other, or is it.
func onOneWay(a, b string) bool {
	return a == "" || b == "" || strings.HasPrefix(a+"/", b+"/") || strings.HasPrefix(b+"/", a+"/")
}

// file is the record's file at a path; ok is false where none stands.
func (v *view) file(path string) (f gitrepo.File, ok bool) {
	i, _ := slices.BinarySearchFunc(v.files, path, func(f gitrepo.File, path string) int { return strings.Compare(f.Path, path) })
	for ; i < len(v.files) && v.files[i].Path == path; i++ {
		if v.files[i].Regular && v.def.KindOf(path) != nil {
			return v.files[i], true
		}
	}
	return gitrepo.File{}, false
}

// Has reports whether a record's file stands at a path.
func (v *view) Has(path string) bool {
	if one, can := v.tree.(interface{ Has(path string) bool }); can && !v.listed {
		return v.def.KindOf(path) != nil && one.Has(path)
	}
	v.list()
	_, ok := v.file(path)
	return ok
}

// Paths lists the files of a kind.
func (v *view) Paths(kind *workflow.Kind) []string {
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
func (v *view) Values(path string) (map[string]any, bool) {
	values, known := v.values[path]
	if !known && v.Has(path) {
		if src, err := v.tree.Read(path); err == nil {
			values, _ = record.Values(src)
		}
		v.values[path] = values
	}
	return values, values != nil
}

// entry is a tree's file as records know it.
func entry(f gitrepo.File) record.Entry {
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
