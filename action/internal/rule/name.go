package rule

import (
	"fmt"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/schema"
)

// ownName: an id in a record is the name of its file, so that whoever has one finds the
// other.
func ownName(r record.Record, n schema.Noted) []finding.Finding {
	stem := record.Stem(r.Path())
	if !n.Note.ID || strings.EqualFold(n.Text, stem) {
		return nil
	}
	return []finding.Finding{at(r, n.Path, finding.Finding{Rule: "file-name",
		Found:    fmt.Sprintf("%s is %q in the file %s", named(n.Path), n.Text, r.Path()),
		Expected: fmt.Sprintf("%q, as the file is called", stem),
		Fix:      "rename the file, or mend the value",
	})}
}
