package app_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/app"
	simdesk "github.com/commrel/liaison/action/internal/sim/desk"
	"github.com/commrel/liaison/action/internal/sim/github"
)

// A street is a desk on its first day, its GitHub behind a real server on loopback, and a
// clock that the test sets.
type street struct {
	t     *testing.T
	world *github.World
	repo  string
	now   time.Time
	env   map[string]string
}

// morning is when stories begin.
var morning = time.Date(2026, time.July, 1, 9, 0, 0, 0, time.UTC)

func newStreet(t *testing.T) *street {
	t.Helper()
	repo := filepath.Join(t.TempDir(), "desk.git")
	world, err := simdesk.Found(repo)
	if err != nil {
		t.Fatal(err)
	}
	world.SetNow(morning)
	server := httptest.NewServer(world.Handler())
	t.Cleanup(server.Close)
	return &street{t: t, world: world, repo: repo, now: morning, env: map[string]string{
		"GITHUB_API_URL": server.URL + "/", "GITHUB_SERVER_URL": server.URL, "GITHUB_TOKEN": simdesk.Token,
		"GITHUB_REPOSITORY": simdesk.Owner + "/" + simdesk.Name, "GITHUB_RUN_ID": "1", "GITHUB_RUN_ATTEMPT": "1",
	}}
}

// after lets time pass.
func (s *street) after(d time.Duration) time.Time {
	s.now = s.now.Add(d)
	s.world.SetNow(s.now)
	return s.now
}

// liaison runs a command, which must end with an exit code, and returns all that it says.
func (s *street) liaison(code int, args ...string) string {
	s.t.Helper()
	var out bytes.Buffer
	a := &app.App{Stdin: strings.NewReader(""), Definitions: compiled, Stdout: &out, Stderr: &out, Now: func() time.Time { return s.now },
		Getenv: func(k string) string { return s.env[k] }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	if got := a.Run(context.Background(), append(args, "--repo", s.repo)); got != code {
		s.t.Fatalf("liaison %s: exit code %d, expected %d\n%s", strings.Join(args, " "), got, code, out.String())
	}
	return out.String()
}

// says runs a command that must end well and say some words.
func (s *street) says(words string, args ...string) {
	s.t.Helper()
	if out := s.liaison(0, args...); !strings.Contains(out, words) {
		s.t.Errorf("liaison %s does not say %q:\n%s", strings.Join(args, " "), words, out)
	}
}

func (s *street) git(args ...string) string {
	s.t.Helper()
	out, err := exec.Command("git", append([]string{"--git-dir", s.repo}, args...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

const toolbar = "requests/2026/example-toolbar.yaml"

// asked is a request's file, with lines added to it.
func asked(lines ...string) map[string][]byte {
	return map[string][]byte{toolbar: []byte("# yaml-language-server: $schema=../../schemas/request.schema.json\n" +
		"title: Tell communities about the example toolbar\nteam: example-editing\n" +
		"summary: An invented toolbar for an invented editor.\nhelp: [announcement]\nwanted_by: flexible\n" + strings.Join(append(lines, ""), "\n"))}
}

// do fails the test where a deed of the story cannot be done.
func (s *street) do(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// open files the request.
func (s *street) open() int {
	s.t.Helper()
	n, err := s.world.OpenPull("example-pm-dana", s.now, "Request: example toolbar", asked())
	s.do(err)
	return n
}

func TestTheWitnessIsBegunOnceAndByHand(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	if out := s.liaison(3, "reconcile"); !strings.Contains(out, "liaison witness start --apply") {
		t.Errorf("it does not say how to begin:\n%s", out)
	}
	s.says("write 1 file on liaison/witness", "witness", "start")
	if _, err := exec.LookPath("git"); err == nil && strings.Contains(s.git("branch"), "witness") {
		t.Error("the plan was applied")
	}
	s.says("wrote 1 file to liaison/witness", "witness", "start", "--apply")
	s.says("Nothing to do", "witness", "start", "--apply")
}

func TestWhatHappensOnThePullRequestMovesTheRecord(t *testing.T) {
	cases := []struct {
		name string
		play func(s *street, n int)
		want []string // lines of the ledger
	}{
		{"opened: filed at once, and on the clock", func(*street, int) {}, []string{"state submitted", "first-response, cycle 1: running"}},
		{"a liaison comments: answered", func(s *street, n int) {
			s.do(s.world.Comment(n, "example-cl-noor", s.after(day), "Thank you."))
		}, []string{"responded", "example-cl-noor", "kept"}},
		{"a stranger comments: not answered", func(s *street, n int) {
			s.do(s.world.Comment(n, "example-stranger", s.after(day), "Me too."))
		}, []string{"state submitted", "first-response, cycle 1: running"}},
		{"changes requested: needs-info", func(s *street, n int) {
			s.do(s.world.Review(n, "example-cl-noor", s.after(day), "changes_requested", "Which wikis?"))
		}, []string{"moved submitted -> needs-info", "kept"}},
		{"changes requested and answered by a push: submitted", func(s *street, n int) {
			s.do(s.world.Review(n, "example-cl-noor", s.after(day), "changes_requested", "Which wikis?"))
			s.liaison(0, "reconcile", "--apply", "--only", "witness")
			s.do(s.world.PushPull(n, "example-pm-dana", s.after(day), "Name them", asked("audience: {wikis: [frwiki]}")))
		}, []string{"moved needs-info -> submitted"}},
		{"merged by a liaison: accepted", func(s *street, n int) {
			s.do(s.world.Merge(n, "example-cl-noor", s.after(day), "squash"))
		}, []string{"moved submitted -> accepted", "example-cl-noor"}},
		{"merged by nobody in the role: submitted still", func(s *street, n int) {
			s.do(s.world.Merge(n, "example-intern", s.after(day), "merge"))
		}, []string{"state submitted", "first-response, cycle 1: running"}},
		{"closed by the filer: withdrawn", func(s *street, n int) {
			s.do(s.world.ClosePull(n, "example-pm-dana", s.after(day), "Not needed any more."))
		}, []string{"moved submitted -> withdrawn", "void"}},
		{"closed by a liaison: declined", func(s *street, n int) {
			s.do(s.world.ClosePull(n, "example-cl-noor", s.after(day), "Out of scope."))
		}, []string{"moved submitted -> declined"}},
		{"closed by nobody in a role: open still", func(s *street, n int) {
			s.do(s.world.ClosePull(n, "example-stranger", s.after(day), ""))
		}, []string{"state submitted", "first-response, cycle 1: running"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStreet(t)
			s.liaison(0, "witness", "start", "--apply")
			n := s.open()
			c.play(s, n)
			s.after(time.Hour)
			s.liaison(0, "reconcile", "--apply")
			out := s.liaison(0, "explain", "example-toolbar")
			for _, want := range c.want {
				if !strings.Contains(out, want) {
					t.Errorf("explain does not say %q:\n%s", want, out)
				}
			}
			if again := s.liaison(0, "reconcile", "--apply"); !strings.Contains(again, "Nothing to do") {
				t.Errorf("a second run says:\n%s", again)
			}
		})
	}
}

// cloned is the same desk seen from a clone, as a runner of workflows has it.
func (s *street) cloned() *street {
	s.t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		s.t.Skip("git is not installed: there is no clone to look from")
	}
	out := *s
	out.repo = filepath.Join(s.t.TempDir(), "clone")
	url := s.env["GITHUB_SERVER_URL"] + "/" + simdesk.Owner + "/" + simdesk.Name + ".git"
	if said, err := exec.Command("git", "clone", "-q", url, out.repo).CombinedOutput(); err != nil {
		s.t.Fatalf("git clone: %v\n%s", err, said)
	}
	return &out
}

func TestACloneFetchesWhatItNeedsAndNeverChecksItOut(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	c := s.cloned()
	n := s.open()
	s.do(s.world.Comment(n, "example-cl-noor", s.after(time.Hour), "Thank you."))
	s.after(time.Hour)
	c.now = s.now
	c.says("wrote 2 files to liaison/witness", "reconcile", "--apply", "--only", "witness")
	c.liaison(0, "reconcile", "--apply")
	c.says("Nothing to do", "reconcile", "--apply")
	c.says("responded by example-cl-noor", "explain", "example-toolbar")
	out, err := exec.Command("git", "-C", c.repo, "status", "--porcelain", "--branch").CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "## main...origin/main" {
		t.Errorf("the clone's work tree changed: %v\n%s", err, out)
	}
	if before := s.git("show", "liaison/witness:pulls/0/1.json"); !strings.Contains(before, `"blob"`) {
		t.Errorf("the witness does not list the record:\n%s", before)
	}
}

func TestABranchThatWasRewrittenIsAnAlarm(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	s.do(s.world.Merge(s.open(), "example-cl-noor", s.after(time.Hour), "squash"))
	s.after(time.Hour)
	s.liaison(0, "reconcile", "--apply")
	c := s.cloned()
	events := c.liaison(0, "events")
	s.git("update-ref", "refs/heads/main", "main~2")
	s.do(func() error {
		_, err := s.world.Push("example-admin", s.after(time.Hour), "Say something else", map[string][]byte{"README.md": []byte("# Another desk\n")})
		return err
	}())
	c.now = s.after(time.Hour)
	if out := s.liaison(3, "events"); !strings.Contains(out, "the default branch was rewritten") || !strings.Contains(out, "--only witness") {
		t.Errorf("events says:\n%s", out)
	}
	c.says("alarm: the default branch was rewritten", "reconcile", "--apply", "--only", "witness")
	after := s.liaison(0, "events")
	if !strings.HasPrefix(after, strings.TrimSpace(events)) || !strings.Contains(after, "removed") {
		t.Errorf("the line that was recorded is not kept:\n%s\nit was:\n%s", after, events)
	}
}

func TestARewrittenWitnessIsRefused(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	s.open()
	s.after(time.Hour)
	s.liaison(0, "reconcile", "--apply")
	c := s.cloned()
	tree := strings.TrimSpace(s.git("rev-parse", "liaison/witness~1^{tree}"))
	forged := strings.TrimSpace(s.git("-c", "user.name=Example", "-c", "user.email=e@example.org", "commit-tree", tree, "-m", "forged"))
	s.git("update-ref", "refs/heads/liaison/witness", forged)
	if out := c.liaison(3, "reconcile", "--apply"); !strings.Contains(out, "liaison/witness was rewritten since it was last fetched") {
		t.Errorf("it says:\n%s", out)
	}
}

func TestTheGateSaysWhatIsWrongAndWhoWaits(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	n, err := s.world.OpenPull("example-pm-dana", s.now, "Request: example toolbar", map[string][]byte{
		toolbar: []byte(strings.Replace(string(asked()[toolbar]), "[announcement]", "[anouncement]", 1))})
	s.do(err)
	s.liaison(1, "gate", "--pull", "1")
	s.says("#1 failure: 1 thing to mend", "gate", "--pull", "1", "--apply")
	if c := s.world.Comments(n); len(c) != 1 || !strings.Contains(c[0].Body, "Did you mean") {
		t.Fatalf("the comments are %+v", c)
	}
	s.do(s.world.PushPull(n, "example-pm-dana", s.after(time.Hour), "Mend it", asked()))
	s.says("#1 success", "gate", "--sweep", "--apply")
	c := s.world.Comments(n)
	if len(c) != 1 || !strings.Contains(c[0].Body, "**Waiting for: the desk**, since") || !strings.Contains(c[0].Body, "Wednesday 8 July 2026, 09:00 UTC") {
		t.Fatalf("the comment says:\n%s", c[len(c)-1].Body)
	}
	s.do(s.world.Review(n, "example-cl-noor", s.after(time.Hour), "changes_requested", "Which wikis?"))
	s.says("update the comment on #1", "gate", "--sweep", "--apply")
	if c := s.world.Comments(n); !strings.Contains(c[0].Body, "**Waiting for: you**, since") {
		t.Errorf("the comment says:\n%s", c[0].Body)
	}
	s.after(time.Hour)
	s.says("Nothing to do", "gate", "--sweep", "--apply")
}

func TestWhatAPullRequestSaysOfTheRulesCountsForNothing(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	lawless := map[string][]byte{
		".github/liaison.yaml":                []byte("desk: Nobody's\nkinds: {request: {files: requests/*/*.yaml}}\n"),
		".github/workflows/gate.yml":          []byte("on: push\njobs: {}\n"),
		"schemas/request.schema.json":         []byte("{}\n"),
		"roster/people/example-stranger.yaml": []byte("name: Example Stranger\ngithub: example-stranger\ngithub_id: 9000000022\nroles: [{role: manager, from: 2020-01-01}]\nconsent: {date: 2026-01-01}\n"),
		toolbar:                               []byte(strings.Replace(string(asked("status: accepted")[toolbar]), "[announcement]", "[nonsense]", 1)),
	}
	_, err := s.world.OpenPull("example-stranger", s.now, "Trust me", lawless)
	s.do(err)
	out := s.liaison(1, "gate", "--pull", "1", "--format", "md")
	for _, want := range []string{"nonsense", "`roles`", "Rules and records change together", "that is accepted"} {
		if !strings.Contains(out, want) {
			t.Errorf("the verdict does not speak of %s:\n%s", want, out)
		}
	}
	s.says("#1 failure", "gate", "--pull", "1", "--apply")
}

// merged is a street on which the request has landed.
func merged(t *testing.T) *street {
	t.Helper()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	s.do(s.world.Merge(s.open(), "example-cl-noor", s.after(time.Hour), "squash"))
	s.after(time.Hour)
	return s
}

// comment has somebody comment, and the comment looked at for a command, perhaps with flags.
func (s *street) comment(login, body string, flags ...string) string {
	s.t.Helper()
	s.do(s.world.Comment(1, login, s.after(time.Hour), body))
	comments := s.world.Comments(1)
	return s.liaison(0, append([]string{"command", "--pull", "1", "--comment", fmt.Sprint(comments[len(comments)-1].ID), "--apply"}, flags...)...)
}

// answer is the newest comment.
func (s *street) answer() string {
	comments := s.world.Comments(1)
	return comments[len(comments)-1].Body
}

func TestACommandInACommentIsTheCommitOfItsAuthor(t *testing.T) {
	t.Parallel()
	s := merged(t)
	s.comment("example-cl-noor", "Good, I take it.\n\n/assign @example-cl-noor")
	if !strings.Contains(s.answer(), "Done for `example-cl-noor`") {
		t.Fatalf("the answer is\n%s", s.answer())
	}
	s.comment("example-cl-noor", "/done Announced on three wikis")
	if !strings.Contains(s.answer(), "Not done for `example-cl-noor`") {
		t.Errorf("an accepted request cannot be done at once; the answer is\n%s", s.answer())
	}
	s.comment("example-cl-noor", "/decline Out of scope for this year")
	out := s.liaison(0, "explain", "example-toolbar")
	for _, want := range []string{"state declined", "assigned example-cl-noor by example-cl-noor", "moved accepted -> declined by example-cl-noor"} {
		if !strings.Contains(out, want) {
			t.Errorf("explain does not say %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "somebody's clock or word") {
		t.Errorf("who commented is GitHub's record:\n%s", out)
	}
	if file := s.git("show", "main:"+toolbar); !strings.Contains(file, "reason: \"Out of scope for this year\"") {
		t.Errorf("the file says:\n%s", file)
	}
}

func TestACommandIsRefusedInWords(t *testing.T) {
	t.Parallel()
	s := merged(t)
	cases := []struct{ name, login, body, want string }{
		{"somebody who may not", "example-stranger", "/decline Because", "in the role liaison"},
		{"a word that is none", "example-cl-noor", "/frobnicate", "there is no command"},
		{"a reason that is missing", "example-cl-noor", "/decline", "needs"},
		{"somebody who is not in the roster", "example-cl-noor", "/assign @example-stranger", "nobody in the roster"},
	}
	for _, c := range cases {
		before := len(s.world.Comments(1))
		s.comment(c.login, c.body)
		if got := s.answer(); !strings.Contains(got, "Not done for") || !strings.Contains(got, c.want) {
			t.Errorf("%s: the answer is\n%s", c.name, got)
		}
		if n := len(s.world.Comments(1)); n != before+2 {
			t.Errorf("%s: %d comments more, want the comment and one answer", c.name, n-before)
		}
	}
	again := s.world.Comments(1)
	s.says("the comment is answered", "command", "--pull", "1", "--comment", fmt.Sprint(again[0].ID), "--apply")
	if n := len(s.world.Comments(1)); n != len(again) {
		t.Errorf("a comment was answered twice")
	}
	s.says("no command of a person", "command", "--pull", "1", "--comment", fmt.Sprint(again[1].ID), "--apply")
}

func TestACommandBeforeTheMergeIsRefused(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	s.open()
	s.comment("example-cl-noor", "/accept")
	if !strings.Contains(s.answer(), "not on the default branch yet") {
		t.Errorf("the answer is\n%s", s.answer())
	}
}

func TestAWitnessThatWasRewrittenBetweenRunsIsAnIssue(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: nobody can rewrite a branch here")
	}
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	s.open()
	s.after(8 * 24 * time.Hour)
	s.liaison(0, "reconcile", "--apply")
	s.after(7 * 24 * time.Hour) // the report of this week is made from that witness
	s.liaison(0, "reconcile", "--apply")
	tree := strings.TrimSpace(s.git("rev-parse", "liaison/witness^{tree}"))
	s.git("update-ref", "refs/heads/liaison/witness",
		strings.TrimSpace(s.git("-c", "user.name=Example", "-c", "user.email=e@example.org", "commit-tree", tree, "-m", "forged")))
	s.after(time.Hour)
	s.says("alarm: the witness branch was rewritten", "reconcile", "--apply")
	titles := 0
	for _, i := range s.world.Issues() {
		if i.Title == "The witness branch was rewritten" && i.Open {
			titles++
		}
	}
	if titles != 1 {
		t.Errorf("%d open issues say so, want 1", titles)
	}
}

func TestNoEditOfAPullRequestMakesALateAnswerVanish(t *testing.T) {
	edits := []struct {
		name  string
		files map[string][]byte
	}{
		{"another team", map[string][]byte{toolbar: []byte(strings.Replace(string(asked()[toolbar]), "example-editing", "example-grants", 1))}},
		{"a goal", asked("goal: example-goal-2026")},
		{"a file that is not valid any more", map[string][]byte{toolbar: []byte("title: [\n")}},
		{"no file any more", map[string][]byte{toolbar: nil, "README.md": []byte("# Changed\n")}},
	}
	for _, e := range edits {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			s := newStreet(t)
			s.liaison(0, "witness", "start", "--apply")
			n := s.open()
			s.after(8 * 24 * time.Hour)
			s.liaison(0, "reconcile", "--apply")
			s.do(s.world.PushPull(n, "example-pm-dana", s.after(time.Hour), "Change it", e.files))
			s.after(time.Hour)
			s.liaison(0, "reconcile", "--apply")
			out := s.liaison(0, "clocks")
			if !strings.Contains(out, toolbar+",first-response,1,") || !strings.Contains(out, ",breached,") {
				t.Errorf("the late answer is gone:\n%s", out)
			}
			s.says("Nothing to do", "reconcile", "--apply")
		})
	}
}

func TestAFileThatIsTooLargeToBeReadIsAFindingLikeAnyOther(t *testing.T) {
	t.Parallel()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	files := map[string][]byte{toolbar: []byte("summary: " + strings.Repeat("a", 9<<20) + "\n")}
	for i := range 80 { // more than is kept of what was read, each with a defect whose line is shown
		files[fmt.Sprintf("requests/2026/example-%d.yaml", i)] = []byte("title: " + strings.Repeat("é ", 30_000) + "\n")
	}
	_, err := s.world.OpenPull("example-pm-dana", s.now, "Large", files)
	s.do(err)
	s.says("#1 failure", "gate", "--pull", "1", "--apply")
	if out := s.liaison(1, "check", "--base", "main", "--head", "refs/pull/1/head", "--actor", "example-pm-dana#9000000014"); !strings.Contains(out, "larger than 8 MiB") || !strings.Contains(out, "    1 | title: ") {
		t.Errorf("it says:\n%s", out[:min(len(out), 4000)])
	}
}
