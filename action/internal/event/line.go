package event

import (
	"slices"
	"sort"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/evidence"
)

// A landing is one step of the default branch: a commit, or all that one pull request's
// rebase landed, with a time that can be believed as far as its grade says.
type landing struct {
	index   int
	commit  string // the last of them
	time    time.Time
	grade   evidence.Grade
	raised  bool            // the commit's own time was earlier than the line's
	pull    *Pull           // the pull request that landed, where the witness knows it
	merge   *Entry          // its merged entry
	also    []*Pull         // others that landed with it, such as the lower ones of a stack
	by      account.Account // whose comment it obeys, by GitHub's record; unknown where there is none
	src     *Landing        // the first of them
	count   int             // how many they are
	changes []Change
}

// line orders the landings, joins what one pull request landed, and makes time monotone.
func line(landings []Landing, pulls []*Pull, asOf time.Time) []landing {
	out := grouped(landings, pulls)
	believe(out, asOf)
	return out
}

// grouped joins what one pull request landed.
func grouped(landings []Landing, pulls []*Pull) []landing {
	merged, commanded := mergedBy(landings, pulls), commandedBy(pulls)
	out := make([]landing, 0, len(landings))
	for i := 0; i < len(landings); i++ {
		l := landing{index: len(out), src: &landings[i], by: commanded[landings[i].Commit]}
		last := i
		if m, ok := merged[i]; ok {
			l.pull, l.merge, l.also, last = m.pull, &m.entry, m.also, m.last
		}
		l.commit, l.count = landings[last].Commit, last+1-i
		l.changes = joined(landings[i : last+1])
		out = append(out, l)
		i = last
	}
	return out
}

// commandedBy are those whose comments became commits, by commit.
func commandedBy(pulls []*Pull) map[string]account.Account {
	out := map[string]account.Account{}
	for _, p := range pulls {
		for _, e := range p.Entries {
			if e.Kind == Commanded {
				out[e.Last] = e.Actor
			}
		}
	}
	return out
}

type mergeRange struct {
	pull  *Pull
	entry Entry
	also  []*Pull // others that GitHub calls merged by the same commits
	last  int
}

// mergedBy finds, by index of the first landed commit, what pull requests landed.
func mergedBy(landings []Landing, pulls []*Pull) map[int]mergeRange {
	if len(pulls) == 0 {
		return nil
	}
	at := make(map[string]int, len(landings))
	for i, l := range landings {
		at[l.Commit] = i
	}
	out := map[int]mergeRange{}
	for _, p := range pulls {
		e, ok := p.entry(Merged)
		if !ok {
			continue
		}
		last, found := at[e.Last]
		first, whole := at[e.First]
		if !found {
			continue
		}
		if !whole || first > last {
			first = last
		}
		if same, taken := out[first]; taken {
			same.also = append(same.also, p)
			out[first] = same
			continue
		}
		out[first] = mergeRange{pull: p, entry: e, last: last}
	}
	return out
}

// joined are the changes of several landings as one: from what stood before the first to
// what the last left.
func joined(ls []Landing) []Change {
	if len(ls) == 1 {
		return ls[0].Changes
	}
	byPath := map[string]*Change{}
	var paths []string
	for _, l := range ls {
		for _, c := range l.Changes {
			if seen, ok := byPath[c.Path]; ok {
				seen.New = c.New
				continue
			}
			byPath[c.Path] = &c
			paths = append(paths, c.Path)
		}
	}
	slices.Sort(paths)
	var out []Change
	for _, p := range paths {
		if c := *byPath[p]; c.Old != c.New {
			out = append(out, c)
		}
	}
	return out
}

// believe gives each landing its time, none earlier than the one before. GitHub's record is
// taken as it is, unless it contradicts itself. A committer time is raised to the largest
// before it, and is then only claimed: one of two clocks is wrong. One that is unreadable, later than as-of, or later than what GitHub saw
// afterwards, is unknown and raises nothing. Before anything is known, it is 1970.
func believe(ls []landing, asOf time.Time) {
	limit := make([]time.Time, len(ls))
	ceiling := asOf
	for i := len(ls) - 1; i >= 0; i-- {
		if ls[i].pull != nil && ls[i].merge.At.Before(ceiling) {
			ceiling = ls[i].merge.At
		}
		limit[i] = ceiling
	}
	highest := time.Unix(0, 0).UTC()
	for i := range ls {
		l := &ls[i]
		t := l.src.Time
		switch {
		case l.pull != nil && l.merge.At.Before(highest):
			l.time, l.grade = highest, evidence.Unknown
		case l.pull != nil:
			l.time, l.grade = l.merge.At.UTC(), evidence.Witnessed
		case t.IsZero() || t.After(limit[i]):
			l.time, l.grade = highest, evidence.Unknown
		case t.Before(highest):
			l.time, l.grade, l.raised = highest, evidence.Claimed, true
		default:
			l.time, l.grade = t.UTC(), evidence.Landed
		}
		highest = l.time
	}
}

// entry is the pull request's first entry of a kind: a list that only grows never changes
// what it said.
func (p *Pull) entry(kind EntryKind) (Entry, bool) {
	i := slices.IndexFunc(p.Entries, func(e Entry) bool { return e.Kind == kind })
	if i < 0 {
		return Entry{}, false
	}
	return p.Entries[i], true
}

// upto is the number of landings that had happened at an instant.
func upto(ls []landing, t time.Time) int {
	return sort.Search(len(ls), func(i int) bool { return ls[i].time.After(t) })
}

// lander is who put the landing on the branch: the witnessed merger; else, of a merge that
// GitHub wrote, its author; of any other commit, its committer. Who pressed "squash" is
// written nowhere.
func (l *landing) lander() account.Account {
	switch {
	case l.pull != nil:
		return l.merge.Actor
	case l.by.Known():
		return l.by
	case !l.src.ByForge:
		return claim(l.src.Committer)
	case l.src.Branch != nil:
		return claim(l.src.Author)
	}
	return account.Account{}
}

// author is whose change it is: the pull request's opener; else whose comment it obeys; else
// the author of the merged branch's first commit, or of the commit.
func (l *landing) author() account.Account {
	if l.pull != nil {
		if opened, ok := l.pull.entry(Opened); ok {
			return opened.Actor
		}
	}
	if l.by.Known() {
		return l.by
	}
	if l.src.Branch != nil {
		return claim(l.src.Branch.Author)
	}
	return claim(l.src.Author)
}

// adding is the pull request that added the record at a path: of several that landed at
// once, the first that lists it.
func (l *landing) adding(path string) *Pull {
	for _, p := range append([]*Pull{l.pull}, l.also...) {
		if p != nil && slices.ContainsFunc(p.Records, func(r PullRecord) bool { return r.Path == path }) {
			return p
		}
	}
	return l.pull
}

// number is the pull request's number, or 0.
func (l *landing) number() int {
	if l.pull == nil {
		return 0
	}
	return l.pull.Number
}
