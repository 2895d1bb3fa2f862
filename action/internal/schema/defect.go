package schema

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A wording puts the defects of one document into words.
type wording struct {
	doc     *document.Document
	root    *jsonschema.Schema
	defects []defect
	stubs   int // keys to fill in so far
}

// A defect is one keyword of the schema that a value does not satisfy.
type defect struct {
	path    []string // of the value
	steps   []string // of the keyword in the schema
	message string   // in the library's words
}

func (d defect) keyword() string {
	if slices.Contains(d.steps, "dependentRequired") {
		return "dependentRequired"
	}
	if slices.Contains(d.steps, "propertyNames") {
		return "propertyNames"
	}
	if len(d.steps) == 0 {
		return ""
	}
	return d.steps[len(d.steps)-1]
}

// collect walks the tree of causes down to what a person can mend. The branches of a
// choice are one defect, not one each.
func (w *wording) collect(e *jsonschema.ValidationError) {
	d := defect{pointer(e.InstanceLocation), pointer(e.KeywordLocation), e.Message}
	whole := []string{"oneOf", "anyOf", "not", "propertyNames"}
	if len(e.Causes) == 0 || slices.Contains(whole, d.keyword()) {
		w.defects = append(w.defects, d)
		return
	}
	for _, c := range e.Causes {
		w.collect(c)
	}
}

// ranks order the keywords that speak of a value as a whole: where several object to one
// value, only the first is told, since the others follow from it.
var ranks = []string{"type", "enum", "const", "anyOf", "oneOf", "minLength", "maxLength", "format", "pattern"}

func (w *wording) findings() []finding.Finding {
	slices.SortStableFunc(w.defects, func(a, b defect) int {
		return cmp.Compare(slices.Index(ranks, a.keyword()), slices.Index(ranks, b.keyword()))
	})
	told := map[string]bool{}
	var fs []finding.Finding
	for _, d := range w.defects {
		if slices.Contains(ranks, d.keyword()) {
			at := strings.Join(d.path, "\x00")
			if told[at] {
				continue
			}
			told[at] = true
		}
		fs = append(fs, w.word(d)...)
	}
	return fs
}

// word makes findings of one defect.
func (w *wording) word(d defect) []finding.Finding {
	s := descend(w.root, d.steps[:max(0, len(d.steps)-1)])
	value := valueAt(w.doc.Value, d.path)
	switch keyword := d.keyword(); {
	case keyword == "propertyNames":
		return []finding.Finding{w.badName(d)}
	case keyword == "dependentRequired":
		return w.missingBeside(d, value)
	case forbids(descend(w.root, d.steps)) || d.message == "not allowed":
		return []finding.Finding{w.forbidden(d)}
	case s == nil:
		return []finding.Finding{w.at(d.path, finding.Finding{Rule: "value", Found: w.describe(d.path, value), Expected: "what the schema asks for: " + d.message})}
	case keyword == "additionalProperties" || keyword == "unevaluatedProperties":
		return w.unknownKeys(d.path, s, value)
	case keyword == "required":
		return w.missingKeys(d.path, s.Required, value)
	case keyword == "enum" || keyword == "const":
		return []finding.Finding{w.wrongWord(d.path, s, value)}
	case keyword == "uniqueItems":
		return []finding.Finding{w.twice(d.path, value)}
	default:
		return []finding.Finding{w.at(d.path, w.wrongValue(keyword, d.path, s, value))}
	}
}

func (w *wording) at(path []string, f finding.Finding) finding.Finding {
	p := w.doc.At(path...)
	f.Path, f.Line, f.Column = w.doc.Path, p.Line, p.Column
	return f
}

func (w *wording) atKey(path []string, f finding.Finding) finding.Finding {
	p := w.doc.Key(path...)
	f.Path, f.Line, f.Column = w.doc.Path, p.Line, p.Column
	return f
}

// wrongValue words a defect of one value by the keyword that it offends.
func (w *wording) wrongValue(keyword string, path []string, s *jsonschema.Schema, value any) finding.Finding {
	f := finding.Finding{Rule: ruleOf(keyword), Found: w.describe(path, value), Expected: wants(s)}
	text, _ := value.(string)
	switch keyword {
	case "type":
		return w.retype(path, Resolve(s), value, f)
	case "minItems", "minProperties":
		f.Expected = entries(max(s.MinItems, s.MinProperties))
	case "minLength", "maxLength":
		if text != "" {
			f.Found = fmt.Sprintf("%s has %d characters", named(path), utf8.RuneCountInString(text))
		}
		f.Expected = lengthWords(s)
	case "pattern":
		f.Expected = patternWords(s, text)
		f.Fix, f.Edit = w.rewrite(s.Pattern, text, path)
	case "format", "anyOf", "oneOf":
		return w.redate(path, s, text, f)
	case "not":
		f.Expected = "something else"
	}
	return f
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

// ambiguousScalar is the rule about values that one reader of YAML takes for text and
// another for something else (docs/security.md, "Input").
const ambiguousScalar = "ambiguous-scalar"

var wholeNumber = pattern.Of(`^(0|[1-9][0-9]{0,15})$`)

// choiceWords are the texts that a choice allows beside its forms.
func choiceWords(s *jsonschema.Schema) []string {
	var out []string
	for _, branch := range slices.Concat(s.AnyOf, s.OneOf) {
		out = append(out, texts(slices.Concat(branch.Enum, branch.Constant))...)
	}
	return out
}

// ambiguous finds the scalars that fit their schema only in the eyes of our own reader:
// others take them for something else.
func (w *wording) ambiguous() []finding.Finding {
	var fs []finding.Finding
	for _, a := range w.doc.Ambiguous() {
		s := Resolve(schemaOf(w.root, a.Path))
		text := s != nil && slices.Contains(s.Types, "string")
		f := finding.Finding{Rule: ambiguousScalar, Found: fmt.Sprintf("%s is %s, which some programs read as a %s and others as text", named(a.Path), a.Written, a.Kind)}
		switch value := valueAt(w.doc.Value, a.Path); {
		case a.Kind == "boolean" && text:
			continue // its type is wrong, and that is said already
		case a.Kind == "boolean":
			f.Expected, f.Fix = "true or false, or text in quotes", fmt.Sprintf("write %v, or quote this value: %q", value, a.Written)
			if s != nil && slices.Contains(s.Types, "boolean") {
				f.Expected, f.Fix, f.Edit = "true or false", fmt.Sprintf("write %v", value), w.doc.RawEdit(fmt.Sprint(value), a.Path...)
			}
		case a.Kind == "time" && text && !wantsTime(s):
			f.Expected, f.Fix, f.Edit = "text in quotes", fmt.Sprintf("quote this value: %q", a.Written), w.doc.QuoteEdit(a.Path...)
		default:
			continue
		}
		fs = append(fs, w.at(a.Path, f))
	}
	return fs
}

// wantsTime reports whether a schema asks for a day or a moment: its form is looked at there.
func wantsTime(s *jsonschema.Schema) bool {
	for at := s; at != nil; at = at.Ref {
		if at.Format == "date-time" {
			return true
		}
	}
	return wantsDate(s)
}

// mayBe reports whether a text has the form that a schema asks for.
func mayBe(s *jsonschema.Schema, text string) bool {
	for ; s != nil; s = s.Ref {
		if s.Pattern != nil && !s.Pattern.MatchString(text) {
			return false
		}
		if len(s.Enum) > 0 && !slices.Contains(s.Enum, any(text)) {
			return false
		}
	}
	return true
}

func (w *wording) unknownKeys(path []string, s *jsonschema.Schema, value any) []finding.Finding {
	known := slices.Sorted(maps.Keys(s.Properties))
	object, _ := value.(map[string]any)
	var fs []finding.Finding
	for key := range object {
		if slices.Contains(known, key) || matchesPattern(s, key) {
			continue
		}
		f := finding.Finding{Rule: "unknown-key", Found: fmt.Sprintf("`%s` is not a key here", key), Expected: cmp.Or(OneOf(known), "no key of that name"), Fix: DidYouMean(key, known)}
		at := append(slices.Clone(path), key)
		if meant := Nearest(key, known); meant != "" && sure(key, meant, known) {
			if _, taken := object[meant]; !taken {
				f.Edit = w.doc.KeyEdit(meant, at...)
			}
		}
		fs = append(fs, w.atKey(at, f))
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

func (w *wording) missingKeys(path, required []string, value any) []finding.Finding {
	object, _ := value.(map[string]any)
	var fs []finding.Finding
	for _, key := range required {
		if _, ok := object[key]; ok {
			continue
		}
		s := schemaOf(w.root, append(slices.Clone(path), key))
		f := finding.Finding{Rule: "missing-key", Found: fmt.Sprintf("`%s` is missing", key), Expected: wants(s), Fix: "add " + lineFor(key, s)}
		if !w.misspelt(path, key, object) && w.stubs < mostStubs {
			w.stubs++
			f.Edit = w.doc.InsertEdit(key, stub(s), path...)
		}
		fs = append(fs, w.at(path, f))
	}
	return fs
}

// mostStubs is how many missing keys of one document get a line to fill in: each is tried.
const mostStubs = 24

func (w *wording) missingBeside(d defect, value any) []finding.Finding {
	i := slices.Index(d.steps, "dependentRequired")
	s := descend(w.root, d.steps[:i])
	if s == nil || len(d.steps) < i+2 {
		return nil
	}
	beside := d.steps[i+1]
	fs := w.missingKeys(d.path, s.DependentRequired[beside], value)
	for n := range fs {
		fs[n].Found += fmt.Sprintf(", and `%s` needs it", beside)
	}
	return fs
}

// forbids reports whether a schema is the word false.
func forbids(s *jsonschema.Schema) bool { return s != nil && s.Always != nil && !*s.Always }

func (w *wording) forbidden(d defect) finding.Finding {
	f := finding.Finding{Rule: "unknown-key", Found: named(d.path) + " is not a key here", Fix: "delete it"}
	if i := slices.Index(d.steps, "dependentSchemas"); i >= 0 && i+1 < len(d.steps) {
		f.Found = fmt.Sprintf("%s cannot stand beside `%s`", named(d.path), d.steps[i+1])
		f.Fix = "delete one of the two"
	}
	return w.atKey(d.path, f)
}

func (w *wording) badName(d defect) finding.Finding {
	name := d.path[len(d.path)-1]
	f := finding.Finding{Rule: "key-form", Found: fmt.Sprintf("%q cannot be a name here", name)}
	i := slices.Index(d.steps, "propertyNames")
	if s := Resolve(descend(w.root, d.steps[:i+1])); s != nil && s.Pattern != nil {
		f.Expected = "a name like " + example(s, "`first-response`")
		if word := rewritten(s.Pattern, name); word != "" {
			f.Fix, f.Edit = fmt.Sprintf("write `%s`", word), w.doc.KeyEdit(word, d.path...)
		}
	}
	return w.atKey(d.path, f)
}

func (w *wording) wrongWord(path []string, s *jsonschema.Schema, value any) finding.Finding {
	words := texts(slices.Concat(s.Enum, s.Constant))
	f := finding.Finding{Rule: "unknown-value", Found: w.describe(path, value), Expected: OneOf(words), Fix: DidYouMean(fmt.Sprint(value), words)}
	if meant := Nearest(fmt.Sprint(value), words); meant != "" && sure(fmt.Sprint(value), meant, words) {
		f.Edit = w.doc.WordEdit(meant, path...)
	}
	return w.at(path, f)
}

// twice points at the first entry of a list that stood there before.
func (w *wording) twice(path []string, value any) finding.Finding {
	list, _ := value.([]any)
	seen := map[string]bool{}
	f := finding.Finding{Rule: "value", Expected: "each entry once", Fix: "delete one of the two"}
	for i, e := range list {
		at := append(slices.Clone(path), fmt.Sprint(i))
		f.Found = fmt.Sprintf("%s is there already", named(at))
		if key := fmt.Sprintf("%#v", e); seen[key] {
			return w.at(at, f)
		} else {
			seen[key] = true
		}
	}
	return w.at(path, f)
}

// describe says what stands at a path, as it is written where YAML reads something else.
func (w *wording) describe(path []string, value any) string {
	name := named(path)
	switch v := value.(type) {
	case nil:
		return name + " is empty"
	case map[string]any:
		if len(v) == 0 {
			return name + " is an empty mapping"
		}
		return name + " is a mapping"
	case []any:
		if len(v) == 0 {
			return name + " is an empty list"
		}
		return fmt.Sprintf("%s is a list of %d", name, len(v))
	case string:
		return fmt.Sprintf("%s is %s", name, quoted(v))
	}
	if written := w.doc.Plain(path...); written != "" && written != fmt.Sprint(value) {
		return fmt.Sprintf("%s is %s, which YAML reads as %v", name, written, value)
	}
	return fmt.Sprintf("%s is %v", name, value)
}

// named calls a value by its keys; the entry of a list by its number, from 1.
func named(path []string) string {
	var keys []string
	entry := ""
	for _, step := range path {
		entry = ""
		if n, isEntry := number(step); isEntry {
			entry = fmt.Sprintf("entry %d of ", n+1)
			continue
		}
		keys = append(keys, step)
	}
	if len(keys) == 0 {
		return "the document"
	}
	return entry + "`" + strings.Join(keys, ".") + "`"
}

func quoted(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return fmt.Sprintf("%q", s)
}
