package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/markdown"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Markdown writes the explanation for people who may doubt a figure.
func (x Explanation) Markdown(w io.Writer) error {
	var b strings.Builder
	x.title(&b)
	fmt.Fprintf(&b, "## What happened\n\n| time | what | shown by | evidence |\n|---|---|---|---|\n")
	for _, e := range x.Record.Events {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", stamp(e.Time), prose(happened(e)), x.shown(e), e.Evidence.Words())
	}
	b.WriteString("\n")
	for _, c := range x.Clocks {
		x.ledger(&b, c)
	}
	for _, t := range x.Silent {
		fmt.Fprintf(&b, "## No clock %s\n\n%s.\n\n", prose(t.Name), capital(prose(silence(t))))
	}
	if len(x.Alarms) > 0 {
		b.WriteString("## To look at\n\n| when | what |\n|---|---|\n")
		for _, a := range x.Alarms {
			fmt.Fprintf(&b, "| %s | %s |\n", stamp(a.Time), prose(a.Words))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "---\n\nRunning totals are in days, hours, minutes and seconds, those by working hours in hours, minutes and seconds of working time; pauses are left out; the last one is the figure that is reported. All times are UTC.\n\n%s\n", x.madeFrom(markdown.Code))
	_, err := io.WriteString(w, b.String())
	return err
}

// title says which record it is, and how it stands.
func (x Explanation) title(b *strings.Builder) {
	r := x.Record
	fmt.Fprintf(b, "# %s\n\n%s", cmp.Or(markdown.Code(markdown.Brief(r.Title, mostText)), "A record"), markdown.Code(markdown.Brief(r.ID, mostText)))
	if r.Path != r.ID {
		fmt.Fprintf(b, ", now at %s", markdown.Code(markdown.Brief(r.Path, mostText)))
	}
	switch {
	case !r.Landed:
		fmt.Fprintf(b, "; proposed in %s, and not on the default branch", x.shown(event.Event{Pull: r.Pull}))
	case !r.Live:
		b.WriteString("; removed")
	}
	if r.Kind.Status != "" {
		fmt.Fprintf(b, "; state %s", orNothing(prose(r.State)))
	}
	if r.Kind.Status != "" && r.Live && r.FileStatus != r.State {
		fmt.Fprintf(b, " (the file says %s)", orNothing(prose(r.FileStatus)))
	}
	if on := workflow.Select(r.Values, r.Kind.Assignees); len(on) > 0 {
		fmt.Fprintf(b, "; assigned to %s", prose(strings.Join(on, ", ")))
	}
	b.WriteString(".\n\n")
}

// ledger is one clock with all that it adds up from.
func (x Explanation) ledger(b *strings.Builder, c clock.Clock) {
	fmt.Fprintf(b, "## %s, %s: %s\n\n", capital(prose(c.Target.Name)), which(c), Standing(c))
	fmt.Fprintf(b, "Within %s, due %s; rests on %s.", c.Within(), cmp.Or(due(c), "unknown"), c.Evidence.Words())
	if c.Why != "" {
		fmt.Fprintf(b, " %s: %s.", capital(c.State.Words()), prose(c.Why))
	}
	if over := x.over(c); over != "" {
		fmt.Fprintf(b, " %s.", capital(over))
	}
	b.WriteString("\n\n| time | what | shown by | evidence | clock | running total |\n|---|---|---|---|---|--:|\n")
	for _, l := range c.Lines {
		what, grade := told(l)
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", stamp(l.Time), prose(what), x.shown(l.Event), grade, l.State.Words(), total(c, l.Total))
	}
	b.WriteString("\n")
}

// shown is what shows an event, with its address.
func (x Explanation) shown(e event.Event) string {
	name, link := evidenceAt(x.Web, e)
	if e.Pull == 0 && name != "" {
		name = markdown.Code(name)
	}
	return linked(name, link)
}
