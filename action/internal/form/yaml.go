package form

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/pattern"
)

// block writes `key: value` as lines of YAML, the first at the margin.
func block(key string, v *value) []string {
	key = scalar(&value{scalar: key}, false) + ":"
	if v.flat() {
		return []string{key + " " + flow(v)}
	}
	lines := []string{key}
	if v.kind == '{' {
		return append(lines, indent(members(v), "  ")...)
	}
	for _, e := range v.items {
		if e.kind != '{' || e.flat() {
			lines = append(lines, "  - "+flow(e))
			continue
		}
		for i, line := range members(e) {
			lines = append(lines, "  "+[]string{"- ", "  "}[min(i, 1)]+line)
		}
	}
	return lines
}

func members(v *value) []string {
	var lines []string
	for _, key := range v.keys {
		lines = append(lines, block(key, v.members[key])...)
	}
	return lines
}

func indent(lines []string, by string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = by + line
	}
	return out
}

// flat reports whether a value stands on one line: a scalar, or a list of scalars.
func (v *value) flat() bool {
	if v.kind == '{' {
		return len(v.keys) == 0
	}
	return !slices.ContainsFunc(v.items, func(e *value) bool { return e.kind != 0 })
}

// flow writes a value on one line.
func flow(v *value) string {
	var parts []string
	switch v.kind {
	case '[':
		for _, e := range v.items {
			parts = append(parts, inFlow(e))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case '{':
		for _, key := range v.keys {
			parts = append(parts, scalar(&value{scalar: key}, true)+": "+inFlow(v.members[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return scalar(v, false)
}

func inFlow(v *value) string {
	if v.kind != 0 {
		return flow(v)
	}
	return scalar(v, true)
}

// What may stand without quotes: words and dates that YAML reads as the text they are, and
// addresses outside of flow collections.
var (
	plainText = pattern.Of(`^[\pL][\pL\pN _./'();,+-]*$`)
	plainFlow = pattern.Of(`^[\pL][\pL\pN _./'();+-]*$`)
	plainTime = pattern.Of(`^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?$`)
	address   = pattern.Of(`^https?://[\w./:#~_-]*[\w/]$`)
)

// otherwise are the words that some YAML reads as true, false or nothing.
var otherwise = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

// scalar writes one scalar, in quotes where it needs them.
func scalar(v *value, inFlow bool) string {
	text, is := v.scalar.(string)
	if !is {
		if v.scalar == nil {
			return "null"
		}
		return fmt.Sprint(v.scalar)
	}
	plain := plainText
	if inFlow {
		plain = plainFlow
	}
	switch {
	case slices.Contains(otherwise, strings.ToLower(text)), strings.HasSuffix(text, " "):
	case plain().MatchString(text), plainTime().MatchString(text), !inFlow && address().MatchString(text):
		return text
	}
	var quoted bytes.Buffer
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string always encodes
	return strings.TrimSpace(quoted.String())
}
