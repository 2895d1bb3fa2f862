package app_test

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/app"
	"github.com/rogpeppe/go-internal/testscript"
)

// now is the present of every script.
var now = time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"liaison": func() {
			a := app.FromOS()
			a.Now = func() time.Time { return now }
			os.Exit(a.Run(context.Background(), os.Args[1:]))
		},
	})
}

// TestScripts runs the stories of the command line, over repositories written by real git.
func TestScripts(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: the scripts write their repositories with it")
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"commit": commit, "exits": exits,
		},
		Setup: func(e *testscript.Env) error {
			e.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			e.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
			for _, who := range []string{"AUTHOR", "COMMITTER"} {
				e.Setenv("GIT_"+who+"_NAME", "Example Person")
				e.Setenv("GIT_"+who+"_EMAIL", "person@example.org")
			}
			return nil
		},
	})
}

// commit DATE MESSAGE commits everything, at a fixed time.
func commit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: commit DATE MESSAGE")
	}
	ts.Setenv("GIT_AUTHOR_DATE", args[0])
	ts.Setenv("GIT_COMMITTER_DATE", args[0])
	ts.Check(ts.Exec("git", "add", "-A"))
	ts.Check(ts.Exec("git", "commit", "-q", "-m", args[1]))
}

// exits CODE COMMAND… runs a command that must end with just that exit code; standard
// output and error go to the files `out` and `err`.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND…")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := "0"
	if e, ok := err.(*exec.ExitError); ok {
		code = e.ProcessState.String()[len("exit status "):]
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, expected %s", code, args[0])
	}
}
