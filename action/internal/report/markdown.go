package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/markdown"
	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/worktime"
)

// Markdown writes the review for people: the newest quarter first, and in each what waits
// before what is over.
func (r Review) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: were the promises kept?\n\n", prose(r.Desk))
	if len(r.Quarters) == 0 {
		fmt.Fprintf(&b, "There is no quarter to report on.\n\n")
	}
	r.overview(&b)
	for i := len(r.Quarters) - 1; i >= 0; i-- {
		r.quarter(&b, r.Quarters[i], r.Results[i])
	}
	r.backdated(&b)
	r.alarms(&b)
	r.footing(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

// overview is one line a quarter, where there are several.
func (r Review) overview(b *strings.Builder) {
	if len(r.Quarters) < 2 || len(r.Results[0]) == 0 {
		return
	}
	head, rule := "| quarter |", "|---|"
	for _, a := range r.Results[0] {
		head += fmt.Sprintf(" %s, goal %s |", name(a), goalWords(a))
		rule += "---|"
	}
	fmt.Fprintf(b, "%s\n%s\n", head, rule)
	for i := len(r.Quarters) - 1; i >= 0; i-- {
		fmt.Fprintf(b, "| [%[1]s](#%[1]s)%[2]s |", r.Quarters[i].Name, r.notOver(r.Quarters[i]))
		for _, a := range r.Results[i] {
			fmt.Fprintf(b, " %s%s |", share(a), waiting(a))
		}
		b.WriteString("\n")
	}
	b.WriteString("\n")
}

func (r Review) notOver(q worktime.Quarter) string {
	if q.Contains(r.AsOf) {
		return ", not over yet"
	}
	return ""
}

// waiting says how many broken promises still wait to be kept.
func waiting(a review.Attainment) string {
	switch n := a.Open; n {
	case 0:
		return ""
	case 1:
		return "; **1 still waits**"
	default:
		return fmt.Sprintf("; **%d still wait**", n)
	}
}

func (r Review) quarter(b *strings.Builder, q worktime.Quarter, as []review.Attainment) {
	last := q.End.In(r.Zone).AddDate(0, 0, -1)
	fmt.Fprintf(b, "## %s\n\n%s to %s%s.\n\n", q.Name, date(q.Start.In(r.Zone)), date(last), r.notOver(q))
	if len(as) == 0 {
		b.WriteString("The definition has no targets: nothing was promised.\n\n")
		return
	}
	for _, a := range as {
		fmt.Fprintf(b, "- **%s** within %s: %s\n", name(a), a.Target.Promise(), summary(a))
	}
	b.WriteString("\n")
	figures(b, as)
	for _, a := range as {
		notes(b, a)
		r.late(b, a)
		r.unknowns(b, a)
	}
	for _, a := range as {
		splits(b, a)
	}
}

func date(t time.Time) string { return t.Format("2 January 2006") }

func name(a review.Attainment) string { return prose(strings.ReplaceAll(a.Target.Name, "-", " ")) }

// summary is what matters of a target, in sentences.
func summary(a review.Attainment) string {
	var more []string
	say := func(n int, one, many string) {
		switch {
		case n == 1:
			more = append(more, "1 "+one)
		case n > 1:
			more = append(more, fmt.Sprintf("%d %s", n, many))
		}
	}
	say(a.Open, "is late and still waits", "are late and still wait")
	say(a.Pending(), "is not due yet", "are not due yet")
	say(a.Void, "ended before it was due", "ended before they were due")
	say(a.Unknown, "is not known well enough to count", "are not known well enough to count")
	say(a.SelfFiled, "was self-filed, and so kept at once", "were self-filed, and so kept at once")
	if len(more) == 0 {
		return verdict(a) + "."
	}
	return verdict(a) + ". " + strings.Join(more, "; ") + "."
}

// verdict is how many were kept, and what that means for the goal.
func verdict(a review.Attainment) string {
	of := a.Decided()
	switch {
	case of == 0:
		return "n/a, " + undecided(a)
	case a.Target.Words == "":
		return fmt.Sprintf("**%d of %d kept**%s (%s), no goal set", a.Met, of, soFar(a), percent(a.Met, of))
	}
	return fmt.Sprintf("**%d of %d kept**%s (%s), goal %s", a.Met, of, soFar(a), percent(a.Met, of), goal(a))
}

// undecided is why there is no share.
func undecided(a review.Attainment) string {
	switch {
	case a.Pending() > 0, a.Ongoing && a.Void+a.Unknown > 0:
		return "none was decided yet"
	case a.Void+a.Unknown > 0:
		return "none was decided"
	case a.Ongoing:
		return "no clock started yet"
	}
	return "no clock started"
}

// share is the attainment in words: a number, or why there is none.
func share(a review.Attainment) string {
	of := a.Decided()
	switch {
	case of > 0 && a.Provisional():
		return fmt.Sprintf("%s (%d of %d), provisional", percent(a.Met, of), a.Met, of)
	case of > 0:
		return fmt.Sprintf("%s (%d of %d)", percent(a.Met, of), a.Met, of)
	case a.Pending() > 0:
		return fmt.Sprintf("pending %d", a.Pending())
	}
	return fmt.Sprintf("n/a (%s)", undecided(a))
}

func goalWords(a review.Attainment) string {
	if a.Target.Words == "" {
		return "not set"
	}
	return strings.Replace(a.Target.Words, "%", " %", 1)
}

func goal(a review.Attainment) string {
	_, ok := a.Share()
	switch {
	case !ok || a.Target.Words == "":
		return goalWords(a)
	case !a.Reached():
		return goalWords(a) + ", missed" + soFar(a)
	}
	return goalWords(a) + ", reached" + soFar(a)
}

func soFar(a review.Attainment) string {
	if a.Provisional() {
		return " so far"
	}
	return ""
}

func rests(a review.Attainment) string {
	if _, ok := a.Share(); !ok {
		return fmt.Sprintf("n/a (%s)", undecided(a))
	}
	return a.Evidence.Words()
}

// unknowns lists what cannot be counted, with the reason.
func (r Review) unknowns(b *strings.Builder, a review.Attainment) {
	if len(a.Unknowns) == 0 {
		return
	}
	fmt.Fprintf(b, "### Not known: %s\n\n| record | why | evidence |\n|---|---|---|\n", name(a))
	for _, c := range a.Unknowns {
		fmt.Fprintf(b, "| %s | %s | %s |\n", called(c), prose(c.Why), linked(r.evidence(c.Start)))
	}
	b.WriteString("\n")
}

func (r Review) late(b *strings.Builder, a review.Attainment) {
	if len(a.Late) == 0 {
		return
	}
	fmt.Fprintf(b, "### Late: %s\n\n| record | due | answered | took | evidence |\n|---|---|---|---|---|\n", name(a))
	late := slices.Clone(a.Late)
	slices.SortStableFunc(late, urgency)
	for _, c := range late {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s (%s) |\n", called(c), minute(c.Due), r.kept(c), took(c), linked(r.evidence(c.Start)), c.Evidence.Words())
	}
	b.WriteString("\n")
}

// urgency puts what still waits first, and then what was due first.
func urgency(x, y clock.Clock) int {
	if x.Open() != y.Open() {
		if x.Open() {
			return -1
		}
		return 1
	}
	return x.Due.Compare(y.Due)
}

// called is a clock's record by title and id, with the cycle where there were several.
func called(c clock.Clock) string {
	s := cell(c.Record.ID)
	if title := cell(c.Record.Title); title != "" {
		s = title + "<br>" + s
	}
	if c.Cycle > 1 {
		s += fmt.Sprintf(", cycle %d", c.Cycle)
	}
	return s
}

// kept says when a late promise was kept, with what shows it.
func (r Review) kept(c clock.Clock) string {
	switch {
	case c.Open():
		return "**not yet**"
	case c.Stopped.IsZero():
		return "never: " + prose(c.Why)
	}
	_, link := r.evidence(c.Stop)
	return linked(minute(c.Stopped), link)
}

// took is how long a late promise took, or has taken.
func took(c clock.Clock) string {
	words := length(c.Elapsed, c.Calendar() != nil)
	switch {
	case c.Open():
		return words + " so far"
	case c.Stopped.IsZero():
		return words + " until then"
	}
	return words
}

// linked is a name with its address, where it has one.
func linked(name, link string) string {
	if link == "" {
		return name
	}
	return fmt.Sprintf("[%s](%s)", name, link)
}

// mostText is how many characters of one foreign text a table shows: a title may have as
// many as a file.
const mostText = 400

func cell(s string) string { return markdown.Cell(markdown.Brief(s, mostText)) }

var (
	plainWords = pattern.Of(`^[A-Za-z0-9 ,.:;'()-]*$`)
	links      = pattern.Of(`(?i)www\.|gh-|[0-9a-f]{7}`) // what GitHub would make a link of words
)

// prose is text as it is where it can only be words, else as code.
func prose(s string) string {
	if plainWords().MatchString(s) && !links().MatchString(s) {
		return markdown.Brief(s, mostText)
	}
	return cell(s)
}

func (r Review) alarms(b *strings.Builder) {
	if len(r.Alarms) == 0 {
		return
	}
	fmt.Fprintf(b, "## To look at\n\n| when | record | what |\n|---|---|---|\n")
	for _, a := range r.Alarms {
		fmt.Fprintf(b, "| %s | %s | %s |\n", minute(a.Time), cell(a.Record), prose(a.Words))
	}
	b.WriteString("\n")
}

func (r Review) footing(b *strings.Builder) {
	if r.Unplaced > 0 {
		fmt.Fprintf(b, "**Not counted: %d.** When these clocks started is not known well enough, so they are in no quarter; `liaison clocks` lists them as unknown.\n\n", r.Unplaced)
	}
	fmt.Fprintf(b, `---

A promise belongs to the quarter in which its clock started. Kept and late make the share; it is provisional while pending ones, or requests that come before the quarter is over, can still change it; void ones ended before they were due; unknown ones are never counted as kept. The interval says how far the share may lie from what the desk can keep, had other requests come (Wilson, 95 %%); below %d decided it is marked as a small sample. The median is over the answered, with how many of how many. The percentiles include the unanswered, each for as long as it waited, and leave the self-filed out (Kaplan-Meier); "not reached" means that too few were answered to tell. Working hours are those of the promise's calendar, days have 24 hours; where clocks count by different calendars no median or percentile is taken over them. All times are UTC.

%s%s
`, review.SmallSample, r.madeFrom(markdown.Code), r.keeper())
}

// everyRun is the account as which each workflow run acts that has no other: its id on
// github.com.
const everyRun = 41898282

// keeper says how strong GitHub's record is: who may write it (docs/design.md, "Effects").
func (r Review) keeper() string {
	switch {
	case r.Witness == "" || !r.Keeper.Known():
		return ""
	case r.Keeper.ID == everyRun:
		return fmt.Sprintf(" GitHub's record was kept by %s, as which every workflow run acts: whoever may push a branch could have written it too.", code(r.Keeper.Login))
	}
	return fmt.Sprintf(" GitHub's record was kept by %s; how well it is protected from others, the rulesets for its branch say.", code(r.Keeper.Login))
}
