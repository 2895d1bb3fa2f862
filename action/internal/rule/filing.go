package rule

import (
	"fmt"
	"slices"

	"github.com/commrel/liaison/action/internal/finding"
)

// filing: who files a record for somebody else, or makes one somebody else's, is of the desk.
func (c Change) filing(r Changed) []finding.Finding {
	k := r.Kind
	if k.Requester == "" || !governed(k) {
		return nil
	}
	now := r.Record.Doc.Value[k.Requester]
	if now == nil || !slices.Contains(changedFields(r), k.Requester) || c.desk(r) {
		return nil
	}
	if login, is := now.(string); is && c.Roster.Same(c.Actor, login) {
		return nil
	}
	return []finding.Finding{at(*r.Record, []string{k.Requester}, finding.Finding{Rule: "filer",
		Found:    fmt.Sprintf("%s files for somebody else", c.who()),
		Expected: fmt.Sprintf("`%s` to be the one who files, or a filer who is %s", k.Requester, orList(c.deskRoles(k))),
		Fix:      fmt.Sprintf("leave `%s` out, or ask them to file it", k.Requester),
	})}
}
