package app

import (
	"io"

	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/runner"
)

// checkFormats are the faces of a check, the default first.
var checkFormats = []string{"text", "json", "github", "sarif", "markdown"}

// writeCheck prints the result of a check in one of its faces.
func (a *App) writeCheck(c report.Check, format string) error {
	faces := map[string]func(io.Writer) error{
		"text":     func(w io.Writer) error { return c.Text(w, bool(a.ink())) },
		"json":     c.JSON,
		"github":   func(w io.Writer) error { return runner.Annotate(w, c.Findings, len(c.Debt)) },
		"sarif":    c.SARIF,
		"markdown": c.Markdown,
	}
	return faces[format](a.Stdout)
}
