package report_test

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/golden"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// toolbar is a request with every kind of trouble for a caret.
const toolbar = "titel: New toolbar\n" +
	"team: example-editing\n" +
	"status: acepted\n" +
	"assignees:\n" +
	"  - {person: @example-cl-noor}\n" +
	"\n" +
	"goal: 日本語のツールバー, nein\n" +
	"note: cafe\u0301 ok\n" +
	"\tx: y\n" +
	"summary: " + "long words " + "long words long words long words long words long words long words long words long words long words HERE and long words long words long words long words long words long words long words\n"

func sources(path string) ([]byte, bool) {
	switch path {
	case "requests/2026/new-toolbar.yaml":
		return []byte(toolbar), true
	case "requests/2026/crlf.yaml":
		return []byte("title: One\r\npriority: hgih\r\nold: 1\r\n"), true
	}
	return nil, false
}

const (
	toolbarPath = "requests/2026/new-toolbar.yaml"
	headCommit  = "4d1f6c7e1a2b3c4d5e6f708192a3b4c5d6e7f809"
	baseCommit  = "a0b1c2d3e4f5061728394a5b6c7d8e9f00112233"
)

// aCheck is a judged change with everything in it.
func aCheck() report.Check {
	return report.Check{
		Engine: "0.1.0", Commit: headCommit, Base: baseCommit, Head: headCommit, Actor: "example-pm-ada#5", Records: 12,
		Sources: sources,
		Findings: finding.Sorted([]finding.Finding{
			{Rule: "unknown-key", Path: toolbarPath, Line: 1, Column: 1, Found: "`titel` is not a key here", Expected: "one of `goal`, `team`, `title`", Fix: "did you mean `title`?", Edit: finding.Edit{Line: 1, Column: 1, EndLine: 1, EndColumn: 6, Text: "title"}},
			{Rule: "missing-key", Path: toolbarPath, Line: 1, Column: 1, Found: "`due` is missing", Expected: "a date like `2026-03-14`", Fix: "add a line `due: …`", Edit: finding.Edit{Line: 11, Column: 1, EndLine: 11, EndColumn: 1, Text: "# When must it be done?\ndue: 2026-01-01\n"}},
			{Rule: "unknown-value", Path: toolbarPath, Line: 3, Column: 9, Found: "`status` is \"acepted\"", Expected: "one of submitted, accepted, done", Fix: "did you mean `accepted`?", Edit: finding.Edit{Line: 3, Column: 9, EndLine: 3, EndColumn: 16, Text: "accepted"}},
			{Rule: "owner", Path: toolbarPath, Line: 4, Column: 1, Found: "example-pm-ada sets `assignees`", Expected: "somebody with the role liaison"},
			{Rule: "quote", Path: toolbarPath, Line: 5, Column: 14, Found: "`@example-cl-noor` cannot begin a plain value", Fix: "quote it", Edit: finding.Edit{Line: 5, Column: 14, EndLine: 5, EndColumn: 30, Text: "\"example-cl-noor\""}},
			{Rule: "unknown-value", Severity: finding.Warning, Path: toolbarPath, Line: 7, Column: 18, Found: "`goal` ends in \"nein\"", Expected: "yes or no"},
			{Rule: "accent", Severity: finding.Warning, Path: toolbarPath, Line: 8, Column: 13, Found: "`ok` is behind a combining mark"},
			{Rule: "tab", Path: toolbarPath, Line: 9, Column: 2, Found: "a tab indents this line", Expected: "spaces"},
			{Rule: "long", Path: toolbarPath, Line: 10, Column: 119, Found: "this line is long"},
			{Rule: "unknown-value", Path: "requests/2026/crlf.yaml", Line: 2, Column: 11, Found: "`priority` is \"hgih\"", Expected: "one of low, normal, high", Fix: "did you mean `high`?", Edit: finding.Edit{Line: 2, Column: 11, EndLine: 2, EndColumn: 15, Text: "high"}},
			{Rule: "old-key", Path: "requests/2026/crlf.yaml", Line: 3, Column: 1, Found: "`old` is no longer used", Fix: "remove it", Edit: finding.Edit{Line: 3, Column: 1, EndLine: 4, EndColumn: 1}},
			{Rule: "regular-file", Path: "requests/2026/link: 50%, [x] é.yaml", Found: "a symbolic link stands where a request should be", Expected: "an ordinary file"},
		}),
		Debt: []finding.Finding{
			{Rule: "unknown-person", Path: "roster/teams/example-search.yaml", Line: 4, Column: 5, Found: "there is no person `example-gone`", Expected: "a login in roster/people"},
		},
	}
}

// ready is a change with nothing to mend.
func ready() report.Check {
	c := aCheck()
	c.Findings = []finding.Finding{
		{Rule: "unknown-wiki", Severity: finding.Warning, Path: toolbarPath, Line: 2, Column: 7, Found: "`wikis[0]` is \"xywiki\", which is not in the roster", Expected: "a dbname such as \"dewiki\""},
	}
	due := time.Date(2026, time.June, 8, 14, 0, 0, 0, time.FixedZone("", 2*3600))
	c.Outcome = []report.Outcome{
		{Record: toolbarPath, Title: "New toolbar", From: "submitted", State: "accepted", Responsible: []string{"example-cl-noor", "example-cl-olaf"},
			Due:    []report.Due{{Target: "resourced", At: due}, {Target: "closed", At: due.AddDate(0, 3, 0)}, {Target: "done", At: due, Words: "within 3 months of the merge"}},
			Opens:  []string{"Resourced is late: new-toolbar"},
			Closes: []string{"#12, first response is late"}},
		{Record: "requests/2026/second.yaml", Title: "@everyone <b>read</b> this #1", State: "submitted"},
		{Record: "requests/2026/third.yaml", From: "done", State: "done"},
	}
	return c
}

// plain is a check of a work tree in which nothing was found.
func plain() report.Check { return report.Check{Records: 7} }

func written(t testing.TB, face func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := face(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// compileSARIF is the schema of the part of SARIF that a check uses.
func compileSARIF(t testing.TB) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.Draft, c.AssertFormat = jsonschema.Draft2020, true
	s, err := c.Compile("testdata/sarif-subset.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func inText(c report.Check, colour bool) func(io.Writer) error {
	return func(w io.Writer) error { return c.Text(w, colour) }
}

func TestTheFacesOfACheck(t *testing.T) {
	quiet := ready()
	quiet.Findings, quiet.Debt, quiet.Outcome = nil, nil, nil
	for name, c := range map[string]report.Check{"mend": aCheck(), "ready": ready(), "plain": plain(), "quiet": quiet} {
		t.Run(name, func(t *testing.T) {
			golden.Check(t, "check-"+name+".txt", written(t, inText(c, false)))
			golden.Check(t, "check-"+name+".md", written(t, c.Markdown))
			sarif := written(t, c.SARIF)
			golden.Check(t, "check-"+name+".sarif", sarif)
			var v any
			if err := json.Unmarshal([]byte(sarif), &v); err != nil {
				t.Fatal(err)
			}
			if err := compileSARIF(t).Validate(v); err != nil {
				t.Errorf("%#v", err)
			}
			js := written(t, c.JSON)
			golden.Check(t, "check-"+name+".json", js)
			validate(t, "check", []byte(js))
			if again := written(t, c.SARIF); again != sarif {
				t.Error("SARIF differs the second time")
			}
		})
	}
}

func TestColourIsAllThatATerminalObeys(t *testing.T) {
	golden.Check(t, "check-colour.txt", written(t, inText(aCheck(), true)))
	hostile := "a\x1b]0;x\x07\u202e\u200b\u2028\r\nb\x9b31m"
	c := report.Check{
		Findings: []finding.Finding{{Rule: hostile, Path: hostile, Line: 1, Column: 1, Found: hostile, Expected: hostile, Fix: hostile}},
		Outcome:  []report.Outcome{{Record: hostile, State: hostile, Responsible: []string{hostile}, Opens: []string{hostile}}},
		Sources:  func(string) ([]byte, bool) { return []byte(hostile), true },
	}
	for _, fs := range [][]finding.Finding{c.Findings, nil} {
		c.Findings = fs
		for _, r := range written(t, inText(c, false)) {
			if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0 || strings.ContainsRune("\u202e\u200b\u2028", r)) {
				t.Errorf("%q is printed", r)
			}
		}
	}
}

func TestTheCaretStandsUnderItsColumn(t *testing.T) {
	wide := strings.Repeat("語", 100)
	tests := []struct {
		name, line   string
		column, span int
		want         string
	}{
		{"plain", "key: value", 6, 0, "key: value\n     ^"},
		{"with a span", "key: value", 6, 5, "key: value\n     ^~~~~"},
		{"at the end of the line", "key:", 5, 0, "key:\n    ^"},
		{"beyond the line", "key:", 50, 0, "key:\n    ^"},
		{"an empty line", "", 1, 0, "\n^"},
		{"behind a tab", "\tkey", 2, 0, "    key\n    ^"},
		{"behind a tab in the line", "ab\tkey", 4, 0, "ab  key\n    ^"},
		{"behind wide characters", "日本: x", 5, 0, "日本: x\n      ^"},
		{"under wide characters", "日本: x", 1, 2, "日本: x\n^~~~"},
		{"behind a combining mark", "cafe\u0301: x", 8, 0, "cafe\u0301: x\n      ^"},
		{"at a combining mark", "cafe\u0301: x", 5, 0, "cafe\u0301: x\n   ^"},
		{"behind bytes that are no text", "\xff\xff: x", 5, 0, "\uFFFD\uFFFD: x\n    ^"},
		{"behind what a terminal obeys", "\x1b[31m: x", 8, 0, "\uFFFD[31m: x\n       ^"},
		{"in a long line", strings.Repeat("a", 200) + "B" + strings.Repeat("c", 200), 201, 0,
			"…" + strings.Repeat("a", 48) + "B" + strings.Repeat("c", 47) + "…\n" + strings.Repeat(" ", 49) + "^"},
		{"in a long wide line", wide + "B" + wide, 101, 0,
			"…" + strings.Repeat("語", 24) + "B" + strings.Repeat("語", 23) + "…\n" + strings.Repeat(" ", 49) + "^"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := finding.Finding{Rule: "r", Path: "p", Line: 1, Column: tt.column, Found: "x"}
			if tt.span > 0 {
				f.Edit = finding.Edit{Line: 1, Column: tt.column, EndLine: 1, EndColumn: tt.column + tt.span}
			}
			c := report.Check{Findings: []finding.Finding{f}, Sources: func(string) ([]byte, bool) { return []byte(tt.line), true }}
			lines := strings.Split(written(t, inText(c, false)), "\n")
			got := strings.TrimPrefix(lines[1], "    1 | ") + "\n" + strings.TrimPrefix(lines[2], "      | ")
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestAFingerprintStaysWhenLinesMove(t *testing.T) {
	prints := func(c report.Check) (out []string) {
		var log struct {
			Runs []struct {
				Results []struct {
					Fingerprints map[string]string `json:"partialFingerprints"`
				} `json:"results"`
			} `json:"runs"`
		}
		if err := json.Unmarshal([]byte(written(t, c.SARIF)), &log); err != nil {
			t.Fatal(err)
		}
		for _, r := range log.Runs[0].Results {
			out = append(out, r.Fingerprints["liaison/v1"])
		}
		return out
	}
	a, b := aCheck(), aCheck()
	twice := finding.Finding{Rule: "key-twice", Path: "p", Line: 3, Column: 1, Found: "the key again, first on line 1"}
	a.Findings = append(a.Findings, twice, twice)
	b.Findings = nil
	for _, f := range a.Findings {
		if f.Line > 0 {
			f.Line, f.Column = f.Line+7, f.Column+2
		}
		f.Found = strings.ReplaceAll(f.Found, "line 1", "line 8")
		b.Findings = append(b.Findings, f)
	}
	before, after := prints(a), prints(b)
	seen := map[string]bool{}
	for i := range before {
		if before[i] != after[i] || before[i] == "" {
			t.Errorf("%d: %s became %s", i, before[i], after[i])
		}
		if seen[before[i]] {
			t.Errorf("%s stands for two", before[i])
		}
		seen[before[i]] = true
	}
}
