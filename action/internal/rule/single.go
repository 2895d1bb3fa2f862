package rule

import (
	"fmt"

	"github.com/commrel/liaison/action/internal/finding"
)

// single: a pull request is one conversation, so it adds one record of a kind that moves;
// the desk may add several.
func (c Change) single() []finding.Finding {
	first := map[string]string{}
	var fs []finding.Finding
	for _, r := range c.Records {
		if !r.New || r.Record == nil || len(r.Kind.Moves) == 0 || c.desk(r) {
			continue
		}
		if other, more := first[r.Kind.Name]; more {
			fs = append(fs, finding.Finding{Rule: "one-each", Path: r.Path, Line: 1, Column: 1,
				Found: fmt.Sprintf("a second new %s, beside %s", r.Kind.Name, other), Expected: "one in each pull request", Fix: "open another pull request for it"})
			continue
		}
		first[r.Kind.Name] = r.Path
	}
	return fs
}
