// Package review turns clocks into the figures of a quarter: for each target how many
// were kept, how many were late, how long it took, and on what evidence that rests.
package review

import (
	"math"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/action/internal/worktime"
)

// An Attainment is one target over the clocks that started in one quarter.
type Attainment struct {
	Target    *workflow.Target
	Quarter   worktime.Quarter
	Met       int // SelfFiled are among them
	Breached  int // answered late, or not answered after the due time
	Pending   int // running or paused: not decided yet
	Void      int // left out of attainment
	Unknown   int // left out of attainment
	SelfFiled int
	Evidence  evidence.Grade // the weakest that the decided ones rest on
	Median    Stat
	P90       Stat // of the answered
	Others    Stat // the median without the self-filed
	Late      []clock.Clock
	Unknowns  []clock.Clock
}

// A Stat is a length of time over the answered clocks of a cohort.
type Stat struct {
	Time     time.Duration
	Answered int // clocks that it is taken over
	Of       int // clocks that could have been answered: decided and pending ones
}

// Share is met ÷ (met + breached), 0 to 1; ok is false when nothing was decided.
func (a Attainment) Share() (share float64, ok bool) {
	if a.Met+a.Breached == 0 {
		return 0, false
	}
	return float64(a.Met) / float64(a.Met+a.Breached), true
}

// Reached reports whether the share is the goal at least; counts are compared in millionths,
// in which every goal is a whole number.
func (a Attainment) Reached() bool {
	goal := int64(math.Round(a.Target.Goal * 1e6))
	decided := int64(a.Met + a.Breached)
	return decided > 0 && int64(a.Met)*1_000_000 >= goal*decided
}

// Provisional reports whether pending clocks can still change the share.
func (a Attainment) Provisional() bool { return a.Pending > 0 }

// Quarter computes each target over the clocks that started in q (domain, KPIs 1 to 3).
func Quarter(targets []*workflow.Target, clocks []clock.Clock, q worktime.Quarter) []Attainment {
	var out []Attainment
	for _, t := range targets {
		a := Attainment{Target: t, Quarter: q}
		var cohort []clock.Clock
		for _, c := range clocks {
			if c.Target == t && Placed(c) && q.Contains(c.Started) {
				cohort = append(cohort, c)
				a.count(c)
			}
		}
		a.measure(cohort)
		out = append(out, a)
	}
	return out
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
		a.Late = append(a.Late, c)
	case clock.Running, clock.Paused:
		a.Pending++
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

func (a *Attainment) measure(cohort []clock.Clock) {
	var all, others []time.Duration
	for _, c := range cohort {
		if (c.State != clock.Met && c.State != clock.Breached) || c.Stopped.IsZero() {
			continue
		}
		all = append(all, c.Elapsed)
		if !c.SelfFiled {
			others = append(others, c.Elapsed)
		}
	}
	of := a.Met + a.Breached + a.Pending
	a.Median = Stat{median(all), len(all), of}
	a.P90 = Stat{percentile(all, 90), len(all), of}
	a.Others = Stat{median(others), len(others), of - a.SelfFiled}
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

// percentile is the smallest value that p in a hundred do not exceed (nearest rank).
func percentile(ds []time.Duration, p int) time.Duration {
	if len(ds) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(ds))
	return s[(p*len(s)+99)/100-1]
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
