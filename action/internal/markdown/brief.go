package markdown

import "unicode/utf8"

// Brief is text of at most limit characters; what is longer ends with an ellipsis.
func Brief(s string, limit int) string {
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}
