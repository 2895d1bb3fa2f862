package proposal

import (
	"errors"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Rules are the definition as merging leaves it.
type rules struct {
	def      *workflow.Definition // nil: the findings say why
	findings []finding.Finding
	gone     bool // there is none that can be read
}

func (p *Proposal) readRules() (r rules, err error) {
	src, err := p.after.tree.Read(workflow.Path)
	if err != nil {
		return rules{gone: true}, nil
	}
	r.def, r.findings, err = p.definitions.Read(workflow.Path, src, p.after.tree.Read)
	return r, err
}

// newRules are the defects of a changed definition. It governs nothing yet, and would govern
// everything once it has landed.
func (p *Proposal) newRules(now time.Time) ([]finding.Finding, error) {
	if !slices.ContainsFunc(p.changedRules(), func(path string) bool { return path == workflow.Path || strings.HasSuffix(path, ".ics") }) {
		return nil, nil
	}
	r, err := p.rules()
	switch {
	case r.gone:
		return []finding.Finding{{Rule: "no-definition", Path: workflow.Path, Found: "the change takes the definition away, or makes it unreadable", Expected: "the desk's definition"}}, nil
	case r.def != nil:
		return append(slices.Clone(r.findings), r.def.Ending(now)...), err
	}
	return r.findings, err
}

// changedRules are the changed files that are rules: what is in .github, the schemas, and the
// other places where GitHub looks for code owners; however they are capitalized.
func (p *Proposal) changedRules() []string {
	fixed := map[string]bool{".github": true, "codeowners": true, "docs/codeowners": true}
	for _, k := range p.base.Def.Kinds {
		fixed[document.Folded(k.SchemaAt)] = true
	}
	for _, c := range p.base.Def.Calendars {
		for _, path := range c.Files {
			fixed[document.Folded(path)] = true
		}
	}
	var out []string
	for _, d := range p.diffs {
		if path := document.Folded(d.Path); strings.HasPrefix(path, ".github/") || fixed[path] {
			out = append(out, d.Path)
		}
	}
	return out
}

// changesDefinition reports whether the change is to the definition, or to a file that it
// names: a schema, or a list of holidays.
func (p *Proposal) changesDefinition() bool {
	named := map[string]bool{workflow.Path: true}
	for _, k := range p.base.Def.Kinds {
		named[k.SchemaAt] = true
	}
	return slices.ContainsFunc(p.diffs, func(d gitrepo.Difference) bool { return named[d.Path] || path.Ext(d.Path) == ".ics" })
}

// ruledBy is the definition that merging leaves: that of the base where the change is to none
// of its files.
func (p *Proposal) ruledBy() (*workflow.Definition, error) {
	if !p.changesDefinition() {
		return p.base.Def, nil
	}
	r, err := p.rules()
	switch {
	case err != nil:
		return p.base.Def, err
	case r.gone:
		_, err := p.after.tree.Read(workflow.Path)
		return p.base.Def, err
	case r.def == nil:
		return p.base.Def, errors.New("the changed definition has defects")
	}
	return r.def, nil
}
