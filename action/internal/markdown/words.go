package markdown

import (
	"strings"

	"github.com/commrel/liaison/action/internal/pattern"
)

var (
	// token splits a message: quoted text, as our messages have it, and else words.
	token = pattern.Of("`[^`]*`" + `|"[^"]*"` + "|[^\\s`\"]+|[`\"]" + `|\s+`)
	// plain are words that can only be words, with what may stand around one.
	plain = pattern.Of(`^[('‘“]*[\p{L}\p{M}’']*(-[\p{L}\p{M}’']+)*[)'’”]*[.,;:?!…]*$|^[0-9]{1,6}[.,;:?]?$|^[–—→+=]$`)
	// around is punctuation behind a word that is none of it.
	around = pattern.Of(`^(.+?)([.,;:?!)]*)$`)
	// links are parts of words that GitHub would make a link of.
	links = pattern.Of(`(?i)www\.|gh-|[0-9a-f]{7}`)
)

// Words is text in which everything but words is code: no mention, no reference, no link,
// no HTML (docs/security.md, "Output").
func Words(s string) string {
	var out []piece
	for _, t := range token().FindAllString(s, -1) {
		out = append(out, pieces(t)...)
	}
	var b strings.Builder
	for i := 0; i < len(out); i++ {
		if !out[i].code {
			b.WriteString(out[i].text)
			continue
		}
		text := out[i].text
		for i+1 < len(out) && out[i+1].code { // two spans side by side would read as one
			i++
			text += out[i].text
		}
		b.WriteString(Code(text))
	}
	return strings.TrimSpace(b.String())
}

// A piece is a piece of a message.
type piece struct {
	text string
	code bool
}

func pieces(t string) []piece {
	switch {
	case strings.TrimSpace(t) == "":
		return []piece{{" ", false}}
	case len(t) > 2 && t[0] == '`' && t[len(t)-1] == '`':
		return []piece{{t[1 : len(t)-1], true}}
	case isPlain(t):
		return []piece{{t, false}}
	}
	m := around().FindStringSubmatch(t)
	if m == nil || m[2] == "" || t[0] == '"' {
		return []piece{{t, true}}
	}
	return []piece{{m[1], true}, {m[2], false}}
}

func isPlain(t string) bool {
	return plain().MatchString(t) && !links().MatchString(t) && !strings.HasPrefix(strings.ToLower(t), "www")
}
