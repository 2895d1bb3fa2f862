//go:build !unix

package gitrepo

import "errors"

// read reads a regular file of the folder.
func (f *folder) read(name string) (b []byte, err error) {
	info, err := f.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return readSome(file.Read)
}
