package app

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
)

// mostRounds is how often the whole tree is checked again: a mend in one file may be what
// another one waited for.
const mostRounds = 10

// fixTree checks the work tree and makes the mends that are known, until there are none.
// It says on standard error what it mended; the result is what is left.
func (a *App) fixTree(c checking, paths []string) (report.Check, error) {
	total := 0
	for range mostRounds {
		result, mended, err := a.fixRound(c, paths)
		if err != nil {
			return result, err
		}
		if total += mended; mended == 0 {
			fmt.Fprintf(a.Stderr, "mended: %s\n", finding.Count(total, "finding"))
			return result, nil
		}
	}
	return report.Check{}, fmt.Errorf("each of %d rounds of mends led to another one: stopped, with every file as the last round left it; run check to see what is left", mostRounds)
}

// fixRound checks once and mends what was found. The desk is opened anew: the definition
// may be what was mended.
func (a *App) fixRound(c checking, paths []string) (report.Check, int, error) {
	d, err := c.inWorkTree(a.Definitions)
	if err != nil {
		return report.Check{}, 0, err
	}
	defer d.close()
	wanted, err := d.wanted(paths)
	if err != nil {
		return report.Check{}, 0, err
	}
	result, err := d.check(wanted, false)
	if err != nil {
		return result, 0, err
	}
	mended, err := a.fix(d, c.config != "", result.Findings)
	return result, mended, err
}

// fix makes the edits of findings in the files of the work tree, and says how many. A
// definition from --config is nobody's to change here.
func (a *App) fix(d *desk, foreign bool, findings []finding.Finding) (int, error) {
	byPath := map[string][]finding.Finding{}
	for _, f := range findings {
		byPath[f.Path] = append(byPath[f.Path], f)
	}
	total := 0
	for _, f := range findings {
		list := byPath[f.Path]
		delete(byPath, f.Path)
		judge := d.judgeOf(f.Path, foreign)
		if judge == nil || !slices.ContainsFunc(list, func(f finding.Finding) bool { return f.Edit.Known() }) {
			continue
		}
		n, err := a.fixFile(d, f.Path, list, judge)
		if total += n; err != nil {
			return total, err
		}
	}
	return total, nil
}

// judgeOf finds the defects of one file by itself; nil for a file that is no record and
// not the definition.
func (d *desk) judgeOf(path string, foreign bool) func([]byte) []finding.Finding {
	if path == workflow.Path && !foreign {
		return func(src []byte) []finding.Finding {
			_, fs, err := workflow.Read(path, src, d.tree.Read)
			return orRefusal(fs, err)
		}
	}
	if d.def == nil {
		return nil
	}
	kind := d.def.KindOf(path)
	if kind == nil {
		return nil
	}
	return func(src []byte) []finding.Finding {
		_, fs, err := record.Read(kind, path, src)
		return orRefusal(fs, err)
	}
}

// orRefusal makes of an error a finding that no mend may lead to.
func orRefusal(fs []finding.Finding, err error) []finding.Finding {
	if err != nil {
		return []finding.Finding{{Rule: "yaml-syntax", Found: err.Error()}}
	}
	return fs
}

func (a *App) fixFile(d *desk, path string, findings []finding.Finding, judge func([]byte) []finding.Finding) (int, error) {
	src, err := d.tree.Read(path)
	if err != nil {
		return 0, nil // the finding about it says so
	}
	out, done := document.Mend(src, findings, judge)
	if len(done) == 0 {
		return 0, nil
	}
	if err := replaceFile(d.repo.Root(), path, out); err != nil {
		return 0, fmt.Errorf("%s was left as it was: %w", path, err)
	}
	n := 0
	for _, f := range slices.Concat(done...) {
		fmt.Fprintf(a.Stderr, "mended: %s\n", f)
		n++
	}
	return n, nil
}

// replaceFile writes a file of the work tree as a whole or not at all, and keeps its mode.
// It does not leave the tree, whatever links lie on the way.
func replaceFile(top, name string, content []byte) (err error) {
	root, err := os.OpenRoot(top)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	at := filepath.FromSlash(name)
	info, err := root.Lstat(at)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("it is no ordinary file: %w", fs.ErrInvalid)
	}
	beside := filepath.FromSlash(path.Join(path.Dir(name), ".liaison-"+path.Base(name)+".new"))
	if err := writeNew(root, beside, content, info.Mode().Perm()); err != nil {
		return err
	}
	if err := root.Rename(beside, at); err != nil {
		_ = root.Remove(beside)
		return err
	}
	return nil
}

func writeNew(root *os.Root, name string, content []byte, mode fs.FileMode) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if chmod := f.Chmod(mode); err == nil {
		err = chmod // the mode of a new file is cut by the umask
	}
	if sync := f.Sync(); err == nil {
		err = sync
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = root.Remove(name)
	}
	return err
}
