package event_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/event"
)

// Two kinds, of which one names a requester.
const twoKinds = `desk: D
kinds:
  ask: {files: "asks/**", requester: who}
  task: {files: "tasks/*.yaml"}
`

// text has ten lines for somebody, of which the last n are others.
func text(who string, n int) string {
	var b strings.Builder
	if who != "" {
		fmt.Fprintf(&b, "who: %s\n", who)
	}
	for i := range 10 {
		if i < 10-n {
			fmt.Fprintf(&b, "line%d: what it always said\n", i)
		} else {
			fmt.Fprintf(&b, "line%d: some other thing!!!\n", i)
		}
	}
	return b.String()
}

func TestARecordIsFollowedWhereverItGoes(t *testing.T) {
	for _, c := range []struct {
		name   string
		before []string // paths and contents
		after  []string
		want   []string // what the second landing, at hour 2, shows
	}{
		{"to another name, with the same blob", []string{"asks/a.yaml", text("ann", 0)}, []string{"asks/a.yaml", "", "asks/b.yaml", text("ann", 0)},
			[]string{"a: renamed asks/a.yaml>asks/b.yaml"}},
		{"to another folder, though it is edited on the way", []string{"asks/a.yaml", text("ann", 0)}, []string{"asks/a.yaml", "", "asks/x/a.yaml", text("ann", 5)},
			[]string{"a: renamed asks/a.yaml>asks/x/a.yaml", "a: edited"}},
		{"not when less than half is alike", []string{"asks/a.yaml", text("ann", 0)}, []string{"asks/a.yaml", "", "asks/b.yaml", text("ann", 6)},
			[]string{"a: removed", "b: filed"}},
		{"not when it is for somebody else", []string{"asks/a.yaml", text("ann", 0)}, []string{"asks/a.yaml", "", "asks/b.yaml", text("bob", 0)},
			[]string{"a: removed", "b: filed"}},
		{"to somebody else, where the kind knows no requester", []string{"tasks/a.yaml", text("ann", 0)}, []string{"tasks/a.yaml", "", "tasks/b.yaml", text("bob", 0)},
			[]string{"a: renamed tasks/a.yaml>tasks/b.yaml", "a: edited"}},
		{"not to another kind", []string{"asks/a.yaml", text("ann", 0)}, []string{"asks/a.yaml", "", "tasks/a.yaml", text("ann", 0)},
			[]string{"a: removed", "a: filed"}},
		{"not into a copy of it", []string{"asks/a.yaml", text("ann", 0)}, []string{"asks/b.yaml", text("ann", 0)},
			[]string{"b: filed"}},
		{"not into one of two copies that has the other name", []string{"asks/x/a.yaml", text("ann", 0)},
			[]string{"asks/x/a.yaml", "", "asks/b.yaml", text("ann", 0), "asks/y/a.yaml", text("ann", 0)},
			[]string{"b: filed", "a: renamed asks/x/a.yaml>asks/y/a.yaml"}},
		{"into the one that is most alike", []string{"asks/a.yaml", text("ann", 0)},
			[]string{"asks/a.yaml", "", "asks/b.yaml", text("ann", 3), "asks/c.yaml", text("ann", 2)},
			[]string{"a: renamed asks/a.yaml>asks/c.yaml", "a: edited", "b: filed"}},
		{"when two change names", []string{"asks/a.yaml", text("ann", 0), "asks/b.yaml", text("bob", 0)},
			[]string{"asks/a.yaml", text("bob", 0), "asks/b.yaml", text("ann", 0)},
			[]string{"a: renamed asks/a.yaml>asks/b.yaml", "b: renamed asks/b.yaml>asks/a.yaml"}},
		{"when three change names in a ring", []string{"asks/a.yaml", text("ann", 0), "asks/b.yaml", text("bob", 0), "asks/c.yaml", text("lia", 0)},
			[]string{"asks/a.yaml", text("bob", 0), "asks/b.yaml", text("lia", 0), "asks/c.yaml", text("ann", 0)},
			[]string{"a: renamed asks/a.yaml>asks/c.yaml", "b: renamed asks/b.yaml>asks/a.yaml", "c: renamed asks/c.yaml>asks/b.yaml"}},
		{"when one takes the name that another leaves", []string{"asks/a.yaml", text("ann", 0), "asks/b.yaml", text("bob", 0)},
			[]string{"asks/a.yaml", text("bob", 0), "asks/b.yaml", "", "asks/c.yaml", text("ann", 0)},
			[]string{"a: renamed asks/a.yaml>asks/c.yaml", "b: renamed asks/b.yaml>asks/a.yaml"}},
		{"not where contents move and no ring of names closes", []string{"asks/a.yaml", text("ann", 0), "asks/b.yaml", text("bob", 0), "asks/c.yaml", text("lia", 0)},
			[]string{"asks/a.yaml", text("bob", 0), "asks/b.yaml", text("mara", 0), "asks/c.yaml", text("ann", 0)},
			[]string{"a: edited", "b: edited", "c: edited"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, twoKinds)
			s.land(1, bob, c.before...)
			s.land(2, bob, c.after...)
			var got []string
			for _, line := range s.events() {
				if strings.HasPrefix(line, "2h ") {
					got = append(got, strings.TrimSuffix(strings.TrimPrefix(line, "2h "), " by bob, landed"))
				}
			}
			equal(t, got, c.want)
		})
	}
}

func TestARecordIsKnownByItsBirthPath(t *testing.T) {
	ids := func(s *story) []string {
		ledger, _ := s.derive()
		var out []string
		for _, r := range ledger.Records {
			out = append(out, fmt.Sprintf("%s %s at %s, #%d", r.Kind.Name, r.ID, r.Path, r.Pull))
		}
		return out
	}
	for _, c := range []struct {
		name string
		tell func(*story)
		want []string
	}{
		{"wherever it is now", func(s *story) {
			s.land(1, ann, "tasks/a.yaml", text("", 0))
			s.land(2, ann, "tasks/a.yaml", "", "tasks/b.yaml", text("", 0))
			s.land(3, ann, "tasks/b.yaml", "", "tasks/c.yaml", text("", 1))
		}, []string{"task tasks/a.yaml at tasks/c.yaml, #0"}},
		{"with ~2 for the second that is born there, and so on", func(s *story) {
			s.land(1, ann, "tasks/a.yaml", text("", 0))
			s.land(2, ann, "tasks/a.yaml", "")
			s.land(3, ann, "tasks/a.yaml", text("", 0))
			s.land(4, ann, "tasks/a.yaml", "", "tasks/b.yaml", text("", 0))
			s.land(5, ann, "tasks/a.yaml", text("", 10))
		}, []string{"task tasks/a.yaml at tasks/a.yaml, #0", "task tasks/a.yaml~2 at tasks/b.yaml, #0", "task tasks/a.yaml~3 at tasks/a.yaml, #0"}},
		{"in the order of filing, when a closed pull request proposed the same path", func(s *story) {
			s.pull(1, "tasks/a.yaml", saw(1, "opened", ann), saw(4, "closed", ann))
			s.land(3, ann, "tasks/a.yaml", text("", 0))
		}, []string{"task tasks/a.yaml at tasks/a.yaml, #1", "task tasks/a.yaml~2 at tasks/a.yaml, #0"}},
		{"in the order of opening, whichever lands", func(s *story) {
			s.pull(2, "tasks/a.yaml", saw(2, "opened", ann))
			s.land(3, ann, "tasks/a.yaml", text("", 0))
			s.pull(1, "tasks/a.yaml", saw(1, "opened", ann), merged(3, lia, "c0", "c0"))
		}, []string{"task tasks/a.yaml at tasks/a.yaml, #1", "task tasks/a.yaml~2 at tasks/a.yaml, #2"}},
		{"in the order of landing, when the pull request opened while another stood there", func(s *story) {
			s.land(1, ann, "tasks/a.yaml", text("", 0))
			s.pull(1, "tasks/a.yaml", saw(2, "opened", ann))
			s.land(3, ann, "tasks/a.yaml", "")
			s.land(4, ann, "tasks/a.yaml", text("", 0))
			s.land(5, ann, "tasks/a.yaml", "")
			s.merge(6, lia, "tasks/a.yaml", text("", 0))
		}, []string{"task tasks/a.yaml at tasks/a.yaml, #0", "task tasks/a.yaml~2 at tasks/a.yaml, #0", "task tasks/a.yaml~3 at tasks/a.yaml, #1"}},
		{"in the order of numbers, when they opened at one instant", func(s *story) {
			s.pull(2, "tasks/a.yaml", saw(1, "opened", ann))
			s.pull(1, "tasks/a.yaml", saw(1, "opened", ann))
		}, []string{"task tasks/a.yaml at tasks/a.yaml, #1", "task tasks/a.yaml~2 at tasks/a.yaml, #2"}},
		{"and a pull request that edits it adds none", func(s *story) {
			s.land(1, ann, "tasks/a.yaml", text("", 0))
			s.pull(1, "tasks/a.yaml", saw(2, "opened", ann), saw(3, "closed", ann))
			s.land(4, ann, "tasks/a.yaml", text("", 1))
		}, []string{"task tasks/a.yaml at tasks/a.yaml, #0"}},
		{"and a pull request for a path that was free again adds one", func(s *story) {
			s.land(1, ann, "tasks/a.yaml", text("", 0))
			s.land(2, ann, "tasks/a.yaml", "")
			s.pull(1, "tasks/a.yaml", saw(3, "opened", ann))
			s.land(4, ann, "tasks/a.yaml", text("", 1))
		}, []string{"task tasks/a.yaml at tasks/a.yaml, #0", "task tasks/a.yaml~2 at tasks/a.yaml, #1", "task tasks/a.yaml~3 at tasks/a.yaml, #0"}},
		{"and one that is moved away leaves its path free", func(s *story) {
			s.land(1, ann, "tasks/a.yaml", text("", 0))
			s.land(2, ann, "tasks/a.yaml", "", "tasks/b.yaml", text("", 0))
			s.pull(1, "tasks/a.yaml", saw(3, "opened", ann))
			s.pull(2, "tasks/b.yaml", saw(3, "opened", ann))
		}, []string{"task tasks/a.yaml at tasks/b.yaml, #0", "task tasks/a.yaml~2 at tasks/a.yaml, #1"}},
		{"in the first kind whose files it is among", func(s *story) {
			s.def = define(s.t, []byte("desk: D\nkinds: {one: {files: \"tasks/a*\"}, all: {files: \"tasks/*\"}}\n"))
			s.land(1, ann, "tasks/a.yaml", text("", 0), "tasks/b.yaml", text("", 0))
			s.pull(1, "tasks/aa.yaml", saw(3, "opened", ann))
		}, []string{"one tasks/a.yaml at tasks/a.yaml, #0", "one tasks/aa.yaml at tasks/aa.yaml, #1", "all tasks/b.yaml at tasks/b.yaml, #0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, twoKinds)
			c.tell(s)
			equal(t, ids(s), c.want)
		})
	}
}

// A folder of a thousand files that moves, each with another edit, is compared in the
// memory and time of a thousand files, not of a million pairs.
func TestAFolderThatMovesIsFollowed(t *testing.T) {
	const n = 400
	s := tell(t, twoKinds)
	var before, after []string
	for i := range n {
		who := fmt.Sprintf("somebody-%d", i)
		before = append(before, fmt.Sprintf("asks/2026/%d.yaml", i), text(who, 0))
		after = append(after, fmt.Sprintf("asks/2026/%d.yaml", i), "", fmt.Sprintf("asks/2027/%d.yaml", i), text(who, i%3))
	}
	s.land(1, ann, before...)
	s.land(2, ann, after...)
	ledger, _ := s.derive()
	if len(ledger.Records) != n {
		t.Fatalf("%d records, want %d", len(ledger.Records), n)
	}
	for _, r := range ledger.Records {
		if r.Events[1].Name != event.Renamed || r.Events[1].To != strings.Replace(r.ID, "2026", "2027", 1) {
			t.Fatalf("%s: %v", r.ID, words(r.Events[1]))
		}
	}
	if s.reads > 6*n {
		t.Errorf("blobs were read %d times for %d files", s.reads, n)
	}
}
