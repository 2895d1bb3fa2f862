package clock_test

import (
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const (
	fromFiled = "start: filed"
	tenMin    = "within: 10 minutes"
)

// Every story is about a promise to respond within ten minutes, unless it says else.
func TestHowAClockStands(t *testing.T) {
	respond := []string{fromFiled, "stop: responded", tenMin}
	okay := []string{fromFiled, "stop: moved(okay)", tenMin}
	fromOkay := []string{"start: moved(okay)", "stop: moved(done)", tenMin}
	for _, c := range []struct {
		name   string
		target []string
		events []string
		asOf   int
		want   []string
	}{
		{"running before it is due", respond, []string{"0 filed"}, 9, []string{"1: running at -, due 10, ran 9, witnessed"}},
		{"running at the moment that it is due", respond, []string{"0 filed"}, 10, []string{"1: running at -, due 10, ran 10, witnessed"}},
		{"breached a moment later", respond, []string{"0 filed"}, 11, []string{"1: breached at -, due 10, ran 11, witnessed"}},
		{"met in time", respond, []string{"0 filed", "3 responded"}, 99, []string{"1: met at 3, due 10, ran 3, witnessed"}},
		{"met at the moment that it is due", respond, []string{"0 filed", "10 responded"}, 99, []string{"1: met at 10, due 10, ran 10, witnessed"}},
		{"breached when answered late", respond, []string{"0 filed", "11 responded"}, 99, []string{"1: breached at 11, due 10, ran 11, witnessed"}},
		{"met by the first response, whatever follows", respond, []string{"0 filed", "3 responded", "4 responded", "5 done", "6 removed"}, 99, []string{"1: met at 3, due 10, ran 3, witnessed"}},
		{"no clock where it never started", fromOkay, []string{"0 filed", "3 wait"}, 99, nil},

		{"paused", respond, []string{"0 filed", "3 wait"}, 7, []string{"1: paused at -, due 14, ran 3, witnessed"}},
		{"paused for ever, due later and later", respond, []string{"0 filed", "3 wait"}, 99, []string{"1: paused at -, due 106, ran 3, witnessed"}},
		{"met after a pause that made it due later", respond, []string{"0 filed", "3 wait", "8 new", "14 responded"}, 99, []string{"1: met at 14, due 15, ran 9, witnessed"}},
		{"met while paused", respond, []string{"0 filed", "3 wait", "30 responded"}, 99, []string{"1: met at 30, due 37, ran 3, witnessed"}},
		{"breached after two pauses", respond, []string{"0 filed", "1 wait", "2 new", "3 wait", "4 new", "13 responded"}, 99, []string{"1: breached at 13, due 12, ran 11, witnessed"}},
		{"a pause that begins when it is due makes it due later", respond, []string{"0 filed", "10 wait", "20 new", "20 responded"}, 99, []string{"1: met at 20, due 20, ran 10, witnessed"}},
		{"a pause that begins after it was due does not", respond, []string{"0 filed", "11 wait", "20 new", "21 responded"}, 99, []string{"1: breached at 21, due 10, ran 12, witnessed"}},
		{"a pause in the grace of another makes it due later", respond, []string{"0 filed", "5 wait", "9 new", "12 wait", "13 new", "15 responded"}, 99, []string{"1: met at 15, due 15, ran 10, witnessed"}},
		{"a breached clock stays so, though it is paused", respond, []string{"0 filed", "11 wait"}, 99, []string{"1: breached at -, due 10, ran 11, witnessed"}},
		{"nothing pauses where the target says so", append(respond[:3:3], "pause: []"), []string{"0 filed", "3 wait", "11 responded"}, 99, []string{"1: breached at 11, due 10, ran 11, witnessed"}},
		{"the states that the target names pause, and no others", append(respond[:3:3], "pause: [okay]"), []string{"0 filed", "3 wait", "5 okay"}, 99, []string{"1: paused at -, due 104, ran 5, witnessed"}},
		{"paused from the start", []string{"start: moved(wait)", "stop: responded", tenMin}, []string{"0 filed", "3 wait", "9 new", "10 responded"}, 99, []string{"1: met at 10, due 19, ran 1, witnessed"}},

		{"at one instant a stop comes before the end", respond, []string{"0 filed", "3 done", "3 responded"}, 99, []string{"1: met at 3, due 10, ran 3, witnessed"}},
		{"at one instant a stop comes before a pause", respond, []string{"0 filed", "3 wait unknown", "3 responded"}, 99, []string{"1: met at 3, due 10, ran 3, witnessed"}},
		{"at one instant a pause comes before the start", respond, []string{"0 filed", "0 wait", "5 new", "15 responded"}, 99, []string{"1: met at 15, due 15, ran 10, witnessed"}},
		{"a stop that is the end is a stop", []string{"start: moved(okay)", "stop: moved(done)", tenMin}, []string{"0 filed", "1 okay", "3 done"}, 99, []string{"1: met at 3, due 11, ran 2, witnessed"}},

		{"void when it ends in time", respond, []string{"0 filed", "3 dropped"}, 99, []string{"1: void at 3, due 10, ran 3, witnessed (it ended as dropped)"}},
		{"void when it ends at the moment that it is due", respond, []string{"0 filed", "10 dropped"}, 99, []string{"1: void at 10, due 10, ran 10, witnessed (it ended as dropped)"}},
		{"breached when it ends late", respond, []string{"0 filed", "11 dropped"}, 99, []string{"1: breached at 11, due 10, ran 11, witnessed (it ended as dropped)"}},
		{"void when it ends while paused", respond, []string{"0 filed", "3 wait", "50 dropped"}, 99, []string{"1: void at 50, due 57, ran 3, witnessed (it ended as dropped)"}},
		{"void when the record is removed", respond, []string{"0 filed", "3 removed"}, 99, []string{"1: void at 3, due 10, ran 3, witnessed (the record was removed)"}},
		{"an end is an end, whatever is said after it", respond, []string{"0 filed", "3 dropped", "4 edited", "5 responded"}, 99, []string{"1: void at 3, due 10, ran 3, witnessed (it ended as dropped)"}},

		{"a void cycle, and a new one", okay, []string{"0 filed", "3 okay", "4 new", "9 okay"}, 99, []string{"1: met at 3, due 10, ran 3, witnessed", "2: met at 9, due 14, ran 5, witnessed"}},
		{"void because its cycle is", fromOkay, []string{"0 filed", "3 okay", "4 new", "6 okay", "7 done"}, 99, []string{"1: void at 4, due 13, ran 1, witnessed (it went back to new and begins anew)", "2: met at 7, due 16, ran 1, witnessed"}},
		{"breached though its cycle is void, when that was late", fromOkay, []string{"0 filed", "3 okay", "14 new"}, 99, []string{"1: breached at 14, due 13, ran 11, witnessed (it went back to new and begins anew)"}},
		{"back from a wait is no new cycle", okay, []string{"0 filed", "3 wait", "4 new", "6 okay"}, 99, []string{"1: met at 6, due 11, ran 5, witnessed"}},
		{"reopened: a new cycle from then on", respond, []string{"0 filed", "3 responded", "4 done", "20 new", "22 responded"}, 99, []string{"1: met at 3, due 10, ran 3, witnessed", "2: met at 22, due 30, ran 2, witnessed"}},
		{"the response that came with the reopening is not one to it", respond, []string{"0 filed", "3 dropped", "20 responded", "20 new"}, 25, []string{"1: void at 3, due 10, ran 3, witnessed (it ended as dropped)", "2: running at -, due 30, ran 5, witnessed"}},
		{"reopened into the state that starts it", fromOkay, []string{"0 filed", "3 okay", "4 done", "20 okay", "21 done"}, 99, []string{"1: met at 4, due 13, ran 1, witnessed", "2: met at 21, due 30, ran 1, witnessed"}},
		{"a clock that starts at the end runs on", []string{"start: moved(done)", "stop: responded", tenMin}, []string{"0 filed", "3 done", "4 edited", "5 responded"}, 99, []string{"1: met at 5, due 13, ran 2, witnessed"}},
		{"a clock that starts at the end is void when it was none", []string{"start: moved(done)", "stop: responded", tenMin}, []string{"0 filed", "3 done", "5 new"}, 99, []string{"1: void at 5, due 13, ran 2, witnessed (it was reopened)"}},
		{"only the first of two starts counts", fromOkay, []string{"0 filed", "3 okay", "4 wait", "5 okay", "6 done"}, 99, []string{"1: met at 6, due 14, ran 2, witnessed"}},
		{"what came before the start stops nothing", []string{"start: moved(okay)", "stop: responded", tenMin}, []string{"0 filed", "2 responded", "3 okay"}, 99, []string{"1: breached at -, due 13, ran 96, witnessed"}},

		{"self-filed: met at once", respond, []string{"0 filed self"}, 99, []string{"1: met at 0, due 10, ran 0, witnessed, self-filed"}},
		{"self-filed: no clock, where the target says so", append(respond[:3:3], "self_filed: excluded"), []string{"0 filed self"}, 99, nil},
		{"self-filed by somebody's word", respond, []string{"0 filed self claimed"}, 99, []string{"1: met at 0, due 10, ran 0, claimed, self-filed"}},
		{"self-filed, nobody knows when: unknown is never met", respond, []string{"0 filed self unknown"}, 99, []string{"1: unknown at 0, due 10, ran 0, unknown, self-filed (a time or an actor that it rests on is not known)"}},
		{"a response that starts a clock is no filing", []string{"start: responded", "stop: responded", tenMin}, []string{"0 filed", "1 responded", "3 responded"}, 99, []string{"1: met at 3, due 11, ran 2, witnessed"}},
		{"self-filed says nothing of other promises", okay, []string{"0 filed self"}, 9, []string{"1: running at -, due 10, ran 9, witnessed"}},
		{"self-filed says nothing of the next cycle", respond, []string{"0 filed self", "3 done", "5 new"}, 6, []string{"1: met at 0, due 10, ran 0, witnessed, self-filed", "2: running at -, due 15, ran 1, witnessed"}},

		{"its evidence is the weakest that it rests on: the start", respond, []string{"0 filed claimed", "3 responded landed"}, 99, []string{"1: met at 3, due 10, ran 3, claimed"}},
		{"the stop", respond, []string{"0 filed landed", "3 responded declared"}, 99, []string{"1: met at 3, due 10, ran 3, declared"}},
		{"a pause", respond, []string{"0 filed", "1 wait claimed", "2 new", "3 responded"}, 99, []string{"1: met at 3, due 11, ran 2, claimed"}},
		{"the end", respond, []string{"0 filed", "3 dropped claimed"}, 99, []string{"1: void at 3, due 10, ran 3, claimed (it ended as dropped)"}},
		{"not what changes nothing", respond, []string{"0 filed", "1 edited unknown", "2 okay unknown", "3 responded"}, 99, []string{"1: met at 3, due 10, ran 3, witnessed"}},
		{"unknown where the start is", respond, []string{"0 filed unknown", "3 responded"}, 99, []string{"1: unknown at 3, due 10, ran 3, unknown (a time or an actor that it rests on is not known)"}},
		{"unknown where a pause is", respond, []string{"0 filed", "1 wait unknown"}, 99, []string{"1: unknown at -, due 108, ran 1, unknown (a time or an actor that it rests on is not known)"}},
		{"unknown where the response is", respond, []string{"0 filed", "3 responded unknown"}, 99, []string{"1: unknown at 3, due 10, ran 3, unknown (a time or an actor that it rests on is not known)"}},
		{"unknown where start and stop are one landing", respond, []string{"5 filed landed @c1", "5 responded claimed @c1"}, 99, []string{"1: unknown at 5, due 15, ran 0, unknown (start and end are one landing that nobody witnessed)"}},
		{"unknown where start and end are one landing", respond, []string{"5 filed landed @c1", "5 done landed @c1"}, 99, []string{"1: unknown at 5, due 15, ran 0, unknown (start and end are one landing that nobody witnessed)"}},
		{"unknown where the stop's clock was behind the start's", fromOkay, []string{"0 filed @c0", "5 okay landed @c1", "5 done claimed @c2 raised"}, 99, []string{"1: unknown at 5, due 15, ran 0, unknown (start and end have one time, and nobody saw how far apart they were)"}},
		{"unknown where both were behind another's", fromOkay, []string{"0 filed @c0", "5 okay claimed @c1 raised", "5 done claimed @c2 raised"}, 99, []string{"1: unknown at 5, due 15, ran 0, unknown (start and end have one time, and nobody saw how far apart they were)"}},
		{"unknown where the stop was behind what GitHub saw", fromOkay, []string{"0 filed", "5 okay", "5 done claimed @c2 raised"}, 99, []string{"1: unknown at 5, due 15, ran 0, unknown (start and end have one time, and nobody saw how far apart they were)"}},
		{"unknown where two landings that nobody saw have one time", fromOkay, []string{"0 filed @c0", "5 okay landed @c1", "5 done landed @c2"}, 99, []string{"1: unknown at 5, due 15, ran 0, unknown (start and end have one time, and nobody saw how far apart they were)"}},
		{"claimed where a raised start and its stop are apart", fromOkay, []string{"0 filed @c0", "5 okay claimed @c1 raised", "7 done landed @c2"}, 99, []string{"1: met at 7, due 15, ran 2, claimed"}},
		{"known where the branch of a merge began before", respond, []string{"3 filed claimed @b1", "5 responded claimed @c1"}, 99, []string{"1: met at 5, due 13, ran 2, claimed"}},
		{"known where GitHub saw the landing", respond, []string{"5 filed", "5 responded"}, 99, []string{"1: met at 5, due 15, ran 0, witnessed"}},
		{"unknown where the stop is before the start", respond, []string{"5 filed", "3 responded"}, 99, []string{"1: unknown at 3, due 15, ran 0, unknown (the stop is earlier than the start)"}},

		{"born in a state: moved there when it landed", []string{"start: moved(okay)", "stop: moved(done)", tenMin}, []string{"0 filed born:okay landed:5", "7 done"}, 99, []string{"1: met at 7, due 15, ran 2, witnessed"}},
		{"born in the state that stops", okay, []string{"0 filed born:okay landed:5"}, 99, []string{"1: met at 5, due 10, ran 5, witnessed"}},
		{"born in the initial state: not moved", []string{"start: moved", "stop: moved(done)", tenMin}, []string{"0 filed born:new landed:5"}, 99, nil},
		{"proposed in a state, and not landed: not moved", []string{"start: moved(okay)", "stop: moved(done)", tenMin}, []string{"0 filed born:okay"}, 99, nil},
		{"born at its end", respond, []string{"0 filed born:done landed:5"}, 99, []string{"1: void at 5, due 10, ran 5, witnessed (it ended as done)"}},
		{"what was said before it landed is not heard by a clock that starts then", []string{"start: moved(okay)", "stop: responded", tenMin}, []string{"0 filed born:okay landed:5", "2 responded", "7 responded"}, 99, []string{"1: met at 7, due 15, ran 2, witnessed"}},
		{"its landing is known better than its branch's beginning", []string{"start: moved(okay)", "stop: moved(done)", tenMin}, []string{"0 filed claimed born:okay landed:5", "7 done"}, 99, []string{"1: met at 7, due 15, ran 2, landed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := all(tell(t, desk(t, c.target...), c.events...).run(at(c.asOf)))
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("clocks (-want +got):\n%s", diff)
			}
		})
	}
}

// Months are months of the desk's zone, clamped to their ends; a day is 24 hours.
func TestWhenAClockIsDue(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	on := func(s string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04", s, berlin)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ name, within, filed, due string }{
		{"three months later at the same hour, though the clocks changed", "3 months", "2026-08-15 09:30", "2026-11-15 09:30"},
		{"at the end of a shorter month", "1 month", "2026-01-31 09:30", "2026-02-28 09:30"},
		{"on a leap day", "6 months", "2027-08-31 09:30", "2028-02-29 09:30"},
		{"by the desk's month, where it is still the day before in UTC", "1 month", "2026-03-31 00:30", "2026-04-30 00:30"},
		{"seven days of 24 hours later, though the clocks changed", "7 days", "2026-10-20 09:30", "2026-10-27 08:30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, desk(t, fromFiled, "stop: responded", "within: "+c.within), "0 filed")
			s.rec.Events[0].Time = on(c.filed).UTC()
			if got := s.run(on(c.filed))[0].Due; !got.Equal(on(c.due)) {
				t.Errorf("due %v, want %v", got.In(berlin), on(c.due))
			}
		})
	}
	t.Run("later by its pauses", func(t *testing.T) {
		s := tell(t, desk(t, fromFiled, "stop: responded", "within: 1 month"), "0 filed", "10 wait", "30 new")
		if got, want := s.run(at(31))[0].Due, at(20).AddDate(0, 1, 0); !got.Equal(want) {
			t.Errorf("due %v, want %v", got, want)
		}
	})
}

// What a target speaks of is fixed when the clock stops or falls due.
func TestWhatATargetSpeaksOf(t *testing.T) {
	goal := func(g string) map[string]any { return map[string]any{"goal": g, "team": "editing"} }
	respond := []string{fromFiled, "stop: responded", tenMin, `where: "record.goal == 'none'"`}
	for _, c := range []struct {
		name   string
		events []string
		tell   func(*tale)
		asOf   int
		want   clock.State // "": no clock
	}{
		{"a member", []string{"0 filed"}, func(s *tale) { s.version(5, goal("none")) }, 6, clock.Running},
		{"no member", []string{"0 filed"}, func(s *tale) { s.version(5, goal("g1")) }, 6, ""},
		{"a member as it landed first, though that was later", []string{"0 filed", "3 responded"}, func(s *tale) { s.version(5, goal("none")) }, 6, clock.Met},
		{"no member any more, while it runs", []string{"0 filed"}, func(s *tale) { s.version(1, goal("none")); s.version(5, goal("g1")) }, 6, ""},
		{"still a member, when it was given a goal after the response", []string{"0 filed", "3 responded"}, func(s *tale) { s.version(1, goal("none")); s.version(5, goal("g1")) }, 99, clock.Met},
		{"still a member, when it was given a goal after it was due", []string{"0 filed"}, func(s *tale) { s.version(1, goal("none")); s.version(11, goal("g1")) }, 99, clock.Breached},
		{"a member at the very landing that gives it no goal", []string{"0 filed", "3 responded"}, func(s *tale) { s.version(1, goal("g1")); s.version(3, goal("none")) }, 99, clock.Met},
		{"still no member, when its goal was taken away after it was due", []string{"0 filed"}, func(s *tale) { s.version(1, goal("g1")); s.version(11, goal("none")) }, 99, ""},
		{"still a member, when a pause had made it due later", []string{"0 filed", "3 wait", "8 new"}, func(s *tale) { s.version(1, goal("none")); s.version(16, goal("g1")) }, 99, clock.Breached},
		{"a member by its copy, while it has not landed", []string{"0 filed"}, func(s *tale) { s.rec.Values = goal("none") }, 6, clock.Running},
		{"unknown, while nothing is known", []string{"0 filed"}, func(s *tale) { s.rec.Values = nil }, 6, clock.Unknown},
		{"unknown, where the question has no answer", []string{"0 filed", "3 responded"}, func(s *tale) { s.version(1, map[string]any{"team": "editing"}) }, 6, clock.Unknown},
		{"as it was when it could be read last", []string{"0 filed"}, func(s *tale) { s.version(1, goal("none")); s.version(2, nil) }, 6, clock.Running},
		{"self-filed too", []string{"0 filed self"}, func(s *tale) { s.version(1, goal("g1")) }, 6, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, desk(t, respond...), c.events...)
			c.tell(s)
			cs := s.run(at(c.asOf))
			var got clock.State
			if len(cs) > 0 {
				got = cs[0].State
			}
			if got != c.want {
				t.Errorf("it is %q, want %q: %q", got, c.want, all(cs))
			}
			if got == clock.Unknown && (cs[0].Evidence != evidence.Unknown || cs[0].Why == "") {
				t.Errorf("unknown without a reason: %q", all(cs))
			}
		})
	}
}

// Dated fields of what is looked up read as they did when the record was filed.
func TestALookupReadsAsAtTheFiling(t *testing.T) {
	def := desk(t, fromFiled, "stop: responded", tenMin, `where: "lookup('team', record.team).department == 'product'"`)
	entry := func(department, from string) map[string]any {
		return map[string]any{"department": department, "from": from}
	}
	team := func(entries ...any) map[string]map[string]any {
		return map[string]map[string]any{"team/editing": {"departments": entries}}
	}
	for _, c := range []struct {
		name  string
		teams map[string]map[string]any
		want  string
	}{
		{"a department since before", team(entry("product", "2020-01-01")), "1: breached at -, due 10, ran 7200, witnessed"},
		{"another department since after", team(map[string]any{"department": "product", "from": "2020-01-01", "to": "2026-07-01"}, entry("other", "2026-07-02")), "1: breached at -, due 10, ran 7200, witnessed"},
		{"another department then", team(entry("other", "2020-01-01")), ""},
		{"no department then", team(entry("product", "2026-07-02")), "unknown"},
		{"no such team", nil, "unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, def, "0 filed")
			s.version(1, map[string]any{"team": "editing"})
			s.teams = c.teams
			got := strings.Join(all(s.run(at(5*24*60))), "\n")
			if got != c.want && (c.want != "unknown" || !strings.Contains(got, ": unknown")) {
				t.Errorf("clocks %q, want %q", got, c.want)
			}
		})
	}
}

// So do the dated fields of the record itself.
func TestARecordReadsAsAtItsFiling(t *testing.T) {
	s := tell(t, desk(t, fromFiled, "stop: responded", tenMin, `where: "record.goal == 'none'"`), "0 filed")
	s.version(1, map[string]any{"goals": []any{
		map[string]any{"goal": "none", "to": "2026-07-01"}, map[string]any{"goal": "g1", "from": "2026-07-02"}}})
	if got := s.run(at(5 * 24 * 60)); len(got) != 1 || got[0].State != clock.Breached {
		t.Errorf("clocks %q, want one that is breached", all(got))
	}
}

// The interval ledger of a clock, line by line.
func TestTheLinesOfAClock(t *testing.T) {
	s := tell(t, desk(t, fromFiled, "stop: responded", tenMin), "0 filed", "2 edited", "3 wait", "8 new", "10 responded", "11 edited")
	c := s.run(at(20))[0]
	var got []string
	for _, l := range c.Lines {
		got = append(got, strings.Join([]string{minute(l.Time), string(l.Event.Name), l.Event.To, string(l.State), minute(start.Add(l.Total))}, " "))
	}
	want := []string{"0 filed new running 0", "2 edited  running 2", "3 moved wait paused 3", "8 moved new running 3", "10 responded  met 5"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if c.Open() || c.Stop.Name != event.Responded || !c.Stopped.Equal(at(10)) {
		t.Errorf("it stopped with %v at %v", c.Stop.Name, c.Stopped)
	}
}

func TestAClockIsOpenWhileItsBreachLasts(t *testing.T) {
	for events, want := range map[string]bool{"0 filed": true, "0 filed,50 responded": false, "0 filed,50 done": false, "0 filed,5 responded": false} {
		s := tell(t, desk(t, fromFiled, "stop: responded", tenMin), strings.Split(events, ",")...)
		if got := s.run(at(99))[0].Open(); got != want {
			t.Errorf("%s: open %v, want %v", events, got, want)
		}
	}
}

// Nothing overflows where the first landing's time was never known.
func TestAClockFromTheBeginningOfTime(t *testing.T) {
	s := tell(t, desk(t, fromFiled, "stop: responded", tenMin), "0 filed unknown", "1 wait", "2 new", "3 wait", "4 new")
	s.rec.Events[0].Time = time.Unix(0, 0)
	if c := s.run(at(20))[0]; c.Elapsed < 0 || c.State != clock.Unknown {
		t.Errorf("it is %s after %v", c.State, c.Elapsed)
	}
}
