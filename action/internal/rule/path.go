package rule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
)

// PathTwins finds added paths that many machines take for one that is there already: they
// differ in capitals, or in how accents are stored, in the file's name or a folder's.
func PathTwins(added, there []string) []finding.Finding {
	wanted := map[string][]string{} // folded path or folder -> as added paths spell it
	for _, p := range added {
		for _, name := range prefixes(p) {
			if id := folded(name); !slices.Contains(wanted[id], name) {
				wanted[id] = append(wanted[id], name)
			}
		}
	}
	other := map[string]string{} // spelling of an added path -> a path that spells it otherwise
	seen := map[string]bool{}    // folders that have been looked at
	look := func(name, path string) {
		for _, spelt := range wanted[folded(name)] {
			if spelt != name && other[spelt] == "" {
				other[spelt] = path
			}
		}
	}
	for _, p := range there {
		look(p, p)
		for dir := parent(p); dir != "" && !seen[dir]; dir = parent(dir) {
			seen[dir] = true
			look(dir, p)
		}
	}
	var fs []finding.Finding
	for _, p := range added {
		for _, name := range prefixes(p) {
			if twin := other[name]; twin != "" {
				fs = append(fs, finding.Finding{Rule: "path-twin", Path: p, Found: fmt.Sprintf("on many machines this is the same path as %s", twin),
					Expected: "paths that differ by more than capitals or the way accents are stored", Fix: "rename it"})
				break
			}
		}
	}
	return fs
}

// prefixes are a path and the folders that it is in.
func prefixes(p string) []string {
	var out []string
	for ; p != ""; p = parent(p) {
		out = append(out, p)
	}
	return out
}

func parent(p string) string { return p[:max(0, strings.LastIndexByte(p, '/'))] }

// folded is the spelling that twins share. Almost all paths are plain ASCII, for which
// capitals are all there is to fold.
func folded(p string) string {
	for i := range len(p) {
		if p[i] >= 0x80 {
			return document.Folded(p)
		}
	}
	return strings.ToLower(p)
}
