package hub_test

import (
	"context"
	"errors"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/sim/github"
)

const mark = marker + " a -->"

// A write is one write, tried on a GitHub where it goes wrong.
type write struct {
	name  string
	match string // the request that does it
	first func(*testing.T, scene) effect.Effect
	done  func(*testing.T, scene) int // how often it was done
}

// writes is every write there is. Issue 1 is ours and open, pull request 2 bears a comment of
// ours, issue 3 is ours and closed.
func writes() []write {
	issues := func(is func(effect.Issue) bool) func(*testing.T, scene) int {
		return func(_ *testing.T, s scene) int {
			return len(slices.DeleteFunc(s.Issues(), func(i effect.Issue) bool { return !is(i) }))
		}
	}
	always := func(e effect.Effect) func(*testing.T, scene) effect.Effect {
		return func(*testing.T, scene) effect.Effect { return e }
	}
	comments := func(body string) func(*testing.T, scene) int {
		return func(_ *testing.T, s scene) int {
			return len(slices.DeleteFunc(s.Comments(2), func(m effect.Comment) bool { return m.Body != body }))
		}
	}
	const repo = "/repos/wikimedia/desk"
	return []write{
		{"a label", "POST " + repo + "/labels", always(effect.Effect{Label: &effect.Label{Name: "late", Color: "b60205"}}),
			func(t *testing.T, s scene) int {
				names, err := s.asBot(t).Labels(context.Background())
				check(t, err)
				return len(slices.DeleteFunc(names, func(n string) bool { return n != "late" }))
			}},
		{"a new issue", "POST " + repo + "/issues", always(effect.Effect{Open: &effect.Issue{Title: "late", Body: mark + "\nx", Labels: []string{"late"}}}),
			issues(func(i effect.Issue) bool { return i.Body == mark+"\nx" })},
		{"an issue that is updated", "PATCH " + repo + "/issues/1", always(effect.Effect{Update: &effect.Issue{Number: 1, Title: "later", Body: marker + "b", Labels: []string{"late"}}}),
			issues(func(i effect.Issue) bool { return i.Title == "later" && i.Body == marker+"b" && len(i.Labels) == 1 })},
		{"an issue that is closed", "PATCH " + repo + "/issues/1", always(effect.Effect{Close: &effect.IssueNumber{Number: 1}}),
			issues(func(i effect.Issue) bool { return i.Number == 1 && !i.Open })},
		{"an issue that is reopened", "PATCH " + repo + "/issues/3", always(effect.Effect{Reopen: &effect.IssueNumber{Number: 3}}),
			issues(func(i effect.Issue) bool { return i.Number == 3 && i.Open })},
		{"a new comment", "POST " + repo + "/issues/2/comments", always(effect.Effect{Comment: &effect.Comment{Thread: 2, Body: mark + "\nfine"}}),
			comments(mark + "\nfine")},
		{"a comment that is updated", "PATCH " + repo + "/issues/comments/*", func(_ *testing.T, s scene) effect.Effect {
			return effect.Effect{Comment: &effect.Comment{Thread: 2, ID: s.Comments(2)[0].ID, Body: marker + "better"}}
		}, comments(marker + "better")},
		{"a comment that is deleted", "DELETE " + repo + "/issues/comments/*", func(_ *testing.T, s scene) effect.Effect {
			return effect.Effect{Remove: &s.Comments(2)[0]}
		}, func(_ *testing.T, s scene) int { return 1 - len(s.Comments(2)) }},
		{"a status", "POST " + repo + "/statuses/*", func(t *testing.T, s scene) effect.Effect {
			return effect.Effect{Status: &effect.Status{SHA: s.main(t), State: "success", Context: "liaison", Description: "fine"}}
		}, func(t *testing.T, s scene) int { return len(s.Statuses(s.main(t))) }},
		{"a commit's tree", "POST " + repo + "/git/trees", writesBack, commits("main", 2)},
		{"a commit's object", "POST " + repo + "/git/commits", writesBack, commits("main", 2)},
		{"a commit's branch", "PATCH " + repo + "/git/refs/heads/main", writesBack, commits("main", 2)},
		{"a new branch", "POST " + repo + "/git/refs", always(effect.Effect{Commit: &effect.Commit{
			Branch: "liaison/witness", Message: "Begin", Splices: []effect.Splice{{Path: "line.json", Content: []byte("{}\n")}},
		}}), commits("liaison/witness", 1)},
	}
}

func writesBack(t *testing.T, s scene) effect.Effect { return effect.Effect{Commit: s.writeBack(t)} }

// commits counts what a branch has more than one commit less than n.
func commits(branch string, n int) func(*testing.T, scene) int {
	return func(t *testing.T, s scene) int {
		id, ok := s.repo.Ref("refs/heads/" + branch)
		count := 0
		for ok {
			count++
			c, err := s.repo.ReadCommit(id)
			check(t, err)
			if ok = len(c.Parents) > 0; ok {
				id = c.Parents[0]
			}
		}
		return count - n + 1
	}
}

// newDeskAtWork is a scene with what the writes need.
func newDeskAtWork(t *testing.T) scene {
	t.Helper()
	s := newScene(t)
	_, err := s.OpenIssue(bot.Login, noon, "late", marker+"b")
	check(t, err)
	_, err = s.OpenPull("alice", noon, "banner", map[string][]byte{"requests/2026/b.yaml": []byte("status: submitted\n")})
	check(t, err)
	check(t, s.Comment(2, bot.Login, noon, marker+"good"))
	_, err = s.OpenIssue(bot.Login, noon, "late", marker+"c")
	check(t, err)
	check(t, s.HumanClose(3, bot.Login))
	return s
}

// waiting is the bot's client, whose waits move GitHub's clock on.
func (s scene) waiting(t *testing.T) *hub.Client {
	t.Helper()
	now := noon
	c, err := hub.New(hub.Config{API: s.url, Token: "token-of-" + bot.Login, Owner: "wikimedia", Name: "desk", Clock: hub.Clock{
		Now: func() time.Time { return now },
		Sleep: func(ctx context.Context, d time.Duration) error {
			now = now.Add(d)
			s.Advance(d)
			return ctx.Err()
		},
	}})
	check(t, err)
	return c
}

// sent counts the requests that a pattern matches.
func (s scene) sent(match string) int {
	return len(slices.DeleteFunc(s.Log(), func(c github.Call) bool {
		ok, _ := path.Match(match, c.Method+" "+c.Path)
		return !ok
	}))
}

// wireFaults is every fault of the connection or of GitHub itself, and how often a write is
// sent that meets it once.
func wireFaults() map[github.Fault]int {
	return map[github.Fault]int{
		github.LostRequest: 2, github.LostAnswer: 1, github.Truncated: 1,
		github.Before500: 2, github.Before502: 2, github.Before503: 2,
		github.After500: 1, github.After502: 1, github.After503: 1,
		github.Secondary: 2, github.SecondaryIn: 2, github.TooManyIn: 2, github.TooManyAt: 2,
	}
}

func TestAWriteThatMeetsAFaultIsDoneOnce(t *testing.T) {
	for _, d := range writes() {
		object := strings.Contains(d.match, "/git/trees") || strings.Contains(d.match, "/git/commits")
		for fault, times := range wireFaults() {
			t.Run(d.name+", "+string(fault), func(t *testing.T) {
				s := newDeskAtWork(t)
				e := d.first(t, s)
				if n := d.done(t, s); n != 0 {
					t.Fatalf("it was done %d times before", n)
				}
				s.Reset()
				s.Plan(github.Plan{Fault: fault, Match: d.match})
				_, err := s.waiting(t).Apply(context.Background(), e)
				check(t, err)
				if n := d.done(t, s); n != 1 {
					t.Errorf("it was done %d times", n)
				}
				if object {
					times = 2 // nothing names a Git object yet: to make it twice does no harm
				}
				if n := s.sent(d.match); n != times {
					t.Errorf("it was sent %d times, want %d", n, times)
				}
				if left := s.Unfired(); len(left) > 0 {
					t.Errorf("never happened: %v", left)
				}
			})
		}
	}
}

func TestAWriteThatMeetsAFaultForEverIsDoneAtMostOnce(t *testing.T) {
	for _, d := range writes() {
		for fault := range wireFaults() {
			t.Run(d.name+", "+string(fault), func(t *testing.T) {
				s := newDeskAtWork(t)
				e := d.first(t, s)
				s.Reset()
				s.Plan(github.Plan{Fault: fault, Match: d.match, Forever: true})
				c := s.waiting(t)
				_, err := c.Apply(context.Background(), e)
				switch n := d.done(t, s); {
				case n > 1:
					t.Errorf("it was done %d times", n)
				case (n == 1) != (err == nil):
					t.Errorf("it was done %d times, but said: %v", n, err)
				}
				if n := s.sent(d.match); n > 6 {
					t.Errorf("it was sent %d times", n)
				}
				s.Heal()
				if d.done(t, s) == 0 {
					s.Advance(time.Hour)
					_, err := s.waiting(t).Apply(context.Background(), e)
					check(t, err)
				}
				if n := d.done(t, s); n != 1 {
					t.Errorf("after the fault it was done %d times", n)
				}
			})
		}
	}
}

// A list that lags behind does not show at once what was written.
func TestALostWriteIsFoundInAListThatLags(t *testing.T) {
	for _, d := range writes() {
		t.Run(d.name, func(t *testing.T) {
			s := newDeskAtWork(t)
			e := d.first(t, s)
			s.Lag(0, 5*time.Second)
			s.Reset()
			s.Plan(github.Plan{Fault: github.LostAnswer, Match: d.match})
			_, err := s.waiting(t).Apply(context.Background(), e)
			check(t, err)
			s.Advance(time.Minute)
			if n := d.done(t, s); n != 1 {
				t.Errorf("it was done %d times", n)
			}
		})
	}
}

// Whatever a person or another run does in between, a write says so and does no other.
func TestWhatOthersDoInBetweenIsSaid(t *testing.T) {
	for _, tt := range []struct {
		write string
		fault github.Fault
		want  string
	}{
		{"a commit's branch", github.MovedRef, "main moved from"},
		{"an issue that is updated", github.Deleted, "update #1: GitHub answered 410"},
		{"an issue that is closed", github.Transferred, "it redirects a write to"},
		{"a new comment", github.Locked, "a person locked it: unlock it, or let this identity write to wikimedia/desk"},
		{"an issue that is closed", github.Closed, ""},
		{"a new issue", github.Unlabelled, ""},
	} {
		t.Run(tt.write+", "+string(tt.fault), func(t *testing.T) {
			s := newDeskAtWork(t)
			check(t, s.Label(1, bot.Login, noon, "late"))
			d := writes()[slices.IndexFunc(writes(), func(d write) bool { return d.name == tt.write })]
			e := d.first(t, s)
			s.Plan(github.Plan{Fault: tt.fault, Match: d.match})
			_, err := s.waiting(t).Apply(context.Background(), e)
			if tt.want == "" && err != nil || !strings.Contains(text(err), tt.want) {
				t.Errorf("said %q, want %q", text(err), tt.want)
			}
			if left := s.Unfired(); len(left) > 0 {
				t.Errorf("never happened: %v", left)
			}
		})
	}
}

// A stranger may write our marker; what is theirs is not taken for ours.
func TestALostWriteIsNotFoundInWhatAStrangerWrote(t *testing.T) {
	for _, name := range []string{"a new issue", "a new comment"} {
		s := newDeskAtWork(t)
		_, err := s.OpenIssue("alice", noon, "late", mark+"\nforged")
		check(t, err)
		check(t, s.Comment(2, "alice", noon, mark+"\nforged"))
		d := writes()[slices.IndexFunc(writes(), func(d write) bool { return d.name == name })]
		s.Plan(github.Plan{Fault: github.LostRequest, Match: d.match})
		said, err := s.waiting(t).Apply(context.Background(), d.first(t, s))
		check(t, err)
		if n := d.done(t, s); n != 1 {
			t.Errorf("%s: done %d times, but said %q", name, n, said)
		}
	}
}

// Two runs that saw the same head: one wins, the other is told to look again.
func TestOfTwoCommitsOnOneHeadOneIsMoved(t *testing.T) {
	s := newScene(t)
	c := s.writeBack(t)
	s.apply(t, effect.Effect{Commit: c})
	_, err := s.asBot(t).Apply(context.Background(), effect.Effect{Commit: &effect.Commit{
		Branch: c.Branch, Parent: c.Parent, Message: "other", Splices: []effect.Splice{{Path: "b", Content: []byte("b\n")}},
	}})
	var moved *hub.Moved
	if !errors.As(err, &moved) || moved.From != c.Parent || moved.To != s.main(t) {
		t.Errorf("got %v", err)
	}
}

// A client keeps under GitHub's limits by itself, and is never refused.
func TestTheClientIsNeverRefusedForItsPace(t *testing.T) {
	s := newDeskAtWork(t)
	s.Throttle()
	c := s.waiting(t)
	for i := range 120 {
		e := effect.Effect{Status: &effect.Status{SHA: s.main(t), State: "success", Context: string(rune('a' + i%26))}}
		_, err := c.Apply(context.Background(), e)
		check(t, err)
	}
	if got := c.Spent(); got.Retries != 0 || got.Calls != 120 {
		t.Errorf("spent %+v", got)
	}
}

// The primary limit: the last request of the hour, and what is left for the next.
func TestAnHourThatIsSpentPutsTheRestOff(t *testing.T) {
	for _, status := range []int{403, 429} {
		s := newDeskAtWork(t)
		s.Limit(3, status)
		c := s.waiting(t)
		for range 3 {
			_, err := c.Labels(context.Background())
			check(t, err)
		}
		_, err := c.Labels(context.Background())
		var late *hub.Deferral
		if !errors.As(err, &late) || !late.Until.Equal(noon.Add(time.Hour+time.Second)) {
			t.Errorf("%d: got %v", status, err)
		}
		if n := len(s.Log()); n != 3 {
			t.Errorf("%d: %d requests, want 3: it said before that nothing remains", status, n)
		}
	}
}
