package app

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/verdict"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/spf13/cobra"
)

// checking is what `check` was asked to do.
type checking struct {
	where
	base, head, actor string
	fix               bool
	fresh             bool // no verdict of an earlier run is believed, and none is kept
	format            string
}

func (a *App) check() *cobra.Command {
	var c checking
	cmd := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "Check the records, or a change to them, each defect at its line and column",
		Long: `Check reads the work tree, or with --rev a revision (the only way in a bare repository),
and prints every defect with its rule, place, what was found, what was expected, and the
mend where one is known. With PATHs only those files and folders are reported on. --fix
makes the mends that are known.

With --base and --head it judges a change, as a pull request: what differs since the two
parted, by the definition, schemas and roster of the base, and by the rights of --actor.
Only defects that the change introduces fail it; older ones are listed apart.

Exit code 1 when there is an error; warnings alone are clean.`,
		Example: "  liaison check\n  liaison check requests/2026 --format json\n  liaison check --repo desk.git --rev main\n" +
			"  liaison check --base main --head my-branch --actor example-pm#42",
		RunE: func(cmd *cobra.Command, paths []string) error {
			if cmd.Flags().Changed("actor") && c.actor == "" {
				return usage("--actor is empty: expected LOGIN#ID, whose rights the change is judged by")
			}
			c.format = spelled(c.format, checkFormats)
			if err := c.valid(paths); err != nil {
				return err
			}
			return refuse(a.runCheck(cmd.Context(), c, paths))
		},
	}
	c.flags(cmd)
	cmd.Flags().StringVar(&c.base, "base", "", "judge a change: the `REV` that it would land on")
	cmd.Flags().StringVar(&c.head, "head", "", "judge a change: the `REV` that would land")
	cmd.Flags().StringVar(&c.actor, "actor", "", "judge a change by the rights of its author: `LOGIN#ID`")
	cmd.Flags().BoolVar(&c.fix, "fix", false, "make the mends that are known in the files of the work tree, and report what is left")
	cmd.Flags().BoolVar(&c.fresh, "no-cache", false, "judge every record anew: neither use nor keep what was found of unchanged ones")
	cmd.Flags().StringVar(&c.format, "format", checkFormats[0], "`"+strings.Join(checkFormats, "|")+"`")
	return cmd
}

// valid refuses flags that do not go together.
func (c checking) valid(paths []string) error {
	switch {
	case !slices.Contains(checkFormats, c.format):
		return usage("--format %s: expected %s", c.format, strings.Join(checkFormats, ", "))
	case (c.base == "") != (c.head == ""):
		return usage("--base and --head go together: the change is what lies between them")
	case c.base == "" && c.actor != "":
		return usage("--actor goes with --base and --head: it is the author of a change")
	case c.base != "" && (c.rev != "" || len(paths) > 0 || c.fix):
		return usage("--base and --head judge a whole change: expected no --rev, no --fix and no PATH beside them")
	case c.fix && c.rev != "":
		return usage("--fix mends files of the work tree: expected no --rev beside it")
	}
	return nil
}

func (a *App) runCheck(ctx context.Context, c checking, paths []string) error {
	a.makeRoom(checkRoom)
	show := func(result report.Check) error { // while its sources can be read
		if err := a.writeCheck(result, c.format); err != nil {
			return err
		}
		if result.Failing() {
			return found()
		}
		return nil
	}
	if c.base != "" {
		return a.judge(ctx, c, show)
	}
	return a.checkTree(c, paths, show)
}

// checkTree checks the records of one tree.
func (a *App) checkTree(c checking, paths []string, show func(report.Check) error) error {
	if c.fix {
		result, err := a.fixTree(c, paths)
		if err != nil {
			return err
		}
		return show(result)
	}
	c.outlined = !c.fresh
	open := c.inWorkTree
	if c.rev != "" {
		open = c.atRevision
	}
	d, err := open(a.Definitions)
	if err != nil {
		return err
	}
	defer d.close()
	d.quiet = a.Now().Add(-settled).UnixNano()
	wanted, err := d.wanted(paths)
	if err != nil {
		return err
	}
	result, err := d.check(wanted, !c.fresh)
	if err != nil {
		return err
	}
	if d.def != nil {
		result.Findings = finding.Sorted(append(result.Findings, d.def.Ending(a.Now())...))
	}
	return show(result)
}

// wanted turns PATHs into paths from the repository's root; none stands for all.
func (d *desk) wanted(paths []string) ([]string, error) {
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
func (d *desk) check(wanted []string, cached bool) (report.Check, error) {
	result := report.Check{Engine: Version, Commit: d.head, Sources: d.source}
	var all []finding.Finding
	if d.def != nil {
		n, fs, err := d.checkFiles(wanted, cached)
		if err != nil && !errors.Is(err, errUndefined) {
			return result, err
		}
		result.Records, all = n, fs
	}
	result.Findings = finding.Sorted(append(all, d.findings...))
	return result, nil
}

// checkFiles judges the wanted records. Those of known folders are only looked at where
// there is doubt.
func (d *desk) checkFiles(wanted []string, cached bool) (n int, fs []finding.Finding, err error) {
	if cached {
		d.openFolders()
	}
	for _, apart := range []bool{cached && len(wanted) == 0, false} {
		l, err := d.list(apart)
		if err != nil {
			return 0, nil, err
		}
		entries, unmatched := d.entries(l.files, wanted)
		if len(wanted) > 0 {
			l.folders = nil // their other files are not looked at
		}
		n, fs, err = d.checkRecords(l, entries, cached)
		switch {
		case err == nil:
			return n, slices.Concat(fs, unmatched), nil
		case !errors.Is(err, errDoubtful):
			return 0, nil, err
		}
		d.verdicts = nil // they may not have been asked for
	}
	return 0, nil, errDoubtful
}

// checkRecords judges each record by itself, and then beside the others: those without a
// defect of their own by their digests, unless something is wrong there.
func (d *desk) checkRecords(l listing, entries []record.Entry, cached bool) (n int, fs []finding.Finding, err error) {
	places, fs := record.Places(d.def, entries)
	switch {
	case d.verdicts == nil && cached && len(places) > 0:
		d.openVerdicts()
	case d.verdicts == nil:
		d.verdicts = &verdict.Book{}
	}
	s := surveyor{desk: d, kinds: d.kindNumbers(), read: d.reading()}
	all, err := s.survey(places)
	if err != nil {
		return 0, nil, err
	}
	view := newView(d.def, d.tree)
	if l.all != nil {
		view.know(l.all)
	}
	fit, shared := rule.NewFit(rule.World{Definition: d.def, Tree: view}), sharing(all, l.known)
	if l.doubt(fit, shared) {
		return 0, nil, errDoubtful
	}
	records, err := s.closer(all, fit, shared)
	if err != nil {
		return 0, nil, err
	}
	for _, f := range l.known {
		n += f.digest.Records
	}
	for _, one := range all {
		fs = append(fs, one.findings...)
		if one.digest != nil {
			n++
		}
	}
	view.def = d.def // whole by now, if anything is to be judged
	fs = slices.Concat(fs, rule.World{Definition: d.def, Tree: view}.Records(records))
	d.remember(l, all, records, fs)
	return n, fs, nil
}

// kindNumbers gives each kind its place in the definition.
func (d *desk) kindNumbers() map[string]uint8 {
	out := map[string]uint8{}
	for i, k := range d.def.Kinds {
		out[k.Name] = uint8(i)
	}
	return out
}

// reading is a way to read files that several goroutines may use at once.
func (d *desk) reading() func(path string) ([]byte, error) {
	if d.head == "" {
		return d.tree.Read
	}
	var one sync.Mutex // a repository is read by one at a time
	return func(path string) ([]byte, error) {
		one.Lock()
		defer one.Unlock()
		return d.tree.Read(path)
	}
}

// source reads a file for the faces that show lines of it.
func (d *desk) source(path string) ([]byte, bool) {
	src, err := d.tree.Read(path)
	return src, err == nil
}

// entries are the files to look at, with an error for each PATH that names none.
func (d *desk) entries(files []gitrepo.File, wanted []string) ([]record.Entry, []finding.Finding) {
	used := map[string]bool{}
	out := make([]record.Entry, 0, len(files))
	for _, f := range files {
		if under(f.Path, wanted, used) {
			out = append(out, entry(f))
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
