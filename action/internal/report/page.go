package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"io"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/util"
)

// HTML writes the review as one page that loads nothing: what Markdown says, with headings
// and tables that a screen reader knows. Its policy lets no script run and no address be
// fetched.
func (r Review) HTML(w io.Writer) error {
	var md, body bytes.Buffer
	if err := r.Markdown(&md); err != nil {
		return err
	}
	if err := pages().Convert(md.Bytes(), &body); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(pageStyle))
	return pageTemplate().Execute(w, struct {
		Desk, Policy string
		Style        template.CSS
		Body         template.HTML
	}{r.Desk, "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; base-uri 'none'; form-action 'none'", pageStyle, template.HTML(body.String())})
}

// pages turns our Markdown into HTML. Raw HTML is left out, except for a line break: no other
// is ours.
func pages() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.Table),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(lineBreaks{}, 0), util.Prioritized(readable{}, 0))))
}

// lineBreaks lets raw line breaks through, and nothing else that is raw.
type lineBreaks struct{}

// RegisterFuncs takes over raw HTML.
func (lineBreaks) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		raw, ok := node.(*ast.RawHTML)
		if entering && ok && string(raw.Segments.Value(source)) == "<br>" {
			_, _ = w.WriteString("<br>")
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(ast.KindHTMLBlock, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkSkipChildren, nil
	})
}

const pageStyle = `
body { font: 16px/1.5 system-ui, sans-serif; color: #202122; background: #fff; margin: 2rem auto; padding: 0 1rem; max-width: 80rem; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.5rem; border-bottom: 1px solid #a2a9b1; }
[role=region] { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; }
th, td { border: 1px solid #a2a9b1; padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { background: #eaecf0; }
th[scope=row] { background: none; font-weight: inherit; }
.waits > th { border-left: .4rem double; }
th[align=right], td[align=right] { text-align: right; }
code { font: inherit; overflow-wrap: break-word; }
a { color: #3366cc; }
@media (prefers-color-scheme: dark) {
  body { color: #eaecf0; background: #101418; }
  th { background: #27292d; }
  a { color: #88a3e8; }
}
`

func pageTemplate() *template.Template {
	return template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{.Policy}}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Desk}}: were the promises kept?</title>
<style>{{.Style}}</style>
</head>
<body>
<main>
{{.Body}}</main>
</body>
</html>
`))
}
