// Package runner speaks to the GitHub Actions runner: it turns findings into workflow
// commands, which the runner reads from standard output and shows as annotations.
package runner

import (
	"io"
	"strconv"
	"strings"
	"unicode"

	"github.com/commrel/liaison/action/internal/finding"
)

// mostShown is how many errors, and as many warnings, GitHub shows of one step.
const mostShown = 10

// Annotate writes one command for each finding, and a last notice where there is more than
// GitHub will show: findings beyond its limit, which stand in the log only, and older
// defects, of which only the number is said.
func Annotate(w io.Writer, fs []finding.Finding, debt int) error {
	var b strings.Builder
	errors, warnings := 0, 0
	for _, f := range fs {
		c := annotation(f)
		if c.name == "warning" {
			warnings++
		} else {
			errors++
		}
		c.write(&b)
	}
	if text := unseen(errors, warnings, debt); text != "" {
		command{name: "notice", properties: []property{{"title", "Liaison"}}, data: text}.write(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// unseen says what the annotations do not show.
func unseen(errors, warnings, debt int) string {
	var more []string
	if n := errors - mostShown; n > 0 {
		more = append(more, finding.Count(n, "more error"))
	}
	if n := warnings - mostShown; n > 0 {
		more = append(more, finding.Count(n, "more warning"))
	}
	text := ""
	if len(more) > 0 {
		text = strings.Join(more, " and ") + " than GitHub shows: the log of this step has them all."
	}
	if debt > 0 {
		text = strings.TrimSpace(text + " " + finding.Count(debt, "older defect") + ", not from this change: `liaison check` lists all.")
	}
	return text
}

// annotation is the command for a finding.
func annotation(f finding.Finding) command {
	c := command{name: string(finding.Error)}
	if f.Severity == finding.Warning {
		c.name = string(finding.Warning)
	}
	c.add("file", f.Path)
	if f.Line > 0 {
		c.place(f)
	}
	c.add("title", "Liaison: "+f.Rule)
	c.data = f.Message()
	if f.Fix != "" {
		c.data += "\nmend: " + f.Fix
	}
	return c
}

// place adds the range that the edit replaces, if it begins where the finding is. GitHub
// takes columns only where the range is on one line.
func (c *command) place(f finding.Finding) {
	c.add("line", strconv.Itoa(f.Line))
	e := f.Edit
	begins := e.Line == f.Line && e.Column == f.Column
	last := e.EndLine
	if e.EndColumn == 1 { // the first place after the range begins a line that is not in it
		last--
	}
	if begins && last > f.Line {
		c.add("endLine", strconv.Itoa(last))
		return
	}
	c.add("endLine", strconv.Itoa(f.Line))
	c.add("col", strconv.Itoa(max(f.Column, 1)))
	if begins && e.EndLine == e.Line && e.EndColumn > e.Column {
		c.add("endColumn", strconv.Itoa(e.EndColumn))
	}
}

// A command is one workflow command. Its name and the keys are ours; values and data may
// be anybody's.
type command struct {
	name       string
	properties []property
	data       string
}

type property struct{ key, value string }

func (c *command) add(key, value string) {
	c.properties = append(c.properties, property{key, value})
}

// write is the only writer of workflow commands: one line, whatever the texts.
func (c command) write(b *strings.Builder) {
	b.WriteString("::" + c.name)
	sep := " "
	for _, p := range c.properties {
		if value := strings.TrimSpace(inert(p.value)); value != "" {
			b.WriteString(sep + p.key + "=" + propertyEscape.Replace(value))
			sep = ","
		}
	}
	b.WriteString("::" + dataEscape.Replace(inert(c.data)) + "\n")
}

// What the runner unescapes (actions/runner, ActionCommand.cs).
var (
	dataEscape     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	propertyEscape = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// inert is text that neither the runner nor the reader of its log obeys: the runner prints
// a message's lines again, and `##[` or `::` in one of them would be a command to a log's
// reader. An invisible joiner (U+2060) breaks both. Controls become a mark.
func inert(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\r' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)) {
			return '\uFFFD'
		}
		return r
	}, s)
	return breaker.Replace(s)
}

var breaker = strings.NewReplacer("##[", "##\u2060[", "::", ":\u2060:")
