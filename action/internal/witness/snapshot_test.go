package witness_test

import (
	"slices"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/witness"
)

func TestWhatWasSeenSinceStandsInOrder(t *testing.T) {
	at := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	pull := func(n int, entries ...event.Entry) event.Pull { return event.Pull{Number: n, Entries: entries} }
	s := &witness.Snapshot{Pulls: []event.Pull{pull(2), pull(5)}}
	later, sooner := event.Entry{ID: "b", At: at.Add(time.Hour)}, event.Entry{ID: "a", At: at}
	for range 20 { // whatever the order in which a map is gone through
		seen := s.With(map[int]event.Pull{7: pull(7), 1: pull(1), 5: pull(5, later, sooner), 3: pull(3)})
		var numbers []int
		for _, p := range seen.Pulls {
			numbers = append(numbers, p.Number)
		}
		if want := []int{1, 2, 3, 5, 7}; !slices.Equal(numbers, want) {
			t.Fatalf("the pull requests are %v, want %v", numbers, want)
		}
		if entries := seen.Pulls[3].Entries; len(entries) != 2 || entries[0].ID != "a" {
			t.Fatalf("the entries are %v, want them by time", entries)
		}
		if kept, err := seen.Kept(5); err != nil || kept.Entries[0].ID != "b" {
			t.Fatalf("the file has %v, %v: want it in its own order", kept.Entries, err)
		}
	}
	if len(s.Pulls) != 2 || len(s.Newer()) != 0 {
		t.Error("the snapshot was changed")
	}
}
