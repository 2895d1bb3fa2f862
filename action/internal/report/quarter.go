package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/markdown"
	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/worktime"
)

// A Review is what a report shows: some quarters of one desk.
type Review struct {
	Inputs
	Desk     string
	Zone     *time.Location // in which quarters begin
	Quarters []worktime.Quarter
	Results  [][]review.Attainment // for each quarter, for each target
	Alarms   []event.Alarm
	Web      string // address of the repository on its forge, without a slash at the end; "" for none
}

// JSON writes the review, version 1.
func (r Review) JSON(w io.Writer) error {
	type quarter struct {
		Quarter string           `json:"quarter"`
		Start   string           `json:"start"`
		End     string           `json:"end"`
		Targets []attainmentLine `json:"targets"`
	}
	quarters := []quarter{}
	for i, q := range r.Quarters {
		lines := []attainmentLine{}
		for _, a := range r.Results[i] {
			lines = append(lines, r.attainment(a))
		}
		quarters = append(quarters, quarter{q.Name, stamp(q.Start), stamp(q.End), lines})
	}
	type alarm struct {
		Time   string `json:"time"`
		Record string `json:"record"`
		Words  string `json:"words"`
	}
	alarms := []alarm{}
	for _, a := range r.Alarms {
		alarms = append(alarms, alarm{stamp(a.Time), a.Record, a.Words})
	}
	return writeJSON(w, struct {
		envelope
		Desk     string    `json:"desk"`
		Quarters []quarter `json:"quarters"`
		Alarms   []alarm   `json:"alarms"`
	}{envelope{1, r.Inputs}, r.Desk, quarters, alarms})
}

type attainmentLine struct {
	Target      string     `json:"target"`
	Within      string     `json:"within"`
	Goal        *float64   `json:"goal"`
	Met         int        `json:"met"`
	Breached    int        `json:"breached"`
	Pending     int        `json:"pending"`
	Void        int        `json:"void"`
	Unknown     int        `json:"unknown"`
	SelfFiled   int        `json:"self_filed"`
	Attainment  *float64   `json:"attainment"` // null: n/a, nothing was decided
	Provisional bool       `json:"provisional"`
	Evidence    string     `json:"evidence"` // null grade of nothing is "n/a"
	Median      statLine   `json:"median"`
	P90         statLine   `json:"p90"`
	Others      statLine   `json:"median_without_self_filed"`
	Late        []lateLine `json:"late"`
}

type statLine struct {
	Seconds  *int64 `json:"seconds"` // null: nothing was answered
	Answered int    `json:"answered"`
	Of       int    `json:"of"`
}

type lateLine struct {
	clockLine
	Title string `json:"title"`
	Link  string `json:"link"`
}

func (r Review) attainment(a review.Attainment) attainmentLine {
	l := attainmentLine{
		Target: a.Target.Name, Within: a.Target.Within.Words, Met: a.Met, Breached: a.Breached, Pending: a.Pending, Void: a.Void,
		Unknown: a.Unknown, SelfFiled: a.SelfFiled, Provisional: a.Provisional(), Evidence: "n/a",
		Median: statLineOf(a.Median), P90: statLineOf(a.P90), Others: statLineOf(a.Others), Late: []lateLine{},
	}
	if a.Target.Words != "" {
		l.Goal = &a.Target.Goal
	}
	if share, ok := a.Share(); ok {
		l.Attainment, l.Evidence = &share, a.Evidence.String()
	}
	for _, c := range a.Late {
		_, link := r.evidence(c)
		l.Late = append(l.Late, lateLine{clockLineOf(c), c.Record.Title, link})
	}
	return l
}

func statLineOf(s review.Stat) statLine {
	l := statLine{Answered: s.Answered, Of: s.Of}
	if s.Answered > 0 {
		n := seconds(s.Time)
		l.Seconds = &n
	}
	return l
}

// evidence names what shows that a clock started, and its address.
func (r Review) evidence(c clock.Clock) (name, link string) {
	e := c.Start
	switch {
	case e.Pull > 0:
		name, link = fmt.Sprintf("#%d", e.Pull), fmt.Sprintf("/pull/%d", e.Pull)
	default:
		name, link = short(e.Commit), "/commit/"+e.Commit
	}
	if r.Web == "" {
		return name, ""
	}
	return name, r.Web + link
}

func short(commit string) string { return commit[:min(len(commit), 10)] }

// Markdown writes the review for people.
func (r Review) Markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: were the promises kept?\n\n", markdown.Plain(r.Desk, 100))
	for i, q := range r.Quarters {
		r.quarter(&b, q, r.Results[i])
	}
	if len(r.Quarters) == 0 {
		fmt.Fprintf(&b, "There is no quarter to report on.\n\n")
	}
	r.alarms(&b)
	r.footing(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r Review) quarter(b *strings.Builder, q worktime.Quarter, as []review.Attainment) {
	fmt.Fprintf(b, "## %s\n\n%s to %s", q.Name, q.Start.In(r.Zone).Format("2 January 2006"), q.End.In(r.Zone).AddDate(0, 0, -1).Format("2 January 2006"))
	if q.Contains(r.AsOf) {
		b.WriteString(", not over yet")
	}
	b.WriteString(". A promise belongs to the quarter in which its clock started.\n\n")
	b.WriteString("| promise | within | kept | late | pending | void | unknown | share kept | goal | median | 90th percentile | rests on |\n")
	b.WriteString("|---|---|--:|--:|--:|--:|--:|---|---|---|---|---|\n")
	for _, a := range as {
		fmt.Fprintf(b, "| %s | %s | %d | %d | %d | %d | %d | %s | %s | %s | %s | %s |\n", markdown.Cell(a.Target.Name), a.Target.Within.Words,
			a.Met, a.Breached, a.Pending, a.Void, a.Unknown, share(a), goal(a), stat(a.Median), stat(a.P90), rests(a))
	}
	b.WriteString("\n")
	for _, a := range as {
		notes(b, a)
		r.late(b, a)
	}
}

// share is the attainment in words: a number, or why there is none.
func share(a review.Attainment) string {
	s, ok := a.Share()
	switch {
	case ok && a.Provisional():
		return fmt.Sprintf("%s (%d of %d), provisional", percent(s), a.Met, a.Met+a.Breached)
	case ok:
		return fmt.Sprintf("%s (%d of %d)", percent(s), a.Met, a.Met+a.Breached)
	case a.Pending > 0:
		return fmt.Sprintf("pending %d", a.Pending)
	case a.Void+a.Unknown > 0:
		return "n/a (none was decided)"
	}
	return "n/a (no clock started)"
}

func goal(a review.Attainment) string {
	if a.Target.Words == "" {
		return "none set"
	}
	s, ok := a.Share()
	switch {
	case !ok:
		return a.Target.Words
	case s < a.Target.Goal:
		return a.Target.Words + ", missed" + soFar(a)
	}
	return a.Target.Words + ", reached" + soFar(a)
}

func soFar(a review.Attainment) string {
	if a.Provisional() {
		return " so far"
	}
	return ""
}

func rests(a review.Attainment) string {
	if _, ok := a.Share(); !ok {
		return "n/a"
	}
	return a.Evidence.Words()
}

// stat is a length in days with how many of how many: `1.0 (23 of 25)`.
func stat(s review.Stat) string {
	if s.Answered == 0 {
		return fmt.Sprintf("n/a (0 of %d answered)", s.Of)
	}
	return fmt.Sprintf("%s days (%d of %d)", days(s.Time), s.Answered, s.Of)
}

// notes explain figures that could be misread (domain, KPI 2).
func notes(b *strings.Builder, a review.Attainment) {
	if a.SelfFiled == 0 {
		return
	}
	fmt.Fprintf(b, "%s: %d self-filed, met at once.", markdown.Code(a.Target.Name), a.SelfFiled)
	if 2*a.SelfFiled > a.Median.Answered {
		fmt.Fprintf(b, " \"0\" indicates that most of the requests were filed by those who respond, creating the request and the response at the same time; without them the median is %s.", stat(a.Others))
	}
	b.WriteString("\n\n")
}

func (r Review) late(b *strings.Builder, a review.Attainment) {
	if len(a.Late) == 0 {
		return
	}
	fmt.Fprintf(b, "### Late: %s\n\n| record | due | answered | after | evidence |\n|---|---|---|---|---|\n", markdown.Code(a.Target.Name))
	late := slices.Clone(a.Late)
	slices.SortStableFunc(late, func(x, y clock.Clock) int { return x.Due.Compare(y.Due) })
	for _, c := range late {
		fmt.Fprintf(b, "| %s<br>%s%s | %s | %s | %s days | %s (%s) |\n", markdown.Cell(c.Record.Title), markdown.Cell(c.Record.ID), cycle(c),
			minute(c.Due.Format), answered(c), days(c.Elapsed), r.link(c), c.Evidence.Words())
	}
	b.WriteString("\n")
}

func cycle(c clock.Clock) string {
	if c.Cycle == 1 {
		return ""
	}
	return fmt.Sprintf(", cycle %d", c.Cycle)
}

func minute(format func(string) string) string { return format("2006-01-02 15:04") }

func answered(c clock.Clock) string {
	switch {
	case !c.Stopped.IsZero():
		return minute(c.Stopped.Format)
	case !c.Ended.IsZero():
		return "never: " + c.Why
	}
	return "**not yet**"
}

func (r Review) link(c clock.Clock) string {
	name, link := r.evidence(c)
	if link == "" {
		return name
	}
	return fmt.Sprintf("[%s](%s)", name, link)
}

func (r Review) alarms(b *strings.Builder) {
	if len(r.Alarms) == 0 {
		return
	}
	fmt.Fprintf(b, "## To look at\n\n")
	for _, a := range r.Alarms {
		fmt.Fprintf(b, "- %s: %s: %s\n", minute(a.Time.Format), markdown.Code(a.Record), markdown.Code(a.Words))
	}
	b.WriteString("\n")
}

func (r Review) footing(b *strings.Builder) {
	witness := "none"
	if r.Witness != "" {
		witness = "`" + short(r.Witness) + "`"
	}
	fmt.Fprintf(b, "---\n\nKept and late make the share; pending ones can still change it; void ones ended before they were due; unknown ones are never counted as kept. ")
	fmt.Fprintf(b, "All times are UTC.\n\nMade from: main `%s`, witness %s, as of %s, engine %s. The same four give the same report.\n",
		short(r.Main), witness, stamp(r.AsOf), r.Engine)
}
