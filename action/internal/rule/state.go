package rule

import (
	"fmt"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/schema"
	"github.com/commrel/liaison/action/internal/workflow"
)

// state: a status is a state of the kind. Where there is a schema, that says so itself.
func state(r record.Record) []finding.Finding {
	k := r.Kind
	word := workflow.Text(r.Doc.Value, k.Status)
	if k.Schema != nil || len(k.States) == 0 || word == "" {
		return nil
	}
	if _, known := k.State(word); known {
		return nil
	}
	var names []string
	for _, s := range k.States {
		names = append(names, s.Name)
	}
	f := finding.Finding{Rule: "unknown-state", Found: fmt.Sprintf("`%s` is %q, which is no state of a %s", k.Status, word, k.Name), Expected: orList(names)}
	if near := schema.Nearest(word, names); near != "" {
		f.Fix = fmt.Sprintf("did you mean `%s`?", near)
		f.Edit = replaced(r, []string{k.Status}, word, near)
	}
	return []finding.Finding{at(r, []string{k.Status}, f)}
}
