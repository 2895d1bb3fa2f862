package clock_test

import (
	"fmt"
	"testing"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/google/go-cmp/cmp"
)

// One definition was in force from the beginning, another landed at minute 50.
func TestAClockGoesByTheDefinitionUnderWhichItStarted(t *testing.T) {
	first, then := []string{fromFiled, "stop: responded", tenMin}, []string{fromFiled, "stop: responded", "within: 20 minutes"}
	accepted := []string{"start: moved(okay)", "stop: responded", tenMin}
	each := []string{"start: moved(okay)", "stop: moved(done)", tenMin, "repeat: every"}
	for _, c := range []struct {
		name          string
		before, after []string // what is promised, before and from minute 50 on
		events        []string
		asOf          int
		want          []string
		rounds        []int
		last          []bool
	}{
		{"the first, before the second landed", first, then, []string{"49 filed", "64 responded"}, 99, []string{"1: breached at 64, due 59, ran 15, witnessed"}, []int{1}, []bool{true}},
		{"the second, from its landing on", first, then, []string{"50 filed", "65 responded"}, 99, []string{"1: met at 65, due 70, ran 15, witnessed"}, []int{1}, []bool{true}},
		{"each cycle by its own", first, then, []string{"40 filed", "45 responded", "46 done", "60 new", "75 responded"}, 99,
			[]string{"1: met at 45, due 50, ran 5, witnessed", "2: met at 75, due 80, ran 15, witnessed"}, []int{1, 1}, []bool{false, true}},
		{"started before it was promised at all, and so not", accepted, accepted, []string{"0 filed", "5 responded"}, 99, nil, nil, nil},
		{"started once, though the second would start it later", first, accepted, []string{"40 filed", "60 okay", "62 responded"}, 99,
			[]string{"1: breached at 62, due 50, ran 22, witnessed"}, []int{1}, []bool{true}},
		{"not started by the first, which was over then", accepted, first, []string{"40 filed", "60 okay"}, 99, nil, nil, nil},
		{"rounds are counted through", each, each, []string{"0 filed", "40 okay", "45 wait", "60 okay", "65 done"}, 99,
			[]string{"1: met at 65, due 65, ran 10, witnessed", "1: met at 65, due 70, ran 5, witnessed"}, []int{1, 2}, []bool{false, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			old, now := desk(t, c.before...), desk(t, c.after...)
			s := tell(t, now, c.events...)
			inForce := []clock.InForce{{From: at(0), Definition: old}, {From: at(50), Definition: now}}
			got := clock.Under(inForce, &event.Ledger{Records: []*event.Record{s.rec}}, roster.New(now, nil, nil, nil), at(c.asOf))
			if diff := cmp.Diff(c.want, all(got)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			var rounds []int
			var last []bool
			for _, g := range got {
				rounds, last = append(rounds, g.Round), append(last, g.Last)
			}
			if fmt.Sprint(rounds, last) != fmt.Sprint(c.rounds, c.last) {
				t.Errorf("rounds %v, last %v; expected %v and %v", rounds, last, c.rounds, c.last)
			}
		})
	}
}

func TestOneDefinitionIsARun(t *testing.T) {
	def := desk(t, fromFiled, "stop: responded", tenMin)
	s := tell(t, def, "0 filed", "3 responded", "4 done", "20 new")
	ledger, ros := &event.Ledger{Records: []*event.Record{s.rec}}, roster.New(def, nil, nil, nil)
	if diff := cmp.Diff(all(s.run(at(25))), all(clock.Under([]clock.InForce{{From: at(10), Definition: def}}, ledger, ros, at(25)))); diff != "" {
		t.Errorf("(-run +under):\n%s", diff)
	}
}
