package app

import (
	"slices"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/workflow"
)

// against is the desk as a pull request met it: of a merged one, as it stood just before;
// of any other, as it stands.
func (s *visit) against(p hub.Pull) (*desk, error) {
	first := landedFirst(p.Pull)
	if first == "" {
		return s.desk, nil
	}
	before, err := s.repo.Resolve(first + "^")
	if err != nil {
		return nil, err
	}
	d := *s.desk
	d.head = before
	d.tree, err = s.repo.Tree(before)
	return &d, err
}

// landedFirst is the first commit that a pull request landed, "" for none.
func landedFirst(p event.Pull) string {
	i := slices.IndexFunc(p.Entries, func(e event.Entry) bool { return e.Kind == event.Merged })
	if i < 0 {
		return ""
	}
	return p.Entries[i].First
}

// proposed is the change that a pull request makes, at its head.
func (s *visit) proposed(p hub.Pull) (*proposal, error) {
	d, err := s.against(p)
	if err != nil {
		return nil, err
	}
	change := &proposal{desk: d, actor: p.Author}
	return change, change.open(p.Head)
}

// listed are the records that a change adds or edits, by path. What a record says is copied
// only where it is clean, and then only what targets read; with all, whatever can be read
// is taken to be clean, for an answer that nobody keeps.
func (p *proposal) listed(all bool) ([]event.PullRecord, error) {
	dirty := map[string]bool{}
	if !all {
		found, err := p.dirty()
		if err != nil {
			return nil, err
		}
		dirty = found
	}
	out := []event.PullRecord{}
	for _, d := range p.diffs {
		kind := p.def.KindOf(d.Path)
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

// dirty are the paths in which the change brings a defect.
func (p *proposal) dirty() (map[string]bool, error) {
	renamed, err := p.renames()
	if err != nil {
		return nil, err
	}
	brought, debt, err := p.allDefects(renamed)
	out := map[string]bool{}
	for _, f := range slices.Concat(brought, debt) {
		if f.Severity != finding.Warning {
			out[f.Path] = true
		}
	}
	return out, err
}

// copied is the title of a record and what targets read of it; nothing of one that cannot
// be read.
func (p *proposal) copied(kind *workflow.Kind, f gitrepo.File) (title string, fields map[string]any) {
	src, err := p.after.Read(f.Path)
	if err != nil {
		return "", nil
	}
	values, ok := record.Values(src)
	if !ok {
		return "", nil
	}
	fields = map[string]any{}
	for _, name := range p.def.Judged(kind) {
		if v, has := values[name]; has {
			fields[name] = v
		}
	}
	return record.Title(values, f.Path), fields
}
