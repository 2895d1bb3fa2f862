package app_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	simdesk "github.com/commrel/liaison/action/internal/sim/desk"
	"github.com/commrel/liaison/action/internal/sim/github"
)

// What a stranger may try on a desk (docs/security.md, "Promises").

const day = 24 * time.Hour

// watched is a street whose witness has begun.
func watched(t *testing.T) *street {
	t.Helper()
	s := newStreet(t)
	s.liaison(0, "witness", "start", "--apply")
	return s
}

// proposes opens a pull request of a stranger.
func (s *street) proposes(files map[string][]byte) {
	s.t.Helper()
	_, err := s.world.OpenPull("example-stranger", s.now, "Trust me", files)
	s.do(err)
}

// posts asks the world's API for something as somebody.
func (s *street) posts(token, path string, body map[string]string) {
	s.t.Helper()
	b, err := json.Marshal(body)
	s.do(err)
	req, err := http.NewRequest(http.MethodPost, s.env["GITHUB_API_URL"]+"repos/"+simdesk.Owner+"/"+simdesk.Name+path, bytes.NewReader(b))
	s.do(err)
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	s.do(err)
	s.do(resp.Body.Close())
	if resp.StatusCode != http.StatusCreated {
		s.t.Fatalf("POST %s: %s", path, resp.Status)
	}
}

// titles are those of the open issues that contain some words.
func (s *street) titles(words string) (out []string) {
	for _, i := range s.world.Issues() {
		if i.Open && strings.Contains(i.Title, words) {
			out = append(out, i.Title)
		}
	}
	return out
}

func TestAPullRequestOfADeletedAccountDoesNotPass(t *testing.T) {
	t.Parallel()
	s := watched(t)
	s.proposes(map[string][]byte{"roster/people/example-stranger.yaml": []byte("name: Example Stranger\ngithub: example-stranger\ngithub_id: 9000000022\nroles: [{role: manager, from: 2020-01-01}]\nconsent: {date: 2026-01-01}\n")})
	s.says("#1 failure", "gate", "--pull", "1", "--apply")
	s.do(s.world.DeleteAccount("example-stranger"))
	s.after(time.Hour)
	s.says("#1 failure", "gate", "--pull", "1", "--apply")
	if c := s.answer(); !strings.Contains(c, "is gone") {
		t.Errorf("the comment does not say why:\n%s", c)
	}
}

func TestPullRequestsWithOneHeadHaveTheStrictestStatus(t *testing.T) {
	t.Parallel()
	s := watched(t)
	s.proposes(asked("requester: example-cl-noor"))
	head, _, _ := strings.Cut(s.git("rev-parse", "refs/pull/1/head"), "\n")
	s.world.Token("noor", "example-cl-noor")
	s.posts("noor", "/git/refs", map[string]string{"ref": "refs/heads/noor-1", "sha": head})
	s.posts("noor", "/pulls", map[string]string{"title": "The same, by a liaison", "head": "noor-1", "base": "main"})
	s.says("#2 failure: #1, which has this head too", "gate", "--sweep", "--apply")
	s.says("Nothing to do", "gate", "--sweep", "--apply")
	if got := s.world.Statuses(head); len(got) != 1 || got[0].State != "failure" {
		t.Errorf("the statuses are %+v", got)
	}
}

func TestAPullRequestThatIsTooLargeStopsNoOther(t *testing.T) {
	t.Parallel()
	s := watched(t)
	s.proposes(asked())
	for range 150 {
		s.do(s.world.ClosePull(1, "example-stranger", s.after(time.Hour), strings.Repeat("x", 60_000)))
		s.do(s.world.ReopenPull(1, "example-stranger", s.after(time.Hour)))
	}
	s.after(time.Hour)
	s.liaison(0, "reconcile", "--apply")
	s.after(time.Hour)
	s.liaison(0, "reconcile", "--apply")
	s.liaison(0, "events")
}

func TestATitleThatReadsLikeAReportIsNone(t *testing.T) {
	t.Parallel()
	s := watched(t)
	forged := "title: \"as of 2026-07-20T00:00:00Z Made from: main `a`, witness `deadbeef00`, as of 2026-07-20T00:00:00Z, engine 1\"\n"
	_, rest, _ := strings.Cut(string(asked()[toolbar]), "team:")
	s.proposes(map[string][]byte{toolbar: []byte(forged + "team:" + rest)})
	s.after(15 * day) // of the week before, the title stands in the report
	s.liaison(0, "reconcile", "--apply")
	s.after(7 * day)
	s.liaison(0, "reconcile", "--apply")
	if got := s.titles("was rewritten"); len(got) > 0 {
		t.Errorf("a title raised the alarm %q", got)
	}
	for _, i := range s.world.Issues() {
		if i.Title == "SLA report" && !strings.Contains(i.Body, "`, as of 2026-07-20T00:00:00Z, engine 0") {
			t.Errorf("the report of this week was not made:\n%s", i.Body)
		}
	}
}

func TestAPullRequestPointedElsewhereIsLookedAtStill(t *testing.T) {
	t.Parallel()
	s := watched(t)
	s.open()
	s.liaison(0, "reconcile", "--apply")
	s.do(s.world.Retarget(1, "example-pm-dana", s.after(time.Hour), "liaison/witness"))
	s.do(s.world.Comment(1, "example-cl-noor", s.after(time.Hour), "Why there?"))
	s.after(8 * day)
	s.liaison(0, "reconcile", "--apply")
	s.says("responded by example-cl-noor", "explain", "example-toolbar")
	if got := s.titles("Late"); len(got) > 0 {
		t.Errorf("it was answered, and is called %q", got)
	}
}

func TestWhatAStrangerProposesCallsNobody(t *testing.T) {
	t.Parallel()
	s := watched(t)
	s.proposes(map[string][]byte{
		"requests/2026/a.yaml": []byte("title: .nan\n"), "requests/2026/b.yaml": []byte("\xff\xfe"),
		"requests/2026/[skip ci] @all.yaml": []byte("{}\n"), "requests/2026/\xff.yaml": []byte("{}\n"),
	})
	s.after(8 * day)
	s.liaison(0, "reconcile", "--apply")
	s.after(time.Hour)
	s.says("Nothing to do", "reconcile", "--apply")
	if got := s.titles("Cannot be judged"); len(got) > 0 {
		t.Errorf("what has not landed is called %q", got)
	}
	s.says("#1 failure", "gate", "--pull", "1", "--apply")
}

func TestAnOldPullRequestTakesNoNameFromOthers(t *testing.T) {
	t.Parallel()
	s := watched(t)
	s.proposes(map[string][]byte{"requests/2026/example-mine.yaml": asked()[toolbar]})
	s.after(time.Hour)
	s.open()
	s.after(8 * day)
	s.liaison(0, "reconcile", "--apply")
	before := s.titles("Late")
	s.do(s.world.PushPull(1, "example-stranger", s.after(time.Hour), "Squat", asked("priority: high")))
	s.after(time.Hour)
	s.liaison(0, "reconcile", "--apply")
	if out := s.liaison(0, "events"); !strings.Contains(out, toolbar+",filed,,submitted,example-pm-dana") {
		t.Errorf("the record goes by another name:\n%s", out)
	}
	if after := s.titles("Late"); len(after) > len(before)+1 {
		t.Errorf("%q became %q", before, after)
	}
}

func TestACommandIsWitnessedThoughAnotherRunWasFaster(t *testing.T) {
	t.Parallel()
	s := merged(t)
	s.liaison(0, "reconcile", "--apply")
	s.world.Plan(github.Plan{Fault: github.MovedRef, Match: "PATCH /repos/*/*/git/refs/heads/liaison/witness"})
	s.comment("example-cl-noor", "/assign @example-cl-noor")
	if left := s.world.Unfired(); len(left) > 0 {
		t.Fatalf("nobody was faster: %+v", left)
	}
	if kept := s.git("show", "liaison/witness:pulls/0/1.json"); !strings.Contains(kept, `"kind": "commanded"`) {
		t.Errorf("whose comment was obeyed is not kept:\n%s", kept)
	}
}

func TestWhatComesFromTheFutureDoesNotCountYet(t *testing.T) {
	t.Parallel()
	s := merged(t)
	s.liaison(0, "reconcile", "--apply", "--only", "witness")
	s.says("1 effect planned", "reconcile", "--only", "status")
	_, err := s.world.Push("example-intern", s.now.Add(400*day), "From the future", asked("priority: high"))
	s.do(err)
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	s.do(os.WriteFile(rules, []byte(s.git("show", "main:.github/liaison.yaml")), 0o600))
	for _, flags := range [][]string{nil, {"--config", rules}} {
		s.says("Nothing to do", append([]string{"reconcile", "--only", "status"}, flags...)...)
		s.comment("example-cl-noor", "/assign @example-cl-noor", flags...)
		if got := s.answer(); !strings.Contains(got, "claim to have landed after now") {
			t.Errorf("%q: the answer is\n%s", flags, got)
		}
	}
}
