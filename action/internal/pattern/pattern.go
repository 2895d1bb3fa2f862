// Package pattern turns the text of a regular expression into the expression when it is
// first asked for. Most runs need few of them, and compiling them all takes longer than the
// rest of the start.
package pattern

import (
	"regexp"
	"sync"
)

// Of is a regular expression, compiled once, by whoever asks first. It panics, every time,
// where the text is none. Several goroutines may ask at once.
func Of(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
