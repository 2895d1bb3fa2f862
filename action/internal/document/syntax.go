package document

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/pattern"
	yamlv3 "go.yaml.in/yaml/v3"
)

// syntaxError words a parser's error. The parser names a line and what it stumbled over; people
// who do not write YAML every day need to know what to type instead.
func syntaxError(line int, msg string, src []byte) finding.Finding {
	f := finding.Finding{Rule: "yaml-syntax", Line: line, Column: 1, Fix: mend(msg),
		Found: fmt.Sprintf("this is not YAML: %s", oneLine(msg)), Expected: "`key: value` lines, lists with `- `, indented with spaces"}
	sign := strings.Contains(msg, "cannot start any token")
	if sign || strings.Contains(msg, "mapping values") || strings.Contains(msg, "alphabetic or numeric") {
		if g := unquoted(f, src); g.Edit.Known() {
			return g
		}
	}
	if strings.Contains(msg, "tab character") || sign && tabbed(src, line) {
		f.Fix, f.Edit = "indent with spaces, not with tabs", untabbed(src)
		f.Line = max(line, f.Edit.Line)
	}
	return f
}

// mends are for the mistakes of people who do not write YAML every day.
var mends = []struct{ says, mend string }{
	{"mapping values are not allowed", "put text that contains `: ` in quotes"},
	{"tab character", "indent with spaces, not with tabs"},
	{"alphabetic or numeric character", "put text that begins with `*` or `&` in quotes"},
	{"cannot start any token", "indent with spaces, not with tabs; put text that begins with a special character in quotes"},
	{"',' or ']'", "close the list with `]`"},
	{"',' or '}'", "close the mapping with `}`"},
	{"end of stream", "close the quotes"},
	{"expected ':'", "write `key: value`, and indent the further lines of a long text"},
}

func mend(msg string) string {
	for _, m := range mends {
		if strings.Contains(msg, m.says) {
			return m.mend
		}
	}
	return ""
}

// trailing removes what follows the first document, from its `---` on, where nobody would
// miss it: blank lines and comments.
func trailing(src []byte) finding.Edit {
	lines := strings.SplitAfter(string(src), "\n")
	begins, written := -1, false
	for i, l := range lines {
		mark := strings.TrimRight(l, " \t\r\n")
		head, _, _ := strings.Cut(mark, " #")
		switch {
		case strings.TrimRight(head, " ") == "---" && written && begins < 0:
			begins = i
		case quiet(l) || head == "---":
		case begins >= 0:
			return finding.Edit{}
		default:
			written = true
		}
	}
	if begins < 0 {
		return finding.Edit{}
	}
	return rangeOf(src, len(strings.Join(lines[:begins], "")), len(src), "")
}

var indent = pattern.Of(`(?m)^ *\t[ \t]*`)

// tabbed reports whether a line near the one that a parser names is indented with a tab.
func tabbed(src []byte, line int) bool {
	lines := bytes.Split(src, []byte("\n"))
	for n := max(1, line-1); n <= min(line+1, len(lines)); n++ {
		if indent().Match(lines[n-1]) {
			return true
		}
	}
	return false
}

// untabbed replaces the tabs that indent lines by spaces, where every usual width of a tab
// that gives a document gives the same values.
func untabbed(src []byte) finding.Edit {
	spans := indent().FindAllIndex(src, -1)
	if len(spans) == 0 || len(src) > tabBytes {
		return finding.Edit{}
	}
	var first []byte
	var meant string
	for _, width := range []int{2, 4, 8} {
		out := indent().ReplaceAllFunc(src, func(b []byte) []byte {
			return bytes.ReplaceAll(b, []byte("\t"), bytes.Repeat([]byte(" "), width))
		})
		var root yamlv3.Node
		if yamlv3.NewDecoder(bytes.NewReader(out)).Decode(&root) != nil {
			continue
		}
		now := shape(&root)
		if first != nil && now != meant {
			return finding.Edit{}
		}
		if first == nil {
			first, meant = out, now
		}
	}
	if first == nil {
		return finding.Edit{}
	}
	from, to := spans[0][0], spans[len(spans)-1][1]
	return rangeOf(src, from, to, string(first[from:len(first)-(len(src)-to)]))
}

// shape is what a document says, wherever it stands.
func shape(n *yamlv3.Node) string {
	var b strings.Builder
	var write func(*yamlv3.Node)
	write = func(n *yamlv3.Node) {
		fmt.Fprintf(&b, "%d %q(", n.Kind, n.Value)
		for _, c := range n.Content {
			write(c)
		}
		b.WriteString(")")
	}
	write(n)
	return b.String()
}

// tabBytes is the longest text that is read three times over to see what its tabs mean.
const tabBytes = 16 << 10

var (
	// handle is a login as people write it in conversations, in a place of its own.
	handle = pattern.Of(`(?:^|[\[{,]|- |: )[ ]*(@[A-Za-z0-9][A-Za-z0-9_-]*)[ ]*(?:[,\]}]|$| #)`)
	// entry is a line with one plain value.
	entry = pattern.Of(`^ *(?:- +)*([A-Za-z_][A-Za-z0-9_-]*: +|- +)([^ "'\[{|>#][^\r\n]*?)[ ]*(?: #.*)?\r?$`)
)

// keyed is text that begins as a mapping does.
var keyed = pattern.Of(`^[A-Za-z_][A-Za-z0-9_-]*:( |$)`)

// unquoted says which value of the line needs quotes, and puts it in them.
func unquoted(f finding.Finding, src []byte) finding.Finding {
	lines := strings.Split(string(src), "\n")
	for _, n := range []int{f.Line, f.Line + 1, f.Line - 1} {
		if n < 1 || n > len(lines) {
			continue
		}
		from, to, word := plainAt(strings.TrimSuffix(lines[n-1], "\r"))
		if to == 0 {
			continue
		}
		at := len(strings.Join(lines[:n-1], "\n"))
		if n > 1 {
			at++
		}
		e := rangeOf(src, at+from, at+to, Quoted(word))
		f.Edit, f.Line, f.Column = e, e.Line, e.Column
		f.Found = fmt.Sprintf("`%s` cannot stand here without quotes", short(word))
		f.Expected, f.Fix = "quotes around text that YAML would read as a sign of its own", "put it in quotes: "+Quoted(short(word))
		return f
	}
	return f
}

// plainAt is the value on a line that needs quotes; to is 0 where there is none.
func plainAt(line string) (from, to int, word string) {
	if m := handle().FindStringSubmatchIndex(line); m != nil {
		return m[2], m[3], line[m[2]:m[3]]
	}
	m := entry().FindStringSubmatchIndex(line)
	if m == nil {
		return 0, 0, ""
	}
	word = line[m[4]:m[5]]
	if line[m[2]] == '-' && keyed().MatchString(word) {
		return 0, 0, "" // an entry with keys of its own
	}
	signs := []string{"@", "`", "%", "*", "&", "!"}
	odd := slices.ContainsFunc(signs, func(s string) bool { return strings.HasPrefix(word, s) })
	if !odd && !strings.Contains(word, ": ") && !strings.HasSuffix(word, ":") {
		return 0, 0, ""
	}
	return m[4], m[5], word
}

func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
