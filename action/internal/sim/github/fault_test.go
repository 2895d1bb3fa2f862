package github_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/sim/github"
)

func TestEveryFaultStrikesAsItSays(t *testing.T) {
	for _, tt := range []struct {
		fault  github.Fault
		status int // 0: no answer
		want   string
		done   int // how many issues there are then
	}{
		{github.LostRequest, 0, "EOF", 1},
		{github.LostAnswer, 0, "EOF", 2},
		{github.Before500, 500, "Server Error", 1},
		{github.Before502, 502, "<html>", 1},
		{github.Before503, 503, "<html>", 1},
		{github.After500, 500, "Server Error", 2},
		{github.After502, 502, "<html>", 2},
		{github.After503, 503, "<html>", 2},
		{github.Secondary, 403, "secondary rate limit", 1},
		{github.SecondaryIn, 403, "Retry-After: 60", 1},
		{github.TooManyIn, 429, "Retry-After: 60", 1},
		{github.TooManyAt, 429, "Retry-After: Wed, 08 Jul 2026 09:01:00 GMT", 1},
		{github.Truncated, 0, "unexpected EOF", 2},
		{github.Doubled, 201, `"number":4`, 3},
		{github.MovedRef, 201, `"number":3`, 2},
		{github.Closed, 201, `"number":3`, 2},
		{github.Locked, 201, `"number":3`, 2},
		{github.Deleted, 201, `"number":3`, 1},
		{github.Transferred, 201, `"number":3`, 1},
		{github.Unlabelled, 201, `"number":3`, 2},
	} {
		t.Run(string(tt.fault), func(t *testing.T) {
			w, _ := play(t, "merge")
			_, err := w.OpenIssue("desk[bot]", at(8, 9), "late", "", "late")
			check(t, err)
			c := call(t, w)
			w.Plan(github.Plan{Fault: tt.fault, Match: "POST /repos/*/*/issues"})
			c.send("GET", "issues", "")
			if len(w.Unfired()) != 1 {
				t.Error("it fired too early")
			}
			status, text, _, err := c.try("POST", "issues", `{"title":"x"}`)
			if err != nil {
				text += err.Error()
			}
			if status != tt.status || !strings.Contains(text, tt.want) {
				t.Errorf("%d %s", status, text)
			}
			if n := len(w.Issues()); n != tt.done {
				t.Errorf("%d issues", n)
			}
			if len(w.Unfired()) != 0 {
				t.Error("it did not fire")
			}
			if status, _, _ := c.send("GET", "issues", ""); status != 200 {
				t.Errorf("once was not enough: %d", status)
			}
		})
	}
}

func TestAHumanIsFaster(t *testing.T) {
	for _, tt := range []struct {
		fault              github.Fault
		method, path, body string
		status             int
		want               string
	}{
		{github.Closed, "PATCH", "issues/2", `{"body":"x"}`, 200, `"state":"closed"`},
		{github.Locked, "POST", "issues/2/comments", `{"body":"x"}`, 403, "issue is locked"},
		{github.Deleted, "PATCH", "issues/2", `{"body":"x"}`, 410, "This issue was deleted"},
		{github.Transferred, "GET", "issues/2", ``, 404, "Not Found"}, // where it leads to, nobody may look
		{github.Unlabelled, "GET", "issues/2", ``, 200, `"labels":[]`},
	} {
		w, _ := play(t, "merge")
		_, err := w.OpenIssue("desk[bot]", at(8, 9), "late", "", "late")
		check(t, err)
		c := call(t, w)
		w.Plan(github.Plan{Fault: tt.fault, Call: 1})
		if status, text, _ := c.send(tt.method, tt.path, tt.body); status != tt.status || !strings.Contains(text, tt.want) {
			t.Errorf("%s: %d %s", tt.fault, status, text)
		}
	}
}

func TestABranchMovesJustBefore(t *testing.T) {
	w, r := play(t, "merge")
	c := call(t, w)
	main, _ := r.Ref("refs/heads/main")
	commit, err := w.Push("carol", at(8, 9), "mine", map[string][]byte{"x": []byte("y")})
	check(t, err)
	check(t, r.SetRef("refs/heads/main", main))
	w.Plan(github.Plan{Fault: github.MovedRef, Match: "PATCH /repos/*/*/git/refs/heads/main"})
	if status, text, _ := c.send("PATCH", "git/refs/heads/main", `{"sha":"`+commit+`"}`); status != 422 || !strings.Contains(text, "not a fast forward") {
		t.Errorf("%d %s", status, text)
	}
	now, _ := r.Ref("refs/heads/main")
	if parents, err := r.Parents(now); err != nil || parents[0] != main {
		t.Errorf("main is at %s", now)
	}
}

func TestAStaleListShowsWhatWasBeforeTheLastWrite(t *testing.T) {
	w, _ := play(t, "merge")
	c := call(t, w)
	w.Plan(github.Plan{Fault: github.Stale})
	c.send("POST", "issues", `{"title":"x"}`)
	if len(w.Unfired()) != 1 {
		t.Error("a write cannot be stale")
	}
	for _, want := range []int{1, 2} {
		var list []struct{}
		if c.get("issues?state=all", &list); len(list) != want {
			t.Errorf("%d issues, want %d", len(list), want)
		}
	}
}

func TestAFaultForEverStrikesAtEveryCall(t *testing.T) {
	w, _ := play(t, "merge")
	c := call(t, w)
	w.Plan(github.Plan{Fault: github.Before502, Match: "GET /repos/*/*/labels", Forever: true})
	w.Plan(github.Plan{Fault: github.Before500, Call: 9})
	for range 3 {
		if status, _, _ := c.send("GET", "labels", ""); status != 502 {
			t.Error(status)
		}
	}
	if left := w.Unfired(); len(left) != 1 || left[0].Call != 9 {
		t.Errorf("left: %v", left)
	}
	w.Heal()
	if status, _, _ := c.send("GET", "labels", ""); status != 200 {
		t.Error(status)
	}
}

func TestAKilledRunDiesAfterItsCallWasDone(t *testing.T) {
	w, _ := play(t, "merge")
	c := call(t, w)
	ctx := w.KillAfter(context.Background(), 2)
	c.ctx = ctx
	if status, _, _ := c.send("GET", "issues", ""); status != 200 || ctx.Err() != nil {
		t.Fatal(status, ctx.Err())
	}
	if _, _, _, err := c.try("POST", "issues", `{"title":"x"}`); err == nil {
		t.Error("the answer arrived")
	}
	<-ctx.Done()
	if _, _, _, err := c.try("GET", "issues", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("it still asks: %v", err)
	}
	if n := len(w.Issues()); n != 1 {
		t.Errorf("the call was not done: %d issues", n)
	}
	w.Heal()
	c.ctx = context.Background()
	if status, _, _ := c.send("GET", "issues", ""); status != http.StatusOK {
		t.Errorf("after it: %d", status)
	}
}
