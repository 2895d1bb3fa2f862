package gitrepo

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A Tree is the files of one commit or of the work tree.
type Tree interface {
	// Files lists every entry that is not a plain folder, sorted by path. A folder whose name
	// ends in .yaml is listed beside what is in it.
	Files() ([]File, error)
	// Read is the content of a regular file. The error wraps fs.ErrNotExist when nothing is
	// there, and ErrTooLarge beyond 8 MiB.
	Read(path string) ([]byte, error)
}

// A File is one entry of a tree.
type File struct {
	Path    string // with slashes, from the top; as the tree has it, which may be no valid UTF-8
	Blob    string // object id; "" in a work tree
	Regular bool   // a file with content: not a link, submodule, folder or impossible name
	Size    int64  // in bytes; -1 when not known, as in a commit
	Mode    string // six octal digits, such as 100644
	Stamp   Stamp  // of a file on disk; zero when not known, as in a commit
}

// A Stamp is what the system says of a file on disk: its device, its inode, its size in bytes,
// and when it was last written to and last changed in any way, in nanoseconds since 1970. It
// is another one after every change, if that comes later than the clock can tell apart. The
// last of the five nobody can set, as one can the fourth.
type Stamp [5]int64

// Last is when the file was last changed, in nanoseconds since 1970.
func (s Stamp) Last() int64 { return max(s[3], s[4]) }

// Limits that no honest tree comes near: a few small objects can describe billions of files.
const (
	maxDepth   = 128
	maxEntries = 1 << 20
)

// Tree is the tree of a commit, given its full id.
func (r *Repo) Tree(commit string) (Tree, error) {
	id, err := parseHash(commit)
	if err != nil {
		return nil, err
	}
	c, err := r.objects.commit(id)
	if err != nil {
		return nil, err
	}
	return commitTree{r.objects, c.tree}, nil
}

// Blob is the content of a file by its object id; ErrTooLarge beyond 8 MiB.
func (r *Repo) Blob(id string) ([]byte, error) {
	h, err := parseHash(id)
	if err != nil {
		return nil, err
	}
	return r.objects.blob(h)
}

// BlobReader makes a Blob for a goroutine of its own. What it gives must not be changed, and
// is not counted by BlobsRead.
func (r *Repo) BlobReader() func(id string) ([]byte, error) {
	from := newStore(r.packed.Reader())
	return func(id string) ([]byte, error) {
		h, err := parseHash(id)
		if err != nil {
			return nil, err
		}
		return from.sharedBlob(h)
	}
}

// A commitTree is the tree of a commit.
type commitTree struct {
	objects objects
	root    hash
}

func (s commitTree) Files() ([]File, error) {
	folders, err := s.Folders(func(Folder) bool { return false })
	if err != nil {
		return nil, err
	}
	return Together(folders), nil
}

// Folders lists the files by the folders that they stand in. Folders that are to be skipped
// are not read; skip sees their Path and Name.
func (s commitTree) Folders(skip func(Folder) bool) ([]Folder, error) {
	l := lister{objects: remember(s.objects), skip: skip, left: maxEntries}
	err := l.folder("", s.root)
	return l.folders, err
}

// A lister lists what is below a folder.
type lister struct {
	objects objects
	skip    func(Folder) bool
	folders []Folder
	left    int // how many more entries are read
}

func (l *lister) folder(path string, id hash) error {
	f := Folder{Path: path, Name: id}
	if l.skip(f) {
		l.folders = append(l.folders, f)
		return nil
	}
	entries, err := l.objects.tree(id)
	if err != nil {
		return err
	}
	prefix := inside(path)
	if l.left -= len(entries); l.left < 0 || strings.Count(prefix, "/") > maxDepth {
		return tooMuch(prefix)
	}
	f.Files = make([]File, 0, len(entries))
	for _, e := range entries {
		if path := prefix + e.name; !e.folder() || strings.HasSuffix(path, ".yaml") {
			f.Files = append(f.Files, File{Path: path, Blob: e.id.String(), Regular: e.regular(), Size: -1, Mode: e.mode.String()})
		}
	}
	below := slices.DeleteFunc(slices.Clone(entries), func(e entry) bool { return !e.folder() })
	if len(below) > 0 {
		f.Name = [20]byte{}
	}
	l.folders = append(l.folders, f)
	for _, e := range below {
		if err := l.folder(prefix+e.name, e.id); err != nil {
			return err
		}
	}
	return nil
}

// inside is the prefix of all paths in a folder.
func inside(folder string) string {
	if folder == "" {
		return ""
	}
	return folder + "/"
}

func tooMuch(prefix string) error {
	return fmt.Errorf("too much to read at %q: expected at most %d entries and %d folders deep", prefix, maxEntries, maxDepth)
}

// Has reports whether a regular file stands at a path, without reading it.
func (s commitTree) Has(path string) bool {
	e, err := find(s.objects, s.root, path)
	return err == nil && e.regular()
}

// Names are the paths of what stands in a folder of a commit, "" being the top; none where
// there is no such folder.
func (r *Repo) Names(commit, folder string) ([]string, error) {
	root, err := r.rootTree(commit)
	if err != nil {
		return nil, err
	}
	id, prefix := root, ""
	if folder != "" {
		if id, err = r.folder(root, folder); err != nil || id == (hash{}) {
			return nil, err
		}
		prefix = folder + "/"
	}
	entries, err := r.objects.tree(id)
	var names []string
	for _, e := range entries {
		names = append(names, prefix+e.name)
	}
	return names, err
}

// folder is the id of a folder; the zero id when there is none.
func (r *Repo) folder(id hash, path string) (hash, error) {
	for name := range strings.SplitSeq(path, "/") {
		entries, err := r.objects.tree(id)
		if err != nil {
			return hash{}, err
		}
		i := slices.IndexFunc(entries, func(e entry) bool { return e.name == name && e.folder() })
		if i < 0 {
			return hash{}, nil
		}
		id = entries[i].id
	}
	return id, nil
}

func (s commitTree) Read(path string) ([]byte, error) {
	e, err := find(s.objects, s.root, path)
	switch {
	case err != nil:
		return nil, err
	case !e.sound():
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	case !e.regular():
		return nil, notRegular(path, e.mode)
	}
	return s.objects.blob(e.id)
}

func notRegular(path string, m mode) error {
	what := map[mode]string{folderMode: "a folder", linkMode: "a symbolic link", moduleMode: "a submodule"}[m]
	return fmt.Errorf("%s is %s: expected a file", path, cmp.Or(what, "neither a file nor a folder"))
}

// find is the entry at a path, a file rather than a folder; the zero entry when there is none.
func find(from objects, folder hash, path string) (entry, error) {
	name, rest, deeper := strings.Cut(path, "/")
	entries, err := from.tree(folder)
	if err != nil {
		return entry{}, err
	}
	i, _ := slices.BinarySearchFunc(entries, name, func(e entry, name string) int { return strings.Compare(e.name, name) })
	for _, e := range entries[i:] {
		switch {
		case e.name != name:
			return entry{}, nil
		case !e.sound():
		case !deeper:
			return e, nil
		case e.folder():
			return find(from, e.id, rest)
		}
	}
	return entry{}, nil
}
