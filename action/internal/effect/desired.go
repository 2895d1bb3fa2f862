package effect

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/markdown"
	"github.com/commrel/liaison/action/internal/workflow"
)

// KeyFor names the breach issue of a clock.
func KeyFor(c clock.Clock) Key {
	k := Key{Kind: Breach, Record: c.Record.ID, Target: c.Target.Name, Cycle: c.Cycle}
	if c.Round > 1 {
		k.Round = c.Round
	}
	return k
}

// Breaches are the issues that should be open: one for each broken promise that still
// waits to be kept, round by round.
func Breaches(clocks []clock.Clock) map[Key]Issue {
	out := map[Key]Issue{}
	for _, c := range clocks {
		if _, older := out[KeyFor(c)]; c.Open() && !older {
			out[KeyFor(c)] = breach(c)
		}
	}
	return out
}

// breach is the issue of one broken promise. It says nothing that changes with the hour of
// the run.
func breach(c clock.Clock) Issue { return issue(KeyFor(c), Title(c), body(c)) }

// Title is the title of a clock's breach issue.
func Title(c clock.Clock) string {
	return fmt.Sprintf("Late: %s (%s)", markdown.Plain(title(c.Record), 120), words(c.Target.Name))
}

// title is what people call the record; a title that shows nothing says nothing.
func title(r *event.Record) string {
	if markdown.Code(r.Title) == "" {
		return r.ID
	}
	return r.Title
}

func words(name string) string { return strings.ReplaceAll(name, "-", " ") }

// mostText is how many characters of one foreign text an issue shows: a title may have as
// many as a file.
const mostText = 200

func code(s string) string { return markdown.Code(markdown.Brief(s, mostText)) }

func cell(s string) string { return markdown.Cell(markdown.Brief(s, mostText)) }

// mostBytes is what GitHub takes of a body, less one for whom counts otherwise.
const mostBytes = 65536 - 1

func body(c clock.Clock) string {
	var top strings.Builder
	fmt.Fprintf(&top, "The promise **%s** for %s is late: it was due on **%s**, within %s of %s.\n\n",
		words(c.Target.Name), code(title(c.Record)), stamp(c.Due), c.Within(), stamp(c.Started))
	fmt.Fprintf(&top, "| | |\n|---|---|\n")
	fmt.Fprintf(&top, "| what keeps it | %s |\n", keeps(c))
	fmt.Fprintf(&top, "| responsible now | %s |\n", Responsible(c.Record))
	fmt.Fprintf(&top, "| record | %s |\n", cell(c.Record.Path))
	if c.Record.State != "" {
		fmt.Fprintf(&top, "| state | %s |\n", cell(c.Record.State))
	}
	fmt.Fprintf(&top, "| filed by | %s |\n", filer(c.Record))
	fmt.Fprintf(&top, "| evidence | %s |\n\n", c.Evidence.Words())
	fmt.Fprintf(&top, "What happened:\n\n")
	const end = "\nThis issue closes by itself at the next run after the promise is kept. Closed by a person, it stays closed.\n"
	return top.String() + fit(timeline(c), mostBytes-len(KeyFor(c).Marker())-1-top.Len()-len(end)) + end
}

// keeps says what would keep the promise.
func keeps(c clock.Clock) string {
	stop := c.Target.Stop
	switch {
	case stop.Event == string(event.Responded):
		return answer(c.Target.Responder, c.Record.Pull)
	case stop.Event == string(event.Moved) && len(stop.To) > 0:
		var states []string
		for _, s := range stop.To {
			states = append(states, code(s))
		}
		return "the state " + strings.Join(states, " or ")
	}
	return "that the record is " + stop.Event
}

func answer(role string, pull int) string {
	by, how := "anybody but the filer and the requester", "a change of state"
	switch role {
	case "":
	case workflow.Assignee:
		by = "whoever is assigned"
	default:
		by = "somebody in the role " + code(role)
	}
	if pull > 0 {
		how = fmt.Sprintf("a review or comment on #%d, or a change of state", pull)
	}
	return fmt.Sprintf("an answer by %s: %s", by, how)
}

// mostNames is how many people an issue names as responsible.
const mostNames = 10

// Responsible says who is on a record now: its assignees, else the desk.
func Responsible(r *event.Record) string {
	var names []string
	for _, login := range workflow.Select(r.Values, r.Kind.Assignees) {
		names = append(names, cell(login))
	}
	switch n := len(names); {
	case n == 0:
		return "the desk: nobody is assigned"
	case n > mostNames:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNames], ", "), n-mostNames)
	}
	return strings.Join(names, ", ")
}

// somebody names an account in a table.
func somebody(a account.Account) string {
	if !a.Known() {
		return "somebody unknown"
	}
	return cell(a.String())
}

func filer(r *event.Record) string {
	who := somebody(r.Filer)
	if r.Pull > 0 {
		who += fmt.Sprintf(" in #%d", r.Pull)
	}
	return who
}

// timeline is what happened on the clock, with the due time among it, one line each.
func timeline(c clock.Clock) []string {
	due := fmt.Sprintf("- %s: **the promise was due**\n", stamp(c.Due))
	var lines []string
	late := false
	for _, l := range c.Lines {
		if l.Event.Name == "" {
			continue
		}
		if !late && l.Time.After(c.Due) {
			lines, late = append(lines, due), true
		}
		lines = append(lines, fmt.Sprintf("- %s: %s\n", stamp(l.Time), Happened(l.Event)))
	}
	if !late {
		lines = append(lines, due)
	}
	return lines
}

// fit joins as many lines as there is room for: the first, and the last ones, with a count
// of those left out.
func fit(lines []string, room int) string {
	whole := strings.Join(lines, "")
	if len(whole) <= room {
		return whole
	}
	count := func(n int) string { return fmt.Sprintf("- … %d more: `liaison explain` prints them all\n", n) }
	room -= len(lines[0]) + len(count(len(lines)))
	from := len(lines)
	for from > 1 && len(lines[from-1]) <= room {
		from--
		room -= len(lines[from])
	}
	return strings.Join(slices.Concat(lines[:1], []string{count(from - 1)}, lines[from:]), "")
}

// Happened is an event in words, for Markdown on GitHub, where #12 and a commit's id are
// links.
func Happened(e event.Event) string {
	var b strings.Builder
	switch e.Name {
	case event.Moved, event.Refused:
		if e.To == "" {
			b.WriteString("a change of a field was refused")
			break
		}
		fmt.Fprintf(&b, "%s from %s to %s", e.Name, code(e.From), code(e.To))
	case event.Assigned, event.Renamed:
		fmt.Fprintf(&b, "%s to %s", e.Name, cmp.Or(code(e.To), "nobody"))
	default:
		b.WriteString(string(e.Name))
	}
	if e.Actor.Known() {
		fmt.Fprintf(&b, " by %s", code(e.Actor.String()))
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
