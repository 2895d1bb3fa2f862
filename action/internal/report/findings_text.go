package report

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/rivo/uniseg"
)

// Colours of a terminal (ECMA-48, select graphic rendition).
const (
	bold   = "1"
	red    = "31;1"
	yellow = "33;1"
	green  = "32"
)

// mostColumns is how much of a source line is shown.
const mostColumns = 96

// Text writes the check for a person at a terminal: each finding with its line of source
// and a caret, older defects apart, the sum last. It writes nothing that a terminal obeys
// except colour, if that is asked for.
func (c Check) Text(w io.Writer, colour bool) error {
	var b strings.Builder
	lib, p := c.library(), pen(colour)
	for _, f := range c.Findings {
		lib.text(&b, f, p)
	}
	if len(c.Debt) > 0 {
		fmt.Fprintf(&b, "\n%s\n", p.in(bold, "Older defects, which this change did not introduce:"))
		for _, f := range c.Debt {
			lib.text(&b, f, p)
		}
		b.WriteString("\n")
	}
	if !c.Failing() {
		for _, o := range c.Outcome {
			fmt.Fprintf(&b, "%s\n", o.text(p))
		}
	}
	if c.WhatIf != nil {
		b.WriteString(c.WhatIf.text(p))
	}
	fmt.Fprintf(&b, "%s\n", c.sum())
	_, err := io.WriteString(w, b.String())
	return err
}

// A pen writes in colour, or does not.
type pen bool

func (p pen) in(code, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// Line is a finding on one line, with nothing in it that a terminal obeys except colour.
func Line(f finding.Finding, colour bool) string {
	p := pen(colour)
	word, code := string(finding.Error), red
	if f.Severity == finding.Warning {
		word, code = string(finding.Warning), yellow
	}
	place := inert(f.Path)
	if f.Line > 0 {
		place += fmt.Sprintf(":%d:%d", f.Line, f.Column)
	}
	return fmt.Sprintf("%s: %s: %s [%s]", p.in(bold, place), p.in(code, word), inert(f.Message()), inert(f.Rule))
}

func (l library) text(b *strings.Builder, f finding.Finding, p pen) {
	fmt.Fprintln(b, Line(f, bool(p)))
	if line, ok := l.line(f.Path, f.Line); ok {
		source, caret := excerpt(line, f.Column, span(f))
		margin := len(fmt.Sprint(f.Line))
		fmt.Fprintf(b, "    %d | %s\n    %*s | %s\n", f.Line, source, margin, "", p.in(green, caret))
	}
	if f.Fix != "" {
		fmt.Fprintf(b, "    mend: %s\n", inert(f.Fix))
	}
}

// span is how many characters the finding is about: those that its edit replaces.
func span(f finding.Finding) int {
	if e := f.Edit; e.Line == f.Line && e.EndLine == e.Line && e.Column == f.Column && e.EndColumn > e.Column {
		return e.EndColumn - e.Column
	}
	return 1
}

// A glyph is what stands in one place of the terminal: a base character and its marks.
type glyph struct {
	text  string
	width int // columns
	runes int
}

// excerpt is the part of a line around a column, as it can be shown, and below it a caret
// under the column and a tail under the rest of the span.
func excerpt(line string, column, span int) (source, caret string) {
	glyphs := glyphsOf(line)
	first, last, seen := len(glyphs), len(glyphs), 0
	for i, g := range glyphs {
		if seen+g.runes >= column && first == len(glyphs) {
			first = i
		}
		if seen+g.runes >= column+span-1 && last == len(glyphs) {
			last = i
		}
		seen += g.runes
	}
	from, to := window(glyphs, first)
	if from > 0 {
		source, caret = "…", " "
	}
	for i, g := range glyphs[from:to] {
		source += g.text
		if i+from < first {
			caret += strings.Repeat(" ", g.width)
		}
	}
	if to < len(glyphs) {
		source += "…"
	}
	return strings.TrimRight(source, " "), caret + "^" + tail(glyphs, first, min(last+1, to))
}

// tail marks the rest of the span behind the caret.
func tail(glyphs []glyph, first, end int) string {
	width := -1
	for i := first; i < end; i++ {
		width += glyphs[i].width
	}
	return strings.Repeat("~", max(0, width))
}

// window is the range of glyphs to show: all where there is room, else those around one.
func window(glyphs []glyph, at int) (from, to int) {
	from, to = min(at, len(glyphs)), min(at, len(glyphs))
	for room := mostColumns; ; {
		grown := false
		if to < len(glyphs) && glyphs[to].width <= room {
			room, to, grown = room-glyphs[to].width, to+1, true
		}
		if from > 0 && glyphs[from-1].width <= room {
			room, from, grown = room-glyphs[from-1].width, from-1, true
		}
		if !grown || room <= 0 {
			return from, to
		}
	}
}

// tab is how wide a tab is shown; as spaces, so that the caret stands where it should.
const tab = 4

// glyphsOf splits a line into what takes one place each. Bytes that are no text count as
// one character each.
func glyphsOf(line string) []glyph {
	var out []glyph
	at, state := 0, -1
	rest := inertLine(line)
	for rest != "" {
		var cluster string
		var width int
		cluster, rest, width, state = uniseg.FirstGraphemeClusterInString(rest, state)
		g := glyph{cluster, width, len([]rune(cluster))}
		if cluster == "\t" {
			g.width = tab - at%tab
			g.text = strings.Repeat(" ", g.width)
		}
		at += g.width
		out = append(out, g)
	}
	return out
}

// inertLine is inert, but with tabs.
func inertLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return inertRune(r)
	}, s)
}

// inert is text with a mark for each character that a terminal would obey, or that is not
// seen or turns what is seen around.
func inert(s string) string { return strings.Map(inertRune, s) }

func inertRune(r rune) rune {
	if r != ' ' && !unicode.IsGraphic(r) && !unicode.Is(unicode.Co, r) || unicode.In(r, unicode.Zl, unicode.Zp) {
		return '\uFFFD'
	}
	return r
}

// text is what merging does to one record, on one line.
func (o Outcome) text(p pen) string {
	s := p.in(bold, inert(o.Record)) + ": merging "
	switch o.From {
	case "":
		s += "adds it as " + inert(orNoState(o.State))
	case o.State:
		s += "leaves it " + inert(o.State)
	default:
		s += "moves it from " + inert(o.From) + " to " + inert(o.State)
	}
	if len(o.Responsible) > 0 {
		s += "; on it: " + inert(strings.Join(o.Responsible, ", "))
	}
	for _, d := range o.Due {
		s += fmt.Sprintf("; %s is due %s", inert(d.Target), stamp(d.At))
	}
	for _, issue := range o.Opens {
		s += "; opens " + inert(issue)
	}
	for _, issue := range o.Closes {
		s += "; closes " + inert(issue)
	}
	return s
}

func orNoState(s string) string {
	if s == "" {
		return "a record without a state"
	}
	return s
}

// sum is the last line.
func (c Check) sum() string {
	errors, warnings := bySeverity(c.Findings)
	s := fmt.Sprintf("%s checked: %s, %s", finding.Count(c.Records, "record"), finding.Count(len(errors), "error"), finding.Count(len(warnings), "warning"))
	if len(c.Debt) > 0 {
		s += ", " + finding.Count(len(c.Debt), "older defect")
	}
	return s
}
