package proposal

import (
	"slices"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Listed are the records that a change adds or edits, by path. What a record says is copied
// only where it is clean, and then only what targets read; with all, whatever can be read
// is taken to be clean, for an answer that nobody keeps.
func (p *Proposal) Listed(all bool) ([]event.PullRecord, error) {
	dirty := map[string]bool{}
	if !all {
		var err error
		if dirty, err = p.dirty(); err != nil {
			return nil, err
		}
	}
	out := []event.PullRecord{}
	for _, d := range p.diffs {
		kind := p.base.Def.KindOf(d.Path)
		if kind == nil || !d.New.Regular || !utf8.ValidString(d.Path) { // JSON would bend such a path into another
			continue
		}
		r := event.PullRecord{Path: d.Path, Blob: d.New.Blob}
		if !dirty[d.Path] {
			r.Title, r.Fields = p.copied(kind, d.New)
		}
		out = append(out, r)
	}
	return out, nil
}

// dirty are the paths in which the change brings a defect, or leaves one.
func (p *Proposal) dirty() (map[string]bool, error) {
	found, err := p.defects()
	out := map[string]bool{}
	for _, f := range slices.Concat(found.brought, found.debt) {
		if f.Severity != finding.Warning {
			out[f.Path] = true
		}
	}
	return out, err
}

// copied is the title of a record and what targets read of it; nothing of one that cannot
// be read.
func (p *Proposal) copied(kind *workflow.Kind, f gitrepo.File) (title string, fields map[string]any) {
	values, ok := p.after.values(f.Path)
	if !ok {
		return "", nil
	}
	fields = map[string]any{}
	for _, name := range p.base.Def.TargetFields(kind) {
		if v, has := values[name]; has {
			fields[name] = v
		}
	}
	return record.Title(values, f.Path), fields
}
