package workflow

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/memo"
	"github.com/commrel/liaison/action/internal/schema"
)

// A Cache reads definitions, and keeps them and their schemas by the bytes that they are made
// of: nobody changes either, so the same bytes are the same definition. The zero Cache keeps
// nothing.
type Cache struct {
	schemas     schema.Cache
	drafts      *memo.Memo[memo.Key, draft]
	definitions *memo.Memo[memo.Key, defined]
}

// mostKept is how many definitions a Cache keeps: those of a long history.
const mostKept = 64

// NewCache makes a cache for as long as one program runs.
func NewCache() *Cache {
	return &Cache{schema.NewCache(), memo.New[memo.Key, draft](mostKept), memo.New[memo.Key, defined](mostKept)}
}

type defined struct {
	def      *Definition
	findings []finding.Finding
	err      error
}

// Read reads a definition as the function Read does.
func (c *Cache) Read(path string, src []byte, open func(path string) ([]byte, error)) (*Definition, []finding.Finding, error) {
	text := [][]byte{[]byte(path), src}
	d := c.drafts.Get(memo.KeyOf(text...), func() draft { return c.parse(path, src) })
	if d.doc == nil {
		return nil, slices.Clone(d.findings), d.err
	}
	files := openAll(d.raw.files(), open)
	out := c.definitions.Get(memo.KeyOf(append(text, files.key()...)...), func() (out defined) {
		out.def, out.findings, out.err = c.define(d, files)
		return out
	})
	return out.def, slices.Clone(out.findings), out.err
}

// Attachments are the files that a definition names, by path.
type attachments map[string]file

// A file is what stands at a path, or why it cannot be read.
type file struct {
	src []byte
	err error
}

// openAll reads each file once.
func openAll(paths []string, open func(path string) ([]byte, error)) attachments {
	out := attachments{}
	for _, path := range paths {
		src, err := open(path)
		if errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("there is no file %s", path)
		}
		out[path] = file{src, err}
	}
	return out
}

// key is all that the files say, or why they say nothing, in the order of their paths.
func (a attachments) key() [][]byte {
	var out [][]byte
	for _, path := range slices.Sorted(maps.Keys(a)) {
		why := ""
		if err := a[path].err; err != nil {
			why = err.Error()
		}
		out = append(out, []byte(path), a[path].src, []byte(why))
	}
	return out
}

// files are the paths that the definition names, each once, in their order.
func (raw rawDefinition) files() []string {
	out := raw.holidays()
	for _, k := range raw.Kinds {
		if k.Schema != "" {
			out = append(out, k.Schema)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// holidays are the paths of the lists of holidays.
func (raw rawDefinition) holidays() []string {
	var out []string
	for _, c := range raw.Calendars {
		out = append(out, c.HolidaysFrom...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
