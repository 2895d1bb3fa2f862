package app

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/report"
	"golang.org/x/term"
)

// colour reports whether text is coloured: where somebody looks at it, on a terminal, unless
// NO_COLOR is set.
func (a *App) colour() bool {
	f, ok := a.Stdout.(*os.File)
	return ok && a.Getenv("NO_COLOR") == "" && a.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// printFindings prints findings on standard error, each on one line, with nothing in it that a
// terminal would obey.
func (a *App) printFindings(fs []finding.Finding) {
	for _, f := range fs {
		fmt.Fprintln(a.Stderr, report.Line(f, a.colour()))
	}
}

// escaped is standard output for faces that print what they have as it is: on a terminal,
// control characters, which it would obey, are shown instead.
func (a *App) escaped() io.Writer {
	if f, ok := a.Stdout.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return escaper{a.Stdout}
	}
	return a.Stdout
}

type escaper struct{ io.Writer }

// Write keeps line feeds and shows every other control character.
func (e escaper) Write(b []byte) (int, error) {
	lines := strings.Split(string(b), "\n")
	for i, line := range lines {
		lines[i] = report.Visible(line)
	}
	if _, err := io.WriteString(e.Writer, strings.Join(lines, "\n")); err != nil {
		return 0, err
	}
	return len(b), nil
}
