// Package document turns bytes into one checked YAML document with positions, or into
// findings, and splices single values back without touching any other byte. Values are
// read by sigs.k8s.io/yaml; positions come from yaml v3 nodes.
package document

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	yamlv3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

// A Document is one YAML mapping that passed the pre-flight.
type Document struct {
	Path   string
	Source []byte
	Value  map[string]any // strings, bools, int64, float64, []any, map[string]any, nil
	root   *yamlv3.Node   // nil until a place is asked for, where readPlain read the values
}

// A Position is a place in the source: 1-based line and column, in characters.
type Position struct{ Line, Column int }

// Parse reads src as one YAML document. When a finding is an error the document is nil.
// Findings carry an edit only where it was tried and does away with them.
func Parse(path string, src []byte) (*Document, []finding.Finding) {
	d, fs := read(src)
	if d == nil {
		return nil, located(path, Keep(src, fs, preflightOf))
	}
	d.Path = path
	return d, nil
}

// preflightOf is what stops src from being read.
func preflightOf(src []byte) []finding.Finding {
	_, fs := read(src)
	return fs
}

// read is Parse without a path; its edits are not yet tried.
func read(src []byte) (*Document, []finding.Finding) {
	if value, ok := readPlain(src); ok {
		return &Document{Source: src, Value: value}, nil
	}
	return readExactly(src)
}

// readExactly reads src as it is specified: by the pre-flight, then by sigs.k8s.io/yaml.
func readExactly(src []byte) (*Document, []finding.Finding) {
	if fs := checkBytes(src); len(fs) > 0 {
		return nil, fs
	}
	root, fs := readNodes(src)
	if len(fs) == 0 {
		d := &Document{Source: src, root: root}
		if fs = d.checkNodes(); len(fs) == 0 {
			return d.readValues()
		}
	}
	return nil, fs
}

// top is the root mapping with all positions.
func (d *Document) top() *yamlv3.Node {
	if d.root == nil {
		d.root, _ = readNodes(d.Source)
	}
	return d.root
}

func located(path string, fs []finding.Finding) []finding.Finding {
	for i := range fs {
		fs[i].Path = path
	}
	return fs
}

// readNodes returns the root mapping of the only document in src.
func readNodes(src []byte) (*yamlv3.Node, []finding.Finding) {
	dec := yamlv3.NewDecoder(bytes.NewReader(src))
	var first, second yamlv3.Node
	if err := dec.Decode(&first); err == io.EOF {
		return nil, []finding.Finding{{Rule: "empty-file", Line: 1, Column: 1,
			Found: "the file has no content", Expected: "one YAML mapping (`key: value` lines)"}}
	} else if err != nil {
		return nil, []finding.Finding{syntax(err, src)}
	}
	if err := dec.Decode(&second); err == nil {
		return nil, []finding.Finding{{Rule: "one-document", Line: max(second.Line, 1), Column: max(second.Column, 1),
			Found: "a second document begins here", Expected: "one document per file",
			Fix: "move it to a file of its own, or delete it and the `---` before it", Edit: trailing(src)}}
	} else if err != io.EOF {
		return nil, []finding.Finding{syntax(err, src)}
	}
	return first.Content[0], nil
}

// readValues gives a checked document its values.
func (d *Document) readValues() (*Document, []finding.Finding) {
	value, err := decode(d.Source)
	if err != nil {
		return nil, []finding.Finding{syntax(err, d.Source)}
	}
	d.Value = value
	return d, nil
}

// decode reads src the way that Kubernetes does: through JSON, keys once only.
func decode(src []byte) (map[string]any, error) {
	js, err := yaml.YAMLToJSONStrict(src)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(js))
	dec.UseNumber()
	var v map[string]any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	return plain(v).(map[string]any), nil
}

// plain replaces json.Number by int64 where the number is one, else by float64.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			v[k] = plain(e)
		}
	case []any:
		for i, e := range v {
			v[i] = plain(e)
		}
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	}
	return v
}

// syntax turns a YAML parser's error into a finding at the line that the error names.
func syntax(err error, src []byte) finding.Finding {
	msg := strings.TrimPrefix(err.Error(), "error converting YAML to JSON: ")
	msg = strings.TrimPrefix(msg, "yaml: ")
	line := 1
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		digits, words, _ := strings.Cut(rest, ":")
		if n, err := strconv.Atoi(digits); err == nil {
			line, msg = n, strings.TrimSpace(words)
		}
	}
	if strings.HasPrefix(msg, "exceeded max depth") {
		return tooDeep
	}
	if name, ok := strings.CutPrefix(msg, "unknown anchor '"); ok {
		name, _, _ = strings.Cut(name, "'")
		f := alias(name)
		f.Line, f.Column = place(src, "*"+name)
		return f
	}
	return syntaxError(line, msg, src)
}

// place is where a text first stands in the source.
func place(src []byte, text string) (line, column int) {
	before, _, _ := bytes.Cut(src, []byte(text))
	return positionOf(src, len(before))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// At is the position of the value at a path of keys and list indices; of the nearest
// ancestor that exists when there is no such value.
func (d *Document) At(path ...string) Position {
	_, n := d.find(path)
	return Position{n.Line, n.Column}
}

// Key is the position of the key that names the value at path, or what At gives when the
// value is a list's item or does not exist.
func (d *Document) Key(path ...string) Position {
	key, n := d.find(path)
	if key != nil {
		n = key
	}
	return Position{n.Line, n.Column}
}

// Keys are the keys of the mapping at path, in the order of the file.
func (d *Document) Keys(path ...string) []string {
	n := valueAt(d.top(), path)
	if n == nil || n.Kind != yamlv3.MappingNode {
		return nil
	}
	var ks []string
	for i := 0; i < len(n.Content); i += 2 {
		ks = append(ks, n.Content[i].Value)
	}
	return ks
}

// Plain is the scalar at path as it is written, where it is written without quotes: YAML
// may have read something else than its author meant. Otherwise it is "".
func (d *Document) Plain(path ...string) string {
	n := valueAt(d.top(), path)
	if n == nil || n.Kind != yamlv3.ScalarNode || n.Style != 0 {
		return ""
	}
	return n.Value
}

// find walks as far down path as the document goes.
func (d *Document) find(path []string) (key, n *yamlv3.Node) {
	n = d.top()
	for _, step := range path {
		k, v := child(n, step)
		if v == nil {
			return key, n
		}
		key, n = k, v
	}
	return key, n
}

// valueAt is the node at exactly that path, or nil.
func valueAt(n *yamlv3.Node, path []string) *yamlv3.Node {
	for _, step := range path {
		if _, n = child(n, step); n == nil {
			return nil
		}
	}
	return n
}

func child(n *yamlv3.Node, step string) (key, value *yamlv3.Node) {
	switch n.Kind {
	case yamlv3.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i], n.Content[i+1]
			}
		}
	case yamlv3.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return nil, n.Content[i]
		}
	}
	return nil, nil
}

// Inside is the position of a place within a text value: line and column are those of the
// text, the line 1-based, the column 0-based. In a text over several lines it is the
// value's beginning.
func (d *Document) Inside(line, column int, path ...string) Position {
	_, n := d.find(path)
	if n.Style&(yamlv3.LiteralStyle|yamlv3.FoldedStyle) != 0 || line != 1 {
		return Position{n.Line, n.Column}
	}
	if n.Style&(yamlv3.DoubleQuotedStyle|yamlv3.SingleQuotedStyle) != 0 {
		column++
	}
	return Position{n.Line, n.Column + column}
}
