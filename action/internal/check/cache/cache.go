// Package cache turns what was found of single records, or of all in a folder, into bytes by
// which a later run need not check them again, and back. Only records without any defect of
// their own are kept, and folders without any defect; what has one is checked anew, every
// time. They stand in the repository's own folder, in two files for each set of rules.
// Whatever goes wrong with them costs time, and changes no result.
package cache

import (
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/commrel/liaison/action/internal/memo"
	"github.com/commrel/liaison/action/internal/workflow"
)

// mostFiles is how many sets of rules are remembered: those of a few branches.
const mostFiles = 4

// How large, in bytes, a file of verdicts is read: one on folders is begun anew before it
// takes longer to read than what it saves.
const (
	mostOfRecords = 256 << 20
	mostOfFolders = 4 << 20
)

// A Cache is the verdicts of earlier runs by the same rules. Of a nil Cache there are none,
// and none are kept.
type Cache struct {
	folder           string // the repository's own
	key              memo.Key
	folders, records *Verdicts // nil until they are asked for
}

// Open opens the verdicts of earlier runs by a definition, of which an outline will do, and
// its schemas; nil where it cannot be told what a verdict depends on. text is what the
// definition says, read reads its schemas.
func Open(folder, engine string, text []byte, def *workflow.Definition, read func(path string) ([]byte, error)) *Cache {
	key, err := keyOf(engine, text, def, read)
	if err != nil || len(def.Kinds) > math.MaxUint8 {
		return nil
	}
	return &Cache{folder: folder, key: key}
}

// keyOf is what the verdicts on records depend on. Files of holidays are no part of it, since
// no verdict depends on them.
func keyOf(engine string, text []byte, def *workflow.Definition, read func(path string) ([]byte, error)) (memo.Key, error) {
	build, err := program()
	if err != nil {
		return memo.Key{}, err
	}
	texts := [][]byte{[]byte(engine), build, text}
	for _, k := range def.Kinds {
		texts = append(texts, []byte(k.Name))
		if k.SchemaAt == "" {
			continue
		}
		schema, err := read(k.SchemaAt)
		if err != nil {
			return memo.Key{}, err
		}
		texts = append(texts, schema)
	}
	return memo.KeyOf(texts...), nil
}

// Empty reports whether nothing is kept.
func (c *Cache) Empty() bool { return c.Folders().Len() == 0 && c.Records().Len() == 0 }

// Folders are the verdicts on folders.
func (c *Cache) Folders() *Verdicts {
	if c == nil {
		return &Verdicts{}
	}
	if c.folders == nil {
		c.folders = c.read("folders", mostOfFolders)
	}
	return c.folders
}

// Records are the verdicts on records.
func (c *Cache) Records() *Verdicts {
	if c == nil {
		return &Verdicts{}
	}
	if c.records == nil {
		c.records = c.read("verdicts", mostOfRecords)
	}
	return c.records
}

func (c *Cache) read(on string, most int64) *Verdicts {
	name := c.file(on)
	if info, err := os.Lstat(name); err != nil || !info.Mode().IsRegular() || info.Size() > most {
		return parse(c.key, nil)
	}
	file, _ := os.ReadFile(name)
	return parse(c.key, file)
}

// file is the file of the verdicts on folders or on records.
func (c *Cache) file(on string) string {
	return filepath.Join(c.folder, "liaison", on, fmt.Sprintf("%x", c.key))
}

// Keep writes what was added.
func (c *Cache) Keep() {
	if c == nil {
		return
	}
	c.keep("folders", c.folders)
	c.keep("verdicts", c.records)
}

// keep writes what was added to the verdicts, on folders or on records, behind what is there;
// where that is damaged, in its place.
func (c *Cache) keep(on string, v *Verdicts) {
	if v == nil || len(v.added) == 0 {
		return
	}
	if v.sound {
		_ = appendTo(c.file(on), v.batchAdded())
	} else {
		v.sound = c.begin(c.file(on), v.batchAdded()) == nil
	}
	v.added = nil
}

// begin writes a file with its first batch.
func (c *Cache) begin(name string, batch []byte) error {
	folder := filepath.Dir(name)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	forgetOld(folder)
	return replaceWith(name, append(begin(c.key), batch...))
}
