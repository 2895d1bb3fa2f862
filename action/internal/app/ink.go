package app

import (
	"io"
	"os"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/report"
	"golang.org/x/term"
)

// ink colours text where somebody looks at it: on a terminal, unless NO_COLOR is set.
type ink bool

func (a *App) ink() ink {
	f, ok := a.Stdout.(*os.File)
	return ink(ok && a.Getenv("NO_COLOR") == "" && a.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd())))
}

// finding is one finding on one line, with nothing in it that a terminal would obey.
func (i ink) finding(f finding.Finding) string { return report.Line(f, bool(i)) }

// tame is standard output for faces that print what they have as it is: on a terminal,
// characters that it would obey are shown instead.
func (a *App) tame() io.Writer {
	if f, ok := a.Stdout.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return tamed{a.Stdout}
	}
	return a.Stdout
}

type tamed struct{ io.Writer }

// Write keeps line feeds and shows every other control character.
func (t tamed) Write(b []byte) (int, error) {
	lines := strings.Split(string(b), "\n")
	for i, line := range lines {
		lines[i] = report.Visible(line)
	}
	if _, err := io.WriteString(t.Writer, strings.Join(lines, "\n")); err != nil {
		return 0, err
	}
	return len(b), nil
}
