package document_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/law"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func edit(line, column, endLine, endColumn int, text string) finding.Edit {
	return finding.Edit{Line: line, Column: column, EndLine: endLine, EndColumn: endColumn, Text: text}
}

func TestApply(t *testing.T) {
	tests := []struct {
		name, src string
		edits     []finding.Edit
		want      string
	}{
		{"nothing", "a: 1\r\n", nil, "a: 1\r\n"},
		{"columns count characters", "é: ü # x\n", []finding.Edit{edit(1, 4, 1, 5, "y")}, "é: y # x\n"},
		{"several, in any order", "a: 1\nb: 2\n", []finding.Edit{edit(2, 4, 2, 5, "3"), edit(1, 1, 1, 2, "c")}, "c: 1\nb: 3\n"},
		{"over lines", "a: 1\nb: 2\nc: 3\n", []finding.Edit{edit(1, 5, 3, 1, "\n")}, "a: 1\nc: 3\n"},
		{"at the end", "a: 1", []finding.Edit{edit(1, 5, 1, 5, "\nb: 2")}, "a: 1\nb: 2"},
		{"behind the last line", "a: 1\n", []finding.Edit{edit(2, 1, 2, 1, "b: 2\n")}, "a: 1\nb: 2\n"},
		{"side by side", "abc", []finding.Edit{edit(1, 1, 1, 2, "x"), edit(1, 2, 1, 3, "y")}, "xyc"},
		{"bytes that are no UTF-8 stay", "\xff: 1\n", []finding.Edit{edit(1, 4, 1, 5, "2")}, "\xff: 2\n"},
		{"in an empty file", "", []finding.Edit{edit(1, 1, 1, 1, "a: 1\n")}, "a: 1\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := document.Apply([]byte(tt.src), tt.edits)
			if err != nil || string(got) != tt.want {
				t.Errorf("%q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	tests := []struct {
		name  string
		edits []finding.Edit
	}{
		{"a line that is not there", []finding.Edit{edit(4, 1, 4, 1, "x")}},
		{"a column that is not there", []finding.Edit{edit(1, 6, 1, 6, "x")}},
		{"an end that is not there", []finding.Edit{edit(1, 1, 1, 6, "x")}},
		{"no place", []finding.Edit{{Text: "x"}}},
		{"an end before its beginning", []finding.Edit{edit(2, 1, 1, 1, "x")}},
		{"an overlap", []finding.Edit{edit(1, 1, 1, 3, "x"), edit(1, 2, 1, 4, "y")}},
		{"one in the other", []finding.Edit{edit(1, 1, 2, 3, "x"), edit(1, 2, 1, 2, "y")}},
		{"two insertions at one place", []finding.Edit{edit(1, 1, 1, 1, "x"), edit(1, 1, 1, 1, "y")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := []byte("a: 1\nb: 2\n")
			if got, err := document.Apply(src, tt.edits); !errors.Is(err, document.ErrEdit) || got != nil {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

// All bytes outside the edits are the same, and stand in the same order.
func TestApplyTouchesNothingElse(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.StringMatching("[aé☃\r\n]{0,4}"), 1, 8).Draw(t, "pieces")
		src := strings.Join(pieces, "")
		var edits []finding.Edit
		var want strings.Builder
		at := 0
		for i, p := range pieces {
			if i%2 == 1 && p != "" {
				text := rapid.StringMatching("[xy\n]{0,3}").Draw(t, "text")
				line, column := place(src[:at])
				endLine, endColumn := place(src[:at+len(p)])
				edits = append(edits, edit(line, column, endLine, endColumn, text))
				p, at = text, at+len(p)
			} else {
				at += len(p)
			}
			want.WriteString(p)
		}
		got, err := document.Apply([]byte(src), rapid.Permutation(edits).Draw(t, "order"))
		if err != nil || string(got) != want.String() {
			t.Fatalf("%q with %v became %q, %v; want %q", src, edits, got, err, want.String())
		}
	})
}

func place(before string) (line, column int) {
	last := before[strings.LastIndexByte(before, '\n')+1:]
	return strings.Count(before, "\n") + 1, len([]rune(last)) + 1
}

func FuzzApply(f *testing.F) {
	f.Add([]byte("a: 1\nb: 2\n"), 1, 1, 1, 2, "x", 2, 1, 2, 2, "y")
	f.Fuzz(func(t *testing.T, src []byte, a, b, c, d int, x string, e, g, h, i int, y string) {
		kept := bytes.Clone(src)
		one, two := edit(a, b, c, d, x), edit(e, g, h, i, y)
		forth, err := document.Apply(src, []finding.Edit{one, two})
		back, err2 := document.Apply(src, []finding.Edit{two, one})
		if !bytes.Equal(src, kept) || (err == nil) != (err2 == nil) || !bytes.Equal(forth, back) {
			t.Fatalf("%q: the order of edits matters: %q, %v; %q, %v", src, forth, err, back, err2)
		}
	})
}

func preflight(src []byte) []finding.Finding {
	_, fs := document.Parse("r.yaml", src)
	return fs
}

// Each mend of the pre-flight, from what people write to what they meant.
func TestThePreflightMends(t *testing.T) {
	tests := []struct{ name, src, want string }{
		{"a byte order mark", "\ufeffa: 1\n", "a: 1\n"},
		{"invisible characters", "a: x\u200by\u2060\nb: \u202ez\n", "a: xy\nb: z\n"},
		{"a mark and what cannot be seen", "\ufeffa: x\u200b\n", "a: x\n"},
		{"a line separator", "a: x\u2028y\n", "a: x y\n"},
		{"carriage returns alone", "a: 1\rb: 2\r", "a: 1\nb: 2\n"},
		{"an empty second document", "a: 1\n---\n", "a: 1\n"},
		{"a second document of comments", "---\na: 1\r\n---\r\n# x\r\n\r\n", "---\na: 1\r\n"},
		{"a second document that says something stays", "a: 1\n---\nb: 1\n", "a: 1\n---\nb: 1\n"},
		{"a second document after an end mark", "a: 1\n...\n---\n...\n", "a: 1\n...\n"},
		{"a handle", "who: @example-lia # lead\n", "who: \"@example-lia\" # lead\n"},
		{"handles in a list", "who: [@a, b, @c]\n", "who: [\"@a\", b, \"@c\"]\n"},
		{"a handle in an entry", "x:\n  - who: @a\n  - @b\n", "x:\n  - who: \"@a\"\n  - \"@b\"\n"},
		{"handles in a mapping on one line", "x: {who: @a, whom: @b }\r\n", "x: {who: \"@a\", whom: \"@b\" }\r\n"},
		{"a sentence with a handle", "x: @a and @b agree\n", "x: \"@a and @b agree\"\n"},
		{"a colon in text", "title: Toolbar: what next # ?\n", "title: \"Toolbar: what next\" # ?\n"},
		{"a colon and quotes in text", "title: The \"new\": what\n", "title: \"The \\\"new\\\": what\"\n"},
		{"emphasis", "a: *very* good\n", "a: \"*very* good\"\n"},
		{"a grave", "a: `code` here\n", "a: \"`code` here\"\n"},
		{"a percent sign", "a: %x\n", "a: \"%x\"\n"},
		{"a tab", "a:\n\tb: 1\n\tc: 2\n", "a:\n  b: 1\n  c: 2\n"},
		{"tabs in tabs", "a:\n\tb:\n\t\tc: 2\n# x\n", "a:\n  b:\n    c: 2\n# x\n"},
		{"a tab behind spaces", "a:\n  - b: 1\n\tc: 2\n", "a:\n  - b: 1\n    c: 2\n"},
		{"a tab that could mean two things stays", "a:\n  b:\n\tc: 2\n", "a:\n  b:\n\tc: 2\n"},
		{"a key that is no word", "no: 1\n'a': {on: 2}\n", "\"no\": 1\n'a': {\"on\": 2}\n"},
		{"a key that is a number", "1: a\n", "\"1\": a\n"},
		{"a key twice stays", "a: 1\na: 2\n", "a: 1\na: 2\n"},
		{"an alias stays", "a: *x\n", "a: *x\n"},
		{"a tag stays", "a: !x 1\n", "a: !x 1\n"},
		{"bytes that are no UTF-8 stay", "a: \xff\n", "a: \xff\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, done := document.Mend([]byte(tt.src), preflight([]byte(tt.src)), preflight)
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Error(diff, preflight([]byte(tt.src)))
			}
			if tt.want != tt.src && len(preflight(got)) > 0 {
				t.Errorf("findings are left: %v", preflight(got))
			}
			replayed(t, []byte(tt.src), got, done)
		})
	}
}

// replayed: what was mended is all that was changed.
func replayed(t interface{ Fatalf(string, ...any) }, src, out []byte, done [][]finding.Finding) {
	at := src
	for _, made := range done {
		var edits []finding.Edit
		for _, f := range made {
			edits = append(edits, f.Edit)
		}
		next, err := document.Apply(at, edits)
		if err != nil {
			t.Fatalf("%q: %v", at, err)
		}
		at = next
	}
	if !bytes.Equal(at, out) {
		t.Fatalf("%q became %q, but the edits give %q", src, out, at)
	}
}

// holdMendLaws: mending twice is mending once; a text that could be read still can be; no
// mended finding is there again.
func holdMendLaws(t interface{ Fatalf(string, ...any) }, src []byte) {
	before := preflight(src)
	out, done := document.Mend(src, before, preflight)
	after := preflight(out)
	if again, more := document.Mend(out, after, preflight); !bytes.Equal(again, out) || len(more) > 0 {
		t.Fatalf("%q became %q, and then %q", src, out, again)
	}
	if len(before) == 0 && !bytes.Equal(src, out) {
		t.Fatalf("%q had no finding and became %q", src, out)
	}
	for _, f := range slices.Concat(done...) {
		if f.Rule == "byte-order-mark" && slices.ContainsFunc(after, func(g finding.Finding) bool { return g.Rule == f.Rule }) {
			t.Fatalf("%q became %q, which still has %v", src, out, f)
		}
	}
	replayed(t, src, out, done)
}

func FuzzMend(f *testing.F) {
	for _, s := range []string{"\ufeffa: @x\n", "a: 1\n---\n#\n", "a:\n\tb: c: d\n", "no: [@a, *b c]\r\n", "a: x\u200by\rb: 1", "a: \u2028@x", "- a: b: c\n\t- d"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 2000 {
			return
		}
		holdMendLaws(t, src)
	})
}

func TestMendHoldsItsLaws(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{
			"# c", "a: 1", "b: @x", "c: [@a, @b]", "d: e: f", "\tg: 1", "h:", "  i: 1", "\t\tj: x", "no: y", "---", "...", "k: x\u200by", "l: |", "  text\u2028", "  - @m", "*n* o: p", "q: *r* s", "t: x\ru: y", "\ufeffv: 1",
		}), 0, 8).Draw(t, "lines")
		holdMendLaws(t, []byte(strings.Join(lines, rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end of line"))))
	})
}
