package app

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/workflow"
)

// mayRule reports whether a file may be one that the rules hang on: the definition, or what
// one names.
func mayRule(file string) bool {
	return file == workflow.Path || path.Ext(file) == ".json" || path.Ext(file) == ".ics"
}

// A ruling is a landing that changed the rules, and when it landed.
type ruling struct {
	commit string
	at     time.Time
}

// rulings are the landings that may have changed the rules, oldest first; at is when each of
// them landed.
func rulings(in event.Input, at []time.Time) []ruling {
	var out []ruling
	for i, l := range in.Landings {
		if slices.ContainsFunc(l.Changes, func(c event.Change) bool { return mayRule(c.Path) }) {
			out = append(out, ruling{l.Commit, at[i]})
		}
	}
	return out
}

// reigns are the definitions that were in force one after another, the last being the one
// that is asked with; an alarm says where one was broken, so that the one before it went on.
// A definition given with --config stands for all of them. Where nothing happened that could
// start a clock, a definition is not even read.
func (d *desk) reigns(in event.Input) ([]clock.Reign, []event.Alarm, error) {
	last := clock.Reign{Definition: d.def}
	if d.outside != "" {
		return []clock.Reign{last}, nil, nil
	}
	var reigns []clock.Reign
	var alarms []event.Alarm
	at := in.Landed()
	changes, busy := rulings(in, at), sync.OnceValue(func() moments { return busy(in, at) })
	for i, r := range changes {
		if i+1 == len(changes) {
			last.From = r.at
		}
		if i+1 == len(changes) && !d.broken || i > 0 && i+1 < len(changes) && !busy().between(r.at, changes[i+1].at) {
			continue
		}
		def, why, err := d.definitionAt(r.commit)
		switch {
		case err != nil:
			return nil, nil, err
		case def == nil:
			alarms = append(alarms, event.Alarm{Time: r.at, Record: workflow.Path, Commit: r.commit, Words: fmt.Sprintf("the definition is broken as of commit %s (%s): the good one next to it holds in its place", r.commit, why)})
		case i+1 < len(changes):
			reigns = append(reigns, clock.Reign{From: r.at, Definition: def})
		}
	}
	return append(reigns, last), alarms, nil
}

// definitionAt is the definition as a commit has it; nil with the reason where it is broken
// or missing.
func (d *desk) definitionAt(commit string) (def *workflow.Definition, why string, err error) {
	tree, err := d.repo.Tree(commit)
	if err != nil {
		return nil, "", err
	}
	src, err := tree.Read(workflow.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "there is no " + workflow.Path, nil
	}
	if err != nil {
		return nil, err.Error(), nil
	}
	def, found, err := d.compiled.Read(workflow.Path, src, tree.Read)
	if def == nil && len(found) > 0 {
		why = found[0].Found
	}
	return def, why, err
}

// fallBack takes the definition at the end of a line; where it is broken there, the last one
// before it that is not.
func (d *desk) fallBack(landings []event.Landing) error {
	end := landings[len(landings)-1].Commit
	commits := []string{end}
	for _, l := range slices.Backward(landings) {
		if slices.ContainsFunc(l.Changes, func(c event.Change) bool { return mayRule(c.Path) }) {
			commits = append(commits, l.Commit)
		}
	}
	for _, c := range commits {
		def, _, err := d.definitionAt(c)
		if def != nil || err != nil {
			d.def, d.broken = def, c != end
			return err
		}
	}
	return fmt.Errorf("there is no definition without defects in the history of %s: expected one in %s, or a file with --config FILE", end, workflow.Path)
}

// remembering is a definition with what those before it promised.
func remembering(def *workflow.Definition, reigns []clock.Reign) *workflow.Definition {
	var past []*workflow.Definition
	for _, r := range slices.Backward(reigns) {
		if r.Definition != def {
			past = append(past, r.Definition)
		}
	}
	return def.Remembering(past)
}

// moments are the instants at which something happened, in order.
type moments []time.Time

// busy are the instants at which records or pull requests changed: only there clocks start.
func busy(in event.Input, at []time.Time) moments {
	var out moments
	for i, l := range in.Landings {
		if l.Branch != nil {
			out = append(out, l.Branch.Time)
		}
		if slices.ContainsFunc(l.Changes, func(c event.Change) bool { return in.Definition.KindOf(c.Path) != nil }) {
			out = append(out, at[i])
		}
	}
	for _, p := range in.Pulls {
		for _, e := range p.Entries {
			out = append(out, e.At)
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return out
}

// between reports whether something happened from an instant on, and before another.
func (m moments) between(from, to time.Time) bool {
	i, _ := slices.BinarySearchFunc(m, from, time.Time.Compare)
	return i < len(m) && m[i].Before(to)
}

// targets are those of the definition, and those of past ones of which clocks are left.
func (p *past) targets() []*workflow.Target {
	out := slices.Clone(p.def.Targets)
	for _, c := range p.clocks {
		if !slices.ContainsFunc(out, func(t *workflow.Target) bool { return t.Name == c.Target.Name }) {
			out = append(out, c.Target)
		}
	}
	slices.SortStableFunc(out[len(p.def.Targets):], func(a, b *workflow.Target) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
