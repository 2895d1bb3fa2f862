package hub_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/sim/git"
	"github.com/commrel/liaison/action/internal/sim/github"
)

var (
	noon  = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	alice = account.Account{ID: 11, Login: "alice", Type: "User"}
	bot   = account.Account{ID: 100, Login: "example-liaison[bot]", Type: "Bot"}
)

const marker = "<!-- liaison:"

func marked(body string) bool { return strings.HasPrefix(body, marker) }

// A scene is a world with one file on main, served over HTTP.
type scene struct {
	*github.World
	repo *git.Repo
	url  string
}

func newScene(t *testing.T) scene {
	t.Helper()
	repo, err := git.New()
	check(t, err)
	w := github.New(repo, "wikimedia", "desk")
	for _, a := range []account.Account{alice, bot} {
		w.Account(a.Login, a.ID, a.Type)
		w.Token("token-of-"+a.Login, a.Login)
	}
	w.SetNow(noon)
	_, err = w.Push("alice", time.Time{}, "begin", map[string][]byte{
		"requests/2026/a.yaml": []byte("status: submitted # see above\n"),
		"README.md":            []byte("hello\n"),
	})
	check(t, err)
	s := httptest.NewServer(w.Handler())
	t.Cleanup(s.Close)
	return scene{w, repo, s.URL}
}

func (s scene) client(t *testing.T, token string) *hub.Client {
	t.Helper()
	c, err := hub.New(hub.Config{API: s.url, Token: token, Owner: "wikimedia", Name: "desk", Clock: still()})
	check(t, err)
	return c
}

// still is a clock that moves on only by waiting, which takes no time.
func still() hub.Clock {
	return hub.Clock{
		Now:   func() time.Time { return noon },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

func (s scene) asBot(t *testing.T) *hub.Client { return s.client(t, "token-of-"+bot.Login) }

func (s scene) apply(t *testing.T, e effect.Effect) string {
	t.Helper()
	done, err := s.asBot(t).Apply(context.Background(), e)
	check(t, err)
	return done
}

func (s scene) main(t *testing.T) string {
	t.Helper()
	id, ok := s.repo.Ref("refs/heads/main")
	if !ok {
		t.Fatal("no main")
	}
	return id
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhoami(t *testing.T) {
	s := newScene(t)
	for _, tt := range []struct {
		name, token string
		want        account.Account
		wrong       string
	}{
		{"a person's token reads /user", "token-of-alice", alice, ""},
		{"an app's token falls back to GraphQL", "token-of-" + bot.Login, bot, ""},
		{"no token is said aloud", "", account.Account{}, "ask who the token acts as: there is no token; give one, such as GITHUB_TOKEN"},
		{"a wrong token is said aloud", "stolen", account.Account{},
			"ask who the token acts as: GitHub answered 401 Bad credentials; the token is wrong or has expired: give a new one"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := s.client(t, tt.token).Whoami(context.Background())
			if got != tt.want || text(err) != tt.wrong {
				t.Errorf("got %+v, %q; want %+v, %q", got, text(err), tt.want, tt.wrong)
			}
		})
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestIssuesReadsAllPagesAndLeavesPullRequestsOut(t *testing.T) {
	s := newScene(t)
	const many = 230
	for i := range many {
		if i%50 == 0 {
			_, err := s.OpenPull("alice", noon, "pull", map[string][]byte{fmt.Sprint("p", i): []byte(marker)})
			check(t, err)
		}
		body := "by hand"
		if i%2 == 0 {
			body = marker + " -->\nlate"
		}
		_, err := s.OpenIssue(bot.Login, noon, fmt.Sprint("issue ", i), body, "late")
		check(t, err)
	}
	check(t, s.HumanClose(2, "alice"))
	s.Reset()
	got, err := s.asBot(t).Issues(context.Background(), marked)
	check(t, err)
	if len(got) != many/2 {
		t.Fatalf("got %d issues, want %d", len(got), many/2)
	}
	if pages := len(s.Log()); pages != 3 {
		t.Errorf("read %d pages, want 3", pages)
	}
	want := effect.Issue{
		Number: 2, Title: "issue 0", Body: marker + " -->\nlate", Labels: []string{"late"}, Open: false, Author: bot,
	}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
	if !slices.IsSortedFunc(got, func(a, b effect.Issue) int { return a.Number - b.Number }) {
		t.Error("not oldest first")
	}
}

func TestClosedBy(t *testing.T) {
	s := newScene(t)
	_, err := s.OpenIssue(bot.Login, noon, "late", marker)
	check(t, err)
	for _, tt := range []struct {
		name string
		do   func(int, string) error
		want account.Account
	}{
		{"an open issue was closed by nobody", func(int, string) error { return nil }, account.Account{}},
		{"a closed one by who closed it", s.HumanClose, alice},
		{"a reopened one by nobody again", s.HumanReopen, account.Account{}},
	} {
		check(t, tt.do(1, "alice"))
		got, err := s.asBot(t).ClosedBy(context.Background(), 1)
		if got != tt.want || err != nil {
			t.Errorf("%s: got %+v, %v", tt.name, got, err)
		}
	}
}

func TestLabelsAreReadPageByPageAndMadeOnce(t *testing.T) {
	s := newScene(t)
	for i := range 130 {
		s.apply(t, effect.Effect{Label: &effect.Label{Name: fmt.Sprint("l", i), Color: "d73a4a"}})
	}
	if got := s.apply(t, effect.Effect{Label: &effect.Label{Name: "L7", Color: "d73a4a"}}); got != `found the label "L7"` {
		t.Error(got)
	}
	got, err := s.asBot(t).Labels(context.Background())
	check(t, err)
	if len(got) != 130 || got[129] != "l129" {
		t.Errorf("got %d labels: %v", len(got), got)
	}
}

func TestApplyToIssues(t *testing.T) {
	s := newScene(t)
	late := effect.Issue{Title: "late", Body: marker, Labels: []string{"late"}, Open: true}
	better := effect.Issue{Number: 1, Title: "later", Body: marker + "2"}
	one := &effect.IssueNumber{Number: 1}
	for _, tt := range []struct {
		do   effect.Effect
		done string
		want effect.Issue
	}{
		{effect.Effect{Open: &late}, "opened #1",
			effect.Issue{Number: 1, Title: "late", Body: marker, Labels: []string{"late"}, Open: true, Author: bot}},
		{effect.Effect{Update: &better}, "updated #1",
			effect.Issue{Number: 1, Title: "later", Body: marker + "2", Labels: []string{"late"}, Open: true, Author: bot}},
		{effect.Effect{Close: one}, "closed #1",
			effect.Issue{Number: 1, Title: "later", Body: marker + "2", Labels: []string{"late"}, Author: bot, ClosedBy: bot}},
		{effect.Effect{Reopen: one}, "reopened #1",
			effect.Issue{Number: 1, Title: "later", Body: marker + "2", Labels: []string{"late"}, Open: true, Author: bot}},
	} {
		s.Reset()
		if done := s.apply(t, tt.do); done != tt.done {
			t.Errorf("said %q, want %q", done, tt.done)
		}
		if diff := cmp.Diff([]effect.Issue{tt.want}, s.Issues()); diff != "" {
			t.Errorf("%s: %s", tt.done, diff)
		}
		if n := len(s.Writes()); n != 1 {
			t.Errorf("%s took %d writes, want 1", tt.done, n)
		}
	}
}

// writeBack is a commit on top of what main is now.
func (s scene) writeBack(t *testing.T) *effect.Commit {
	return &effect.Commit{
		Branch: "main", Parent: s.main(t), Message: "Move statuses",
		Splices: []effect.Splice{{Path: "requests/2026/a.yaml", Now: "accepted", Content: []byte("status: accepted # <&>\n")}},
	}
}

func TestCommitWritesOnlyTheSplicedFiles(t *testing.T) {
	s := newScene(t)
	was := s.main(t)
	done := s.apply(t, effect.Effect{Commit: s.writeBack(t)})
	now := s.main(t)
	if want := "wrote 1 status to main in " + now[:12]; done != want {
		t.Errorf("said %q, want %q", done, want)
	}
	changed, err := s.repo.Changed(was, now)
	check(t, err)
	content, err := s.repo.ReadFile(now, "requests/2026/a.yaml")
	check(t, err)
	if len(changed) != 1 || string(content) != "status: accepted # <&>\n" {
		t.Errorf("changed %v to %q", changed, content)
	}
	got, err := s.repo.ReadCommit(now)
	check(t, err)
	got.Tree, got.Time, got.AuthorTime = "", got.Time.UTC(), got.AuthorTime.UTC()
	want := git.Commit{
		Parents: []string{was}, Author: git.NoReply(bot.Login, bot.ID), Committer: git.Forge(),
		Time: noon, AuthorTime: noon, Message: "Move statuses",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCommitOfWhatIsThereAlreadyWritesNoCommit(t *testing.T) {
	s := newScene(t)
	s.apply(t, effect.Effect{Commit: s.writeBack(t)})
	was := s.main(t)
	if done := s.apply(t, effect.Effect{Commit: s.writeBack(t)}); done != "found nothing to write on main" || s.main(t) != was {
		t.Error(done)
	}
}

func TestCommitOnABranchThatMovedWritesNothing(t *testing.T) {
	s := newScene(t)
	c := s.writeBack(t)
	now, err := s.Push("alice", noon, "meanwhile", map[string][]byte{"README.md": []byte("x")})
	check(t, err)
	s.Reset()
	_, err = s.asBot(t).Apply(context.Background(), effect.Effect{Commit: c})
	wantMoved(t, err, c.Parent, now)
	if len(s.Writes()) != 0 {
		t.Errorf("wrote %v", s.Writes())
	}
}

// A racer lands a commit between what the client reads and the swap.
type racer struct{ before func() }

func (r racer) RoundTrip(q *http.Request) (*http.Response, error) {
	if q.Method == http.MethodPatch {
		r.before()
	}
	return http.DefaultTransport.RoundTrip(q)
}

func TestCommitThatLosesTheRaceIsMoved(t *testing.T) {
	s := newScene(t)
	parent, now := s.main(t), ""
	c, err := hub.New(hub.Config{
		API: s.url + "/", Token: "token-of-" + bot.Login, Owner: "wikimedia", Name: "desk", Clock: still(),
		HTTP: &http.Client{Transport: racer{func() {
			now, _ = s.Push("alice", noon, "faster", map[string][]byte{"README.md": []byte("x")})
		}}},
	})
	check(t, err)
	_, err = c.Apply(context.Background(), effect.Effect{Commit: s.writeBack(t)})
	wantMoved(t, err, parent, now)
	if s.main(t) != now {
		t.Error("the faster commit was lost")
	}
}

func wantMoved(t *testing.T, err error, from, to string) {
	t.Helper()
	var moved *hub.Moved
	if !errors.As(err, &moved) || *moved != (hub.Moved{Branch: "main", From: from, To: to}) {
		t.Fatalf("got %v", err)
	}
	if want := "main moved from " + from[:12] + " to " + to[:12] + " since it was read; run again"; err.Error() != want {
		t.Errorf("said %q, want %q", err, want)
	}
}

func TestCommitOnAProtectedBranchIsRefusedInOneLine(t *testing.T) {
	s := newScene(t)
	s.Protect("main", true)
	was := s.main(t)
	_, err := s.asBot(t).Apply(context.Background(), effect.Effect{Commit: s.writeBack(t)})
	var refused *hub.Refused
	if !errors.As(err, &refused) {
		t.Fatalf("got %v", err)
	}
	want := "main refused the commit: GitHub answered 422 Repository rule violations found Changes must be made through a pull request.; " +
		"nothing is lost, but the file lags behind; let this identity bypass the branch's rules, or write by a pull request"
	if err.Error() != want || s.main(t) != was {
		t.Errorf("said %q", err)
	}
	s.Protect("main", false)
	s.apply(t, effect.Effect{Commit: s.writeBack(t)})
}

func TestCommitRefusesBytesThatJSONWouldBend(t *testing.T) {
	s := newScene(t)
	c := s.writeBack(t)
	c.Splices[0].Content = []byte("status: \xff\n")
	_, err := s.asBot(t).Apply(context.Background(), effect.Effect{Commit: c})
	if text(err) != "write requests/2026/a.yaml: its content is not UTF-8" {
		t.Error(err)
	}
}

func TestFailuresSayWhatWasAskedAndHowToMendIt(t *testing.T) {
	for _, tt := range []struct {
		name   string
		status int
		body   string
		want   string
	}{
		{"forbidden", 403, `{"message":"Resource not accessible by integration"}`,
			"close #7: GitHub answered 403 Resource not accessible by integration; the token needs the permission issues: write"},
		{"not found", 404, `{"message":"Not Found"}`,
			"close #7: GitHub answered 404 Not Found; check that it exists in wikimedia/desk and that the token may see it (issues: write)"},
		{"secondary rate limit", 403, `{"message":"slow down","documentation_url":"https://docs.github.com/#secondary-rate-limits"}`,
			"close #7: put off to a run after 2026-07-01T12:15:00Z: GitHub takes no more requests"},
		{"a message of several lines stays on one", 422, `{"message":"a\nb\u202e\u0007c","errors":[{"field":"state","code":"invalid"}]}`,
			"close #7: GitHub answered 422 a b c; state invalid"},
		{"a proxy's page is not repeated", 502, `<html>`,
			"close #7: GitHub answered 502 Bad Gateway; whether it was done could not be seen: " +
				"read #7: GitHub answered 502 Bad Gateway; GitHub is in trouble: run again later"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tt.status)
				fmt.Fprint(w, tt.body)
			}))
			defer h.Close()
			_, err := scene{url: h.URL}.client(t, "t").Apply(context.Background(), effect.Effect{Close: &effect.IssueNumber{Number: 7}})
			if text(err) != tt.want {
				t.Errorf("said %q, want %q", text(err), tt.want)
			}
		})
	}
}

func TestTheTokenIsNotShownToAnotherHost(t *testing.T) {
	var seen string
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked, seen = true, r.Header.Get("Authorization")
		fmt.Fprint(w, "[]")
	}))
	defer other.Close()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	}))
	defer api.Close()
	_, err := scene{url: api.URL}.client(t, "secret").Labels(context.Background())
	if err == nil || !strings.Contains(err.Error(), "it redirects to another host") {
		t.Errorf("an answer of another host was believed: %v", err)
	}
	if asked {
		t.Errorf("the other host was asked, and saw %q", seen)
	}
}

func TestNewRefusesWhatIsNoRepositoryAndNoAddress(t *testing.T) {
	for _, c := range []hub.Config{{}, {Owner: "a"}, {Owner: "a", Name: "b", API: "api.github.com"}, {Owner: "a", Name: "b", API: "ftp://x/"}} {
		if _, err := hub.New(c); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
}
