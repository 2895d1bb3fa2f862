package git

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// An Edit puts an object at a path of a tree, or removes what is there.
type Edit struct {
	Path string // with slashes
	Mode string // octal as git prints it; "" means "100644"
	ID   string // blob, tree or commit; "" removes
}

// A TreeEntry is one line of a tree.
type TreeEntry struct {
	Path string // from the root of the tree that was asked for
	Mode string // six octal digits
	Type string // "blob", "tree" or "commit"
	ID   string
}

// WriteTree applies edits to the tree base ("" for the empty one) and returns the id of the
// result. Folders come and go with their files. Removing what is not there is an error.
func (r *Repo) WriteTree(base string, edits []Edit) (string, error) {
	if base != "" && len(edits) == 0 {
		return base, nil
	}
	entries, err := r.level(base)
	if err != nil {
		return "", err
	}
	deeper := map[string][]Edit{}
	for _, e := range edits {
		name, rest, nested := strings.Cut(e.Path, "/")
		if nested {
			e.Path = rest
			deeper[name] = append(deeper[name], e)
		} else if err := put(entries, name, e); err != nil {
			return "", err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(deeper)) {
		if err := r.editFolder(entries, name, deeper[name]); err != nil {
			return "", fmt.Errorf("%s/%w", name, err)
		}
	}
	return r.encodeTree(entries)
}

// ReadTree lists one tree, sorted as git does; deep goes into its folders too.
func (r *Repo) ReadTree(id string, deep bool) ([]TreeEntry, error) {
	t, err := object.GetTree(r.s, plumbing.NewHash(id))
	if err != nil {
		return nil, fmt.Errorf("read tree %s: %w", id, err)
	}
	var out []TreeEntry
	for _, e := range t.Entries {
		out = append(out, TreeEntry{e.Name, fmt.Sprintf("%06o", uint32(e.Mode)), typeOf(e.Mode), e.Hash.String()})
		if !deep || e.Mode != filemode.Dir {
			continue
		}
		inner, err := r.ReadTree(e.Hash.String(), true)
		if err != nil {
			return nil, err
		}
		for _, in := range inner {
			in.Path = e.Name + "/" + in.Path
			out = append(out, in)
		}
	}
	return out, nil
}

// level reads one tree into a map by name.
func (r *Repo) level(id string) (map[string]object.TreeEntry, error) {
	entries := map[string]object.TreeEntry{}
	if id == "" {
		return entries, nil
	}
	t, err := object.GetTree(r.s, plumbing.NewHash(id))
	if err != nil {
		return nil, fmt.Errorf("read tree %s: %w", id, err)
	}
	for _, e := range t.Entries {
		entries[e.Name] = e
	}
	return entries, nil
}

// put applies an edit whose path has no slash left.
func put(entries map[string]object.TreeEntry, name string, e Edit) error {
	if name == "" || name == "." || name == ".." {
		return fmt.Errorf("%q is not a path", name)
	}
	if e.ID == "" {
		if _, ok := entries[name]; !ok {
			return fmt.Errorf("%s: nothing there to remove", name)
		}
		delete(entries, name)
		return nil
	}
	mode, err := modeOf(e.Mode)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	entries[name] = object.TreeEntry{Name: name, Mode: mode, Hash: plumbing.NewHash(e.ID)}
	return nil
}

// editFolder applies edits below one folder and drops the folder when it is left empty.
func (r *Repo) editFolder(entries map[string]object.TreeEntry, name string, edits []Edit) error {
	old, base := entries[name], ""
	if old.Mode == filemode.Dir {
		base = old.Hash.String()
	} else if old.Name != "" {
		return fmt.Errorf("%s: a file stands where a folder is needed", edits[0].Path)
	}
	id, err := r.WriteTree(base, edits)
	if err != nil {
		return err
	}
	if t, err := object.GetTree(r.s, plumbing.NewHash(id)); err == nil && len(t.Entries) == 0 {
		delete(entries, name)
		return nil
	}
	return put(entries, name, Edit{Mode: "040000", ID: id})
}

// encodeTree writes a tree; git orders folders as if their names ended in a slash.
func (r *Repo) encodeTree(entries map[string]object.TreeEntry) (string, error) {
	t := &object.Tree{Entries: slices.Collect(maps.Values(entries))}
	sort.Sort(object.TreeEntrySorter(t.Entries))
	o := r.s.NewEncodedObject()
	if err := t.Encode(o); err != nil {
		return "", fmt.Errorf("write tree: %w", err)
	}
	return r.store(o)
}

// modeOf reads an octal mode; git knows five.
func modeOf(s string) (filemode.FileMode, error) {
	if s == "" {
		return filemode.Regular, nil
	}
	n, err := strconv.ParseUint(s, 8, 32)
	switch mode := filemode.FileMode(n); mode {
	case filemode.Regular, filemode.Executable, filemode.Symlink, filemode.Dir, filemode.Submodule:
		return mode, err
	}
	return 0, fmt.Errorf("%q is not a mode that git writes", s)
}

func typeOf(m filemode.FileMode) string {
	switch m {
	case filemode.Dir:
		return "tree"
	case filemode.Submodule:
		return "commit"
	}
	return "blob"
}
