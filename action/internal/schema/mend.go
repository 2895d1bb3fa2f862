package schema

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// retype adds the mend for a value of another type than its author meant.
func (w *wording) retype(path []string, s *jsonschema.Schema, value any, f finding.Finding) finding.Finding {
	text, isText := value.(string)
	written := w.doc.Plain(path...)
	switch {
	case slices.Contains(s.Types, "string") && !isText && value != nil && written != "" && wantsDate(s):
		return w.redate(path, s, written, f)
	case slices.Contains(s.Types, "string") && !isText && value != nil && written != "" && mayBe(s, written):
		f.Rule, f.Edit = ambiguousScalar, w.doc.QuoteEdit(path...)
		f.Fix = fmt.Sprintf("quote this value: %q", written)
	case slices.Contains(s.Types, "array") && isText && written != "" && len(path) > 0:
		f.Fix = fmt.Sprintf("write `%s: [%s]`", path[len(path)-1], written)
		f.Edit = w.doc.RawEdit("["+written+"]", path...)
	case slices.Contains(s.Types, "integer") && isText && wholeNumber().MatchString(text):
		f.Fix, f.Edit = fmt.Sprintf("take the quotes away: %s", text), w.doc.RawEdit(text, path...)
	case slices.Contains(s.Types, "boolean") && isText && booleanOf(text) != "":
		f.Fix, f.Edit = fmt.Sprintf("write %s, without quotes", booleanOf(text)), w.doc.RawEdit(booleanOf(text), path...)
	}
	return f
}

// booleanOf is true or false for the words that people write for them; "" for others.
func booleanOf(word string) string {
	switch strings.ToLower(word) {
	case "y", "yes", "on", "true":
		return "true"
	case "n", "no", "off", "false":
		return "false"
	}
	return ""
}

// redate adds the mend for a date in another form, or for a misspelt word of a choice.
func (w *wording) redate(path []string, s *jsonschema.Schema, text string, f finding.Finding) finding.Finding {
	if word := Nearest(text, choiceWords(s)); word != "" {
		f.Fix = DidYouMean(text, choiceWords(s))
		if sure(text, word, choiceWords(s)) {
			f.Edit = w.doc.WordEdit(word, path...)
		}
		return f
	}
	if !wantsDate(s) {
		return f
	}
	iso, either := isoDate(text)
	switch {
	case iso != "":
		f.Fix, f.Edit = fmt.Sprintf("write `%s`", iso), w.doc.WordEdit(iso, path...)
	case len(either) > 0:
		f.Fix = fmt.Sprintf("day or month first? write `%s` or `%s`", either[0], either[1])
	}
	return f
}

// misspelt reports whether a key that is not known here is probably the one that is
// missing: renaming it mends both.
func (w *wording) misspelt(path []string, key string, object map[string]any) bool {
	s := w.objectAt(path)
	if s == nil || len(s.Properties) == 0 {
		return false
	}
	known := slices.Sorted(maps.Keys(s.Properties))
	for k := range object {
		if _, ok := s.Properties[k]; !ok && Nearest(k, known) == key {
			return true
		}
	}
	return false
}

func (w *wording) objectAt(path []string) *jsonschema.Schema {
	if len(path) == 0 {
		return w.root
	}
	return Resolve(schemaOf(w.root, path))
}

// stub is the comment behind a key that waits for its value.
func stub(s *jsonschema.Schema) string {
	words := "to fill in"
	if s == nil {
		return words
	}
	if s.Description != "" {
		words += ": " + strings.TrimSuffix(s.Description, ".")
	}
	if wanted := wants(s); wanted != "" {
		words += "; expected " + wanted
	}
	if r := []rune(words); len(r) > 160 {
		words = string(r[:159]) + "…"
	}
	return words
}

// rewrite is the mend for a word that nearly has the form asked for.
func (w *wording) rewrite(form *regexp.Regexp, text string, path []string) (fix string, edit finding.Edit) {
	word := rewritten(form, text)
	if word == "" {
		return "", finding.Edit{}
	}
	return fmt.Sprintf("write `%s`", word), w.doc.WordEdit(word, path...)
}

// rewritten is a text in the form asked for: without the spaces around it, the @ of a
// handle, capitals; "" where that is not enough.
func rewritten(form *regexp.Regexp, s string) string {
	trimmed := strings.TrimSpace(s)
	lower := strings.ToLower(trimmed)
	for _, word := range []string{trimmed, strings.TrimPrefix(trimmed, "@"), lower, strings.Join(strings.FieldsFunc(lower, func(r rune) bool { return r == ' ' || r == '_' }), "-")} {
		if word != s && form.MatchString(word) {
			return word
		}
	}
	return ""
}
