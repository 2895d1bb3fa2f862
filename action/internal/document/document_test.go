package document_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

func nested(n int) string { return "a: " + strings.Repeat("[", n) + strings.Repeat("]", n) + "\n" }

func TestThePreflight(t *testing.T) {
	tests := []struct{ name, bad, want, good string }{
		{"a file is at most 64 KiB", "a: " + strings.Repeat("x", 64<<10), "1:1 file-size", "a: " + strings.Repeat("x", 64<<10-4) + "\n"},
		{"a file is UTF-8", "a: 1\nb: \xe9t\xe9\n", "2:4 utf-8", "a: 1\nb: été\n"},
		{"a file has no byte order mark", "\ufeffa: 1\n", "1:1 byte-order-mark", "a: 1\n"},
		{"a byte order mark further on is invisible", "a: x\ufeff\n", "1:5 invisible-character", "a: x\n"},
		{"a control character is invisible", "a: x\u0007\n", "1:5 invisible-character", "a: \"x\\n\\ty\"\n"},
		{"NUL is invisible", "a: \x00\n", "1:4 invisible-character", "a: 0\n"},
		{"a carriage return alone is a line break that nobody sees", "a: 1\rb: 2\n", "1:5 invisible-character", "a: 1\r\nb: 2\r\n"},
		{"text is not turned around", "é: 1\na: x\u202ey\n", "2:5 invisible-character", "a: \u05d0\n"},
		{"an isolate turns text around", "a: \u2066x\n", "1:4 invisible-character", "a: x\n"},
		{"a zero-width space is invisible", "a: x\u200by\n", "1:5 invisible-character", "a: x\u200cy\u200dz\n"},
		{"a word joiner is invisible", "a: x\u2060y\n", "1:5 invisible-character", "a: x y\n"},
		{"an invisible operator is invisible", "a: x\u2063y\n", "1:5 invisible-character", "a: x,y\n"},
		{"a vowel separator of no width is invisible", "a: x\u180ey\n", "1:5 invisible-character", "a: xy\n"},
		{"tags are a text behind the text", "a: x\U000e0041\n", "1:5 invisible-character", "a: 🏳️‍🌈\n"},
		{"U+0085 breaks lines for some", "a: x\u0085b: 1\n", "1:5 invisible-character", "a: x\nb: 1\n"},
		{"U+2028 breaks lines for some", "a: x\u2028b: 1\n", "1:5 invisible-character", "a: x\n"},
		{"U+2028 as an escape is no better", "a: 1\nb: \"x\\u2028y\"\n", "2:4 invisible-character", "b: \"x\\u00e9y\"\n"},
		{"a control character as an escape", "b: \"x\\0\"\n", "1:4 invisible-character", "b: \"\\\\0\"\n"},
		{"a bidi character as an escape, in a key", "\"x\\u202e\": 1\n", "1:1 invisible-character", "\"x\\u00e9\": 1\n"},
		{"a file has one document", "a: 1\n---\nb: 2\n", "2:1 one-document", "---\na: 1\n...\n"},
		{"an empty second document is one too", "a: 1\n---\n", "2:1 one-document", "---\na: 1\n"},
		{"a file is not empty", "", "1:1 empty-file", "a: 1"},
		{"a file is not only comments", "# a\n\n# b\n", "1:1 empty-file", "# a\na: 1\n"},
		{"a file is not only a mark", "---\n", "1:1 mapping-root", "---\na:\n"},
		{"a file is not a list", "# why\n- a\n", "2:1 mapping-root", "a: [a]\n"},
		{"a file is not a single value", "just text\n", "1:1 mapping-root", "just: text\n"},
		{"a value is not an alias", "a: 1\nb: *x\n", "2:4 no-alias", "a: 1\nb: '*x'\n"},
		{"a value has no anchor", "a: 1\nbé: &x 1\n", "2:5 no-anchor", "a: '&x 1'\n"},
		{"a list has no anchor", "a: &x\n  - 1\n", "1:4 no-anchor", "a:\n  - 1\n"},
		{"a value has no tag", "a: !!str 5\n", "1:4 no-tag", "a: '5'\n"},
		{"a value has no tag of its own", "a: !x 5\n", "1:4 no-tag", "a: 'x!'\n"},
		{"a value has no bare tag", "é: [1, ! 5]\n", "1:8 no-tag", "é: [1, 5!]\n"},
		{"a mapping merges nothing", "a:\n  <<: {b: 1}\n", "2:3 no-merge", "a:\n  b: 1\n"},
		{"a key is not a number", "1: a\n", "1:1 key-string", "'1': a\n"},
		{"a key is not a date", "2026-01-01: a\n", "1:1 key-string", "on 2026-01-01: a\n"},
		{"a key is not nothing", "~: a\n", "1:1 key-string", "x: ~\n"},
		{"a key is not true", "true: a\n", "1:1 key-string", "truth: a\n"},
		{"a key is not a list", "? [a]\n: b\n", "1:3 key-string", "? a\n: b\n"},
		{"a key is not a mapping", "{a: 1}: b\n", "1:1 key-string", "a1: b\n"},
		{"a key is not no", "a: 1\nno: a\n", "2:1 key-string", "\"no\": a\n"},
		{"a key is not on", "a: {On: a}\n", "1:5 key-string", "a: {'On': a}\n"},
		{"a key is not y", "y: a\n", "1:1 key-string", "yy: a\n"},
		{"a key stands once", "a: 1\nb: 2\na: 3\n", "3:1 key-twice", "a: 1\nb: {a: 3}\n"},
		{"a key stands once, whatever its case", "Straße: 1\nSTRASSE: 2\n", "2:1 key-twice", "Straße: 1\nStrasse 2: 2\n"},
		{"a key stands once, however its accents are stored", "é: 1\ne\u0301: 2\n", "2:1 key-twice", "é: 1\nè: 2\n"},
		{"a key stands once, quoted or not", "b:\n  a: 1\n  'a': 2\n", "3:3 key-twice", "b:\n  a: 1\n"},
		{"values are nested at most 20 deep", nested(20), "1:23 depth", nested(19)},
		{"a bomb of brackets is no deeper", nested(30_000), "1:1 depth", nested(19)},
		{"infinity is no number", "a: .inf\n", "1:4 finite-number", "a: '.inf'\n"},
		{"what is not a number is no number", "a: [.NaN]\n", "1:5 finite-number", "a: .nano\n"},
		{"text with a colon needs quotes", "a: 1\nb: c: d\n", "2:4 yaml-syntax", "a: 1\nb: 'c: d'\n"},
		{"lines are not indented with tabs", "a:\n\tb: 1\n", "2:1 yaml-syntax", "a:\n  b: 1\n"},
		{"a list is closed", "a: [1,\nb: 2\n", "2:1 yaml-syntax", "a: [1]\nb: 2\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, fs := document.Parse("r.yaml", []byte(tt.bad))
			if doc != nil || len(fs) == 0 {
				t.Fatalf("accepted: %.60q", tt.bad)
			}
			f := fs[0]
			if got := fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Rule); got != tt.want || f.Path != "r.yaml" {
				t.Errorf("found %s in %s, want %s in r.yaml: %v", got, f.Path, tt.want, f)
			}
			if f.Expected == "" {
				t.Errorf("does not say what was expected: %v", f)
			}
			if doc, fs := document.Parse("r.yaml", []byte(tt.good)); doc == nil || len(fs) > 0 {
				t.Errorf("the good one %.60q has findings: %v", tt.good, fs)
			}
		})
	}
}

func TestEveryDefectOfAFileIsFoundAtOnce(t *testing.T) {
	_, fs := document.Parse("r.yaml", []byte("no: &x 1\nA: !!str 2\na: 3\na: 4\n"))
	var got []string
	for _, f := range fs {
		got = append(got, fmt.Sprintf("%d:%d %s", f.Line, f.Column, f.Rule))
	}
	slices.Sort(got)
	want := []string{"1:1 key-string", "1:5 no-anchor", "2:4 no-tag", "3:1 key-twice", "4:1 key-twice"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, f := range fs {
		if f.Rule == "key-twice" && !strings.Contains(f.Found, "first on line 2") {
			t.Errorf("points back to another place than the first: %v", f)
		}
	}
}

func TestCommonSlipsAreMended(t *testing.T) {
	tests := []struct{ name, src, mend string }{
		{"a colon in text", "title: Toolbar: what next\n", "in quotes"},
		{"a tab", "a:\n\t- b\n", "spaces"},
		{"an open list", "a: [b\nc: d\n", "`]`"},
		{"open quotes", "a: \"b\n", "close the quotes"},
		{"emphasis in asterisks", "a: *very* good\n", "in quotes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, fs := document.Parse("r.yaml", []byte(tt.src))
			if len(fs) != 1 || !strings.Contains(fs[0].Fix, tt.mend) {
				t.Errorf("findings %v, fix %q; want one whose fix says %q", fs, fs[0].Fix, tt.mend)
			}
		})
	}
}

func TestAliasesAreRefusedBeforeTheyGrow(t *testing.T) {
	src := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'z'; c++ {
		src += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.Repeat(fmt.Sprintf("*%c, ", c-1), 9))
	}
	doc, fs := document.Parse("r.yaml", []byte(src))
	if n := used([]byte(src)); doc != nil || len(fs) == 0 || n > mostMemory {
		t.Errorf("%d findings, %d bytes", len(fs), n)
	}
}

const sample = "# why\r\ntítulo: \"é: x\"\r\nhelp: [über, b]\r\npeople:\r\n  - {name: Ö, role: lead}\r\n  - name: Z\r\nlong: |\r\n  one\r\n  two\r\n'quoted key': x\r\n"

func parse(t testing.TB, src string) *document.Document {
	t.Helper()
	doc, fs := document.Parse("r.yaml", []byte(src))
	if doc == nil {
		t.Fatalf("%q has findings: %v", src, fs)
	}
	return doc
}

func TestPositionsCountCharacters(t *testing.T) {
	path := func(p ...string) []string { return p }
	tests := []struct {
		name    string
		path    []string
		at, key document.Position
	}{
		{"the document", nil, document.Position{Line: 2, Column: 1}, document.Position{Line: 2, Column: 1}},
		{"a value behind accents", path("título"), document.Position{Line: 2, Column: 9}, document.Position{Line: 2, Column: 1}},
		{"an entry behind an umlaut", path("help", "1"), document.Position{Line: 3, Column: 14}, document.Position{Line: 3, Column: 14}},
		{"a key inside an entry", path("people", "0", "role"), document.Position{Line: 5, Column: 21}, document.Position{Line: 5, Column: 15}},
		{"an entry that is a mapping", path("people", "1"), document.Position{Line: 6, Column: 5}, document.Position{Line: 6, Column: 5}},
		{"a text over several lines", path("long"), document.Position{Line: 7, Column: 7}, document.Position{Line: 7, Column: 1}},
		{"a quoted key", path("quoted key"), document.Position{Line: 10, Column: 15}, document.Position{Line: 10, Column: 1}},
		{"what is absent stands where it would", path("people", "1", "role"), document.Position{Line: 6, Column: 5}, document.Position{Line: 6, Column: 5}},
		{"an entry too many", path("help", "9"), document.Position{Line: 3, Column: 7}, document.Position{Line: 3, Column: 1}},
		{"a step into a word", path("título", "x", "y"), document.Position{Line: 2, Column: 9}, document.Position{Line: 2, Column: 1}},
	}
	doc := parse(t, sample)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if at := doc.At(tt.path...); at != tt.at {
				t.Errorf("At = %v, want %v", at, tt.at)
			}
			if key := doc.Key(tt.path...); key != tt.key {
				t.Errorf("Key = %v, want %v", key, tt.key)
			}
		})
	}
}

func TestKeysStandInTheOrderOfTheFile(t *testing.T) {
	doc := parse(t, sample)
	if diff := cmp.Diff([]string{"título", "help", "people", "long", "quoted key"}, doc.Keys()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"name", "role"}, doc.Keys("people", "0")); diff != "" {
		t.Error(diff)
	}
	if keys := doc.Keys("help"); keys != nil {
		t.Errorf("a list has keys %v", keys)
	}
	if keys := doc.Keys("absent"); keys != nil {
		t.Errorf("nothing has keys %v", keys)
	}
}

func TestInsideAText(t *testing.T) {
	tests := []struct {
		name, src    string
		line, column int
		want         document.Position
	}{
		{"plain", "é: abc\n", 1, 2, document.Position{Line: 1, Column: 6}},
		{"in quotes", "a: \"abc\"\n", 1, 2, document.Position{Line: 1, Column: 7}},
		{"in single quotes", "a: 'abc'\n", 1, 0, document.Position{Line: 1, Column: 5}},
		{"a block points to its beginning", "a: |\n  abc\n", 1, 2, document.Position{Line: 1, Column: 4}},
		{"a further line points to the beginning", "a: \"abc\n\n  def\"\n", 2, 1, document.Position{Line: 1, Column: 4}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc := parse(t, tt.src)
			if got := doc.Inside(tt.line, tt.column, doc.Keys()[0]); got != tt.want {
				t.Errorf("Inside = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestPlainIsWhatStandsInTheFile(t *testing.T) {
	doc := parse(t, "a: no\nb: 'no'\nc: 012\nd: [1]\n")
	for key, want := range map[string]string{"a": "no", "b": "", "c": "012", "d": "", "absent": ""} {
		if got := doc.Plain(key); got != want {
			t.Errorf("Plain(%s) = %q, want %q", key, got, want)
		}
	}
	if got := doc.Plain("d", "0"); got != "1" {
		t.Errorf("Plain(d, 0) = %q", got)
	}
}

func TestNumbersKeepTheirKind(t *testing.T) {
	got := parse(t, "a: 1\nb: 1.5\nc: 2e3\nd: 99999999999999999999\ne: 9223372036854775807\n").Value
	want := map[string]any{"a": int64(1), "b": 1.5, "c": int64(2000), "d": 1e20, "e": int64(9223372036854775807)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{sample, "", "---", "a: *x", "a: &a [*a]", "a: ! 5", "! a: b", "? a", "a: .inf", "a: 1e999", "{a: {b: [1, 2.5, null, true]}}", "a: |+\n  x\n\n", "a: \"\\u2028\"", "1: a\n\"1\": b", "a: 0o14\nb: 012\nc: 1_0\nd: y", "%YAML 1.1\n---\na: 1", "a: >-\n x", "\"\": 1"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		doc, fs := document.Parse("r.yaml", src)
		if (doc == nil) != (len(fs) > 0) {
			t.Fatalf("%q: a document and findings, or neither: %v", src, fs)
		}
		for _, f := range fs {
			if f.Line < 1 || f.Column < 1 || f.Line > bytes.Count(src, []byte("\n"))+1 || f.Rule == "" || f.Found == "" {
				t.Fatalf("%q: a finding without its place or words: %#v", src, f)
			}
		}
		if doc != nil {
			sameAsKubernetes(t, src, doc)
			sameAsNodes(t, src, doc)
		}
	})
}

// sameAsKubernetes: what was read is what sigs.k8s.io/yaml reads, and the keys that have
// positions are the keys that have values.
func sameAsKubernetes(t *testing.T, src []byte, doc *document.Document) {
	t.Helper()
	var want map[string]any
	if err := yaml.UnmarshalStrict(src, &want); err != nil {
		t.Fatalf("%q: Kubernetes refuses it: %v", src, err)
	}
	if got, want := asJSON(t, doc.Value), asJSON(t, want); !bytes.Equal(got, want) {
		t.Fatalf("%q: %s, but Kubernetes reads %s", src, got, want)
	}
	sameKeys(t, doc, doc.Value, nil)
}

// asJSON writes values with every number as a fraction, as JSON has it.
func asJSON(t *testing.T, v any) []byte {
	t.Helper()
	js, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var loose any
	if err := json.Unmarshal(js, &loose); err != nil {
		t.Fatal(err)
	}
	js, err = json.Marshal(loose)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func sameKeys(t *testing.T, doc *document.Document, v any, path []string) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		keys := doc.Keys(path...)
		if len(keys) != len(v) {
			t.Fatalf("%q at %q: keys %q, values %v", doc.Source, path, keys, v)
		}
		for _, k := range keys {
			if _, ok := v[k]; !ok {
				t.Fatalf("%q at %q: the key %q has no value in %v", doc.Source, path, k, v)
			}
			sameKeys(t, doc, v[k], append(slices.Clone(path), k))
		}
	case []any:
		for i, e := range v {
			sameKeys(t, doc, e, append(slices.Clone(path), fmt.Sprint(i)))
		}
	}
}
