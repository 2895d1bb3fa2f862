package schema

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/schemas"
	"github.com/santhosh-tekuri/jsonschema/v5"
	"pgregory.net/rapid"
)

// shipped are the schemas that ship, compiled, by their file's name.
func shipped(t testing.TB) map[string]*Schema {
	t.Helper()
	files, err := schemas.FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*Schema{}
	for _, f := range files {
		src, err := schemas.FS.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		if out[f.Name()], err = Compile(f.Name(), src); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// asTheLibrary: where a validator is sure, the library says the same.
func asTheLibrary(t failer, s *Schema, v any) (sure bool) {
	t.Helper()
	said := s.quick.validate(v, 0)
	if said == unsure {
		return false
	}
	var defects *jsonschema.ValidationError
	err := s.root.Validate(v)
	if err != nil && !errors.As(err, &defects) {
		t.Fatalf("%#v: %v", v, err)
	}
	if (err == nil) != (said == valid) {
		t.Fatalf("%#v: sure that it is valid: %t, the library says: %v", v, said == valid, err)
	}
	return true
}

func TestEveryKeywordOfTheShippedRecordsIsKnown(t *testing.T) {
	for name, s := range shipped(t) {
		if name == "liaison.schema.json" {
			continue // one file of each desk
		}
		ts := validators{}
		ts.compile(s.root)
		for schema, test := range ts {
			if test.unknown {
				t.Errorf("%s: a keyword is not known, so every record is validated slowly", schema.Location)
			}
		}
	}
}

// small schemas, each with the keywords that people combine.
var small = []string{
	`{"type": ["integer", "null"], "minimum": -2, "maximum": 3}`, `{"minItems": 1, "maxItems": 2, "minProperties": 2}`, `{"items": {"type": "string"}, "uniqueItems": true}`,
	`{"enum": ["a", "b"]}`, `{"const": "a"}`, `{"const": 3}`, `{"enum": ["a", null]}`, `{"type": "number", "minimum": 1.5}`, `{"format": "date"}`, `{"pattern": "^a"}`, `{"minLength": 2, "maxLength": 3}`,
	`{"required": ["a"], "properties": {"a": {"type": "string"}, "b": false}, "additionalProperties": false}`, `{"additionalProperties": {"type": "integer"}, "properties": {"a": true}}`,
	`{"propertyNames": {"maxLength": 1}, "maxProperties": 2}`, `{"patternProperties": {"^a": {"type": "integer"}}, "additionalProperties": false}`, `{"dependentRequired": {"a": ["b"]}}`, `{"dependentSchemas": {"a": {"required": ["b"]}}}`,
	`{"not": {"type": "string"}}`, `{"not": {"multipleOf": 2}}`, `{"oneOf": [{"type": "string"}, {"minLength": 2}]}`, `{"anyOf": [{"multipleOf": 2}, {"type": "string"}]}`, `{"allOf": [{"required": ["a"]}, {"required": ["b"]}]}`,
	`{"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}}`, `{"if": {"minProperties": 1}, "then": false}`, `{"contains": {"const": "a"}}`, `{"contains": {"const": "a"}, "minContains": 2}`, `{"contains": {"multipleOf": 2}, "maxContains": 1}`, `{"contains": {"multipleOf": 2}}`, `{"const": true}`, `{"enum": ["a", 3]}`, `{"not": {"enum": ["a", 3, [1]]}}`, `{"prefixItems": [{"type": "string"}], "items": false}`,
	`{"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}}}}`, `{"unevaluatedProperties": false, "allOf": [{"properties": {"a": true}}]}`, `true`, `false`, `{}`, `{"type": "object", "properties": {"a": {"type": "array", "items": {"enum": ["a"]}, "minItems": 1}}}`,
}

// values draws a value such as documents have.
func values(depth int) *rapid.Generator[any] {
	leaf := []*rapid.Generator[any]{
		rapid.Just[any](nil), rapid.Just[any](true), rapid.Just[any](1.5), rapid.Just[any](2.0), rapid.Map(rapid.Int64Range(-3, 4), func(n int64) any { return n }),
		rapid.Map(rapid.SampledFrom([]string{"", "a", "b", "ab", "abcd", "2026-03-14", "é"}), func(s string) any { return s }),
	}
	if depth == 0 {
		return rapid.OneOf(leaf...)
	}
	return rapid.OneOf(append(leaf,
		rapid.Map(rapid.SliceOfN(values(depth-1), 0, 3), func(l []any) any { return l }),
		rapid.Map(rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c", "ab"}), values(depth-1), 0, 3), func(m map[string]any) any { return m }))...)
}

func TestATestSaysWhatTheLibrarySays(t *testing.T) {
	for _, src := range small {
		t.Run(src, func(t *testing.T) {
			s, err := Compile("small.json", []byte(src))
			if err != nil {
				t.Fatal(err)
			}
			law.Check(t, func(t *rapid.T) { asTheLibrary(t, s, values(2).Draw(t, "value")) })
		})
	}
}

// FuzzValidate validates YAML by every shipped schema.
func FuzzValidate(f *testing.F) {
	compiled := shipped(f)
	for _, src := range records(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if doc, _ := document.Parse("", src); doc != nil {
			for _, s := range compiled {
				asTheLibrary(t, s, doc.Value)
			}
		}
	})
}

// records are the files of this repository's desk.
func records(t testing.TB) [][]byte {
	t.Helper()
	var out [][]byte
	for _, pattern := range []string{"requests/*/*.yaml", "roster/*/*.yaml", "plans/*.yaml"} {
		names, err := filepath.Glob(filepath.Join("../../..", pattern))
		if err != nil || len(names) == 0 {
			t.Fatal("no records: the test looks in the wrong place")
		}
		for _, name := range names {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, src)
		}
	}
	return out
}

// TestNearlyRightRecordsAreValidatedAsTheLibraryDoes takes a line of a record away, doubles
// it or puts another one in its place.
func TestNearlyRightRecordsAreValidatedAsTheLibraryDoes(t *testing.T) {
	compiled, all := shipped(t), records(t)
	var lines []string
	for _, src := range all {
		lines = append(lines, strings.SplitAfter(string(src), "\n")...)
	}
	validated, right := 0, 0
	law.Check(t, func(t *rapid.T) {
		own := strings.SplitAfter(string(rapid.SampledFrom(all).Draw(t, "record")), "\n")
		at := rapid.IntRange(0, len(own)-1).Draw(t, "line")
		own[at] = rapid.SampledFrom([]string{"", own[at] + own[at], rapid.SampledFrom(lines).Draw(t, "other"), own[at]}).Draw(t, "instead")
		doc, _ := document.Parse("", []byte(strings.Join(own, "")))
		if doc == nil {
			return
		}
		for _, s := range compiled {
			if asTheLibrary(t, s, doc.Value) {
				validated++
				if s.quick.validate(doc.Value, 0) == valid {
					right++
				}
			}
		}
	})
	if validated == 0 || right == 0 {
		t.Errorf("%d validated, %d of them right: nothing was compared", validated, right)
	}
}

func BenchmarkCheck(b *testing.B) {
	s := shipped(b)["request.schema.json"]
	src, err := os.ReadFile("../../../requests/2026/new-toolbar.yaml")
	if err != nil {
		b.Fatal(err)
	}
	doc, _ := document.Parse("", src)
	b.Run("at sight", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if fs, err := s.Validate(doc); err != nil || len(fs) > 0 {
				b.Fatal(fs, err)
			}
		}
	})
	b.Run("by the library", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := s.root.Validate(doc.Value); err != nil {
				b.Fatal(err)
			}
		}
	})
}
