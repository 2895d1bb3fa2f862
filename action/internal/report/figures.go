package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/commrel/liaison/action/internal/review"
)

// figures are all the numbers of a quarter, in two tables; none where no clock started.
func figures(b *strings.Builder, as []review.Attainment) {
	if !slices.ContainsFunc(as, func(a review.Attainment) bool { return a.Started() > 0 }) {
		return
	}
	fmt.Fprintf(b, "| promise | within | %s | goal | evidence |\n|---|---|%s|---|---|\n", strings.Join(countHeads, " | "), countRule)
	for _, a := range as {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s |\n", name(a), a.Target.Promise(), counts(a), goal(a), rests(a))
	}
	b.WriteString("\nHow long it took. The median is over the answered; the percentiles include the unanswered.\n\n")
	b.WriteString("| promise | median | median without the self-filed | 50th percentile | 75th percentile | 90th percentile | 95th percentile | percentiles over |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|\n")
	for _, a := range as {
		fmt.Fprintf(b, "| %s | %s | %s |", name(a), stat(a, a.Median), stat(a, a.Others))
		for i := range a.Waits.Percentiles {
			fmt.Fprintf(b, " %s |", percentile(a, i))
		}
		fmt.Fprintf(b, " %d, of which %d answered |\n", a.Waits.Of, a.Waits.Answered)
	}
	b.WriteString("\n")
}

// countHeads are the heads of what counts prints, and countRule the line below them.
var countHeads = []string{"kept", "late, over", "late, waiting", "running", "paused", "void", "unknown", "share kept", "95 % interval"}

const countRule = "--:|--:|--:|--:|--:|--:|--:|---|---"

// counts are how many clocks stand in which way, and what that makes.
func counts(a review.Attainment) string {
	return fmt.Sprintf("%d | %d | %d | %d | %d | %d | %d | %s | %s", a.Met, a.Breached-a.Open, a.Open, a.Running, a.Paused, a.Void, a.Unknown, share(a), interval(a))
}

// interval is how far the share may be off, and whether that rests on few.
func interval(a review.Attainment) string {
	if a.Decided() == 0 {
		return "n/a"
	}
	low, high := a.Interval()
	words := fmt.Sprintf("%s to %s", hundredth(low), hundredth(high))
	if a.Small() {
		words += ", small sample"
	}
	return words
}

// hundredth is a share in hundredths with at most one decimal.
func hundredth(share float64) string {
	return strconv.FormatFloat(math.Round(1000*share)/10, 'f', -1, 64) + " %"
}

// mixed is what stands for a length over clocks that cannot be compared.
const mixed = "n/a (counted by different calendars)"

// stat is a length with how many of how many: `1.0 days (23 of 25)`.
func stat(a review.Attainment, s review.Stat) string {
	switch {
	case s.Answered == 0:
		return fmt.Sprintf("n/a (0 of %d answered)", s.Of)
	case a.Mixed():
		return mixed
	}
	return fmt.Sprintf("%s (%d of %d)", length(s.Time, a.Working()), s.Answered, s.Of)
}

// percentile is one of those that include the unanswered.
func percentile(a review.Attainment, i int) string {
	switch p := a.Waits.Percentiles[i]; {
	case a.Waits.Of == 0:
		return "n/a"
	case a.Mixed():
		return mixed
	case !p.Reached:
		return "not reached"
	default:
		return length(p.Time, a.Working())
	}
}

// notes explain figures that could be misread (docs/domain.md, KPI 2).
func notes(b *strings.Builder, a review.Attainment) {
	if len(a.Terms) > 1 {
		fmt.Fprintf(b, "**%s**: the promise was changed while it was measured: %s. The goal above is the newest.\n\n", name(a), termsIn(a))
	}
	if a.Mixed() || 2*a.SelfFiled <= a.Median.Answered {
		return
	}
	fmt.Fprintf(b, "**%s**: \"0\" indicates that most of the requests were filed by those who respond, creating the request and the response at the same time. Without them, the median is %s.\n\n", name(a), stat(a, a.Others))
}

// termsIn says how many clocks go by which promise.
func termsIn(a review.Attainment) string {
	var words []string
	for i, t := range a.Terms {
		verb := []string{"go ", ""}[min(i, 1)]
		noun := "clocks"
		if t.Clocks == 1 {
			noun, verb = "clock", strings.Replace(verb, "go", "goes", 1)
		}
		words = append(words, fmt.Sprintf("%d %s %sby within %s, goal %s", t.Clocks, noun, verb, t.Target.Within.Words, goalWords(review.Attainment{Target: t.Target})))
	}
	return strings.Join(words, "; ")
}

// splits are the figures of one promise, broken down in each way.
func splits(b *strings.Builder, a review.Attainment) {
	for _, s := range a.Splits {
		fmt.Fprintf(b, "### %s by %s\n\n", capital(name(a)), prose(s.By))
		fmt.Fprintf(b, "| %s | %s | median | 90th percentile |\n|---|%s|---|---|\n", prose(s.By), strings.Join(countHeads, " | "), countRule)
		for _, p := range s.Parts {
			fmt.Fprintf(b, "| %s | %s | %s | %s |\n", part(p), counts(p.Attainment), stat(p.Attainment, p.Median), percentile(p.Attainment, 2))
		}
		b.WriteString("\n")
	}
}

// part is the name of a group: ours as words, a record's as code.
func part(p review.Part) string {
	if p.None {
		return p.Name
	}
	return cell(p.Name)
}
