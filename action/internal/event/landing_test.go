package event_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/commrel/liaison"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/workflow"
)

var landingStories = flag.Int("landing.stories", 1, "how many stories are landed in every way by the real git")

// A landed story: two requests, merged at one instant, one of which is then given a goal and
// somebody to do it, started and done. Only how its pull requests land differs.
type landed struct {
	*workshop
	way    string // merge, squash, rebase or octopus
	rename bool   // the file moves on its way
	hours  [6]float64
	pulls  []event.Pull
	path   string
}

const (
	first  = "requests/2026/first.yaml"
	second = "requests/2026/second.yaml"
)

// play tells the story. Every pull request opens before it lands and is reviewed on its way.
func (l *landed) play() {
	l.commit(-100, mara, "roster/people/mara.yaml", person(mara, "manager", "2020-01-01"), lias, person(lia, "liaison", "2020-01-01"))
	h := l.hours
	l.path = first
	l.propose(1, h[0], first, asked("planning", "one"), asked("planning", "One"))
	l.propose(2, h[0], second, asked("survey", "two"), asked("survey", "Two"))
	if l.way == "octopus" {
		l.land(h[1], 1, 2)
	} else {
		l.land(h[1], 1)
		l.land(h[1], 2)
	}
	given := asked("planning", "One") + "goal: none\nassignees: [{person: lia}]\nstarts: 2026-08-01\n"
	l.change(3, h[2], given)
	if l.rename {
		l.path = "requests/2027/moved.yaml"
	}
	l.change(4, h[3], given+"status: in-progress\n")
	l.change(5, h[4], given+"status: done\noutcome: Told everybody\n")
}

// propose opens a pull request of two commits that adds or changes a file.
func (l *landed) propose(n int, hour float64, path string, texts ...string) {
	l.git(hour, ann, "checkout", "-q", "-b", fmt.Sprint("pull-", n), "main")
	for i, text := range texts {
		l.commit(hour+float64(i)/8, ann, path, text)
	}
	l.git(hour, lia, "checkout", "-q", "main")
}

// change proposes and lands a change of the first request, moving its file where it is told.
func (l *landed) change(n int, hour float64, text string) {
	l.git(hour-1, lia, "checkout", "-q", "-b", fmt.Sprint("pull-", n), "main")
	if l.path != first {
		if n == 4 {
			l.git(hour-1, lia, "rm", "-q", first)
		}
	}
	l.commit(hour-1, lia, l.path, text+"# draft\n")
	l.commit(hour-0.5, lia, l.path, text)
	l.git(hour-0.5, lia, "checkout", "-q", "main")
	l.land(hour, n)
}

// land lands pull requests at an hour, in the story's way, and lets the witness see it.
func (l *landed) land(hour float64, numbers ...int) {
	before := l.head()
	var branches []string
	for _, n := range numbers {
		branches = append(branches, fmt.Sprint("pull-", n))
	}
	switch l.way {
	case "squash":
		l.git(hour, lia, "merge", "-q", "--squash", branches[0])
		l.git(hour, lia, "commit", "-q", "-C", branches[0]) // the author stays, as on GitHub
	case "rebase":
		l.git(hour, lia, "cherry-pick", "main.."+branches[0])
	default:
		l.git(hour, lia, append([]string{"merge", "-q", "--no-ff", "-m", "Merge"}, branches...)...)
	}
	from := l.git(0, lia, "rev-list", "--first-parent", "--reverse", before+"..HEAD")[:40]
	for _, n := range numbers {
		p := event.Pull{Version: 1, Number: n, Entries: []event.Entry{saw(hour-0.25, "opened", lia), merged(hour, lia, from, l.head())}}
		if n < 3 {
			p.Records = []event.PullRecord{{Path: []string{first, second}[n-1], Title: "A request"}}
			p.Entries = []event.Entry{saw(l.hours[0]+0.5, "opened", ann), saw(l.hours[5], "commented", lia), merged(hour, lia, from, l.head())}
		}
		l.pulls = append(l.pulls, p)
	}
}

// clocks are the story's clocks, by record, target and cycle, with the witness or without it.
func (l *landed) clocks(witnessed bool) map[string]clock.Clock {
	var pulls []event.Pull
	if witnessed {
		pulls = l.pulls
	}
	s := l.read(define(l.t, liaison.Definition), pulls...)
	s.def = unconditional(s.def)
	ledger, ros := s.derive()
	out := map[string]clock.Clock{}
	for _, c := range clock.Run(s.def, ledger, ros, s.asOf) {
		out[fmt.Sprintf("%s %s %d", c.Record.ID, c.Target.Name, c.Cycle)] = c
	}
	return out
}

// unconditional is a definition whose targets are of every record.
func unconditional(def *workflow.Definition) *workflow.Definition {
	every := *def
	every.Targets = nil
	for _, t := range def.Targets {
		target := *t
		target.Where = nil
		every.Targets = append(every.Targets, &target)
	}
	return &every
}

// One committer's clock that is ahead raises those after it: the wait between them is not
// known, and never met in no time.
func TestAFastClockMakesNoShortWait(t *testing.T) {
	s := tell(t, "")
	s.land(100, lia, toolbar, request("goal: none")) // really at hour 10: accepted
	s.land(60, lia, toolbar, request("goal: none", "assignees: [{person: lia}]", "starts: 2026-08-01"))
	s.def = unconditional(s.def)
	ledger, ros := s.derive()
	for _, c := range clock.Run(s.def, ledger, ros, s.asOf) {
		if c.Target.Name == "resourced" && c.State != clock.Unknown {
			t.Errorf("it is %s", said(c))
		}
	}
}

func said(c clock.Clock) string {
	return fmt.Sprintf("%s, from %v to %v, due %v, ran %v, %s, %s", c.State, c.Started, c.Ended, c.Due, c.Elapsed, c.Evidence, c.Why)
}

// However pull requests land, the same witnessed arrivals give the same clocks; without a
// witness they differ only by becoming unknown.
func TestHowItLandedChangesNoClock(t *testing.T) {
	const seed = 11
	known, unknown := 0, 0
	r := rand.New(rand.NewPCG(seed, 0))
	for n := range *landingStories {
		var hours [6]float64
		for i := range 5 {
			hours[i] = float64(2+r.IntN(30)) + []float64{0, 3, 40, 90, 150}[i]*float64(1+r.IntN(3))
			if i > 0 {
				hours[i] = max(hours[i], hours[i-1]+2)
			}
		}
		hours[5] = hours[0] + 0.5 + (hours[1]-hours[0]-0.5)/2
		var want map[string]clock.Clock
		for _, way := range []string{"merge", "squash", "rebase", "octopus"} {
			for _, rename := range []bool{false, true} {
				name := fmt.Sprintf("seed %d, story %d: %s, renamed %v", seed, n, way, rename)
				l := &landed{workshop: newWorkshop(t), way: way, rename: rename, hours: hours}
				l.play()
				got := l.clocks(true)
				if want == nil {
					want = got
				}
				if len(want) != 4 || len(got) != len(want) {
					t.Fatalf("%s: %d clocks, want 4", name, len(got))
				}
				unseen := l.clocks(false)
				for key, w := range want {
					if g := got[key]; g.Evidence != 0 || said(g) != said(w) {
						t.Errorf("%s: %s\n%s, and as merged\n%s", name, key, said(g), said(w))
					}
					switch u := unseen[key]; u.State {
					case clock.Unknown:
						unknown++
					case w.State:
						known++
					default:
						t.Errorf("%s: %s without a witness\n%s, and with it\n%s", name, key, said(u), said(w))
					}
				}
			}
		}
	}
	if unknown == 0 || known == 0 {
		t.Errorf("without a witness %d clocks are known and %d unknown: the stories are not about it", known, unknown)
	}
	t.Logf("%d stories, seed %d, in 4 ways, with a rename and without: no clock differs; without a witness %d of %d are unknown", *landingStories, seed, unknown, known+unknown)
}
