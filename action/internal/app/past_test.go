package app_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/app"
	simdesk "github.com/commrel/liaison/action/internal/sim/desk"
	"github.com/commrel/liaison/action/internal/sim/github"
	"github.com/google/go-cmp/cmp"
)

// faces are what is asked of a desk at each stop of the story.
var faces = []string{
	"events", "events --format ndjson", "clocks", "clocks --format json",
	"report --quarter all", "report --quarter all --format json", "report --quarter all --format csv",
	"explain feedback-on-example-notifications --format md", "explain feedback-on-example-notifications --format json",
}

// told is what a desk says as of an instant, at another.
func told(t *testing.T, repo string, asOf string, now time.Time) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, face := range faces {
		args := append(strings.Fields(face), "--repo", repo)
		if asOf != "" {
			args = append(args, "--as-of", asOf)
		}
		var stdout, stderr bytes.Buffer
		a := &app.App{Stdin: strings.NewReader(""), Definitions: compiled, Stdout: &stdout, Stderr: &stderr,
			Getenv: func(string) string { return "" }, Now: func() time.Time { return now }}
		code := a.Run(context.Background(), args)
		if code != 0 && !strings.Contains(stderr.String(), "no record is called") {
			t.Fatalf("liaison %s: exit code %d\n%s", strings.Join(args, " "), code, stderr.String())
		}
		out[face] = stdout.String()
	}
	return out
}

// The story grows by landings, by what is said on pull requests, and by commits of the
// witness; what was answered on the way is answered again at its end, to the byte.
func TestGrowingTheDemoChangesNoAnswerAboutThePast(t *testing.T) {
	t.Parallel()
	repo := filepath.Join(t.TempDir(), "desk.git")
	then := map[string]map[string]string{}
	var stops []simdesk.Stop
	for _, day := range []string{"2025-09-30", "2026-01-05", "2026-05-20"} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		stops = append(stops, simdesk.Stop{At: at, Look: func(*github.World) error {
			then[day] = told(t, repo, "", at)
			return nil
		}})
	}
	if _, err := simdesk.Build(repo, stops...); err != nil {
		t.Fatal(err)
	}
	for day, before := range then {
		if !strings.Contains(before["clocks"], "breached") && !strings.Contains(before["clocks"], "met") {
			t.Errorf("as of %s there is nothing to tell:\n%s", day, before["clocks"])
		}
		if diff := cmp.Diff(before, told(t, repo, day, simdesk.AsOf)); diff != "" {
			t.Errorf("as of %s (-told then +told at the end):\n%s", day, diff)
		}
	}
}
