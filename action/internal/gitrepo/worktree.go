package gitrepo

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
)

// WorkTree is the files on disk below Root, ignored ones included, .git left out. A folder
// with a .git of its own is listed as a submodule and not entered; nor is a linked folder.
// Several goroutines may read it at once, until the repository is closed.
func (r *Repo) WorkTree() (Tree, error) {
	if r.place.root == "" {
		return nil, fmt.Errorf("%s is a bare repository, with no files on disk: expected a revision", r.place.git)
	}
	return workTree{r.place.root, &r.folders}, nil
}

type workTree struct {
	root    string
	folders *folders
}

func (w workTree) Files() ([]File, error) {
	folders, err := w.Folders(nil)
	return Together(folders), err
}

// Folders lists the files by the folders that they stand in. Nothing is skipped: whether a
// folder is as it was only a look at each file tells.
func (w workTree) Folders(func(Folder) bool) ([]Folder, error) {
	l := &listing{tree: w, turns: make(chan struct{}, runtime.GOMAXPROCS(0))}
	l.folder("")
	l.wait.Wait()
	return l.folders, l.err
}

// A listing lists the files below a folder, in several folders at a time.
type listing struct {
	tree    workTree
	turns   chan struct{}
	wait    sync.WaitGroup
	mu      sync.Mutex
	folders []Folder
	err     error // the first
}

// folder lists what is in a folder, and begins to list the folders in it.
func (l *listing) folder(name string) {
	l.turns <- struct{}{}
	folder, below, err := l.tree.list(name)
	<-l.turns
	l.mu.Lock()
	l.folders = append(l.folders, folder)
	if l.err == nil {
		l.err = err
	}
	l.mu.Unlock()
	for _, f := range below {
		l.wait.Go(func() { l.folder(f) })
	}
}

// list reads one folder: what it lists, and which folders in it are to be entered.
func (w workTree) list(path string) (folder Folder, below []string, err error) {
	open, err := os.Open(w.full(path))
	if err != nil {
		return Folder{}, nil, err
	}
	defer func() { _ = open.Close() }()
	names, err := open.Readdirnames(-1)
	if err != nil {
		return Folder{}, nil, err
	}
	slices.Sort(names)
	folder = Folder{Path: path, Files: make([]File, 0, len(names))}
	seal := newSeal()
	for _, name := range names {
		if name == ".git" {
			continue
		}
		f, err := w.file(open, inside(path)+name, name)
		if err != nil {
			return Folder{}, nil, err
		}
		seal.add(name, f)
		plain := f.Mode == folderMode.String()
		if !plain || strings.HasSuffix(f.Path, ".yaml") {
			folder.Files = append(folder.Files, f)
		}
		if plain {
			below = append(below, f.Path)
		}
	}
	folder.Name, folder.Last = seal.name(), seal.last
	return folder, below, nil
}

// full is a path on disk.
func (w workTree) full(path string) string { return filepath.Join(w.root, filepath.FromSlash(path)) }

// file looks at one file, which has a name in an open folder.
func (w workTree) file(in *os.File, path, name string) (File, error) {
	m, size, stamp, err := look(in, name)
	if err != nil {
		return File{}, err
	}
	f := File{Path: path, Regular: m.IsRegular(), Size: -1, Mode: w.modeOnDisk(path, m).String()}
	if f.Regular {
		f.Size, f.Stamp = size, stamp
	}
	return f, nil
}

// modeOnDisk is the mode that git would record; 0 for a pipe, socket or device, which it
// would not.
func (w workTree) modeOnDisk(path string, m fs.FileMode) mode {
	switch {
	case m.IsRegular() && m&0o100 != 0:
		return programMode
	case m.IsRegular():
		return fileMode
	case m&fs.ModeSymlink != 0:
		return linkMode
	case m.IsDir() && isRepository(w.full(path)):
		return moduleMode
	case m.IsDir():
		return folderMode
	}
	return 0
}

func isRepository(dir string) bool {
	_, err := os.Lstat(filepath.Join(dir, ".git"))
	return err == nil
}

// Read keeps to what Files lists: it never follows a link, and never leaves the root.
func (w workTree) Read(name string) ([]byte, error) {
	if !fs.ValidPath(name) || slices.Contains(strings.Split(name, "/"), ".git") {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	folder, done, err := w.folders.at(w.root, path.Dir(name))
	if err != nil {
		return nil, err
	}
	defer done()
	b, err := folder.read(path.Base(name))
	switch {
	case errors.Is(err, errNotRegular):
		return nil, w.notRegular(name)
	case err != nil:
		return nil, fromTop(err, name)
	case len(b) > maxBlob:
		return nil, fmt.Errorf("%s: %w", name, ErrTooLarge)
	}
	return b, nil
}

// errNotRegular is that of a file without content: a folder, a link, a pipe.
var errNotRegular = errors.New("no regular file")

func (w workTree) notRegular(name string) error {
	info, err := os.Lstat(w.full(name))
	if err != nil {
		return err
	}
	return notRegular(name, w.modeOnDisk(name, info.Mode()))
}

// typical is how many bytes are read of a file at first: most records have fewer.
const typical = 4 << 10

// readSome reads a file up to its end or one byte more than is ever wanted. A short read of
// a regular file is its last.
func readSome(read func([]byte) (int, error)) ([]byte, error) {
	b := make([]byte, 0, typical)
	for {
		n, err := read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		switch {
		case err == io.EOF || err == nil && n == 0:
			return b, nil
		case err != nil:
			return nil, err
		case len(b) > maxBlob:
			return b, nil
		case len(b) < cap(b):
			return b, nil
		}
		b = slices.Grow(b, min(3*len(b), maxBlob+1))
	}
}

// fromTop names the file in an error by its path from the top.
func fromTop(err error, name string) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return &fs.PathError{Op: at.Op, Path: filepath.FromSlash(name), Err: at.Err}
	}
	return err
}

// Folders are the folders of a work tree from which files were read, kept open: most files
// have many neighbours.
type folders struct {
	mu   sync.Mutex
	open map[string]*folder
}

// A folder is an open folder, in two ways: to look at what is in it, and to read it.
type folder struct {
	*os.Root
	handle *os.File
}

func (f *folder) close() {
	_ = f.Root.Close()
	_ = f.handle.Close()
}

// mostOpen is how many folders are kept open.
const mostOpen = 128

// at opens a folder by way of plain folders only. The caller calls done when it has read.
func (f *folders) at(root, name string) (in *folder, done func(), err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.find(root, name)
}

func (f *folders) find(root, name string) (in *folder, done func(), err error) {
	if known := f.open[name]; known != nil {
		return known, func() {}, nil
	}
	var opened *os.Root
	if name == "." {
		opened, err = os.OpenRoot(root)
	} else {
		opened, err = f.enter(root, name)
	}
	if err != nil {
		return nil, nil, err
	}
	if in, err = newFolder(opened); err != nil {
		return nil, nil, err
	}
	if len(f.open) >= mostOpen {
		return in, in.close, nil
	}
	if f.open == nil {
		f.open = map[string]*folder{}
	}
	f.open[name] = in
	return in, func() {}, nil
}

func newFolder(opened *os.Root) (*folder, error) {
	handle, err := opened.Open(".")
	if err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	return &folder{opened, handle}, nil
}

// enter goes from a folder into one that stands in it.
func (f *folders) enter(root, name string) (*os.Root, error) {
	parent, done, err := f.find(root, path.Dir(name))
	if err != nil {
		return nil, err
	}
	defer done()
	if info, err := parent.Lstat(path.Base(name)); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return parent.OpenRoot(path.Base(name))
}

// close lets go of the folders.
func (f *folders) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, in := range f.open {
		in.close()
	}
	f.open = nil
}
