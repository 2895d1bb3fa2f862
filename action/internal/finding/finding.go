// Package finding turns a defect into one value, with one total order, of which every
// printer is a view. A finding is the user's mistake; a Go error means that the program
// itself could not go on.
package finding

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a finding does to the exit code: only an Error fails a check.
type Severity string

// The two severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// A Finding says what was found where, what was expected there, and how to mend it.
type Finding struct {
	Rule     string   // name of the rule, such as "unknown-key"
	Severity Severity // empty means Error
	Path     string   // path in the repository, with slashes
	Line     int      // 1-based; 0: the file as a whole
	Column   int      // 1-based, in characters; 0 when Line is 0
	Found    string   // what was found, as the beginning of a sentence
	Expected string   // what was expected instead; empty when Found says it all
	Fix      string   // how to mend it, in words; empty when no mend is known
	Edit     Edit     // the mend itself, where a program can make it; the zero Edit: none
}

// An Edit replaces a range of the file's text. Lines and columns are 1-based and count
// characters; the end is the first place after the range. An empty range inserts.
type Edit struct {
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Text      string `json:"text"`
}

// Known reports whether there is an edit at all.
func (e Edit) Known() bool { return e.Line > 0 }

// Message joins what was found with what was expected, in one sentence.
func (f Finding) Message() string {
	if f.Expected == "" {
		return f.Found
	}
	return f.Found + "; expected " + f.Expected
}

// String is the one-line face: path:line:column: severity: message [rule].
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.Path)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", f.Line, f.Column)
	}
	fmt.Fprintf(&b, ": %s: %s [%s]", f.severity(), f.Message(), f.Rule)
	return b.String()
}

func (f Finding) severity() Severity { return cmp.Or(f.Severity, Error) }

// MarshalJSON writes rule, severity, path, line, column, message, found, expected, fix
// (words) and edit (a range and its new text, or null).
func (f Finding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Rule     string   `json:"rule"`
		Severity Severity `json:"severity"`
		Path     string   `json:"path"`
		Line     int      `json:"line"`
		Column   int      `json:"column"`
		Message  string   `json:"message"`
		Found    string   `json:"found"`
		Expected string   `json:"expected"`
		Fix      string   `json:"fix"`
		Edit     *Edit    `json:"edit"`
	}{f.Rule, f.severity(), f.Path, f.Line, f.Column, f.Message(), f.Found, f.Expected, f.Fix, f.edit()})
}

// edit is nil, which JSON writes as null, where there is none.
func (f Finding) edit() *Edit {
	if !f.Edit.Known() {
		return nil
	}
	return &f.Edit
}

// Compare is the total order: by place, then by rule and words.
func Compare(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Path, b.Path),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Rule, b.Rule),
		cmp.Compare(a.severity(), b.severity()),
		cmp.Compare(a.Found, b.Found),
		cmp.Compare(a.Expected, b.Expected),
		cmp.Compare(a.Fix, b.Fix),
		compareEdits(a.Edit, b.Edit),
	)
}

func compareEdits(a, b Edit) int {
	return cmp.Or(
		cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.EndLine, b.EndLine), cmp.Compare(a.EndColumn, b.EndColumn),
		cmp.Compare(a.Text, b.Text),
	)
}

// Sorted returns the findings in order, each once.
func Sorted(fs []Finding) []Finding {
	out := slices.Clone(fs)
	slices.SortFunc(out, Compare)
	return slices.CompactFunc(out, func(a, b Finding) bool { return Compare(a, b) == 0 })
}

// Failing reports whether any finding is an Error.
func Failing(fs []Finding) bool {
	return slices.ContainsFunc(fs, func(f Finding) bool { return f.severity() == Error })
}
