// Package markdown turns foreign text into Markdown that can do nothing: no mention, no
// reference, no closing word, no HTML, no link (docs/security.md, "Output").
package markdown

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/pattern"
)

// Code is text as an inline code span on one line. Inside one GitHub reads no mention,
// reference or HTML.
func Code(s string) string {
	s = line(s)
	if s == "" {
		return ""
	}
	fence := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		s = " " + s + " "
	}
	return fence + s + fence
}

// Cell is Code for a table's cell: a bar inside it would end the cell.
func Cell(s string) string { return strings.ReplaceAll(Code(s), "|", "\\|") }

func longestRun(s string) int {
	longest, run := 0, 0
	for _, r := range s {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// Plain is text for a title or a commit message, where no code span is rendered: one
// line, with an invisible joiner after what GitHub would act upon.
func Plain(s string, limit int) string {
	s = defuse.Replace(joined().ReplaceAllString(line(s), "$0\u2060"))
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s)[:max(0, limit-1)]) + "…"
	}
	return s
}

// line is text on one line, without what is not seen or turns what is seen around.
func line(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Bidi_Control) {
			return -1
		}
		return r
	}, s)
}

// A word joiner (U+2060) is not shown and breaks the word.
var defuse = strings.NewReplacer(
	"@", "@\u2060", "#", "#\u2060", "<", "\u2039", ">", "\u203a", "[", "[\u2060", "://", ":\u2060//",
)

// joined are words that a number behind makes a reference.
var joined = pattern.Of(`(?i)gh-`)
