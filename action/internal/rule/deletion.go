package rule

import (
	"fmt"

	"github.com/commrel/liaison/action/internal/finding"
)

// deletion: a record that moves comes to an end in a state, not by going away; the manager
// may take one out. A person may take out their own.
func (c Change) deletion(r Changed) []finding.Finding {
	if !governed(r.Kind) || c.holdsAny([]string{"manager"}, r) || c.aboutThem(r) {
		return nil
	}
	may := c.deskRoles(r.Kind)
	if c.Definition.Role("manager", r.Kind.Name) != nil {
		may = []string{"manager"}
	} else if c.holdsAny(may, r) {
		return nil
	}
	f := finding.Finding{Rule: "deletion", Path: r.Path, Found: fmt.Sprintf("%s deletes a %s", c.who(), r.Kind.Name), Expected: "that to be left to: " + orList(may)}
	if finals := ends(r); len(finals) > 0 {
		f.Fix = fmt.Sprintf("keep the file, and let it end as %s", orList(finals))
	}
	return []finding.Finding{f}
}

func ends(r Changed) []string {
	var out []string
	for _, s := range r.Kind.States {
		if s.Final && len(r.Kind.LandedMoves(r.State, s.Name)) > 0 {
			out = append(out, s.Name)
		}
	}
	return out
}
