package effect

import (
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/markdown"
	"github.com/commrel/liaison/action/internal/workflow"
)

// GateMarker is the first line of the one comment that the gate keeps on a pull request.
const GateMarker = "<!-- liaison gate -->"

// Sticky makes a thread show one comment of ours that begins with the first line of want:
// it writes it, brings the oldest up to date, or does nothing where that says it already.
// A comment of anybody else is none of ours, whatever its first line; further ones of ours
// are left as they are.
func Sticky(have []Comment, us []workflow.Account, want Comment) []Effect {
	marker := firstLine(want.Body)
	var old *Comment
	for i, c := range have {
		ours := slices.ContainsFunc(us, c.Author.Is) && firstLine(c.Body) == marker
		if ours && (old == nil || c.ID < old.ID) {
			old = &have[i]
		}
	}
	want.Body = cutLines(want.Body, mostBytes, "")
	want.ID = 0
	if old != nil {
		if sameText(old.Body, want.Body) {
			return nil
		}
		want.ID = old.ID
	}
	return []Effect{{Comment: &want}}
}

// sameText compares two bodies. GitHub gives back CRLF for what a person edited on the web,
// and no line breaks at the end.
func sameText(a, b string) bool {
	plain := func(s string) string { return strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n") }
	return plain(a) == plain(b)
}

// mostDescription is how many characters GitHub takes of a status's description.
const mostDescription = 140

// StatusOf sets a commit's status where the newest one of its context, which have lists
// before any older one, says something else.
func StatusOf(have []Status, want Status) []Effect {
	want.Description = markdown.Brief(want.Description, mostDescription)
	i := slices.IndexFunc(have, func(s Status) bool {
		return (s.SHA == "" || s.SHA == want.SHA) && strings.EqualFold(s.Context, want.Context)
	})
	if i >= 0 && have[i].State == want.State && have[i].Description == want.Description {
		return nil
	}
	return []Effect{{Status: &want}}
}
