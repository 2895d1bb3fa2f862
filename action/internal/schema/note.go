package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A Note is what a schema says of a value beyond its shape, in keywords of ours that
// editors pass over: x-ref, x-id, x-unique, x-public.
type Note struct {
	Ref    *Ref `json:"x-ref"`
	ID     bool `json:"x-id"`     // the value is the file's name
	Unique bool `json:"x-unique"` // no two records of the kind share it
	Public bool `json:"x-public"` // an address that anybody may have, such as a page
}

// A Ref says that a text names a record of another kind.
type Ref struct {
	Kind    string   `json:"kind"`
	By      string   `json:"by"`      // the field of the named record that has the text; "": its file's name
	Missing string   `json:"missing"` // "warning": it may be missing; else that is an error
	Active  string   `json:"active"`  // a dated list of the named record, an entry of which must hold
	Except  []string `json:"except"`  // words that name no record
}

// A Refusal is a subject that a kind's records never hold: words that tell it, and where
// it belongs instead.
type Refusal struct {
	Words   []string `json:"words"`
	Because string   `json:"because"`
	Route   struct {
		Kind  string `json:"kind"`  // kind of the record that names the route
		Where string `json:"where"` // its field that is true
	} `json:"route"`
	phrases phrases
}

// Find is the first of the words that a text has, as it is written there; "" for none.
func (r Refusal) Find(text string) string {
	return strings.TrimSpace(r.phrases.find(text))
}

// notes is the compiled form of our keywords at one place of a schema.
type notes struct {
	Note
	Aliases []string  `json:"x-aliases"` // at a kind's root: paths of older names
	Refuse  []Refusal `json:"x-refuse"`  // at a kind's root
}

// Validate accepts everything: notes are for rules.
func (notes) Validate(jsonschema.ValidationContext, any) error { return nil }

// noteCompiler reads our keywords out of a schema.
type noteCompiler struct{}

const noteExtension = "liaison"

// Compile returns the notes of one schema, or nothing.
func (noteCompiler) Compile(_ jsonschema.CompilerContext, m map[string]any) (jsonschema.ExtSchema, error) {
	own := map[string]any{}
	for _, key := range []string{"x-ref", "x-id", "x-unique", "x-public", "x-aliases", "x-refuse"} {
		if v, ok := m[key]; ok {
			own[key] = v
		}
	}
	if len(own) == 0 {
		return nil, nil
	}
	js, err := json.Marshal(own)
	if err != nil {
		return nil, err
	}
	var n notes
	if err := json.Unmarshal(js, &n); err != nil {
		return nil, fmt.Errorf("a keyword of ours (x-…): %w", err)
	}
	for i, r := range n.Refuse {
		n.Refuse[i].phrases = phrasesOf(r.Words)
	}
	return n, nil
}

// A Noted is a text of a record on which the schema has a note.
type Noted struct {
	Path []string // keys and list indices
	Text string
	Note Note
}

// Notes finds the noted texts of a record's values, in the order of their paths. Numbers
// count as texts: an id is one.
func (s *Schema) Notes(values map[string]any) []Noted {
	var out []Noted
	noted(s.root, values, nil, &out)
	return out
}

func noted(s *jsonschema.Schema, v any, path []string, out *[]Noted) {
	for ; s != nil; s = s.Ref {
		if n, ok := s.Extensions[noteExtension].(notes); ok && (n.Ref != nil || n.ID || n.Unique || n.Public) {
			if text, is := textOf(v); is {
				*out = append(*out, Noted{slices.Clone(path), text, n.Note})
			}
		}
		switch v := v.(type) {
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				if sub := s.Properties[key]; sub != nil {
					noted(sub, v[key], append(path, key), out)
				}
			}
		case []any:
			for i, e := range v {
				if s.Items2020 != nil {
					noted(s.Items2020, e, append(path, strconv.Itoa(i)), out)
				}
			}
		}
	}
}

func textOf(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, v != ""
	case int64:
		return strconv.FormatInt(v, 10), true
	}
	return "", false
}

// Unique reports whether the schema has values that no two records may share.
func (s *Schema) Unique() bool {
	return anywhere(s.root, map[*jsonschema.Schema]bool{}, func(n Note) bool { return n.Unique })
}

// anywhere reports whether some place of a schema has a note that is so.
func anywhere(s *jsonschema.Schema, seen map[*jsonschema.Schema]bool, is func(Note) bool) bool {
	if s == nil || seen[s] {
		return false
	}
	seen[s] = true
	if n, ok := s.Extensions[noteExtension].(notes); ok && is(n.Note) {
		return true
	}
	for _, sub := range s.Properties {
		if anywhere(sub, seen, is) {
			return true
		}
	}
	return anywhere(s.Ref, seen, is) || anywhere(s.Items2020, seen, is)
}

// Refers reports whether the schema has values that name records of a kind.
func (s *Schema) Refers(kind string) bool {
	return anywhere(s.root, map[*jsonschema.Schema]bool{}, func(n Note) bool { return n.Ref != nil && n.Ref.Kind == kind })
}

// Aliases are the paths of older names by which a record of the kind was known.
func (s *Schema) Aliases() []string {
	n, _ := s.root.Extensions[noteExtension].(notes)
	return n.Aliases
}

// Refusals are the subjects that records of the kind never hold.
func (s *Schema) Refusals() []Refusal {
	n, _ := s.root.Extensions[noteExtension].(notes)
	return n.Refuse
}
