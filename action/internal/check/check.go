// Package check turns the records of one tree into findings, each at its line and column. What
// an earlier run found in order is not looked at again.
package check

import (
	"errors"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/check/cache"
	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Options say what is checked, and how.
type Options struct {
	Wanted []string // paths from the repository's root; none: all
	Fresh  bool     // no verdict of an earlier run is believed, and none is kept
	Now    time.Time
}

// Tree checks the definition and the wanted records of a place.
func Tree(p desk.Place, definitions *workflow.Cache, o Options) (report.Check, error) {
	c := &checker{Place: p, definitions: definitions, readRule: once(p.Tree.Read), quiet: o.Now.Add(-settled).UnixNano()}
	if o.Fresh || !c.remember() {
		if err := c.complete(); err != nil {
			return report.Check{}, err
		}
	}
	result, err := c.check(o.Wanted)
	if err == nil && c.def != nil {
		result.Findings = finding.Sorted(append(result.Findings, c.def.Ending(o.Now)...))
	}
	return result, err
}

// A checker checks one tree, by an outline of the definition as long as nothing more is wanted.
type checker struct {
	desk.Place
	definitions *workflow.Cache
	readRule    func(path string) ([]byte, error) // reads a file that belongs to the rules, once
	def         *workflow.Definition              // nil when the findings say why
	whole       bool                              // def is no outline
	findings    []finding.Finding                 // in the definition
	kept        *cache.Cache                      // of earlier runs by these rules
	quiet       int64                             // what has not been changed after it stands still, in nanoseconds since 1970
}

// remember makes do with an outline of the definition, where there are verdicts by its rules:
// they were kept because nothing was found in it. Files of holidays are no part of those
// rules, since no verdict depends on them: the calendars are read every time.
func (c *checker) remember() bool {
	def, ok := workflow.Outline(c.Text.Path, c.Text.Source, c.readRule)
	if !ok {
		return false
	}
	c.def, c.kept = def, c.open(def)
	return !c.kept.Empty()
}

func (c *checker) open(def *workflow.Definition) *cache.Cache {
	return cache.Open(c.Repo.Folder(), report.Engine, c.Text.Source, def, c.readRule)
}

// complete reads the whole definition.
func (c *checker) complete() (err error) {
	c.whole = true
	c.def, c.findings, err = c.definitions.Read(c.Text.Path, c.Text.Source, c.readRule)
	return err
}

// check checks the definition and the wanted records.
func (c *checker) check(wanted []string) (report.Check, error) {
	result := report.Check{Engine: report.Engine, Commit: c.Head, Sources: c.source}
	var all []finding.Finding
	if c.def != nil {
		n, fs, err := c.files(wanted)
		if err != nil && !errors.Is(err, errUndefined) {
			return result, err
		}
		result.Records, all = n, fs
	}
	result.Findings = finding.Sorted(append(all, c.findings...))
	return result, nil
}

// source reads a file for the faces that show lines of it.
func (c *checker) source(path string) ([]byte, bool) {
	src, err := c.Tree.Read(path)
	return src, err == nil
}

// files checks the wanted records. Those of cached folders are only looked at where there is
// doubt.
func (c *checker) files(wanted []string) (n int, fs []finding.Finding, err error) {
	for _, apart := range []bool{c.kept != nil && len(wanted) == 0, false} {
		l, err := c.list(apart)
		if err != nil {
			return 0, nil, err
		}
		entries, unmatched := entriesOf(c.def, l.files, wanted)
		if len(wanted) > 0 {
			l.folders = nil // their other files are not looked at
		}
		n, fs, err = c.records(l, entries)
		switch {
		case err == nil:
			return n, slices.Concat(fs, unmatched), nil
		case !errors.Is(err, errDoubtful):
			return 0, nil, err
		}
	}
	return 0, nil, errDoubtful
}

// records checks each record by itself, and then beside the others: those without a defect of
// their own by their digests, unless something is wrong there.
func (c *checker) records(l listing, entries []record.Entry) (n int, fs []finding.Finding, err error) {
	places, fs := record.Places(c.def, entries)
	all, err := c.alone(places)
	if err != nil {
		return 0, nil, err
	}
	world := c.world(l)
	fit, shared := rule.NewFit(world), sharing(all, l.cached)
	if l.doubt(fit, shared) {
		return 0, nil, errDoubtful
	}
	records, err := c.closer(all, fit, shared)
	if err != nil {
		return 0, nil, err
	}
	for _, one := range all {
		fs = append(fs, one.findings...)
	}
	if world.Definition != c.def { // the whole one was wanted meanwhile
		world = c.world(l)
	}
	fs = slices.Concat(fs, world.Records(records))
	c.keepFolders(l, all, records, fs)
	return l.records() + count(all), fs, nil
}

// world is the tree as rules see it.
func (c *checker) world(l listing) rule.World {
	view := desk.NewView(c.def, c.Tree)
	if l.all != nil {
		view.Know(l.all)
	}
	return rule.World{Definition: c.def, Tree: view}
}
