package workflow

import (
	"fmt"
	"path"
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
	head, _, _ := strings.Cut(string(g), "*")
	if i := strings.LastIndexByte(head, '/'); i >= 0 {
		return head[:i]
	}
	return ""
}

// Match reports whether a slash-separated path fits the pattern.
func (g Glob) Match(p string) bool {
	return matchParts(strings.Split(string(g), "/"), strings.Split(p, "/"))
}

func matchParts(pattern, parts []string) bool {
	for len(pattern) > 0 {
		if pattern[0] == "**" {
			for i := range len(parts) + 1 {
				if matchParts(pattern[1:], parts[i:]) {
					return true
				}
			}
			return false
		}
		if len(parts) == 0 {
			return false
		}
		if ok, _ := path.Match(pattern[0], parts[0]); !ok {
			return false
		}
		pattern, parts = pattern[1:], parts[1:]
	}
	return len(parts) == 0
}
