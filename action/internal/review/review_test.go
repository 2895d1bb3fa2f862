package review_test

import (
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/commrel/liaison/action/internal/worktime"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const day = 24 * time.Hour

var (
	start    = time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC)
	quarter  = worktime.Quarter{Name: "2026-27-q1", Start: start, End: time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)}
	over     = quarter.End
	response = &workflow.Target{Name: "first-response", Goal: 1, Words: "100%"}
	resource = &workflow.Target{Name: "resourced", Goal: 0.8, Words: "80%"}
)

// ran is a clock of the quarter in a state, after so much running time.
func ran(state clock.State, took time.Duration) clock.Clock {
	c := clock.Clock{Target: response, Cycle: 1, State: state, Started: start.Add(day), Elapsed: took}
	if state == clock.Met || state == clock.Breached {
		c.Stopped = c.Started.Add(took)
		c.Ended = c.Stopped
	}
	return c
}

func met(took time.Duration) clock.Clock     { return ran(clock.Met, took) }
func late(took time.Duration) clock.Clock    { return ran(clock.Breached, took) }
func running(took time.Duration) clock.Clock { return ran(clock.Running, took) }

// silent is late and not answered yet.
func silent(took time.Duration) clock.Clock {
	c := late(took)
	c.Stopped, c.Ended = time.Time{}, time.Time{}
	return c
}

func selfFiled() clock.Clock {
	c := met(0)
	c.SelfFiled = true
	return c
}

// of computes the first response over clocks.
func of(clocks ...clock.Clock) review.Attainment {
	return review.Quarter([]*workflow.Target{response}, clocks, quarter, over)[0]
}

func TestAQuarterThatIsNotOverIsProvisional(t *testing.T) {
	for _, test := range []struct {
		name string
		asOf time.Time
		want bool
	}{
		{"in its midst", start.Add(20 * day), true},
		{"at its last instant", quarter.End.Add(-1), true},
		{"at its end", quarter.End, false},
		{"later", quarter.End.Add(day), false},
	} {
		t.Run(test.name, func(t *testing.T) {
			way := review.Way{By: "group", Groups: func(clock.Clock) []review.Group { return []review.Group{{Name: "all"}} }}
			target := &workflow.Target{Name: "first-response", Of: &workflow.Kind{}, Goal: 1}
			kept := met(day)
			kept.Target = target
			a := review.Quarter([]*workflow.Target{target}, []clock.Clock{kept}, quarter, test.asOf, way)[0]
			if part := a.Splits[0].Parts[0]; a.Provisional() != test.want || part.Provisional() != test.want || !a.Reached() {
				t.Errorf("provisional %t, and its part %t", a.Provisional(), part.Provisional())
			}
		})
	}
}

func TestAttainmentCounts(t *testing.T) {
	type counts struct{ Met, Breached, Open, Running, Paused, Void, Unknown, SelfFiled int }
	tests := []struct {
		name        string
		clocks      []clock.Clock
		want        counts
		share       float64
		decided     bool
		provisional bool
	}{
		{"nothing started", nil, counts{}, 0, false, false},
		{"all kept", []clock.Clock{met(day), met(2 * day)}, counts{Met: 2}, 1, true, false},
		{"one of three late", []clock.Clock{met(day), late(9 * day), met(day)}, counts{Met: 2, Breached: 1}, 2.0 / 3, true, false},
		{"late without an answer is late", []clock.Clock{silent(30 * day)}, counts{Breached: 1, Open: 1}, 0, true, false},
		{"running and paused are pending, and make it provisional", []clock.Clock{met(day), running(day), ran(clock.Paused, day)}, counts{Met: 1, Running: 1, Paused: 1}, 1, true, true},
		{"only pending: nothing is decided", []clock.Clock{running(day)}, counts{Running: 1}, 0, false, true},
		{"void and unknown are left out and counted", []clock.Clock{met(day), ran(clock.Void, day), ran(clock.Unknown, day)}, counts{Met: 1, Void: 1, Unknown: 1}, 1, true, false},
		{"self-filed are among the kept", []clock.Clock{selfFiled(), late(9 * day)}, counts{Met: 1, Breached: 1, SelfFiled: 1}, 0.5, true, false},
		{"a self-filed one that is unknown is not", []clock.Clock{func() clock.Clock { c := selfFiled(); c.State = clock.Unknown; return c }()}, counts{Unknown: 1}, 0, false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := of(test.clocks...)
			got := counts{a.Met, a.Breached, a.Open, a.Running, a.Paused, a.Void, a.Unknown, a.SelfFiled}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("counts (-want +got):\n%s", diff)
			}
			if share, ok := a.Share(); share != test.share || ok != test.decided || a.Provisional() != test.provisional {
				t.Errorf("share %v, decided %t, provisional %t", share, ok, a.Provisional())
			}
			if len(a.Late) != a.Breached {
				t.Errorf("%d late ones listed of %d", len(a.Late), a.Breached)
			}
		})
	}
}

func TestMedian(t *testing.T) {
	nothing := review.Stat{}
	tests := []struct {
		name           string
		clocks         []clock.Clock
		median, others review.Stat
	}{
		{"of none", nil, nothing, nothing},
		{"of none that was answered", []clock.Clock{silent(9 * day), running(day)}, review.Stat{Of: 2}, review.Stat{Of: 2}},
		{"of one", []clock.Clock{met(3 * day)}, review.Stat{Time: 3 * day, Answered: 1, Of: 1}, review.Stat{Time: 3 * day, Answered: 1, Of: 1}},
		{"of an odd count, the one in the middle", []clock.Clock{met(5 * day), met(1 * day), met(2 * day)},
			review.Stat{Time: 2 * day, Answered: 3, Of: 3}, review.Stat{Time: 2 * day, Answered: 3, Of: 3}},
		{"of an even count, the mean of the two in the middle", []clock.Clock{met(5 * day), met(1 * day), met(2 * day), met(4 * day)},
			review.Stat{Time: 3 * day, Answered: 4, Of: 4}, review.Stat{Time: 3 * day, Answered: 4, Of: 4}},
		{"late answers count, silence does not", []clock.Clock{met(1 * day), late(9 * day), silent(90 * day)},
			review.Stat{Time: 5 * day, Answered: 2, Of: 3}, review.Stat{Time: 5 * day, Answered: 2, Of: 3}},
		{"void and unknown could not have been answered", []clock.Clock{met(1 * day), ran(clock.Void, day), ran(clock.Unknown, day), running(day)},
			review.Stat{Time: 1 * day, Answered: 1, Of: 2}, review.Stat{Time: 1 * day, Answered: 1, Of: 2}},
		{"self-filed count as nothing, and are left out beside it", []clock.Clock{selfFiled(), selfFiled(), met(4 * day)},
			review.Stat{Time: 0, Answered: 3, Of: 3}, review.Stat{Time: 4 * day, Answered: 1, Of: 1}},
		{"all self-filed: without them nothing is left", []clock.Clock{selfFiled(), selfFiled()},
			review.Stat{Answered: 2, Of: 2}, nothing},
		{"a self-filed one that is unknown changes no count", []clock.Clock{func() clock.Clock { c := selfFiled(); c.State = clock.Unknown; return c }(), met(day)},
			review.Stat{Time: day, Answered: 1, Of: 1}, review.Stat{Time: day, Answered: 1, Of: 1}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := of(test.clocks...)
			if diff := cmp.Diff([]review.Stat{test.median, test.others}, []review.Stat{a.Median, a.Others}); diff != "" {
				t.Errorf("median, median of the others (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWaitsIncludeTheUnanswered(t *testing.T) {
	never := review.Percentile{}
	tests := []struct {
		name          string
		clocks        []clock.Clock
		p50, p90      review.Percentile // their Of is left out
		answered, all int
	}{
		{"of none", nil, never, never, 0, 0},
		{"all answered: the nearest rank", []clock.Clock{met(5 * day), met(1 * day), late(20 * day)}, review.Percentile{Time: 5 * day, Reached: true}, review.Percentile{Time: 20 * day, Reached: true}, 3, 3},
		{"silence counts, though it has no end", []clock.Clock{met(1 * day), met(2 * day), silent(90 * day)}, review.Percentile{Time: 2 * day, Reached: true}, never, 2, 3},
		{"too much silence, and not even half are reached", []clock.Clock{met(1 * day), silent(90 * day), silent(80 * day)}, never, never, 1, 3},
		{"one that just began says little", []clock.Clock{met(5 * day), met(6 * day), running(time.Hour)}, review.Percentile{Time: 5 * day, Reached: true}, review.Percentile{Time: 6 * day, Reached: true}, 2, 3},
		{"void ones waited until they ended", []clock.Clock{met(1 * day), ran(clock.Void, 6*day), ran(clock.Paused, 5*day)}, never, never, 1, 3},
		{"unknown ones say nothing, self-filed ones do not wait", []clock.Clock{met(3 * day), selfFiled(), ran(clock.Unknown, day)}, review.Percentile{Time: 3 * day, Reached: true}, review.Percentile{Time: 3 * day, Reached: true}, 1, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := of(test.clocks...).Waits
			test.p50.Of, test.p90.Of = 50, 90
			if diff := cmp.Diff([]review.Percentile{test.p50, test.p90}, []review.Percentile{w.Percentiles[0], w.Percentiles[2]}); diff != "" {
				t.Errorf("50th and 90th percentile (-want +got):\n%s", diff)
			}
			if w.Answered != test.answered || w.Of != test.all {
				t.Errorf("%d answered of %d, expected %d of %d", w.Answered, w.Of, test.answered, test.all)
			}
		})
	}
}

func TestAShareOfFewIsASmallSample(t *testing.T) {
	var clocks []clock.Clock
	for n := range 12 {
		a := of(append(clocks, running(day), ran(clock.Void, day))...)
		if a.Small() != (n < 10) {
			t.Errorf("%d decided: small %t", n, a.Small())
		}
		if low, high := a.Interval(); low > 1 || high < 1 {
			t.Errorf("%d of %d kept: %v to %v", n, n, low, high)
		}
		clocks = append(clocks, met(day))
	}
}

func TestAClockBelongsToTheHalfOpenQuarterInWhichItStarted(t *testing.T) {
	tests := []struct {
		name    string
		started time.Time
		want    int
	}{
		{"just before", start.Add(-time.Nanosecond), 0},
		{"at the first instant", start, 1},
		{"at the last instant", quarter.End.Add(-time.Nanosecond), 1},
		{"at the end", quarter.End, 0},
		{"at an instant that nobody knows", time.Time{}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := met(200 * day) // when it stopped does not matter
			c.Started = test.started
			if got := of(c).Met; got != test.want {
				t.Errorf("%d clocks in the quarter, expected %d", got, test.want)
			}
		})
	}
}

func TestEachTargetHasItsOwnClocks(t *testing.T) {
	other := late(9 * day)
	other.Target = resource
	as := review.Quarter([]*workflow.Target{resource, response}, []clock.Clock{met(day), other}, quarter, over)
	if len(as) != 2 || as[0].Target != resource || as[0].Met != 0 || as[0].Breached != 1 || as[1].Met != 1 || as[1].Breached != 0 {
		t.Errorf("%+v", as)
	}
}

func TestEvidenceIsTheWeakestOfTheDecided(t *testing.T) {
	graded := func(state clock.State, g evidence.Grade) clock.Clock {
		c := ran(state, day)
		c.Evidence = g
		return c
	}
	tests := []struct {
		name   string
		clocks []clock.Clock
		want   evidence.Grade
	}{
		{"of one", []clock.Clock{graded(clock.Met, evidence.Landed)}, evidence.Landed},
		{"of several", []clock.Clock{graded(clock.Met, evidence.Landed), graded(clock.Breached, evidence.Claimed), graded(clock.Met, evidence.Witnessed)}, evidence.Claimed},
		{"those that decide nothing do not weaken it", []clock.Clock{graded(clock.Met, evidence.Witnessed), graded(clock.Running, evidence.Claimed), graded(clock.Void, evidence.Declared), graded(clock.Unknown, evidence.Unknown)}, evidence.Witnessed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := of(test.clocks...).Evidence; got != test.want {
				t.Errorf("%v, expected %v", got, test.want)
			}
		})
	}
}

var states = []clock.State{clock.Met, clock.Breached, clock.Running, clock.Paused, clock.Void, clock.Unknown}

func anyClock(t *rapid.T, states ...clock.State) clock.Clock {
	c := ran(rapid.SampledFrom(states).Draw(t, "state"), time.Duration(rapid.Int64Range(0, int64(400*day)).Draw(t, "took")))
	c.SelfFiled = c.State == clock.Met && rapid.Bool().Draw(t, "self-filed")
	if c.State == clock.Breached && rapid.Bool().Draw(t, "silent") {
		c.Stopped, c.Ended = time.Time{}, time.Time{}
	}
	c.Evidence = rapid.SampledFrom([]evidence.Grade{evidence.Witnessed, evidence.Landed, evidence.Claimed}).Draw(t, "evidence")
	return c
}

func anyClocks(t *rapid.T) []clock.Clock {
	var out []clock.Clock
	for range rapid.IntRange(0, 20).Draw(t, "clocks") {
		out = append(out, anyClock(t, states...))
	}
	return out
}

func TestAddingUnknownClocksChangesNoFigureButTheirCount(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		clocks := anyClocks(t)
		before := of(clocks...)
		n := rapid.IntRange(1, 5).Draw(t, "unknown")
		for range n {
			c := anyClock(t, clock.Met, clock.Breached, clock.Unknown)
			c.State, c.Evidence = clock.Unknown, evidence.Unknown
			clocks = append(clocks, c)
		}
		after := of(clocks...)
		if after.Unknown != before.Unknown+n {
			t.Fatalf("%d unknown, expected %d", after.Unknown, before.Unknown+n)
		}
		after.Unknown, after.Late, before.Late, after.Unknowns, before.Unknowns, after.Terms, before.Terms = before.Unknown, nil, nil, nil, nil, nil, nil
		if diff := cmp.Diff(before, after, cmp.Comparer(func(a, b *workflow.Target) bool { return a == b })); diff != "" {
			t.Fatalf("unknown clocks changed a figure:\n%s", diff)
		}
	})
}

func TestTheOrderOfClocksChangesNoFigure(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		clocks := anyClocks(t)
		before, after := of(clocks...), of(rapid.Permutation(clocks).Draw(t, "order")...)
		after.Late, before.Late, after.Unknowns, before.Unknowns = nil, nil, nil, nil
		if diff := cmp.Diff(before, after, cmp.Comparer(func(a, b *workflow.Target) bool { return a == b })); diff != "" {
			t.Fatalf("the order changed a figure:\n%s", diff)
		}
	})
}

func TestFiguresStayInTheirBounds(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		clocks := anyClocks(t)
		a := of(clocks...)
		if n := a.Started(); n != len(clocks) || a.Open > a.Breached || a.Waits.Answered > a.Waits.Of {
			t.Fatalf("%d counted of %d", n, len(clocks))
		}
		for _, s := range []review.Stat{a.Median, a.Others} {
			if s.Answered < 0 || s.Answered > s.Of || s.Answered == 0 && s.Time != 0 {
				t.Fatalf("%+v", s)
			}
		}
		if share, ok := a.Share(); ok != (a.Met+a.Breached > 0) || share < 0 || share > 1 || share == 1 && a.Breached > 0 {
			t.Fatalf("%+v", a)
		}
	})
}

func TestQuarters(t *testing.T) {
	fiscal := worktime.Fiscal{First: time.July, Zone: time.UTC}
	at := func(t time.Time) clock.Clock { return clock.Clock{Started: t} }
	asOf := time.Date(2026, time.October, 5, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name   string
		clocks []clock.Clock
		asOf   time.Time
		want   []string
	}{
		{"without a clock, the one of as-of", nil, asOf, []string{"2026-27-q2"}},
		{"from the first clock's to that of as-of, none left out", []clock.Clock{at(asOf), at(time.Date(2026, time.March, 31, 23, 59, 59, 0, time.UTC))}, asOf,
			[]string{"2025-26-q3", "2025-26-q4", "2026-27-q1", "2026-27-q2"}},
		{"a clock that started nobody knows when begins none", []clock.Clock{at(time.Time{}), at(start)}, asOf, []string{"2026-27-q1", "2026-27-q2"}},
		{"at a quarter's first instant, that quarter too", []clock.Clock{at(start)}, quarter.End, []string{"2026-27-q1", "2026-27-q2"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, q := range review.Quarters(fiscal, test.clocks, test.asOf) {
				got = append(got, q.Name)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("quarters (-want +got):\n%s", diff)
			}
		})
	}
}
