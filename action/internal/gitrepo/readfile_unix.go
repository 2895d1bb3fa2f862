//go:build unix

package gitrepo

import (
	"io/fs"

	"golang.org/x/sys/unix"
)

// read reads a regular file of the folder, in as few calls of the system as there can be:
// a work tree may have a hundred thousand of them.
func (f *folder) read(name string) ([]byte, error) {
	fd, err := again(func() (int, error) {
		return unix.Openat(int(f.handle.Fd()), name, unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	})
	switch err {
	case nil:
	case unix.ELOOP, unix.EMLINK: // the second is what some systems say of a link
		return nil, errNotRegular
	default:
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	defer func() { _ = unix.Close(fd) }()
	var info unix.Stat_t
	if err := unix.Fstat(fd, &info); err != nil {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	if info.Mode&unix.S_IFMT != unix.S_IFREG {
		return nil, errNotRegular
	}
	b, err := readSome(func(b []byte) (int, error) {
		return again(func() (int, error) { return unix.Read(fd, b) })
	})
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return b, nil
}

// again calls once more what a signal has interrupted.
func again(call func() (int, error)) (int, error) {
	for {
		if n, err := call(); err != unix.EINTR {
			return n, err
		}
	}
}
