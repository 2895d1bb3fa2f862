package report

import (
	"bytes"
	"io"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/finding"
)

// A Check is what was found in a tree or in a change, and what merging the change will do.
// Its faces are Text, JSON, SARIF and Markdown; annotations are the runner's.
type Check struct {
	Engine            string // version of the program
	Commit            string // what was checked; "" for the work tree
	Base, Head, Actor string // the judged change: two commits and an account; "" without one
	Records           int    // how many could be read
	Findings          []finding.Finding
	Debt              []finding.Finding // older defects, which the change did not introduce; they fail nothing
	Outcome           []Outcome         // what merging will do
	WhatIf            *WhatIf           // how clocks would stand; nil where the change is to nothing that they hang on
	Waiting           *Waiting          // of a pull request: whom it waits for; nil where that is not asked
	Sources           func(path string) ([]byte, bool)
}

// An Outcome is what merging will do to one record.
type Outcome struct {
	Record      string   `json:"record"` // id
	Title       string   `json:"title"`
	From        string   `json:"from"`  // state now; "" for a new record
	State       string   `json:"state"` // state after; From where it stays
	Responsible []string `json:"responsible"`
	Due         []Due    `json:"due"`
	Opens       []string `json:"opens"`  // issues, in words
	Closes      []string `json:"closes"` // issues, in words
}

// A Due is when a target must be met.
type Due struct {
	Target string    `json:"target"`
	At     time.Time `json:"at"`
	Words  string    `json:"words,omitempty"` // in place of At where that moves with the time of the merge
}

// Failing reports whether there is anything that must be mended.
func (c Check) Failing() bool { return finding.Failing(c.Findings) }

// bySeverity are the errors and the warnings.
func bySeverity(fs []finding.Finding) (errors, warnings []finding.Finding) {
	for _, f := range fs {
		if f.Severity == finding.Warning {
			warnings = append(warnings, f)
		} else {
			errors = append(errors, f)
		}
	}
	return errors, warnings
}

// JSON writes docs/schemas/check.schema.json. What only a judged change has is left out of
// a plain check.
func (c Check) JSON(w io.Writer) error {
	errors, warnings := bySeverity(c.Findings)
	return WriteJSON(w, struct {
		Version  int               `json:"version"`
		Commit   string            `json:"commit"`
		Base     string            `json:"base,omitempty"`
		Head     string            `json:"head,omitempty"`
		Actor    string            `json:"actor,omitempty"`
		Records  int               `json:"records"`
		Errors   int               `json:"errors"`
		Warnings int               `json:"warnings"`
		Findings []finding.Finding `json:"findings"`
		Debt     []finding.Finding `json:"debt,omitempty"`
		Outcome  []Outcome         `json:"outcome,omitempty"`
		WhatIf   *WhatIf           `json:"what_if,omitempty"`
		Waiting  *Waiting          `json:"waiting,omitempty"`
	}{1, c.Commit, c.Base, c.Head, c.Actor, c.Records, len(errors), len(warnings),
		orEmpty(c.Findings), c.Debt, outcomes(c.Outcome), c.WhatIf.normal(), c.Waiting.normal()})
}

// outcomes have empty lists where there is nothing, and times in UTC to the second.
func outcomes(os []Outcome) []Outcome {
	out := slices.Clone(os)
	for i, o := range out {
		out[i].Due = dues(o.Due)
		out[i].Responsible, out[i].Opens, out[i].Closes = orEmpty(o.Responsible), orEmpty(o.Opens), orEmpty(o.Closes)
	}
	return out
}

func dues(list []Due) []Due {
	out := orEmpty(slices.Clone(list))
	for i := range out {
		out[i].At = out[i].At.UTC().Truncate(time.Second)
	}
	return out
}

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// A library gives out the lines of sources, and reads each source once.
type library struct {
	read  func(path string) ([]byte, bool)
	lines map[string][]string
}

func (c Check) library() library { return library{c.Sources, map[string][]string{}} }

// of is the lines of a file without their ends, nil where it cannot be read. Behind the
// last line feed is one more line, which may be empty.
func (l library) of(path string) []string {
	lines, known := l.lines[path]
	if known || l.read == nil {
		return lines
	}
	if src, ok := l.read(path); ok {
		for line := range bytes.SplitSeq(src, []byte("\n")) {
			lines = append(lines, string(bytes.TrimSuffix(line, []byte("\r"))))
		}
	}
	l.lines[path] = lines
	return lines
}

// line is the line of that number, from 1.
func (l library) line(path string, number int) (string, bool) {
	lines := l.of(path)
	if number < 1 || number > len(lines) {
		return "", false
	}
	return lines[number-1], true
}
