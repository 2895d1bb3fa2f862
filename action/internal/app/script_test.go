package app_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/app"
	"github.com/commrel/liaison/action/internal/golden"
	"github.com/rogpeppe/go-internal/testscript"
)

// now is the present of every script.
var now = time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC)

// shared is a folder for what is made once for all tests.
var shared string

// A cleaner runs the tests with the shared folder, and removes it.
type cleaner struct{ *testing.M }

func (c cleaner) Run() int {
	var err error
	if shared, err = os.MkdirTemp("", "liaison-tests-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(shared)
	return c.M.Run()
}

func TestMain(m *testing.M) {
	testscript.Main(cleaner{m}, map[string]func(){
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
		UpdateScripts:       golden.Updating(),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"as": as, "branch": branch, "commit": commit, "exits": exits, "merge": merge,
		},
		Setup: func(e *testscript.Env) error {
			if err := shipped(e.WorkDir); err != nil {
				return err
			}
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

// shipped puts the shipped definition and schemas beside the records of a script that has a
// desk with a roster and no definition of its own.
func shipped(dir string) error {
	desk := filepath.Join(dir, "desk")
	_, noRoster := os.Stat(filepath.Join(desk, "roster"))
	_, noDefinition := os.Stat(filepath.Join(desk, ".github"))
	if noRoster != nil || noDefinition == nil {
		return nil
	}
	for _, folder := range []string{".github", "schemas"} {
		if err := os.CopyFS(filepath.Join(desk, folder), os.DirFS(filepath.Join(root, folder))); err != nil {
			return err
		}
	}
	return os.MkdirAll(filepath.Join(desk, "requests", "2026"), 0o777)
}

// as LOGIN ID makes the commits that follow those of an account.
func as(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: as LOGIN ID")
	}
	for _, who := range []string{"AUTHOR", "COMMITTER"} {
		ts.Setenv("GIT_"+who+"_NAME", args[0])
		ts.Setenv("GIT_"+who+"_EMAIL", args[1]+"+"+args[0]+"@users.noreply.github.com")
	}
}

// merge DATE BRANCH merges a branch with a merge commit.
func merge(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: merge DATE BRANCH")
	}
	ts.Setenv("GIT_AUTHOR_DATE", args[0])
	ts.Setenv("GIT_COMMITTER_DATE", args[0])
	ts.Check(ts.Exec("git", "merge", "-q", "--no-ff", "-m", "Merge "+args[1], args[1]))
}

// branch NAME FILE PATH… makes a branch of main with one commit that puts files in place.
func branch(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || len(args)%2 == 0 {
		ts.Fatalf("usage: branch NAME FILE PATH…")
	}
	ts.Check(ts.Exec("git", "checkout", "-q", "-b", args[0], "main"))
	for i := 1; i < len(args); i += 2 {
		content := ts.ReadFile(args[i])
		ts.Check(os.MkdirAll(filepath.Dir(ts.MkAbs(args[i+1])), 0o777))
		ts.Check(os.WriteFile(ts.MkAbs(args[i+1]), []byte(content), 0o666))
	}
	commit(ts, false, []string{"2026-02-01T09:00:00Z", "Change things"})
}
