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
		c := &checker{Place: p, definitions: definitions, readRule: once(p.Tree.Read)}
		var now []finding.Finding
		result, now, err = c.round(o.Wanted)
		if mended = append(mended, now...); err != nil || len(now) == 0 {
			return result, mended, err
		}
		if p, err = w.WorkTree(p.Repo); err != nil { // the definition may be what was mended
			return result, mended, err
		}
	}
	return result, mended, fmt.Errorf("each of %d rounds of mends led to another one: stopped, with every file as the last round left it; run check to see what is left", mostRounds)
}

// round checks once and mends what was found.
func (c *checker) round(wanted []string) (result report.Check, mended []finding.Finding, err error) {
	if err = c.complete(); err != nil {
		return result, nil, err
	}
	if result, err = c.check(wanted); err != nil {
		return result, nil, err
	}
	mended, err = c.fix(result.Findings)
	return result, mended, err
}

// fix makes the edits of findings in the files of the work tree, and tells which it made.
func (c *checker) fix(findings []finding.Finding) (mended []finding.Finding, err error) {
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
		if check := c.checkOf(one.Path); check != nil {
			done, err := c.fixFile(one.Path, list, check)
			if mended = append(mended, done...); err != nil {
				return mended, err
			}
		}
	}
	return mended, nil
}

// checkOf finds the defects of one file by itself; nil for a file that is no record and not
// the definition. A definition from outside is nobody's to change here.
func (c *checker) checkOf(path string) func([]byte) []finding.Finding {
	if path == workflow.Path && !c.Text.Outside {
		return func(src []byte) []finding.Finding {
			_, fs, err := workflow.Read(path, src, c.Tree.Read)
			return orRefusal(fs, err)
		}
	}
	if c.def == nil {
		return nil
	}
	kind := c.def.KindOf(path)
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

func (c *checker) fixFile(path string, findings []finding.Finding, check func([]byte) []finding.Finding) ([]finding.Finding, error) {
	src, err := c.Tree.Read(path)
	if err != nil {
		return nil, nil // the finding about it says so
	}
	out, done := document.Mend(src, findings, check)
	if len(done) == 0 {
		return nil, nil
	}
	if err := replaceFile(c.Repo.Root(), path, out); err != nil {
		return nil, fmt.Errorf("%s was left as it was: %w", path, err)
	}
	return slices.Concat(done...), nil
}
