package document

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/pattern"
	yamlv3 "go.yaml.in/yaml/v3"
)

// ErrSplice is wrapped by every refusal to write a value in place.
var ErrSplice = errors.New("the value cannot be written in place")

var word = pattern.Of(`^[a-z][a-z0-9_-]*$`)

// SetWord returns the source with the top-level key set to a plain word, every other byte
// as it was. A key that is absent is added as the last line, or as the first where the
// last value would swallow it. The result is parsed again before it is given out: every
// other value must be the same.
func (d *Document) SetWord(key, value string) ([]byte, error) {
	if !word().MatchString(value) || !word().MatchString(key) {
		return nil, fmt.Errorf("%w: %q is not a plain word", ErrSplice, key+": "+value)
	}
	want := maps.Clone(d.Value)
	want[key] = value
	for _, candidate := range d.candidates(key, value) {
		if again, fs := Parse(d.Path, candidate); len(fs) == 0 && reflect.DeepEqual(again.Value, want) {
			return candidate, nil
		}
	}
	return nil, fmt.Errorf("%w: %s: `%s` is not a plain value on one line", ErrSplice, d.Path, key)
}

// candidates are the sources that may be what SetWord wants, best first.
func (d *Document) candidates(key, value string) [][]byte {
	if _, n := child(d.top(), key); n != nil {
		if at, length, ok := d.span(n); ok {
			return [][]byte{splice(d.Source, at, length, value)}
		}
		return nil
	}
	if d.top().Style&yamlv3.FlowStyle != 0 {
		return nil
	}
	eol := lineEnd(d.Source)
	last := d.Source
	if !bytes.HasSuffix(last, []byte("\n")) {
		last = append(bytes.Clone(last), eol...)
	}
	line := strings.Repeat(" ", d.top().Column-1) + key + ": " + value + eol
	return [][]byte{
		append(bytes.Clone(last), line...),
		splice(d.Source, d.offset(d.top().Line, 1), 0, line),
	}
}

// span is where a one-line scalar stands in the source, quotes included.
func (d *Document) span(n *yamlv3.Node) (at, length int, ok bool) {
	if n.Kind != yamlv3.ScalarNode {
		return 0, 0, false
	}
	at = d.offset(n.Line, n.Column)
	for _, written := range []string{n.Value, `"` + n.Value + `"`, "'" + n.Value + "'"} {
		if written != "" && strings.HasPrefix(string(d.Source[at:]), written) {
			return at, len(written), true
		}
	}
	return 0, 0, false
}

// offset is the byte offset of a line and column; columns count characters.
func (d *Document) offset(line, column int) int {
	at := 0
	for ; line > 1; line-- {
		at += bytes.IndexByte(d.Source[at:], '\n') + 1
	}
	for ; column > 1; column-- {
		_, n := utf8.DecodeRune(d.Source[at:])
		at += n
	}
	return at
}

func splice(src []byte, at, length int, text string) []byte {
	out := make([]byte, 0, len(src)+len(text))
	out = append(out, src[:at]...)
	out = append(out, text...)
	return append(out, src[at+length:]...)
}

func lineEnd(src []byte) string {
	if bytes.Contains(src, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}
