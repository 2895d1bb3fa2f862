package form

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/law"
	"pgregory.net/rapid"
)

func TestPathFillsWhatThePatternLeavesOpen(t *testing.T) {
	tests := []struct{ files, name, want string }{
		{"requests/*/*.yaml", "new-toolbar", "requests/2026/new-toolbar.yaml"},
		{"requests/*/*.yaml", "2027/new-toolbar", "requests/2027/new-toolbar.yaml"},
		{"roster/people/*.yaml", "example-lia", "roster/people/example-lia.yaml"},
		{"proposals/**/*.yaml", "one", "proposals/one.yaml"},
		{"proposals/**/*.yaml", "a/b/one", "proposals/a/b/one.yaml"},
		{"proposals/**", "one", "proposals/one.yaml"},
		{"plans/bulletins/*/*.yaml", "tech-news/2026-32", "plans/bulletins/tech-news/2026-32.yaml"},
		{"keps/sig-*.yaml", "network", "keps/sig-network.yaml"},
		{"roster/people/*.yaml", "a/example-lia", ""},
		{"logs/[0-9]*.yaml", "one", ""},
		{"logs/2?/*.yaml", "one", ""},
		{"goals.yaml", "one", ""},
	}
	for _, test := range tests {
		got, err := Path(test.files, test.name, 2026)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("Path(%q, %q) is %q, %v; expected %q", test.files, test.name, got, err, test.want)
		}
	}
}

func TestReadRefusesWhatIsNoSchemaOfRecords(t *testing.T) {
	for _, src := range []string{"", "{", "[]", "true", `{"type": "object"}`, `{"properties": {}}`, `{"properties": {"a"`, `{"$ref": "#"}`} {
		if s, err := Read([]byte(src)); err == nil {
			t.Errorf("Read(%s) is %v", src, s)
		}
	}
}

// TestAValueReadsBackAsItWas: whatever a schema gives as an example stands in the form as
// that value, on one line and as a block.
func TestAValueReadsBackAsItWas(t *testing.T) {
	text := rapid.OneOf(rapid.StringMatching(`[ -~é…]{0,12}`), rapid.SampledFrom([]string{
		"", "no", "Yes", "y", "null", "~", "1.10", "2026-12-01", "2026-12-03T17:00:00Z", "12:30", "a: b", "a #b", "#a", "- a",
		"https://example.org/#x", "https://example.org/a:", "[a]", "{a}", "@a", "a,b", "it's", "'a'", `"`, `\`, "é, ü", " a", "a ", "0x1f", "1e3", ".5", "a\nb", "<a&b>", "|", ">", "%a", "*a", "&a", "!a", "?a",
	}))
	law.Check(t, func(t *rapid.T) {
		want := text.Draw(t, "text")
		v := &value{kind: '{', keys: []string{"a", "b"}, members: map[string]*value{
			"a": {kind: '[', items: []*value{{scalar: want}, {scalar: json.Number("3")}}},
			"b": {kind: '[', items: []*value{{kind: '{', keys: []string{"c"}, members: map[string]*value{"c": {scalar: want}}}}},
		}}
		src := strings.Join(members(v), "\n") + "\n"
		doc, fs := document.Parse("a.yaml", []byte(src))
		if doc == nil {
			t.Fatalf("%s\n%v", src, fs)
		}
		a, _ := doc.Value["a"].([]any)
		b, _ := doc.Value["b"].([]any)
		c, _ := b[0].(map[string]any)
		if a[0] != want || a[1] != int64(3) || c["c"] != want {
			t.Fatalf("%q reads as %v\n%s", want, doc.Value, src)
		}
	})
}

// FuzzFill: no schema makes it fail, every line is within its comment or is of the record,
// and each required key stands there once.
func FuzzFill(f *testing.F) {
	f.Add(`{"title": "A\nb", "required": ["a", "b"], "properties": {"a": {"type": "array", "items": {"$ref": "#/$defs/x"}}, "b": {"description": "x\ny: z"}, "c": {"examples": ["d\ne"]}}, "$defs": {"x": {"type": "object", "required": ["y"], "properties": {"y": {"$ref": "#/$defs/x"}}}}}`)
	f.Add(`{"properties": {"a": {"enum": ["x\n# y", 1, null, [], {}], "markdownEnumDescriptions": ["a", "b\nc", "", "d", "e"]}}}`)
	f.Fuzz(func(t *testing.T, src string) {
		s, err := Read([]byte(src))
		if err != nil {
			return
		}
		text := string(s.Fill(Record{Path: "a/b.yaml", Schema: "s.json", First: "Public\nfor ever", Owners: map[string][]string{"a": {"x"}}}))
		if !strings.HasPrefix(text, "# Public for ever\n# yaml-language-server: $schema=../s.json\n") {
			t.Errorf("it begins %q", text[:min(len(text), 90)])
		}
		root := s.at(s.root)
		for _, p := range root.properties() {
			key := "\n" + scalar(&value{scalar: p.name}, false) + ":"
			if want := map[bool]int{true: 1}[root.required(p.name)]; strings.Count(text, key) != want {
				t.Errorf("%d lines begin with %q, expected %d\n%s", strings.Count(text, key), key, want, text)
			}
		}
	})
}
