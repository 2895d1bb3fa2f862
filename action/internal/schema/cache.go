package schema

import "github.com/commrel/liaison/action/internal/memo"

// A Cache compiles schemas and keeps them by their names and bytes. The zero Cache keeps
// nothing.
type Cache struct {
	kept *memo.Memo[memo.Key, compiled]
}

type compiled struct {
	schema *Schema
	err    error
}

// mostKept is how many schemas a Cache keeps: those of the definitions of a long history.
const mostKept = 512

// NewCache makes a cache for as long as one program runs.
func NewCache() Cache { return Cache{memo.New[memo.Key, compiled](mostKept)} }

// Compile reads a JSON Schema as the function Compile does.
func (c Cache) Compile(path string, src []byte) (*Schema, error) {
	out := c.kept.Get(memo.KeyOf([]byte(path), src), func() (out compiled) {
		out.schema, out.err = Compile(path, src)
		return out
	})
	return out.schema, out.err
}
