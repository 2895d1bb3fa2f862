package app

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/spf13/cobra"
)

func (a *App) check() *cobra.Command {
	var w where
	var format string
	cmd := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "Check the definition and the records, each defect at its line and column",
		Long: `Check reads the work tree, or with --rev a revision (the only way in a bare repository),
and prints every defect with its rule, place, what was found, what was expected, and the
mend where one is known. With PATHs only those files and folders are reported on.

Exit code 1 when there is an error; warnings alone are clean.`,
		Example: "  liaison check\n  liaison check requests/2026 --format json\n  liaison check --repo desk.git --rev main",
		RunE: func(_ *cobra.Command, paths []string) error {
			if !slices.Contains([]string{"text", "json"}, format) {
				return usage("--format %s: expected text or json", format)
			}
			return refuse(a.runCheck(w, paths, format))
		},
	}
	w.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "text", "`text|json`")
	return cmd
}

// checked is the result of a check.
type checked struct {
	Version  int               `json:"version"`
	Commit   string            `json:"commit"` // "" for the work tree
	Records  int               `json:"records"`
	Errors   int               `json:"errors"`
	Warnings int               `json:"warnings"`
	Findings []finding.Finding `json:"findings"`
}

func (a *App) runCheck(w where, paths []string, format string) error {
	open := w.inWorkTree
	if w.rev != "" {
		open = w.atRevision
	}
	d, err := open()
	if err != nil {
		return err
	}
	defer d.close()
	wanted, err := d.wanted(w, paths)
	if err != nil {
		return err
	}
	result, err := d.check(wanted)
	if err != nil {
		return err
	}
	if err := a.printCheck(result, format); err != nil {
		return err
	}
	if result.Errors > 0 {
		return found()
	}
	return nil
}

// wanted turns PATHs into paths from the repository's root; none stands for all.
func (d *desk) wanted(w where, paths []string) ([]string, error) {
	var out []string
	for _, p := range paths {
		rel := filepath.ToSlash(filepath.Clean(p))
		if root := d.repo.Root(); d.head == "" && root != "" {
			abs, err := filepath.Abs(p)
			if err != nil {
				return nil, err
			}
			if abs, err = filepath.EvalSymlinks(abs); err != nil {
				return nil, usage("%s: expected a file or folder of the work tree: %v", p, err)
			}
			r, err := filepath.Rel(root, abs)
			if err != nil || strings.HasPrefix(r, "..") {
				return nil, usage("%s is outside of %s", p, root)
			}
			rel = filepath.ToSlash(r)
		}
		out = append(out, rel)
	}
	return out, nil
}

// check judges the definition and the wanted records.
func (d *desk) check(wanted []string) (checked, error) {
	result := checked{Version: 1, Commit: d.head, Findings: []finding.Finding{}}
	all := slices.Clone(d.findings)
	if d.def != nil {
		entries, unmatched, err := d.entries(wanted)
		if err != nil {
			return result, err
		}
		records, fs, err := record.Load(d.def, entries, d.tree.Read)
		if err != nil {
			return result, err
		}
		result.Records = len(records)
		all = slices.Concat(all, fs, unmatched)
	}
	for _, f := range finding.Sorted(all) {
		result.Findings = append(result.Findings, f)
		if f.Severity == finding.Warning {
			result.Warnings++
		} else {
			result.Errors++
		}
	}
	return result, nil
}

// entries are the files to look at, with an error for each PATH that names none.
func (d *desk) entries(wanted []string) ([]record.Entry, []finding.Finding, error) {
	files, err := d.tree.Files()
	if err != nil {
		return nil, nil, err
	}
	used := map[string]bool{}
	var out []record.Entry
	for _, f := range files {
		if under(f.Path, wanted, used) {
			out = append(out, record.Entry{Path: f.Path, Regular: f.Regular, What: what(f)})
		}
	}
	var fs []finding.Finding
	for _, w := range wanted {
		if !used[w] {
			fs = append(fs, finding.Finding{Rule: "no-such-path", Path: w, Found: "there is no such file or folder", Expected: "a path in the tree that is checked"})
		} else if file := slices.ContainsFunc(out, func(e record.Entry) bool { return e.Path == w }); file && d.def.KindOf(w) == nil && w != workflow.Path {
			fs = append(fs, finding.Finding{Rule: "no-kind", Severity: finding.Warning, Path: w, Found: "no kind of the definition has this file", Expected: "a record"})
		}
	}
	return out, fs, nil
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

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
