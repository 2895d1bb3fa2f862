package hub_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/hub"
)

// canned answers each path, after /repos/wikimedia/desk/, with JSON; a query is left out.
func canned(t *testing.T, answers map[string]string) *hub.Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, ok := answers[strings.TrimPrefix(r.URL.Path, "/repos/wikimedia/desk/")]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			answer = `{"message":"Not Found"}`
		}
		fmt.Fprint(w, answer)
	}))
	t.Cleanup(s.Close)
	return scene{url: s.URL}.client(t, "t")
}

const merged7 = `{"number":7,"state":"closed","title":"A banner","draft":false,"created_at":"2026-07-01T09:00:00Z",
"updated_at":"2026-07-01T13:00:00Z","merged":true,"merged_at":"2026-07-01T12:30:00Z","merge_commit_sha":"m3",
"merged_by":{"login":"carol","id":13,"type":"User"},"user":{"login":"alice","id":11,"type":"User"},
"head":{"sha":"h3","ref":"patch-1","repo":null},"base":{"ref":"main","sha":"b0"},"commits":2}`

const timeline7 = `[
{"event":"committed","sha":"h1","message":"Ask","author":{"name":"a","email":"a@example.org","date":"2026-07-01T08:00:00Z"},"parents":[{"sha":"b0"}]},
{"event":"committed","sha":"h2","message":"Merge main","author":{"date":"2026-07-01T08:30:00Z"},"parents":[{"sha":"h1"},{"sha":"b1"}]},
{"event":"committed","sha":"h3","message":"Mend","author":{"date":"2026-07-01T10:00:00Z"},"parents":[{"sha":"h2"}]},
{"event":"commented","id":101,"user":{"login":"carol","id":13,"type":"User"},"actor":{"login":"carol","id":13,"type":"User"},"body":"Thanks","created_at":"2026-07-01T09:30:00Z"},
{"event":"reviewed","id":201,"user":{"login":"carol","id":13,"type":"User"},"state":"dismissed","commit_id":"h1","body":"","submitted_at":"2026-07-01T09:40:00Z"},
{"event":"reviewed","id":202,"user":null,"state":"APPROVED","commit_id":"h1","submitted_at":"2026-07-01T09:41:00Z"},
{"event":"reviewed","id":203,"user":{"login":"carol","id":13,"type":"User"},"state":"pending","commit_id":"h1"},
{"event":"labeled","id":301,"actor":{"login":"carol","id":13,"type":"User"},"label":{"name":"mobile","color":"ededed"},"created_at":"2026-07-01T09:45:00Z"},
{"event":"head_ref_force_pushed","id":302,"actor":{"login":"alice","id":11,"type":"User"},"commit_id":"h2","created_at":"2026-07-01T09:50:00Z"},
{"event":"head_ref_force_pushed","id":303,"actor":{"login":"alice","id":11,"type":"User"},"commit_id":"h2","created_at":"2026-07-01T09:51:00Z"},
{"event":"commented","id":102,"user":{"login":"carol","id":13,"type":"User"},"body":"Too early","created_at":"2026-07-01T10:59:00Z"},
{"event":"commented","id":103,"user":{"login":"carol","id":13,"type":"User"},"body":"No, thank you","created_at":"2026-07-01T11:00:00Z"},
{"event":"commented","id":104,"user":{"login":"alice","id":11,"type":"User"},"body":"Oh","created_at":"2026-07-01T11:00:00Z"},
{"event":"closed","id":304,"actor":{"login":"carol","id":13,"type":"User"},"created_at":"2026-07-01T11:00:00Z"},
{"event":"reopened","id":305,"actor":{"login":"carol","id":13,"type":"User"},"created_at":"2026-07-01T11:30:00Z"},
{"event":"review_dismissed","id":306,"actor":{"login":"dave","id":14,"type":"User"},"dismissed_review":{"state":"changes_requested","review_id":201,"dismissal_message":null},"created_at":"2026-07-01T12:00:00Z"},
{"event":"commented","id":105,"user":{"login":"ghost","id":10137,"type":"User"},"body":"Farewell","created_at":"2026-07-01T11:40:00Z"},
{"event":"subscribed","id":307,"actor":{"login":"dave","id":14,"type":"User"},"created_at":"2026-07-01T12:00:00Z"},
{"event":"merged","id":308,"actor":{"login":"carol","id":13,"type":"User"},"commit_id":"m3","created_at":"2026-07-01T12:30:00Z"},
{"event":"closed","id":309,"actor":{"login":"carol","id":13,"type":"User"},"created_at":"2026-07-01T12:30:01Z"}]`

// rebased7 is main after #7 was rebased: its two commits that are no merges, then an older one.
const rebased7 = `[
{"sha":"m3","commit":{"message":"Mend","author":{"date":"2026-07-01T10:00:00Z"}},"parents":[{"sha":"m2"}]},
{"sha":"m2","commit":{"message":"Ask","author":{"date":"2026-07-01T08:00:00Z"}},"parents":[{"sha":"b1"}]}]`

func clock(h, m int) time.Time { return time.Date(2026, 7, 1, h, m, 0, 0, time.UTC) }

func TestPullReadsTheTimelineAsEntries(t *testing.T) {
	carol := account.Account{ID: 13, Login: "carol", Type: "User"}
	dave := account.Account{ID: 14, Login: "dave", Type: "User"}
	got, err := canned(t, map[string]string{"pulls/7": merged7, "issues/7/timeline": timeline7, "commits": rebased7}).
		Pull(context.Background(), 7)
	check(t, err)
	want := hub.Pull{
		Pull: event.Pull{Version: 1, Number: 7, Head: "h3", Updated: clock(13, 0), Entries: []event.Entry{
			{ID: "opened", Kind: event.Opened, At: clock(9, 0), Actor: alice},
			{ID: "comment-101", Kind: event.Commented, At: clock(9, 30), Actor: carol},
			{ID: "review-201", Kind: event.Reviewed, At: clock(9, 40), Actor: carol, SHA: "h1", State: "changes_requested"},
			{ID: "review-202", Kind: event.Reviewed, At: clock(9, 41), SHA: "h1", State: "approved"},
			{ID: "labelled-301", Kind: event.Labelled, At: clock(9, 45), Actor: carol, State: "mobile"},
			{ID: "pushed-h2", Kind: event.Pushed, At: clock(9, 50), Actor: alice, SHA: "h2"},
			{ID: "comment-102", Kind: event.Commented, At: clock(10, 59), Actor: carol},
			{ID: "comment-103", Kind: event.Commented, At: clock(11, 0), Actor: carol},
			{ID: "comment-104", Kind: event.Commented, At: clock(11, 0), Actor: alice},
			{ID: "closed-304", Kind: event.Closed, At: clock(11, 0), Actor: carol, Text: "No, thank you"},
			{ID: "reopened-305", Kind: event.Reopened, At: clock(11, 30), Actor: carol},
			{ID: "comment-105", Kind: event.Commented, At: clock(11, 40)},
			{ID: "dismissed-306", Kind: event.Dismissed, At: clock(12, 0), Actor: dave},
			{ID: "merged", Kind: event.Merged, At: clock(12, 30), Actor: carol, SHA: "h3", First: "m2", Last: "m3"},
		}},
		Title: "A banner", Author: alice, Base: "main", Merged: true,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPullTellsWhatLanded(t *testing.T) {
	one := func(sha, message, date string, parents ...string) map[string]any {
		var ps []map[string]string
		for _, p := range parents {
			ps = append(ps, map[string]string{"sha": p})
		}
		return map[string]any{"sha": sha, "parents": ps,
			"commit": map[string]any{"message": message, "author": map[string]string{"date": date}}}
	}
	mend := one("m3", "Mend", "2026-07-01T10:00:00Z", "m2")
	ask := one("m2", "Ask", "2026-07-01T08:00:00Z", "b1")
	for _, tt := range []struct {
		name  string
		line  []map[string]any
		first string
	}{
		{"a rebase lands as many as the pull request had", []map[string]any{mend, ask}, "m2"},
		{"a squash lands one", []map[string]any{one("m3", "A banner (#7)", "2026-07-01T12:30:00Z", "m2"), ask}, "m3"},
		{"a merge commit is one", []map[string]any{one("m3", "Merge pull request #7", "2026-07-01T12:30:00Z", "m2", "h3"), one("h3", "Mend", "2026-07-01T10:00:00Z", "h2")}, "m3"},
		{"the same words at another time are another's", []map[string]any{mend, one("m2", "Ask", "2026-07-01T08:00:01Z", "b1")}, "m3"},
		{"a line too short to tell", []map[string]any{mend}, "m3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			line, err := json.Marshal(tt.line)
			check(t, err)
			got, err := canned(t, map[string]string{"pulls/7": merged7, "issues/7/timeline": timeline7, "commits": string(line)}).
				Pull(context.Background(), 7)
			check(t, err)
			e := got.Entries[len(got.Entries)-1]
			if e.Kind != event.Merged || e.First != tt.first || e.Last != "m3" {
				t.Errorf("got %+v, want the first to be %s", e, tt.first)
			}
		})
	}
}

func TestPullsStopsAtWhatHasNotChangedSince(t *testing.T) {
	const list = `[
{"number":9,"state":"open","draft":true,"title":"new","updated_at":"2026-07-01T12:00:00Z","user":null,"head":{"sha":"h9"},"base":{"ref":"main"}},
{"number":7,"state":"closed","merged_at":"2026-07-01T11:00:00Z","updated_at":"2026-07-01T11:30:00Z","head":{"sha":"h7"},"base":{"ref":"next"}},
{"number":9,"state":"open","updated_at":"2026-07-01T11:20:00Z","head":{"sha":"h9"},"base":{"ref":"main"}},
{"number":3,"state":"open","updated_at":"2026-07-01T10:59:59Z","head":{"sha":"h3"},"base":{"ref":"main"}}]`
	got, err := canned(t, map[string]string{"pulls": list}).Pulls(context.Background(), clock(11, 0))
	check(t, err)
	want := []hub.Pull{
		{Pull: event.Pull{Version: 1, Number: 9, Head: "h9", Updated: clock(12, 0)}, Title: "new", Base: "main", Open: true, Draft: true},
		{Pull: event.Pull{Version: 1, Number: 7, Head: "h7", Updated: clock(11, 30)}, Base: "next", Merged: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCommentKnowsItsThread(t *testing.T) {
	c := canned(t, map[string]string{
		"issues/comments/5": `{"id":5,"body":"/accept","user":{"login":"alice","id":11,"type":"User"},"issue_url":"https://api.github.com/repos/wikimedia/desk/issues/42"}`,
		"issues/comments/6": `{"id":6,"body":"/accept","issue_url":""}`,
	})
	got, err := c.Comment(context.Background(), 5)
	check(t, err)
	if want := (effect.Comment{Thread: 42, ID: 5, Body: "/accept", Author: alice}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if _, err := c.Comment(context.Background(), 6); err == nil {
		t.Error("a comment without a thread was taken")
	}
}

func TestStatusesAreTheNewestOfEachContext(t *testing.T) {
	got, err := canned(t, map[string]string{"commits/h1/statuses": `[
{"state":"success","context":"liaison","description":"fine"},
{"state":"pending","context":"build","description":null},
{"state":"failure","context":"liaison","description":"2 mistakes"}]`}).Statuses(context.Background(), "h1")
	check(t, err)
	want := []effect.Status{
		{SHA: "h1", State: "success", Context: "liaison", Description: "fine"},
		{SHA: "h1", State: "pending", Context: "build"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A sync of what has changed costs two calls for each pull request beside the pages of the
// list, and one more for one that landed several commits.
func TestASyncIsCheap(t *testing.T) {
	s := newScene(t)
	for i := range 130 {
		path := fmt.Sprintf("requests/2026/r%d.yaml", i)
		_, err := s.OpenPull("alice", noon.Add(time.Duration(i)*time.Minute), "new", map[string][]byte{path: []byte("a\n")})
		check(t, err)
	}
	later := noon.Add(24 * time.Hour)
	const changed = 25
	for n := 1; n <= changed; n++ {
		check(t, s.Comment(n, "alice", later, "a word"))
	}
	check(t, s.PushPull(1, "alice", later, "more", map[string][]byte{"requests/2026/more.yaml": []byte("a\n")}))
	check(t, s.Merge(1, "alice", later, "rebase"))
	for _, tt := range []struct {
		since time.Time
		pulls int
		calls int
	}{
		{later, changed, 2*changed + 1 + 1},
		{time.Time{}, 130, 2*130 + 2 + 1},
		{later.Add(time.Second), 0, 1},
	} {
		c := s.asBot(t)
		list, err := c.Pulls(context.Background(), tt.since)
		check(t, err)
		for _, p := range list {
			whole, err := c.Pull(context.Background(), p.Number)
			check(t, err)
			if !whole.Updated.Equal(p.Updated) || whole.Head != p.Head || whole.Merged != p.Merged {
				t.Errorf("the list and the pull request differ: %+v and %+v", p, whole)
			}
		}
		if got := c.Spent().Calls; len(list) != tt.pulls || got != tt.calls {
			t.Errorf("%d pull requests in %d calls, want %d in %d", len(list), got, tt.pulls, tt.calls)
		}
	}
}
