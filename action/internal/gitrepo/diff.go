package gitrepo

import (
	"cmp"
	"slices"
	"strings"
)

// A Difference is one path that is not the same in two trees. The zero File stands for
// nothing there.
type Difference struct {
	Path     string
	Old, New File
}

// Diff lists what differs between the trees of two commits, sorted by path, by object ids
// alone: no file is read. A folder whose name ends in .yaml is listed too.
func (r *Repo) Diff(from, to string) ([]Difference, error) {
	a, err := r.rootTree(from)
	if err != nil {
		return nil, err
	}
	b, err := r.rootTree(to)
	if err != nil {
		return nil, err
	}
	var out []Difference
	c := comparer{objects: r.objects, left: maxEntries, differ: func(path string, x, y entry) {
		old, now := x.file(path), y.file(path)
		if old != now {
			out = append(out, Difference{path, old, now})
		}
	}}
	if err := c.folder("", a, b); err != nil {
		return nil, err
	}
	slices.SortStableFunc(out, func(x, y Difference) int { return cmp.Compare(x.Path, y.Path) })
	return out, nil
}

func (r *Repo) rootTree(commit string) (hash, error) {
	id, err := parseHash(commit)
	if err != nil {
		return hash{}, err
	}
	c, err := r.objects.commit(id)
	return c.tree, err
}

// file is the entry as Files would list it; the zero File for none and for a plain folder.
func (e entry) file(path string) File {
	if e == (entry{}) || e.folder() && !strings.HasSuffix(path, ".yaml") {
		return File{}
	}
	id := e.id.String()
	if e.folder() {
		id = "" // that something in it changed is told by what is in it
	}
	return File{Path: path, Blob: id, Regular: e.regular(), Size: -1, Mode: e.mode.String()}
}
