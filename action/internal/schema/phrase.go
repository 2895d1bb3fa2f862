package schema

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Phrases are looked for in texts that have none of them, nearly always: words by which a
// text can be let go at once come before the search.
type phrases struct {
	form  func() *regexp.Regexp // compiled when it is first wanted; nil: no phrases
	words map[string]bool       // folded, the longest of each phrase
	signs map[rune]bool         // of scripts that write no spaces, one of each phrase
	any   bool                  // some phrase has neither
}

func phrasesOf(list []string) phrases {
	if len(list) == 0 {
		return phrases{}
	}
	p := phrases{sync.OnceValue(func() *regexp.Regexp { return anyOf(list) }), map[string]bool{}, map[rune]bool{}, false}
	for _, phrase := range list {
		p.know(phrase)
	}
	return p
}

// know notes by what a text that has a phrase can be told.
func (p *phrases) know(phrase string) {
	first, _ := utf8.DecodeRuneInString(phrase)
	last, _ := utf8.DecodeLastRuneInString(phrase)
	words := strings.FieldsFunc(phrase, func(r rune) bool { return !wordly(r) })
	switch {
	case unbroken(first):
		p.signs[foldedRune(first)] = true
	case unbroken(last):
		p.signs[foldedRune(last)] = true
	case len(words) == 0:
		p.any = true
	default:
		longest := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
		p.words[strings.Map(foldedRune, longest)] = true
	}
}

// find is the first phrase in a text, with what stands around it; "" for none.
func (p phrases) find(text string) string {
	if p.form == nil || !p.likely(text) {
		return ""
	}
	return p.form().FindString(text)
}

// likely reports whether a text has the word, or the sign, of some phrase.
func (p phrases) likely(text string) bool {
	if p.any {
		return true
	}
	var room [64]byte
	word := room[:0]
	for _, r := range text {
		if wordly(r) {
			r = foldedRune(r)
			if r > unicode.MaxLatin1 && p.signs[r] {
				return true
			}
			word = utf8.AppendRune(word, r)
			continue
		}
		if p.words[string(word)] {
			return true
		}
		word = word[:0]
	}
	return p.words[string(word)]
}

// wordly are the letters and numbers that border on no phrase: those of the search, to
// which the mark U+0345 belongs because its capital is a letter.
func wordly(r rune) bool {
	if r <= unicode.MaxASCII {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '\u0345'
}

// foldedRune is the same for all runes that a search without regard to case takes for one.
func foldedRune(r rune) rune {
	if r <= unicode.MaxASCII {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}

// anyOf matches any of some phrases as whole words, however they are spaced and cased. A
// script that writes no spaces between words, or joins endings to them, has no such border.
func anyOf(phrases []string) *regexp.Regexp {
	var parts []string
	for _, p := range phrases {
		first, _ := utf8.DecodeRuneInString(p)
		last, _ := utf8.DecodeLastRuneInString(p)
		part := strings.Join(strings.Fields(regexp.QuoteMeta(p)), `\s+`)
		if !unbroken(first) {
			part = `(?:^|[^\pL\pN])` + part
		}
		if !unbroken(last) {
			part += `(?:$|[^\pL\pN])`
		}
		parts = append(parts, part)
	}
	return regexp.MustCompile(`(?i)` + strings.Join(parts, "|"))
}

func unbroken(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
