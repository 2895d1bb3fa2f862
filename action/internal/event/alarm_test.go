package event_test

import (
	"fmt"
	"testing"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
)

// What raised an alarm names it, so that each becomes one issue and stays the same one.
func TestAnAlarmSaysWhatRaisedIt(t *testing.T) {
	tests := []struct {
		name string
		tell func(*story)
		want string
	}{
		{"a close by nobody in a role", func(s *story) { s.pull(7, toolbar, saw(1, "opened", ann), saw(2, "closed", bob)) },
			"Closed without a decision: closed-2, commit , #7, refused false"},
		{"a merge by nobody in a role", func(s *story) { s.opened(); s.merge(2, bob, toolbar, request()) },
			"Merged, but not accepted: c1, commit c1, #1, refused false"},
		{"a merge that is not on the line", func(s *story) {
			s.pull(7, toolbar, saw(1, "opened", ann), merged(2, lia, "lost", "lost"))
		}, "Merged, but not on the branch: merged-2, commit , #7, refused false"},
		{"a refused landing", func(s *story) {
			s.opened()
			s.merge(2, lia, toolbar, request())
			s.land(3, bob, toolbar, request("status: done", "outcome: x"))
		},
			"Refused: c2, commit c2, #0, refused true"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := tell(t, "")
			tt.tell(s)
			ledger, _ := s.derive()
			if len(ledger.Alarms) == 0 {
				t.Fatal("no alarm")
			}
			a := ledger.Alarms[0]
			if got := fmt.Sprintf("%s: %s, commit %s, #%d, refused %t", a.Title, a.Mark, a.Commit, a.Pull, a.Refused); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if a.Record != toolbar {
				t.Errorf("it is about %q", a.Record)
			}
		})
	}
}

// A push of which GitHub kept no time is by somebody who is known by a login alone.
func TestAPushThatTheWitnessInfersIsSomebodysWord(t *testing.T) {
	s := tell(t, "")
	pushed := event.Entry{ID: "pushed-b", Kind: event.Pushed, At: at(3), Actor: account.Account{Login: ann.Login}, SHA: "b"}
	s.pull(1, toolbar, saw(1, "opened", ann), saw(2, "reviewed/changes_requested", lia), pushed)
	r := s.record(toolbar)
	last := r.Events[len(r.Events)-1]
	if r.State != "submitted" || last.From != "needs-info" || last.Evidence.String() != "claimed" {
		t.Errorf("it is %s: %s", r.State, words(last))
	}
}
