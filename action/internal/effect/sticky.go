package effect

import (
	"cmp"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/markdown"
)

// GateMarker is the first line of the one comment that the gate keeps on a pull request.
const GateMarker = "<!-- liaison gate -->"

// Sticky makes a thread show one comment of ours that begins with the first line of want:
// it writes it, or brings the oldest up to date where that says something else, and deletes
// further ones, which two runs at once may have written. A comment of anybody else is none
// of ours, whatever its first line.
func Sticky(have []Comment, us []account.Account, want Comment) []Effect {
	marker := firstLine(want.Body)
	mine := slices.DeleteFunc(slices.Clone(have), func(c Comment) bool {
		return !slices.ContainsFunc(us, c.Author.Is) || firstLine(c.Body) != marker
	})
	slices.SortFunc(mine, func(a, b Comment) int { return cmp.Compare(a.ID, b.ID) })
	want.Body = cutLines(want.Body, mostBytes, "")
	want.ID = 0
	if len(mine) == 0 {
		return []Effect{{Comment: &want}}
	}
	var out []Effect
	if !sameText(mine[0].Body, want.Body) {
		want.ID = mine[0].ID
		out = append(out, Effect{Comment: &want})
	}
	for i := range mine[1:] {
		out = append(out, Effect{Remove: &mine[i+1]})
	}
	return out
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
