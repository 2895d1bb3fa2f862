package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// descend follows a keyword location (properties/title/$ref/…) through a compiled schema.
func descend(s *jsonschema.Schema, steps []string) *jsonschema.Schema {
	for len(steps) > 0 && s != nil {
		s, steps = step(s, steps)
	}
	return s
}

// step takes one keyword, with the name or index after it where it has one.
func step(s *jsonschema.Schema, steps []string) (*jsonschema.Schema, []string) {
	switch keyword, rest := steps[0], steps[1:]; keyword {
	case "$ref":
		return s.Ref, rest
	case "if":
		return s.If, rest
	case "then":
		return s.Then, rest
	case "else":
		return s.Else, rest
	case "not":
		return s.Not, rest
	case "contains":
		return s.Contains, rest
	case "items":
		return s.Items2020, rest
	case "additionalProperties":
		a, _ := s.AdditionalProperties.(*jsonschema.Schema)
		return a, rest
	case "propertyNames":
		return s.PropertyNames, rest
	case "allOf":
		return pick(s.AllOf, rest)
	case "anyOf":
		return pick(s.AnyOf, rest)
	case "oneOf":
		return pick(s.OneOf, rest)
	case "prefixItems":
		return pick(s.PrefixItems, rest)
	case "properties":
		if len(rest) > 0 {
			return s.Properties[rest[0]], rest[1:]
		}
	case "dependentSchemas":
		if len(rest) > 0 {
			return s.DependentSchemas[rest[0]], rest[1:]
		}
	case "patternProperties":
		if len(rest) > 0 {
			return pickPattern(s, rest[0]), rest[1:]
		}
	}
	return nil, nil
}

func pick(list []*jsonschema.Schema, rest []string) (*jsonschema.Schema, []string) {
	if len(rest) == 0 {
		return nil, nil
	}
	i, ok := number(rest[0])
	if !ok || i >= len(list) {
		return nil, nil
	}
	return list[i], rest[1:]
}

// number reads the index of a list's entry.
func number(step string) (n int, ok bool) {
	n, err := strconv.Atoi(step)
	return n, err == nil && n >= 0
}

func pickPattern(s *jsonschema.Schema, pattern string) *jsonschema.Schema {
	for re, sub := range s.PatternProperties {
		if re.String() == pattern {
			return sub
		}
	}
	return nil
}

// Resolve follows references to the schema that says something.
func Resolve(s *jsonschema.Schema) *jsonschema.Schema {
	for s != nil && s.Ref != nil && len(s.Types) == 0 && len(s.Properties) == 0 {
		s = s.Ref
	}
	return s
}

// schemaOf follows the path of a value through the properties and items of a schema; nil
// where they do not lead there.
func schemaOf(s *jsonschema.Schema, path []string) *jsonschema.Schema {
	for _, step := range path {
		for s != nil && s.Ref != nil && len(s.Properties) == 0 && s.Items2020 == nil {
			s = s.Ref
		}
		if s == nil {
			return nil
		}
		additional, _ := s.AdditionalProperties.(*jsonschema.Schema)
		property, listed := s.Properties[step]
		_, isEntry := number(step)
		switch {
		case listed:
			s = property
		case isEntry && s.Items2020 != nil:
			s = s.Items2020
		default:
			s = additional
		}
	}
	return s
}

// lineFor is a line that would give a key a value, and what the schema says of it.
func lineFor(key string, s *jsonschema.Schema) string {
	line := fmt.Sprintf("a line `%s: …`", key)
	if s == nil {
		return line
	}
	if len(s.Examples) > 0 {
		if text, ok := inline(s.Examples[0]); ok {
			line = fmt.Sprintf("a line such as `%s: %s`", key, text)
		}
	}
	if s.Description != "" {
		line += ": " + s.Description
	}
	return line
}

// inline is a word, a number or a list of them as they stand on one line of YAML.
func inline(v any) (string, bool) {
	switch v := v.(type) {
	case []any:
		words := make([]string, len(v))
		for i, e := range v {
			if _, nested := e.(map[string]any); nested {
				return "", false
			}
			words[i] = fmt.Sprint(e)
		}
		return "[" + strings.Join(words, ", ") + "]", true
	case map[string]any:
		return "", false
	}
	return fmt.Sprint(v), true
}

// wants says in words what a schema asks for; "" where it has nothing to say.
func wants(s *jsonschema.Schema) string {
	s = Resolve(s)
	switch {
	case s == nil:
		return ""
	case len(s.Enum) > 0 || len(s.Constant) > 0:
		return OneOf(texts(slices.Concat(s.Enum, s.Constant)))
	case len(s.OneOf) > 0:
		return choice(s.OneOf)
	case len(s.AnyOf) > 0:
		return choice(s.AnyOf)
	case s.Format != "" && formatWords[s.Format] != "":
		return formatWords[s.Format]
	case s.Format != "":
		return "a " + s.Format
	case s.Pattern != nil:
		return patternWords(s, "")
	case s.Ref != nil:
		return wants(s.Ref)
	}
	return typeWords(s)
}

// patternWords says what form a text should have; the pattern itself is for machines.
func patternWords(s *jsonschema.Schema, found string) string {
	ex := example(s, "")
	switch {
	case strings.Contains(found, "\n") && !strings.Contains(ex, "\n"):
		return "text on one line"
	case found != "" && strings.TrimSpace(found) == "":
		return "text that is not blank"
	case ex == "":
		return "text of another form"
	}
	return "text like " + ex
}

func entries(least int) string {
	if least == 1 {
		return "at least one entry"
	}
	return fmt.Sprintf("at least %d entries", least)
}

var formatWords = map[string]string{
	"date":      "a date like `2026-03-14`",
	"date-time": "a time like `2026-03-14T09:00:00Z`",
	"uri":       "an address like `https://example.org/page`",
}

func texts(vs []any) []string {
	out := make([]string, len(vs))
	for i, v := range vs {
		out[i] = fmt.Sprint(v)
	}
	return out
}

func choice(list []*jsonschema.Schema) string {
	var words []string
	for _, s := range list {
		if w := wants(s); w != "" {
			words = append(words, w)
		}
	}
	return strings.Join(words, ", or ")
}

func example(s *jsonschema.Schema, otherwise string) string {
	if len(s.Examples) > 0 {
		return fmt.Sprintf("`%v`", s.Examples[0])
	}
	return otherwise
}

func typeWords(s *jsonschema.Schema) string {
	var words []string
	for _, t := range s.Types {
		switch t {
		case "string":
			words = append(words, lengthWords(s))
		case "array":
			words = append(words, countWords(s))
		case "object":
			words = append(words, "a mapping (`key: value` lines)")
		case "integer":
			words = append(words, "a whole number"+rangeWords(s))
		case "number":
			words = append(words, "a number"+rangeWords(s))
		case "boolean":
			words = append(words, "true or false")
		case "null":
			words = append(words, "nothing")
		}
	}
	return strings.Join(words, " or ")
}

func lengthWords(s *jsonschema.Schema) string {
	switch {
	case s.MinLength > 0 && s.MaxLength >= 0:
		return fmt.Sprintf("text of %d to %d characters", s.MinLength, s.MaxLength)
	case s.MaxLength >= 0:
		return fmt.Sprintf("text of at most %d characters", s.MaxLength)
	case s.MinLength > 1:
		return fmt.Sprintf("text of at least %d characters", s.MinLength)
	}
	return "text"
}

func countWords(s *jsonschema.Schema) string {
	words := "a list (`- ` lines)"
	if s.MinItems > 0 {
		words += " with " + entries(s.MinItems)
	}
	if simple(s.Items2020) {
		words += ", each " + wants(s.Items2020)
	}
	if s.UniqueItems {
		words += ", none twice"
	}
	return words
}

// simple reports whether a schema asks for one word or number: a list of anything else,
// which may contain itself, is not put in words.
func simple(s *jsonschema.Schema) bool {
	for at := s; at != nil; at = at.Ref {
		if len(at.AnyOf)+len(at.OneOf)+len(at.Properties) > 0 || slices.Contains(at.Types, "array") {
			return false
		}
	}
	return wants(s) != ""
}

func rangeWords(s *jsonschema.Schema) string {
	switch {
	case s.Minimum != nil && s.Maximum != nil:
		return fmt.Sprintf(" from %s to %s", s.Minimum.RatString(), s.Maximum.RatString())
	case s.Minimum != nil:
		return fmt.Sprintf(" of at least %s", s.Minimum.RatString())
	case s.Maximum != nil:
		return fmt.Sprintf(" of at most %s", s.Maximum.RatString())
	}
	return ""
}
