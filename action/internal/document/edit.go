package document

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/pattern"
	yamlv3 "go.yaml.in/yaml/v3"
)

// The edits below are by position. Each is the zero Edit where the value is written in a
// way that cannot be replaced without guessing, such as a text over several lines.

// WordEdit writes another text in the place of the scalar at path, in the same quotes.
func (d *Document) WordEdit(text string, path ...string) finding.Edit {
	return d.wordEdit(valueAt(d.top(), path), text)
}

// KeyEdit renames the key of the value at path, in the same quotes.
func (d *Document) KeyEdit(text string, path ...string) finding.Edit {
	if valueAt(d.top(), path) == nil {
		return finding.Edit{}
	}
	key, _ := d.find(path)
	return d.wordEdit(key, text)
}

// QuoteEdit puts the plain scalar at path in quotes, as it is written.
func (d *Document) QuoteEdit(path ...string) finding.Edit {
	n := valueAt(d.top(), path)
	if n == nil || n.Style != 0 {
		return finding.Edit{}
	}
	return d.replace(n, Quoted(n.Value))
}

// RawEdit writes a piece of YAML in the place of the scalar at path, quotes included.
func (d *Document) RawEdit(yaml string, path ...string) finding.Edit {
	return d.replace(valueAt(d.top(), path), yaml)
}

func (d *Document) wordEdit(n *yamlv3.Node, text string) finding.Edit {
	switch {
	case n == nil || n.Kind != yamlv3.ScalarNode:
		return finding.Edit{}
	case n.Style == yamlv3.SingleQuotedStyle && !strings.Contains(text, "'"):
		text = "'" + text + "'"
	case n.Style != 0 || !plainWord(text):
		text = Quoted(text)
	}
	return d.replace(n, text)
}

func (d *Document) replace(n *yamlv3.Node, text string) finding.Edit {
	if n == nil {
		return finding.Edit{}
	}
	at, length, ok := d.span(n)
	if !ok {
		return finding.Edit{}
	}
	return rangeOf(d.Source, at, at+length, text)
}

// Quoted is text in double quotes, as YAML reads them.
func Quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`).Replace(text) + `"`
}

var safeWord = pattern.Of(`^([A-Za-z][A-Za-z0-9_./+-]*|[0-9]{4}-[0-9]{2}-[0-9]{2})$`)

// plainWord reports whether text stands for itself without quotes, to every reader.
func plainWord(text string) bool {
	switch strings.ToLower(text) {
	case "true", "false", "null", "y", "n", "yes", "no", "on", "off":
		return false
	}
	return safeWord().MatchString(text)
}

// InsertEdit adds an empty key, with a comment, as the last line of the block mapping at
// path. It is given out only when every other value stays what it was.
func (d *Document) InsertEdit(key, comment string, path ...string) finding.Edit {
	n := valueAt(d.top(), path)
	if n == nil || n.Kind != yamlv3.MappingNode || n.Style&yamlv3.FlowStyle != 0 || len(n.Content) == 0 || !plainWord(key) {
		return finding.Edit{}
	}
	line := strings.Repeat(" ", n.Column-1) + key + ":"
	if comment = oneLine(comment); comment != "" {
		line += "  # " + comment
	}
	for _, e := range d.insertions(n, line) {
		if d.addsOnly(e, key, path) {
			return e
		}
	}
	return finding.Edit{}
}

// insertions are the places after a mapping's last line, best first: before the blank
// lines and comments that follow it, or behind them, where they belong to a text.
func (d *Document) insertions(n *yamlv3.Node, line string) []finding.Edit {
	lines := strings.SplitAfter(string(d.Source), "\n")
	bound := d.after(n)
	last := bound
	for last > n.Line && quiet(lines[last-1]) {
		last--
	}
	out := []finding.Edit{d.below(lines, last, line)}
	if last != bound {
		out = append(out, d.below(lines, bound, line))
	}
	return out
}

// after is the last line before whatever follows n in the document.
func (d *Document) after(n *yamlv3.Node) int {
	next := strings.Count(string(d.Source), "\n") + 1
	if strings.HasSuffix(string(d.Source), "\n") {
		next--
	}
	inside := false
	var walk func(*yamlv3.Node) bool
	walk = func(at *yamlv3.Node) bool {
		if inside && !within(n, at) {
			next = at.Line - 1
			return true
		}
		inside = inside || at == n
		for _, c := range at.Content {
			if walk(c) {
				return true
			}
		}
		return false
	}
	walk(d.top())
	return next
}

func within(n, other *yamlv3.Node) bool {
	if n == other {
		return true
	}
	for _, c := range n.Content {
		if within(c, other) {
			return true
		}
	}
	return false
}

// quiet reports whether a line says nothing: blank, a comment, or the end of the document.
func quiet(line string) bool {
	s := strings.TrimSpace(line)
	return s == "" || strings.HasPrefix(s, "#") || s == "..."
}

// below inserts a line of its own after a line.
func (d *Document) below(lines []string, after int, text string) finding.Edit {
	eol := lineEnd(d.Source)
	at := len(strings.Join(lines[:after], ""))
	if before := lines[after-1]; strings.HasSuffix(before, "\n") {
		text += eol
	} else {
		text = eol + text
	}
	return rangeOf(d.Source, at, at, text)
}

// addsOnly reports whether an edit gives the mapping at path an empty key and changes
// nothing else.
func (d *Document) addsOnly(e finding.Edit, key string, path []string) bool {
	out, err := Apply(d.Source, []finding.Edit{e})
	if err != nil {
		return false
	}
	again, _ := read(out)
	if again == nil {
		return false
	}
	grown, ok := mappingAt(again.Value, path)
	if value, there := grown[key]; !ok || !there || value != nil {
		return false
	}
	delete(grown, key)
	return reflect.DeepEqual(again.Value, d.Value)
}

func mappingAt(v any, path []string) (map[string]any, bool) {
	for _, step := range path {
		switch x := v.(type) {
		case map[string]any:
			v = x[step]
		case []any:
			var i int
			if _, err := fmt.Sscan(step, &i); err != nil || i < 0 || i >= len(x) {
				return nil, false
			}
			v = x[i]
		}
	}
	m, ok := v.(map[string]any)
	return m, ok
}

// A Scalar is a plain scalar that readers of YAML disagree on.
type Scalar struct {
	Path    []string
	Written string
	Kind    string // "boolean", "number", "time"
}

// Ambiguous are the plain scalars that one reader of YAML takes for a boolean, a number
// in another notation, or a time, and another for text. Plain dates (2026-03-14), whole
// numbers and simple fractions are none.
func (d *Document) Ambiguous() []Scalar {
	var out []Scalar
	var walk func(n *yamlv3.Node, path []string)
	walk = func(n *yamlv3.Node, path []string) {
		switch n.Kind {
		case yamlv3.MappingNode:
			for i := 0; i < len(n.Content); i += 2 {
				walk(n.Content[i+1], append(path[:len(path):len(path)], n.Content[i].Value))
			}
		case yamlv3.SequenceNode:
			for i, c := range n.Content {
				walk(c, append(path[:len(path):len(path)], fmt.Sprint(i)))
			}
		case yamlv3.ScalarNode:
			if kind := ambiguity(n); kind != "" {
				out = append(out, Scalar{path, n.Value, kind})
			}
		}
	}
	if d.root != nil { // else readPlain has found none
		walk(d.root, nil)
	}
	return out
}

var (
	plainDay    = pattern.Of(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	plainNumber = pattern.Of(`^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$`)
)

func ambiguity(n *yamlv3.Node) string {
	switch {
	case n.Kind != yamlv3.ScalarNode || n.Style != 0:
		return ""
	case plainBool(n):
		return "boolean"
	case n.Tag == "!!timestamp" && !plainDay().MatchString(n.Value):
		return "time"
	case (n.Tag == "!!int" || n.Tag == "!!float") && !plainNumber().MatchString(n.Value):
		return "number"
	}
	return ""
}
