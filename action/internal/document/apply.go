package document

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/finding"
)

// ErrEdit is wrapped by every refusal to apply edits.
var ErrEdit = errors.New("the edit cannot be applied")

// Apply returns src with every edit made, all other bytes as they were. Edits stand by the
// positions of src, in any order. It refuses an edit that is out of range, and two that
// overlap or insert at one place, since nobody could say which comes first.
func Apply(src []byte, edits []finding.Edit) ([]byte, error) {
	cuts, err := cutsOf(src, edits)
	if err != nil {
		return nil, err
	}
	var out []byte
	at := 0
	for _, c := range cuts {
		out = append(append(out, src[at:c.from]...), c.text...)
		at = c.to
	}
	return append(out, src[at:]...), nil
}

// A cut is an edit in bytes.
type cut struct {
	from, to int
	text     string
	edit     finding.Edit
}

func cutsOf(src []byte, edits []finding.Edit) ([]cut, error) {
	starts := lineStarts(src)
	cuts := make([]cut, 0, len(edits))
	for _, e := range edits {
		from, ok := offsetIn(src, starts, e.Line, e.Column)
		to, okEnd := offsetIn(src, starts, e.EndLine, e.EndColumn)
		if !ok || !okEnd || to < from {
			return nil, fmt.Errorf("%w: %d:%d to %d:%d is no range of the file", ErrEdit, e.Line, e.Column, e.EndLine, e.EndColumn)
		}
		cuts = append(cuts, cut{from, to, e.Text, e})
	}
	slices.SortFunc(cuts, func(a, b cut) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for i := 1; i < len(cuts); i++ {
		if a, b := cuts[i-1], cuts[i]; b.from < a.to || b.from == a.from {
			return nil, fmt.Errorf("%w: it overlaps with another one at %d:%d", ErrEdit, b.edit.Line, b.edit.Column)
		}
	}
	return cuts, nil
}

// lineStarts are the byte offsets at which lines begin. Only LF ends a line: the pre-flight
// refuses everything else that some programs take for an end.
func lineStarts(src []byte) []int {
	starts := []int{0}
	for i, b := range src {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// offsetIn is the byte offset of a position; the place before a line's LF, and the end of
// the file, are the last ones of their lines.
func offsetIn(src []byte, starts []int, line, column int) (int, bool) {
	if line < 1 || line > len(starts) || column < 1 {
		return 0, false
	}
	at, end := starts[line-1], len(src)
	if line < len(starts) {
		end = starts[line] - 1
	}
	for ; column > 1; column-- {
		if at >= end {
			return 0, false
		}
		_, n := utf8.DecodeRune(src[at:end])
		at += n
	}
	return at, true
}

// rangeOf is the edit that replaces bytes of src.
func rangeOf(src []byte, from, to int, text string) finding.Edit {
	e := finding.Edit{Text: text}
	e.Line, e.Column = positionOf(src, from)
	e.EndLine, e.EndColumn = positionOf(src, to)
	return e
}

func positionOf(src []byte, at int) (line, column int) {
	before := src[:at]
	last := before[bytes.LastIndexByte(before, '\n')+1:]
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(last) + 1
}

// Keep drops the edits that do not do what they say: an edit is kept when it can be
// applied and what check then finds lacks its finding, and is no new syntax error. All
// edits are tried together first, so that an honest file is checked once more and not once
// per edit; after a failure they are tried one by one, as long as a budget of bytes lasts.
func Keep(src []byte, fs []finding.Finding, check func([]byte) []finding.Finding) []finding.Finding {
	if Together(src, fs, check) != nil {
		return fs
	}
	out := slices.Clone(fs)
	budget := keepBudget
	for i, f := range out {
		if !f.Edit.Known() {
			continue
		}
		if budget -= len(src) + 1; budget < 0 || Mended(src, f, fs, check) == nil {
			out[i].Edit = finding.Edit{}
		}
	}
	return out
}

// keepBudget is how many bytes of text Keep has checked again for one file, at most.
const keepBudget = 4 * MaxBytes

// Together is src after all edits of its findings, or nil where one of them does not do
// what it says, or there are none.
func Together(src []byte, fs []finding.Finding, check func([]byte) []finding.Finding) []byte {
	var edits []finding.Edit
	gone := map[string]int{}
	for _, f := range fs {
		if f.Edit.Known() {
			edits = append(edits, f.Edit)
			gone[sameAs(f)]++
		}
	}
	if len(edits) == 0 {
		return nil
	}
	out, err := Apply(src, edits)
	if err != nil || bytes.Equal(out, src) {
		return nil
	}
	before, after := counts(fs), counts(check(out))
	for key, n := range gone {
		if after[key] > before[key]-n {
			return nil
		}
	}
	if worse(before, after) {
		return nil
	}
	return out
}

// Mended is src after the edit of f alone, or nil where it does not do what it says. fs
// are all findings of src.
func Mended(src []byte, f finding.Finding, fs []finding.Finding, check func([]byte) []finding.Finding) []byte {
	out, err := Apply(src, []finding.Edit{f.Edit})
	if err != nil || bytes.Equal(out, src) {
		return nil
	}
	found := check(out)
	before, after := counts(fs), counts(found)
	if after[sameAs(f)] >= before[sameAs(f)] && !further(f, found) || worse(before, after) {
		return nil
	}
	return out
}

// further reports whether everything like f now stands behind the place that was mended: a
// parser stops at the first of its kind.
func further(f finding.Finding, after []finding.Finding) bool {
	if !stops[f.Rule] {
		return false
	}
	line := f.Edit.Line + strings.Count(f.Edit.Text, "\n")
	for _, g := range after {
		if sameAs(g) == sameAs(f) && g.Line <= line {
			return false
		}
	}
	return true
}

// stops are the rules of which only the first offence is told.
var stops = map[string]bool{"yaml-syntax": true, "invisible-character": true}

// worse reports whether a text that could be read no longer can.
func worse(before, after map[string]int) bool {
	return before[unread] == 0 && after[unread] > 0
}

const unread = "\x00unread"

// counts says how often each finding was made, wherever it stands.
func counts(fs []finding.Finding) map[string]int {
	n := map[string]int{}
	for _, f := range fs {
		n[sameAs(f)]++
		if preflight[f.Rule] {
			n[unread]++
		}
	}
	return n
}

// sameAs is the identity of a finding that does not move when lines are added above it.
func sameAs(f finding.Finding) string {
	return strings.Join([]string{f.Rule, string(f.Severity), f.Found, f.Expected}, "\x00")
}

// preflight are the rules after which nothing more of a file is read.
var preflight = map[string]bool{
	"file-size": true, "utf-8": true, "byte-order-mark": true, "invisible-character": true, "empty-file": true,
	"one-document": true, "yaml-syntax": true, "mapping-root": true, "depth": true, "no-alias": true, "no-anchor": true,
	"no-tag": true, "no-merge": true, "finite-number": true, "key-string": true, "key-twice": true,
}
