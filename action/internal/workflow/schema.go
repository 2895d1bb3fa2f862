package workflow

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A Schema is a compiled JSON Schema (2020-12). It never loads another by address, and
// asserts formats.
type Schema struct{ root *jsonschema.Schema }

// CompileSchema reads a JSON Schema; path is only its name in errors.
func CompileSchema(path string, src []byte) (s *Schema, err error) {
	defer func() {
		if r := recover(); r != nil {
			s, err = nil, fmt.Errorf("schema %s: %v", path, r)
		}
	}()
	c := jsonschema.NewCompiler()
	c.Draft, c.AssertFormat, c.ExtractAnnotations = jsonschema.Draft2020, true, true
	c.LoadURL = refuseLoading
	url := "liaison:///" + path
	if err := c.AddResource(url, bytes.NewReader(src)); err != nil {
		return nil, fmt.Errorf("schema %s: %w", path, err)
	}
	root, err := c.Compile(url)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", path, err)
	}
	return &Schema{root}, nil
}

// Check judges a document's values, each defect at its place.
func (s *Schema) Check(d *document.Document) (fs []finding.Finding, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: the schema cannot judge it: %v", d.Path, r)
		}
	}()
	var invalid *jsonschema.ValidationError
	switch err := s.root.Validate(d.Value); {
	case err == nil:
		return nil, nil
	case !errors.As(err, &invalid):
		return nil, fmt.Errorf("%s: %w", d.Path, err)
	}
	j := judge{d, s.root}
	j.collect(invalid, &fs)
	return finding.Sorted(fs), nil
}

// judge words the defects of one document.
type judge struct {
	doc  *document.Document
	root *jsonschema.Schema
}

// collect walks the tree of causes down to what a person can mend. The branches of a
// choice are one defect, not one each.
func (j judge) collect(e *jsonschema.ValidationError, fs *[]finding.Finding) {
	steps := pointer(e.KeywordLocation)
	keyword := ""
	if len(steps) > 0 {
		keyword = steps[len(steps)-1]
	}
	choice := keyword == "oneOf" || keyword == "anyOf"
	if len(e.Causes) == 0 || choice || keyword == "contains" || keyword == "not" {
		*fs = append(*fs, j.word(e, keyword, steps)...)
		return
	}
	for _, c := range e.Causes {
		j.collect(c, fs)
	}
}

// word makes findings of one defect.
func (j judge) word(e *jsonschema.ValidationError, keyword string, steps []string) []finding.Finding {
	path := pointer(e.InstanceLocation)
	s := descend(j.root, steps[:max(0, len(steps)-1)])
	value := valueAt(j.doc.Value, path)
	switch {
	case s == nil:
	case keyword == "additionalProperties" || keyword == "unevaluatedProperties":
		return j.unknownKeys(path, s, value)
	case keyword == "required":
		return j.missingKeys(path, s, value)
	case keyword == "enum" || keyword == "const":
		return []finding.Finding{j.wrongWord(path, s, value)}
	default:
		return []finding.Finding{j.at(path, finding.Finding{Rule: ruleOf(keyword), Found: describe(path, value), Expected: wants(s)})}
	}
	return []finding.Finding{j.at(path, finding.Finding{Rule: ruleOf(keyword), Found: describe(path, value), Expected: "what the schema asks for: " + e.Message})}
}

func ruleOf(keyword string) string {
	switch keyword {
	case "type", "oneOf", "anyOf":
		return "value-type"
	case "format", "pattern":
		return "value-form"
	}
	return "value"
}

func (j judge) at(path []string, f finding.Finding) finding.Finding {
	p := j.doc.At(path...)
	f.Path, f.Line, f.Column = j.doc.Path, p.Line, p.Column
	return f
}

func (j judge) unknownKeys(path []string, s *jsonschema.Schema, value any) []finding.Finding {
	known := slices.Sorted(maps.Keys(s.Properties))
	object, _ := value.(map[string]any)
	var fs []finding.Finding
	for _, key := range slices.Sorted(maps.Keys(object)) {
		if slices.Contains(known, key) || matchesPattern(s, key) {
			continue
		}
		f := finding.Finding{Rule: "unknown-key", Found: fmt.Sprintf("`%s` is not a key here", key), Expected: oneOf(known), Fix: didYouMean(key, known)}
		if len(known) == 0 {
			f.Expected = "a name in lower case, such as first-response"
		}
		p := j.doc.Key(append(slices.Clone(path), key)...)
		f.Path, f.Line, f.Column = j.doc.Path, p.Line, p.Column
		fs = append(fs, f)
	}
	return fs
}

func matchesPattern(s *jsonschema.Schema, key string) bool {
	for re := range s.PatternProperties {
		if re.MatchString(key) {
			return true
		}
	}
	return false
}

func (j judge) missingKeys(path []string, s *jsonschema.Schema, value any) []finding.Finding {
	object, _ := value.(map[string]any)
	var fs []finding.Finding
	for _, key := range s.Required {
		if _, ok := object[key]; ok {
			continue
		}
		p := wants(s.Properties[key])
		f := finding.Finding{Rule: "missing-key", Found: fmt.Sprintf("`%s` is missing", key), Expected: p}
		if p == "" {
			f.Expected = fmt.Sprintf("a line `%s: …`", key)
		}
		f.Fix = fmt.Sprintf("add a line `%s: …`", key)
		fs = append(fs, j.at(path, f))
	}
	return fs
}

func (j judge) wrongWord(path []string, s *jsonschema.Schema, value any) finding.Finding {
	var words []string
	for _, w := range slices.Concat(s.Enum, s.Constant) {
		words = append(words, fmt.Sprint(w))
	}
	return j.at(path, finding.Finding{Rule: "unknown-value", Found: describe(path, value), Expected: oneOf(words), Fix: didYouMean(fmt.Sprint(value), words)})
}

// describe says what stands at a path.
func describe(path []string, value any) string {
	name := "the document"
	if len(path) > 0 {
		name = "`" + strings.Join(path, ".") + "`"
	}
	switch v := value.(type) {
	case nil:
		return name + " is empty"
	case map[string]any:
		return name + " is a mapping"
	case []any:
		return fmt.Sprintf("%s is a list of %d", name, len(v))
	case string:
		return fmt.Sprintf("%s is %s", name, quoted(v))
	}
	return fmt.Sprintf("%s is %v", name, value)
}

func quoted(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// pointer splits a JSON pointer (RFC 6901), or the fragment of an address.
func pointer(p string) []string {
	p = strings.TrimPrefix(p, "/")
	if p == "" {
		return nil
	}
	steps := strings.Split(p, "/")
	for i, s := range steps {
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
			i := slices.Index(indexNames(len(x)), step)
			if i < 0 {
				return nil
			}
			v = x[i]
		}
	}
	return v
}

func indexNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprint(i)
	}
	return names
}

func refuseLoading(url string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("it refers to %s: expected a schema that stands alone (#/$defs/…)", url)
}
