package proposal

import (
	"cmp"
	"io/fs"
	"slices"

	"github.com/commrel/liaison/action/internal/gitrepo"
)

// A merged tree is a base with what a change does to it, file by file. Where both changed
// one file it has the change's: what lines become of them only merging can tell.
type merged struct {
	base, head gitrepo.Tree
	diffs      map[string]gitrepo.File // zero: gone
}

func newMerged(base, head gitrepo.Tree, diffs []gitrepo.Difference) merged {
	m := merged{base, head, map[string]gitrepo.File{}}
	for _, d := range diffs {
		m.diffs[d.Path] = d.New
	}
	return m
}

// Files lists the base's files, less those that went, and those that came.
func (m merged) Files() ([]gitrepo.File, error) {
	files, err := m.base.Files()
	files = slices.DeleteFunc(files, func(f gitrepo.File) bool { _, changed := m.diffs[f.Path]; return changed })
	for _, f := range m.diffs {
		if f != (gitrepo.File{}) {
			files = append(files, f)
		}
	}
	slices.SortStableFunc(files, func(a, b gitrepo.File) int { return cmp.Compare(a.Path, b.Path) })
	return files, err
}

// Has reports whether a regular file stands at a path, without reading it.
func (m merged) Has(path string) bool {
	if f, changed := m.diffs[path]; changed {
		return f.Regular
	}
	base, can := m.base.(interface{ Has(path string) bool })
	return can && base.Has(path)
}

// Read reads a changed file at the head, and any other at the base.
func (m merged) Read(path string) ([]byte, error) {
	f, changed := m.diffs[path]
	switch {
	case !changed:
		return m.base.Read(path)
	case f == (gitrepo.File{}):
		return nil, &fs.PathError{Op: "read", Path: path, Err: fs.ErrNotExist}
	}
	return m.head.Read(path)
}

// written are files that stand nowhere yet.
type written map[string][]byte

// Files lists none: whoever reads knows what there is.
func (w written) Files() ([]gitrepo.File, error) { return nil, nil }

// Read reads a file.
func (w written) Read(path string) ([]byte, error) { return w[path], nil }
