package event

import (
	"slices"
	"time"
)

// Cut leaves out what had not landed as of an instant. It asks no machine for the time, so
// that the same history gives the same answer for ever; and of what landed since, only what
// claims to be older can change the answer.
//
// GitHub's record decides wherever there is one. Of other commits the committer's clock says
// whether they had landed; where clocks disagree about where the line is to be cut, it is cut
// where they disagree least, and the earlier of two such places: a commit that is ahead of
// as-of is not known yet, until more clocks behind it say that it is than say that it is not.
// A time that cannot be read, or that is earlier than those before it, says nothing: such a
// commit goes with the one before it. What one pull request landed goes together.
func Cut(landings []Landing, pulls []Pull, asOf time.Time) []Landing {
	ls := grouped(landings, seenBy(pulls, endOfTime()))
	from, to := witnessed(ls, asOf)
	best, kept := 0, from // contradictions beyond those of cutting at from
	score, highest := 0, time.Time{}
	for i, l := range ls[:to] {
		t := l.src.Time
		if l.pull != nil {
			t = l.merge.At
		}
		silent := t.IsZero() || t.Before(highest)
		if !silent && !t.After(asOf) {
			highest = t
		}
		switch {
		case i < from:
		case silent:
			if kept == i {
				kept++
			}
		case t.After(asOf):
			score++
		default:
			if score--; score < best {
				best, kept = score, i+1
			}
		}
	}
	n := 0
	for _, l := range ls[:kept] {
		n += l.count
	}
	return landings[:n]
}

// witnessed are the bounds that GitHub's record sets: so many landings had landed as of an
// instant at least, and so many at most.
func witnessed(ls []landing, asOf time.Time) (from, to int) {
	to = len(ls)
	for i, l := range ls {
		if l.pull != nil && !l.merge.At.After(asOf) {
			from = i + 1
		}
	}
	if i := slices.IndexFunc(ls[from:], func(l landing) bool { return l.pull != nil }); i >= 0 {
		to = from + i
	}
	return from, to
}

// endOfTime is later than any entry that a witness may have.
func endOfTime() time.Time { return time.Date(10000, time.January, 1, 0, 0, 0, 0, time.UTC) }

// LandedAt is the instant at which the last of the landings had landed: by GitHub's record,
// else by its own clock; where the landings before it show that clock to be slow, the first
// instant as of which none of them is cut. ok is false where no time of them can be read.
func LandedAt(landings []Landing, pulls []Pull) (at time.Time, ok bool) {
	if len(landings) == 0 {
		return at, false
	}
	ls := grouped(landings, seenBy(pulls, endOfTime()))
	last := ls[len(ls)-1]
	if last.pull != nil {
		return last.merge.At.UTC(), true
	}
	times := []time.Time{last.src.Time}
	for _, l := range ls {
		if l.src.Time.After(times[0]) {
			times = append(times, l.src.Time)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	for _, t := range times {
		if !t.IsZero() && len(Cut(landings, pulls, t)) == len(landings) {
			return t.UTC(), true
		}
	}
	return at, false
}

// Landed is when each of the input's landings landed, as far as it is known then: the time
// that the ledger gives it.
func (in Input) Landed() []time.Time {
	out := make([]time.Time, 0, len(in.Landings))
	for _, l := range line(in.Landings, seenBy(in.Pulls, in.AsOf), in.AsOf) {
		for range l.count {
			out = append(out, l.time)
		}
	}
	return out
}
