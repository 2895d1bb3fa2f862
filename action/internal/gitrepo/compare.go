package gitrepo

import (
	"cmp"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/event"
)

// changes compares two trees, of which the zero id is the empty one. A path is changed when
// its regular file's content differs; a change of mode alone is none, and a file that
// becomes a folder, link or submodule is gone.
func (h *historian) changes(from objects, before, after hash) ([]event.Change, error) {
	var changes []event.Change
	c := comparer{objects: from, left: maxEntries, differ: func(path string, x, y entry) {
		if !sameContent(x, y) && h.match(path) {
			changes = append(changes, event.Change{Path: path, Old: x.blob(), New: y.blob()})
		}
	}}
	if err := c.folder("", before, after); err != nil {
		return nil, err
	}
	slices.SortFunc(changes, func(a, b event.Change) int { return cmp.Compare(a.Path, b.Path) })
	return changes, nil
}

// A comparer walks two trees at once, into folders only where their ids differ.
type comparer struct {
	objects objects
	differ  func(path string, x, y entry) // is told what differs; either may be the zero entry
	left    int                           // how many more entries are compared
}

// folder enters a folder, "" being the top, only where its id differs.
func (c *comparer) folder(folder string, before, after hash) error {
	if before == after {
		return nil
	}
	if strings.Count(folder, "/") >= maxDepth {
		return tooMuch(folder + "/")
	}
	return c.objects.compare(before, after, func(x, y entry) error { return c.pair(folder, x, y) })
}

// compareEntries compares two trees entry by entry.
func compareEntries(from objects, before, after hash, differ func(x, y entry) error) error {
	a, err := entriesOf(from, before)
	if err != nil {
		return err
	}
	b, err := entriesOf(from, after)
	if err != nil {
		return err
	}
	for len(a) > 0 || len(b) > 0 {
		var x, y entry
		x, y, a, b = next(a, b)
		if x == y {
			continue
		}
		if err := differ(x, y); err != nil {
			return err
		}
	}
	return nil
}

func entriesOf(from objects, id hash) ([]entry, error) {
	if id == (hash{}) {
		return nil, nil
	}
	return from.tree(id)
}

// next takes the first entry of either list, or of both where they are namesakes.
func next(a, b []entry) (x, y entry, resta, restb []entry) {
	order := 0
	switch {
	case len(a) == 0:
		order = 1
	case len(b) == 0:
		order = -1
	default:
		order = compareEntry(a[0], b[0])
	}
	if order <= 0 {
		x, a = a[0], a[1:]
	}
	if order >= 0 {
		y, b = b[0], b[1:]
	}
	return x, y, a, b
}

// pair compares what stands before and after under one name; either may be the zero entry.
// Of a folder that differs both the folder and what is in it are told.
func (c *comparer) pair(folder string, x, y entry) error {
	if x == y {
		return nil
	}
	path := cmp.Or(x.name, y.name)
	if folder != "" {
		path = folder + "/" + path
	}
	if c.left--; c.left < 0 {
		return tooMuch(path)
	}
	c.differ(path, x, y)
	if x.folder() || y.folder() {
		return c.folder(path, x.folderID(), y.folderID())
	}
	return nil
}

// folderID is the id of a folder, the empty tree's zero id for anything else.
func (e entry) folderID() hash {
	if !e.folder() {
		return hash{}
	}
	return e.id
}
