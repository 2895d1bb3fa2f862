package proposal

import (
	"maps"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/workflow"
)

// changes are the changed records, renames followed.
func (p *Proposal) changes() ([]rule.Changed, error) {
	renamed, err := p.renamed()
	if err != nil {
		return nil, err
	}
	from := reversed(renamed)
	var out []rule.Changed
	for _, d := range p.diffs {
		kind := p.base.Def.KindOf(d.Path)
		if _, moved := renamed[d.Path]; kind == nil || moved {
			continue
		}
		c, err := p.changed(kind, d, from[d.Path])
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// renames follows records to other paths, as history will when the change has landed.
func (p *Proposal) renames() (map[string]string, error) {
	gone, come := map[*workflow.Kind][]event.Change{}, map[*workflow.Kind][]event.Change{}
	for _, d := range p.diffs {
		kind := p.base.Def.KindOf(d.Path)
		switch {
		case kind == nil:
		case d.New == (gitrepo.File{}) && d.Old.Regular:
			gone[kind] = append(gone[kind], event.Change{Path: d.Path, Old: d.Old.Blob})
		case d.Old == (gitrepo.File{}) && d.New.Regular:
			come[kind] = append(come[kind], event.Change{Path: d.Path, New: d.New.Blob})
		}
	}
	out := map[string]string{}
	for kind := range gone {
		pairs, err := event.Renames(kind, gone[kind], come[kind], p.base.Version)
		if err != nil {
			return nil, err
		}
		maps.Copy(out, pairs)
	}
	return out, nil
}

// changed is one record of the change. What it was is read at the base, on which rights
// hang, and at the fork, which tells the author's changes from others'. What is no file any
// more is deleted.
func (p *Proposal) changed(kind *workflow.Kind, d gitrepo.Difference, from string) (rule.Changed, error) {
	c := rule.Changed{Kind: kind, Path: d.Path, Deleted: d.New == (gitrepo.File{}) || !d.New.Regular && d.Old != (gitrepo.File{})}
	old := d.Path
	if from != "" {
		old = from
	}
	c.OldPath = old
	c.New = d.Old == (gitrepo.File{}) && from == ""
	was, there := valuesIn(p.base.Tree, old)
	c.Was, c.New = was, c.New && !there
	if c.Began = c.Was; p.fork != p.base.Head {
		c.Began, _ = valuesIn(p.before.tree, old)
	}
	if c.Deleted || !d.New.Regular {
		return c, nil
	}
	var err error
	c.Record, err = p.after.record(d.Path)
	return c, err
}

// valuesIn are the values of a record in a tree, nil where they cannot be read, and whether a
// file is there.
func valuesIn(tree gitrepo.Tree, path string) (values map[string]any, there bool) {
	src, err := tree.Read(path)
	if err != nil {
		return nil, false
	}
	values, _ = record.Values(src)
	return values, true
}
