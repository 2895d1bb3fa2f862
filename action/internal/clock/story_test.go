package clock_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
)

// start is minute 0 of every story.
var start = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

func at(minute int) time.Time { return start.Add(time.Duration(minute) * time.Minute) }

// compiled is one cache for all tests: most of what a definition costs is the schema that it is
// validated by, which is one.
var compiled = workflow.NewCache()

var desks = map[string]*workflow.Definition{} // made once each, by their target's lines

// desk is a definition with one kind and one target, whose lines a test gives.
func desk(t testing.TB, target ...string) *workflow.Definition {
	t.Helper()
	key := strings.Join(target, "\n")
	if def := desks[key]; def != nil {
		return def
	}
	src := `desk: D
timezone: Europe/Berlin
kinds:
  ask:
    files: "asks/*"
    status: status
    states: {new: {initial: true}, wait: {paused: true}, okay: {}, done: {final: true}, dropped: {final: true}}
  team: {files: "teams/*"}
roles: {helper: "true"}
targets:
  promise:
    of: ask
    responder: helper
`
	for _, line := range target {
		src += "    " + line + "\n"
	}
	def, fs, err := compiled.Read(workflow.Path, []byte(src), nil)
	if err != nil || def == nil {
		t.Fatal(err, fs)
	}
	desks[key] = def
	return def
}

// A tale is one record as the ledger has it.
type tale struct {
	def   *workflow.Definition
	rec   *event.Record
	teams map[string]map[string]any // for lookups
}

// tell makes events of lines such as "0 filed", "3 wait" for a move, "5 responded claimed"
// with a grade, or "7 okay @c1" with the commit that shows it, which nobody witnessed.
func tell(t testing.TB, def *workflow.Definition, lines ...string) *tale {
	t.Helper()
	kind := def.Kind("ask")
	s := &tale{def: def, rec: &event.Record{Kind: kind, ID: "asks/a", Path: "asks/a", Values: map[string]any{}}}
	state := "new"
	for _, line := range lines {
		words := strings.Fields(line)
		minute, err := strconv.Atoi(words[0])
		if err != nil {
			t.Fatal(err)
		}
		e := event.Event{Time: at(minute), Kind: "ask", Record: s.rec.ID, Pull: 1}
		switch name := event.Name(words[1]); name {
		case event.Filed:
			e.Name, e.To = name, state
		case event.Responded:
			e.Name, e.Roles = name, []string{"helper"}
		case event.Edited, event.Removed, event.Assigned, event.Replied:
			e.Name = name
		default:
			e.Name, e.From, e.To = event.Moved, state, words[1]
			e.Turn = kind.TurnOf(state, words[1])
			state = words[1]
		}
		for _, w := range words[2:] {
			mark(t, &e, w)
			if s, born := strings.CutPrefix(w, "born:"); born {
				state = s
			}
		}
		s.rec.Events = append(s.rec.Events, e)
	}
	s.rec.State = state
	return s
}

// mark adds what a word of a line says of its event.
func mark(t testing.TB, e *event.Event, word string) {
	t.Helper()
	if commit, ok := strings.CutPrefix(word, "@"); ok {
		e.Commit, e.Pull = commit, 0
		return
	}
	if state, ok := strings.CutPrefix(word, "born:"); ok {
		e.To = state
		return
	}
	if minute, ok := strings.CutPrefix(word, "landed:"); ok {
		n, _ := strconv.Atoi(minute)
		e.Landed, e.LandedBy = at(n), fmt.Sprint("landing-", n)
		return
	}
	if word == "raised" {
		e.Raised = true
		return
	}
	if word == "self" {
		e.Roles = []string{"helper"}
		return
	}
	for g := evidence.Witnessed; g <= evidence.Unknown; g++ {
		if g.String() == word {
			e.Evidence = g
			return
		}
	}
	t.Fatalf("no word %q", word)
}

// version lands a version of the record.
func (s *tale) version(minute int, values map[string]any) {
	s.rec.Versions = append(s.rec.Versions, event.Version{Time: at(minute), Path: s.rec.Path, Values: values})
}

func (s *tale) run(asOf time.Time) []clock.Clock {
	lookup := func(kind, id string) (map[string]any, bool) {
		v, ok := s.teams[kind+"/"+id]
		return v, ok
	}
	ros := roster.New(s.def, nil, lookup, nil)
	return clock.Run(s.def, &event.Ledger{Records: []*event.Record{s.rec}}, ros, asOf)
}

// runOne runs the clocks of one record.
func runOne(def *workflow.Definition, rec *event.Record, asOf time.Time) []clock.Clock {
	return clock.Run(def, &event.Ledger{Records: []*event.Record{rec}}, roster.New(def, nil, nil, nil), asOf)
}

// words is a clock in one line.
func words(c clock.Clock) string {
	out := fmt.Sprintf("%d: %s at %s, due %s, ran %d, %s", c.Cycle, c.State, minute(c.Ended), minute(c.Due), int(c.Elapsed.Minutes()), c.Evidence)
	if c.SelfFiled {
		out += ", self-filed"
	}
	if c.Why != "" {
		out += " (" + c.Why + ")"
	}
	return out
}

func minute(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return fmt.Sprint(int(t.Sub(start).Minutes()))
}

func all(cs []clock.Clock) []string {
	var out []string
	for _, c := range cs {
		out = append(out, words(c))
	}
	return out
}
