package estimate_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/estimate"
	"github.com/commrel/liaison/action/internal/law"
	"pgregory.net/rapid"
)

// Weeks of remission of 21 patients with leukaemia under 6-mercaptopurine, and of 21 under a
// placebo (Freireich et al., 1963): the example of most textbooks on survival.
var (
	treated = []estimate.Span{
		{6, true}, {6, true}, {6, true}, {6, false}, {7, true}, {9, false}, {10, true}, {10, false}, {11, false}, {13, true}, {16, true},
		{17, false}, {19, false}, {20, false}, {22, true}, {23, true}, {25, false}, {32, false}, {32, false}, {34, false}, {35, false},
	}
	placebo = ended(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
)

func ended(lengths ...time.Duration) []estimate.Span {
	var out []estimate.Span
	for _, l := range lengths {
		out = append(out, estimate.Span{Length: l, Ended: true})
	}
	return out
}

// The published share in remission after 6, 7, 10, 13, 16, 22 and 23 weeks is 0.857, 0.807,
// 0.753, 0.690, 0.627, 0.538 and 0.448.
func TestPercentilesAreThoseOfTheTextbook(t *testing.T) {
	tests := []struct {
		p    int
		want time.Duration
	}{
		{14, 6}, {15, 7}, {19, 7}, {20, 10}, {24, 10}, {25, 13}, {30, 13}, {32, 16}, {37, 16}, {38, 22}, {46, 22}, {47, 23}, {50, 23}, {55, 23},
	}
	for _, test := range tests {
		t.Run(fmt.Sprint(test.p), func(t *testing.T) {
			if got, ok := estimate.Percentile(treated, test.p); !ok || got != test.want {
				t.Errorf("%d weeks (%t), expected %d", got, ok, test.want)
			}
		})
	}
	if got, ok := estimate.Percentile(treated, 56); ok {
		t.Errorf("the 56th percentile is %d weeks, and no more than 55.2 of a hundred relapsed", got)
	}
	if got, ok := estimate.Percentile(placebo, 50); !ok || got != 8 {
		t.Errorf("the median under placebo is %d weeks (%t), expected 8", got, ok)
	}
}

func TestNothingHasNoPercentile(t *testing.T) {
	for _, spans := range [][]estimate.Span{nil, {{5, false}}, {{5, false}, {9, false}}} {
		if at, ok := estimate.Percentile(spans, 50); ok {
			t.Errorf("of %v it is %d", spans, at)
		}
	}
}

// The intervals that Newcombe (1998, table I, method 3) gives.
func TestIntervalsAreThoseOfTheTextbook(t *testing.T) {
	tests := []struct {
		part, whole int
		low, high   float64
	}{
		{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611}, {1, 29, 0.0061, 0.1718}, {29, 29, 0.8830, 1}, {0, 0, 0, 1},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%d of %d", test.part, test.whole), func(t *testing.T) {
			low, high := estimate.Interval(test.part, test.whole)
			if math.Abs(low-test.low) > 0.00005 || math.Abs(high-test.high) > 0.00005 {
				t.Errorf("%.4f to %.4f, expected %.4f to %.4f", low, high, test.low, test.high)
			}
		})
	}
}

func TestAnIntervalHoldsItsShareAndNarrowsWithTheSample(t *testing.T) {
	for n := 1; n <= 60; n++ {
		for k := 0; k <= n; k++ {
			low, high := estimate.Interval(k, n)
			share := float64(k) / float64(n)
			if low < 0 || high > 1 || low > share || high < share {
				t.Fatalf("%d of %d: %v to %v", k, n, low, high)
			}
			if l, h := estimate.Interval(10*k, 10*n); h-l >= high-low {
				t.Fatalf("%d of %d is as narrow as ten times as many", k, n)
			}
		}
	}
}

func anySpans(t *rapid.T) []estimate.Span {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) estimate.Span {
		return estimate.Span{Length: time.Duration(rapid.IntRange(0, 12).Draw(t, "length")), Ended: rapid.Bool().Draw(t, "ended")}
	}), 0, 15).Draw(t, "spans")
}

func TestWithNothingCutShortAPercentileIsTheNearestRank(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		spans := anySpans(t)
		for i := range spans {
			spans[i].Ended = true
		}
		p := rapid.IntRange(1, 99).Draw(t, "p")
		at, ok := estimate.Percentile(spans, p)
		if len(spans) == 0 {
			if ok {
				t.Fatal("of nothing it is something")
			}
			return
		}
		slices.SortFunc(spans, func(a, b estimate.Span) int { return int(a.Length - b.Length) })
		if want := spans[(p*len(spans)+99)/100-1].Length; !ok || at != want {
			t.Fatalf("%d (%t), expected %d", at, ok, want)
		}
	})
}

func TestWaitingLongerNeverMakesAPercentileShorter(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		spans := anySpans(t)
		p := rapid.IntRange(1, 99).Draw(t, "p")
		at, ok := estimate.Percentile(spans, p)
		for i := range spans {
			if !spans[i].Ended {
				spans[i].Length += time.Duration(rapid.IntRange(0, 9).Draw(t, "more"))
			}
		}
		later, still := estimate.Percentile(spans, p)
		if still && (!ok || later < at) {
			t.Fatalf("%d (%t) became %d", at, ok, later)
		}
	})
}

func TestTheOrderOfSpansAndOfPercentilesHolds(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		spans := anySpans(t)
		last := time.Duration(-1)
		reached := true
		for _, p := range []int{1, 25, 50, 75, 90, 95, 99} {
			at, ok := estimate.Percentile(spans, p)
			if again, same := estimate.Percentile(rapid.Permutation(spans).Draw(t, "order"), p); again != at || same != ok {
				t.Fatalf("the order changes the percentile: %d and %d", at, again)
			}
			if ok && (!reached || at < last) {
				t.Fatalf("the %dth percentile is %d, and a lower one is %d (%t)", p, at, last, reached)
			}
			last, reached = at, ok
		}
	})
}
