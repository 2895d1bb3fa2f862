// Package schema turns a JSON Schema into a validator of documents, whose defects it puts into
// words: what was found, where, what was expected, and the mend.
package schema

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A Schema is a compiled JSON Schema (2020-12). It never loads another by address, and
// asserts formats.
type Schema struct {
	root  *jsonschema.Schema
	quick *validator // says that a document has no defect, or is not sure
}

// Root is the schema itself.
func (s *Schema) Root() *jsonschema.Schema { return s.root }

// Compile reads a JSON Schema; path is only its name in errors.
func Compile(path string, src []byte) (s *Schema, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("schema %s: %v", path, r)
		}
	}()
	c := jsonschema.NewCompiler()
	c.Draft, c.AssertFormat, c.ExtractAnnotations = jsonschema.Draft2020, true, true
	c.LoadURL = refuseLoading
	c.RegisterExtension(noteExtension, nil, noteCompiler{})
	address := "liaison:///" + path
	if err := c.AddResource(address, bytes.NewReader(src)); err != nil {
		return nil, fmt.Errorf("schema %s: %w", path, err)
	}
	root, err := c.Compile(address)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", path, err)
	}
	return &Schema{root, validators{}.compile(root)}, nil
}

// Validate validates a document's values, each defect at its place.
func (s *Schema) Validate(d *document.Document) (fs []finding.Finding, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: the schema cannot judge it: %v", d.Path, r)
		}
	}()
	fs, err = s.validate(d)
	return document.Keep(d.Source, fs, s.again), err
}

// validate finds the defects; their edits are not yet tried.
func (s *Schema) validate(d *document.Document) ([]finding.Finding, error) {
	w := wording{doc: d, root: s.root}
	if s.quick.validate(d.Value, 0) != valid {
		var defects *jsonschema.ValidationError
		switch err := s.root.Validate(d.Value); {
		case errors.As(err, &defects):
			w.collect(defects)
		case err != nil:
			return nil, fmt.Errorf("%s: %w", d.Path, err)
		}
	}
	return finding.Sorted(slices.Concat(w.findings(), w.ambiguous())), nil
}

// again validates a text that an edit has changed.
func (s *Schema) again(src []byte) []finding.Finding {
	d, fs := document.Parse("", src)
	if d == nil {
		return fs
	}
	fs, err := s.validate(d)
	if err != nil {
		return []finding.Finding{{Rule: "yaml-syntax", Found: err.Error()}} // nothing that this edit leads to is kept
	}
	return fs
}

// pointer splits a JSON pointer (RFC 6901) as the library writes it: escaped for addresses.
func pointer(p string) []string {
	p = strings.TrimPrefix(p, "/")
	if p == "" {
		return nil
	}
	steps := strings.Split(p, "/")
	for i, s := range steps {
		if plain, err := url.PathUnescape(s); err == nil {
			s = plain
		}
		steps[i] = strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
	}
	return steps
}

func valueAt(v any, path []string) any {
	for _, step := range path {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func refuseLoading(url string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("it refers to %s: expected a schema that stands alone (#/$defs/…)", url)
}
