package github_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/sim/github"
)

// as is a caller with another token.
func (c caller) as(token string) caller {
	c.token = token
	return c
}

// admit gives the bot a workflow's token with permissions such as "issues: write".
func admit(w *github.World, token string, permissions ...string) {
	p := github.Pass{Login: "desk[bot]", Workflow: true, Permissions: map[string]string{}}
	for _, s := range permissions {
		name, level, _ := strings.Cut(s, ": ")
		p.Permissions[name] = level
	}
	w.Admit(token, p)
}

func TestATokenDoesWhatItsPermissionsSay(t *testing.T) {
	w, r := play(t, "merge")
	head, _ := r.Ref("refs/pull/1/head")
	_, err := w.OpenIssue("carol", at(5, 9), "an issue", "")
	check(t, err)
	c := call(t, w)
	for _, tt := range []struct {
		permission, method, path, body string
		status                         int
		accepted                       string
	}{
		{"issues: write", "POST", "issues", `{"title":"x"}`, 201, ""},
		{"issues: read", "POST", "issues", `{"title":"x"}`, 403, "issues=write"},
		{"contents: write", "POST", "issues/2/comments", `{"body":"x"}`, 403, "issues=write; pull_requests=write"},
		{"issues: write", "POST", "issues/2/comments", `{"body":"x"}`, 201, ""},
		{"pull-requests: write", "POST", "issues/2/comments", `{"body":"x"}`, 403, "issues=write; pull_requests=write"},
		{"pull-requests: write", "POST", "issues/1/comments", `{"body":"x"}`, 201, ""},
		{"pull-requests: write", "PATCH", "issues/comments/3", `{"body":"x"}`, 200, ""},
		{"issues: write", "PATCH", "issues/comments/3", `{"body":"x"}`, 403, "issues=write; pull_requests=write"},
		{"statuses: write", "POST", "statuses/" + head, `{"state":"success"}`, 201, ""},
		{"contents: write", "POST", "statuses/" + head, `{"state":"success"}`, 403, "statuses=write"},
		{"contents: write", "POST", "git/blobs", `{"content":"x"}`, 201, ""},
		{"contents: write", "POST", "git/trees", `{"tree":[{"path":".github/workflows/x.yml","mode":"100644","content":"x"}]}`, 403, "workflows=write"},
		{"contents: read", "POST", "git/blobs", `{"content":"x"}`, 403, "contents=write"},
		{"issues: write", "GET", "contents/README.md", ``, 403, "contents=read"},
		{"contents: read", "GET", "issues/1/timeline", ``, 403, "issues=read; pull_requests=read"},
		{"pull-requests: read", "GET", "issues/1/timeline", ``, 200, ""},
	} {
		w.Private(tt.method == "GET") // what is public is read without any permission
		admit(w, "scoped", tt.permission)
		status, text, header := c.as("scoped").send(tt.method, tt.path, tt.body)
		if status != tt.status || header.Get("X-Accepted-GitHub-Permissions") != tt.accepted {
			t.Errorf("%s: %s %s: %d %s %v", tt.permission, tt.method, tt.path, status, text, header)
		}
		if status == 403 && !strings.Contains(text, "Resource not accessible by integration") {
			t.Errorf("%s: %s %s: %s", tt.permission, tt.method, tt.path, text)
		}
	}
	w.Private(false)
	admit(w, "scoped")
	if status, _, _ := c.as("scoped").send("GET", "contents/README.md", ""); status != 200 {
		t.Errorf("what is public cannot be read: %d", status)
	}
	w.Private(true)
	if status, _, _ := c.as("").send("GET", "issues", ""); status != 404 {
		t.Errorf("what is private is shown to nobody: %d", status)
	}
}

func TestRulesetsKeepBranchesFromWhoeverDoesNotBypassThem(t *testing.T) {
	w, r := play(t, "merge")
	w.Account("app[bot]", 101, "Bot")
	w.Admit("app", github.Pass{Login: "app[bot]", Permissions: map[string]string{"contents": "write"}})
	admit(w, "workflow", "contents: write", "pull-requests: write")
	w.Rule(github.Rule{Branches: "main", ByPull: true, Bypass: []string{"app[bot]"}})
	w.Rule(github.Rule{Branches: "liaison/**", Bypass: []string{"app[bot]", "desk[bot]"}})
	n, err := w.OpenPull("alice", at(6, 9), "c", map[string][]byte{"c": []byte("x")})
	check(t, err)
	c := call(t, w)
	witness, _ := r.Ref("refs/heads/liaison/witness")
	for _, tt := range []struct {
		token, method, path, body string
		status                    int
		want                      string
	}{
		{"workflow", "PATCH", "git/refs/heads/main", `{"sha":%q}`, 422, "Changes must be made through a pull request."},
		{"t", "PATCH", "git/refs/heads/main", `{"sha":%q}`, 422, "Repository rule violations found"},
		{"workflow", "PATCH", "git/refs/heads/liaison/witness", `{"sha":%q}`, 422, "Cannot update this protected ref."},
		{"workflow", "POST", "git/refs", `{"ref":"refs/heads/liaison/a/b","sha":%q}`, 422, "Cannot create this protected ref."},
		{"workflow", "DELETE", "git/refs/heads/liaison/witness", `%.0q`, 422, "Cannot delete this protected ref."},
		{"workflow", "POST", "git/refs", `{"ref":"refs/heads/other","sha":%q}`, 201, ""},
		{"app", "PATCH", "git/refs/heads/liaison/witness", `{"sha":%q}`, 200, ""},
		{"app", "DELETE", "git/refs/heads/liaison/witness", `%.0q`, 204, ""},
		{"t", "PUT", fmt.Sprintf("pulls/%d/merge", n), `{"merge_method":"squash"}%.0q`, 200, ""},
	} {
		status, text, _ := c.as(tt.token).send(tt.method, tt.path, fmt.Sprintf(tt.body, witness))
		if status != tt.status || !strings.Contains(text, tt.want) {
			t.Errorf("%s: %s %s: %d %s", tt.token, tt.method, tt.path, status, text)
		}
	}
}

func TestNoWorkflowStartsFromWhatAWorkflowsTokenDoes(t *testing.T) {
	w, r := play(t, "merge")
	admit(w, "workflow", "contents: write", "issues: write", "pull-requests: write", "statuses: write")
	head, _ := r.Ref("refs/pull/1/head")
	before := len(w.Events())
	for _, e := range w.Events() {
		if !e.Starts {
			t.Errorf("%+v starts nothing", e)
		}
	}
	c := call(t, w).as("workflow")
	c.send("POST", "issues", `{"title":"x","labels":["late"]}`)
	c.send("POST", "git/refs", fmt.Sprintf(`{"ref":"refs/heads/desk/x","sha":%q}`, head))
	c.send("POST", "issues/1/comments", `{"body":"x"}`)
	c.send("POST", "statuses/"+head, `{"state":"success"}`)
	c.as("t").send("PATCH", "issues/2", `{"state":"closed"}`)
	var got []string
	for _, e := range w.Events()[before:] {
		got = append(got, strings.TrimSpace(fmt.Sprint(e.Name, " ", e.Action, " ", e.Starts)))
	}
	want := []string{
		"issues opened false", "issues labeled false", "push  false", "issue_comment created false", "status  false",
		"issues closed true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheStoryOfAPullRequestStartsWorkflows(t *testing.T) {
	w, _ := play(t, "merge")
	var got []string
	for _, e := range w.Events() {
		got = append(got, strings.TrimSpace(e.Name+" "+e.Action))
	}
	want := []string{
		"push", "pull_request opened", "push", "pull_request_review submitted", "pull_request synchronize",
		"issue_comment created", "issue_comment created", "pull_request closed", "pull_request reopened",
		"push", "pull_request closed",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNothingNewIsNotSentAgainAndCostsNothing(t *testing.T) {
	w, _ := play(t, "merge")
	w.Limit(3, http.StatusForbidden)
	c := call(t, w)
	_, _, first := c.send("GET", "issues?state=all", "")
	c.etag = first.Get("ETag")
	status, text, header := c.send("GET", "issues?state=all", "")
	if status != 304 || text != "" || header.Get("X-RateLimit-Remaining") != "2" {
		t.Errorf("%d %q %v", status, text, header)
	}
	check(t, w.Comment(1, "carol", at(9, 9), "news"))
	if status, _, _ := c.send("GET", "issues?state=all", ""); status != 200 {
		t.Errorf("news are not sent: %d", status)
	}
}
