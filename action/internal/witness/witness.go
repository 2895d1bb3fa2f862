// Package witness turns the witness branch's tree into what GitHub's clock saw: one pull
// request per file, pulls/<n ÷ 1000>/<n>.json. What is wrong with a file is a finding, and
// what is right about it still counts.
package witness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
)

// Rule is the name that every finding of this package carries.
const Rule = "witness"

// A Tree is the witness branch's tree, or the work tree of somebody who looks into it.
type Tree interface {
	Files() ([]gitrepo.File, error)
	Read(path string) ([]byte, error)
}

// Read reads every file below pulls/. The pull requests come sorted by number and their
// entries by time, those of one time in the file's order. A file that cannot be taken for
// the pull request that its name says is left out, as is an entry that is no evidence, each
// with a finding; findings are sorted. The error is that the tree itself cannot be read.
func Read(t Tree) ([]event.Pull, []finding.Finding, error) {
	files, err := t.Files()
	if err != nil {
		return nil, nil, fmt.Errorf("witness branch: %w", err)
	}
	var pulls []event.Pull
	var findings []finding.Finding
	for _, f := range files {
		if !strings.HasPrefix(f.Path, "pulls/") {
			continue
		}
		p, ok, fs, err := readFile(t, f)
		if err != nil {
			return nil, nil, fmt.Errorf("witness branch: %s: %w", f.Path, err)
		}
		findings = append(findings, fs...)
		if ok {
			pulls = append(pulls, p)
		}
	}
	slices.SortFunc(pulls, func(a, b event.Pull) int { return cmp.Compare(a.Number, b.Number) })
	return pulls, finding.Sorted(findings), nil
}

func defect(path, found, expected string) finding.Finding {
	return finding.Finding{Rule: Rule, Severity: finding.Error, Path: path, Found: found, Expected: expected}
}
