package cache

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// program tells builds of one version apart: by the size and time of the program's file, and by
// its beginning, in which the linker writes the build's id. The error says that it cannot tell.
func program() (_ []byte, err error) {
	name, err := os.Executable()
	if err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	const beginning = 64 << 10
	head, err := io.ReadAll(io.LimitReader(f, beginning))
	return fmt.Append(head, " ", info.Size(), " ", info.ModTime().UnixNano()), err
}

func appendTo(name string, b []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// replaceWith writes a file as a whole or not at all.
func replaceWith(name string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), "new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// forgetOld makes room for one more set of rules: the oldest go.
func forgetOld(folder string) {
	files, err := os.ReadDir(folder)
	for err == nil && len(files) >= mostFiles {
		oldest := 0
		for i := range files {
			if age(files[i]) < age(files[oldest]) {
				oldest = i
			}
		}
		err = os.Remove(filepath.Join(folder, files[oldest].Name()))
		files = append(files[:oldest], files[oldest+1:]...)
	}
}

// age is when a file was last written, in nanoseconds.
func age(f os.DirEntry) int64 {
	info, err := f.Info()
	if err != nil {
		return 0
	}
	return info.ModTime().UnixNano()
}
