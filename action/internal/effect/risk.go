package effect

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/workflow"
)

// AtRisk is the one digest of promises that can still be kept and have used as much of
// their time as their target warns of; empty when there are none. It says nothing that
// changes with the hour of the run.
func AtRisk(clocks []clock.Clock, asOf time.Time) map[Key]Issue {
	risks := map[string][]risk{} // by who is responsible now; "": the desk
	n := 0
	for _, c := range clocks {
		level := warned(c, asOf)
		if level == 0 {
			continue
		}
		n++
		who := workflow.Select(c.Record.Values, c.Record.Kind.Assignees)
		if len(who) == 0 {
			who = []string{""}
		}
		for _, login := range who {
			risks[login] = append(risks[login], risk{c, level})
		}
	}
	if n == 0 {
		return nil
	}
	k := Key{Kind: Risk}
	return map[Key]Issue{k: issue(k, "At risk: "+finding.Count(n, "promise"), digest(k, risks))}
}

// A risk is a clock and the share of its time, in percent, that a warning was due at.
type risk struct {
	clock.Clock
	level int
}

// warned is the last warning that has passed, in percent of the clock's time; 0 for none.
func warned(c clock.Clock, asOf time.Time) int {
	if c.Case == nil || c.State != clock.Running && c.State != clock.Paused {
		return 0
	}
	share, level := Share(c, asOf), 0.0
	for _, w := range c.Case.Warn {
		if share >= w {
			level = max(level, w)
		}
	}
	return int(math.Round(level * 100))
}

// Share is how much of a clock's time was used at an instant, by its calendar: 0 at its
// start, 1 at its due time. What it stood still is no part of either, so a paused clock uses
// nothing.
func Share(c clock.Clock, asOf time.Time) float64 {
	var still time.Duration
	for i, l := range c.Lines {
		to := asOf
		if i+1 < len(c.Lines) {
			to = c.Lines[i+1].Time
		}
		if l.State == clock.Paused && to.After(l.Time) {
			still += c.Case.Calendar.Work(l.Time, to)
		}
	}
	whole := c.Case.Calendar.Work(c.Started, c.Due) - still
	if whole <= 0 {
		return 1
	}
	return float64(c.Case.Calendar.Work(c.Started, asOf)-still) / float64(whole)
}

func digest(k Key, risks map[string][]risk) string {
	const top = "These promises can still be kept, and much of their time is used. Each stands below whoever is on it now.\n"
	const end = "\nThis list follows the desk by itself, and closes when nothing is at risk. Closed by a person, it stays closed.\n"
	var lines []string
	for _, who := range slices.Sorted(maps.Keys(risks)) {
		lines = append(lines, fmt.Sprintf("\n### %s\n\n", cmp.Or(code(who), "The desk: nobody is assigned")))
		slices.SortStableFunc(risks[who], func(a, b risk) int {
			return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Record.ID, b.Record.ID), cmp.Compare(a.Target.Name, b.Target.Name))
		})
		for _, r := range risks[who] {
			lines = append(lines, r.line())
		}
	}
	return top + head(lines, mostBytes-len(k.Marker())-1-len(top)-len(end)) + end
}

// line says what is promised, how much time is used, and until when there is some.
func (r risk) line() string {
	s := fmt.Sprintf("- %s: **%s**, %d %% of the time used", code(title(r.Record)), words(r.Target.Name), r.level)
	if r.State == clock.Paused {
		s += fmt.Sprintf("; paused as %s, so no time passes", code(r.Record.State))
	} else {
		s += fmt.Sprintf(", due **%s**", stamp(r.Due))
	}
	if r.Record.Pull > 0 {
		return fmt.Sprintf("%s (#%d)\n", s, r.Record.Pull)
	}
	return fmt.Sprintf("%s (%s)\n", s, code(r.Record.Path))
}

// head joins the first lines that there is room for, with a count of the items left out.
func head(lines []string, room int) string {
	items := func(lines []string) (n int) {
		for _, l := range lines {
			if strings.HasPrefix(l, "- ") {
				n++
			}
		}
		return n
	}
	count := func(n int) string { return fmt.Sprintf("\n… %d more: `liaison clocks` prints them all\n", n) }
	if whole := strings.Join(lines, ""); len(whole) <= room {
		return whole
	}
	room -= len(count(len(lines)))
	n := 0
	for n < len(lines) && len(lines[n]) <= room {
		room -= len(lines[n])
		n++
	}
	return strings.Join(lines[:n], "") + count(items(lines[n:]))
}
