package report_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// foreign is a check in which everything that can be foreign is the same text.
func foreign(s string) report.Check {
	f := finding.Finding{Rule: "rule", Path: s, Line: 1, Column: 1, Found: s, Expected: s, Fix: s,
		Edit: finding.Edit{Line: 1, Column: 1, EndLine: 1, EndColumn: 1, Text: s}}
	bare := finding.Finding{Rule: "rule", Path: s, Found: "a " + s + " b `" + s + "` c \"" + s + "\""}
	return report.Check{
		Head: headCommit, Base: baseCommit, Actor: s,
		Findings: []finding.Finding{f, bare}, Debt: []finding.Finding{f},
		Outcome: []report.Outcome{{Record: s, Title: s, From: s, State: s + s, Responsible: []string{s, s},
			Due: []report.Due{{Target: s, At: time.Unix(0, 0)}}, Opens: []string{s}, Closes: []string{s}}},
		Sources: func(string) ([]byte, bool) { return []byte(s + "\n" + s), true },
	}
}

// live matches what GitHub acts upon in text that is not code.
var live = regexp.MustCompile(`(?i)@|#[0-9]|gh-[0-9]|://|www\.|[0-9a-f]{7}|[a-z]-?[0-9]|\[|[<>&\\*_~|]`)

// ours are the words of the comment itself that look alive.
var ours = regexp.MustCompile(`Monday 2|[0-9]+ January`)

// liveIn is what a Markdown parser of other people takes for more than words and code; all
// HTML that it may meet is the collapsed list of older defects.
func liveIn(src string) (found []string) {
	md := goldmark.New(goldmark.WithExtensions(extension.GFM))
	b := []byte(src)
	_ = ast.Walk(md.Parser().Parse(text.NewReader(b)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeSpan, *ast.FencedCodeBlock:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			if s := ours.ReplaceAllString(string(n.Value(b)), ""); live.MatchString(s) {
				found = append(found, s)
			}
		case *ast.HTMLBlock:
			for i := range n.Lines().Len() {
				line := n.Lines().At(i)
				found = append(found, htmlIn(string(line.Value(b)))...)
			}
		case *ast.RawHTML:
			for i := range n.Segments.Len() {
				s := n.Segments.At(i)
				found = append(found, htmlIn(string(s.Value(b)))...)
			}
		case *ast.Document, *ast.Paragraph, *ast.TextBlock, *ast.List, *ast.ListItem, *ast.Emphasis, *ast.Heading:
		default:
			found = append(found, n.Kind().String())
		}
		return ast.WalkContinue, nil
	})
	return found
}

var allowedHTML = regexp.MustCompile(`^(<details>|</details>|<summary>[0-9]+ older defects?, not from this change</summary>|</?sub>|<sub>.*</sub>)?\n?$`)

func htmlIn(s string) []string {
	if allowedHTML.MatchString(s) {
		return nil
	}
	return []string{s}
}

func FuzzTheCommentDoesNothing(f *testing.F) {
	for _, s := range []string{
		"", "plain words", "@everyone", "Fixes #1", "GH-1", "a/b#1", "`", "``", "a`@x`b", "`a` @x `b`", `"@x"`, `"`, "\"a`@x\"`", "<b>", "</details>",
		"[x](y)", "![x](y)", "https://x.example", "www.x.example", "x@y.example", "a\n\n# b", "```\n@x", "~~~", "deadbeef", "T12345", "a\u202e@x", "|", "\\`@x`",
		"**@x**", "_a_", "- a", "1. a", "    a", "&amp;", "a\n```\n@x\n", "  ```suggestion", "``` ``` @x", "\t@x", "-", "a``", "``a", "(`@x`)", "`@x`.`@y`", "\xff", "ﬀ-1",
		strings.Repeat("`", 399), strings.Repeat("@x ", 300), strings.Repeat("`@x", 200),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		mend := foreign(s)
		ready := mend
		ready.Findings = nil
		for _, c := range []report.Check{mend, ready} {
			got := written(t, c.Markdown)
			if found := liveIn(got); len(found) > 0 {
				t.Errorf("%q is alive in\n%s", found, got)
			}
			if !utf8.ValidString(got) || len(got) > 65_536 || strings.ContainsAny(got, "\x1b\u202e") {
				t.Errorf("%q", got)
			}
		}
	})
}

func FuzzSARIFStaysWithinItsForm(f *testing.F) {
	for _, s := range []string{"", "a:b/c d", "../x", "[x](1)", "{0}", "\xff", "é%", "//x", "\x1b"} {
		f.Add(s)
	}
	s := compileSARIF(f)
	f.Fuzz(func(t *testing.T, text string) {
		var v any
		if err := json.Unmarshal([]byte(written(t, foreign(text).SARIF)), &v); err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(v); err != nil {
			t.Errorf("%#v", err)
		}
	})
}

func TestALongCommentIsCutWithACount(t *testing.T) {
	c := aCheck()
	for _, n := range []int{10, 1_000, 20_000} {
		c.Findings, c.Debt = nil, nil
		for i := range n {
			f := finding.Finding{Rule: "r", Path: "p", Line: i + 1, Column: 1, Found: strings.Repeat("long words ", 30), Expected: "@x"}
			w := f
			w.Severity = finding.Warning
			c.Findings, c.Debt = append(c.Findings, f, w), append(c.Debt, f)
		}
		got := written(t, c.Markdown)
		shown := strings.Count(got, "\n- ")
		for _, m := range regexp.MustCompile(`and ([0-9]+) more`).FindAllStringSubmatch(got, -1) {
			var more int
			if err := json.Unmarshal([]byte(m[1]), &more); err != nil {
				t.Fatal(err)
			}
			shown += more
		}
		if shown != 3*n || len(got) > 65_536 || !strings.HasSuffix(got, "</sub>\n") {
			t.Errorf("of %d, %d are shown or counted, in %d bytes", 3*n, shown, len(got))
		}
		if found := liveIn(got); len(found) > 0 {
			t.Errorf("%q", found)
		}
	}
}

// TestASuggestionIsTheMend applies each edit and each suggestion to its source.
func TestASuggestionIsTheMend(t *testing.T) {
	sources := []string{"", "a\n", "a: b\nc: d\n", "a: b\nc: d", "é語\n\n\nx\n", "a: b\r\nc: d\r\n"}
	texts := []string{"", "x", "x\n", "\nx", "x\ny", "x\ny\n"}
	for _, src := range sources {
		runes := strings.Split(strings.ReplaceAll(src, "\r\n", "\n"), "\n")
		places := [][2]int{}
		for i, line := range runes {
			for j := range len([]rune(line)) + 1 {
				places = append(places, [2]int{i + 1, j + 1})
			}
		}
		for i, from := range places {
			for _, to := range places[i:] {
				for _, text := range texts {
					e := finding.Edit{Line: from[0], Column: from[1], EndLine: to[0], EndColumn: to[1], Text: text}
					c := report.Check{Sources: func(string) ([]byte, bool) { return []byte(src), true }}
					s, ok := c.Suggestion(finding.Finding{Edit: e})
					if !ok {
						t.Fatalf("%q %+v: none", src, e)
					}
					want := string([]rune(runes[e.Line-1])[:e.Column-1]) + text + string([]rune(runes[e.EndLine-1])[e.EndColumn-1:])
					want = strings.Join(append(append(append([]string{}, runes[:e.Line-1]...), want), runes[e.EndLine:]...), "\n")
					got := strings.Join(append(append(append([]string{}, runes[:s.First-1]...), s.Lines...), runes[s.Last:]...), "\n")
					if strings.TrimSuffix(got, "\n") != strings.TrimSuffix(want, "\n") {
						t.Fatalf("%q %+v: %+v gives %q, want %q", src, e, s, got, want)
					}
				}
			}
		}
	}
}

func TestWhatCannotBeShownIsNotSuggested(t *testing.T) {
	edit := finding.Edit{Line: 1, Column: 1, EndLine: 1, EndColumn: 2, Text: "x"}
	for name, src := range map[string]string{
		"a control character": "a\x1b", "bytes that are no text": "a\xff", "bidi": "a\u202e", "a very long line": strings.Repeat("a", 3000), "too short": "",
	} {
		c := report.Check{Sources: func(string) ([]byte, bool) { return []byte(src), true }}
		if s, ok := c.Suggestion(finding.Finding{Edit: edit}); ok {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if _, ok := (report.Check{}).Suggestion(finding.Finding{Edit: edit}); ok {
		t.Error("there is no source")
	}
	for _, e := range []finding.Edit{{}, {Line: 1, Column: 9, EndLine: 1, EndColumn: 9}, {Line: 2, Column: 1, EndLine: 1, EndColumn: 1}, {Line: 1, Column: 1, EndLine: 9, EndColumn: 1}} {
		c := report.Check{Sources: func(string) ([]byte, bool) { return []byte("abc"), true }}
		if s, ok := c.Suggestion(finding.Finding{Edit: e}); ok {
			t.Errorf("%+v: %+v", e, s)
		}
	}
}

func TestTheGoldensAreQuiet(t *testing.T) {
	for _, c := range []report.Check{aCheck(), ready(), plain()} {
		got := written(t, c.Markdown)
		if found := liveIn(got); len(found) > 0 {
			t.Errorf("%q is alive in\n%s", found, got)
		}
		var html bytes.Buffer
		if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert([]byte(got), &html); err != nil {
			t.Fatal(err)
		}
		if n, want := strings.Count(html.String(), `class="language-suggestion"`), strings.Count(got, "```suggestion"); n != want {
			t.Errorf("%d suggestions, want %d", n, want)
		}
	}
}

func FuzzTextIsInertAndLinesUp(f *testing.F) {
	for _, s := range []string{"", "a\tb", "日本", "e\u0301", "\x1b[2J", "\u202e", "\r\n", "\xff", "👩\u200d👩\u200d👧", "🇩🇪🇫", "\u0301", strings.Repeat("語\t", 90)} {
		f.Add(s, 1, 3)
		f.Add(s, 70, 0)
	}
	f.Fuzz(func(t *testing.T, s string, column, span int) {
		c := foreign(s)
		c.Findings[0].Column = max(1, column)
		c.Findings[0].Edit.Column, c.Findings[0].Edit.EndColumn = max(1, column), max(1, column)+max(0, min(span, 1000))
		for _, fs := range [][]finding.Finding{c.Findings, nil} {
			c.Findings = fs
			got := written(t, inText(c, false))
			for _, r := range got {
				if r != '\n' && (r < ' ' || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069) {
					t.Fatalf("%q in %q", r, got)
				}
			}
			if !utf8.ValidString(got) {
				t.Errorf("%q", got)
			}
			for _, line := range strings.Split(got, "\n") {
				if caret, ok := strings.CutPrefix(line, "      | "); ok && len(caret) > 100 {
					t.Errorf("a caret line of %d", len(caret))
				}
			}
		}
	})
}
