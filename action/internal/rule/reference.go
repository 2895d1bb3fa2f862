package rule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/schema"
	"github.com/commrel/liaison/action/internal/workflow"
)

// reference: what a record names exists, in the right kind. A kind that the definition does
// not have cannot be looked up.
func (w World) reference(r record.Record, n schema.Noted) []finding.Finding {
	if !refers(n) {
		return nil
	}
	kind := w.Definition.Kind(n.Note.Ref.Kind)
	if kind == nil {
		return nil
	}
	if n.Note.Ref.By != "" {
		return w.referenceBy(r, n, kind)
	}
	path, ok := pathOf(kind, n.Text)
	switch {
	case ok && path == r.Path():
		return []finding.Finding{at(r, n.Path, finding.Finding{Rule: "refers-to-itself",
			Found: fmt.Sprintf("%s names this very %s", named(n.Path), kind.Name), Expected: "another one"})}
	case ok && w.Tree.Has(path):
		return nil
	}
	return []finding.Finding{at(r, n.Path, w.missing(r, n, kind))}
}

// refers reports whether a text names another record.
func refers(n schema.Noted) bool {
	return n.Note.Ref != nil && !slices.Contains(n.Note.Ref.Except, n.Text)
}

// referenceBy: some record of the kind has the text in a field, such as a language that a
// wiki of the roster speaks.
func (w World) referenceBy(r record.Record, n schema.Noted, kind *workflow.Kind) []finding.Finding {
	if w.somebodyHas(kind, n.Note.Ref.By, n.Text) {
		return nil
	}
	f := finding.Finding{Rule: "unknown-" + n.Note.Ref.By, Found: fmt.Sprintf("%s is %q, which no %s in this repository has as its %s; it is kept as it is written", named(n.Path), n.Text, kind.Name, n.Note.Ref.By),
		Expected: fmt.Sprintf("the %s of a %s that has a file: %s", n.Note.Ref.By, kind.Name, kind.Files)}
	if n.Note.Ref.Missing == "warning" {
		f.Severity = finding.Warning
	}
	return []finding.Finding{at(r, n.Path, f)}
}

// somebodyHas reports whether a record of a kind has a text in a field.
func (w World) somebodyHas(kind *workflow.Kind, field, text string) bool {
	return slices.ContainsFunc(w.Tree.Paths(kind), func(p string) bool {
		values, _ := w.Tree.Values(p)
		return strings.EqualFold(workflow.Text(values, field), text)
	})
}

// Dangling finds references of a record to files that go away.
func (w World) Dangling(r record.Record, gone map[string]bool) []finding.Finding {
	var fs []finding.Finding
	for _, n := range r.Kind.Schema.Notes(r.Doc.Value) {
		if n.Note.Ref == nil {
			continue
		}
		kind := w.Definition.Kind(n.Note.Ref.Kind)
		if kind == nil {
			continue
		}
		if path, ok := pathOf(kind, n.Text); ok && gone[path] && !w.Tree.Has(path) {
			fs = append(fs, w.reference(r, n)...)
		}
	}
	return fs
}

// pathOf is the file that a reference stands for: its path, or its name without ending.
func pathOf(kind *workflow.Kind, ref string) (string, bool) {
	if kind.Files.Match(ref) {
		return ref, true
	}
	return kind.Files.Path(ref)
}

// missing words a reference to nothing: under an older name, misspelt, or of another kind.
func (w World) missing(r record.Record, n schema.Noted, kind *workflow.Kind) finding.Finding {
	f := finding.Finding{Rule: "unknown-" + kind.Name,
		Found:    fmt.Sprintf("%s names the %s %q, and there is none", named(n.Path), kind.Name, n.Text),
		Expected: fmt.Sprintf("a %s that has a file: %s", kind.Name, kind.Files)}
	if n.Note.Ref.Missing == "warning" {
		f.Severity = finding.Warning
		f.Found += " in this repository; it is kept as it is written"
	}
	if now := w.renamed(kind, n.Text); now != "" {
		f.Fix = fmt.Sprintf("it is called `%s` now", now)
		f.Edit = replaced(r, n.Path, n.Text, now)
		return f
	}
	if other := w.elsewhere(kind, n.Text); other != "" {
		f.Fix = fmt.Sprintf("`%s` is a %s", n.Text, other)
		return f
	}
	if near := schema.Nearest(n.Text, w.names(kind)); near != "" && f.Severity != finding.Warning {
		f.Fix = fmt.Sprintf("did you mean `%s`?", near) // a guess at who is meant is nobody's to write
	}
	return f
}

// names are the names that records of a kind go by.
func (w World) names(kind *workflow.Kind) []string {
	var out []string
	for _, p := range w.Tree.Paths(kind) {
		if byName, ok := kind.Files.Path(record.Stem(p)); ok && byName == p {
			p = record.Stem(p)
		}
		out = append(out, p)
	}
	return out
}

// renamed is the record that went by an older name; "" for none or several.
func (w World) renamed(kind *workflow.Kind, name string) string {
	if kind.Schema == nil || len(kind.Schema.Aliases()) == 0 {
		return ""
	}
	var found []string
	for _, p := range w.Tree.Paths(kind) {
		values, _ := w.Tree.Values(p)
		for _, path := range kind.Schema.Aliases() {
			if slices.ContainsFunc(workflow.Select(values, path), func(s string) bool { return strings.EqualFold(s, name) }) {
				found = append(found, record.Stem(p))
			}
		}
	}
	if len(slices.Compact(found)) != 1 {
		return ""
	}
	return found[0]
}

// elsewhere is the kind that has a record of that name; "" for none.
func (w World) elsewhere(not *workflow.Kind, name string) string {
	for _, k := range w.Definition.Kinds {
		if path, ok := pathOf(k, name); ok && k != not && w.Tree.Has(path) {
			return k.Name
		}
	}
	return ""
}

// inactive: a record that a change newly names has an entry of its dated list that holds
// at the time of the change.
func (w World) inactive(r record.Record, n schema.Noted, now time.Time) []finding.Finding {
	ref := n.Note.Ref
	if ref == nil || ref.Active == "" {
		return nil
	}
	kind := w.Definition.Kind(ref.Kind)
	if kind == nil {
		return nil
	}
	path, _ := pathOf(kind, n.Text)
	values, ok := w.Tree.Values(path)
	if !ok {
		return nil
	}
	list, _ := values[ref.Active].([]any)
	for _, e := range list {
		if entry, is := e.(map[string]any); is && workflow.Holds(entry, now, w.Definition.Zone()) {
			return nil
		}
	}
	return []finding.Finding{at(r, n.Path, finding.Finding{Rule: "not-active",
		Found: fmt.Sprintf("%s names %s, none of whose %s holds on %s", named(n.Path), n.Text, ref.Active, now.In(w.Definition.Zone()).Format(time.DateOnly)), Expected: "somebody who is active"})}
}

// named is a path of keys as people read it; entries of lists count from 1.
func named(path []string) string {
	var words []string
	for _, step := range path {
		if i, err := strconv.Atoi(step); err == nil {
			step = strconv.Itoa(i + 1)
		}
		words = append(words, step)
	}
	return "`" + strings.Join(words, ".") + "`"
}

func index(i int) string { return strconv.Itoa(i) }
