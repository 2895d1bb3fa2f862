package document_test

import (
	"bytes"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/law"
	"pgregory.net/rapid"
)

func TestSettingAWordTouchesNothingElse(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"a plain word", "a: 1\nstatus: submitted\nb: 2\n", "a: 1\nstatus: accepted\nb: 2\n"},
		{"a word with a comment", "status: submitted # why\n", "status: accepted # why\n"},
		{"spaces around it", "status:    submitted   \n", "status:    accepted   \n"},
		{"in double quotes", "status: \"submitted\" # x\n", "status: accepted # x\n"},
		{"in single quotes", "status: 'submitted'\n", "status: accepted\n"},
		{"a quoted key", "\"status\": submitted\n", "\"status\": accepted\n"},
		{"lines that end as on Windows", "a: 1\r\nstatus: submitted\r\n", "a: 1\r\nstatus: accepted\r\n"},
		{"no end of line at the end", "status: submitted", "status: accepted"},
		{"on the next line", "status:\n  submitted\n", "status:\n  accepted\n"},
		{"behind accents", "{é: ö, status: submitted}\n", "{é: ö, status: accepted}\n"},
		{"between a mark and an end", "---\nstatus: submitted\n...\n", "---\nstatus: accepted\n...\n"},
		{"a word that stands elsewhere too", "submitted: submitted\nstatus: submitted\n", "submitted: submitted\nstatus: accepted\n"},
		{"a key of the same name deeper down", "a: {status: x}\nstatus: submitted\n", "a: {status: x}\nstatus: accepted\n"},
		{"the word that is there already", "status: accepted # x\n", "status: accepted # x\n"},
		{"a number", "status: 5\n", "status: accepted\n"},
		{"absent", "a: 1\n", "a: 1\nstatus: accepted\n"},
		{"absent, with lines as on Windows", "a: 1\r\n", "a: 1\r\nstatus: accepted\r\n"},
		{"absent, without an end of line", "a: 1", "a: 1\nstatus: accepted\n"},
		{"absent, behind a list", "a:\n- b\n", "a:\n- b\nstatus: accepted\n"},
		{"absent, behind a block", "a: |\n  x\n", "a: |\n  x\nstatus: accepted\n"},
		{"absent, behind a block that keeps its end", "a: |+\n  x\n\n", "a: |+\n  x\n\nstatus: accepted\n"},
		{"absent, behind a folded text", "a: >\n  x\n", "a: >\n  x\nstatus: accepted\n"},
		{"absent, behind a block without an end of line", "# c\na: |\n  x", "# c\nstatus: accepted\na: |\n  x"},
		{"absent, before the end of the document", "a: 1\n...\n", "status: accepted\na: 1\n...\n"},
		{"absent, where everything is indented", "  a: 1\n  b: 2\n", "  a: 1\n  b: 2\n  status: accepted\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parse(t, tt.src).SetWord("status", "accepted")
			if err != nil || string(got) != tt.want {
				t.Errorf("SetWord = %q, %v\nwant      %q", got, err, tt.want)
			}
		})
	}
}

func TestWhatCannotBeSetInPlaceIsRefused(t *testing.T) {
	tests := []struct{ name, src, key, value string }{
		{"a list", "status: [a]\n", "status", "accepted"},
		{"a mapping", "status: {a: 1}\n", "status", "accepted"},
		{"a block", "status: |\n  submitted\n", "status", "accepted"},
		{"a word over two lines", "status: sub\n  mitted\n", "status", "accepted"},
		{"a word written with escapes", "status: \"sub\\x6ditted\"\n", "status", "accepted"},
		{"absent in a mapping on one line", "{a: 1}\n", "status", "accepted"},
		{"a key that differs in case", "Status: submitted\n", "status", "accepted"},
		{"a value of two words", "status: x\n", "status", "a b"},
		{"a value with a comment", "status: x\n", "status", "a # b"},
		{"a value that is another key", "status: x\n", "status", "a\nb: c"},
		{"a value that YAML reads as something else", "status: x\n", "status", "true"},
		{"no value", "status: x\n", "status", ""},
		{"a key that is none", "status: x\n", "a: b", "accepted"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := parse(t, tt.src)
			got, err := doc.SetWord(tt.key, tt.value)
			if !errors.Is(err, document.ErrSplice) || got != nil {
				t.Errorf("SetWord = %q, %v; want a refusal", got, err)
			}
			if string(doc.Source) != tt.src {
				t.Errorf("the refusal changed the source: %q", doc.Source)
			}
		})
	}
}

// confined: the new source is the old one but for one place, on one line.
func confined(before, after []byte) bool {
	head := 0
	for head < len(before) && head < len(after) && before[head] == after[head] {
		head++
	}
	tail := 0
	for tail < len(before)-head && tail < len(after)-head && before[len(before)-1-tail] == after[len(after)-1-tail] {
		tail++
	}
	removed := before[head : len(before)-tail]
	return !bytes.ContainsAny(removed, "\r\n")
}

func holdSetWordLaws(t interface {
	Helper()
	Fatalf(string, ...any)
}, src []byte, key, value string) {
	t.Helper()
	doc, _ := document.Parse("r.yaml", src)
	if doc == nil {
		return
	}
	kept, values := bytes.Clone(src), maps.Clone(doc.Value)
	out, err := doc.SetWord(key, value)
	if !bytes.Equal(doc.Source, kept) || !reflect.DeepEqual(doc.Value, values) {
		t.Fatalf("%q: SetWord changed the document that it read", src)
	}
	if err != nil {
		return
	}
	again, fs := document.Parse("r.yaml", out)
	if again == nil || again.Value[key] != value {
		t.Fatalf("%q became %q: the value is not set: %v", src, out, fs)
	}
	values[key] = value
	if !reflect.DeepEqual(again.Value, values) {
		t.Fatalf("%q became %q: another value changed", src, out)
	}
	if !confined(kept, out) {
		t.Fatalf("%q became %q: more than one line was touched", src, out)
	}
	if twice, err := again.SetWord(key, value); err != nil || !bytes.Equal(twice, out) {
		t.Fatalf("%q: setting it twice gives %q, then %q, %v", src, out, twice, err)
	}
}

func FuzzSetWord(f *testing.F) {
	for _, s := range []string{"status: submitted # why\n", "status: 'a'\r\n", "a: |+\n  x\n\n\n", "a: |\n x", "{status: a}", "a: >-\n  x\n  y", "status:\n", "---\nstatus: a\n...", "- a", "status: \"a\" ", "a: 1\n# end", "\"status\": a\n", "? status\n: a\n", "status: a\n b"} {
		f.Add([]byte(s), "accepted")
	}
	f.Fuzz(func(t *testing.T, src []byte, value string) { holdSetWordLaws(t, src, "status", value) })
}

func TestSetWordHoldsItsLawsOnRecords(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfDistinct(rapid.SampledFrom([]string{
			"# a comment", "a: 1", "b: [x, 'y']", "c: |\n  text\n\n  more", "d: >-\n  folded\n  text", "e:\n  - {status: x}\n  - y", "é: \"ü: ö\" # z",
			"status: submitted", "f: |+\n  kept\n\n",
		}), func(s string) string { return s }).Draw(t, "lines")
		eol := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end of line")
		src := strings.ReplaceAll(strings.Join(lines, "\n"), "\n", eol)
		if rapid.Bool().Draw(t, "ends the last line") {
			src += eol
		}
		holdSetWordLaws(t, []byte(src), "status", rapid.SampledFrom([]string{"accepted", "needs-info", "no", "x"}).Draw(t, "value"))
	})
}
