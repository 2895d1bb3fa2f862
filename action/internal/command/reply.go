package command

import (
	"fmt"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/markdown"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Marker is the first line of the answer to a comment: there is one answer to each.
func Marker(comment int64) string { return fmt.Sprintf("<!-- liaison command comment=%d -->", comment) }

// mostShown is how many characters of one foreign text an answer shows.
const mostShown = 400

// mostHelp is how many lines of help an answer shows.
const mostHelp = 25

func code(s string) string { return markdown.Code(markdown.Brief(s, mostShown)) }

func words(s string) string { return markdown.Words(markdown.Brief(s, mostShown)) }

// Reply is the answer to a comment whose command was obeyed: what changed, and the commit
// in which it did.
func (c Change) Reply(comment int64, who account.Account, path, commit string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nDone for %s, in %s:\n\n", Marker(comment), code(who.String()), commit)
	for _, e := range c.Edits {
		if e.Was == "" {
			fmt.Fprintf(&b, "- %s: %s\n", code(e.Field), code(e.Now))
			continue
		}
		fmt.Fprintf(&b, "- %s: %s → %s\n", code(e.Field), code(e.Was), code(e.Now))
	}
	fmt.Fprintf(&b, "\n<sub>%s</sub>\n", code(path))
	return b.String()
}

// Reply is the answer to a comment whose command was refused: why, and what would be
// obeyed.
func (r Refusal) Reply(comment int64, who account.Account) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\nNot done for %s: %s.\n", Marker(comment), code(who.String()), strings.TrimSuffix(words(r.Why), "."))
	if len(r.Help) > 0 {
		b.WriteString("\n")
	}
	for _, h := range r.Help[:min(len(r.Help), mostHelp)] {
		fmt.Fprintf(&b, "- %s\n", words(h))
	}
	if more := len(r.Help) - mostHelp; more > 0 {
		fmt.Fprintf(&b, "- … and %d more\n", more)
	}
	return b.String()
}

// Forbidden is the refusal of a change that the rules of a pull request forbid to its
// author: what they found, and who may make the move.
func (c Change) Forbidden(k *workflow.Kind, found []finding.Finding) Refusal {
	r := Refusal{Why: "the rules do not allow it"}
	for _, f := range found {
		r.Help = append(r.Help, f.Message())
	}
	if roles := WhoMay(k, c.From, c.To); c.From != c.To && len(roles) > 0 {
		r.Help = append(r.Help, fmt.Sprintf("from `%s` to `%s` it is moved by somebody in the role %s", c.From, c.To, strings.Join(roles, " or ")))
	}
	return r
}

// Message is the message of the commit that a command becomes. What it names is foreign
// text, and a commit message can close issues, mention people and skip checks.
func (c Change) Message(path string, who account.Account, pull int) string {
	did := fmt.Sprintf("Set %s to %s", markdown.Plain(path, mostShown), markdown.Plain(c.To, mostShown))
	if c.From == c.To {
		did = fmt.Sprintf("Put %s on %s", markdown.Plain(c.people(), mostShown), markdown.Plain(path, mostShown))
	}
	return fmt.Sprintf("%s\n\nAsked for by %s in a comment on #%d.\n", did, markdown.Plain(who.String(), mostShown), pull)
}

// people are those whom the change puts on the record.
func (c Change) people() string {
	var names []string
	for _, e := range c.Edits {
		names = append(names, e.Now)
	}
	return strings.Join(names, ", ")
}
