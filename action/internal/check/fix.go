package check

import (
	"fmt"
	"slices"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
)

// mostRounds is how often the whole tree is checked again: a mend in one file may be what
// another one waited for.
const mostRounds = 10

// Fix checks the work tree of a repository and makes the mends that are known, until there are
// none. The result is what is left; mended is what was mended, also where it fails half way.
func Fix(w desk.Where, p desk.Place, definitions *workflow.Cache, o Options) (result report.Check, mended []finding.Finding, err error) {
	for range mostRounds {
		f := &fixer{checker: &checker{Place: p, definitions: definitions, readRule: once(p.Tree.Read)}}
		result, err = f.round(o.Wanted)
		if mended = append(mended, f.mended...); err != nil || len(f.mended) == 0 {
			return result, mended, err
		}
		if p, err = w.WorkTree(p.Repo); err != nil { // the definition may be what was mended
			return result, mended, err
		}
	}
	return result, mended, fmt.Errorf("each of %d rounds of mends led to another one: stopped, with every file as the last round left it; run check to see what is left", mostRounds)
}

// A fixer checks once and mends what was found.
type fixer struct {
	*checker
	mended []finding.Finding
}

func (f *fixer) round(wanted []string) (report.Check, error) {
	if err := f.complete(); err != nil {
		return report.Check{}, err
	}
	result, err := f.check(wanted)
	if err == nil {
		err = f.fix(result.Findings)
	}
	return result, err
}

// fix makes the edits of findings in the files of the work tree.
func (f *fixer) fix(findings []finding.Finding) error {
	byPath := map[string][]finding.Finding{}
	for _, one := range findings {
		byPath[one.Path] = append(byPath[one.Path], one)
	}
	for _, one := range findings {
		list := byPath[one.Path]
		delete(byPath, one.Path)
		if !slices.ContainsFunc(list, func(f finding.Finding) bool { return f.Edit.Known() }) {
			continue
		}
		if check := f.checkOf(one.Path); check != nil {
			if err := f.fixFile(one.Path, list, check); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkOf finds the defects of one file by itself; nil for a file that is no record and not
// the definition. A definition from outside is nobody's to change here.
func (f *fixer) checkOf(path string) func([]byte) []finding.Finding {
	if path == workflow.Path && !f.Text.Outside {
		return func(src []byte) []finding.Finding {
			_, fs, err := workflow.Read(path, src, f.Tree.Read)
			return orRefusal(fs, err)
		}
	}
	if f.def == nil {
		return nil
	}
	kind := f.def.KindOf(path)
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

func (f *fixer) fixFile(path string, findings []finding.Finding, check func([]byte) []finding.Finding) error {
	src, err := f.Tree.Read(path)
	if err != nil {
		return nil // the finding about it says so
	}
	out, done := document.Mend(src, findings, check)
	if len(done) == 0 {
		return nil
	}
	if err := replaceFile(f.Repo.Root(), path, out); err != nil {
		return fmt.Errorf("%s was left as it was: %w", path, err)
	}
	f.mended = append(f.mended, slices.Concat(done...)...)
	return nil
}
