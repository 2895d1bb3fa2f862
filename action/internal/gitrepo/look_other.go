//go:build !linux

package gitrepo

import (
	"io/fs"
	"os"
	"path/filepath"
)

// look says of what has a name in an open folder its kind and permissions and its size in
// bytes. Its stamp is not known here.
func look(in *os.File, name string) (fs.FileMode, int64, Stamp, error) {
	info, err := os.Lstat(filepath.Join(in.Name(), name))
	if err != nil {
		return 0, 0, Stamp{}, err
	}
	return info.Mode(), info.Size(), Stamp{}, nil
}
