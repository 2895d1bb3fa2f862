package effect

import (
	"fmt"
	"strings"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/markdown"
)

// Lagging are the files whose status is not the derived state, with the new content of
// each; read reads a file at the head that the ledger was derived from. Where the status
// cannot be written, or is not known well enough to be, a `status-lags` warning says so.
func Lagging(ledger *event.Ledger, read func(path string) ([]byte, error)) ([]Splice, []finding.Finding) {
	var splices []Splice
	var fs []finding.Finding
	for _, r := range ledger.Records {
		if !lags(r) {
			continue
		}
		content, why := rewritten(r, read)
		if why != "" {
			fs = append(fs, finding.Finding{Rule: "status-lags", Severity: finding.Warning, Path: r.Path,
				Found: fmt.Sprintf("the file says %s, and the record is %s; %s", orNothing(markdown.Brief(r.FileStatus, mostText)), r.State, why)})
			continue
		}
		splices = append(splices, Splice{r.Path, r.FileStatus, r.State, content})
	}
	return splices, fs
}

// lags: a file without a status shows the initial state.
func lags(r *event.Record) bool {
	if !r.Live || r.Kind.Status == "" || len(r.Kind.Moves) == 0 {
		return false
	}
	return r.State != r.FileStatus && (r.FileStatus != "" || r.State != r.Kind.Initial())
}

func rewritten(r *event.Record, read func(string) ([]byte, error)) ([]byte, string) {
	if weakest(r) == evidence.Unknown {
		return nil, "that is not known well enough to write it down"
	}
	src, err := read(r.Path)
	if err != nil {
		return nil, "the file cannot be read: " + err.Error()
	}
	doc, fs := document.Parse(r.Path, src)
	if doc == nil {
		return nil, "the file cannot be read: " + fs[0].Message()
	}
	out, err := doc.SetWord(r.Kind.Status, r.State)
	if err != nil {
		return nil, err.Error()
	}
	return out, ""
}

// weakest is the grade of the moves that the state rests on.
func weakest(r *event.Record) evidence.Grade {
	g := evidence.Witnessed
	for _, e := range r.Events {
		if e.Name == event.Moved {
			g = evidence.Weakest(g, e.Evidence)
		}
	}
	return g
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// String says in one line what becomes of the file.
func (s Splice) String() string {
	if s.Now == "" {
		return s.Path
	}
	return fmt.Sprintf("%s: %s to %s", s.Path, orNothing(s.Was), s.Now)
}

// mostLines is how many records a commit message names.
const mostLines = 100

// Message is the commit message of a write-back. What it names is foreign text, and a
// commit message can close issues, mention people and skip checks.
func Message(splices []Splice) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Update the status of %s\n\n", finding.Count(len(splices), "record"))
	for i, s := range splices {
		if i == mostLines {
			fmt.Fprintf(&b, "- and %d more\n", len(splices)-mostLines)
			break
		}
		fmt.Fprintf(&b, "- %s: %s to %s\n", markdown.Plain(s.Path, mostText), orNothing(markdown.Plain(s.Was, mostText)), s.Now)
	}
	return b.String()
}
