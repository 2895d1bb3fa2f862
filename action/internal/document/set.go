package document

import (
	"bytes"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	yamlv3 "go.yaml.in/yaml/v3"
)

// SetText returns the source with the top-level key set to a text, quoted where it must be,
// every other byte as it was. A text over several lines is replaced whole, with its lines.
// A key that is absent is added as SetWord adds it. The result is parsed again before it is
// given out: every other value must be the same.
func (d *Document) SetText(key, text string) ([]byte, error) {
	if !plainWord(key) {
		return nil, fmt.Errorf("%w: %q is not a plain key", ErrSplice, key)
	}
	for _, written := range spellings(text) {
		if out := d.proved(d.textCandidates(key, written), key, text); out != nil {
			return out, nil
		}
	}
	return nil, fmt.Errorf("%w: %s: `%s` cannot be set to %q", ErrSplice, d.Path, key, text)
}

// spellings are the ways to write a text, best first.
func spellings(text string) []string {
	if plainWord(text) {
		return []string{text, Quoted(text)}
	}
	return []string{Quoted(text)}
}

// proved is the first candidate in which the key has the value and all else is as it was.
func (d *Document) proved(candidates [][]byte, key string, value any) []byte {
	want := maps.Clone(d.Value)
	want[key] = value
	for _, c := range candidates {
		if again, fs := Parse(d.Path, c); len(fs) == 0 && reflect.DeepEqual(again.Value, want) {
			return c
		}
	}
	return nil
}

// textCandidates are the sources that may be what SetText wants, best first.
func (d *Document) textCandidates(key, written string) [][]byte {
	name, n := child(d.top(), key)
	switch {
	case n == nil:
		return d.candidates(key, written)
	case nothing(n):
		return d.afterColon(name, written)
	case n.Kind != yamlv3.ScalarNode:
		return nil
	}
	var out [][]byte
	if at, length, ok := d.span(n); ok {
		out = append(out, splice(d.Source, at, length, written))
	}
	return append(out, d.overLines(name, n, written)...)
}

// nothing reports whether a key is there and its value is not.
func nothing(n *yamlv3.Node) bool {
	return n.Kind == yamlv3.ScalarNode && n.Value == "" && n.Style == 0
}

// afterColon writes behind a key that has no value.
func (d *Document) afterColon(key *yamlv3.Node, written string) [][]byte {
	at, length, ok := d.span(key)
	if !ok {
		return nil
	}
	at += length
	colon := bytes.IndexByte(d.Source[at:], ':')
	if colon < 0 {
		return nil
	}
	return [][]byte{splice(d.Source, at+colon+1, 0, " "+written)}
}

// overLines writes in the place of a text over several lines: from the key to the text's
// last line, which is the last one that says something or, of a text that keeps its end,
// the last before what follows.
func (d *Document) overLines(key, n *yamlv3.Node, written string) [][]byte {
	if d.top().Style&yamlv3.FlowStyle != 0 {
		return nil
	}
	lines := strings.SplitAfter(string(d.Source), "\n")
	bound := d.after(n)
	last := bound
	for last > n.Line && quiet(lines[last-1]) {
		last--
	}
	from, length, ok := d.span(key)
	if !ok {
		return nil
	}
	head := string(d.Source[from : from+length])
	var out [][]byte
	for _, end := range slices.Compact([]int{last, bound}) {
		to := len(strings.Join(lines[:end], ""))
		text := head + ": " + written
		if strings.HasSuffix(string(d.Source[:to]), "\n") {
			text += lineEnd(d.Source)
		}
		out = append(out, splice(d.Source, from, to-from, text))
	}
	return out
}

// AddItem returns the source with one more item at the end of a top-level list, every other
// byte as it was: a mapping with one field or, where field is "", the text itself. A list
// that is absent or empty is begun. The result is parsed again before it is given out:
// every other value must be the same.
func (d *Document) AddItem(list, field, text string) ([]byte, error) {
	if !plainWord(list) || field != "" && !plainWord(field) {
		return nil, fmt.Errorf("%w: %q is not a plain key", ErrSplice, list+"."+field)
	}
	old, isList := d.Value[list].([]any)
	if d.Value[list] != nil && !isList {
		return nil, fmt.Errorf("%w: %s: `%s` is not a list", ErrSplice, d.Path, list)
	}
	var item any = text
	if field != "" {
		item = map[string]any{field: text}
	}
	want := append(slices.Clone(old), item)
	for _, written := range spellings(text) {
		if out := d.proved(d.itemCandidates(list, field, written), list, want); out != nil {
			return out, nil
		}
	}
	return nil, fmt.Errorf("%w: %s: nothing can be added to `%s`", ErrSplice, d.Path, list)
}

// itemCandidates are the sources that may be what AddItem wants, best first.
func (d *Document) itemCandidates(list, field, written string) [][]byte {
	block, flow := written, written
	if field != "" {
		block, flow = field+": "+written, "{"+field+": "+written+"}"
	}
	name, n := child(d.top(), list)
	switch {
	case n == nil:
		item := strings.Repeat(" ", d.top().Column+1) + "- " + block
		return append(d.added(list+":", item), d.candidates(list, "["+flow+"]")...)
	case nothing(n):
		return d.afterColon(name, "["+flow+"]")
	case n.Kind != yamlv3.SequenceNode:
		return nil
	case n.Style&yamlv3.FlowStyle != 0:
		return d.beforeBracket(n, flow)
	}
	return d.applied(d.insertions(n, strings.Repeat(" ", n.Column-1)+"- "+block))
}

// added are lines of their own at the end of the document.
func (d *Document) added(lines ...string) [][]byte {
	if d.top().Style&yamlv3.FlowStyle != 0 {
		return nil
	}
	lines[0] = strings.Repeat(" ", d.top().Column-1) + lines[0]
	return d.applied(d.insertions(d.top(), strings.Join(lines, lineEnd(d.Source))))
}

// applied are the sources after each of some edits alone.
func (d *Document) applied(edits []finding.Edit) [][]byte {
	var out [][]byte
	for _, e := range edits {
		if b, err := Apply(d.Source, []finding.Edit{e}); err == nil {
			out = append(out, b)
		}
	}
	return out
}

// mostBrackets is how many places are tried for the end of a list on one line.
const mostBrackets = 50

// beforeBracket writes before a bracket that may be the one that ends a list.
func (d *Document) beforeBracket(n *yamlv3.Node, written string) [][]byte {
	var out [][]byte
	if len(n.Content) > 0 {
		written = ", " + written
	}
	at := d.offset(n.Line, n.Column)
	for range mostBrackets {
		i := bytes.IndexByte(d.Source[at:], ']')
		if i < 0 {
			break
		}
		out = append(out, splice(d.Source, at+i, 0, written))
		at += i + 1
	}
	return out
}
