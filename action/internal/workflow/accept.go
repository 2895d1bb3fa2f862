package workflow

import (
	"math/big"
	"reflect"
	"regexp"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A test is a schema in a form that judges a value quickly and says nothing of what is
// wrong with it. It is unsure of every keyword that it does not know.
type test struct {
	unknown              bool // has keywords that are not known here
	always               verdict
	types                map[string]bool
	words                []any // enum or const: texts, true, false, null
	form                 *regexp.Regexp
	format               func(any) bool
	shortest, longest    int // -1: any
	least, most          *big.Rat
	required             []string
	properties           map[string]*test
	closed               bool  // no other properties
	others               *test // of other properties
	names                *test
	needs                map[string][]string
	beside               map[string]*test
	fewestKeys, mostKeys int // -1: any
	fewest, largest      int // items; -1: any
	unique               bool
	items, contains      *test
	all, any, one        []*test
	not, when, then, els *test
}

// tests compiles schemas, each once: they may refer to one another in circles.
type tests map[*jsonschema.Schema]*test

// knownKeywords are the fields of a schema that a test takes over, and those that judge
// nothing.
var knownKeywords = []string{
	"Always", "Types", "Enum", "Constant", "Pattern", "Format", "MinLength", "MaxLength", "Minimum", "Maximum",
	"Required", "Properties", "AdditionalProperties", "PropertyNames", "DependentRequired", "DependentSchemas", "MinProperties", "MaxProperties",
	"MinItems", "MaxItems", "UniqueItems", "Items2020", "Contains", "Ref", "AllOf", "AnyOf", "OneOf", "Not", "If", "Then", "Else",
	"Location", "Draft", "MinContains", "MaxContains", "ContainsEval", "Title", "Description", "Default", "Comment", "ReadOnly", "WriteOnly", "Examples", "Deprecated", "Extensions",
}

func (ts tests) compile(s *jsonschema.Schema) *test {
	if s == nil {
		return nil
	}
	if t, known := ts[s]; known {
		return t
	}
	t := &test{form: s.Pattern, shortest: s.MinLength, longest: s.MaxLength, least: s.Minimum, most: s.Maximum,
		fewestKeys: s.MinProperties, mostKeys: s.MaxProperties, required: s.Required, needs: s.DependentRequired,
		fewest: s.MinItems, largest: s.MaxItems, unique: s.UniqueItems}
	ts[s] = t
	t.unknown = hasOtherKeywords(s) || s.Contains != nil && (s.MinContains != 1 || s.MaxContains != -1)
	t.compileValue(s)
	ts.compileParts(t, s)
	return t
}

// hasOtherKeywords reports whether a schema has a keyword that a test does not take over.
func hasOtherKeywords(s *jsonschema.Schema) bool {
	v := reflect.ValueOf(*s)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.IsExported() && !v.Field(i).IsZero() && !slices.Contains(knownKeywords, f.Name) {
			return true
		}
	}
	return false
}

// compileValue takes over the keywords that look at a value alone.
func (t *test) compileValue(s *jsonschema.Schema) {
	if s.Always != nil {
		t.always = invalid
		if *s.Always {
			t.always = valid
		}
	}
	if len(s.Types) > 0 {
		t.types = map[string]bool{}
		for _, name := range s.Types {
			t.types[name] = true
		}
	}
	if t.words = slices.Concat(s.Enum, s.Constant); len(s.Enum) > 0 && len(s.Constant) > 0 || slices.ContainsFunc(t.words, compound) {
		t.words, t.unknown = nil, true
	}
	if s.Format != "" {
		t.format = jsonschema.Formats[s.Format]
	}
}

// compound reports whether two values that are the same may not be equal in Go.
func compound(v any) bool {
	switch v.(type) {
	case nil, bool, string:
		return false
	}
	return true
}

// compileParts takes over the keywords that hold schemas.
func (ts tests) compileParts(t *test, s *jsonschema.Schema) {
	t.properties, t.beside = map[string]*test{}, map[string]*test{}
	for name, sub := range s.Properties {
		t.properties[name] = ts.compile(sub)
	}
	for name, sub := range s.DependentSchemas {
		t.beside[name] = ts.compile(sub)
	}
	switch other := s.AdditionalProperties.(type) {
	case bool:
		t.closed = !other
	case *jsonschema.Schema:
		t.others = ts.compile(other)
	}
	t.names, t.items, t.contains, t.not = ts.compile(s.PropertyNames), ts.compile(s.Items2020), ts.compile(s.Contains), ts.compile(s.Not)
	t.when, t.then, t.els = ts.compile(s.If), ts.compile(s.Then), ts.compile(s.Else)
	t.all, t.any, t.one = ts.compileAll(s.AllOf), ts.compileAll(s.AnyOf), ts.compileAll(s.OneOf)
	if s.Ref != nil {
		t.all = append(t.all, ts.compile(s.Ref))
	}
}

func (ts tests) compileAll(list []*jsonschema.Schema) []*test {
	var out []*test
	for _, s := range list {
		out = append(out, ts.compile(s))
	}
	return out
}
