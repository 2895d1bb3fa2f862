package clock_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// A deed is what the oracle knows of an event: nothing of turns, cycles or instants.
type deed struct {
	minute int
	what   string // filed, responded, removed, edited, or the state that it moves to
	grade  evidence.Grade
}

func (d deed) state() string {
	switch d.what {
	case "filed":
		return "new"
	case "responded", "removed", "edited":
		return ""
	}
	return d.what
}

// A promise is what the oracle knows of a target.
type promise struct {
	start, stop string // a deed's name
	within      int
	pause       bool // whether "wait" pauses
}

func (p promise) lines() []string {
	trigger := func(s string) string {
		if s == "filed" || s == "responded" {
			return s
		}
		return "moved(" + s + ")"
	}
	pause := "pause: [wait]"
	if !p.pause {
		pause = "pause: []"
	}
	return []string{"start: " + trigger(p.start), "stop: " + trigger(p.stop), fmt.Sprintf("within: %d minutes", p.within), pause}
}

// simulate is a second implementation, from the design's prose alone: it walks minute by
// minute, and at each instant looks first for a stop, then at everything else.
func simulate(p promise, deeds []deed, asOf int, witnessed bool) []string {
	var out []string
	number := 1
	for len(deeds) > 0 {
		cycle, next := deeds, []deed(nil)
		state := deeds[0].state()
		for i, d := range deeds[1:] {
			to := d.state()
			if to == "" {
				continue
			}
			ended := state == "done" || state == "dropped"
			reopens := ended && to != "done" && to != "dropped"
			voids := to == "new" && state != "wait" && state != "new"
			if reopens || voids {
				cycle, next = deeds[:i+2], deeds[i+1:]
				break
			}
			state = to
		}
		if line := p.walk(number, cycle, next != nil, asOf, witnessed); line != "" {
			out = append(out, line)
		}
		deeds = next
		number++
	}
	return out
}

// walk simulates one cycle; of a turned one, the last deed ends it.
func (p promise) walk(number int, cycle []deed, turned bool, asOf int, witnessed bool) string {
	first := slices.IndexFunc(cycle, func(d deed) bool { return d.what == p.start })
	if p.start == "filed" {
		first = 0
	}
	if first < 0 || turned && first == len(cycle)-1 {
		return ""
	}
	state := ""
	for _, d := range cycle[:first+1] {
		if s := d.state(); s != "" {
			state = s
		}
	}
	grade, begun := cycle[first].grade, cycle[first].minute
	rest, ran, due := cycle[first+1:], 0, -1
	for now := begun; ; now++ {
		here := rest[:0:0]
		for len(rest) > 0 && rest[0].minute == now {
			here, rest = append(here, rest[0]), rest[1:]
		}
		end, stopped, why := p.instant(here, &state, &grade, turned && len(rest) == 0)
		paused := p.pause && state == "wait"
		if ran == p.within && due < 0 && (end || !paused) {
			due = now // the time is up; a pause that begins now still helps
		}
		if end || now == asOf {
			if due < 0 {
				due = now + p.within - ran
			}
			return p.say(number, begun, now, due, ran, end, stopped, paused, grade, why, witnessed)
		}
		if !paused {
			ran++
		}
	}
}

// instant takes what happens at one instant: a stop first.
func (p promise) instant(here []deed, state *string, grade *evidence.Grade, turned bool) (end, stopped bool, why string) {
	if i := slices.IndexFunc(here, func(d deed) bool { return d.what == p.stop }); i >= 0 {
		*grade = max(*grade, here[i].grade)
		return true, true, ""
	}
	for i, d := range here {
		if d.what == "removed" {
			*grade = max(*grade, d.grade)
			return true, false, "the record was removed"
		}
		to := d.state()
		if to == "" {
			continue
		}
		before := *state
		*state = to
		switch {
		case turned && i == len(here)-1:
			*grade = max(*grade, d.grade)
			return true, false, "the cycle was void"
		case to == "done" || to == "dropped":
			*grade = max(*grade, d.grade)
			return true, false, "it ended as " + to
		case p.pause && (before == "wait") != (to == "wait"):
			*grade = max(*grade, d.grade)
		}
	}
	return false, false, ""
}

func (p promise) say(number, begun, now, due, ran int, end, stopped, paused bool, grade evidence.Grade, why string, witnessed bool) string {
	state, at := "", fmt.Sprint(now)
	switch {
	case end && !witnessed && begun == now:
		state, grade, why = "unknown", evidence.Unknown, "start and end are one landing that nobody witnessed"
	case stopped && now <= due:
		state = "met"
	case stopped:
		state = "breached"
	case end && now <= due:
		state = "void"
	case end || now > due:
		state = "breached"
	case paused:
		state = "paused"
	default:
		state = "running"
	}
	if grade == evidence.Unknown {
		if state = "unknown"; why == "" {
			why = "a time or an actor that it rests on is not known"
		}
	}
	if !end {
		at = "-"
	}
	if why != "" {
		why = " (" + why + ")"
	}
	return fmt.Sprintf("%d: %s at %s, due %d, ran %d, %s%s", number, state, at, due, ran, grade, why)
}

// invent makes up a short story.
func invent(r *rand.Rand) []deed {
	deeds := []deed{{what: "filed", grade: someGrade(r)}}
	state, minute := "new", 0
	for range r.IntN(9) {
		minute += r.IntN(5) * r.IntN(3)
		what := []string{"responded", "edited", "wait", "wait", "new", "new", "okay", "okay", "done", "dropped", "removed"}[r.IntN(11)]
		d := deed{minute, what, someGrade(r)}
		if s := d.state(); s == state {
			continue
		} else if s != "" {
			state = s
		}
		if deeds = append(deeds, d); what == "removed" {
			break
		}
	}
	return deeds
}

func someGrade(r *rand.Rand) evidence.Grade {
	return []evidence.Grade{0, 0, 0, 0, 0, 0, 0, 0, evidence.Landed, evidence.Claimed, evidence.Declared, evidence.Unknown}[r.IntN(12)]
}

func (d deed) line(witnessed bool) string {
	line := fmt.Sprintf("%d %s %s", d.minute, d.what, d.grade)
	if !witnessed {
		line += fmt.Sprintf(" @c%d", d.minute)
	}
	return line
}

// Twenty thousand stories, told by the program and by the oracle.
func TestClocksAgreeWithASimulation(t *testing.T) {
	var promises []promise
	for _, start := range []string{"filed", "okay"} {
		for _, stop := range []string{"responded", "okay", "done", "new"} {
			for _, within := range []int{1, 4, 9} {
				promises = append(promises, promise{start, stop, within, true}, promise{start, stop, within, false})
			}
		}
	}
	states := map[string]int{}
	r := rand.New(rand.NewPCG(7, 11))
	began := time.Now()
	for range 20_000 {
		p, deeds, witnessed := promises[r.IntN(len(promises))], invent(r), r.IntN(4) > 0
		asOf := deeds[len(deeds)-1].minute + r.IntN(12)
		var lines []string
		for _, d := range deeds {
			lines = append(lines, d.line(witnessed))
		}
		clocks := tell(t, desk(t, p.lines()...), lines...).run(at(asOf))
		want := simulate(p, deeds, asOf, witnessed)
		if diff := cmp.Diff(want, all(clocks), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s\n%s\nas of %d (-simulated +run):\n%s", strings.Join(p.lines(), "\n"), strings.Join(lines, "\n"), asOf, diff)
		}
		for _, c := range clocks {
			states[string(c.State)]++
		}
	}
	for _, s := range []string{"met", "breached", "running", "paused", "void", "unknown"} {
		if states[s] < 200 {
			t.Errorf("only %d clocks are %s: the stories are not about it", states[s], s)
		}
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}
