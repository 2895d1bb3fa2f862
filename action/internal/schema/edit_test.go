package schema_test

import (
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/google/go-cmp/cmp"
)

// mended applies every edit of the findings, at once.
func mended(t *testing.T, src string, fs []finding.Finding) string {
	t.Helper()
	var edits []finding.Edit
	for _, f := range fs {
		if f.Edit.Known() {
			edits = append(edits, f.Edit)
		}
	}
	out, err := document.Apply([]byte(src), edits)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

const strangers = `{"type": "object", "additionalProperties": false, "required": ["title", "people"], "properties": {
  "title": {"type": "string", "description": "What it is about."},
  "mood": {"enum": ["calm", "cheerful"]},
  "when": {"type": "string", "format": "date"},
  "at": {"type": "string", "format": "date-time"},
  "wanted": {"type": "string", "anyOf": [{"format": "date"}, {"const": "flexible"}]},
  "people": {"type": "array", "items": {"$ref": "#/$defs/login"}},
  "who": {"$ref": "#/$defs/login"},
  "entries": {"type": "array", "items": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}, "num": {"type": "integer"}}}},
  "id": {"type": "integer"}, "open": {"type": "boolean"}, "any": true
}, "$defs": {"login": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9-]*$"}}}`

func TestEdits(t *testing.T) {
	const head = "title: T\npeople: [a]\n"
	tests := []struct{ name, src, rule, want string }{
		{"a misspelt key", "titel: T\npeople: [a]\n", "unknown-key", "title: T\npeople: [a]\n"},
		{"a misspelt key in quotes keeps them", "'titel': T # why\npeople: [a]\n", "unknown-key", "'title': T # why\npeople: [a]\n"},
		{"a misspelt key whose right one is there", head + "titel: X\n", "unknown-key", head + "titel: X\n"},
		{"a misspelt word", head + "mood: cheerfull # so\n", "unknown-value", head + "mood: cheerful # so\n"},
		{"a misspelt word in quotes keeps them", head + "mood: \"Calm\"\r\n", "unknown-value", head + "mood: \"calm\"\r\n"},
		{"a word that is like none", head + "mood: zzzzz\n", "unknown-value", head + "mood: zzzzz\n"},
		{"no for text", "title: no\npeople: [a]\n", "ambiguous-scalar", "title: \"no\"\npeople: [a]\n"},
		{"on in a list", "title: T\npeople: [on, y, 012]\n", "ambiguous-scalar", "title: T\npeople: [\"on\", \"y\", \"012\"]\n"},
		{"a number with underscores", "title: 1_000\npeople: [a]\n", "ambiguous-scalar", "title: \"1_000\"\npeople: [a]\n"},
		{"a version", "title: 1.10\npeople: [a]\n", "ambiguous-scalar", "title: \"1.10\"\npeople: [a]\n"},
		{"an exponent", "title: 1e3\npeople: [a]\n", "ambiguous-scalar", "title: \"1e3\"\npeople: [a]\n"},
		{"a day with a time for text", "title: 2026-03-14 10:00:00\npeople: [a]\n", "ambiguous-scalar", "title: \"2026-03-14 10:00:00\"\npeople: [a]\n"},
		{"yes for true or false", head + "open: yes\n", "ambiguous-scalar", head + "open: true\n"},
		{"yes where anything may stand", head + "any: yes\n", "ambiguous-scalar", head + "any: yes\n"},
		{"a yes in quotes", head + "open: 'yes'\n", "value-type", head + "open: true\n"},
		{"a number in quotes", head + "id: '5'\n", "value-type", head + "id: 5\n"},
		{"a word for a list", "title: T\npeople: a\n", "value-type", "title: T\npeople: [a]\n"},
		{"a date with slashes", head + "when: 2026/03/05\n", "value-form", head + "when: 2026-03-05\n"},
		{"a date without zeroes", head + "when: 2026-3-5\n", "value-form", head + "when: 2026-03-05\n"},
		{"a date in words", head + "when: 5 March 2026\n", "value-form", head + "when: 2026-03-05\n"},
		{"a date in short words", head + "when: 5th Sept. 2026\n", "value-form", head + "when: 2026-09-05\n"},
		{"a date in American words", head + "when: 'March 5, 2026'\n", "value-form", head + "when: '2026-03-05'\n"},
		{"a date without signs", head + "when: 20260305\n", "value-type", head + "when: 2026-03-05\n"},
		{"a date whose month is sure", head + "when: 25/12/2026\n", "value-form", head + "when: 2026-12-25\n"},
		{"a date that could be two", head + "when: 5/3/2026\n", "value-form", head + "when: 5/3/2026\n"},
		{"a day that is none", head + "when: 2026/02/30\n", "value-form", head + "when: 2026/02/30\n"},
		{"a date or a word", head + "wanted: 2026/03/05\n", "value-type", head + "wanted: 2026-03-05\n"},
		{"a word or a date", head + "wanted: Flexibel\n", "value-type", head + "wanted: flexible\n"},
		{"a handle", head + "who: '@example-lia'\n", "value-form", head + "who: 'example-lia'\n"},
		{"a handle in a list", "title: T\npeople: [\"@a\", b]\n", "value-form", "title: T\npeople: [\"a\", b]\n"},
		{"a key is missing", "title: T\n", "missing-key", "title: T\npeople:  # to fill in; expected a list (`- ` lines), each text of another form\n"},
		{"a key is missing, and the last line has no end", "people: [a]", "missing-key", "people: [a]\ntitle:  # to fill in: What it is about; expected text"},
		{"a key is missing before comments", "people: [a]\r\n\r\n# end\r\n", "missing-key", "people: [a]\r\ntitle:  # to fill in: What it is about; expected text\r\n\r\n# end\r\n"},
		{"a key is missing behind a text", "people: [a]\nany: |\n  x\n\n  # y\n", "missing-key", "people: [a]\nany: |\n  x\n\n  # y\ntitle:  # to fill in: What it is about; expected text\n"},
		{"a key is missing in an entry", head + "entries:\n  - num: 1\n  - num: 2\n    text: x\n", "missing-key", head + "entries:\n  - num: 1\n    text:  # to fill in; expected text\n  - num: 2\n    text: x\n"},
		{"a key is missing on one line", head + "entries: [{num: 1}]\n", "missing-key", head + "entries: [{num: 1}]\n"},
		{"a key is missing before the end mark", "---\npeople: [a]\n...\n", "missing-key", "---\npeople: [a]\ntitle:  # to fill in: What it is about; expected text\n...\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fs := check(t, []byte(strangers), tt.src)
			if len(fs) == 0 || fs[len(fs)-1].Rule != tt.rule && fs[0].Rule != tt.rule {
				t.Fatalf("findings %v, want %s", fs, tt.rule)
			}
			got := mended(t, tt.src, fs)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s\n%v", diff, fs)
			}
			if got == tt.src {
				return
			}
			for _, f := range check(t, []byte(strangers), got) {
				if f.Rule == tt.rule || !strings.HasSuffix(f.Found, "is empty") {
					t.Errorf("after the mend: %v", f)
				}
			}
		})
	}
}

func TestADateThatCouldBeTwoIsAskedBack(t *testing.T) {
	fs := check(t, []byte(strangers), "title: T\npeople: [a]\nwhen: 5/3/2026\n")
	if len(fs) != 1 || fs[0].Fix != "day or month first? write `2026-03-05` or `2026-05-03`" {
		t.Errorf("%v", fs)
	}
}
