package app_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/app"
	"github.com/commrel/liaison/action/internal/effect"
	simdesk "github.com/commrel/liaison/action/internal/sim/desk"
	"github.com/commrel/liaison/action/internal/sim/git"
	"github.com/commrel/liaison/action/internal/sim/github"
)

// A busy desk is one at which a run finds everything to do that there is to do. It is made
// once, and copied for each time that something goes wrong.
type busy struct {
	t     *testing.T
	world *github.World
	repo  string
	url   string // of its GitHub

	mu  sync.Mutex
	now time.Time
}

// disaster is when the run begins that something may happen to.
var disaster = time.Date(2026, time.July, 15, 9, 0, 0, 0, time.UTC)

// newBusy plays the story up to then. What the run finds: #1 landed, is at risk since
// yesterday, and a stranger has declared it done, which is refused; the file is to say so.
// #2 was late and is answered: its issue is to be closed. #3 is late and has another title:
// its issue is to be updated. #4 is late since yesterday, and #5 is an issue that a stranger
// made to look like the one that is to be opened. #10 is new.
func newBusy(t *testing.T) *busy {
	t.Helper()
	s := newStreet(t)
	b := (&busy{t: t, world: s.world, repo: s.repo}).served(s.world.Handler())
	at := func(day string) time.Time {
		moment, err := time.Parse("2006-01-02 15:04", "2026-"+day)
		s.do(err)
		s.world.SetNow(moment)
		b.now = moment
		return moment
	}
	file := func(slug, title, more string) map[string][]byte {
		text := strings.Replace(string(asked()[toolbar]), "the example toolbar", title, 1) + "goal: none\n" + more
		return map[string][]byte{"requests/2026/example-" + slug + ".yaml": []byte(text)}
	}
	open := func(day, login, slug string, files map[string][]byte) int {
		n, err := s.world.OpenPull(login, at(day), "Request: "+slug, files)
		s.do(err)
		return n
	}
	at("05-01 09:00")
	b.ends(0, "1", "witness", "start", "--apply")
	landed := open("05-28 09:00", "example-pm-dana", "landed", file("landed", "something", ""))
	s.do(s.world.Merge(landed, "example-cl-noor", at("05-29 09:00"), "squash"))
	answered := open("06-30 09:00", "example-pm-dana", "answered", file("answered", "something", ""))
	renamed := open("07-01 09:00", "example-pm-dana", "renamed", file("renamed", "something", ""))
	open("07-07 10:00", "example-pm-dana", "late", file("late", "something", ""))
	forged := effect.Key{Kind: effect.Breach, Record: "requests/2026/example-late.yaml", Target: "first-response", Cycle: 1}.Marker()
	_, err := s.world.OpenIssue("example-stranger", at("07-08 09:00"), "Late: nothing", forged+"\nIt looks like one of the desk's.\n")
	s.do(err)
	at("07-09 09:00")
	b.ends(0, "2", "reconcile", "--apply", "--only", "witness,issues")
	b.ends(0, "3", "gate", "--pull", "3", "--apply")
	s.do(s.world.Comment(answered, "example-cl-noor", at("07-10 09:00"), "Thank you."))
	s.do(s.world.PushPull(renamed, "example-pm-dana", at("07-10 10:00"), "Say it better", file("renamed", "something else", "")))
	theft := open("07-11 09:00", "example-stranger", "theft", file("landed", "something", "status: done\noutcome: It is done.\n"))
	s.do(s.world.Merge(theft, "example-cl-noor", at("07-11 10:00"), "merge"))
	open("07-14 09:00", "example-pm-ada", "new", file("new", "something new", ""))
	b.now = disaster
	s.world.SetNow(disaster)
	s.do(b.git().Pack()) // it is copied many times
	return b
}

// served gives a desk an address of its own.
func (b *busy) served(h http.Handler) *busy {
	server := httptest.NewServer(h)
	b.t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

// copied is the same desk, to which other things happen.
func (b *busy) copied(t *testing.T) *busy {
	t.Helper()
	out := &busy{t: t, repo: filepath.Join(t.TempDir(), "desk.git"), now: b.now}
	var err error
	if out.world, err = b.world.Copy(out.repo); err != nil {
		t.Fatal(err)
	}
	return out.served(out.world.Handler())
}

// after lets time pass.
func (b *busy) after(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
	b.world.SetNow(b.now)
}

func (b *busy) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

// run is the program at work as one run of many, with its exit code and all that it says.
// What it waits, the clocks move on.
func (b *busy) run(ctx context.Context, id string, args ...string) (int, string) {
	return b.runAt(ctx, b.url, id, args...)
}

func (b *busy) runAt(ctx context.Context, url, id string, args ...string) (int, string) {
	env := map[string]string{
		"GITHUB_API_URL": url + "/", "GITHUB_SERVER_URL": "https://github.example", "GITHUB_TOKEN": simdesk.Token,
		"GITHUB_REPOSITORY": simdesk.Owner + "/" + simdesk.Name, "GITHUB_RUN_ID": id, "GITHUB_RUN_ATTEMPT": "1",
	}
	var out bytes.Buffer
	a := &app.App{Stdin: strings.NewReader(""), Definitions: compiled, Stdout: &out, Stderr: &out, Now: b.clock,
		Getenv: func(k string) string { return env[k] },
		Sleep: func(ctx context.Context, d time.Duration) error {
			b.after(d)
			return ctx.Err()
		}}
	code := a.Run(ctx, append(args, "--repo", b.repo))
	return code, out.String()
}

// ends runs the program, which must end with an exit code.
func (b *busy) ends(code int, id string, args ...string) string {
	b.t.Helper()
	got, out := b.run(context.Background(), id, args...)
	if got != code {
		b.t.Fatalf("run %s, liaison %s: exit code %d, expected %d\n%s", id, strings.Join(args, " "), got, code, out)
	}
	return out
}

// A scene is what people find at a desk, without what two runs may well do in another way:
// numbers of issues, commits, and times.
type scene struct {
	Files    map[string]string   // of the default branch, by path
	Pulls    map[string]string   // of the witness, by path
	Claims   map[string]bool     // by key: whether it has a number
	Issues   map[string][]string // the open ones of ours, by key
	Others   []string            // issues of others
	Comments map[int][]string    // by pull request
	Statuses map[int]string      // likewise: the newest
}

// marked is the key of an issue of ours; "" for any other.
func marked(i effect.Issue) string {
	key, ok := effect.KeyOf(i.Body)
	if !ok || i.Author.Type != "Bot" {
		return ""
	}
	return key.String()
}

// madeFrom is what a report says of the commits that it was made from.
var madeFrom = regexp.MustCompile(`Made from: .*`)

// against is what a comment says of the head of the default branch.
var against = regexp.MustCompile("against `[0-9a-f]+`")

// clone shares no map.
func (s scene) clone() scene {
	s.Issues, s.Comments, s.Statuses = maps.Clone(s.Issues), maps.Clone(s.Comments), maps.Clone(s.Statuses)
	return s
}

// lines is all that is seen, each line with where it stands; of things that are there several
// times each is counted.
func (s scene) lines() []string {
	var out []string
	add := func(where, text string) {
		for i, line := range strings.Split(text, "\n") {
			out = append(out, fmt.Sprintf("%s, line %d: %s", where, i+1, line))
		}
	}
	each := func(what string, texts map[string]string) {
		for _, key := range slices.Sorted(maps.Keys(texts)) {
			add(what+" "+key, texts[key])
		}
	}
	each("file", s.Files)
	each("witness", s.Pulls)
	for _, key := range slices.Sorted(maps.Keys(s.Claims)) {
		add("claim "+key, fmt.Sprintf("opened: %t", s.Claims[key]))
	}
	for _, key := range slices.Sorted(maps.Keys(s.Issues)) {
		for i, text := range s.Issues[key] {
			add(fmt.Sprintf("issue %s, number %d", key, i+1), text)
		}
	}
	for i, text := range s.Others {
		add(fmt.Sprintf("issue of others, number %d", i+1), text)
	}
	for _, n := range slices.Sorted(maps.Keys(s.Comments)) {
		for i, text := range s.Comments[n] {
			add(fmt.Sprintf("#%d, comment %d", n, i+1), text)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(s.Statuses)) {
		add(fmt.Sprintf("#%d, status", n), s.Statuses[n])
	}
	return out
}

// taken are the keys whose issue a person closed or took away.
func (b *busy) taken() map[string]bool {
	b.t.Helper()
	here, out := map[int]bool{}, map[string]bool{}
	for _, i := range b.world.Issues() {
		here[i.Number] = true
		if key := marked(i); key != "" && !i.Open && i.ClosedBy.Type != "Bot" {
			out[key] = true
		}
	}
	for _, c := range b.claims() {
		if c.Number > 0 && !here[c.Number] {
			out[c.Key] = true
		}
	}
	return out
}

// meddled are the pull requests that a person has closed or locked since the disaster.
func (b *busy) meddled() map[int]string {
	b.t.Helper()
	out := map[int]string{}
	for _, n := range []int{2, 3, 4, 10} {
		var pull struct {
			State  string
			Locked bool
		}
		resp, err := http.Get(fmt.Sprintf("%s/repos/%s/%s/issues/%d", b.url, simdesk.Owner, simdesk.Name, n))
		if err != nil {
			b.t.Fatal(err)
		}
		err = json.NewDecoder(resp.Body).Decode(&pull)
		if err = cmp.Or(err, resp.Body.Close()); err != nil {
			b.t.Fatal(err)
		}
		switch {
		case pull.State == "closed":
			out[n] = "closed"
		case pull.Locked:
			out[n] = "locked"
		}
	}
	return out
}

// sees looks at everything.
func (b *busy) sees() scene {
	b.t.Helper()
	out := scene{Files: map[string]string{}, Pulls: map[string]string{}, Claims: map[string]bool{},
		Issues: map[string][]string{}, Comments: map[int][]string{}, Statuses: map[int]string{}}
	for p, content := range b.branch("main") {
		if !strings.HasPrefix(p, "meanwhile/") {
			out.Files[p] = content
		}
	}
	for p, content := range b.branch("liaison/witness") {
		if strings.HasPrefix(p, "pulls/") {
			out.Pulls[p] = content
		}
	}
	for _, c := range b.claims() {
		out.Claims[c.Key] = c.Number > 0
	}
	for _, i := range b.world.Issues() {
		if i.Author.Type != "Bot" {
			out.Others = append(out.Others, fmt.Sprintf("%s\n%s, open: %t\n%s", i.Title, strings.Join(i.Labels, ", "), i.Open, i.Body))
		}
		if key := marked(i); key != "" && i.Open {
			slices.Sort(i.Labels)
			text := i.Title + "\n" + strings.Join(i.Labels, ", ") + "\n" + i.Body
			out.Issues[key] = append(out.Issues[key], madeFrom.ReplaceAllString(text, "Made from: …"))
		}
	}
	for n := 1; n <= 10; n++ { // as many issues and pull requests as the story has
		head, pull := b.git().Ref(fmt.Sprintf("refs/pull/%d/head", n))
		for _, c := range b.world.Comments(n) {
			out.Comments[n] = append(out.Comments[n], c.Author.Login+": "+against.ReplaceAllString(c.Body, "against `…`"))
		}
		for _, s := range b.world.Statuses(head) {
			if pull {
				out.Statuses[n] = s.State + ": " + s.Description
			}
		}
	}
	return out
}

func (b *busy) git() *git.Repo {
	b.t.Helper()
	repo, err := git.Open(b.repo)
	if err != nil {
		b.t.Fatal(err)
	}
	return repo
}

// branch is the files of a branch; those that no run touches are left out.
func (b *busy) branch(name string) map[string]string {
	b.t.Helper()
	repo := b.git()
	tip, ok := repo.Ref("refs/heads/" + name)
	if !ok {
		b.t.Fatalf("the branch %s is gone", name)
	}
	files, err := repo.Files(tip)
	if err != nil {
		b.t.Fatal(err)
	}
	out := map[string]string{}
	for p, id := range files {
		if dir := path.Dir(p); strings.HasPrefix(dir, "schemas") || strings.HasPrefix(dir, "roster") {
			out[p] = id
			continue
		}
		content, err := repo.ReadBlob(id)
		if err != nil {
			b.t.Fatal(err)
		}
		out[p] = string(content)
	}
	return out
}

// claims are those on the witness branch.
func (b *busy) claims() []effect.Claim {
	b.t.Helper()
	var out []effect.Claim
	for p, content := range b.branch("liaison/witness") {
		if strings.HasPrefix(p, "claims/") {
			var c effect.Claim
			if err := json.Unmarshal([]byte(content), &c); err != nil {
				b.t.Fatal(err)
			}
			out = append(out, c)
		}
	}
	return out
}
