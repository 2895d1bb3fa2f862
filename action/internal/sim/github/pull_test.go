package github_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/sim/github"
)

// A caller speaks to a world over HTTP as carol.
type caller struct {
	t     *testing.T
	ctx   context.Context
	url   string
	token string
	etag  string

	follow func(*http.Request, []*http.Request) error // as http.Client.CheckRedirect
}

func call(t *testing.T, w *github.World) caller {
	t.Helper()
	w.Token("t", "carol")
	s := httptest.NewServer(w.Handler())
	t.Cleanup(s.Close)
	return caller{t: t, ctx: context.Background(), url: s.URL, token: "t"}
}

// try sends one request, whose path is below the repository's unless it begins with a slash,
// and returns the answer, of one that broke off what arrived; the
// status is 0 then.
func (c caller) try(method, path, body string) (int, string, http.Header, error) {
	c.t.Helper()
	if !strings.HasPrefix(path, "/") {
		path = strings.TrimSuffix("/repos/wikimedia/desk/"+path, "/.")
	}
	req, err := http.NewRequestWithContext(c.ctx, method, c.url+path, strings.NewReader(body))
	check(c.t, err)
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.etag != "" {
		req.Header.Set("If-None-Match", c.etag)
	}
	resp, err := (&http.Client{CheckRedirect: c.follow}).Do(req)
	if err != nil {
		return 0, "", nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, string(text), resp.Header, err
	}
	if after := resp.Header.Get("Retry-After"); after != "" {
		text = append(text, "Retry-After: "+after...)
	}
	return resp.StatusCode, string(text), resp.Header, nil
}

// send sends one request that must be answered.
func (c caller) send(method, path, body string) (int, string, http.Header) {
	c.t.Helper()
	status, text, header, err := c.try(method, path, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return status, text, header
}

// ask sends one request and returns the status and the text of the answer.
func (c caller) ask(method, path, body string) (int, string) {
	c.t.Helper()
	status, text, _ := c.send(method, path, body)
	return status, text
}

// get reads an answer into v.
func (c caller) get(path string, v any) {
	c.t.Helper()
	status, text := c.ask("GET", path, "")
	if status != 200 {
		c.t.Fatalf("%s: %d %s", path, status, text)
	}
	check(c.t, json.Unmarshal([]byte(text), v))
}

// A line is one line of the API's timeline, of whatever kind.
type line struct {
	Event     string
	ID        int64
	SHA       string
	CommitID  string    `json:"commit_id"`
	CreatedAt time.Time `json:"created_at"`
	Submitted time.Time `json:"submitted_at"`
	State     string
	Body      string
	Actor     *account.Account
	User      *account.Account
}

func kinds(lines []line) string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Event)
	}
	return strings.Join(out, " ")
}

func TestTimelineShowsWhatGitHubsDoes(t *testing.T) {
	w, _ := play(t, "rebase")
	c := call(t, w)
	check(t, w.Label(1, "carol", at(5, 9), "late"))
	var lines []line
	c.get("issues/1/timeline", &lines)
	const want = "committed reviewed committed commented commented closed reopened merged closed labeled"
	if got := kinds(lines); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if lines[1].State != "changes_requested" || lines[1].CommitID != lines[0].SHA {
		t.Errorf("the review reads %+v", lines[1])
	}
}

func TestTimelineForgetsWhatWasPushedAway(t *testing.T) {
	w, r := newWorld(t)
	w.Account("alice", 11, "User")
	w.Account("carol", 12, "User")
	_, err := w.Push("alice", at(1, 9), "Begin", map[string][]byte{"a": []byte("1")})
	check(t, err)
	n, err := w.OpenPull("alice", at(2, 9), "b", map[string][]byte{"b": []byte("1")})
	check(t, err)
	check(t, w.Review(n, "carol", at(2, 10), "approved", ""))
	check(t, w.ForcePushPull(n, "alice", at(2, 11), "b again", map[string][]byte{"b": []byte("2")}))
	check(t, w.Dismiss(n, "carol", at(2, 12), "carol", "it changed"))
	c := call(t, w)
	var lines []line
	c.get(fmt.Sprintf("issues/%d/timeline", n), &lines)
	if got, want := kinds(lines), "reviewed head_ref_force_pushed committed review_dismissed"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	head, _ := r.Ref("refs/pull/1/head")
	if lines[0].State != "dismissed" || lines[1].CommitID != head {
		t.Errorf("got %+v", lines)
	}
	var reviews []struct{ State string }
	c.get("pulls/1/reviews", &reviews)
	if len(reviews) != 1 || reviews[0].State != "DISMISSED" {
		t.Errorf("got %+v", reviews)
	}
}

// The same entries, told from the API alone by the rules of the witness.
func TestTheAPITellsWhatTheWitnessKeeps(t *testing.T) {
	w, r := play(t, "squash")
	check(t, w.Label(1, "carol", at(5, 9), "late"))
	check(t, w.Witness())
	c := call(t, w)
	var lines []line
	c.get("issues/1/timeline", &lines)
	told := map[string]bool{"opened": true}
	for i, l := range lines {
		prefix := map[string]string{
			"commented": "comment", "reviewed": "review", "closed": "closed", "reopened": "reopened", "labeled": "labelled",
		}[l.Event]
		switch {
		case l.Event == "merged":
			told["merged"] = true
		case l.Event == "closed" && lines[i-1].Event == "merged", prefix == "":
		default:
			told[fmt.Sprintf("%s-%d", prefix, l.ID)] = true
		}
	}
	kept := map[string]bool{}
	for _, e := range readPull(t, r).Entries {
		if e.Kind != event.Pushed { // which no timeline tells
			kept[e.ID] = true
		}
	}
	if diff := cmp.Diff(kept, told); diff != "" {
		t.Error(diff)
	}
}

func TestAPullRequestAsItIsShown(t *testing.T) {
	w, r := play(t, "squash")
	c := call(t, w)
	main, _ := r.Ref("refs/heads/main")
	head, _ := r.Ref("refs/pull/1/head")
	var got struct {
		State, Title string
		Merged       bool
		MergedBy     *account.Account `json:"merged_by"`
		MergedAt     time.Time        `json:"merged_at"`
		Landed       string           `json:"merge_commit_sha"`
		Commits      int
		Head, Base   struct {
			Ref, SHA, Label string
			Repo            struct {
				FullName string `json:"full_name"`
			}
		}
	}
	c.get("pulls/1", &got)
	if got.State != "closed" || !got.Merged || *got.MergedBy != carol || !got.MergedAt.Equal(at(4, 9)) ||
		got.Landed != main || got.Commits != 2 || got.Head.SHA != head || got.Head.Label != "alice:patch-1" ||
		got.Head.Repo.FullName != "alice/desk" || got.Base.Ref != "main" || got.Base.Repo.FullName != "wikimedia/desk" {
		t.Errorf("got %+v", got)
	}
	var commits []struct {
		SHA    string
		Commit struct{ Message string }
		Author *account.Account
	}
	c.get("pulls/1/commits", &commits)
	if len(commits) != 2 || commits[1].SHA != head || commits[0].Commit.Message != "Add a" || *commits[0].Author != alice {
		t.Errorf("got %+v", commits)
	}
}

func TestABranchBecomesAPullRequestAndLands(t *testing.T) {
	w, r := play(t, "merge")
	c := call(t, w)
	main, _ := r.Ref("refs/heads/main")
	tree, err := r.TreeOf(main)
	check(t, err)
	want := func(status int, method, path, body, text string) string {
		t.Helper()
		got, answer := c.ask(method, path, body)
		if got != status || !strings.Contains(answer, text) {
			t.Fatalf("%s %s: %d %s", method, path, got, answer)
		}
		return answer
	}
	commit := func(on, message string) string {
		var made struct{ SHA string }
		body := fmt.Sprintf(`{"message":%q,"tree":%q,"parents":[%q]}`, message, tree, on)
		check(t, json.Unmarshal([]byte(want(201, "POST", "git/commits", body, "")), &made))
		return made.SHA
	}
	one := commit(main, "one")
	want(201, "POST", "git/refs", fmt.Sprintf(`{"ref":"refs/heads/desk/write","sha":%q}`, one), one)
	want(422, "POST", "git/refs", fmt.Sprintf(`{"ref":"refs/heads/desk/write","sha":%q}`, one), "Reference already exists")
	want(201, "POST", "pulls", `{"title":"Write","head":"desk/write","base":"main"}`, `"number":2`)
	want(422, "POST", "pulls", `{"title":"Write","head":"desk/write","base":"main"}`, "already exists")
	want(422, "POST", "pulls", `{"title":"Write","head":"main","base":"main"}`, "No commits between")
	two := commit(one, "two")
	want(200, "PATCH", "git/refs/heads/desk/write", fmt.Sprintf(`{"sha":%q}`, two), two)
	want(200, "GET", "pulls/2", "", `"commits":2`)
	want(409, "PUT", "pulls/2/merge", fmt.Sprintf(`{"sha":%q}`, one), "Head branch was modified")
	want(200, "PUT", "pulls/2/merge", fmt.Sprintf(`{"sha":%q,"merge_method":"rebase"}`, two), `"merged":true`)
	want(405, "PUT", "pulls/2/merge", `{}`, "not mergeable")
	want(204, "DELETE", "git/refs/heads/desk/write", "", "")
	want(422, "DELETE", "git/refs/heads/desk/write", "", "Reference does not exist")
	now, _ := r.Ref("refs/heads/main")
	line, err := r.FirstParents(now)
	check(t, err)
	if line[2] != main {
		t.Errorf("a rebase of two commits landed %v on %s", line, main)
	}
}

func TestPullsAreListedAsGitHubSortsThem(t *testing.T) {
	w, _ := play(t, "merge")
	for i := range 3 {
		_, err := w.OpenPull("alice", at(5, 9+i), "more", map[string][]byte{fmt.Sprint("f", i): []byte("x")})
		check(t, err)
	}
	check(t, w.Comment(3, "carol", at(6, 9), "thanks"))
	c := call(t, w)
	for path, want := range map[string]string{
		"pulls":                        "4 3 2",
		"pulls?state=all":              "4 3 2 1",
		"pulls?state=closed":           "1",
		"pulls?state=all&sort=updated": "1 2 4 3",
		"pulls?state=all&sort=updated&direction=desc": "3 4 2 1",
		"pulls?state=all&per_page=2&page=2":           "2 1",
		"pulls?head=alice:patch-2":                    "2",
		"pulls?base=liaison/witness":                  "",
	} {
		var list []struct{ Number int }
		c.get(path, &list)
		var got []string
		for _, p := range list {
			got = append(got, fmt.Sprint(p.Number))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %v, want %s", path, got, want)
		}
	}
}

func TestStatusesOfACommit(t *testing.T) {
	w, r := play(t, "merge")
	c := call(t, w)
	head, _ := r.Ref("refs/pull/1/head")
	for _, body := range []string{
		`{"state":"failure","context":"liaison","description":"no"}`,
		`{"state":"success","context":"other"}`,
		`{"state":"success","context":"liaison","description":"yes"}`,
	} {
		if status, text := c.ask("POST", "statuses/"+head, body); status != 201 {
			t.Fatal(status, text)
		}
	}
	for path, want := range map[string]string{
		"commits/" + head + "/statuses":         "success failure",
		"commits/" + head + "/status":           `"total_count":2`,
		"commits/refs%2Fpull%2F1%2Fhead/status": `"state":"success"`,
	} {
		_, text := c.ask("GET", path, "")
		i := strings.Index(text, want)
		if first, last, ok := strings.Cut(want, " "); ok {
			i = strings.LastIndex(text, last) - strings.Index(text, first)
		}
		if i <= 0 {
			t.Errorf("%s: %s", path, text)
		}
	}
	for body, want := range map[string]string{
		`{"state":"fine"}`: "state is not included in the list",
		`{"state":"success","description":"` + strings.Repeat("é", 141) + `"}`: "description is too long",
	} {
		if status, text := c.ask("POST", "statuses/"+head, body); status != 422 || !strings.Contains(text, want) {
			t.Error(status, text)
		}
	}
	if got := w.Statuses(head); len(got) != 2 || got[0].Description != "yes" {
		t.Errorf("got %+v", got)
	}
}

func TestCommentsAreEditedAndDeleted(t *testing.T) {
	w, r := play(t, "merge")
	c := call(t, w)
	w.SetNow(at(8, 9))
	for _, tt := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "issues/comments/3", "", 200, `/issues/1","body":"all of them"`},
		{"PATCH", "issues/comments/3", `{"body":"none"}`, 200, `"updated_at":"2026-07-08T09:00:00Z"`},
		{"GET", "pulls/1", "", 200, `"updated_at":"2026-07-08T09:00:00Z"`},
		{"PATCH", "issues/comments/3", `{"body":""}`, 422, "missing_field"},
		{"DELETE", "issues/comments/3", "", 204, ""},
		{"GET", "issues/comments/3", "", 404, "Not Found"},
		{"GET", "issues/1/comments", "", 200, `[{"id":4,`},
	} {
		if status, text := c.ask(tt.method, tt.path, tt.body); status != tt.status || !strings.Contains(text, tt.want) {
			t.Errorf("%s %s: %d %s", tt.method, tt.path, status, text)
		}
	}
	check(t, w.Witness())
	if e := readPull(t, r).Entries[3]; e.ID != "comment-3" {
		t.Errorf("the witness forgot a comment that was deleted: %+v", e)
	}
}

func TestContents(t *testing.T) {
	w, _ := play(t, "merge")
	c := call(t, w)
	for path, want := range map[string]string{
		"contents/README.md":                          `"content":"aGVsbG8gYWdhaW4K\n"`,
		"contents/requests":                           `"path":"requests/a.yaml"`,
		"contents/requests/old.yaml?ref=main~1":       "No commit found",
		"contents/pulls/0/1.json?ref=liaison/witness": `"encoding":"base64"`,
		"contents/none":                               "Not Found",
		"commits?per_page=1":                          "Merge pull request #1",
	} {
		if _, text := c.ask("GET", path, ""); !strings.Contains(text, want) {
			t.Errorf("%s: %s", path, text)
		}
	}
}
