package review_test

import (
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/google/go-cmp/cmp"
)

const splitDesk = `desk: Test
kinds:
  ask:
    files: asks/*.yaml
    assignees: "on[].who"
    groups:
      topic: record.topics
      team: "record.team == 'x' ? 'ours' : ''"
targets:
  answered: {of: ask, start: filed, stop: responded, within: 7 days}
`

// asked is a clock over a record of which some values landed; nil: it has not landed.
func asked(def *workflow.Definition, c clock.Clock, values map[string]any) clock.Clock {
	rec := &event.Record{Kind: def.Kind("ask"), Values: values, Events: []event.Event{{Name: event.Filed, Time: c.Started}}}
	if values != nil {
		rec.Versions = []event.Version{{Time: c.Started, Values: values}}
	}
	c.Record, c.Target, c.Due = rec, def.Targets[0], c.Started.Add(7*day)
	return c
}

// parts are the names of a split's parts with how many clocks each has; ours in brackets.
func parts(s review.Split) string {
	var words []string
	for _, p := range s.Parts {
		name := p.Name
		if p.None {
			name = "(" + name + ")"
		}
		words = append(words, name+strings.Repeat("|", p.Started()))
	}
	return s.By + ": " + strings.Join(words, " ")
}

func TestFiguresAreBrokenDown(t *testing.T) {
	def, fs, err := workflow.Read("liaison.yaml", []byte(splitDesk), nil)
	if def == nil || err != nil {
		t.Fatal(fs, err)
	}
	on := func(who string) []any {
		return []any{map[string]any{"who": who}, map[string]any{"who": "example-second"}}
	}
	topics := func(ts ...any) map[string]any {
		return map[string]any{"topics": ts, "team": "x", "on": on("example-cl")}
	}
	responded := func(c clock.Clock) clock.Clock {
		c.Stop = event.Event{Name: event.Responded, Actor: account.Account{Login: "example-first", ID: 7}}
		return c
	}
	later := asked(def, met(day), map[string]any{"topics": []any{"a"}, "team": "y"})
	later.Record.Versions = append(later.Record.Versions, event.Version{Time: later.Stopped.Add(day), Values: topics("b")})
	still := asked(def, running(2*day), map[string]any{"topics": []any{"a"}, "team": "y"})
	still.Record.Versions = append(still.Record.Versions, event.Version{Time: still.Started.Add(day), Values: topics("b")})
	tests := []struct {
		name   string
		clocks []clock.Clock
		want   []string
	}{
		{"by what a record says", []clock.Clock{asked(def, met(day), topics("b")), asked(def, late(9*day), topics("a"))},
			[]string{"topic: a| b|", "team: ours||", "assignee: example-cl||"}},
		{"a record of several groups counts in each, and once in each", []clock.Clock{asked(def, met(day), topics("b", "a", "b"))},
			[]string{"topic: a| b|", "team: ours|", "assignee: example-cl|"}},
		{"those in no group come last", []clock.Clock{asked(def, met(day), topics("z")), asked(def, met(day), topics())},
			[]string{"topic: z| (none)|", "team: ours||", "assignee: example-cl||"}},
		{"what has not landed is not known", []clock.Clock{asked(def, met(day), topics("z")), asked(def, running(day), nil)},
			[]string{"topic: z| (not known)|", "team: ours| (not known)|", "assignee: example-cl| (nobody)|"}},
		{"what has no answer is not known", []clock.Clock{asked(def, met(day), topics("z", 7))},
			[]string{"team: ours|", "assignee: example-cl|"}},
		{"nobody in any group: nothing to say", []clock.Clock{asked(def, running(day), map[string]any{"topics": []any{}, "team": "y"})}, nil},
		{"self-filed apart", []clock.Clock{asked(def, met(day), topics("z")), asked(def, selfFiled(), topics("z"))},
			[]string{"topic: z||", "team: ours||", "assignee: example-cl||", "filing: (filed by others)| (self-filed)|"}},
		{"as the record read when the clock stopped", []clock.Clock{responded(later)}, []string{"topic: a|", "assignee: example-first|"}},
		{"or as it reads now, while it runs", []clock.Clock{still}, []string{"topic: b|", "team: ours|", "assignee: example-cl|"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			asOf := start.Add(30 * day)
			ros := roster.New(def, nil, nil, nil)
			a := review.Quarter(def.Targets, test.clocks, quarter, over, review.Ways(def, ros, asOf)...)[0]
			var got []string
			for _, s := range a.Splits {
				got = append(got, parts(s))
				for _, p := range s.Parts {
					if p.Target != a.Target || p.Splits != nil {
						t.Errorf("part %s: %+v", p.Name, p)
					}
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAWayIsOfOneKind(t *testing.T) {
	other := &workflow.Target{Name: "other", Of: &workflow.Kind{Name: "other"}}
	c := met(time.Hour)
	c.Target = other
	way := review.Way{By: "x", Kind: "ask", Groups: func(clock.Clock) []review.Group { return []review.Group{{Name: "y"}} }}
	if a := review.Quarter([]*workflow.Target{other}, []clock.Clock{c}, quarter, over, way)[0]; a.Met != 1 || a.Splits != nil {
		t.Errorf("%+v", a)
	}
}
