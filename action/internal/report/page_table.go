package report

import (
	"fmt"
	"strings"

	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// readable makes a page's tables and headings known to a screen reader and to the keyboard,
// and keeps numbers together with what they count.
type readable struct{}

// RegisterFuncs takes over headings, tables and words.
func (readable) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHeading, heading)
	r.Register(ast.KindText, pageText)
	r.Register(extension.KindTable, table)
	r.Register(extension.KindTableRow, row)
	r.Register(extension.KindTableCell, tableCell)
}

// heading gives those of the second level, whose words are ours, the name by which others
// link to them.
func heading(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Heading)
	switch {
	case !entering:
		fmt.Fprintf(w, "</h%d>\n", n.Level)
	case n.Level == 2:
		fmt.Fprintf(w, `<h2 id="%s">`, util.EscapeHTML([]byte(strings.ReplaceAll(strings.ToLower(textOf(n, source)), " ", "-"))))
	default:
		fmt.Fprintf(w, "<h%d>", n.Level)
	}
	return ast.WalkContinue, nil
}

var (
	percentSign = pattern.Of(`([0-9]) %`)
	ofHowMany   = pattern.Of(`\(([0-9]+) of ([0-9]+)\)`)
)

// pageText puts spaces that do not break into numbers.
func pageText(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	n := node.(*ast.Text)
	s := percentSign().ReplaceAll(n.Segment.Value(source), []byte("$1\u00a0%"))
	html.DefaultWriter.Write(w, ofHowMany().ReplaceAll(s, []byte("($1\u00a0of\u00a0$2)")))
	if n.SoftLineBreak() || n.HardLineBreak() {
		_ = w.WriteByte('\n')
	}
	return ast.WalkContinue, nil
}

// table can be scrolled by keyboard, and says what it is about.
func table(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		fmt.Fprintf(w, "<div tabindex=\"0\" role=\"region\" aria-label=\"%s\">\n<table>\n", util.EscapeHTML([]byte(about(n, source))))
	} else {
		_, _ = w.WriteString("</table>\n</div>\n")
	}
	return ast.WalkContinue, nil
}

// about is what a table speaks of: the headings above it, and the first sentence of the
// paragraph that leads to it.
func about(n ast.Node, source []byte) string {
	label := ""
	if p, ok := n.PreviousSibling().(*ast.Paragraph); ok {
		label, _, _ = strings.Cut(textOf(p, source), ".")
	}
	above := 4
	for at := n.PreviousSibling(); at != nil && above > 2; at = at.PreviousSibling() {
		if h, ok := at.(*ast.Heading); ok && h.Level < above {
			above, label = h.Level, strings.TrimSuffix(textOf(h, source)+", "+label, ", ")
		}
	}
	return label
}

// row marks those with something in bold: there a promise still waits to be kept.
func row(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch {
	case entering && emphatic(n):
		_, _ = w.WriteString("<tr class=\"waits\">\n")
	case entering:
		_, _ = w.WriteString("<tr>\n")
	default:
		_, _ = w.WriteString("</tr>\n")
		if n.NextSibling() == nil {
			_, _ = w.WriteString("</tbody>\n")
		}
	}
	return ast.WalkContinue, nil
}

func emphatic(n ast.Node) bool {
	found := false
	_ = ast.Walk(n, func(at ast.Node, _ bool) (ast.WalkStatus, error) {
		e, ok := at.(*ast.Emphasis)
		found = found || ok && e.Level == 2
		return ast.WalkContinue, nil
	})
	return found
}

// tableCell is the head of its column, the head of its row, or a figure.
func tableCell(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*extension.TableCell)
	tag, scope := "td", ""
	switch {
	case n.Parent().Kind() == extension.KindTableHeader:
		tag, scope = "th", ` scope="col"`
	case n.PreviousSibling() == nil:
		tag, scope = "th", ` scope="row"`
	}
	if !entering {
		fmt.Fprintf(w, "</%s>\n", tag)
		return ast.WalkContinue, nil
	}
	fmt.Fprintf(w, "<%s%s", tag, scope)
	if n.Alignment != extension.AlignNone {
		fmt.Fprintf(w, ` align="%s"`, n.Alignment)
	}
	_ = w.WriteByte('>')
	return ast.WalkContinue, nil
}

// textOf is what can be read in a node.
func textOf(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(at ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := at.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(source))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
