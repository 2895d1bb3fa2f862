package review

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Split is an attainment broken down in one way.
type Split struct {
	By    string
	Parts []Part // by name; those that are none come last
}

// A Part is the clocks of one group.
type Part struct {
	Group
	Attainment
}

// A Group is what some clocks have in common.
type Group struct {
	Name string
	None bool // the name is ours: the record says nothing, nobody knows what it says, or it is not asked
}

// A Way breaks the figures of one kind down. Groups are those of one clock; it counts in each
// of them, so that parts may add up to more than the whole.
type Way struct {
	By     string
	Kind   string
	Ours   bool // the names of all groups are ours, and say something all the same
	Groups func(clock.Clock) []Group
}

// split breaks a cohort down. A way in which no record is in a group that it names says
// nothing, and is left out.
func split(whole Attainment, cohort []clock.Clock, ways []Way) []Split {
	var out []Split
	for _, w := range ways {
		if w.Kind != whole.Target.Of.Name {
			continue
		}
		members := map[Group][]clock.Clock{}
		for _, c := range cohort {
			for _, g := range w.Groups(c) {
				members[g] = append(members[g], c)
			}
		}
		groups := slices.SortedFunc(maps.Keys(members), Group.compare)
		named := slices.ContainsFunc(groups, func(g Group) bool { return !g.None })
		if !named && (!w.Ours || len(groups) < 2) {
			continue
		}
		s := Split{By: w.By}
		for _, g := range groups {
			s.Parts = append(s.Parts, Part{g, attain(Attainment{Target: whole.Target, Quarter: whole.Quarter, Ongoing: whole.Ongoing}, members[g])})
		}
		out = append(out, s)
	}
	return out
}

func (g Group) compare(h Group) int {
	switch {
	case g.None == h.None:
		return cmp.Compare(g.Name, h.Name)
	case g.None:
		return 1
	}
	return -1
}

// Ways are those that a definition names, and for each kind by who filed and by assignee.
func Ways(def *workflow.Definition, ros *roster.Roster, asOf time.Time) []Way {
	var out []Way
	for _, k := range def.Kinds {
		for _, g := range k.Groups {
			out = append(out, Way{By: g.Name, Kind: k.Name, Groups: func(c clock.Clock) []Group { return named(g, c, ros, def.Zone(), asOf) }})
		}
		if k.Assignees != "" {
			out = append(out, Way{By: "assignee", Kind: k.Name, Groups: func(c clock.Clock) []Group { return []Group{assignee(c, k.Assignees, asOf)} }})
		}
		out = append(out, Way{By: "filing", Kind: k.Name, Ours: true, Groups: filing})
	}
	return out
}

// named are the groups that a definition's expression gives, of the record as it read when
// the clock stopped or fell due; dated fields as at the filing.
func named(g workflow.Group, c clock.Clock, ros *roster.Roster, zone *time.Location, asOf time.Time) []Group {
	filed := c.Record.Events[0].Time
	read := c.Record.At(c.ReadAt(asOf))
	if read == nil {
		return []Group{{"not known", true}}
	}
	values := ros.Record(c.Record.Kind.Name, workflow.Dated(read, filed, zone), c.Record.Filer)
	names, err := g.Values(workflow.Vars{Record: values, At: filed, Lookup: ros.Lookup})
	switch {
	case err != nil, len(names) == 0 && len(c.Record.Versions) == 0: // the witness copies but a few fields
		return []Group{{"not known", true}}
	case len(names) == 0:
		return []Group{{"none", true}}
	}
	var out []Group
	for _, n := range slices.Compact(slices.Sorted(slices.Values(names))) {
		out = append(out, Group{Name: n})
	}
	return out
}

// assignee is who led the work when the clock stopped, or now; before anybody did, who
// responded.
func assignee(c clock.Clock, field string, asOf time.Time) Group {
	at := asOf
	if !c.Ended.IsZero() {
		at = c.Ended
	}
	on := workflow.Select(c.Record.At(at), field)
	switch {
	case len(on) > 0:
		return Group{Name: on[0]}
	case c.Stop.Name == event.Responded && c.Stop.Actor.Known():
		return Group{Name: c.Stop.Actor.String()}
	}
	return Group{"nobody", true}
}

// filing tells those apart who filed for themselves what they would have to answer.
func filing(c clock.Clock) []Group {
	if c.SelfFiled {
		return []Group{{"self-filed", true}}
	}
	return []Group{{"filed by others", true}}
}
