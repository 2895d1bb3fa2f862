package gitrepo

import (
	"bytes"
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
	l := &listing{tree: w, turns: make(chan struct{}, runtime.GOMAXPROCS(0))}
	l.folder("")
	l.wait.Wait()
	slices.SortFunc(l.files, comparePath)
	return l.files, l.err
}

// A listing lists the files below a folder, in several folders at a time.
type listing struct {
	tree  workTree
	turns chan struct{}
	wait  sync.WaitGroup
	mu    sync.Mutex
	files []File
	err   error // the first
}

// folder lists what is in a folder, and begins to list the folders in it.
func (l *listing) folder(name string) {
	l.turns <- struct{}{}
	files, below, err := l.tree.list(name)
	<-l.turns
	l.mu.Lock()
	l.files = append(l.files, files...)
	if l.err == nil {
		l.err = err
	}
	l.mu.Unlock()
	for _, f := range below {
		l.wait.Go(func() { l.folder(f) })
	}
}

// list reads one folder: what it lists, and which folders in it are to be entered.
func (w workTree) list(folder string) (files []File, below []string, err error) {
	inside, err := os.ReadDir(filepath.Join(w.root, filepath.FromSlash(folder)))
	if err != nil {
		return nil, nil, err
	}
	files = make([]File, 0, len(inside))
	for _, d := range inside {
		if d.Name() == ".git" {
			continue
		}
		f, err := w.file(path.Join(folder, d.Name()), d)
		if err != nil {
			return nil, nil, err
		}
		plain := f.Mode == folderMode.String()
		if !plain || strings.HasSuffix(f.Path, ".yaml") {
			files = append(files, f)
		}
		if plain {
			below = append(below, f.Path)
		}
	}
	return files, below, nil
}

func (w workTree) file(path string, d fs.DirEntry) (File, error) {
	info, err := d.Info()
	if err != nil {
		return File{}, err
	}
	full := filepath.Join(w.root, filepath.FromSlash(path))
	f := File{Path: path, Regular: info.Mode().IsRegular(), Size: -1, Mode: modeOnDisk(full, info).String()}
	if f.Regular {
		f.Size = info.Size()
	}
	return f, nil
}

// modeOnDisk is the mode that git would record; 0 for a pipe, socket or device, which it
// would not.
func modeOnDisk(full string, info fs.FileInfo) mode {
	switch m := info.Mode(); {
	case m.IsRegular() && m&0o100 != 0:
		return programMode
	case m.IsRegular():
		return fileMode
	case m&fs.ModeSymlink != 0:
		return linkMode
	case m.IsDir() && isRepository(full):
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
	base := path.Base(name)
	info, err := folder.Lstat(base)
	if err != nil {
		return nil, fromTop(err, name)
	}
	if !info.Mode().IsRegular() {
		return nil, notRegular(name, modeOnDisk(filepath.Join(w.root, filepath.FromSlash(name)), info))
	}
	return readSome(folder, base, name, info.Size())
}

// readSome reads a file that seems to have so many bytes.
func readSome(folder *os.Root, base, name string, size int64) (b []byte, err error) {
	f, err := folder.Open(base)
	if err != nil {
		return nil, fromTop(err, name)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	into := bytes.NewBuffer(make([]byte, 0, min(size, maxBlob)+bytes.MinRead))
	if _, err = into.ReadFrom(io.LimitReader(f, maxBlob+1)); err == nil && into.Len() > maxBlob {
		return nil, fmt.Errorf("%s: %w", name, ErrTooLarge)
	}
	return into.Bytes(), err
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
	open map[string]*os.Root
}

// mostOpen is how many folders are kept open.
const mostOpen = 128

// at opens a folder by way of plain folders only. The caller calls done when it has read.
func (f *folders) at(root, name string) (folder *os.Root, done func(), err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.find(root, name)
}

func (f *folders) find(root, name string) (folder *os.Root, done func(), err error) {
	if known := f.open[name]; known != nil {
		return known, func() {}, nil
	}
	if name == "." {
		folder, err = os.OpenRoot(root)
	} else {
		folder, err = f.enter(root, name)
	}
	if err != nil {
		return nil, nil, err
	}
	if len(f.open) >= mostOpen {
		return folder, func() { _ = folder.Close() }, nil
	}
	if f.open == nil {
		f.open = map[string]*os.Root{}
	}
	f.open[name] = folder
	return folder, func() {}, nil
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
	for _, folder := range f.open {
		_ = folder.Close()
	}
	f.open = nil
}
