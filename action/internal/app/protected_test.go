package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/sim/github"
)

// runToken gives the program the token that a workflow run of scheduled.yml has.
func (s *street) runToken() {
	s.world.Admit("example-run", github.Pass{Login: "example-liaison[bot]", Workflow: true,
		Permissions: map[string]string{"contents": "write", "pull-requests": "read", "issues": "write"}})
	s.env["GITHUB_TOKEN"] = "example-run"
}

// appToken gives it that of an App, whose account is the definition's bot.
func (s *street) appToken() {
	s.world.Admit("example-app", github.Pass{Login: "example-liaison[bot]",
		Permissions: map[string]string{"contents": "write", "pull-requests": "write", "issues": "write", "statuses": "write"}})
	s.env["GITHUB_TOKEN"] = "example-app"
}

// protect sets the rulesets of docs/administrators.md: nobody but the App passes them.
func (s *street) protect() {
	s.world.Rule(github.Rule{Branches: "liaison/**", Bypass: []string{"example-liaison[bot]"}})
	s.world.Rule(github.Rule{Branches: "main", ByPull: true, Bypass: []string{"example-liaison[bot]"}})
}

func TestNoWorkflowStartsFromWhatTheRunsTokenWrites(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	s.do(s.world.Merge(s.open(), "example-cl-noor", s.after(time.Hour), "squash"))
	s.after(time.Hour)
	s.runToken()
	before := len(s.world.Events())
	s.says("wrote", "reconcile", "--apply")
	pushed := map[string]bool{}
	for _, e := range s.world.Events()[before:] {
		if e.Starts {
			t.Errorf("%s of %s would start a workflow", e.Name, e.Ref)
		}
		pushed[e.Ref] = true
	}
	if !pushed["refs/heads/main"] || !pushed["refs/heads/liaison/witness"] {
		t.Errorf("the run wrote to %v, want main and the witness branch among them", pushed)
	}
}

// Without the App in its bypass list, main refuses the status: the file lags, which is said,
// and everything that does not need it is done.
func TestARulesetOnMainLetsNoRunsTokenBy(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	s.world.Rule(github.Rule{Branches: "main", ByPull: true, Bypass: []string{"example-liaison[bot]"}})
	s.do(s.world.Merge(s.open(), "example-cl-noor", s.after(time.Hour), "squash"))
	s.after(time.Hour)
	s.runToken()
	out := s.liaison(4, "reconcile", "--apply")
	if !strings.Contains(out, "to liaison/witness") || !strings.Contains(out, "Changes must be made through a pull request") {
		t.Errorf("it says:\n%s", out)
	}
	if strings.Contains(s.git("show", "main:"+toolbar), "status:") {
		t.Error("the status was written")
	}
	s.says("moved submitted -> accepted", "explain", "example-toolbar")
}

func TestInProtectedModeOnlyTheAppWritesWhereTheDeskWrites(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	s.protect()
	s.do(s.world.Merge(s.open(), "example-cl-noor", s.after(time.Hour), "squash"))
	s.after(time.Hour)
	tip := s.git("rev-parse", "liaison/witness")
	s.runToken()
	if out := s.liaison(4, "reconcile", "--apply"); !strings.Contains(out, "protected ref") {
		t.Errorf("it says:\n%s", out)
	}
	if s.git("rev-parse", "liaison/witness") != tip {
		t.Fatal("a run's token wrote the witness")
	}
	s.appToken()
	s.says("to liaison/witness", "reconcile", "--apply")
	if !strings.Contains(s.git("show", "main:"+toolbar), "status: accepted") {
		t.Error("the App did not write the status")
	}
	s.says("Nothing to do", "reconcile", "--apply")
}
