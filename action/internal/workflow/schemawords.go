package workflow

import (
	"fmt"
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
	i, err := strconv.Atoi(rest[0])
	if err != nil || i < 0 || i >= len(list) {
		return nil, nil
	}
	return list[i], rest[1:]
}

func pickPattern(s *jsonschema.Schema, pattern string) *jsonschema.Schema {
	for re, sub := range s.PatternProperties {
		if re.String() == pattern {
			return sub
		}
	}
	return nil
}

// resolve follows references to the schema that says something.
func resolve(s *jsonschema.Schema) *jsonschema.Schema {
	for s != nil && s.Ref != nil && len(s.Types) == 0 && len(s.Properties) == 0 {
		s = s.Ref
	}
	return s
}

// wants says in words what a schema asks for; "" where it has nothing to say.
func wants(s *jsonschema.Schema) string {
	s = resolve(s)
	switch {
	case s == nil:
		return ""
	case len(s.Enum) > 0 || len(s.Constant) > 0:
		return oneOf(texts(append(s.Enum, s.Constant...)))
	case len(s.OneOf) > 0:
		return choice(s.OneOf)
	case len(s.AnyOf) > 0:
		return choice(s.AnyOf)
	case s.Format != "" && formatWords[s.Format] != "":
		return formatWords[s.Format]
	case s.Format != "":
		return "a " + s.Format
	case s.Pattern != nil:
		return "text like " + example(s, "`"+s.Pattern.String()+"`")
	}
	return typeWords(s)
}

var formatWords = map[string]string{
	"date":      "a date: `2026-03-14`",
	"date-time": "a time: `2026-03-14T09:00:00Z`",
	"uri":       "an address: `https://…`",
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
		words = fmt.Sprintf("a list of at least %d", s.MinItems)
	}
	if of := wants(s.Items2020); of != "" && s.Items2020 != nil && len(resolve(s.Items2020).Properties) == 0 {
		words += ", each " + of
	}
	if s.UniqueItems {
		words += ", none twice"
	}
	return words
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
