package workflow

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A Glob is a pattern of paths: `*` within a folder, `**` across folders.
type Glob string

// ParseGlob reads a pattern relative to the repository's root.
func ParseGlob(s string) (Glob, error) {
	if s == "" || path.IsAbs(s) || path.Clean(s) != s || strings.HasPrefix(s, "..") {
		return "", fmt.Errorf("%q is not a pattern of files; expected a path from the repository's root, such as requests/*/*.yaml", s)
	}
	if _, err := path.Match(s, ""); err != nil {
		return "", fmt.Errorf("%q is not a pattern of files: %w", s, err)
	}
	return Glob(s), nil
}

// Base is the folder that every match is in; "" for the root.
func (g Glob) Base() string {
	head := string(g)
	if i := strings.IndexAny(head, `*?[\`); i >= 0 {
		head = head[:i]
	}
	return head[:max(0, strings.LastIndexByte(head, '/'))]
}

// Match reports whether a slash-separated path fits the pattern.
func (g Glob) Match(p string) bool {
	if !g.likely(p) {
		return false
	}
	if !strings.Contains(string(g), "**") {
		return matchesStep(string(g), p)
	}
	pattern, parts := strings.Split(string(g), "/"), strings.Split(p, "/")
	var after, rest []string // where to go on when the last `**` takes one part more
	for len(parts) > 0 {
		switch {
		case len(pattern) > 0 && pattern[0] == "**":
			after, rest = pattern[1:], parts
			pattern = after
		case len(pattern) > 0 && matches(pattern[0], parts[0]):
			pattern, parts = pattern[1:], parts[1:]
		case rest == nil:
			return false
		default:
			rest = rest[1:]
			pattern, parts = after, rest
		}
	}
	return !slices.ContainsFunc(pattern, func(s string) bool { return s != "**" })
}

// matchesStep goes through a pattern without `**` and a path step by step.
func matchesStep(pattern, p string) bool {
	for {
		first, restPattern, more := strings.Cut(pattern, "/")
		step, rest, deeper := strings.Cut(p, "/")
		if more != deeper || !matches(first, step) {
			return false
		}
		if !more {
			return true
		}
		pattern, p = restPattern, rest
	}
}

// likely says no, without looking closer, to what does not begin and end as the pattern does.
func (g Glob) likely(p string) bool {
	const special = `*?[\`
	s := string(g)
	first := strings.IndexAny(s, special)
	if first < 0 {
		return p == s
	}
	head := strings.TrimSuffix(s[:first], "/") // `**` stands for no folder, too
	tail := strings.TrimPrefix(s[strings.LastIndexAny(s, special)+1:], "/")
	return strings.HasPrefix(p, head) && (strings.ContainsAny(s, `[\`) || strings.HasSuffix(p, tail))
}

func matches(pattern, part string) bool {
	if end, any := strings.CutPrefix(pattern, "*"); any && !strings.ContainsAny(end, `*?[\`) {
		return strings.HasSuffix(part, end)
	}
	ok, _ := path.Match(pattern, part)
	return ok
}

// Path is the path of the file that a name stands for, where the pattern leaves only the
// file's name open: roster/teams/*.yaml and `example` make roster/teams/example.yaml.
func (g Glob) Path(name string) (string, bool) {
	before, after, ok := strings.Cut(string(g), "*")
	if !ok || strings.ContainsAny(after, "*?[/\\") || !strings.HasSuffix(before, "/") && before != "" || strings.Contains(name, "/") {
		return "", false
	}
	p := before + name + after
	return p, g.Match(p)
}
