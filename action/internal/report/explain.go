package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/workflow"
)

// An Explanation is one record with all its events and clocks.
type Explanation struct {
	Inputs
	Record *event.Record
	Clocks []clock.Clock
	Alarms []event.Alarm
	Silent []*workflow.Target // targets of the kind of which the record has no clock
	Web    string             // address of the repository on its forge, without a slash at the end; "" for none
}

// Text writes the explanation as tables for a terminal.
func (x Explanation) Text(w io.Writer) error {
	var b strings.Builder
	x.head(&b)
	x.events(&b)
	for _, c := range x.Clocks {
		x.clock(&b, c)
	}
	for _, t := range x.Silent {
		fmt.Fprintf(&b, "\nNo clock %s: %s\n", t.Name, silence(t))
	}
	if len(x.Clocks)+len(x.Silent) == 0 {
		fmt.Fprintf(&b, "\nNo promise speaks of it.\n")
	}
	if len(x.Alarms) > 0 {
		fmt.Fprintln(&b)
	}
	for _, a := range x.Alarms {
		fmt.Fprintf(&b, "To look at: %s: %s\n", stamp(a.Time), Visible(a.Words))
	}
	fmt.Fprintf(&b, "\n%s\n", x.madeFrom(func(s string) string { return s }))
	_, err := io.WriteString(w, b.String())
	return err
}

// silence says why a record has no clock of a target.
func silence(t *workflow.Target) string {
	why := fmt.Sprintf("it has not been %s", t.Start)
	if t.Where != nil {
		why += ", or this does not hold: " + Visible(t.Where.Text)
	}
	return why
}

func (x Explanation) head(b *strings.Builder) {
	r := x.Record
	fmt.Fprintf(b, "%s  %s\n", Visible(r.ID), Visible(fmt.Sprintf("%q", r.Title)))
	if r.Path != r.ID {
		fmt.Fprintf(b, "now at %s\n", Visible(r.Path))
	}
	if !r.Landed {
		fmt.Fprintf(b, "proposed in pull request #%d; not on the default branch\n", r.Pull)
	} else if !r.Live {
		fmt.Fprintf(b, "removed\n")
	}
	if r.Kind.Status != "" {
		fmt.Fprintf(b, "state %s", orNothing(Visible(r.State)))
		if r.Live && r.FileStatus != r.State {
			fmt.Fprintf(b, " (the file says %s)", orNothing(Visible(r.FileStatus)))
		}
		fmt.Fprintln(b)
	}
	if on := workflow.Select(r.Values, r.Kind.Assignees); len(on) > 0 {
		fmt.Fprintf(b, "assigned to %s\n", Visible(strings.Join(on, ", ")))
	}
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

func (x Explanation) events(b *strings.Builder) {
	fmt.Fprintf(b, "\nWhat happened\n")
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, e := range x.Record.Events {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", stamp(e.Time), Visible(happened(e)), Visible(shownBy(e)), e.Evidence.Words())
	}
	t.Flush()
}

// happened is an event in words for a terminal.
func happened(e event.Event) string {
	s := string(e.Name)
	switch {
	case e.Name == event.Filed && e.To != "":
		s += " as " + e.To
	case e.From != "" && e.To != "":
		s += " " + e.From + " -> " + e.To
	case e.To != "":
		s += " " + e.To
	}
	switch {
	case e.Name == event.Moved && e.Why != "":
		s += " by itself"
	case e.Actor.Known():
		s += " by " + e.Actor.String()
	}
	if e.Name == event.Refused {
		s += " (" + e.Why + ")"
	}
	return s
}

func shownBy(e event.Event) string {
	switch {
	case e.Pull > 0:
		return fmt.Sprintf("#%d", e.Pull)
	case e.Commit != "":
		return short(e.Commit)
	}
	return ""
}

func (x Explanation) clock(b *strings.Builder, c clock.Clock) {
	fmt.Fprintf(b, "\nClock %s, %s: %s", c.Target.Name, which(c), Standing(c))
	if c.Why != "" {
		fmt.Fprintf(b, " (%s)", Visible(c.Why))
	}
	fmt.Fprintf(b, "\n  within %s, due %s; rests on %s\n", c.Within(), cmp.Or(due(c), "unknown"), c.Evidence.Words())
	if over := x.over(c); over != "" {
		fmt.Fprintf(b, "  %s\n", over)
	}
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "  time\twhat\tshown by\tevidence\tclock\trunning total\n")
	for _, l := range c.Lines {
		what, grade := told(l)
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\t%s\t%s\n", stamp(l.Time), Visible(what), Visible(shownBy(l.Event)), grade, l.State.Words(), total(c, l.Total))
	}
	t.Flush()
}

// which is the cycle of a clock, and its round where the cycle has several.
func which(c clock.Clock) string {
	if c.Round > 1 {
		return fmt.Sprintf("cycle %d, round %d", c.Cycle, c.Round)
	}
	return fmt.Sprintf("cycle %d", c.Cycle)
}

// over says at the last of a target's clocks how the promise stands over all of them; "" where
// there is one.
func (x Explanation) over(c clock.Clock) string {
	all := slices.DeleteFunc(slices.Clone(x.Clocks), func(o clock.Clock) bool { return o.Target.Name != c.Target.Name })
	if !c.Last || len(all) < 2 {
		return ""
	}
	return fmt.Sprintf("the last of %d: %s; over all of them: %s", len(all), c.State.Words(), clock.Ever(all).Words())
}

// told says what a line of a ledger is about, and on what evidence.
func told(l clock.Line) (what, grade string) {
	if l.Event.Name == "" {
		return "as of this time", ""
	}
	return happened(l.Event), l.Event.Evidence.Words()
}

// Standing is a clock's state in the words of people.
func Standing(c clock.Clock) string {
	switch {
	case c.State == clock.Breached && c.Open():
		return "late, still waiting after " + lasted(c)
	case c.State == clock.Breached && c.Stopped.IsZero():
		return "late, never kept, ended after " + lasted(c)
	case c.State == clock.Breached:
		return "late, after " + lasted(c)
	case c.State == clock.Met && c.SelfFiled:
		return "kept at once: self-filed"
	case c.State == clock.Met:
		return "kept, after " + lasted(c)
	}
	return fmt.Sprintf("%s, %s", c.State.Words(), lasted(c))
}

// lasted is how long a clock ran: in days of 24 hours, or in hours of its calendar.
func lasted(c clock.Clock) string {
	if c.Calendar() != nil {
		d := c.Elapsed.Truncate(time.Minute)
		return fmt.Sprintf("%d:%02d working hours", d/time.Hour, d/time.Minute%60)
	}
	return days(c.Elapsed) + " days"
}

// total is a running total of a clock: days and h:mm:ss, or of working time, which has no
// days of 24 hours, h:mm:ss.
func total(c clock.Clock, d time.Duration) string {
	d = d.Truncate(time.Second)
	if c.Calendar() != nil {
		return fmt.Sprintf("%d:%02d:%02d", d/time.Hour, d/time.Minute%60, d/time.Second%60)
	}
	day := d / (24 * time.Hour)
	rest := d % (24 * time.Hour)
	return fmt.Sprintf("%dd %02d:%02d:%02d", day, rest/time.Hour, rest/time.Minute%60, rest/time.Second%60)
}

// Visible shows what a terminal or a reader would not see: control characters, and those
// that turn text around.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp) {
			return '\uFFFD'
		}
		return r
	}, s)
}
