package command_test

import (
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/command"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/golden"
)

var noor = account.Account{ID: 1003, Login: "example-noor", Type: "User"}

func obeyed(t *testing.T, src, state, comment string) command.Change {
	t.Helper()
	c, _ := command.Parse(comment)
	change, refusal := c.Apply(on(t, src, state))
	if refusal != nil {
		t.Fatal(refusal.Why)
	}
	return change
}

func refused(t *testing.T, src, state, comment string) command.Refusal {
	t.Helper()
	c, _ := command.Parse(comment)
	_, refusal := c.Apply(on(t, src, state))
	if refusal == nil {
		t.Fatal("it was obeyed")
	}
	return *refusal
}

func TestReplies(t *testing.T) {
	commit := strings.Repeat("a", 40)
	done := obeyed(t, plain, "in-progress", "/done Told @everyone on <b>three</b> wikis, see #12")
	start := obeyed(t, "status: accepted\n", "accepted", "/start @example-lia @example-noor")
	forbidden := done.Forbidden(definition(t).Kind("request"), []finding.Finding{{Rule: "move", Path: "requests/a.yaml",
		Found: "the move from in-progress to done: example-ann holds none of the roles that may: liaison", Expected: "needs-info (by liaison)"}})
	tests := []struct{ name, reply string }{
		{"done.md", done.Reply(12, noor, "requests/a.yaml", commit)},
		{"start.md", start.Reply(12, noor, "requests/a.yaml", commit)},
		{"unknown.md", refused(t, plain, "in-progress", "/lgtm").Reply(12, noor)},
		{"needs.md", refused(t, plain, "in-progress", "/done").Reply(12, noor)},
		{"forbidden.md", forbidden.Reply(12, account.Account{ID: 9, Login: "example-ann"})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			harmless(t, tt.reply)
			golden.Check(t, tt.name, tt.reply)
		})
	}
}

func TestMuchHelpIsCutWithACount(t *testing.T) {
	r := command.Refusal{Why: "no", Help: make([]string, 40)}
	if got := r.Reply(12, noor); !strings.HasSuffix(got, "- … and 15 more\n") || strings.Count(got, "\n- ") != 26 {
		t.Errorf("got %s", got)
	}
}

func TestTheMessageOfACommit(t *testing.T) {
	move := obeyed(t, plain, "in-progress", "/done Told everyone")
	if got, want := move.Message("requests/a.yaml", noor, 7), "Set requests/a.yaml to done\n\nAsked for by example-noor in a comment on #7.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	people := obeyed(t, "status: accepted\n", "accepted", "/assign @example-lia @example-noor")
	if got, want := people.Message("requests/[skip ci].yaml", noor, 7), "Put lia, example-noor on requests/[\u2060skip ci].yaml\n\nAsked for by example-noor in a comment on #7.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
