package clock_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/law"
	"pgregory.net/rapid"
)

// drawn is a promise and a story of some hours, by rapid.
func drawn(t testing.TB, r *rapid.T, more ...string) (s *tale, within int, last int) {
	within = rapid.IntRange(1, 30).Draw(r, "within")
	target := append([]string{
		"start: " + rapid.SampledFrom([]string{"filed", "moved(okay)", "moved(done)"}).Draw(r, "start"),
		"stop: " + rapid.SampledFrom([]string{"responded", "moved(okay)", "moved(done)"}).Draw(r, "stop"),
		fmt.Sprintf("within: %d minutes", within)}, more...)
	grade := rapid.SampledFrom([]string{"", "", "", " landed", " claimed", " unknown"})
	lines := []string{"0 filed" + grade.Draw(r, "grade")}
	if rapid.IntRange(0, 4).Draw(r, "birth") == 0 {
		last = rapid.IntRange(0, 5).Draw(r, "landed")
		lines[0] += fmt.Sprintf(" born:%s landed:%d", rapid.SampledFrom([]string{"okay", "done"}).Draw(r, "born"), last)
		for minute := range rapid.IntRange(0, last).Draw(r, "responses before") {
			lines = append(lines, fmt.Sprintf("%d responded", minute))
		}
	}
	for range rapid.IntRange(0, 12).Draw(r, "events") {
		last += rapid.IntRange(0, 15).Draw(r, "wait")
		what := rapid.SampledFrom([]string{"responded", "edited", "assigned", "wait", "new", "okay", "done", "dropped", "removed"}).Draw(r, "what")
		lines = append(lines, fmt.Sprintf("%d %s%s", last, what, grade.Draw(r, "grade")))
		if what == "removed" {
			break
		}
	}
	return tell(t, desk(t, target...), lines...), within, last
}

// The interval ledger of every clock sums to the figure that it explains.
func TestLedgerLinesSumToTheElapsedTime(t *testing.T) {
	law.Check(t, func(r *rapid.T) {
		s, _, last := drawn(t, r)
		for _, c := range s.run(at(last + rapid.IntRange(0, 40).Draw(r, "later"))) {
			end := c.Lines[len(c.Lines)-1]
			if c.Elapsed < 0 || end.Total != c.Elapsed || end.State != c.State {
				r.Fatalf("%s: its last line says %s after %v", words(c), end.State, end.Total)
			}
			var running time.Duration
			for i, l := range c.Lines[1:] {
				before := c.Lines[i]
				if l.Time.Before(before.Time) || l.Total < before.Total {
					r.Fatalf("%s: line %d goes back: %+v", words(c), i+1, c.Lines)
				}
				if before.State == clock.Running {
					running += l.Time.Sub(before.Time)
				}
			}
			if running != c.Elapsed {
				r.Fatalf("%s: its running intervals sum to %v", words(c), running)
			}
		}
	})
}

// A promise of an exact length is broken exactly when more than that time has run.
func TestBreachedIsMoreThanTheTime(t *testing.T) {
	law.Check(t, func(r *rapid.T) {
		s, within, last := drawn(t, r)
		for _, c := range s.run(at(last + rapid.IntRange(0, 40).Draw(r, "later"))) {
			long := c.Elapsed > time.Duration(within)*time.Minute
			if c.State != clock.Unknown && long != (c.State == clock.Breached) {
				r.Fatalf("%s, of %d minutes", words(c), within)
			}
		}
	})
}

// What ended stays as it ended, and a breach stays one.
func TestLaterChangesNothingThatEnded(t *testing.T) {
	law.Check(t, func(r *rapid.T) {
		s, _, last := drawn(t, r)
		then := rapid.IntRange(0, last).Draw(r, "then")
		early := *s
		rec := *s.rec
		rec.Events = slices.DeleteFunc(slices.Clone(rec.Events), func(e event.Event) bool { return e.Time.After(at(then)) })
		if early.rec = &rec; rec.Events[0].Landed.After(at(then)) {
			rec.Events[0].Landed = time.Time{}
		}
		after := s.run(at(last + rapid.IntRange(0, 40).Draw(r, "later")))
		for _, b := range early.run(at(then)) {
			i := slices.IndexFunc(after, func(c clock.Clock) bool { return c.Cycle == b.Cycle })
			if i < 0 {
				r.Fatalf("%s is no more", words(b))
			}
			a := after[i]
			if !b.Ended.IsZero() && words(a) != words(b) {
				r.Fatalf("%s, and later %s", words(b), words(a))
			}
			if b.Open() && a.State != clock.Breached && a.State != clock.Unknown {
				r.Fatalf("%s, and later %s", words(b), words(a))
			}
		}
	})
}

// An edit after the stop or the due time, whichever is first, changes no clock.
func TestALateEditChangesNoClock(t *testing.T) {
	law.Check(t, func(r *rapid.T) {
		s, _, last := drawn(t, r, `where: "record.goal == 'none'"`)
		asOf := at(last + rapid.IntRange(0, 60).Draw(r, "later"))
		for minute := range rapid.IntRange(1, 3).Draw(r, "versions") {
			s.version(minute*7, map[string]any{"goal": rapid.SampledFrom([]any{"none", "g1", 5}).Draw(r, "goal")})
		}
		before := s.run(asOf)
		for _, c := range before {
			settled := c.Due
			if !c.Ended.IsZero() && c.Ended.Before(settled) {
				settled = c.Ended
			}
			if settled.After(asOf) || settled.Before(s.rec.Versions[len(s.rec.Versions)-1].Time) {
				continue
			}
			edited, rec := *s, *s.rec
			rec.Versions = append(slices.Clone(rec.Versions), event.Version{Time: settled.Add(time.Second), Values: map[string]any{"goal": rapid.SampledFrom([]any{"none", "g1", nil}).Draw(r, "edit")}})
			edited.rec = &rec
			after := edited.run(asOf)
			i := slices.IndexFunc(after, func(a clock.Clock) bool { return a.Cycle == c.Cycle })
			if i < 0 || words(after[i]) != words(c) {
				r.Fatalf("%s was edited after %v, and now the clocks are %q", words(c), settled, all(after))
			}
		}
	})
}
