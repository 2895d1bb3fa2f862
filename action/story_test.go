package action_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// programFiles are what a desk has on main beside its definition, schemas and records: the
// program, its Action, and the workflows.
func programFiles(t *testing.T) map[string][]byte {
	t.Helper()
	list := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--",
		".github/workflows", ".github/liaison.yaml", "action", "schemas", "embed.go", "go.mod", "go.sum")
	list.Dir = ".."
	output, err := list.Output()
	if err != nil {
		t.Skipf("SKIPPED: this is no checkout of a repository, so nothing says what belongs to the program: %v", err)
	}
	files := map[string][]byte{}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(output), "\x00"), "\x00") {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "/testdata/") || name == ".github/liaison.yaml" {
			continue
		}
		text, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = text
	}
	return files
}

// aRequest is the file of a request.
func aRequest(path, title, help, extra string) map[string][]byte {
	return map[string][]byte{path: []byte("# yaml-language-server: $schema=../../schemas/request.schema.json\n" +
		"title: " + title + "\nteam: example-search\nsummary: An invented request, to see a desk at work.\n" +
		"help: [" + help + "]\nwanted_by: flexible\ngoal: none\n" + extra)}
}

const (
	filed    = "requests/2026/example-search.yaml"
	unheeded = "requests/2026/example-uploads.yaml"
)

// A story is a desk's life, told in days and hours before now.
type story struct {
	*stage
	now time.Time
}

func (s story) ago(days, hours int) time.Time {
	return s.now.Add(-time.Duration(24*days+hours) * time.Hour)
}

func TestARequestGoesThroughTheWorkflows(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Second)
	s := story{newStage(t, now.AddDate(0, 0, -30), programFiles(t)), now}

	// Two requests come from forks. Nobody looks at the first; the second has a mistake.
	unseen, err := s.OpenPull("example-pm-ben", s.ago(9, 0), "Uploads", aRequest(unheeded, "Say how uploads change", "announcement", ""))
	s.can(err)
	s.starts("gate.yml by pull_request_target: success", "validate.yml by pull_request: success")
	s.shows(unseen, "success", "Waiting for: the desk")

	n, err := s.OpenPull("example-pm-ada", s.ago(3, 0), "Search", aRequest(filed, "Say that search is new", "anouncement", ""))
	s.can(err)
	s.starts("gate.yml by pull_request_target: success", "validate.yml by pull_request: failure")
	s.shows(n, "failure", "anouncement")
	s.can(s.PushPull(n, "example-pm-ada", s.ago(2, 20), "Spell it", aRequest(filed, "Say that search is new", "announcement", "")))
	s.starts("gate.yml by pull_request_target: success", "validate.yml by pull_request: success")
	s.shows(n, "success", "Waiting for: the desk")

	// A liaison asks. That run's token could not write, so the hourly run keeps it.
	s.can(s.Review(n, "example-cl-noor", s.ago(2, 0), "changes_requested", "Which wikis is this about?"))
	s.starts("reconcile.yml by pull_request_review: skipped")
	s.hour()
	s.witnessed(n, `"changes_requested"`)
	s.late(unseen, "open")

	// The team answers.
	s.can(s.PushPull(n, "example-pm-ada", s.ago(1, 12), "Name the wikis", aRequest(filed, "Say that search is new", "announcement", "audience: {wikis: [frwiki]}\n")))
	s.starts("gate.yml by pull_request_target: success", "validate.yml by pull_request: success")

	// A liaison merges: accepted.
	s.can(s.Merge(n, "example-cl-noor", s.ago(1, 0), "merge"))
	s.starts("reconcile.yml by pull_request_target: success", "reconcile.yml by push: success")
	s.witnessed(n, `"merged"`)
	s.says(filed, "status: accepted")

	// Commands, by somebody who may and by somebody who may not. What a liaison sets by a pull
	// request moves the request on by itself.
	s.can(s.Comment(n, "example-cl-noor", s.ago(0, 22), "/accept @example-cl-lia"))
	s.starts("commands.yml by issue_comment: success")
	s.answers(n, 1, "Done for `example-cl-noor`")
	s.says(filed, "assignees", "example-cl-lia")
	s.can(s.Comment(n, "example-stranger", s.ago(0, 21), "/done It was said."))
	s.starts("commands.yml by issue_comment: success")
	s.answers(n, 2, "Not done for `example-stranger`", "by liaison")
	s.says(filed, "status: accepted")
	s.can(s.Comment(n, "example-stranger", s.ago(0, 20), "When will that be?"))
	s.starts("commands.yml by issue_comment: skipped")

	plan, err := s.OpenPull("example-cl-lia", s.ago(0, 18), "Plan", map[string][]byte{filed: []byte(s.file(filed) + "starts: " + s.now.Format(time.DateOnly) + "\n")})
	s.can(err)
	s.starts("gate.yml by pull_request_target: success", "validate.yml by pull_request: success")
	s.shows(plan, "success", "resourced")
	s.can(s.Merge(plan, "example-cl-noor", s.ago(0, 16), "squash"))
	s.starts("reconcile.yml by pull_request_target: success", "reconcile.yml by push: success")
	s.says(filed, "status: resourced")

	s.can(s.Comment(n, "example-cl-lia", s.ago(0, 14), "/start"))
	s.starts("commands.yml by issue_comment: success")
	s.says(filed, "status: in-progress")
	s.can(s.Comment(n, "example-cl-lia", s.ago(0, 3), "/done It was said on frwiki, and the answers are summarised."))
	s.starts("commands.yml by issue_comment: success")
	s.says(filed, "status: done", "outcome: \"It was said on frwiki")

	// Somebody looks at the first one at last: its issue closes by itself.
	s.can(s.Comment(unseen, "example-cl-lia", s.ago(0, 2), "Sorry for the wait."))
	s.starts("commands.yml by issue_comment: skipped")
	s.SetNow(now)
	report := s.hour()
	s.late(unseen, "closed")
	if !strings.Contains(report.summary, "were the promises kept?") {
		t.Errorf("the summary of the hourly run has no report:\n%s", report.summary)
	}

	// A run that finds nothing to do writes nothing.
	before := s.git("for-each-ref")
	s.hour()
	if after := s.git("for-each-ref"); after != before {
		t.Errorf("the last run moved refs from\n%s\nto\n%s", before, after)
	}

	// A stranger's pull request rewrites the rules. Its own workflow says that all is well, and
	// tries to say so in the place of the gate.
	forged, err := s.OpenPull("example-stranger", now, "Improve things", map[string][]byte{
		".github/workflows/validate.yml": []byte(forgedWorkflow),
		"roster/people/example-stranger.yaml": []byte("name: Example Stranger\ngithub: example-stranger\ngithub_id: 9000000022\n" +
			"roles:\n  - {role: manager, title: Manager, from: 2026-01-01}\nconsent: {date: 2026-01-01}\n"),
	})
	s.can(err)
	log := s.starts("gate.yml by pull_request_target: success", "validate.yml by pull_request: success")
	contains(t, "the stranger's own workflow", log, "the answer is 403")
	s.shows(forged, "failure", "roster/people/example-stranger.yaml")
}

// shows fails the test unless a pull request has the one comment of the gate, which says some
// words, and its head the status.
func (s story) shows(n int, state string, words ...string) {
	s.t.Helper()
	bodies := s.comments(n, "<!-- liaison gate -->")
	if len(bodies) != 1 {
		s.t.Fatalf("#%d has %d comments of the gate, want 1:\n%s", n, len(bodies), strings.Join(bodies, "\n---\n"))
	}
	contains(s.t, fmt.Sprintf("the comment on #%d", n), bodies[0], words...)
	head := strings.TrimSpace(s.git("rev-parse", fmt.Sprintf("refs/pull/%d/head", n)))
	statuses := s.list("/commits/" + head + "/statuses")
	if len(statuses) == 0 || statuses[0]["context"] != "liaison" || statuses[0]["state"] != state {
		s.t.Errorf("the statuses of #%d are %v, want liaison: %s", n, statuses, state)
	}
}

// witnessed fails the test unless the witness of a pull request says some words.
func (s story) witnessed(n int, words ...string) {
	s.t.Helper()
	path := fmt.Sprintf("pulls/0/%d.json", n)
	contains(s.t, path, s.git("show", "liaison/witness:"+path), words...)
}

// file is what a file on main says.
func (s story) file(path string) string {
	s.t.Helper()
	return s.git("show", "main:"+path)
}

// says fails the test unless a file on main says some words.
func (s story) says(path string, words ...string) {
	s.t.Helper()
	contains(s.t, path, s.file(path), words...)
}

// answers fails the test unless commands on a pull request had so many answers, the last of
// which says some words.
func (s story) answers(n, many int, words ...string) {
	s.t.Helper()
	bodies := s.comments(n, "<!-- liaison command comment=")
	if len(bodies) != many {
		s.t.Fatalf("#%d has %d answers to commands, want %d:\n%s", n, len(bodies), many, strings.Join(bodies, "\n---\n"))
	}
	contains(s.t, fmt.Sprintf("the last answer on #%d", n), bodies[many-1], words...)
}

// comments are those on a pull request that begin with a marker, oldest first.
func (s story) comments(n int, marker string) []string {
	s.t.Helper()
	var bodies []string
	for _, c := range s.list(fmt.Sprintf("/issues/%d/comments?per_page=100", n)) {
		if body := c["body"].(string); strings.HasPrefix(body, marker) {
			bodies = append(bodies, body)
		}
	}
	return bodies
}

// late fails the test unless there is one issue about the late request of a pull request, in
// the state.
func (s story) late(n int, state string) {
	s.t.Helper()
	var states []string
	for _, issue := range s.list("/issues?state=all&per_page=100") {
		title, _ := issue["title"].(string)
		body, _ := issue["body"].(string) // null where there is none
		if issue["pull_request"] == nil && strings.HasPrefix(title, "Late: ") && strings.Contains(body, fmt.Sprintf("in #%d", n)) {
			states = append(states, issue["state"].(string))
		}
	}
	if !slices.Equal(states, []string{state}) {
		s.t.Errorf("the issues about the late #%d are %v, want one that is %s", n, states, state)
	}
}

func contains(t *testing.T, what, text string, words ...string) {
	t.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			t.Errorf("%s does not say %q:\n%s", what, w, text)
		}
	}
}

// forgedWorkflow asks for a right that it does not get, and says what it was answered.
const forgedWorkflow = `name: Validate
on:
  pull_request:
jobs:
  validate:
    runs-on: ubuntu-latest
    permissions:
      statuses: write
    steps:
      - shell: bash
        env:
          GH_TOKEN: ${{ github.token }}
          HEAD: ${{ github.event.pull_request.head.sha }}
        run: |
          SERVER=${GITHUB_SERVER_URL#http://}
          exec 3<>"/dev/tcp/${SERVER%:*}/${SERVER#*:}"
          body='{"context": "liaison", "state": "success"}'
          printf '%s\r\n' "POST /repos/$GITHUB_REPOSITORY/statuses/$HEAD HTTP/1.1" "Host: $SERVER" 'Connection: close' \
            "Authorization: Bearer $GH_TOKEN" 'Content-Type: application/json' "Content-Length: ${#body}" '' "$body" >&3
          read -r _ code _ <&3
          echo "the answer is $code"
`
