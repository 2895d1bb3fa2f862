package app

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/commrel/liaison/action/internal/memo"
	"github.com/commrel/liaison/action/internal/verdict"
)

// Verdicts on single records and on folders are kept in the repository's own folder, in two
// files for each set of rules. Whatever goes wrong with them costs time, and changes no
// result.

// mostFiles is how many sets of rules are remembered: those of a few branches.
const mostFiles = 4

// How large, in bytes, a file of verdicts is read: one on folders is begun anew before it
// takes longer to read than what it saves.
const (
	mostOfRecords = 256 << 20
	mostOfFolders = 4 << 20
)

// openFolders opens the verdicts of earlier runs by the same rules, on folders; there may be
// none.
func (d *desk) openFolders() {
	if d.folders != nil {
		return
	}
	d.folders = &verdict.Book{}
	if key, err := d.key(); err == nil && len(d.def.Kinds) <= math.MaxUint8 {
		d.folders = readBook(key, d.verdictFile("folders", key), mostOfFolders)
	}
}

// openVerdicts opens those on records.
func (d *desk) openVerdicts() {
	d.openFolders()
	d.verdicts = &verdict.Book{}
	if key := d.folders.Key(); key != (memo.Key{}) {
		d.verdicts = readBook(key, d.verdictFile("verdicts", key), mostOfRecords)
	}
}

func readBook(key memo.Key, name string, most int64) *verdict.Book {
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return verdict.Open(key, nil)
	}
	file, _ := os.ReadFile(name)
	return verdict.Open(key, file)
}

// key is what the verdicts on this desk's records depend on.
func (d *desk) key() (memo.Key, error) {
	build, err := program()
	if err != nil {
		return memo.Key{}, err
	}
	texts := [][]byte{[]byte(Version), build, d.rules}
	for _, k := range d.def.Kinds {
		texts = append(texts, []byte(k.Name))
		if k.SchemaAt == "" {
			continue
		}
		schema, err := d.rule(k.SchemaAt)
		if err != nil {
			return memo.Key{}, err
		}
		texts = append(texts, schema)
	}
	return memo.KeyOf(texts...), nil
}

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

// verdictFile is the file of the verdicts under a key, on folders or on records.
func (d *desk) verdictFile(on string, key memo.Key) string {
	return filepath.Join(d.repo.Folder(), "liaison", on, fmt.Sprintf("%x", key))
}

// keep writes what was added to the verdicts, on folders or on records, behind what is
// there; where that is damaged, in its place. Of rules in which something was found none are
// kept.
func (d *desk) keep(on string, b *verdict.Book) {
	key, added := b.Key(), b.Added()
	if added == nil || key == (memo.Key{}) || len(d.findings) > 0 {
		return
	}
	name := d.verdictFile(on, key)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return
	}
	if b.Sound() {
		_ = appendTo(name, added)
		return
	}
	forgetOld(filepath.Dir(name))
	_ = replaceWith(name, append(verdict.Begin(key), added...))
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
