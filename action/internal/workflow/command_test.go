package workflow_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/workflow"
)

func TestStateFor(t *testing.T) {
	k := &workflow.Kind{Commands: map[string]string{"start": "in-progress", "done": "done"}}
	for _, s := range []string{"accepted", "declined", "withdrawn", "in-progress", "needs-info", "done"} {
		k.States = append(k.States, workflow.State{Name: s})
	}
	tests := []struct{ name, command, want string }{
		{"as the definition names it", "start", "in-progress"},
		{"the state's own name", "needs-info", "needs-info"},
		{"with the ending ed", "accept", "accepted"},
		{"with the ending d", "decline", "declined"},
		{"with the ending n", "withdraw", "withdrawn"},
		{"of no state", "lgtm", ""},
		{"of nothing", "", ""},
		{"in another case", "Done", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := k.StateFor(tt.command); got.Name != tt.want || ok != (tt.want != "") {
				t.Errorf("got %q, %t; want %q", got.Name, ok, tt.want)
			}
		})
	}
	if got := strings.Join(k.CommandNames(), " "); got != "accepted declined done needs-info start withdrawn" {
		t.Errorf("the commands are %s", got)
	}
}

func TestCommandsAreRead(t *testing.T) {
	def := must(t, strings.Replace(base, "      goal: liaison", "      goal: liaison\n    commands: {go: waiting}", 1))
	if got := def.Kind("request").Commands["go"]; got != "waiting" {
		t.Errorf("go leads to %q", got)
	}
	src, err := shipped(workflow.Path)
	if err != nil {
		t.Fatal(err)
	}
	def, _, err = workflow.Read(workflow.Path, src, shipped)
	if err != nil || def == nil {
		t.Fatal(err)
	}
	want := []string{"accept", "decline", "done", "duplicate", "needs-info", "reopen", "resourced", "stall", "start", "withdraw"}
	if got := def.Kind("request").CommandNames(); !slices.Equal(got, want) {
		t.Errorf("the shipped desk has %v", got)
	}
}
