package app

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A proposal is a change under judgement: the desk at its base, and the two trees between
// which it lies.
type proposal struct {
	*desk
	actor  account.Account
	fork   string               // where base and head parted
	forks  int                  // how many such places there are
	head   string               // what would land
	before gitrepo.Tree         // at the fork
	after  gitrepo.Tree         // what merging leaves: the base with the change
	diffs  []gitrepo.Difference // what the change does that the base does not have already
	now    time.Time            // when it is judged
}

// judge judges the change between --base and --head by the rules of the base.
func (a *App) judge(ctx context.Context, c checking, show func(report.Check) error) error {
	p, err := c.propose(a.Definitions)
	if err != nil {
		return err
	}
	defer p.close()
	if err := p.defined(a); err != nil {
		return err
	}
	p.now = a.Now().UTC()
	result, _, err := p.judged(ctx, a, c.actor)
	if err != nil {
		return err
	}
	return show(result)
}

// judged judges the change itself, and gives the history by which it was judged; nil where
// nobody said whose change it is.
func (p *proposal) judged(ctx context.Context, a *App, actor string) (report.Check, *narrow, error) {
	renamed, err := p.renames()
	if err != nil {
		return report.Check{}, nil, err
	}
	changes, err := p.changes(renamed)
	if err != nil {
		return report.Check{}, nil, err
	}
	result := report.Check{Engine: Version, Commit: p.head, Base: p.desk.head, Head: p.head, Actor: actor, Records: len(changes)}
	result.Sources = func(path string) ([]byte, bool) {
		src, err := p.after.Read(path)
		return src, err == nil
	}
	if result.Findings, result.Debt, err = p.allDefects(renamed); err != nil {
		return report.Check{}, nil, err
	}
	rules, err := p.newRules(a.Now())
	if err != nil {
		return report.Check{}, nil, err
	}
	result.Findings = slices.Concat(result.Findings, rules, p.tangled())
	result.WhatIf = p.whatIf(ctx, a)
	if !p.actor.Known() { // its defects are all that can be told
		result.Findings = finding.Sorted(append(result.Findings, finding.Finding{Rule: "no-actor", Severity: finding.Warning, Path: workflow.Path,
			Found: "whose change it is was not said, so moves and rights were not judged", Expected: "--actor LOGIN#ID"}))
		return result, nil, nil
	}
	h, err := p.history(ctx, a, changes)
	if err != nil {
		return report.Check{}, nil, err
	}
	result.Findings = finding.Sorted(append(result.Findings, p.rights(h, changes, p.now)...))
	result.Outcome, err = p.outcome(h, changes)
	return result, h, err
}

// barred are the defects that a change without renames brings, and what its author may not
// do.
func (p *proposal) barred(ctx context.Context, a *App) ([]finding.Finding, error) {
	changes, err := p.changes(nil)
	if err != nil {
		return nil, err
	}
	brought, _, err := p.allDefects(nil)
	if err != nil {
		return nil, err
	}
	h, err := p.history(ctx, a, changes)
	if err != nil {
		return nil, err
	}
	return finding.Sorted(append(brought, p.rights(h, changes, p.now)...)), nil
}

// propose opens the desk at the base and finds what differs.
func (c checking) propose(compiled *workflow.Cache) (*proposal, error) {
	p := &proposal{}
	var err error
	if c.actor != "" {
		if p.actor, err = account.Parse(c.actor); err != nil {
			return nil, usage("--actor: %v", err)
		}
	}
	base := c.where
	base.rev = c.base
	if p.desk, err = base.atRevision(compiled); err != nil {
		return nil, err
	}
	if err := p.open(c.head); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *proposal) open(head string) (err error) {
	if p.head, err = p.repo.Resolve(head); err != nil {
		return err
	}
	forks, err := p.repo.MergeBases(p.desk.head, p.head)
	if err != nil {
		return err
	}
	p.fork, p.forks = forks[0], len(forks)
	if p.before, err = p.repo.Tree(p.fork); err != nil {
		return err
	}
	if p.diffs, err = p.differences(); err != nil {
		return err
	}
	after, err := p.repo.Tree(p.head)
	p.after = newMerged(p.tree, after, p.diffs)
	return err
}

// differences are what differs since the fork, less what the base has come to have as well:
// merging that changes nothing.
func (p *proposal) differences() ([]gitrepo.Difference, error) {
	diffs, err := p.repo.Diff(p.fork, p.head)
	if err != nil || p.fork == p.desk.head {
		return diffs, err
	}
	now, err := p.repo.Diff(p.desk.head, p.head)
	differs := map[string]bool{}
	for _, d := range now {
		differs[d.Path] = true
	}
	return slices.DeleteFunc(diffs, func(d gitrepo.Difference) bool { return !differs[d.Path] }), err
}

// tangled: where base and head parted more than once, what merging leaves depends on how it
// is done, and so would the judgement.
func (p *proposal) tangled() []finding.Finding {
	if p.forks == 1 {
		return nil
	}
	return []finding.Finding{{Rule: "several-forks", Path: workflow.Path, Found: fmt.Sprintf("the branch and its base parted in %d places: each was merged into the other", p.forks),
		Expected: "one place", Fix: "merge the base into the branch once more"}}
}

// newRules are the defects of a changed definition. It judges nothing yet, and would judge
// everything once it has landed.
func (p *proposal) newRules(now time.Time) ([]finding.Finding, error) {
	if !slices.ContainsFunc(p.rules(), func(path string) bool { return path == workflow.Path || strings.HasSuffix(path, ".ics") }) {
		return nil, nil
	}
	src, err := p.after.Read(workflow.Path)
	if err != nil {
		return []finding.Finding{{Rule: "no-definition", Path: workflow.Path, Found: "the change takes the definition away, or makes it unreadable", Expected: "the desk's definition"}}, nil
	}
	def, fs, err := p.compiled.Read(workflow.Path, src, p.after.Read)
	if def != nil {
		fs = append(fs, def.Ending(now)...)
	}
	return fs, err
}

// allDefects tells the defects that the change brings from those that it found. Where there
// is none, nothing needs to be told apart.
func (p *proposal) allDefects(renamed map[string]string) (brought, debt []finding.Finding, err error) {
	found, err := p.defects(p.after, func(d gitrepo.Difference) gitrepo.File { return d.New })
	if err != nil {
		return nil, nil, err
	}
	twins, err := p.pathTwins()
	if err != nil {
		return nil, nil, err
	}
	found = finding.Sorted(append(found, twins...))
	if len(found) == 0 {
		return nil, nil, nil
	}
	old, err := p.defects(p.before, func(d gitrepo.Difference) gitrepo.File { return d.Old })
	if err != nil {
		return nil, nil, err
	}
	for i, f := range old {
		if now := renamed[f.Path]; now != "" {
			old[i].Path = now
		}
	}
	from := map[string]string{}
	for was, now := range renamed {
		from[now] = was
	}
	brought, debt = introduced(found, old, func(f finding.Finding) string { return about(p.after, f, f.Path) },
		func(f finding.Finding) string { return about(p.before, f, cmp.Or(from[f.Path], f.Path)) })
	for i := range brought {
		if brought[i].Rule == "stray-file" {
			brought[i].Severity = finding.Error // nothing reads it, no rule either: it may say anything
		}
	}
	return brought, debt, nil
}

// pathTwins compares added paths with all that are there: no other rule sees those.
func (p *proposal) pathTwins() ([]finding.Finding, error) {
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
	files, err := p.after.Files() // a folder that seems a twin may have been emptied
	var there []string
	for _, f := range files {
		if !added[f.Path] {
			there = append(there, f.Path)
		}
	}
	return rule.PathTwins(paths, there), err
}

// neighbours are what the base has in the folders that lead to some paths.
func (p *proposal) neighbours(paths []string) ([]string, error) {
	var near []string
	seen := map[string]bool{}
	for _, path := range paths {
		for i := range path {
			if i > 0 && path[i] != '/' || seen[path[:i]] {
				continue
			}
			seen[path[:i]] = true
			names, err := p.repo.Names(p.desk.head, path[:i])
			if err != nil {
				return nil, err
			}
			near = append(near, names...)
		}
	}
	return near, nil
}

// defects are what rules find in the changed records on one side of the change, and in the
// records that refer to those that went away.
func (p *proposal) defects(tree gitrepo.Tree, side func(gitrepo.Difference) gitrepo.File) ([]finding.Finding, error) {
	var entries []record.Entry
	for _, d := range p.diffs {
		if f := side(d); f != (gitrepo.File{}) {
			entries = append(entries, entry(f))
		}
	}
	records, fs, err := record.Load(p.def, entries, tree.Read)
	if err != nil {
		return nil, err
	}
	view := newView(p.def, tree)
	world := rule.World{Definition: p.def, Tree: view}
	for _, r := range records {
		fs = append(fs, world.Record(r)...)
	}
	twins, err := p.twins(view, records)
	if err != nil {
		return nil, err
	}
	dangling, err := p.dangling(world, view)
	return finding.Sorted(slices.Concat(fs, twins, dangling)), err
}

// twins compares the changed records with all others of their kind, where the kind has
// values that no two may share.
func (p *proposal) twins(view *view, changed []record.Record) ([]finding.Finding, error) {
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
		others, err := view.records(kind)
		if err != nil {
			return nil, err
		}
		all = append(slices.DeleteFunc(others, func(r record.Record) bool { return mine[r.Path()] }), all...)
	}
	return slices.DeleteFunc(rule.Twins(all, mine), func(f finding.Finding) bool { return !mine[f.Path] }), nil
}

// dangling looks for records that point at what the change takes away. Only then the
// records of the kinds that may do so are read.
func (p *proposal) dangling(world rule.World, view *view) ([]finding.Finding, error) {
	gone := map[string]bool{}
	for _, d := range p.diffs {
		if kind := p.def.KindOf(d.Path); kind != nil && d.New == (gitrepo.File{}) {
			gone[d.Path] = true
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	var fs []finding.Finding
	for _, kind := range p.def.Kinds {
		if kind.Schema == nil || !p.refers(kind, gone) {
			continue
		}
		records, err := view.records(kind)
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
func (p *proposal) refers(kind *workflow.Kind, gone map[string]bool) bool {
	for path := range gone {
		if kind.Schema.Refers(p.def.KindOf(path).Name) {
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

// changes are the changed records, renames followed.
func (p *proposal) changes(renamed map[string]string) ([]rule.Changed, error) {
	from := map[string]string{}
	for old, now := range renamed {
		from[now] = old
	}
	var out []rule.Changed
	for _, d := range p.diffs {
		kind := p.def.KindOf(d.Path)
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
func (p *proposal) renames() (map[string]string, error) {
	gone, come := map[*workflow.Kind][]event.Change{}, map[*workflow.Kind][]event.Change{}
	for _, d := range p.diffs {
		kind := p.def.KindOf(d.Path)
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
		pairs, err := event.Renames(kind, gone[kind], come[kind], p.blob)
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
func (p *proposal) changed(kind *workflow.Kind, d gitrepo.Difference, from string) (rule.Changed, error) {
	c := rule.Changed{Kind: kind, Path: d.Path, Deleted: d.New == (gitrepo.File{}) || !d.New.Regular && d.Old != (gitrepo.File{})}
	old := d.Path
	if from != "" {
		old = from
	}
	c.OldPath = old
	c.New = d.Old == (gitrepo.File{}) && from == ""
	if src, err := p.tree.Read(old); err == nil {
		c.Was, _ = record.Values(src)
		c.New = false
	}
	if src, err := p.before.Read(old); err == nil {
		c.Began, _ = record.Values(src)
	}
	if c.Deleted || !d.New.Regular {
		return c, nil
	}
	records, _, err := record.Load(p.def, []record.Entry{entry(d.New)}, p.after.Read)
	if len(records) > 0 {
		c.Record = &records[0]
	}
	return c, err
}

// rights judges the change by what its author may do. States and filers are derived from
// the history of the base, of the changed records and the roster alone.
func (p *proposal) rights(h *narrow, changes []rule.Changed, now time.Time) []finding.Finding {
	byPath := live(h.ledger)
	for i := range changes {
		if r := byPath[changes[i].OldPath]; r != nil {
			changes[i].State, changes[i].Filer = r.State, r.Filer
		}
	}
	return rule.Change{
		World:  rule.World{Definition: p.def, Tree: newView(p.def, p.after)},
		Roster: h.roster, Actor: p.actor, Now: now, Records: changes, Rules: p.rules(),
	}.Judge()
}

// live are the records that stand on the default branch, by path.
func live(ledger *event.Ledger) map[string]*event.Record {
	out := map[string]*event.Record{}
	for _, r := range ledger.Records {
		if r.Live {
			out[r.Path] = r
		}
	}
	return out
}

// narrow is the history of the base, narrowed to the changed records and the roster.
type narrow struct {
	input  event.Input
	ledger *event.Ledger
	roster *roster.Roster
}

func (p *proposal) history(ctx context.Context, a *App, changes []rule.Changed) (*narrow, error) {
	if err := p.repo.Complete(); err != nil {
		return nil, err
	}
	seen, err := a.witness(p.desk)
	if err != nil {
		return nil, err
	}
	only := map[string]bool{}
	for _, c := range changes {
		only[c.OldPath], only[c.Path] = true, true
	}
	landings, err := p.landings(ctx, a) // of all kinds: lookups may ask for any
	if err != nil {
		return nil, err
	}
	h := &narrow{input: event.Input{Definition: p.def, Landings: landings, Pulls: seen.pulls, AsOf: p.now, Read: p.blob, Only: only}}
	h.ledger, h.roster, err = event.Derive(h.input)
	return h, err
}

// rules are the changed files that are rules: what is in .github, the schemas, and the other
// places where GitHub looks for code owners; however they are capitalized.
func (p *proposal) rules() []string {
	fixed := map[string]bool{".github": true, "codeowners": true, "docs/codeowners": true}
	for _, k := range p.def.Kinds {
		fixed[document.Folded(k.SchemaAt)] = true
	}
	for _, c := range p.def.Calendars {
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

// records reads all records of a kind that can be read.
func (v *view) records(kind *workflow.Kind) ([]record.Record, error) {
	var entries []record.Entry
	for _, p := range v.Paths(kind) {
		f, _ := v.file(p)
		entries = append(entries, entry(f))
	}
	records, _, err := record.Load(v.def, entries, v.tree.Read)
	return records, err
}
