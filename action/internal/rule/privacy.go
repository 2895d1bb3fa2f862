package rule

import (
	"bytes"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
)

// private: no e-mail address and no telephone number stands in a record, which is public
// for ever (docs/domain.md, "What is never recorded"). Comments are as public as values.
func private(r record.Record) []finding.Finding {
	var fs []finding.Finding
	var said []string
	texts(r.Doc.Value, nil, func(path []string, text string) {
		said = append(said, text)
		if what := reaches(text); what != "" && !publicly(r)[named(path)] {
			fs = append(fs, at(r, slices.Clone(path), unreachable(named(path)+" holds "+what)))
		}
	})
	if !bytes.ContainsRune(r.Doc.Source, '#') {
		return fs
	}
	for i, line := range strings.Split(string(r.Doc.Source), "\n") {
		comment, column := commentIn(line)
		if what := reaches(comment); what != "" && !slices.ContainsFunc(said, func(text string) bool { return strings.Contains(text, comment) }) {
			f := unreachable("a comment holds " + what)
			f.Path, f.Line, f.Column = r.Path(), i+1, column
			fs = append(fs, f)
		}
	}
	return fs
}

// publicly are the values that are addresses of pages, and look like those of people.
func publicly(r record.Record) map[string]bool {
	public := map[string]bool{}
	if r.Kind.Schema != nil {
		for _, n := range r.Kind.Schema.Notes(r.Doc.Value) {
			public[named(n.Path)] = n.Note.Public
		}
	}
	return public
}

func unreachable(found string) finding.Finding {
	return finding.Finding{Rule: "private", Found: found, Expected: "no way to reach a person in private: the file is public for ever",
		Fix: "take it out; name the person by login or user page"}
}

// reaches says by what a text lets somebody reach a person; "" for nothing.
func reaches(text string) string {
	switch {
	case len(record.Emails(text)) > 0:
		return "an e-mail address"
	case len(record.Phones(text)) > 0:
		return "a telephone number"
	}
	return ""
}

// commentIn is what could be a comment of a line of YAML, and its column; "" for none. It
// may be text of a value, too.
func commentIn(line string) (comment string, column int) {
	line = strings.TrimSuffix(line, "\r")
	for i, r := range line {
		if r == '#' && (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') {
			return line[i:], len([]rune(line[:i])) + 1
		}
	}
	return "", 0
}
