package hub_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/hub"
)

// A forge is a server that behaves as GitHub does, or should: what hub believes of GitHub is
// tried on each. Its repository has a branch main, and may be in use.
type forge struct {
	*hub.Client
	api, token, owner, name string
	me                      account.Account
	review                  func(t *testing.T, number int, words string)
	peer                    bool // by other people: what it does not do is said, and let pass
}

// TestContractWithTheSimulation tries our own GitHub, which all other tests believe.
func TestContractWithTheSimulation(t *testing.T) {
	s := newScene(t)
	contract(t, &forge{
		api: s.url, token: "token-of-alice", owner: "wikimedia", name: "desk",
		review: func(t *testing.T, number int, words string) {
			check(t, s.Review(number, "alice", time.Time{}, "commented", words))
		},
	})
}

// TestContractWithAPeer tries one that other people have written, so that what is wrong with
// ours does not go unnoticed.
func TestContractWithAPeer(t *testing.T) {
	f := &forge{peer: true, api: os.Getenv("LIAISON_PEER_URL"), token: os.Getenv("LIAISON_PEER_TOKEN")}
	if f.api == "" {
		t.Skip("no peer: set LIAISON_PEER_URL, LIAISON_PEER_TOKEN and LIAISON_PEER_REPO to try another GitHub")
	}
	f.owner, f.name, _ = strings.Cut(os.Getenv("LIAISON_PEER_REPO"), "/")
	f.review = func(t *testing.T, number int, words string) {
		f.ask(t, http.MethodPost, fmt.Sprintf("pulls/%d/reviews", number), map[string]any{"event": "COMMENT", "body": words})
	}
	contract(t, f)
}

func contract(t *testing.T, f *forge) {
	f.Client = f.client(t, http.DefaultTransport)
	var err error
	f.me, err = f.Whoami(context.Background())
	check(t, err)
	for _, tt := range []struct {
		name string
		try  func(*testing.T, *forge)
	}{
		{"a label is made once, whatever its case", labelOnce},
		{"an issue is opened, found by its marker, updated, closed and reopened", issueLife},
		{"lists go on to their last page, oldest first", lastPage},
		{"what does not exist is said", nothingThere},
		{"a comment is written, listed, written anew, and knows its thread", commentLife},
		{"the newest status of each context counts", newestStatus},
		{"a commit writes what it names and leaves the rest", commitLeavesTheRest},
		{"what is there already is not written again", commitOfNothing},
		{"a commit on a head that has moved writes nothing", commitOnAnOldHead},
		{"a commit that loses the race writes nothing", commitThatLoses},
		{"a new branch begins with its first commit, once", branchBegins},
		{"a commit names its author", commitNamesItsAuthor},
		{"a pull request is listed while it is open", pullIsListed},
		{"a pull request tells what was said, and its closing", pullTells},
		{"a merge commit lands as one", func(t *testing.T, f *forge) { lands(t, f, "merge", 1) }},
		{"a squash lands as one", func(t *testing.T, f *forge) { lands(t, f, "squash", 1) }},
		{"a rebase lands as many commits as there were", func(t *testing.T, f *forge) { lands(t, f, "rebase", 2) }},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.try(t, f) })
	}
}

func (f *forge) client(t *testing.T, next http.RoundTripper) *hub.Client {
	t.Helper()
	c, err := hub.New(hub.Config{
		API: f.api, Token: f.token, Owner: f.owner, Name: f.name, Clock: still(), HTTP: &http.Client{Transport: next}, Budget: 10_000,
	})
	check(t, err)
	return c
}

// needs skips a test where a server has no answer to a read.
func (f *forge) needs(t *testing.T, path string) {
	t.Helper()
	if status, _ := f.try(t, http.MethodGet, path, nil); f.peer && status == http.StatusNotFound {
		t.Skipf("SKIPPED: the peer does not serve %s", path)
	}
}

// ask asks the API for what hub has no need of, and returns its answer.
func (f *forge) ask(t *testing.T, method, path string, body map[string]any) map[string]any {
	t.Helper()
	status, text := f.try(t, method, path, body)
	if status >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	var out map[string]any
	check(t, json.Unmarshal(text, &out))
	return out
}

// try is ask with whatever answer.
func (f *forge) try(t *testing.T, method, path string, body map[string]any) (int, []byte) {
	t.Helper()
	text, err := json.Marshal(body)
	check(t, err)
	q, err := http.NewRequest(method, fmt.Sprintf("%s/repos/%s/%s/%s", f.api, f.owner, f.name, path), bytes.NewReader(text))
	check(t, err)
	q.Header.Set("Authorization", "Bearer "+f.token)
	q.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(q)
	check(t, err)
	defer answer.Body.Close()
	text, err = io.ReadAll(answer.Body)
	check(t, err)
	return answer.StatusCode, text
}

// number opens an issue and returns its number, which names things that are new.
func (f *forge) number(t *testing.T, title, body string) int {
	t.Helper()
	n, _ := f.ask(t, http.MethodPost, "issues", map[string]any{"title": title, "body": body})["number"].(float64)
	return int(n)
}

func (f *forge) apply(t *testing.T, e effect.Effect) string {
	t.Helper()
	said, err := f.Apply(context.Background(), e)
	check(t, err)
	return said
}

// head is the commit that a branch points to.
func (f *forge) head(t *testing.T, branch string) string {
	t.Helper()
	ref := f.ask(t, http.MethodGet, "git/ref/heads/"+branch, nil)
	sha, _ := ref["object"].(map[string]any)["sha"].(string)
	return sha
}

// branch makes a branch from main and returns its name.
func (f *forge) branch(t *testing.T) string {
	t.Helper()
	name := fmt.Sprintf("branch-%d", f.number(t, "a branch", ""))
	f.ask(t, http.MethodPost, "git/refs", map[string]any{"ref": "refs/heads/" + name, "sha": f.head(t, "main")})
	return name
}

// commit writes one file to a branch and returns the new head.
func (f *forge) commit(t *testing.T, branch, path, content string) string {
	t.Helper()
	f.apply(t, effect.Effect{Commit: &effect.Commit{
		Branch: branch, Parent: f.head(t, branch), Message: "Write " + path,
		Splices: []effect.Splice{{Path: path, Content: []byte(content)}},
	}})
	return f.head(t, branch)
}

// file is the content of a file at a commit.
func (f *forge) file(t *testing.T, path, sha string) string {
	t.Helper()
	text, _ := f.ask(t, http.MethodGet, "contents/"+path+"?ref="+sha, nil)["content"].(string)
	content, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(text, "\n", ""))
	check(t, err)
	return string(content)
}

func want(t *testing.T, got, wanted string) {
	t.Helper()
	if got != wanted {
		t.Errorf("said %q, want %q", got, wanted)
	}
}

func labelOnce(t *testing.T, f *forge) {
	name := fmt.Sprintf("late-%d", f.number(t, "a label", ""))
	l := effect.Label{Name: name, Color: "b60205", Description: "A promise was not kept"}
	want(t, f.apply(t, effect.Effect{Label: &l}), fmt.Sprintf("created the label %q", name))
	want(t, f.apply(t, effect.Effect{Label: &l}), fmt.Sprintf("found the label %q", name))
	names, err := f.Labels(context.Background())
	check(t, err)
	if !slices.Contains(names, name) {
		t.Errorf("%q is not in %q", name, names)
	}
}

func issueLife(t *testing.T, f *forge) {
	mark := fmt.Sprintf("<!-- liaison:%d -->", f.number(t, "a marker", ""))
	mine := func(body string) bool { return strings.HasPrefix(body, mark) }
	i := effect.Issue{Title: "Late: <b>&", Body: mark + "\nWörter 🙂\n", Labels: []string{"late"}}
	said := f.apply(t, effect.Effect{Open: &i})
	now := func() effect.Issue {
		t.Helper()
		all, err := f.Issues(context.Background(), mine)
		check(t, err)
		if len(all) != 1 {
			t.Fatalf("found %d issues, want 1", len(all))
		}
		return all[0]
	}
	i.Number, i.Open, i.Author = now().Number, true, f.me
	want(t, said, fmt.Sprintf("opened #%d", i.Number))
	same := func() {
		t.Helper()
		if diff := cmp.Diff(i, now()); diff != "" {
			t.Error(diff)
		}
	}
	same()
	i.Title, i.Body, i.Labels = "Later", mark+"\nmore\n", []string{"late", "mobile"}
	f.apply(t, effect.Effect{Update: &i})
	same()
	f.apply(t, effect.Effect{Close: &effect.IssueNumber{Number: i.Number}})
	i.Open = false
	same()
	by, err := f.ClosedBy(context.Background(), i.Number)
	check(t, err)
	if by != f.me {
		t.Errorf("closed by %v, want %v", by, f.me)
	}
	f.apply(t, effect.Effect{Reopen: &effect.IssueNumber{Number: i.Number}})
	i.Open = true
	same()
}

func lastPage(t *testing.T, f *forge) {
	mark := fmt.Sprintf("<!-- page:%d -->", f.number(t, "pages", ""))
	var made, found []int
	for range 101 {
		made = append(made, f.number(t, "one of many", mark))
	}
	all, err := f.Issues(context.Background(), func(body string) bool { return body == mark })
	check(t, err)
	for _, i := range all {
		found = append(found, i.Number)
	}
	if !slices.Equal(found, made) {
		t.Errorf("found %v, want %v", found, made)
	}
}

func nothingThere(t *testing.T, f *forge) {
	_, err := f.Apply(context.Background(), effect.Effect{Close: &effect.IssueNumber{Number: 1 << 20}})
	if err == nil || !strings.HasPrefix(err.Error(), "close #1048576: GitHub answered 404 Not Found") {
		t.Errorf("said %q", text(err))
	}
	if _, err := f.Pull(context.Background(), 1<<20); err == nil {
		t.Error("there is such a pull request")
	}
}

func commentLife(t *testing.T, f *forge) {
	n := f.number(t, "a thread", "")
	m := effect.Comment{Thread: n, Body: "<!-- liaison gate -->\nfine"}
	want(t, f.apply(t, effect.Effect{Comment: &m}), fmt.Sprintf("commented on #%d", n))
	f.apply(t, effect.Effect{Comment: &effect.Comment{Thread: n, Body: "another"}})
	all, err := f.Comments(context.Background(), n)
	check(t, err)
	if len(all) != 2 || all[0].Body != m.Body || all[0].Author != f.me || all[1].Body != "another" {
		t.Fatalf("got %+v", all)
	}
	m = all[0]
	m.Body = "<!-- liaison gate -->\nbetter"
	want(t, f.apply(t, effect.Effect{Comment: &m}), fmt.Sprintf("updated the comment on #%d", n))
	got, err := f.Comment(context.Background(), m.ID)
	check(t, err)
	if got != m {
		t.Errorf("got %+v, want %+v", got, m)
	}
}

func newestStatus(t *testing.T, f *forge) {
	sha := f.commit(t, f.branch(t), "status.txt", "s\n")
	f.needs(t, "commits/"+sha+"/statuses")
	fine := effect.Status{SHA: sha, State: "success", Context: "liaison", Description: "fine"}
	bad := effect.Status{SHA: sha, State: "failure", Context: "liaison", Description: "2 mistakes"}
	other := effect.Status{SHA: sha, State: "pending", Context: "build"}
	for _, s := range []effect.Status{bad, other, fine} {
		f.apply(t, effect.Effect{Status: &s})
	}
	got, err := f.Statuses(context.Background(), sha)
	check(t, err)
	if len(got) != 2 || !slices.Contains(got, fine) || !slices.Contains(got, other) {
		t.Errorf("got %+v", got)
	}
}

func commitLeavesTheRest(t *testing.T, f *forge) {
	b := f.branch(t)
	f.commit(t, b, "requests/2026/a.yaml", "status: submitted\n")
	f.commit(t, b, "requests/2026/b.yaml", "status: accepted # <&> ü\n")
	sha := f.commit(t, b, "requests/2026/a.yaml", "status: done\n")
	want(t, f.file(t, "requests/2026/a.yaml", sha), "status: done\n")
	want(t, f.file(t, "requests/2026/b.yaml", sha), "status: accepted # <&> ü\n")
}

func commitOfNothing(t *testing.T, f *forge) {
	b := f.branch(t)
	was := f.commit(t, b, "a.yaml", "status: done\n")
	want(t, f.apply(t, effect.Effect{Commit: &effect.Commit{
		Branch: b, Parent: was, Message: "Again", Splices: []effect.Splice{{Path: "a.yaml", Content: []byte("status: done\n")}},
	}}), "found nothing to write on "+b)
	want(t, f.head(t, b), was)
}

func commitOnAnOldHead(t *testing.T, f *forge) {
	b := f.branch(t)
	old := f.head(t, b)
	now := f.commit(t, b, "a.yaml", "status: done\n")
	_, err := f.Apply(context.Background(), effect.Effect{Commit: &effect.Commit{
		Branch: b, Parent: old, Message: "Late", Splices: []effect.Splice{{Path: "b.yaml", Content: []byte("x\n")}},
	}})
	var moved *hub.Moved
	if !errors.As(err, &moved) || *moved != (hub.Moved{Branch: b, From: old, To: now}) {
		t.Errorf("got %v", err)
	}
	want(t, f.head(t, b), now)
}

func commitThatLoses(t *testing.T, f *forge) {
	b := f.branch(t)
	old, now := f.head(t, b), ""
	slow := f.client(t, racer{func() { now = f.commit(t, b, "faster.yaml", "x\n") }})
	_, err := slow.Apply(context.Background(), effect.Effect{Commit: &effect.Commit{
		Branch: b, Parent: old, Message: "Slow", Splices: []effect.Splice{{Path: "slow.yaml", Content: []byte("x\n")}},
	}})
	var moved *hub.Moved
	if !errors.As(err, &moved) || *moved != (hub.Moved{Branch: b, From: old, To: now}) {
		t.Errorf("got %v", err)
	}
	want(t, f.head(t, b), now)
}

func branchBegins(t *testing.T, f *forge) {
	tree := f.ask(t, http.MethodGet, "git/commits/"+f.head(t, "main"), nil)["tree"].(map[string]any)["sha"]
	if status, answer := f.try(t, http.MethodPost, "git/commits", map[string]any{"message": "x", "tree": tree}); f.peer && status >= 300 {
		t.Skipf("SKIPPED: the peer takes no commit without parents: %d %s", status, answer)
	}
	c := effect.Commit{
		Branch: fmt.Sprintf("liaison/witness-%d", f.number(t, "a witness", "")), Message: "Begin",
		Splices: []effect.Splice{{Path: "line.json", Content: []byte("{}\n")}, {Path: "pulls/0/1.json", Content: []byte("[]\n")}},
	}
	said := f.apply(t, effect.Effect{Commit: &c})
	head := f.head(t, c.Branch)
	want(t, said, fmt.Sprintf("wrote 2 files to %s in %s", c.Branch, head[:12]))
	want(t, f.file(t, "pulls/0/1.json", head), "[]\n")
	if parents, _ := f.ask(t, http.MethodGet, "git/commits/"+head, nil)["parents"].([]any); len(parents) != 0 {
		t.Errorf("it has parents: %v", parents)
	}
	c.Message = "Begin again"
	_, err := f.Apply(context.Background(), effect.Effect{Commit: &c})
	var moved *hub.Moved
	if !errors.As(err, &moved) || moved.To != head {
		t.Errorf("got %v", err)
	}
}

func commitNamesItsAuthor(t *testing.T, f *forge) {
	b := f.branch(t)
	f.apply(t, effect.Effect{Commit: &effect.Commit{
		Branch: b, Parent: f.head(t, b), Message: "Accept", Author: &account.Account{ID: 7, Login: "example-cl"},
		Splices: []effect.Splice{{Path: "a.yaml", Content: []byte("status: accepted\n")}},
	}})
	author, _ := f.ask(t, http.MethodGet, "git/commits/"+f.head(t, b), nil)["author"].(map[string]any)
	if author["name"] != "example-cl" || author["email"] != "7+example-cl@users.noreply.github.com" {
		t.Errorf("got %v", author)
	}
}

// open opens a pull request of two commits and returns its number and its head.
func (f *forge) open(t *testing.T) (number int, head string) {
	t.Helper()
	b := f.branch(t)
	f.commit(t, b, "requests/"+b+"-1.yaml", "status: submitted\n")
	head = f.commit(t, b, "requests/"+b+"-2.yaml", "status: submitted\n")
	n, _ := f.ask(t, http.MethodPost, "pulls", map[string]any{"title": "A banner", "head": b, "base": "main"})["number"].(float64)
	return int(n), head
}

// set closes or opens a pull request, which GitHub lets one do as an issue, too.
func (f *forge) set(t *testing.T, number int, state string) {
	t.Helper()
	ask := map[string]any{"state": state}
	if status, _ := f.try(t, http.MethodPatch, fmt.Sprintf("issues/%d", number), ask); status == http.StatusNotFound {
		f.ask(t, http.MethodPatch, fmt.Sprintf("pulls/%d", number), ask)
	}
}

// listed is the pull request of a number among those of a list; nil where it is not.
func listed(t *testing.T, number int) func([]hub.Pull, error) *hub.Pull {
	return func(list []hub.Pull, err error) *hub.Pull {
		t.Helper()
		check(t, err)
		if i := slices.IndexFunc(list, func(p hub.Pull) bool { return p.Number == number }); i >= 0 {
			return &list[i]
		}
		return nil
	}
}

func pullIsListed(t *testing.T, f *forge) {
	n, head := f.open(t)
	p := listed(t, n)(f.OpenPulls(context.Background()))
	if p == nil || p.Head != head || p.Title != "A banner" || p.Base != "main" || p.Author != f.me || !p.Open || p.Merged || p.Draft {
		t.Fatalf("got %+v", p)
	}
	f.set(t, n, "closed")
	if p := listed(t, n)(f.OpenPulls(context.Background())); p != nil {
		t.Errorf("a closed one is open: %+v", p)
	}
	if p := listed(t, n)(f.Pulls(context.Background(), p.Updated)); p == nil || p.Open || p.Merged {
		t.Errorf("among all it is %+v", p)
	}
}

// kinds are the kinds of entries, in order.
func kinds(p hub.Pull) []event.EntryKind {
	var out []event.EntryKind
	for _, e := range p.Entries {
		out = append(out, e.Kind)
	}
	return out
}

func pullTells(t *testing.T, f *forge) {
	n, head := f.open(t)
	f.needs(t, fmt.Sprintf("issues/%d/timeline", n))
	f.review(t, n, "Which wikis?")
	f.apply(t, effect.Effect{Comment: &effect.Comment{Thread: n, Body: "All of them"}})
	f.set(t, n, "closed")
	f.set(t, n, "open")
	p, err := f.Pull(context.Background(), n)
	check(t, err)
	if want := []event.EntryKind{event.Opened, event.Reviewed, event.Commented, event.Closed, event.Reopened}; !slices.Equal(kinds(p), want) {
		t.Fatalf("got %v, want %v", kinds(p), want)
	}
	for _, e := range p.Entries {
		if e.Actor != f.me || e.At.IsZero() {
			t.Errorf("nobody, or never: %+v", e)
		}
	}
	if e := p.Entries[1]; e.State != "commented" || e.SHA != head {
		t.Errorf("the review is %+v", e)
	}
	if e := p.Entries[3]; e.Text != "All of them" {
		t.Errorf("the closing is %+v", e)
	}
}

// lands merges a pull request of two commits; so many land.
func lands(t *testing.T, f *forge, style string, many int) {
	n, head := f.open(t)
	before := f.head(t, "main")
	f.ask(t, http.MethodPut, fmt.Sprintf("pulls/%d/merge", n), map[string]any{"merge_method": style})
	if p := listed(t, n)(f.Pulls(context.Background(), time.Time{})); p == nil || !p.Merged || p.Open || p.Head != head {
		t.Errorf("it is listed as %+v", p)
	}
	last := f.head(t, "main")
	if f.peer && many > 1 && f.parent(t, last) == before {
		t.Skip("SKIPPED: the peer lands a rebase as one commit")
	}
	first := last
	for range many - 1 {
		first = f.parent(t, first)
	}
	want(t, f.parent(t, first), before)

	f.needs(t, fmt.Sprintf("issues/%d/timeline", n))
	p, err := f.Pull(context.Background(), n)
	check(t, err)
	if !slices.Equal(kinds(p), []event.EntryKind{event.Opened, event.Merged}) {
		t.Fatalf("got %+v", p)
	}
	e := p.Entries[1]
	if e.First != first || e.Last != last || e.Actor != f.me || e.At.IsZero() {
		t.Errorf("got %+v, want %s to %s", e, first, last)
	}
}

// parent is the first parent of a commit.
func (f *forge) parent(t *testing.T, sha string) string {
	t.Helper()
	parents, _ := f.ask(t, http.MethodGet, "git/commits/"+sha, nil)["parents"].([]any)
	if len(parents) == 0 {
		t.Fatalf("%s has no parent", sha)
	}
	id, _ := parents[0].(map[string]any)["sha"].(string)
	return id
}
