package review_test

import (
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/review"
	"github.com/commrel/liaison/action/internal/workflow"
)

func TestLateEntriesThatChangedAFigure(t *testing.T) {
	liaison := account.Account{ID: 7, Login: "example-cl"}
	waits := &workflow.Target{Name: "t", Responder: "liaison", Stop: workflow.Trigger{Event: "responded"}}
	answered := met(3 * day)
	answered.Target, answered.Record, answered.Stop = waits, &event.Record{ID: "a"}, event.Event{Name: event.Responded, Actor: liaison}
	open := answered
	open.Stop, open.Stopped, open.Ended = event.Event{}, time.Time{}, time.Time{}
	entry := func(holds bool, days int) event.Backdated {
		return event.Backdated{Time: answered.Started.Add(time.Duration(days) * day), Record: "a", Actor: liaison, Role: "liaison", Holds: holds}
	}
	with := func(b event.Backdated, change func(*event.Backdated)) event.Backdated {
		change(&b)
		return b
	}
	tests := []struct {
		name  string
		entry event.Backdated
		clock clock.Clock
		want  bool
	}{
		{"by which the clock stopped", entry(true, 3), answered, true},
		{"by which nothing stopped, since it was stopped before", entry(true, 4), answered, false},
		{"of another person", with(entry(true, 3), func(b *event.Backdated) { b.Actor.ID = 8 }), answered, false},
		{"of another role", with(entry(true, 3), func(b *event.Backdated) { b.Role = "manager" }), answered, false},
		{"about another record", with(entry(true, 3), func(b *event.Backdated) { b.Record = "b" }), answered, false},
		{"but for which it would have stopped earlier", entry(false, 2), answered, true},
		{"but for which it would have stopped at all", entry(false, 9), open, true},
		{"after it had stopped anyway", entry(false, 4), answered, false},
		{"before it had started", entry(false, -1), answered, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := len(review.Backdated([]event.Backdated{test.entry}, []clock.Clock{test.clock})) == 1; got != test.want {
				t.Errorf("listed: %t", got)
			}
		})
	}
}
