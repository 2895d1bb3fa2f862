package gitrepo

import (
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// look says of what has a name in an open folder its kind and permissions, its size in bytes
// and its stamp. The system need not find the folder again for each name.
func look(in *os.File, name string) (fs.FileMode, int64, Stamp, error) {
	var s unix.Stat_t
	_, err := again(func() (int, error) {
		return 0, unix.Fstatat(int(in.Fd()), name, &s, unix.AT_SYMLINK_NOFOLLOW)
	})
	if err != nil {
		return 0, 0, Stamp{}, &fs.PathError{Op: "lstat", Path: in.Name() + "/" + name, Err: err}
	}
	return modeOf(s.Mode), s.Size, Stamp{int64(s.Dev), int64(s.Ino), s.Size, s.Mtim.Nano(), s.Ctim.Nano()}, nil
}

// modeOf is the mode as package fs has it, of what git tells apart.
func modeOf(m uint32) fs.FileMode {
	permissions := fs.FileMode(m & 0o777)
	switch m & unix.S_IFMT {
	case unix.S_IFREG:
		return permissions
	case unix.S_IFDIR:
		return permissions | fs.ModeDir
	case unix.S_IFLNK:
		return permissions | fs.ModeSymlink
	}
	return permissions | fs.ModeIrregular
}
