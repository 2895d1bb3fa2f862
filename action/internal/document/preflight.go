package document

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/finding"
	yamlv3 "go.yaml.in/yaml/v3"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Limits of one record file (docs/security.md, "Input").
const (
	MaxBytes = 64 << 10
	maxDepth = 20
)

// checkBytes looks at src before any parser sees it. Of what cannot be seen it tells the
// first many, so that one run mends a text that was pasted with them.
func checkBytes(src []byte) []finding.Finding {
	if len(src) > MaxBytes {
		return []finding.Finding{{Rule: "file-size", Line: 1, Column: 1,
			Found: fmt.Sprintf("the file has %d bytes", len(src)), Expected: fmt.Sprintf("at most %d", MaxBytes),
			Fix: "keep the record short and link to the long text"}}
	}
	var fs []finding.Finding
	line, column := 1, 1
	for i := 0; i < len(src) && len(fs) < mostUnseen; {
		r, n := utf8.DecodeRune(src[i:])
		f, bad := checkRune(r, n, i)
		if loneReturn(src, i) {
			f, bad = invisible(r), true
			f.Fix, f.Edit.Text = "end the line with a line feed, as other systems do", "\n"
		}
		if bad {
			fs = append(fs, unseen(f, line, column))
		}
		if f.Rule == "utf-8" {
			return fs // nothing after it means what it says
		}
		if r == '\n' {
			line, column = line+1, 0
		}
		column++
		i += n
	}
	return fs
}

// mostUnseen is how many invisible characters of a file are told.
const mostUnseen = 100

// unseen puts a finding at its place, with the edit that removes one character or, where a
// text has been set, writes it instead.
func unseen(f finding.Finding, line, column int) finding.Finding {
	f.Line, f.Column = line, column
	if f.Rule != "utf-8" {
		f.Edit.Line, f.Edit.Column, f.Edit.EndLine, f.Edit.EndColumn = line, column, line, column+1
	}
	return f
}

func checkRune(r rune, size, offset int) (finding.Finding, bool) {
	switch {
	case r == utf8.RuneError && size == 1:
		return finding.Finding{Rule: "utf-8", Found: "a byte that is not UTF-8", Expected: "the file saved as UTF-8"}, true
	case r == '\uFEFF' && offset == 0:
		return finding.Finding{Rule: "byte-order-mark", Found: "the file begins with a byte order mark", Expected: "plain UTF-8 without one", Fix: "save the file as UTF-8 without BOM"}, true
	case hidden(r) && r != '\n' && r != '\r' && r != '\t':
		return invisible(r), true
	}
	return finding.Finding{}, false
}

// loneReturn: YAML ends a line at a carriage return that most editors do not show.
func loneReturn(src []byte, i int) bool {
	return src[i] == '\r' && (i+1 == len(src) || src[i+1] != '\n')
}

// hidden reports whether a reader of the file would not see r, or see something else.
// Joiners that scripts need to be written (U+200C, U+200D) are seen in what they join, and
// a soft hyphen (U+00AD) where a line breaks.
func hidden(r rune) bool {
	switch {
	case unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Bidi_Control):
		return true
	case r == '\u180E', r == '\u200B', r == '\uFEFF', '\u2060' <= r && r <= '\u206F', '\uFFF9' <= r && r <= '\uFFFB':
		return true
	}
	return '\U000E0000' <= r && r <= '\U000E007F' // tags: a second text behind the visible one
}

func invisible(r rune) finding.Finding {
	f := finding.Finding{Rule: "invisible-character", Found: fmt.Sprintf("the invisible character U+%04X", r),
		Expected: "text that shows what it says", Fix: "delete it"}
	if unicode.In(r, unicode.Zl, unicode.Zp) || r == '\u0085' {
		f.Fix, f.Edit.Text = "write a space, or begin a new line", " "
	}
	return f
}

// checkNodes looks at the shape of the document: what a reader of one file can hold in mind.
func (d *Document) checkNodes() []finding.Finding {
	root, src := d.root, d.Source
	if root.Kind != yamlv3.MappingNode {
		f := at(root, finding.Finding{Rule: "mapping-root",
			Found: "the document is " + kindName(root), Expected: "a mapping (`key: value` lines)"})
		if root.Tag == "!!null" {
			f.Line, f.Column = 1, 1 // nothing stands where the parser saw it
		}
		return []finding.Finding{f}
	}
	w := walker{doc: d}
	if bytes.ContainsRune(src, '!') {
		for line := range bytes.Lines(src) {
			w.lines = append(w.lines, []rune(string(line)))
		}
	}
	w.walk(root, 1)
	return w.findings
}

// walker visits every node once.
type walker struct {
	doc      *Document
	findings []finding.Finding
	lines    [][]rune // of the source; nil where it has no `!`
}

func (w *walker) walk(n *yamlv3.Node, depth int) {
	if depth > maxDepth {
		w.findings = append(w.findings, at(n, tooDeep))
		return
	}
	w.findings = append(w.findings, checkNode(n)...)
	if w.bareTag(n) {
		w.findings = append(w.findings, at(n, tagged("!")))
	}
	if n.Kind == yamlv3.MappingNode {
		w.findings = append(w.findings, w.checkKeys(n)...)
	}
	if n.Kind == yamlv3.AliasNode {
		return
	}
	for _, c := range n.Content {
		w.walk(c, depth+1)
	}
}

// bareTag reports whether `!` alone, which leaves no trace in the node, tags n.
func (w *walker) bareTag(n *yamlv3.Node) bool {
	if n.Style&yamlv3.TaggedStyle != 0 || n.Line > len(w.lines) {
		return false
	}
	line := w.lines[n.Line-1]
	return n.Column <= len(line) && line[n.Column-1] == '!'
}

var tooDeep = finding.Finding{Rule: "depth", Line: 1, Column: 1, Found: fmt.Sprintf("values nested more than %d deep", maxDepth), Expected: "a flatter record"}

func tagged(tag string) finding.Finding {
	return finding.Finding{Rule: "no-tag", Found: fmt.Sprintf("the tag `%s`", tag), Expected: "a plain value", Fix: "delete the tag; to begin text with `!`, put it in quotes"}
}

func alias(name string) finding.Finding {
	return finding.Finding{Rule: "no-alias", Found: fmt.Sprintf("the alias `*%s`", name), Expected: "the value written out", Fix: "copy the value here; to begin text with `*`, put it in quotes"}
}

// checkNode looks at one node by itself: no anchors, aliases or tags, nothing invisible.
func checkNode(n *yamlv3.Node) []finding.Finding {
	switch {
	case n.Kind == yamlv3.AliasNode:
		return []finding.Finding{at(n, alias(n.Value))}
	case n.Anchor != "":
		return []finding.Finding{at(n, finding.Finding{Rule: "no-anchor", Found: fmt.Sprintf("the anchor `&%s`", n.Anchor), Expected: "a plain value", Fix: "delete the anchor; to begin text with `&`, put it in quotes"})}
	case n.Style&yamlv3.TaggedStyle != 0:
		return []finding.Finding{at(n, tagged(n.Tag))}
	}
	if n.Tag == "!!float" && notFinite(n.Value) {
		return []finding.Finding{at(n, finding.Finding{Rule: "finite-number", Found: fmt.Sprintf("`%s`, which YAML reads as no number at all", n.Value), Expected: "a number that can be written out", Fix: fmt.Sprintf("where it is text, write \"%s\"", n.Value)})}
	}
	for _, r := range n.Value {
		if hidden(r) && r != '\n' && r != '\t' {
			f := invisible(r)
			f.Found += ", written as an escape"
			return []finding.Finding{at(n, f)}
		}
	}
	return nil
}

// notFinite reports whether a number is an infinity or not a number.
func notFinite(s string) bool {
	s = strings.ToLower(s)
	return strings.HasSuffix(s, ".inf") || strings.HasSuffix(s, ".nan")
}

// checkKeys looks at a mapping's keys: strings, each once, however they are written.
func (w *walker) checkKeys(n *yamlv3.Node) []finding.Finding {
	var fs []finding.Finding
	seen := map[string]*yamlv3.Node{}
	for i := 0; i < len(n.Content); i += 2 {
		k := n.Content[i]
		if f, bad := checkKey(k); bad {
			if f.Rule == "key-string" && len(fs) < mostUnseen {
				f.Edit = w.doc.quoted(k)
			}
			fs = append(fs, at(k, f))
			continue
		}
		id := Folded(k.Value)
		if first, twice := seen[id]; twice {
			fs = append(fs, at(k, finding.Finding{Rule: "key-twice",
				Found: fmt.Sprintf("the key `%s` again, first on line %d", k.Value, first.Line), Expected: "each key once", Fix: "join the two"}))
			continue
		}
		seen[id] = k
	}
	return fs
}

// Folded is the form in which two names are the same to a person, or to a file system that
// ignores case: case-folded, accents joined (NFC).
func Folded(name string) string {
	if ascii(name) {
		return strings.ToLower(name)
	}
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(name)))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// quoted puts a plain scalar in quotes.
func (d *Document) quoted(n *yamlv3.Node) finding.Edit {
	if n.Kind != yamlv3.ScalarNode || n.Style != 0 {
		return finding.Edit{}
	}
	return d.replace(n, Quoted(n.Value))
}

func checkKey(k *yamlv3.Node) (finding.Finding, bool) {
	switch {
	case k.Kind != yamlv3.ScalarNode:
		return finding.Finding{Rule: "key-string", Found: "a key that is " + kindName(k), Expected: "a word"}, true
	case k.Tag == "!!merge":
		return finding.Finding{Rule: "no-merge", Found: "the merge key `<<`", Expected: "the values written out"}, true
	case k.Tag != "!!str" || plainBool(k):
		return finding.Finding{Rule: "key-string", Found: fmt.Sprintf("the key `%s`, which YAML does not read as text", k.Value),
			Expected: "a word", Fix: fmt.Sprintf("write \"%s\"", k.Value)}, true
	}
	return finding.Finding{}, false
}

// plainBool reports whether YAML 1.1 readers take a plain scalar for a boolean that yaml
// v3 leaves a string.
func plainBool(n *yamlv3.Node) bool {
	if n.Kind != yamlv3.ScalarNode || n.Style != 0 {
		return false
	}
	switch strings.ToLower(n.Value) {
	case "y", "n", "yes", "no", "on", "off":
		return true
	}
	return false
}

func at(n *yamlv3.Node, f finding.Finding) finding.Finding {
	f.Line, f.Column = n.Line, n.Column
	return f
}

func kindName(n *yamlv3.Node) string {
	switch n.Kind {
	case yamlv3.SequenceNode:
		return "a list"
	case yamlv3.MappingNode:
		return "a mapping"
	case yamlv3.AliasNode:
		return "an alias"
	}
	if n.Tag == "!!null" {
		return "empty"
	}
	return "a single value"
}
