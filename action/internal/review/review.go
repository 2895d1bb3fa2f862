// Package review turns clocks into the figures of a quarter: for each target how many
// were kept, how many were late, how long it took, and on what evidence that rests.
package review

import (
	"math"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/estimate"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/action/internal/worktime"
)

// An Attainment is one target over the clocks that started in one quarter, or some of them.
type Attainment struct {
	Target    *workflow.Target
	Quarter   worktime.Quarter
	Ongoing   bool // the quarter is not over: more clocks can start in it
	Met       int  // SelfFiled are among them
	Breached  int  // answered late, or not answered after the due time; Open are among them
	Open      int  // not answered after the due time, and still waiting
	Running   int  // not decided yet, as are Paused
	Paused    int
	Void      int // left out of attainment
	Unknown   int // left out of attainment
	SelfFiled int
	Evidence  evidence.Grade // the weakest that the decided ones rest on
	Median    Stat
	Others    Stat // the median without the self-filed
	Waits     Waits
	Late      []clock.Clock
	Unknowns  []clock.Clock
	Splits    []Split  // the same broken down
	Terms     []Term   // what was promised, oldest first: several where the definition changed
	Calendars []string // by whose working time the clocks that are known count; "always" for all time
}

// A Term is one definition's version of a target, and how many clocks go by it.
type Term struct {
	Target *workflow.Target
	Clocks int
}

// A Stat is a length of time over the answered clocks of a cohort. Where they count by
// different calendars the length says nothing.
type Stat struct {
	Time     time.Duration
	Answered int // clocks that it is taken over
	Of       int // clocks that could have been answered: decided and pending ones
}

// Waits are how long answers are estimated to take, the unanswered included: each counts as
// one that could still be answered for as long as it ran. Of those that ended without an
// answer that is until they ended. Self-filed ones, which wait for nobody, are left out. Where
// they count by different calendars the percentiles say nothing.
type Waits struct {
	Percentiles []Percentile // the 50th, 75th, 90th and 95th
	Answered    int
	Of          int
}

// A Percentile is the time within which so many of a hundred are answered.
type Percentile struct {
	Of      int // of a hundred
	Time    time.Duration
	Reached bool // false: too few have been answered to tell
}

// SmallSample is the number of decided clocks below which a share is marked as resting on
// few: there one promise more or less moves it by ten points and more, and its interval
// spans half of all shares or nearly so.
const SmallSample = 10

// Decided is how many count in the share.
func (a Attainment) Decided() int { return a.Met + a.Breached }

// Pending is how many are not decided yet.
func (a Attainment) Pending() int { return a.Running + a.Paused }

// Started is how many clocks there are, of whatever state.
func (a Attainment) Started() int { return a.Decided() + a.Pending() + a.Void + a.Unknown }

// Small reports whether the share rests on few.
func (a Attainment) Small() bool { return a.Decided() < SmallSample }

// Interval is the 95 % interval of the share, 0 to 1, taken as if the clocks were a sample of
// all that the desk could meet.
func (a Attainment) Interval() (low, high float64) { return estimate.Interval(a.Met, a.Decided()) }

// Share is met ÷ (met + breached), 0 to 1; ok is false when nothing was decided.
func (a Attainment) Share() (share float64, ok bool) {
	if a.Decided() == 0 {
		return 0, false
	}
	return float64(a.Met) / float64(a.Decided()), true
}

// Reached reports whether the share is the goal at least; counts are compared in millionths,
// in which every goal is a whole number.
func (a Attainment) Reached() bool {
	goal := int64(math.Round(a.Target.Goal * 1e6))
	decided := int64(a.Decided())
	return decided > 0 && int64(a.Met)*1_000_000 >= goal*decided
}

// Provisional reports whether the share can still change: by clocks that are pending, or by
// those that start before the quarter is over.
func (a Attainment) Provisional() bool { return a.Ongoing || a.Pending() > 0 }

// Mixed reports whether the clocks count by different calendars, so that their lengths cannot
// be compared: an hour of one is not an hour of the other.
func (a Attainment) Mixed() bool { return len(a.Calendars) > 1 }

// Working reports whether the clocks count by a calendar of working hours.
func (a Attainment) Working() bool { return !a.Mixed() && slices.ContainsFunc(a.Calendars, notAlways) }

func notAlways(calendar string) bool { return calendar != (*worktime.Calendar)(nil).Word() }

// Quarter computes each target over the clocks that started in q (docs/domain.md, KPIs 1 to 3)
// as they stand at as-of, and breaks it down in some ways.
func Quarter(targets []*workflow.Target, clocks []clock.Clock, q worktime.Quarter, asOf time.Time, ways ...Way) []Attainment {
	var out []Attainment
	for _, t := range targets {
		var cohort []clock.Clock
		for _, c := range clocks {
			if c.Target.Name == t.Name && Placed(c) && q.Contains(c.Started) {
				cohort = append(cohort, c)
			}
		}
		a := attain(Attainment{Target: latest(t, cohort), Quarter: q, Ongoing: asOf.Before(q.End)}, cohort)
		a.Terms = terms(cohort)
		a.Splits = split(a, cohort, ways)
		out = append(out, a)
	}
	return out
}

// latest is the newest version of a target that some of its clocks go by; without clocks,
// the version at hand.
func latest(t *workflow.Target, cohort []clock.Clock) *workflow.Target {
	if len(cohort) == 0 {
		return t
	}
	return slices.MaxFunc(cohort, func(a, b clock.Clock) int { return a.Started.Compare(b.Started) }).Target
}

// terms are the versions of a target that differ in what they promise.
func terms(cohort []clock.Clock) []Term {
	var out []Term
	for _, c := range slices.SortedStableFunc(slices.Values(cohort), func(a, b clock.Clock) int { return a.Started.Compare(b.Started) }) {
		i := slices.IndexFunc(out, func(t Term) bool {
			return t.Target.Within.Words == c.Target.Within.Words && t.Target.Words == c.Target.Words
		})
		if i < 0 {
			i = len(out)
			out = append(out, Term{Target: c.Target})
		}
		out[i].Clocks++
	}
	return out
}

// attain counts and measures a cohort, of which a says the target and the quarter.
func attain(a Attainment, cohort []clock.Clock) Attainment {
	for _, c := range cohort {
		a.count(c)
	}
	a.Calendars = calendars(cohort)
	a.measure(cohort)
	a.wait(cohort)
	return a
}

// calendars are those by which the known ones count, by name.
func calendars(cohort []clock.Clock) []string {
	var out []string
	for _, c := range cohort {
		if c.State != clock.Unknown {
			out = append(out, c.Calendar().Word())
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (a *Attainment) count(c clock.Clock) {
	switch c.State {
	case clock.Met:
		a.Met++
		if c.SelfFiled {
			a.SelfFiled++
		}
	case clock.Breached:
		a.Breached++
		if c.Open() {
			a.Open++
		}
		a.Late = append(a.Late, c)
	case clock.Running:
		a.Running++
	case clock.Paused:
		a.Paused++
	case clock.Void:
		a.Void++
	case clock.Unknown:
		a.Unknown++
		a.Unknowns = append(a.Unknowns, c)
	}
	if c.State == clock.Met || c.State == clock.Breached {
		a.Evidence = evidence.Weakest(a.Evidence, c.Evidence)
	}
}

// answered reports whether a clock that counts came to its stop.
func answered(c clock.Clock) bool {
	return (c.State == clock.Met || c.State == clock.Breached) && !c.Stopped.IsZero()
}

func (a *Attainment) measure(cohort []clock.Clock) {
	of := a.Decided() + a.Pending()
	var all, others []time.Duration
	for _, c := range cohort {
		if !answered(c) {
			continue
		}
		all = append(all, c.Elapsed)
		if !c.SelfFiled {
			others = append(others, c.Elapsed)
		}
	}
	a.Median = Stat{median(all), len(all), of}
	a.Others = Stat{median(others), len(others), of - a.SelfFiled}
}

// wait estimates how long answers take.
func (a *Attainment) wait(cohort []clock.Clock) {
	var spans []estimate.Span
	for _, c := range cohort {
		if c.State == clock.Unknown || c.SelfFiled {
			continue
		}
		spans = append(spans, estimate.Span{Length: c.Elapsed, Ended: answered(c)})
		if answered(c) {
			a.Waits.Answered++
		}
	}
	a.Waits.Of = len(spans)
	for _, p := range []int{50, 75, 90, 95} {
		at, reached := estimate.Percentile(spans, p)
		a.Waits.Percentiles = append(a.Waits.Percentiles, Percentile{p, at, reached})
	}
}

// median averages the middle two of an even number; zero for none.
func median(ds []time.Duration) time.Duration {
	if len(ds) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(ds))
	m := len(s) / 2
	if len(s)%2 == 1 {
		return s[m]
	}
	return (s[m-1] + s[m]) / 2
}

// Placed reports whether it is known when a clock started, and so in which quarter it
// counts.
func Placed(c clock.Clock) bool {
	return !c.Started.IsZero() && c.Start.Evidence != evidence.Unknown
}

// Quarters are the quarters from the first clock's start to as-of. A clock that started
// nobody knows when begins none.
func Quarters(f worktime.Fiscal, clocks []clock.Clock, asOf time.Time) []worktime.Quarter {
	first := asOf
	for _, c := range clocks {
		if Placed(c) && c.Started.Before(first) {
			first = c.Started
		}
	}
	var out []worktime.Quarter
	for q := f.At(first); !q.Start.After(asOf); q = f.After(q) {
		out = append(out, q)
	}
	return out
}
