package rule

import (
	"fmt"

	"github.com/commrel/liaison/action/internal/finding"
)

// rules: the definition, the schemas and the workflows are the manager's to change, and not
// together with records that they would govern.
func (c Change) rules() []finding.Finding {
	var fs []finding.Finding
	for _, path := range c.Rules {
		if role, may := c.mayRule(); !may {
			fs = append(fs, finding.Finding{Rule: "rules-owner", Path: path, Found: fmt.Sprintf("%s changes the rules", c.who()), Expected: "that to be left to: " + role})
		}
		if len(c.Records) > 0 {
			fs = append(fs, finding.Finding{Rule: "rules-and-data", Path: path,
				Found: "rules and records change together", Expected: "a pull request for each", Fix: "take one of them out"})
		}
	}
	return fs
}

// mayRule: the manager, where the definition has that role for any kind; else anybody, as
// the repository's own protection has it.
func (c Change) mayRule() (role string, may bool) {
	for _, k := range c.Definition.Kinds {
		if c.Definition.Role("manager", k.Name) != nil {
			return "manager", c.holdsAny([]string{"manager"}, Changed{Kind: k})
		}
	}
	return "", true
}
