package event_test

import (
	"fmt"
	"testing"
)

// late are the late entries of the roster in words.
func (s *story) late() []string {
	ledger, _ := s.derive()
	var out []string
	for _, b := range ledger.Backdated {
		word := "was no"
		if b.Holds {
			word = "was a"
		}
		out = append(out, fmt.Sprintf("%gh %s %s %s: landed %gh in %s", b.Time.Sub(start).Hours(), b.Actor.Login, word, b.Role, b.Landed.Sub(start).Hours(), b.Commit))
	}
	return out
}

func TestEntriesOfTheRosterThatLandLaterThanTheyClaim(t *testing.T) {
	const noors = "roster/people/noor.yaml"
	gone := "name: lia\ngithub: lia\ngithub_id: 1002\nroles:\n  - {role: liaison, from: 2020-01-01, to: 2026-06-30}\nconsent: {date: 2026-07-01}\n"
	for _, c := range []struct {
		name string
		tell func(*story)
		want []string
	}{
		{"in time: nothing to say", func(s *story) { s.then(2, "commented", lia) }, nil},
		{"a liaison, as it turns out", func(s *story) {
			s.then(2, "commented", noor)
			s.land(9, mara, noors, person(noor, "liaison", "2026-06-01"))
		}, []string{"2h noor was a liaison: landed 9h in c1"}},
		{"since the landing that made it so, and not those after it", func(s *story) {
			s.then(2, "commented", noor)
			s.land(5, mara, noors, person(noor, "liaison", "2026-08-01"))
			s.land(9, mara, noors, person(noor, "liaison", "2026-06-01"))
			s.land(12, mara, noors, person(noor, "liaison", "2026-05-01"))
		}, []string{"2h noor was a liaison: landed 9h in c2"}},
		{"once of one person, however often they said something", func(s *story) {
			s.then(2, "commented", bob)
			s.then(3, "commented", noor)
			s.land(9, mara, noors, person(noor, "liaison", "2026-06-01"))
		}, []string{"3h noor was a liaison: landed 9h in c1"}},
		{"no liaison any more, as it turns out", func(s *story) {
			s.then(2, "commented", lia)
			s.then(3, "commented", lia)
			s.land(9, mara, "roster/people/lia.yaml", gone)
		}, []string{"2h lia was no liaison: landed 9h in c1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "")
			s.opened()
			c.tell(s)
			equal(t, s.late(), c.want)
		})
	}
}
