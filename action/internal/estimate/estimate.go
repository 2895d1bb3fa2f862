// Package estimate turns samples into figures that say how far they can be trusted: lengths
// of time, some of which had not come to their end, into percentiles (Kaplan and Meier), and
// counts into the interval of a share (Wilson). The same sample gives the same bits on every
// machine.
package estimate

import (
	"cmp"
	"math"
	"math/big"
	"slices"
	"time"
)

// A Span is how long something took, or had taken when it was last seen.
type Span struct {
	Length time.Duration
	Ended  bool // it came to its end; else it took longer than Length, nobody knows how much
}

// Percentile is the shortest time within which p of a hundred spans are estimated to have
// ended, 0 < p < 100; ok is false where they never get that far. Spans that have not ended
// count among those that could still end for as long as they were seen, which is the
// product-limit estimate of Kaplan and Meier (1958); at one length, ends come first. Of spans
// that have all ended it is the nearest rank.
func Percentile(spans []Span, p int) (at time.Duration, ok bool) {
	rest := slices.SortedFunc(slices.Values(spans), func(a, b Span) int { return cmp.Compare(a.Length, b.Length) })
	waiting, of, last := big.NewInt(1), big.NewInt(1), 1 // waiting × last ÷ of is the share that has not ended
	for len(rest) > 0 {
		length, left, ended := rest[0].Length, len(rest), 0
		for len(rest) > 0 && rest[0].Length == length {
			if rest[0].Ended {
				ended++
			}
			rest = rest[1:]
		}
		if ended == 0 {
			continue
		}
		if left != last { // else the two cancel out, as they do where nothing was cut short
			waiting.Mul(waiting, big.NewInt(int64(last)))
			of.Mul(of, big.NewInt(int64(left)))
		}
		last = left - ended
		if atMost(new(big.Int).Mul(waiting, big.NewInt(int64(last))), of, 100-p) {
			return length, true
		}
	}
	return 0, false
}

// atMost reports whether part ÷ whole is at most some hundredths, exactly.
func atMost(part, whole *big.Int, hundredths int) bool {
	var x, y big.Int
	return x.Mul(part, big.NewInt(100)).Cmp(y.Mul(whole, big.NewInt(int64(hundredths)))) <= 0
}

// z is the standard normal deviate that leaves 2.5 % on either side.
const z = 1.959963984540054

// Interval is the 95 % confidence interval of a share of which part of the whole was seen,
// both ends from 0 to 1 (Wilson, 1927, without correction for continuity). Of nothing, it is
// all there is. Each product is rounded by itself, since some processors would not.
func Interval(part, whole int) (low, high float64) {
	if whole == 0 {
		return 0, 1
	}
	k, n := float64(part), float64(whole)
	zz := float64(z * z)
	middle := float64(2*k) + zz
	spread := float64(z * math.Sqrt(zz+float64(float64(4*k)*float64((n-k)/n))))
	all := float64(2 * (n + zz))
	low, high = (middle-spread)/all, (middle+spread)/all
	if part == 0 {
		low = 0
	}
	if part == whole {
		high = 1
	}
	return low, high
}
