package github_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/sim/git"
	"github.com/commrel/liaison/action/internal/sim/github"
)

const story = `
2026-07-01T09:00:00Z account alice 11
2026-07-01T09:00:00Z account carol 12
2026-07-01T09:00:00Z account desk[bot] 100 Bot
2026-07-01T09:00:00Z push carol base Begin
2026-07-02T09:00:00Z open alice new Add a
2026-07-02T10:00:00Z push carol meanwhile
2026-07-02T11:00:00Z review 1 carol changes_requested which wikis?
2026-07-03T09:00:00Z update 1 alice more
2026-07-03T09:30:00Z comment 1 alice all of them
2026-07-03T10:00:00Z close 1 carol not now
2026-07-03T11:00:00Z reopen 1 alice
2026-07-04T09:00:00Z merge 1 carol %s
-- base/README.md --
hello
-- base/requests/old.yaml --
title: Old
-- meanwhile/README.md --
hello again
-- new/requests/a.yaml --
title: A
-- more/requests/b.yaml --
title: B
-- more/-remove --
requests/old.yaml
`

var (
	alice = account.Account{ID: 11, Login: "alice", Type: "User"}
	carol = account.Account{ID: 12, Login: "carol", Type: "User"}
)

func at(day, hour int) time.Time { return time.Date(2026, 7, day, hour, 0, 0, 0, time.UTC) }

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newWorld(t *testing.T) (*github.World, *git.Repo) {
	t.Helper()
	r, err := git.New()
	check(t, err)
	w := github.New(r, "wikimedia", "desk")
	w.Record = func(path string) bool { return strings.HasPrefix(path, "requests/") }
	w.Clean = func(path string, content []byte) (string, map[string]any, bool) {
		title, ok := strings.CutPrefix(strings.TrimSpace(string(content)), "title: ")
		return title, map[string]any{"z": 1, "a": 2}, ok && title != "B"
	}
	return w, r
}

func play(t *testing.T, style string) (*github.World, *git.Repo) {
	t.Helper()
	w, r := newWorld(t)
	s, err := git.Parse(fmt.Appendf(nil, story, style))
	check(t, err)
	check(t, w.Play(s))
	check(t, w.Witness())
	return w, r
}

// native runs the real git, which reads no memory of ours.
func native(t *testing.T, r *git.Repo, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git on this machine")
	}
	onDisk(t, r)
	cmd := exec.Command("git", append([]string{"--git-dir", r.Dir()}, args...)...)
	cmd.Env = append(cmd.Environ(), "GIT_CONFIG_NOSYSTEM=1", "TZ=UTC", "HOME="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func onDisk(t *testing.T, r *git.Repo) {
	t.Helper()
	if r.Dir() == "" {
		check(t, r.Save(filepath.Join(t.TempDir(), "r.git")))
	}
}

func TestMergeStylesAreWhatGitSees(t *testing.T) {
	const a, c = "11+alice@users.noreply.github.com", "12+carol@users.noreply.github.com"
	const push = c + " " + c + " 2026-07-02T10:00:00Z meanwhile\n" + c + " " + c + " 2026-07-01T09:00:00Z Begin\n"
	for style, want := range map[string]string{
		"merge":  c + " noreply@github.com 2026-07-04T09:00:00Z Merge pull request #1 from alice/patch-1\n" + push,
		"squash": a + " noreply@github.com 2026-07-04T09:00:00Z Add a (#1)\n" + push,
		"rebase": a + " " + c + " 2026-07-04T09:00:00Z more\n" + a + " " + c + " 2026-07-04T09:00:00Z Add a\n" + push,
	} {
		t.Run(style, func(t *testing.T) {
			_, r := play(t, style)
			if out := native(t, r, "fsck", "--strict"); strings.Contains(out, "error") || strings.Contains(out, "warning") {
				t.Error(out)
			}
			got := native(t, r, "log", "--first-parent", "--format=%ae %ce %cd %s", "--date=format-local:%Y-%m-%dT%H:%M:%SZ", "main")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			files := native(t, r, "ls-tree", "-r", "--name-only", "main")
			if diff := cmp.Diff("README.md\nrequests/a.yaml\nrequests/b.yaml\n", files); diff != "" {
				t.Error(diff)
			}
			if text := native(t, r, "show", "main:README.md"); text != "hello again\n" {
				t.Errorf("the merge brought back %q", text)
			}
		})
	}
}

func readPull(t *testing.T, r *git.Repo) event.Pull {
	t.Helper()
	tip, _ := r.Ref("refs/heads/liaison/witness")
	text, err := r.ReadFile(tip, "pulls/0/1.json")
	check(t, err)
	var p event.Pull
	check(t, json.Unmarshal(text, &p))
	return p
}

func TestWitnessTellsWhatHappened(t *testing.T) {
	_, r := play(t, "rebase")
	p := readPull(t, r)
	main, _ := r.Ref("refs/heads/main")
	line, err := r.FirstParents(main)
	check(t, err)
	head, _ := r.Ref("refs/pull/1/head")
	parents, err := r.Parents(head)
	check(t, err)
	want := []event.Entry{
		{ID: "opened", Kind: event.Opened, At: at(2, 9), Actor: alice},
		{ID: "review-2", Kind: event.Reviewed, At: at(2, 11), Actor: carol, SHA: parents[0], State: "changes_requested"},
		{ID: "pushed-" + head, Kind: event.Pushed, At: at(3, 9), Actor: alice, SHA: head},
		{ID: "comment-3", Kind: event.Commented, At: at(3, 9).Add(30 * time.Minute), Actor: alice},
		{ID: "comment-4", Kind: event.Commented, At: at(3, 10), Actor: carol},
		{ID: "closed-5", Kind: event.Closed, At: at(3, 10), Actor: carol, Text: "not now"},
		{ID: "reopened-6", Kind: event.Reopened, At: at(3, 11), Actor: alice},
		{ID: "merged", Kind: event.Merged, At: at(4, 9), Actor: carol, SHA: head, First: line[1], Last: line[0]},
	}
	if p.Head != head || !p.Updated.Equal(at(4, 9)) {
		t.Errorf("head %s, updated %s", p.Head, p.Updated)
	}
	if diff := cmp.Diff(want, p.Entries); diff != "" {
		t.Error(diff)
	}
	files, err := r.Files(head)
	check(t, err)
	records := []event.PullRecord{
		{Path: "requests/a.yaml", Blob: files["requests/a.yaml"], Title: "A", Fields: map[string]any{"z": 1.0, "a": 2.0}},
		{Path: "requests/b.yaml", Blob: files["requests/b.yaml"]},
	}
	if diff := cmp.Diff(records, p.Records); diff != "" {
		t.Error(diff)
	}
}

func TestWitnessGrowsOnlyWithNews(t *testing.T) {
	w, r := play(t, "squash")
	first, _ := r.Ref("refs/heads/liaison/witness")
	w.SetNow(at(9, 9))
	check(t, w.Witness())
	if again, _ := r.Ref("refs/heads/liaison/witness"); again != first {
		t.Error("a commit with nothing new")
	}
	check(t, w.Comment(1, "carol", at(10, 9), "thanks"))
	check(t, w.Witness())
	tip, _ := r.Ref("refs/heads/liaison/witness")
	c, err := r.ReadCommit(tip)
	check(t, err)
	if c.Parents[0] != first || !c.Time.Equal(at(10, 9)) || c.Committer != git.NoReply("desk[bot]", 100) {
		t.Errorf("got %+v", c)
	}
}

func TestTheSameStoryGivesTheSameWorld(t *testing.T) {
	_, a := play(t, "merge")
	_, b := play(t, "merge")
	for _, ref := range []string{"refs/heads/main", "refs/heads/liaison/witness", "refs/pull/1/head"} {
		x, _ := a.Ref(ref)
		if y, ok := b.Ref(ref); !ok || x != y {
			t.Errorf("%s is %s and %s", ref, x, y)
		}
	}
}

func TestWhatCannotBeDoneIsAnError(t *testing.T) {
	const begin = `2026-07-01T09:00:00Z account alice 11
2026-07-01T09:00:00Z push alice a
2026-07-01T09:00:00Z open alice b
2026-07-01T09:00:00Z push alice c
`
	const files = "-- a/x --\n1\n-- b/x --\n2\n-- c/x --\n3\n"
	for step, want := range map[string]string{
		"merge 1 alice squash":   "line 5: merge: merge #1: main has changed x too",
		"merge 1 alice octopus":  `line 5: merge: merge #1: "octopus" is no style; expected merge, squash or rebase`,
		"merge 2 alice squash":   "line 5: merge: there is no #2",
		"reopen 1 alice":         "line 5: reopen: #1 is not closed, or it is merged",
		"comment 1 nobody hello": "line 5: comment: nobody is called nobody: register the account first",
		"review 1 alice perhaps": `line 5: review: "perhaps" is no review; expected approved, changes_requested or commented`,
		"open alice none":        "line 5: open: the story has no folder none",
		"reopen 1":               "line 5: expected reopen <n> <actor>",
		"sing":                   `line 5: "sing" is no verb`,
		"close one alice":        `line 5: close: "one" is not a number`,
	} {
		w, _ := newWorld(t)
		s, err := git.Parse([]byte(begin + "2026-07-02T09:00:00Z " + step + "\n" + files))
		check(t, err)
		if err := w.Play(s); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", step, err, want)
		}
	}
}

// The API beyond what hub asks of it.
func TestAPI(t *testing.T) {
	w, _ := play(t, "merge")
	w.Token("t", "carol")
	s := httptest.NewServer(w.Handler())
	defer s.Close()
	for _, tt := range []struct {
		name, token, method, path, body string
		status                          int
		want                            string
	}{
		{"a pull request is in the list of issues", "t", "GET", "issues?state=all", "", 200, `"pull_request":{`},
		{"a merged one is not open", "t", "GET", "issues", "", 200, "[]"},
		{"labels filter", "t", "GET", "issues?state=all&labels=late", "", 200, "[]"},
		{"a comment is counted", "t", "GET", "issues/1/comments?per_page=1&page=2", "", 200, `"body":"not now"`},
		{"writing needs a token", "", "POST", "issues", `{"title":"x"}`, 401, "Requires authentication"},
		{"a wrong token reads nothing", "wrong", "GET", "issues", "", 401, "Bad credentials"},
		{"an issue needs a title", "t", "POST", "issues", `{"body":"x"}`, 422, `"missing_field"`},
		{"a body has an end", "t", "POST", "issues", `{"title":"x","body":"` + strings.Repeat("é", 65537) + `"}`, 422, "too long"},
		{"JSON is expected", "t", "POST", "issues", `title: x`, 400, "Problems parsing JSON"},
		{"there is no such issue", "t", "GET", "issues/9", "", 404, "Not Found"},
		{"there is no such address", "t", "DELETE", "issues/1", "", 404, "Not Found"},
		{"numbers are shared", "t", "POST", "issues", `{"title":"x","labels":["late"]}`, 201, `"number":2`},
		{"the same label is not made twice", "t", "POST", "labels", `{"name":"LATE"}`, 422, `"already_exists"`},
		{"the repository", "t", "GET", "", "", 200, `"default_branch":"main"`},
		{"a branch with a slash", "t", "GET", "git/ref/heads/liaison/witness", "", 200, `"type":"commit"`},
		{"a tree that is not there", "t", "POST", "git/commits", `{"message":"m","tree":"` + strings.Repeat("0", 40) + `"}`, 422, "Tree SHA does not exist"},
		{"a blob", "t", "POST", "git/blobs", `{"content":"aGVsbG8K","encoding":"base64"}`, 201, "ce013625030ba8dba906f756967f9e9ca394464a"},
		{"a tree", "t", "POST", "git/trees", `{"tree":[{"path":"d/x","mode":"100755","sha":"ce013625030ba8dba906f756967f9e9ca394464a"}]}`, 201, `"path":"d","mode":"040000","type":"tree"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequest(tt.method, strings.TrimSuffix(s.URL+"/repos/wikimedia/desk/"+tt.path, "/"), strings.NewReader(tt.body))
			check(t, err)
			if tt.token != "" {
				req.Header.Set("Authorization", "Bearer "+tt.token)
			}
			resp, err := http.DefaultClient.Do(req)
			check(t, err)
			defer resp.Body.Close()
			text, err := io.ReadAll(resp.Body)
			check(t, err)
			if resp.StatusCode != tt.status || !strings.Contains(string(text), tt.want) {
				t.Errorf("got %d %s", resp.StatusCode, text)
			}
			if resp.Header.Get("Date") != "Sat, 04 Jul 2026 09:00:00 GMT" {
				t.Errorf("dated %s", resp.Header.Get("Date"))
			}
		})
	}
	if n := len(w.Writes()); n != 10 {
		t.Errorf("%d writes: %v", n, w.Writes())
	}
}
