package gitrepo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A place is where the parts of a repository are; all paths are absolute.
type place struct {
	root   string // the work tree's top folder, "" when there is none
	git    string // HEAD and what else belongs to one work tree
	common string // objects, refs, config; the same as git but for a linked work tree
}

// locate looks for a repository in dir and the folders above it, as git does.
func locate(dir string) (place, error) {
	start, err := filepath.Abs(dir)
	if err != nil {
		return place{}, err
	}
	if err := mustBeFolder(dir, start); err != nil {
		return place{}, err
	}
	for at := start; ; at = filepath.Dir(at) {
		p, found, err := placeAt(at)
		if found || err != nil {
			return p, err
		}
		if at == filepath.Dir(at) {
			return place{}, fmt.Errorf("%s is not a Git repository: expected a folder with .git in it or above it, or a bare repository", dir)
		}
	}
}

func mustBeFolder(dir, abs string) error {
	info, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s does not exist: expected the folder of a Git repository", dir)
	case err != nil:
		return fmt.Errorf("cannot look into %s: %w", dir, err)
	case !info.IsDir():
		return fmt.Errorf("%s is a file: expected the folder of a Git repository", dir)
	}
	return nil
}

// placeAt tells whether exactly this folder is a work tree's top or a bare repository.
func placeAt(dir string) (p place, found bool, err error) {
	dot := filepath.Join(dir, ".git")
	info, err := os.Stat(dot)
	switch {
	case err == nil && info.Mode().IsRegular():
		git, err := readPointer(dot, "gitdir: ")
		if err != nil {
			return place{}, false, err
		}
		return linked(dir, git)
	case err == nil && isGitFolder(dot):
		return place{root: dir, git: dot, common: dot}, true, nil
	case isGitFolder(dir):
		return place{git: dir, common: dir}, true, nil
	}
	return place{}, false, nil
}

// linked is the place of a work tree whose .git is a file that points elsewhere.
func linked(root, git string) (place, bool, error) {
	common := git
	if _, err := os.Stat(filepath.Join(git, "commondir")); err == nil {
		if common, err = readPointer(filepath.Join(git, "commondir"), ""); err != nil {
			return place{}, false, err
		}
	}
	if !isGitFolder(common) {
		return place{}, false, fmt.Errorf("%s points to %s, which is not a Git folder: expected HEAD, objects and refs in it", filepath.Join(root, ".git"), common)
	}
	return place{root: root, git: git, common: common}, true, nil
}

// readPointer reads a one-line file that holds a path, relative to the file's own folder.
func readPointer(file, prefix string) (string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("cannot read %s: %w", file, err)
	}
	to, ok := strings.CutPrefix(strings.TrimRight(string(b), "\r\n"), prefix)
	if !ok || to == "" {
		return "", fmt.Errorf("%s does not point to a Git folder: expected one line %q and a path", file, prefix)
	}
	if !filepath.IsAbs(to) {
		to = filepath.Join(filepath.Dir(file), to)
	}
	return filepath.Clean(to), nil
}

func isGitFolder(dir string) bool {
	_, head := os.Lstat(filepath.Join(dir, "HEAD"))
	objects, o := os.Stat(filepath.Join(dir, "objects"))
	refs, r := os.Stat(filepath.Join(dir, "refs"))
	return head == nil && o == nil && objects.IsDir() && r == nil && refs.IsDir()
}
