package check

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// replaceFile writes a file of the work tree as a whole or not at all, and keeps its mode.
// It does not leave the tree, whatever links lie on the way.
func replaceFile(top, name string, content []byte) (err error) {
	root, err := os.OpenRoot(top)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	at := filepath.FromSlash(name)
	info, err := root.Lstat(at)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("it is no ordinary file: %w", fs.ErrInvalid)
	}
	beside := filepath.FromSlash(path.Join(path.Dir(name), ".liaison-"+path.Base(name)+".new"))
	if err := writeNew(root, beside, content, info.Mode().Perm()); err != nil {
		return err
	}
	if err := root.Rename(beside, at); err != nil {
		_ = root.Remove(beside)
		return err
	}
	return nil
}

func writeNew(root *os.Root, name string, content []byte, mode fs.FileMode) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if chmod := f.Chmod(mode); err == nil {
		err = chmod // the mode of a new file is cut by the umask
	}
	if sync := f.Sync(); err == nil {
		err = sync
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = root.Remove(name)
	}
	return err
}
