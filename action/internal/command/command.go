// Package command turns a comment and the record that it is about into the record's new
// text and the move that it makes, or into a refusal in words. Who may make the move is
// authorized afterwards, by the rules of a pull request. A comment is data: one line of it
// counts, and nothing in it is ever run.
package command

import (
	"strings"

	"github.com/commrel/liaison/action/internal/pattern"
)

// A Command is what the first line of a comment that begins with a slash asks for.
type Command struct {
	Word string // without the slash, in lower case
	Text string // the rest of the line, its spaces made single ones
}

// line is a command's first word and what follows it. Of other things that begin with a
// slash, such as a path, it is none.
var line = pattern.Of(`^/([A-Za-z][A-Za-z0-9-]{0,49})(?:\s+(.*))?$`)

// mostBody is how many bytes of a comment are looked at: GitHub takes no longer one.
const mostBody = 4 * 65536

// Parse finds the command of a comment; ok is false where there is none. Lines within a
// fenced block of code are none.
func Parse(body string) (c Command, ok bool) {
	fence := ""
	for l := range strings.Lines(body[:min(len(body), mostBody)]) {
		l = strings.TrimRight(l, "\r\n")
		mark := strings.TrimLeft(l, " ")
		switch {
		case fence != "" && strings.HasPrefix(mark, fence):
			fence = ""
		case fence != "":
		case strings.HasPrefix(mark, "```"), strings.HasPrefix(mark, "~~~"):
			fence = mark[:3]
		case strings.HasPrefix(l, "/"):
			m := line().FindStringSubmatch(l)
			if m == nil {
				return Command{}, false
			}
			return Command{strings.ToLower(m[1]), strings.Join(strings.Fields(m[2]), " ")}, true
		}
	}
	return Command{}, false
}

// A Refusal says to a person why a command is not obeyed. Foreign text in it stands in
// backticks or is defused when it is shown.
type Refusal struct {
	Why  string
	Help []string // what would be obeyed, one line each
}

func refuse(why string, help ...string) *Refusal { return &Refusal{why, help} }
