package schema

import (
	"math/big"
	"reflect"
	"regexp"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A validator is a schema in a form that validates a value quickly and says nothing of what is
// wrong with it. It is unsure of every keyword that it does not know. What it saves:
// docs/decisions/schema-validator.md.
type validator struct {
	unknown              bool // has keywords that are not known here
	always               answer
	types                map[string]bool
	words                []any // enum or const: texts, true, false, null
	form                 *regexp.Regexp
	format               func(any) bool
	shortest, longest    int // -1: any
	least, most          *big.Rat
	required             []string
	properties           map[string]*validator
	closed               bool       // no other properties
	others               *validator // of other properties
	names                *validator
	needs                map[string][]string
	beside               map[string]*validator
	fewestKeys, mostKeys int // -1: any
	fewest, largest      int // items; -1: any
	unique               bool
	items, contains      *validator
	all, any, one        []*validator
	not, when, then, els *validator
}

// Validators compiles schemas, each once: they may refer to one another in circles.
type validators map[*jsonschema.Schema]*validator

// knownKeywords are the fields of a schema that a validator takes over, and those that say
// nothing of a value.
var knownKeywords = []string{
	"Always", "Types", "Enum", "Constant", "Pattern", "Format", "MinLength", "MaxLength", "Minimum", "Maximum",
	"Required", "Properties", "AdditionalProperties", "PropertyNames", "DependentRequired", "DependentSchemas", "MinProperties", "MaxProperties",
	"MinItems", "MaxItems", "UniqueItems", "Items2020", "Contains", "Ref", "AllOf", "AnyOf", "OneOf", "Not", "If", "Then", "Else",
	"Location", "Draft", "MinContains", "MaxContains", "ContainsEval", "Title", "Description", "Default", "Comment", "ReadOnly", "WriteOnly", "Examples", "Deprecated", "Extensions",
}

func (vs validators) compile(s *jsonschema.Schema) *validator {
	if s == nil {
		return nil
	}
	if va, known := vs[s]; known {
		return va
	}
	va := &validator{form: s.Pattern, shortest: s.MinLength, longest: s.MaxLength, least: s.Minimum, most: s.Maximum,
		fewestKeys: s.MinProperties, mostKeys: s.MaxProperties, required: s.Required, needs: s.DependentRequired,
		fewest: s.MinItems, largest: s.MaxItems, unique: s.UniqueItems}
	vs[s] = va
	va.unknown = hasOtherKeywords(s) || s.Contains != nil && (s.MinContains != 1 || s.MaxContains != -1)
	va.compileValue(s)
	vs.compileParts(va, s)
	return va
}

// hasOtherKeywords reports whether a schema has a keyword that a validator does not take over.
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
func (va *validator) compileValue(s *jsonschema.Schema) {
	if s.Always != nil {
		va.always = invalid
		if *s.Always {
			va.always = valid
		}
	}
	if len(s.Types) > 0 {
		va.types = map[string]bool{}
		for _, name := range s.Types {
			va.types[name] = true
		}
	}
	if va.words = slices.Concat(s.Enum, s.Constant); len(s.Enum) > 0 && len(s.Constant) > 0 || slices.ContainsFunc(va.words, compound) {
		va.words, va.unknown = nil, true
	}
	if s.Format != "" {
		va.format = jsonschema.Formats[s.Format]
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
func (vs validators) compileParts(va *validator, s *jsonschema.Schema) {
	va.properties, va.beside = map[string]*validator{}, map[string]*validator{}
	for name, sub := range s.Properties {
		va.properties[name] = vs.compile(sub)
	}
	for name, sub := range s.DependentSchemas {
		va.beside[name] = vs.compile(sub)
	}
	switch other := s.AdditionalProperties.(type) {
	case bool:
		va.closed = !other
	case *jsonschema.Schema:
		va.others = vs.compile(other)
	}
	va.names, va.items, va.contains, va.not = vs.compile(s.PropertyNames), vs.compile(s.Items2020), vs.compile(s.Contains), vs.compile(s.Not)
	va.when, va.then, va.els = vs.compile(s.If), vs.compile(s.Then), vs.compile(s.Else)
	va.all, va.any, va.one = vs.compileAll(s.AllOf), vs.compileAll(s.AnyOf), vs.compileAll(s.OneOf)
	if s.Ref != nil {
		va.all = append(va.all, vs.compile(s.Ref))
	}
}

func (vs validators) compileAll(list []*jsonschema.Schema) []*validator {
	var out []*validator
	for _, s := range list {
		out = append(out, vs.compile(s))
	}
	return out
}
