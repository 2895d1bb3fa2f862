package proposal

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Defects are what rules find in the changed records.
type defects struct {
	brought []finding.Finding // by the change
	debt    []finding.Finding // that it found there
}

// allDefects tells the defects that the change brings from those that it found. Where there
// is none, nothing needs to be told apart.
func (p *Proposal) allDefects() (defects, error) {
	found, err := p.defectsOf(p.after)
	if err != nil {
		return defects{}, err
	}
	twins, err := p.pathTwins()
	if err != nil {
		return defects{}, err
	}
	found = finding.Sorted(append(found, twins...))
	if len(found) == 0 {
		return defects{}, nil
	}
	old, err := p.defectsOf(p.before)
	if err != nil {
		return defects{}, err
	}
	renamed, err := p.renamed()
	return p.apart(found, old, renamed), err
}

// apart tells the defects that are found now from those that were there before.
func (p *Proposal) apart(found, old []finding.Finding, renamed map[string]string) defects {
	for i, f := range old {
		if now := renamed[f.Path]; now != "" {
			old[i].Path = now
		}
	}
	from := reversed(renamed)
	brought, debt := introduced(found, old, func(f finding.Finding) string { return about(p.after.tree, f, f.Path) },
		func(f finding.Finding) string { return about(p.before.tree, f, cmp.Or(from[f.Path], f.Path)) })
	for i := range brought {
		if brought[i].Rule == "stray-file" {
			brought[i].Severity = finding.Error // nothing reads it, no rule either: it may say anything
		}
	}
	return defects{brought, debt}
}

// reversed leads from the values of a map to its keys.
func reversed(m map[string]string) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		out[v] = k
	}
	return out
}

// pathTwins compares added paths with all that are there: no other rule sees those.
func (p *Proposal) pathTwins() ([]finding.Finding, error) {
	added := map[string]bool{}
	for _, d := range p.diffs {
		if d.Old == (gitrepo.File{}) {
			added[d.Path] = true
		}
	}
	if len(added) == 0 {
		return nil, nil
	}
	paths := slices.Sorted(maps.Keys(added))
	if near, err := p.neighbours(paths); err != nil || len(rule.PathTwins(paths, near)) == 0 {
		return nil, err
	}
	files, err := p.after.tree.Files() // a folder that seems a twin may have been emptied
	var there []string
	for _, f := range files {
		if !added[f.Path] {
			there = append(there, f.Path)
		}
	}
	return rule.PathTwins(paths, there), err
}

// neighbours are what the base has in the folders that lead to some paths.
func (p *Proposal) neighbours(paths []string) ([]string, error) {
	var near []string
	seen := map[string]bool{}
	for _, path := range paths {
		for i := range path {
			if i > 0 && path[i] != '/' || seen[path[:i]] {
				continue
			}
			seen[path[:i]] = true
			names, err := p.base.Repo.Names(p.base.Head, path[:i])
			if err != nil {
				return nil, err
			}
			near = append(near, names...)
		}
	}
	return near, nil
}

// defectsOf are what rules find in the changed records on one side of the change, and in the
// records that refer to those that went away.
func (p *Proposal) defectsOf(s *side) ([]finding.Finding, error) {
	l, err := s.loaded()
	if err != nil {
		return nil, err
	}
	fs := slices.Clone(l.findings)
	world := rule.World{Definition: p.base.Def, Tree: s.view}
	for _, r := range l.records {
		fs = append(fs, world.Record(r)...)
	}
	twins, err := p.twins(s.view, l.records)
	if err != nil {
		return nil, err
	}
	dangling, err := p.dangling(world, s.view)
	return finding.Sorted(slices.Concat(fs, twins, dangling)), err
}

// twins compares the changed records with all others of their kind, where the kind has
// values that no two may share.
func (p *Proposal) twins(view *desk.View, changed []record.Record) ([]finding.Finding, error) {
	mine := map[string]bool{}
	var all []record.Record
	kinds := map[*workflow.Kind]bool{}
	for _, r := range changed {
		mine[r.Path()] = true
		if r.Kind.Schema != nil && r.Kind.Schema.Unique() {
			kinds[r.Kind] = true
			all = append(all, r)
		}
	}
	for kind := range kinds {
		others, err := view.Records(kind)
		if err != nil {
			return nil, err
		}
		all = append(slices.DeleteFunc(others, func(r record.Record) bool { return mine[r.Path()] }), all...)
	}
	return slices.DeleteFunc(rule.Twins(all, mine), func(f finding.Finding) bool { return !mine[f.Path] }), nil
}

// dangling looks for records that point at what the change takes away. Only then the
// records of the kinds that may do so are read.
func (p *Proposal) dangling(world rule.World, view *desk.View) ([]finding.Finding, error) {
	gone := map[string]bool{}
	for _, d := range p.diffs {
		if kind := p.base.Def.KindOf(d.Path); kind != nil && d.New == (gitrepo.File{}) {
			gone[d.Path] = true
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	var fs []finding.Finding
	for _, kind := range p.base.Def.Kinds {
		if kind.Schema == nil || !p.refers(kind, gone) {
			continue
		}
		records, err := view.Records(kind)
		if err != nil {
			return nil, err
		}
		for _, r := range records {
			fs = append(fs, world.Dangling(r, gone)...)
		}
	}
	return fs, nil
}

// refers reports whether records of a kind may name some of what goes away.
func (p *Proposal) refers(kind *workflow.Kind, gone map[string]bool) bool {
	for path := range gone {
		if kind.Schema.Refers(p.base.Def.KindOf(path).Name) {
			return true
		}
	}
	return false
}

// about is the text that a finding speaks of, where its words do not say it because they
// must not: a new address in the place of an old one is a new defect.
func about(tree gitrepo.Tree, f finding.Finding, path string) string {
	if f.Rule != "private" && f.Rule != "not-here" {
		return ""
	}
	src, _ := tree.Read(path)
	lines := strings.Split(string(src), "\n")
	if f.Line < 1 || f.Line > len(lines) {
		return string(src)
	}
	text := lines[f.Line-1]
	for _, line := range lines[f.Line:] { // what is indented more belongs to it
		if rest := strings.TrimLeft(line, " "); rest != "" && len(line)-len(rest) <= len(text)-len(strings.TrimLeft(text, " ")) {
			break
		}
		text += "\n" + line
	}
	return text
}

// introduced tells the defects that a change brings from those that it found: the same, and
// about the same.
func introduced(found, old []finding.Finding, now, then func(finding.Finding) string) (brought, debt []finding.Finding) {
	known := map[string]int{}
	key := func(f finding.Finding, about string) string {
		return f.Path + "\x00" + f.Rule + "\x00" + f.Found + "\x00" + about
	}
	for _, f := range old {
		known[key(f, then(f))]++
	}
	for _, f := range found {
		if k := key(f, now(f)); known[k] > 0 {
			known[k]--
			debt = append(debt, f)
			continue
		}
		brought = append(brought, f)
	}
	return brought, debt
}
