package app

import (
	"os"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"golang.org/x/term"
)

// ink colours text where somebody looks at it: on a terminal, unless NO_COLOR is set.
type ink bool

func (a *App) ink() ink {
	f, ok := a.Stdout.(*os.File)
	return ink(ok && a.Getenv("NO_COLOR") == "" && a.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd())))
}

func (i ink) in(code, s string) string {
	if !i {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// finding is one finding on one line, with nothing in it that a terminal would obey.
func (i ink) finding(f finding.Finding) string {
	line := strings.Map(visible, f.String())
	place, rest, _ := strings.Cut(line, ": ")
	severity, message, _ := strings.Cut(rest, ": ")
	colour := "31;1"
	if severity == string(finding.Warning) {
		colour = "33;1"
	}
	return i.in("1", place) + ": " + i.in(colour, severity) + ": " + message
}

func visible(r rune) rune {
	if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
		return '\uFFFD'
	}
	return r
}
