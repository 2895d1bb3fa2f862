package effect

import (
	"maps"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
)

// Facts are what the desk's issues are a function of.
type Facts struct {
	Ledger    *event.Ledger
	Clocks    []clock.Clock
	Breaks    []event.Break // where the default branch was rewritten
	Forgotten string        // a tip of the witness that the branch does not lead to any more; "": none
	Report    string        // the report as Markdown; "": no issue is wanted for it
	AsOf      time.Time
}

// Issues are all issues that should be there.
func Issues(f Facts) map[Key]Issue {
	out := Breaches(f.Clocks)
	maps.Copy(out, Refusals(f.Ledger))
	maps.Copy(out, Alarms(f.Ledger))
	maps.Copy(out, Rewrites(f.Breaks))
	maps.Copy(out, Forgotten(f.Forgotten))
	maps.Copy(out, AtRisk(f.Clocks, f.AsOf))
	maps.Copy(out, Published(f.Report))
	return out
}

// issue is an issue of a key that should be open.
func issue(k Key, title, body string) Issue {
	return Issue{Title: title, Body: k.Marker() + "\n" + body, Labels: []string{k.Kind.Label().Name}, Open: true}
}
