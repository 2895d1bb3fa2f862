package gitrepo

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// WorkTree is the files on disk below Root, ignored ones included, .git left out. A folder
// with a .git of its own is listed as a submodule and not entered; nor is a linked folder.
func (r *Repo) WorkTree() (Tree, error) {
	if r.place.root == "" {
		return nil, fmt.Errorf("%s is a bare repository, with no files on disk: expected a revision", r.place.git)
	}
	return workTree{r.place.root}, nil
}

type workTree struct{ root string }

func (w workTree) Files() (files []File, err error) {
	err = filepath.WalkDir(w.root, func(full string, d fs.DirEntry, err error) error {
		if err != nil || full == w.root {
			return err
		}
		if d.Name() == ".git" {
			return skip(d)
		}
		f, err := w.file(full, d)
		if err != nil {
			return err
		}
		if f.Mode != folderMode.String() || strings.HasSuffix(f.Path, ".yaml") {
			files = append(files, f)
		}
		if f.Mode == moduleMode.String() {
			return fs.SkipDir
		}
		return nil
	})
	slices.SortFunc(files, comparePath)
	return files, err
}

func skip(d fs.DirEntry) error {
	if d.IsDir() {
		return fs.SkipDir
	}
	return nil
}

func (w workTree) file(full string, d fs.DirEntry) (File, error) {
	path, err := filepath.Rel(w.root, full)
	if err != nil {
		return File{}, err
	}
	info, err := d.Info()
	if err != nil {
		return File{}, err
	}
	f := File{Path: filepath.ToSlash(path), Regular: info.Mode().IsRegular(), Size: -1, Mode: modeOnDisk(full, info).String()}
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
func (w workTree) Read(path string) (b []byte, err error) {
	if !fs.ValidPath(path) || slices.Contains(strings.Split(path, "/"), ".git") {
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	root, err := os.OpenRoot(w.root)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	if err := w.reachable(root, path); err != nil {
		return nil, err
	}
	return readSome(root, path)
}

// reachable wants plain folders on the way and a regular file at the end.
func (w workTree) reachable(root *os.Root, path string) error {
	for i, c := range path {
		if c != '/' {
			continue
		}
		if info, err := root.Lstat(filepath.FromSlash(path[:i])); err != nil || !info.IsDir() {
			return fmt.Errorf("%s: %w", path, fs.ErrNotExist)
		}
	}
	info, err := root.Lstat(filepath.FromSlash(path))
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return notRegular(path, modeOnDisk(filepath.Join(w.root, filepath.FromSlash(path)), info))
	}
	return nil
}

func readSome(root *os.Root, path string) (b []byte, err error) {
	f, err := root.Open(filepath.FromSlash(path))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	b, err = io.ReadAll(io.LimitReader(f, maxBlob+1))
	if err == nil && len(b) > maxBlob {
		return nil, fmt.Errorf("%s: %w", path, ErrTooLarge)
	}
	return b, err
}
