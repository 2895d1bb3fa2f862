package event_test

import (
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
)

// note is the smallest desk: one kind, nothing else.
const note = "desk: Notes\nkinds: {note: {files: \"notes/*.yaml\"}}\n"

func TestARecordIsFiled(t *testing.T) {
	const path = "notes/a.yaml"
	for _, c := range []struct {
		name string
		tell func(*story)
		want []string
	}{
		{"when its pull request opened, where GitHub saw it", func(s *story) {
			l := s.land(9, lia, path, "x: 1\n")
			s.pull(1, path, saw(5, "opened", ann), merged(8, lia, l.Commit, l.Commit))
		}, []string{"5h a: filed by ann, witnessed"}},
		{"when its pull request opened, though the branch began earlier", func(s *story) {
			l := s.land(9, lia, path, "x: 1\n")
			l.Branch = &event.BranchStart{Commit: "b1", Time: at(2), Author: bob}
			s.pull(1, path, saw(5, "opened", ann), merged(8, lia, l.Commit, l.Commit))
		}, []string{"5h a: filed by ann, witnessed"}},
		{"when the merged branch began, where nobody saw it", func(s *story) {
			s.land(9, lia, path, "x: 1\n").Branch = &event.BranchStart{Commit: "b1", Time: at(2), Author: ann}
		}, []string{"2h a: filed by ann, claimed"}},
		{"when it landed, where there was no branch", func(s *story) {
			s.land(9, ann, path, "x: 1\n")
		}, []string{"9h a: filed by ann, landed"}},
		{"nobody knows when, where the branch began after it landed", func(s *story) {
			s.land(9, lia, path, "x: 1\n").Branch = &event.BranchStart{Commit: "b1", Time: at(10), Author: ann}
		}, []string{"9h a: filed by ann, unknown"}},
		{"nobody knows when, where the branch has no time", func(s *story) {
			s.land(9, lia, path, "x: 1\n").Branch = &event.BranchStart{Commit: "b1", Author: ann}
		}, []string{"9h a: filed by ann, unknown"}},
		{"nobody knows when, where the landing has no time, whatever the branch says", func(s *story) {
			s.land(1, ann)
			l := s.land(0, lia, path, "x: 1\n")
			l.Time, l.Branch = time.Time{}, &event.BranchStart{Commit: "b1", Time: at(-1), Author: ann}
		}, []string{"1h a: filed by ann, unknown"}},
		{"the first time, though its list says twice that it opened", func(s *story) {
			s.pull(1, path, saw(5, "opened", ann), saw(7, "opened", bob))
		}, []string{"5h a: filed by ann, witnessed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, note)
			c.tell(s)
			s.want(c.want...)
		})
	}
}

// edits tells a note that was born and edited once for each commit that follows.
func edits(s *story, hours ...float64) []*event.Landing {
	s.landings = make([]event.Landing, 0, 100)
	var ls []*event.Landing
	for i, h := range hours {
		ls = append(ls, s.land(h, ann, "notes/a.yaml", string(rune('a'+i))+": 1\n"))
	}
	return ls
}

func TestTheTimeOfALanding(t *testing.T) {
	for _, c := range []struct {
		name string
		tell func(*story)
		want []string
	}{
		{"is its committer's, raised to the largest before it", func(s *story) {
			edits(s, 5, 3, 7)
		}, []string{"5h a: filed by ann, landed", "5h a: edited by ann, claimed", "7h a: edited by ann, landed"}},
		{"is unknown where it cannot be read, and raises nothing", func(s *story) {
			edits(s, 5, 6, 7)[1].Time = time.Time{}
		}, []string{"5h a: filed by ann, landed", "5h a: edited by ann, unknown", "7h a: edited by ann, landed"}},
		{"is unknown where it is later than as-of, and raises nothing", func(s *story) {
			edits(s, 5, 200, 7)
			s.asOf = at(100)
		}, []string{"5h a: filed by ann, landed", "5h a: edited by ann, unknown", "7h a: edited by ann, landed"}},
		{"may be as-of itself", func(s *story) {
			edits(s, 5, 100)
			s.asOf = at(100)
		}, []string{"5h a: filed by ann, landed", "100h a: edited by ann, landed"}},
		{"is unknown where GitHub saw a later commit earlier, and raises nothing", func(s *story) {
			ls := edits(s, 5, 50, 7, 8)
			s.pull(1, "", saw(6, "opened", bob), merged(7, lia, ls[2].Commit, ls[2].Commit))
		}, []string{"5h a: filed by ann, landed", "5h a: edited by ann, unknown", "7h a: edited by bob, witnessed", "8h a: edited by ann, landed"}},
		{"is GitHub's, whatever the committer says", func(s *story) {
			ls := edits(s, 5, 900)
			s.pull(1, "", saw(6, "opened", bob), merged(7, lia, ls[1].Commit, ls[1].Commit))
		}, []string{"5h a: filed by ann, landed", "7h a: edited by bob, witnessed"}},
		{"is raised to GitHub's before it", func(s *story) {
			ls := edits(s, 5, 6, 6)
			s.pull(1, "", saw(6, "opened", bob), merged(7, lia, ls[1].Commit, ls[1].Commit))
		}, []string{"5h a: filed by ann, landed", "7h a: edited by bob, witnessed", "7h a: edited by ann, claimed"}},
		{"is unknown where GitHub's record contradicts itself", func(s *story) {
			ls := edits(s, 1, 2, 3)
			s.pull(1, "", saw(4, "opened", bob), merged(9, lia, ls[1].Commit, ls[1].Commit))
			s.pull(2, "", saw(4, "opened", bob), merged(8, lia, ls[2].Commit, ls[2].Commit))
		}, []string{"1h a: filed by ann, landed", "9h a: edited by bob, witnessed", "9h a: edited by bob, unknown"}},
		{"is 1970 while nothing is known", func(s *story) {
			edits(s, 5, 6)[0].Time = time.Time{}
		}, []string{"1970 a: filed by ann, unknown", "6h a: edited by ann, landed"}},
		{"is not the author's, ever", func(s *story) {
			edits(s, 5) // a Landing does not even carry the author's date
		}, []string{"5h a: filed by ann, landed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, note)
			c.tell(s)
			s.want(c.want...)
		})
	}
}

func TestARebaseIsOneLanding(t *testing.T) {
	for _, c := range []struct {
		name        string
		first, last string
		want        []string
	}{
		{"from its first commit to its last", "c1", "c3", []string{"1h a: filed by ann, landed", "9h a: edited by bob, witnessed", "9h b: filed by bob, witnessed"}},
		{"and a range that begins nowhere is its last commit", "gone", "c3", []string{"1h a: filed by ann, landed", "2h b: filed by ann, landed", "3h a: edited by ann, landed", "9h a: edited by bob, witnessed"}},
		{"and a range that ends nowhere is none", "c1", "gone", []string{"1h a: filed by ann, landed", "2h b: filed by ann, landed", "3h a: edited by ann, landed", "4h a: edited by ann, landed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, note)
			s.land(1, ann, "notes/a.yaml", "x: 1\n")
			s.land(2, ann, "notes/b.yaml", "y: 1\n", "notes/gone.yaml", "z: 1\n")
			s.land(3, ann, "notes/a.yaml", "x: 2\n", "notes/gone.yaml", "")
			s.land(4, ann, "notes/a.yaml", "x: 3\n")
			s.pull(1, "", saw(9, "opened", bob), merged(9, lia, c.first, c.last))
			var got []string
			for _, line := range s.events() {
				if line[3:7] != "gone" {
					got = append(got, line)
				}
			}
			equal(t, got, c.want)
		})
	}
	t.Run("in which a file that came and went never was", func(t *testing.T) {
		s := tell(t, note)
		s.land(2, ann, "notes/b.yaml", "y: 1\n")
		s.land(3, ann, "notes/b.yaml", "", "notes/a.yaml", "x: 2\n")
		s.pull(1, "", saw(1, "opened", bob), merged(9, lia, "c0", "c1"))
		s.want("1h a: filed by bob, witnessed")
	})
}

// Who landed something shows in whose response it is.
func TestWhoLandedIt(t *testing.T) {
	const def = "desk: D\nkinds: {note: {files: \"notes/*.yaml\"}}\ntargets: {t: {of: note, start: filed, stop: responded, within: 1 hour}}\n"
	branch := &event.BranchStart{Commit: "b1", Time: at(2), Author: ann}
	for _, c := range []struct {
		name string
		l    event.Landing
		want string
	}{
		{"is the committer of a merge made by hand", event.Landing{Author: bob, Committer: lia, Branch: branch}, "9h a: responded by lia, claimed"},
		{"is the author of a merge that GitHub wrote", event.Landing{Author: bob, ByForge: true, Branch: branch}, "9h a: responded by bob, claimed"},
		{"is written nowhere, of a squash that GitHub wrote", event.Landing{Author: ann, ByForge: true}, "9h a: responded by somebody, unknown"},
		{"is a bot, who never responds", event.Landing{Author: ann, Committer: account.Account{ID: 7, Login: "helper[bot]"}}, ""},
		{"is the filer, who never responds", event.Landing{Author: ann, Committer: ann}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, def)
			l := s.land(9, ann, "notes/a.yaml", "x: 1\n")
			l.Author, l.Committer, l.ByForge, l.Branch = c.l.Author, c.l.Committer, c.l.ByForge, c.l.Branch
			got := s.events()[1:]
			if c.want == "" && len(got) == 0 {
				return
			}
			equal(t, got, []string{c.want})
		})
	}
}
