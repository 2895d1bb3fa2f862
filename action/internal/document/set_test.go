package document_test

import (
	"bytes"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/law"
	"pgregory.net/rapid"
)

func TestSettingATextTouchesNothingElse(t *testing.T) {
	const text = `Two "gadgets" were mended: #1`
	const quoted = `"Two \"gadgets\" were mended: #1"`
	tests := []struct{ name, src, text, want string }{
		{"a text in quotes", "a: 1\noutcome: 'x' # why\nb: 2\n", text, "a: 1\noutcome: " + quoted + " # why\nb: 2\n"},
		{"a word needs no quotes", "outcome: x\n", "requests/2026/a.yaml", "outcome: requests/2026/a.yaml\n"},
		{"a word that YAML takes for something else does", "outcome: x\n", "no", "outcome: \"no\"\n"},
		{"so does a number", "outcome: x\n", "12", "outcome: \"12\"\n"},
		{"no value", "outcome:\nb: 2\n", text, "outcome: " + quoted + "\nb: 2\n"},
		{"no value, with a comment", "outcome:   # why\nb: 2\n", text, "outcome: " + quoted + "   # why\nb: 2\n"},
		{"a block over lines", "outcome: |\n  one\n\n  two\n\n# next\nb: 2\n", text, "outcome: " + quoted + "\n\n# next\nb: 2\n"},
		{"a block that keeps its end", "outcome: |+\n  one\n\n\nb: 2\n", text, "outcome: " + quoted + "\n\n\nb: 2\n"},
		{"a block at the end, without an end of line", "b: 2\noutcome: >-\n  one\n  two", text, "b: 2\noutcome: " + quoted},
		{"a text over two lines", "outcome: one\n  two\nb: 2\n", text, "outcome: " + quoted + "\nb: 2\n"},
		{"a text written with escapes", "outcome: \"\\u00e9\"\n", text, "outcome: " + quoted + "\n"},
		{"as on Windows", "outcome: |\r\n  one\r\nb: 2\r\n", text, "outcome: " + quoted + "\r\nb: 2\r\n"},
		{"absent", "b: 2\n", text, "b: 2\noutcome: " + quoted + "\n"},
		{"absent, behind a block", "b: |+\n  x\n\n", text, "b: |+\n  x\n\noutcome: " + quoted + "\n"},
		{"in a mapping on one line", "{outcome: x, b: 2}\n", text, "{outcome: " + quoted + ", b: 2}\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parse(t, tt.src).SetText("outcome", tt.text)
			if err != nil || string(got) != tt.want {
				t.Errorf("SetText = %q, %v\nwant      %q", got, err, tt.want)
			}
		})
	}
}

func TestATextThatCannotBeSetIsRefused(t *testing.T) {
	tests := []struct{ name, src, key, text string }{
		{"in the place of a list", "outcome: [a]\n", "outcome", "x"},
		{"in the place of a mapping", "outcome:\n  a: 1\n", "outcome", "x"},
		{"absent in a mapping on one line", "{a: 1}\n", "outcome", "x"},
		{"with a character that is not seen", "outcome: x\n", "outcome", "a\u202eb"},
		{"under a key that is none", "a: 1\n", "a: b", "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := parse(t, tt.src).SetText(tt.key, tt.text); !errors.Is(err, document.ErrSplice) || got != nil {
				t.Errorf("SetText = %q, %v; want a refusal", got, err)
			}
		})
	}
}

func TestAddingAnItemTouchesNothingElse(t *testing.T) {
	tests := []struct{ name, src, field, want string }{
		{"a list of lines", "on_it:\n  - {person: a} # first\n  - person: b\n    duty: x\n\n# next\nz: 1\n", "person", "on_it:\n  - {person: a} # first\n  - person: b\n    duty: x\n  - person: example-lia\n\n# next\nz: 1\n"},
		{"a list that is not indented", "on_it:\n- person: a\nz: 1\n", "person", "on_it:\n- person: a\n- person: example-lia\nz: 1\n"},
		{"a list at the end, without an end of line", "on_it:\n  - person: a", "person", "on_it:\n  - person: a\n  - person: example-lia"},
		{"a list on one line", "on_it: [{person: a, teams: [x]}] # why\nz: [1]\n", "person", "on_it: [{person: a, teams: [x]}, {person: example-lia}] # why\nz: [1]\n"},
		{"a list on several lines in brackets", "on_it: [\n  {person: a}\n]\n", "person", "on_it: [\n  {person: a}\n, {person: example-lia}]\n"},
		{"an empty list", "on_it: []\n", "person", "on_it: [{person: example-lia}]\n"},
		{"no value", "on_it:\nz: 1\n", "person", "on_it: [{person: example-lia}]\nz: 1\n"},
		{"absent", "a: 1\n", "person", "a: 1\non_it:\n  - person: example-lia\n"},
		{"absent, as on Windows", "a: 1\r\n", "person", "a: 1\r\non_it:\r\n  - person: example-lia\r\n"},
		{"absent, without an end of line", "a: 1", "person", "a: 1\non_it:\n  - person: example-lia"},
		{"absent, behind a block that keeps its end", "a: |+\n  x\n\n", "person", "a: |+\n  x\n\non_it:\n  - person: example-lia\n"},
		{"absent, before the end of the document", "---\na: 1\n...\n", "person", "---\na: 1\non_it:\n  - person: example-lia\n...\n"},
		{"a list of texts", "on_it: [a]\n", "", "on_it: [a, example-lia]\n"},
		{"a list of texts, absent", "a: 1\n", "", "a: 1\non_it:\n  - example-lia\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parse(t, tt.src).AddItem("on_it", tt.field, "example-lia")
			if err != nil || string(got) != tt.want {
				t.Errorf("AddItem = %q, %v\nwant      %q", got, err, tt.want)
			}
		})
	}
}

func TestAnItemThatCannotBeAddedIsRefused(t *testing.T) {
	for name, src := range map[string]string{"to a text": "on_it: a\n", "to a mapping": "on_it: {a: 1}\n", "in a mapping on one line": "{a: 1}\n"} {
		if got, err := parse(t, src).AddItem("on_it", "person", "x"); !errors.Is(err, document.ErrSplice) || got != nil {
			t.Errorf("%s: AddItem = %q, %v; want a refusal", name, got, err)
		}
	}
	if _, err := parse(t, "a: 1\n").AddItem("on_it", "a: b", "x"); !errors.Is(err, document.ErrSplice) {
		t.Errorf("a field that is none: %v", err)
	}
}

// holdSetLaws: after either change the document says what it was asked to, and else what it
// said before; comments stay.
func holdSetLaws(t interface {
	Helper()
	Fatalf(string, ...any)
}, src []byte, key, text string) {
	t.Helper()
	doc, _ := document.Parse("r.yaml", src)
	if doc == nil {
		return
	}
	kept := bytes.Clone(src)
	if out, err := doc.SetText(key, text); err == nil {
		want := maps.Clone(doc.Value)
		want[key] = text
		says(t, src, out, want)
	}
	if out, err := doc.AddItem(key, "person", text); err == nil {
		want := maps.Clone(doc.Value)
		old, _ := want[key].([]any)
		want[key] = append(slices.Clone(old), map[string]any{"person": text})
		says(t, src, out, want)
		if len(out) <= len(src) || !contained(src, out) {
			t.Fatalf("%q became %q: adding took something away", src, out)
		}
	}
	if !bytes.Equal(doc.Source, kept) {
		t.Fatalf("%q: the source was changed", src)
	}
}

func says(t interface {
	Helper()
	Fatalf(string, ...any)
}, src, out []byte, want map[string]any) {
	t.Helper()
	again, fs := document.Parse("r.yaml", out)
	if again == nil || !reflect.DeepEqual(again.Value, want) {
		t.Fatalf("%q became %q: want %v, %v", src, out, want, fs)
	}
}

// contained reports whether out is src with one piece put in.
func contained(src, out []byte) bool {
	head := 0
	for head < len(src) && src[head] == out[head] {
		head++
	}
	return bytes.HasSuffix(out, src[head:])
}

func FuzzSet(f *testing.F) {
	for _, s := range []string{"x: |+\n  a\n\n\nb: 1\n", "x: [a, {b: ']'}]\n", "x:\n- a: 1\n  b: |\n   c\n# d\n", "x: # c\nb: 1", "x: \"a\n  b\"\n", "? x\n: a\n", "{x: [a]}", "x: 'a''b'\r\ny: 1\r\n", "---\nx: >\n a\n...\n", "x:\n  - [a]\n  - b # c", "x: ~\n"} {
		f.Add([]byte(s), "Two words: #1")
	}
	f.Fuzz(func(t *testing.T, src []byte, text string) { holdSetLaws(t, src, "x", text) })
}

func TestSettingHoldsItsLawsOnRecords(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfDistinct(rapid.SampledFrom([]string{
			"# a comment", "a: 1", "b: [x, 'y']", "c: |\n  text\n\n  more", "d: >-\n  folded\n  text", "é: \"ü: ö\" # z", "f: |+\n  kept\n\n",
		}), func(s string) string { return s }).Draw(t, "lines")
		own := rapid.SampledFrom([]string{"", "x:", "x: old # why", "x: |\n  old\n\n  text", "x: |+\n  old\n\n", "x:\n  - person: a # first\n  - {person: b}", "x: [{person: a}]", "x: 'old\n  text'"}).Draw(t, "own")
		lines = slices.Insert(lines, rapid.IntRange(0, len(lines)).Draw(t, "at"), own)
		eol := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end of line")
		src := strings.ReplaceAll(strings.Join(lines, "\n"), "\n", eol)
		if rapid.Bool().Draw(t, "ends the last line") {
			src += eol
		}
		holdSetLaws(t, []byte(src), "x", rapid.SampledFrom([]string{"word", "no", "Two words: #1", "", "é \"q\" \\"}).Draw(t, "text"))
	})
}
