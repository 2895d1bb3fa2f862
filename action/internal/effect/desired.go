package effect

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/markdown"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Late is the label of breach issues.
var late = Label{"liaison: late", "b60205", "A promise of the desk is broken and waits to be kept"}

// Late returns the label that breach issues carry.
func Late() Label { return late }

const markerStart = "<!-- liaison breach "

// Marker is the hidden first line by which an issue is found again.
func (k Key) Marker() string {
	q := url.Values{"record": {k.Record}, "target": {k.Target}, "cycle": {fmt.Sprint(k.Cycle)}}
	return markerStart + strings.ReplaceAll(q.Encode(), "--", "-%2D") + " -->"
}

// Marked reports whether a body's first line is a marker.
func Marked(body string) bool { return strings.HasPrefix(body, markerStart) }

// KeyOf reads the marker on a body's first line.
func KeyOf(body string) (Key, bool) {
	line, _, _ := strings.Cut(body, "\n")
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), markerStart)
	q, err := url.ParseQuery(strings.TrimSpace(strings.TrimSuffix(rest, "-->")))
	if !ok || err != nil {
		return Key{}, false
	}
	k := Key{Record: q.Get("record"), Target: q.Get("target")}
	_, err = fmt.Sscan(q.Get("cycle"), &k.Cycle)
	return k, err == nil && k.Record != "" && k.Target != ""
}

// KeyFor names the breach issue of a clock.
func KeyFor(c clock.Clock) Key { return Key{c.Record.ID, c.Target.Name, c.Cycle} }

// Breaches are the issues that should be open: one for each broken promise that still
// waits to be kept.
func Breaches(clocks []clock.Clock) map[Key]Issue {
	out := map[Key]Issue{}
	for _, c := range clocks {
		if c.Open() {
			out[KeyFor(c)] = breach(c)
		}
	}
	return out
}

// breach is the issue of one broken promise. It says nothing that changes with the hour of
// the run.
func breach(c clock.Clock) Issue {
	return Issue{
		Title:  fmt.Sprintf("Late: %s of %s", words(c.Target.Name), markdown.Plain(c.Record.Title, 120)),
		Body:   body(c),
		Labels: []string{late.Name},
		Open:   true,
	}
}

func words(name string) string { return strings.ReplaceAll(name, "-", " ") }

func body(c clock.Clock) string {
	var b strings.Builder
	fmt.Fprintln(&b, KeyFor(c).Marker())
	fmt.Fprintf(&b, "%s waits for its **%s**: promised within %s, due on **%s**.\n\n",
		markdown.Code(c.Record.Title), words(c.Target.Name), c.Target.Within.Words, stamp(c.Due))
	fmt.Fprintf(&b, "| | |\n|---|---|\n")
	fmt.Fprintf(&b, "| record | %s |\n", markdown.Cell(c.Record.Path))
	fmt.Fprintf(&b, "| state | %s |\n", markdown.Cell(c.Record.State))
	fmt.Fprintf(&b, "| responsible now | %s |\n", Responsible(c.Record))
	fmt.Fprintf(&b, "| filed by | %s |\n", markdown.Cell(c.Record.Filer.String()))
	fmt.Fprintf(&b, "| rests on | %s |\n\n", c.Evidence.Words())
	fmt.Fprintf(&b, "What happened:\n\n")
	for _, l := range c.Lines {
		if l.Event.Name != "" {
			fmt.Fprintf(&b, "- %s: %s\n", stamp(l.Time), Happened(l.Event))
		}
	}
	fmt.Fprintf(&b, "- %s: the promise was due\n\n", stamp(c.Due))
	fmt.Fprintf(&b, "This issue closes by itself at the next run after the promise is kept. Closed by a person, it stays closed.\n")
	return b.String()
}

// Responsible says who is on a record now: its assignees, else the desk.
func Responsible(r *event.Record) string {
	var names []string
	for _, login := range workflow.Select(r.Values, r.Kind.Assignees) {
		names = append(names, markdown.Cell(login))
	}
	if len(names) == 0 {
		return "the desk: nobody is assigned"
	}
	return strings.Join(names, ", ")
}

// Happened is an event in words, for Markdown on GitHub, where #12 and a commit's id are
// links.
func Happened(e event.Event) string {
	var b strings.Builder
	switch e.Name {
	case event.Moved, event.Refused:
		fmt.Fprintf(&b, "%s from %s to %s", e.Name, markdown.Code(e.From), markdown.Code(e.To))
	case event.Assigned, event.Renamed:
		fmt.Fprintf(&b, "%s to %s", e.Name, markdown.Code(e.To))
	default:
		b.WriteString(string(e.Name))
	}
	if e.Actor.Known() {
		fmt.Fprintf(&b, " by %s", markdown.Code(e.Actor.String()))
	}
	switch {
	case e.Pull > 0:
		fmt.Fprintf(&b, " in #%d", e.Pull)
	case e.Commit != "":
		fmt.Fprintf(&b, " in %s", e.Commit)
	}
	return b.String()
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
