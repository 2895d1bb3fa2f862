package rule

import (
	"fmt"
	"slices"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/schema"
)

// refusals: what must never be recorded, such as a matter of safety, is refused with the
// route that it has (docs/domain.md, "What is never recorded").
func (w World) refusals(r record.Record) []finding.Finding {
	var fs []finding.Finding
	refusedIn(r, func(refusal schema.Refusal, path []string, hit string) {
		fs = append(fs, at(r, path, finding.Finding{Rule: "not-here",
			Found: fmt.Sprintf("%s speaks of %q", named(path), hit), Expected: refusal.Because, Fix: w.route(refusal)}))
	})
	return fs
}

// refusedIn calls f with each text of a record that speaks of a refused matter.
func refusedIn(r record.Record, f func(refusal schema.Refusal, path []string, hit string)) {
	if r.Kind.Schema == nil {
		return
	}
	for _, refusal := range r.Kind.Schema.Refusals() {
		texts(r.Doc.Value, nil, func(path []string, text string) {
			if hit := refusal.Find(text); hit != "" {
				f(refusal, slices.Clone(path), hit)
			}
		})
	}
}

// route names the record that says where such matters go.
func (w World) route(refusal schema.Refusal) string {
	const otherwise = "do not write it down here, and tell a person whom you trust"
	kind := w.Definition.Kind(refusal.Route.Kind)
	if kind == nil {
		return otherwise
	}
	for _, p := range w.Tree.Paths(kind) {
		if values, _ := w.Tree.Values(p); values[refusal.Route.Where] == true {
			return fmt.Sprintf("take it out, and go to %s (%s)", record.Title(values, p), p)
		}
	}
	return otherwise
}
