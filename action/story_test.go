package action_test

import (
	"os"
	"os/exec"
	"path/filepath"
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

func TestARequestGoesThroughTheWorkflows(t *testing.T) {
	now := time.Now().UTC()
	ago := func(days, hours int) time.Time { return now.Add(-time.Duration(24*days+hours) * time.Hour) }
	s := newStage(t, ago(30, 0), programFiles(t))
	delete(s.workflows, "gate.yml")
	delete(s.workflows, "commands.yml")

	// Two requests come from forks. Nobody looks at the first; the second has a mistake.
	unseen, err := s.OpenPull("example-pm-ben", ago(9, 0), "Uploads", aRequest(unheeded, "Say how uploads change", "announcement", ""))
	s.can(err)
	s.starts("validate.yml by pull_request: success")

	n, err := s.OpenPull("example-pm-ada", ago(3, 0), "Search", aRequest(filed, "Say that search is new", "anouncement", ""))
	s.can(err)
	s.starts("validate.yml by pull_request: failure")
	s.can(s.PushPull(n, "example-pm-ada", ago(2, 20), "Spell it", aRequest(filed, "Say that search is new", "announcement", "")))
	s.starts("validate.yml by pull_request: success")

	// A liaison asks; the token of that run could not write, so the hourly run keeps it.
	s.can(s.Review(n, "example-cl-noor", ago(2, 0), "changes_requested", "Which wikis is this about?"))
	s.starts("reconcile.yml by pull_request_review: skipped")
	s.hour()
	s.can(s.PushPull(n, "example-pm-ada", ago(1, 12), "Name the wikis", aRequest(filed, "Say that search is new", "announcement", "audience: {wikis: [frwiki]}\n")))
	s.starts("validate.yml by pull_request: success")

	// A liaison merges: accepted.
	s.can(s.Merge(n, "example-cl-noor", ago(1, 0), "merge"))
	s.starts("reconcile.yml by pull_request_target: success", "reconcile.yml by push: success")

	s.SetNow(now)
	s.hour()
	_ = unseen

	// A stranger's pull request rewrites the rules. Its own workflow says that all is well, and
	// tries to say so in the place of the gate.
	_, err = s.OpenPull("example-stranger", now, "Improve things", map[string][]byte{
		".github/workflows/validate.yml": []byte(forgedWorkflow),
	})
	s.can(err)
	s.starts("validate.yml by pull_request: success")
}

// forgedWorkflow asks for a right that it does not get.
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
          curl -s -o /dev/null -w 'the answer is %{http_code}\n' -H "Authorization: Bearer $GH_TOKEN" \
            -d '{"context": "liaison", "state": "success"}' "${GITHUB_API_URL%/}/repos/$GITHUB_REPOSITORY/statuses/$HEAD"
`
