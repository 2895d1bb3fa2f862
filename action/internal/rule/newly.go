package rule

import (
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/schema"
)

// newlyNamed: who or what a change newly names is active now. What a record named before
// was authorized then.
func (c Change) newlyNamed(r Changed) []finding.Finding {
	if r.Kind.Schema == nil {
		return nil
	}
	before := map[string]bool{}
	for _, n := range r.Kind.Schema.Notes(r.Was) {
		before[key(n)] = true
	}
	var fs []finding.Finding
	for _, n := range r.Kind.Schema.Notes(r.Record.Doc.Value) {
		if !before[key(n)] {
			fs = append(fs, c.inactive(*r.Record, n, c.Now)...)
		}
	}
	return fs
}

// key is a reference wherever it stands in its list.
func key(n schema.Noted) string {
	if n.Note.Ref == nil {
		return ""
	}
	return n.Path[0] + "\x00" + n.Note.Ref.Kind + "\x00" + n.Text
}
