package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/markdown"
)

const (
	mostComment = 65_536 // what GitHub takes as one comment
	frame       = 6_000  // of it, for the marker that the gate puts first, for headings and for the foot
	mostChange  = 2_000  // bytes of source that a suggestion shows
)

// Markdown writes the check as the one comment on a pull request: whom it waits for, and
// what to mend, or what merging will do. All foreign text is code, or words that can only be words.
func (c Check) Markdown(w io.Writer) error {
	p := &page{room: mostComment - frame}
	lib := c.library()
	errors, warnings := bySeverity(c.Findings)
	if c.Waiting != nil {
		p.open(c.Waiting.block(len(errors)))
	}
	switch {
	case len(errors) > 0:
		p.section("### "+c.toMend(len(errors))+"\n", len(errors), lib.items(errors), "")
	case c.Base != "" || len(c.Outcome) > 0:
		p.section("### "+ready(len(c.Outcome)), len(c.Outcome), func(i int) string { return c.Outcome[i].item() }, "")
	default:
		p.section("### Nothing to mend\n\n", 0, nil, "")
	}
	if len(warnings) > 0 {
		p.section("### Worth a look\n\nThis does not stand in the way of merging.\n", len(warnings), lib.items(warnings), "")
	}
	if len(c.Debt) > 0 {
		p.section(fmt.Sprintf("<details>\n<summary>%s, not from this change</summary>\n", finding.Count(len(c.Debt), "older defect")),
			len(c.Debt), lib.items(c.Debt), "</details>\n\n")
	}
	if c.WhatIf != nil {
		c.WhatIf.block(p)
	}
	p.b.WriteString(c.foot())
	_, err := io.WriteString(w, p.b.String())
	return err
}

func (c Check) toMend(n int) string {
	s := finding.Count(n, "thing") + " to mend"
	if n == 1 {
		s = "One thing to mend"
	}
	if c.Base != "" {
		s += " before this can merge"
	}
	return s
}

func ready(outcomes int) string {
	if outcomes == 0 {
		return "Nothing to mend\n\nMerging this moves no state, starts no clock, and opens or closes no issue.\n\n"
	}
	return "Nothing to mend: this is what merging will do\n\n"
}

// foot says what was judged.
func (c Check) foot() string {
	s := finding.Count(c.Records, "record") + " checked"
	switch {
	case c.Head != "":
		s = fmt.Sprintf("Judged: %s against %s", commit(c.Head), commit(c.Base))
		if c.Actor != "" {
			s += ", for " + code(c.Actor)
		}
	case c.Commit != "":
		s += " at " + commit(c.Commit)
	}
	if c.Engine != "" {
		s += "; Liaison " + c.Engine
	}
	return "<sub>" + s + "</sub>\n"
}

// A page is a comment that grows until there is no more room.
type page struct {
	b    strings.Builder
	room int // bytes left for items
}

// open writes what stands before all sections.
func (p *page) open(text string) {
	p.b.WriteString(text)
	p.room -= len(text)
}

// section writes n items between an opening and an end, and counts those that have no
// room. Once one has none, those after it have none either.
func (p *page) section(open string, n int, item func(i int) string, end string) {
	p.b.WriteString(open)
	for i := range n {
		text := ""
		if p.room > 0 {
			text = item(i)
		}
		if p.room -= len(text); p.room <= 0 {
			p.room = 0
			fmt.Fprintf(&p.b, "\n_…and %d more: there is no room for them here, `liaison check` prints all._\n", n-i)
			break
		}
		if strings.HasSuffix(p.b.String(), "\n\n") {
			text = strings.TrimPrefix(text, "\n")
		}
		p.b.WriteString(text)
	}
	if n > 0 && !strings.HasSuffix(p.b.String(), "\n\n") {
		p.b.WriteString("\n")
	}
	p.b.WriteString(end)
}

// items are findings as list items, below a line for each file.
func (l library) items(fs []finding.Finding) func(i int) string {
	return func(i int) string {
		if i > 0 && fs[i-1].Path == fs[i].Path {
			return l.item(fs[i])
		}
		return "\n**" + fileName(fs[i].Path) + "**\n\n" + l.item(fs[i])
	}
}

func fileName(p string) string {
	if p == "" {
		return "The desk"
	}
	return code(p)
}

// item is one finding: where, what was found, what was expected, how to mend it.
func (l library) item(f finding.Finding) string {
	s := "- " + words(capital(f.Found))
	if f.Line > 0 {
		s = fmt.Sprintf("- **Line %d:** %s", f.Line, words(f.Found))
	}
	if f.Expected != "" {
		s += "; expected " + words(f.Expected)
	}
	s = closed(s)
	if f.Fix != "" {
		s += " " + closed(words(capital(f.Fix)))
	}
	s += "\n"
	if change, ok := l.suggestion(f); ok {
		s += change.block(f.Line)
	}
	return s
}

// capital begins a sentence; a key or a value in it stays as it is.
func capital(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

// closed ends a sentence.
func closed(s string) string {
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, "…") {
		return s
	}
	return s + "."
}

// A Suggestion is a finding's mend as whole lines of its file, which is how GitHub takes
// them: the lines from First to Last, both from 1, become Text, which has no line feed at
// its end. With no lines at all, they are to go.
type Suggestion struct {
	First, Last int
	Lines       []string
}

// Suggestion is a finding's mend as whole lines; not ok where none is known, the source
// cannot be read, or the lines cannot be shown as they are.
func (c Check) Suggestion(f finding.Finding) (s Suggestion, ok bool) {
	return c.library().suggestion(f)
}

func (l library) suggestion(f finding.Finding) (s Suggestion, ok bool) {
	e, lines := f.Edit, l.of(f.Path)
	if !e.Known() || e.EndLine < e.Line || e.EndLine > len(lines) {
		return s, false
	}
	before, whole := cut(lines[e.Line-1], e.Column-1)
	_, after, fits := split(lines[e.EndLine-1], e.EndColumn-1)
	if !whole || !fits {
		return s, false
	}
	s = Suggestion{e.Line, e.EndLine, strings.Split(before+strings.ReplaceAll(e.Text, "\r\n", "\n")+after, "\n")}
	s = s.trimmed(lines)
	return s, s.Last >= s.First && s.shown()
}

// trimmed leaves out a last line that stays as it is, and puts what comes behind the end
// of the file below the line before.
func (s Suggestion) trimmed(lines []string) Suggestion {
	end := s.Lines[len(s.Lines)-1]
	switch {
	case s.First == len(lines) && lines[s.First-1] == "" && s.First > 1: // behind the last line feed
		s.First, s.Last = s.First-1, s.Last-1
		s.Lines = append([]string{lines[s.First-1]}, s.Lines...)
		if end == "" {
			s.Lines = s.Lines[:len(s.Lines)-1]
		}
	case s.Last > s.First && end == lines[s.Last-1]:
		s.Last, s.Lines = s.Last-1, s.Lines[:len(s.Lines)-1]
	}
	return s
}

// cut is the text before a place, given in characters from 0.
func cut(line string, at int) (string, bool) {
	before, _, ok := split(line, at)
	return before, ok
}

func split(line string, at int) (before, after string, ok bool) {
	runes := []rune(line)
	if at < 0 || at > len(runes) || string(runes) != line {
		return "", "", false
	}
	return string(runes[:at]), string(runes[at:]), true
}

// shown says whether the lines can be shown as they are.
func (s Suggestion) shown() bool {
	text := strings.Join(s.Lines, "")
	return len(text) <= mostChange && inertLine(text) == text && !strings.ContainsRune(text, '\uFFFD')
}

// block is a suggestion in a list item about a line: a fence that nothing inside closes,
// below the lines that it stands for where that is not the line itself. What is only to go
// has no fence.
func (s Suggestion) block(about int) string {
	which, verb := fmt.Sprintf("Line %d", s.First), "becomes:"
	if s.Last > s.First {
		which, verb = fmt.Sprintf("Lines %d to %d", s.First, s.Last), "become:"
	}
	var b strings.Builder
	switch {
	case len(s.Lines) == 0:
		fmt.Fprintf(&b, "\n  %s can go.\n\n", which)
		return b.String()
	case s.First != about || s.Last != about:
		fmt.Fprintf(&b, "\n  %s %s\n", which, verb)
	}
	fence := "```"
	for _, line := range s.Lines {
		for strings.Contains(line, fence) {
			fence += "`"
		}
	}
	fmt.Fprintf(&b, "\n  %ssuggestion\n", fence)
	for _, line := range s.Lines {
		fmt.Fprintf(&b, "  %s\n", line)
	}
	fmt.Fprintf(&b, "  %s\n\n", fence)
	return b.String()
}

// item is what merging does to one record.
func (o Outcome) item() string {
	var b strings.Builder
	name := code(o.Record)
	if title := words(o.Title); title != "" {
		name = title + " (" + name + ")"
	}
	fmt.Fprintf(&b, "**%s**\n\n", name)
	fmt.Fprintf(&b, "- State: %s\n", o.move())
	if len(o.Responsible) > 0 {
		fmt.Fprintf(&b, "- On it: %s\n", each(o.Responsible, code))
	} else if o.State != o.From {
		b.WriteString("- On it: nobody yet\n")
	}
	for _, d := range o.Due {
		when := "by **" + day(d.At) + "**"
		if d.Words != "" {
			when = "**" + words(d.Words) + "**"
		}
		fmt.Fprintf(&b, "- Due: %s %s\n", target(d.Target), when)
	}
	for _, issue := range o.Opens {
		fmt.Fprintf(&b, "- Opens an issue: %s\n", words(issue))
	}
	for _, issue := range o.Closes {
		fmt.Fprintf(&b, "- Closes an issue: %s\n", words(issue))
	}
	b.WriteString("\n")
	return b.String()
}

func (o Outcome) move() string {
	switch {
	case o.State == "" && o.From == "":
		return "none"
	case o.From == "":
		return fmt.Sprintf("new → **%s**", code(o.State))
	case o.From == o.State:
		return fmt.Sprintf("stays **%s**", code(o.State))
	}
	return fmt.Sprintf("%s → **%s**", code(o.From), code(o.State))
}

func each(list []string, as func(string) string) string {
	out := make([]string, 0, len(list))
	for _, s := range list[:min(len(list), mostNames)] {
		out = append(out, as(s))
	}
	if more := len(list) - mostNames; more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(out, ", ")
}

// mostNames is how many people of one record are named.
const mostNames = 20

// code is foreign text as code; a mark where nothing of it can be seen.
func code(s string) string {
	if c := markdown.Code(markdown.Brief(s, mostText)); c != "" {
		return c
	}
	return "`\uFFFD`"
}

// words is text in which everything but words is code.
func words(s string) string { return markdown.Words(markdown.Brief(s, mostText)) }
