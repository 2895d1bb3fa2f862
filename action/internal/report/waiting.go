package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Waiting says whom a pull request waits for, and how the promises stand meanwhile. It
// says nothing that changes with the hour of the run.
type Waiting struct {
	Author  bool      `json:"author"` // for whoever filed it; else for the desk
	Since   time.Time `json:"since"`
	On      []string  `json:"responsible"`
	Due     []Due     `json:"due"`    // promises whose time runs
	Late    []Due     `json:"late"`   // promises broken and not yet kept
	Paused  []string  `json:"paused"` // targets whose time stands still
	Reviews []Opinion `json:"reviews"`
}

// An Opinion is what somebody last said of a pull request.
type Opinion struct {
	By    string `json:"by"`
	State string `json:"state"` // approved or changes_requested
	Older bool   `json:"older"` // of a head that is not the one judged
}

// WaitingFor reads off a record as it is derived whom the pull request that adds it waits
// for: in a paused state the filer, in a final one nobody (nil), in any other the desk. It
// waits since the record came to that state. Of the clocks, those of the record count.
func WaitingFor(r *event.Record, clocks []clock.Clock) *Waiting {
	state, _ := r.Kind.State(r.State)
	if state.Final {
		return nil
	}
	w := &Waiting{Author: state.Paused, Since: entered(r), On: workflow.Select(r.Values, r.Kind.Assignees)}
	for _, c := range clocks {
		if c.Record.ID == r.ID {
			w.promise(c)
		}
	}
	return w
}

// entered is when a record came to its state: its last move, else its filing.
func entered(r *event.Record) (at time.Time) {
	for _, e := range r.Events {
		if e.Name == event.Filed || e.Name == event.Moved {
			at = e.Time
		}
	}
	return at
}

func (w *Waiting) promise(c clock.Clock) {
	due := Due{Target: c.Target.Name, At: c.Due}
	switch {
	case c.State == clock.Running:
		w.Due = append(w.Due, due)
	case c.State == clock.Paused:
		w.Paused = append(w.Paused, c.Target.Name)
	case c.Open():
		w.Late = append(w.Late, due)
	}
}

// Opinions are the last words of each reviewer, by login. A dismissal that does not say
// which review it took back takes back all before it: none is shown that no longer counts.
func Opinions(entries []event.Entry, head string) []Opinion {
	last := map[string]Opinion{}
	for _, e := range entries {
		switch {
		case e.Kind == event.Dismissed:
			clear(last)
		case e.Kind == event.Reviewed && (e.State == "approved" || e.State == "changes_requested") && e.Actor.Known():
			by := e.Actor.String()
			last[by] = Opinion{By: by, State: e.State, Older: e.SHA != head}
		}
	}
	var out []Opinion
	for _, r := range last {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b Opinion) int { return cmp.Compare(a.By, b.By) })
	return out
}

// block is the top of the comment; mends is how many things are to be mended first.
func (w Waiting) block(mends int) string {
	var b strings.Builder
	switch {
	case w.Author:
		fmt.Fprintf(&b, "**Waiting for: you**, since %s: answer here, or push what is asked for.\n\n", day(w.Since))
	case mends > 0:
		b.WriteString("**Waiting for: you**, to mend what is listed below.\n\n")
	default:
		fmt.Fprintf(&b, "**Waiting for: the desk**, since %s.\n\n", day(w.Since))
	}
	if len(w.On) > 0 {
		fmt.Fprintf(&b, "- On it: %s\n", each(w.On, code))
	} else {
		b.WriteString("- On it: nobody yet\n")
	}
	for _, d := range w.Late {
		fmt.Fprintf(&b, "- Late: %s was due by **%s**\n", target(d.Target), day(d.At))
	}
	for _, d := range w.Due {
		fmt.Fprintf(&b, "- Due: %s by **%s**\n", target(d.Target), day(d.At))
	}
	if len(w.Paused) > 0 {
		fmt.Fprintf(&b, "- No time passes meanwhile for: %s\n", each(w.Paused, target))
	}
	if len(w.Reviews) > 0 {
		fmt.Fprintf(&b, "- Reviews: %s\n", reviews(w.Reviews))
	}
	b.WriteString("\n")
	return b.String()
}

func reviews(rs []Opinion) string {
	var out []string
	for _, r := range rs[:min(len(rs), mostNames)] {
		s := "approved by " + code(r.By)
		if r.State != "approved" {
			s = "changes requested by " + code(r.By)
		}
		if r.Older {
			s += " (of an older version)"
		}
		out = append(out, s)
	}
	if more := len(rs) - mostNames; more > 0 {
		out = append(out, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(out, ", ")
}

// target is a target's name in words.
func target(name string) string { return words(strings.ReplaceAll(name, "-", " ")) }

// day is an instant as a person says it.
func day(t time.Time) string { return t.UTC().Format("Monday 2 January 2006, 15:04 UTC") }

// normal has empty lists where there is nothing, and times in UTC to the second.
func (w *Waiting) normal() *Waiting {
	if w == nil {
		return nil
	}
	n := *w
	n.Since = n.Since.UTC().Truncate(time.Second)
	n.Due, n.Late = dues(n.Due), dues(n.Late)
	n.On, n.Paused, n.Reviews = orEmpty(n.On), orEmpty(n.Paused), orEmpty(n.Reviews)
	return &n
}
