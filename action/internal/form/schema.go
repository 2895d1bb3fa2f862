// Package form turns a kind's JSON Schema into a record to fill in: what is required
// stands there live, what is offered as comments, each with its description.
package form

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/pattern"
)

// A Schema is a JSON Schema read for its words, with its keys in the order of the file. It
// says nothing of values.
type Schema struct{ root *value }

// Read reads a JSON Schema whose records are objects with named properties.
func Read(src []byte) (*Schema, error) {
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	root, err := readValue(dec)
	if err != nil {
		return nil, err
	}
	s := &Schema{root}
	if len(s.at(root).properties()) == 0 {
		return nil, fmt.Errorf("it names no properties: there is nothing to make a record from")
	}
	return s, nil
}

// Fits says what is wrong with a file's name (without its ending), or nothing. Where a
// property is the file's name (x-id), that property's pattern decides.
func (s *Schema) Fits(name string) error {
	for _, p := range s.at(s.root).properties() {
		if !p.is("x-id") {
			continue
		}
		pattern, err := regexp.Compile(p.text("pattern"))
		if err == nil && !pattern.MatchString(name) {
			return fmt.Errorf("%q cannot be a file's name here: it is the record's %s; expected a name such as %s", name, p.name, scalar(p.example(), false))
		}
		return nil
	}
	if !plainName().MatchString(name) {
		return fmt.Errorf("%q cannot be a file's name here: expected lower case letters, digits and hyphens, such as new-toolbar", name)
	}
	return nil
}

var plainName = pattern.Of(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// A value is one JSON value.
type value struct {
	keys    []string // of an object, in their order
	members map[string]*value
	items   []*value
	scalar  any // string, json.Number, bool, nil
	kind    json.Delim
}

func readValue(dec *json.Decoder) (*value, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, err
	}
	open, nested := token.(json.Delim)
	if !nested {
		return &value{scalar: token}, nil
	}
	v := &value{kind: open, members: map[string]*value{}}
	for dec.More() {
		if err := v.readNext(dec); err != nil {
			return nil, err
		}
	}
	_, err = dec.Token()
	return v, err
}

func (v *value) readNext(dec *json.Decoder) error {
	key := ""
	if v.kind == '{' {
		token, err := dec.Token()
		if err != nil {
			return err
		}
		key, _ = token.(string)
	}
	e, err := readValue(dec)
	if err != nil {
		return err
	}
	if v.kind == '[' {
		v.items = append(v.items, e)
		return nil
	}
	if v.members[key] == nil {
		v.keys = append(v.keys, key)
	}
	v.members[key] = e
	return nil
}

// A place is one schema inside another, under the name of its property.
type place struct {
	root, at *value
	name     string
}

func (s *Schema) at(v *value) place { return place{root: s.root, at: v} }

// get is the value of a keyword, of the schema itself or of the one that it refers to.
func (p place) get(keyword string) *value {
	for at, hops := p.at, 0; at != nil && hops < 8; hops++ {
		if v := at.members[keyword]; v != nil {
			return v
		}
		at = p.referred(at)
	}
	return nil
}

func (p place) referred(at *value) *value {
	ref := at.members["$ref"]
	if ref == nil {
		return nil
	}
	text, _ := ref.scalar.(string)
	steps := strings.Split(strings.TrimPrefix(text, "#/"), "/")
	for at = p.root; at != nil && len(steps) > 0; steps = steps[1:] {
		at = at.members[steps[0]]
	}
	return at
}

func (p place) text(keyword string) string {
	if v := p.get(keyword); v != nil {
		s, _ := v.scalar.(string)
		return s
	}
	return ""
}

func (p place) is(keyword string) bool {
	v := p.get(keyword)
	return v != nil && v.scalar == true
}

// properties are the named parts, in the order of the file.
func (p place) properties() []place {
	all := p.get("properties")
	if all == nil {
		return nil
	}
	var out []place
	for _, key := range all.keys {
		out = append(out, place{p.root, all.members[key], key})
	}
	return out
}

// required reports whether a record must have a property.
func (p place) required(name string) bool {
	v := p.get("required")
	return v != nil && slices.ContainsFunc(v.items, func(e *value) bool { return e.scalar == name })
}

// items is the schema of a list's entries.
func (p place) items() (place, bool) {
	v := p.get("items")
	return place{root: p.root, at: v}, v != nil && v.kind == '{'
}

// kind is the only type that a value may have; "" where several are allowed.
func (p place) kind() string {
	if t := p.text("type"); t != "" {
		return t
	}
	if p.get("type") == nil && p.get("properties") != nil {
		return "object"
	}
	return ""
}

// words are the values that the schema lists, of a list: for its entries; says is a sentence
// for each, where there is one.
func (p place) words() (words []*value, says []string) {
	if items, ok := p.items(); ok {
		return items.words()
	}
	if v := p.get("enum"); v != nil {
		words = v.items
	}
	if v := p.get("markdownEnumDescriptions"); v != nil && len(v.items) == len(words) {
		for _, e := range v.items {
			s, _ := e.scalar.(string)
			says = append(says, s)
		}
	}
	return words, says
}

// example is a value that the schema gives as one, or one made from what it allows.
func (p place) example() *value { return p.exampleWithin(4) }

func (p place) exampleWithin(depth int) *value {
	for _, keyword := range []string{"examples", "enum"} {
		if v := p.get(keyword); v != nil && len(v.items) > 0 {
			return v.items[0]
		}
	}
	for _, keyword := range []string{"const", "default"} {
		if v := p.get(keyword); v != nil {
			return v
		}
	}
	items, list := p.items()
	switch kind := p.kind(); {
	case depth > 0 && kind == "array" && list:
		return &value{kind: '[', items: []*value{items.exampleWithin(depth - 1)}}
	case depth > 0 && kind == "object":
		return p.exampleObject(depth - 1)
	case kind == "boolean":
		return &value{scalar: true}
	case kind == "integer" || kind == "number":
		if v := p.get("minimum"); v != nil {
			return v
		}
		return &value{scalar: json.Number("1")}
	case p.text("format") == "date":
		return &value{scalar: "2026-12-01"}
	}
	return &value{scalar: "…"}
}

func (p place) exampleObject(depth int) *value {
	v := &value{kind: '{', members: map[string]*value{}}
	for _, part := range p.properties() {
		if p.required(part.name) {
			v.keys = append(v.keys, part.name)
			v.members[part.name] = part.exampleWithin(depth)
		}
	}
	return v
}
