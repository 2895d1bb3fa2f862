package app

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"time"

	simdesk "github.com/commrel/liaison/action/internal/sim/desk"
	"github.com/commrel/liaison/action/internal/sim/github"
	"github.com/spf13/cobra"
)

func (a *App) demo() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Build a desk with eighteen months of history and run the program over it",
		Long: `Demo builds an invented desk: a repository with sixty requests and their pull requests, and a
GitHub in memory that lived through them. Then it runs the real program over both, and
leaves the repository, report.md and report.json in a folder. It needs no network.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return refuse(a.runDemo(cmd.Context(), out)) },
	}
	cmd.Flags().StringVar(&out, "out", "", "the `DIR` to leave everything in (default: a new temporary folder)")
	return cmd
}

// stage is the demo's own run of the program: over its repository, as of the story's end,
// against its GitHub.
type stage struct {
	app   *App
	ctx   context.Context
	dir   string
	world *github.World
	env   map[string]string
}

func (a *App) runDemo(ctx context.Context, out string) error {
	dir, err := demoFolder(out)
	if err != nil {
		return err
	}
	world, err := simdesk.Build(filepath.Join(dir, "desk.git"))
	if err != nil {
		return err
	}
	server := httptest.NewServer(world.Handler())
	defer server.Close()
	s := &stage{app: a, ctx: ctx, dir: dir, world: world, env: map[string]string{
		"GITHUB_API_URL": server.URL + "/", "GITHUB_TOKEN": simdesk.Token, "GITHUB_REPOSITORY": simdesk.Owner + "/" + simdesk.Name,
		"GITHUB_SERVER_URL": "https://github.com", "GITHUB_RUN_ID": "1", "NO_COLOR": "1",
	}}
	return s.play()
}

// demoFolder makes the folder, or empties one that an earlier demo left. It touches no
// other.
func demoFolder(out string) (string, error) {
	if out == "" {
		return os.MkdirTemp("", "liaison-demo-")
	}
	const mark = ".liaison-demo"
	old, err := os.ReadDir(out)
	if err != nil && !os.IsNotExist(err) {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(out, mark)); len(old) > 0 && err != nil {
		return "", usage("--out %s: expected a new or empty folder, or one that an earlier demo left", out)
	}
	for _, name := range []string{"desk.git", "report.md", "report.json"} {
		if err := os.RemoveAll(filepath.Join(out, name)); err != nil {
			return "", err
		}
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return "", err
	}
	return out, os.WriteFile(filepath.Join(out, mark), nil, 0o666)
}

// play runs the program and tells what it did.
func (s *stage) play() error {
	s.say(demoOpening)
	steps := []struct {
		words string
		args  []string
		keep  int // lines to show; 0: all
		file  string
	}{
		{"First, are the files as they should be? Every mistake would be named with its line.", []string{"check", "--rev", "main"}, 0, ""},
		{"What should GitHub show that it does not? The plan is applied: late requests become issues,\nand the files learn the state that their history gives them.", []string{"reconcile", "--apply"}, 14, ""},
		{"Once more. Nothing is left to do, and the program's own commit moved no clock.", []string{"reconcile", "--apply"}, 0, ""},
		{"What do the teams read whose pull requests are open? One comment on each.", []string{"gate", "--sweep", "--format", "markdown"}, 22, ""},
		{"One request, told from beginning to end. Each clock adds up to the figure that is reported.", []string{"explain", "feedback-on-example-notifications"}, 0, ""},
		{"Were the promises of the last quarter kept?", []string{"report", "--quarter", "last"}, 0, ""},
		{"", []string{"report", "--quarter", "all"}, -1, "report.md"},
		{"", []string{"report", "--quarter", "all", "--format", "json"}, -1, "report.json"},
	}
	for _, step := range steps {
		if err := s.run(step.words, step.args, step.keep, step.file); err != nil {
			return err
		}
	}
	s.say(fmt.Sprintf(demoClosing, s.dir))
	return nil
}

const demoOpening = `A request desk in a Git repository: eighteen months in a few seconds

Teams ask a desk for help. A request is a file; the pull request that adds it is the
conversation; history says when it was answered. The desk of this demo promised a first
response within 7 days, and somebody to do the work within 3 months. All names are
invented. It is the morning of 5 October 2026.`

const demoClosing = `
Everything is in %[1]s:
  desk.git      the repository, with its witness branch: what GitHub's clock saw
  report.md     all quarters, for people        report.json   the same, for programs

Try:
  go run ./action/cmd/liaison events --repo %[1]s/desk.git
  go run ./action/cmd/liaison clocks --repo %[1]s/desk.git --as-of 2026-03-31
  go run ./action/cmd/liaison report --repo %[1]s/desk.git --quarter 2025-26-q2`

func (s *stage) say(words string) { fmt.Fprintln(s.app.Stdout, words) }

// run runs one command as a user would, and shows it with what it printed.
func (s *stage) run(words string, args []string, keep int, file string) error {
	var out bytes.Buffer
	inner := &App{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Definitions: s.app.Definitions, Now: func() time.Time { return simdesk.AsOf },
		Sleep:  func(ctx context.Context, _ time.Duration) error { return ctx.Err() }, // nothing there counts requests
		Getenv: func(key string) string { return s.env[key] }}
	code := inner.Run(s.ctx, append(args, "--repo", filepath.Join(s.dir, "desk.git")))
	if code != exitClean {
		return fmt.Errorf("liaison %s: exit code %d\n%s", strings.Join(args, " "), code, out.String())
	}
	if file != "" {
		return os.WriteFile(filepath.Join(s.dir, file), out.Bytes(), 0o666)
	}
	s.say(fmt.Sprintf("\n%s\n\n  $ liaison %s\n", words, strings.Join(args, " ")))
	s.say(indent(out.String(), keep))
	return nil
}

// indent sets text off; of a long one it keeps the beginning.
func indent(text string, keep int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if keep > 0 && len(lines) > keep {
		lines = append(lines[:keep], fmt.Sprintf("… and %d more lines", len(lines)-keep))
	}
	return "  " + strings.Join(lines, "\n  ")
}
