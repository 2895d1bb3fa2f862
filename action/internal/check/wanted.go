package check

import (
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/workflow"
)

// entriesOf are the files to look at, with an error for each PATH that names none.
func entriesOf(def *workflow.Definition, files []gitrepo.File, wanted []string) ([]record.Entry, []finding.Finding) {
	used := map[string]bool{}
	out := make([]record.Entry, 0, len(files))
	for _, f := range files {
		if under(f.Path, wanted, used) {
			out = append(out, desk.Entry(f))
		}
	}
	var fs []finding.Finding
	for _, w := range wanted {
		if !used[w] {
			fs = append(fs, finding.Finding{Rule: "no-such-path", Path: w, Found: "there is no such file or folder", Expected: "a path in the tree that is checked"})
		} else if file := slices.ContainsFunc(out, func(e record.Entry) bool { return e.Path == w }); file && def.KindOf(w) == nil && w != workflow.Path {
			fs = append(fs, finding.Finding{Rule: "no-kind", Severity: finding.Warning, Path: w, Found: "no kind of the definition has this file", Expected: "a record"})
		}
	}
	return out, fs
}

// under reports whether a path is wanted, and notes by which of the wanted.
func under(path string, wanted []string, used map[string]bool) bool {
	if len(wanted) == 0 {
		return true
	}
	any := false
	for _, w := range wanted {
		if w == "." || path == w || strings.HasPrefix(path, w+"/") {
			used[w], any = true, true
		}
	}
	return any
}
