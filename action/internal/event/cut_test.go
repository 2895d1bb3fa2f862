package event_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/law"
	"pgregory.net/rapid"
)

func TestCutLeavesOutWhatHadNotLanded(t *testing.T) {
	merge := func(first, last string, hour float64) *event.Entry {
		return &event.Entry{Kind: event.Merged, First: first, Last: last, At: at(hour)}
	}
	for _, c := range []struct {
		name  string
		hours []float64 // of the landings; <0: unreadable
		merge *event.Entry
		asOf  float64
		want  int
	}{
		{"nothing, as of the end", []float64{1, 2, 3}, nil, 3, 3},
		{"the end of the line", []float64{1, 2, 3}, nil, 2, 2},
		{"all of it", []float64{1, 2, 3}, nil, 0, 0},
		{"a commit behind one that is left out, though its clock was slow", []float64{1, 8, 2, 9}, nil, 5, 1},
		{"a commit from the future behind one that is left out", []float64{1, 8, 5000}, nil, 5, 1},
		{"a commit from the future, whenever that is asked", []float64{1, 5000}, nil, 5, 1},
		{"a commit from the future and the next, which may be slow as well as it may be fast", []float64{1, 5000, 2}, nil, 5, 1},
		{"not a commit from the future that two others show to be fast", []float64{1, 5000, 2, 3}, nil, 5, 4},
		{"nor two, if three others do", []float64{1, 5000, 5000, 2, 3, 4}, nil, 5, 6},
		{"nor what lies between two of them", []float64{1, 5000, 2, 3, 5000, 4, 4, 9}, nil, 5, 7},
		{"not an unreadable one behind one that stays", []float64{1, -1, 8}, nil, 5, 2},
		{"an unreadable one behind one that is left out", []float64{1, 8, -1}, nil, 5, 1},
		{"not a slow one behind one that stays", []float64{3, 1, 8}, nil, 5, 2},
		{"slow ones behind one that is left out, many as they may be", []float64{3, 8, 1, 1, 1, 1}, nil, 5, 1},
		{"not what GitHub saw earlier", []float64{1, 8}, merge("c1", "c1", 4), 5, 2},
		{"not what lies before what GitHub saw earlier", []float64{1, 8, 9}, merge("c2", "c2", 4), 5, 3},
		{"what GitHub saw later", []float64{1, 2}, merge("c1", "c1", 6), 5, 1},
		{"what lies behind what GitHub saw later", []float64{1, 2, 3, 4, 5}, merge("c1", "c1", 6), 5, 1},
		{"the whole of a rebase", []float64{1, 4, 4, 4}, merge("c1", "c3", 6), 5, 1},
		{"nothing of a rebase that GitHub had seen", []float64{1, 7, 7, 7}, merge("c1", "c3", 4), 5, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, note)
			for i, l := range edits(s, c.hours...) {
				if c.hours[i] < 0 {
					l.Time = time.Time{}
				}
			}
			if c.merge != nil {
				s.pull(1, "", saw(0, "opened", ann), *c.merge)
			}
			if got := event.Cut(s.landings, s.pulls, at(c.asOf)); len(got) != c.want {
				t.Errorf("%d landings are left, want %d", len(got), c.want)
			}
		})
	}
}

func TestWhenARevisionLanded(t *testing.T) {
	for _, c := range []struct {
		name  string
		hours []float64 // of the landings; <0: unreadable
		merge *event.Entry
		want  float64 // <0: not known
	}{
		{"by its own clock", []float64{1, 3}, nil, 3},
		{"by GitHub's record", []float64{1, 9}, &event.Entry{First: "c1", Last: "c1", At: at(4)}, 4},
		{"not before the line, where its clock is slow", []float64{1, 3, 2}, nil, 3},
		{"by its own clock, where clocks before it were fast", []float64{1, 5000, 3, 4}, nil, 4},
		{"as late as a fast clock before it says, where nothing shows that it was fast", []float64{1, 5000, 3}, nil, 5000},
		{"with the one before it, where its time cannot be read", []float64{1, 3, -1}, nil, 3},
		{"nobody knows when, where no time can be read", []float64{-1, -1}, nil, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, note)
			for i, l := range edits(s, c.hours...) {
				if c.hours[i] < 0 {
					l.Time = time.Time{}
				}
			}
			if c.merge != nil {
				c.merge.Kind = event.Merged
				s.pull(1, "", saw(0, "opened", ann), *c.merge)
			}
			got, known := event.LandedAt(s.landings, s.pulls)
			if known != (c.want >= 0) || known && !got.Equal(at(c.want)) {
				t.Errorf("at %v (%t), want hour %v", got, known, c.want)
			}
		})
	}
	if _, known := event.LandedAt(nil, nil); known {
		t.Error("of nothing it is known")
	}
}

// However the line and the witness grow after an instant, the line is cut at the same place
// as of that instant: by landings whose clocks say so, or say nothing; and as long as no
// more of them say the contrary than say so.
func TestGrowingTheLineDoesNotMoveTheCut(t *testing.T) {
	law.Check(t, func(r *rapid.T) {
		s := tell(t, note)
		hours := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) float64 {
			return float64(rapid.SampledFrom([]int{-1, 1, 2, 3, 4, 5, 6, 7, 8, 50, 5000}).Draw(r, "hour"))
		}), 0, 12).Draw(r, "line")
		asOf := float64(rapid.IntRange(1, 9).Draw(r, "as of"))
		n := len(hours)
		for range rapid.IntRange(1, 8).Draw(r, "growth") {
			hours = append(hours, asOf+float64(rapid.IntRange(1, 40).Draw(r, "later")))
			for range rapid.IntRange(0, 2).Draw(r, "silent") {
				hours = append(hours, -1)
			}
			if rapid.Bool().Draw(r, "slow") {
				hours = append(hours, float64(rapid.IntRange(1, int(asOf)).Draw(r, "slow hour")))
			}
		}
		for i, l := range edits(s, hours...) {
			if hours[i] < 0 {
				l.Time = time.Time{}
			}
			if rapid.IntRange(0, 4).Draw(r, "witnessed") == 0 && hours[i] >= 0 && (i < n || hours[i] > asOf) {
				s.pull(i+1, "", saw(0, "opened", ann), event.Entry{Kind: event.Merged, First: l.Commit, Last: l.Commit, At: at(hours[i])})
			}
		}
		before, after := event.Cut(s.landings[:n], s.pulls, at(asOf)), event.Cut(s.landings, s.pulls, at(asOf))
		if len(before) != len(after) {
			r.Fatalf("%d landings were left of %v, and %d of %v, as of %v", len(before), hours[:n], len(after), fmt.Sprint(hours), asOf)
		}
	})
}

func TestLandedFollowsTheLedger(t *testing.T) {
	s := tell(t, note)
	edits(s, 1, 7, 7, 3)
	s.pull(1, "", saw(0, "opened", ann), merged(8, account.Account{}, "c1", "c2"))
	in := event.Input{Definition: s.def, Landings: s.landings, Pulls: s.pulls, AsOf: at(9)}
	for i, want := range []float64{1, 8, 8, 8} {
		if got := in.Landed()[i]; !got.Equal(at(want)) {
			t.Errorf("landing %d: %v, want hour %v", i, got, want)
		}
	}
}
