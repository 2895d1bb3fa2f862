package workflow

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/schema"
)

// moves reads a kind's moves and finds states that no move reaches.
func (r *reader) moves(k *Kind, raw rawKind) {
	for i, m := range raw.Moves {
		at := []string{"kinds", k.Name, "moves", fmt.Sprint(i)}
		move := &Move{
			From: r.states(k, m.From, append(at, "from")), To: r.states(k, m.To, append(at, "to")),
			Events: m.Event, By: m.By, Needs: m.Needs,
			When: r.expr(m.When, k, append(at, "when")...),
		}
		for n, role := range m.By {
			r.needRole(k, role, append(at, "by", fmt.Sprint(n)))
		}
		for n, field := range m.Needs {
			r.needField(k, field, append(at, "needs", fmt.Sprint(n)))
		}
		if move.Automatic() && len(move.To) != 1 {
			r.report(finding.Finding{Rule: "move", Found: "a move that fires by itself into several states", Expected: "one state under `to`, or a `by`"}, at...)
		}
		k.Moves = append(k.Moves, move)
	}
	if len(raw.Moves) > 0 && len(k.States) > 0 {
		r.unreachable(k)
	}
}

// states expands the word `open` and finds states that the kind does not have.
func (r *reader) states(k *Kind, names words, at []string) []string {
	var out []string
	for i, name := range names {
		_, known := k.State(name)
		switch {
		case known:
			out = append(out, name)
		case name == "open":
			out = append(out, k.statesWhere(func(s State) bool { return !s.Final })...)
		default:
			r.unknownState(k, name, append(slices.Clone(at), fmt.Sprint(i)))
		}
	}
	return out
}

func (r *reader) unknownState(k *Kind, name string, at []string) {
	all := k.statesWhere(func(State) bool { return true })
	r.report(finding.Finding{Rule: "unknown-state", Found: fmt.Sprintf("there is no state `%s`", name), Expected: schema.OneOf(all), Fix: schema.DidYouMean(name, all)}, at...)
}

// unreachable finds states that no chain of moves leads to from an initial one.
func (r *reader) unreachable(k *Kind) {
	reached := map[string]bool{}
	for _, s := range k.statesWhere(func(s State) bool { return s.Initial }) {
		reached[s] = true
	}
	if len(reached) == 0 {
		r.report(finding.Finding{Rule: "initial-state", Found: "no state is marked `initial: true`", Expected: "one at least, where there are moves"}, "kinds", k.Name, "states")
		return
	}
	for grown := true; grown; {
		before := len(reached)
		for _, m := range k.Moves {
			if slices.ContainsFunc(m.From, func(s string) bool { return reached[s] }) {
				for _, s := range m.To {
					reached[s] = true
				}
			}
		}
		grown = len(reached) > before
	}
	for _, s := range k.States {
		if !reached[s.Name] {
			p := r.doc.Key("kinds", k.Name, "states", s.Name)
			r.findings = append(r.findings, finding.Finding{Rule: "unreachable-state", Path: r.doc.Path, Line: p.Line, Column: p.Column,
				Found: fmt.Sprintf("no move reaches the state `%s`", s.Name), Expected: "a move with it under `to`", Fix: "add the move, or delete the state"})
		}
	}
}

// needRole finds roles that do not exist, or that nobody can hold with regard to a kind.
func (r *reader) needRole(k *Kind, role string, at []string) {
	known := r.def.roles[role]
	names := slices.Sorted(maps.Keys(r.raw.Roles))
	switch {
	case known == nil:
		r.report(finding.Finding{Rule: "unknown-role", Found: fmt.Sprintf("there is no role `%s`", role),
			Expected: cmp.Or(schema.OneOf(names), "a role that stands under `roles`"), Fix: schema.DidYouMean(role, names)}, at...)
	case len(known.byKind) > 0 && known.byKind[k.Name] == nil:
		r.report(finding.Finding{Rule: "role-kind", Found: fmt.Sprintf("the role `%s` speaks of fields that a %s does not have", role, k.Name),
			Expected: "a role that can be asked of a " + k.Name}, at...)
	}
}

// needField finds fields that the kind's schema does not have.
func (r *reader) needField(k *Kind, field string, at []string) {
	if k.Schema == nil {
		return
	}
	names := slices.Sorted(maps.Keys(schema.Resolve(k.Schema.Root()).Properties))
	if len(names) > 0 && !slices.Contains(names, field) {
		r.report(finding.Finding{Rule: "unknown-field", Found: fmt.Sprintf("a %s has no field `%s`", k.Name, field), Expected: schema.OneOf(names), Fix: schema.DidYouMean(field, names)}, at...)
	}
}

// optionalField is needField for a field that may be left out.
func (r *reader) optionalField(k *Kind, field string, at ...string) {
	if field != "" {
		r.needField(k, field, at)
	}
}

func (r *reader) owners(k *Kind, raw rawKind) {
	k.Owners = map[string][]string{}
	for _, field := range r.doc.Keys("kinds", k.Name, "owners") {
		at := []string{"kinds", k.Name, "owners", field}
		r.needField(k, field, at)
		for n, role := range raw.Owners[field] {
			r.needRole(k, role, append(at, fmt.Sprint(n)))
		}
		k.Owners[field] = raw.Owners[field]
	}
}
