package action_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/app"
	simdesk "github.com/commrel/liaison/action/internal/sim/desk"
	"github.com/commrel/liaison/action/internal/sim/github"
	"go.yaml.in/yaml/v3"
)

// botLogin is whom the definition has the desk write as.
const botLogin = "example-liaison[bot]"

// longestRun is how long one workflow may take; the first one also builds the program.
const longestRun = 10 * time.Minute

// A stage is a GitHub on this machine with a desk on it, and the runner that starts the desk's
// workflows for what happens there: our workflows, our Action and our program, all real. Only
// the two actions from outside have stand-ins. The runner itself enforces no permissions; the
// token that a run gets does, from what the workflow file asks for. The repository is private,
// so that reading needs rights too.
type stage struct {
	*github.World
	t         *testing.T
	runner    string // nektos/act
	server    string
	repo      string            // the bare repository behind the server
	home      string            // of the runner, with all that it writes
	env       []string          // of the runner
	workflows map[string]string // those of main, by file: what an event may start
	heard     int               // how many events have been dispatched
	runs      int
}

// newStage builds a GitHub with the desk's first commits at the time. The test is skipped
// unless LIAISON_ACT names the runner.
func newStage(t *testing.T, began time.Time, files map[string][]byte) *stage {
	t.Helper()
	runner := os.Getenv("LIAISON_ACT")
	if runner == "" {
		t.Skip("SKIPPED: LIAISON_ACT does not name a runner of workflows (nektos/act); .ci/run builds one")
	}
	for _, tool := range []string{"git", "bash"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("SKIPPED: %s is missing, no workflow can run", tool)
		}
	}
	repo := filepath.Join(t.TempDir(), "desk.git")
	world, err := simdesk.Found(repo)
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{World: world, t: t, runner: runner, repo: repo, home: t.TempDir(), workflows: readWorkflows(t)}
	delete(s.workflows, "ci.yml") // it tests the program, not a desk
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	s.server = server.URL
	s.env = runnerEnv(t, s.home)
	_, err = s.Push("example-admin", began, "Add the program", files)
	s.can(err)
	s.liaison("witness", "start", "--apply")
	s.Private(true)
	s.heard = len(s.Events())
	return s
}

// liaison runs the program as somebody at a desk would, with the bot's own token.
func (s *stage) liaison(args ...string) string {
	s.t.Helper()
	env := map[string]string{"GITHUB_SERVER_URL": s.server, "GITHUB_API_URL": s.server + "/",
		"GITHUB_REPOSITORY": simdesk.Owner + "/" + simdesk.Name, "GITHUB_TOKEN": simdesk.Token}
	var out bytes.Buffer
	a := &app.App{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out, Now: time.Now,
		Getenv: func(name string) string { return env[name] }, Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	if code := a.Run(s.t.Context(), append(args, "--repo", s.repo)); code != 0 {
		s.t.Fatalf("liaison %s: exit code %d\n%s", strings.Join(args, " "), code, &out)
	}
	return out.String()
}

// lay puts a workflow where the runner reads it, and gives its folder and what it says at a
// revision.
func (s *stage) lay(file, rev string) (string, workflowFile) {
	s.t.Helper()
	path := ".github/workflows/" + file
	text := s.git("show", rev+":"+path)
	folder := s.t.TempDir()
	s.can(os.MkdirAll(filepath.Join(folder, ".github", "workflows"), 0o700))
	writeFile(s.t, filepath.Join(folder, filepath.FromSlash(path)), text, 0o600)
	var w workflowFile
	s.can(yaml.Unmarshal([]byte(text), &w))
	return folder, w
}

// runnerEnv is all that the runner sees of this machine's environment: where programs are, and
// Go's caches, so that a build needs no network.
func runnerEnv(t *testing.T, home string) []string {
	t.Helper()
	output, err := exec.Command("go", "env", "GOMODCACHE", "GOCACHE").Output()
	if err != nil {
		t.Fatalf("go env: %v", err)
	}
	lines := strings.Split(string(output), "\n")
	return []string{"PATH=" + os.Getenv("PATH"), "HOME=" + home, "GOMODCACHE=" + lines[0], "GOCACHE=" + lines[1],
		"GOPROXY=off", "GOTOOLCHAIN=local", "GIT_CONFIG_NOSYSTEM=1"}
}

// can fails the test for an error of a deed.
func (s *stage) can(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// starts runs the workflows that the events since the last time start, and so on for what those
// runs did, and fails the test unless they ended as wanted, in any order, such as "gate.yml by
// pull_request_target: success". A workflow whose condition is false is "skipped". It gives what
// they logged.
func (s *stage) starts(want ...string) (log string) {
	s.t.Helper()
	runs := s.dispatch()
	got := make([]string, len(runs))
	for i, r := range runs {
		got[i] = r.String()
		log += r.log
	}
	slices.Sort(got)
	slices.Sort(want)
	if slices.Equal(got, want) {
		return log
	}
	for _, r := range runs {
		if !slices.Contains(want, r.String()) {
			s.t.Logf("%v\n%s", r, r.log)
		}
	}
	s.t.Fatalf("these ran:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	return ""
}

func (s *stage) dispatch() []actRun {
	s.t.Helper()
	var ended []actRun
	for {
		events := s.Events()
		if s.heard == len(events) {
			return ended
		}
		e := events[s.heard]
		s.heard++
		if !e.Starts {
			continue
		}
		for _, file := range slices.Sorted(maps.Keys(s.workflows)) {
			for _, name := range startedBy(s.workflow(file), e) {
				ended = append(ended, s.run(file, name, s.payload(e)))
			}
		}
	}
}

// hour runs scheduled.yml as the clock does, which has to end well.
func (s *stage) hour() actRun {
	s.t.Helper()
	r := s.run("scheduled.yml", "schedule", map[string]any{"schedule": "23 * * * *"})
	if r.result != "success" {
		s.t.Fatalf("%v\n%s", r, r.log)
	}
	return r
}

// startedBy are the triggers of a workflow that an event meets.
func startedBy(w workflowFile, e github.Event) []string {
	names := []string{e.Name}
	if e.Name == "pull_request" {
		names = append(names, "pull_request_target")
	}
	var met []string
	for _, name := range names {
		trigger, there := w.On[name]
		if !there || trigger != nil && len(trigger.Types) > 0 && !slices.Contains(trigger.Types, e.Action) {
			continue
		}
		if e.Name == "push" && !slices.Contains(trigger.Branches, strings.TrimPrefix(e.Ref, "refs/heads/")) {
			continue
		}
		met = append(met, name)
	}
	return met
}

func (s *stage) workflow(file string) workflowFile {
	s.t.Helper()
	var w workflowFile
	s.can(yaml.Unmarshal([]byte(s.workflows[file]), &w))
	return w
}

// payload is what GitHub tells a workflow of an event. What it is about is as the API shows it.
func (s *stage) payload(e github.Event) map[string]any {
	s.t.Helper()
	p := map[string]any{"action": e.Action}
	issue := fmt.Sprintf("/issues/%d", e.Number)
	switch e.Name {
	case "push":
		p["ref"], p["after"] = e.Ref, e.SHA
	case "pull_request", "pull_request_review":
		p["number"] = e.Number
		p["pull_request"] = s.get(fmt.Sprintf("/pulls/%d", e.Number))
	case "issue_comment":
		comments := s.list(issue + "/comments")
		p["issue"], p["comment"] = s.get(issue), comments[len(comments)-1]
	case "issues":
		p["issue"] = s.get(issue)
	}
	return p
}

// An actRun is how one run of a workflow ended.
type actRun struct {
	file, event string
	result      string // success, failure or skipped
	summary     string // of all steps
	log         string
}

func (r actRun) String() string { return fmt.Sprintf("%s by %s: %s", r.file, r.event, r.result) }

// run runs a workflow for an event.
func (s *stage) run(file, event string, payload map[string]any) actRun {
	s.t.Helper()
	s.runs++
	rev := "main"
	if event == "pull_request" || event == "pull_request_review" {
		rev = fmt.Sprintf("refs/pull/%v/head", payload["number"]) // GitHub takes the pull request's own
	}
	folder, w := s.lay(file, rev)
	token := fmt.Sprintf("example-run-%d", s.runs)
	s.Admit(token, github.Pass{Login: botLogin, Permissions: w.rights(event, payload), Workflow: true})
	payload["repository"] = map[string]any{"full_name": simdesk.Owner + "/" + simdesk.Name, "name": simdesk.Name, "default_branch": "main"}
	text, err := json.Marshal(payload)
	s.can(err)
	told := filepath.Join(s.t.TempDir(), "event.json")
	writeFile(s.t, told, string(text), 0o600)
	ctx, cancel := context.WithTimeout(s.t.Context(), longestRun)
	defer cancel()
	command := exec.CommandContext(ctx, s.runner, event, "--directory", folder, "--eventpath", told, "--secret", "GITHUB_TOKEN="+token)
	command.Args = append(command.Args, s.settings(strings.TrimSpace(s.git("rev-parse", rev)))...)
	command.Env = s.env
	command.WaitDelay = 10 * time.Second
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	began := time.Now()
	err = command.Run()
	if ctx.Err() != nil {
		s.t.Fatalf("%s for %s was not done within %v:\n%s", file, event, longestRun, &output)
	}
	r := readActRun(output.Bytes())
	r.file, r.event = file, event
	if err != nil && r.result == "skipped" {
		s.t.Fatalf("%s for %s: the runner failed before any job: %v\n%s", file, event, err, r.log)
	}
	s.t.Logf("%v (%v)", r, time.Since(began).Round(100*time.Millisecond))
	return r
}

// settings are the runner's arguments that have nothing to do with the event.
func (s *stage) settings(commit string) []string {
	args := []string{"--json", "--platform", "ubuntu-latest=-self-hosted", "--no-cache-server", "--pull=false", "--no-skip-checkout"}
	for action, folder := range map[string]string{"actions/checkout": "checkout", "actions/setup-go": "setup-go"} {
		path, err := filepath.Abs(filepath.Join("testdata", "act", folder))
		s.can(err)
		pinned, _, _ := strings.Cut(pins[action], " ")
		args = append(args, "--local-repository", action+"@"+pinned+"="+path)
	}
	for name, value := range map[string]string{
		"GITHUB_SERVER_URL": s.server,
		"GITHUB_API_URL":    s.server + "/",
		"GITHUB_REPOSITORY": simdesk.Owner + "/" + simdesk.Name,
		"GITHUB_RUN_ID":     fmt.Sprint(s.runs),
		"SHA_REF":           commit, // which the runner makes GITHUB_SHA
	} {
		args = append(args, "--env", name+"="+value)
	}
	return args
}

// rights are what the token of a run may: what the workflow asks for, but no writing where a
// fork's pull request started it. pull_request_target is the base's, whoever started it.
func (w workflowFile) rights(event string, payload map[string]any) map[string]string {
	rights := map[string]string{}
	for _, job := range w.Jobs {
		for i := 0; i+1 < len(job.Permissions.Content); i += 2 {
			rights[job.Permissions.Content[i].Value] = job.Permissions.Content[i+1].Value
		}
	}
	if (event == "pull_request" || event == "pull_request_review") && fromFork(payload) {
		for scope := range rights {
			rights[scope] = "read"
		}
	}
	return rights
}

func fromFork(payload map[string]any) bool {
	pull, _ := payload["pull_request"].(map[string]any)
	head, _ := pull["head"].(map[string]any)
	repo, _ := head["repo"].(map[string]any)
	return repo["full_name"] != simdesk.Owner+"/"+simdesk.Name
}

// readActRun reads the runner's lines, each of which is JSON.
func readActRun(output []byte) actRun {
	r := actRun{result: "skipped"}
	lines := bufio.NewScanner(bytes.NewReader(output))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var line struct{ Msg, Command, Content, JobResult string }
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			line.Msg = lines.Text()
		}
		if line.JobResult != "" {
			r.result = line.JobResult
		}
		if line.Command == "summary" {
			r.summary += line.Content
		}
		r.log += strings.TrimSuffix(line.Msg, "\n") + "\n"
	}
	return r
}

// get asks the API for one thing of the repository, as a person who may see all.
func (s *stage) get(path string) map[string]any {
	s.t.Helper()
	var one map[string]any
	s.ask(path, &one)
	return one
}

func (s *stage) list(path string) []map[string]any {
	s.t.Helper()
	var all []map[string]any
	s.ask(path, &all)
	return all
}

func (s *stage) ask(path string, into any) {
	s.t.Helper()
	question, err := http.NewRequest(http.MethodGet, s.server+"/repos/"+simdesk.Owner+"/"+simdesk.Name+path, nil)
	s.can(err)
	question.Header.Set("Authorization", "Bearer "+simdesk.Token)
	answer, err := http.DefaultClient.Do(question)
	s.can(err)
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		s.t.Fatalf("GET %s: %s", path, answer.Status)
	}
	s.can(json.NewDecoder(answer.Body).Decode(into))
}

// git asks the repository behind the server.
func (s *stage) git(args ...string) string {
	s.t.Helper()
	output, err := exec.Command("git", append([]string{"--git-dir", s.repo}, args...)...).Output()
	if err != nil {
		s.t.Fatalf("git %s: %v", strings.Join(args, " "), err)
	}
	return string(output)
}
