package app

import "slices"

// spelled is a format as a command spells it: Markdown has two names, and each command takes
// either.
func spelled(format string, formats []string) string {
	other := map[string]string{"md": "markdown", "markdown": "md"}[format]
	if !slices.Contains(formats, format) && slices.Contains(formats, other) {
		return other
	}
	return format
}
