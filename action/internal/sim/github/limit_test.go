package github_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestALimitThatIsSpentComesBackAfterItsHour(t *testing.T) {
	for _, refused := range []int{http.StatusForbidden, http.StatusTooManyRequests} {
		w, _ := play(t, "merge")
		w.Limit(2, refused)
		c := call(t, w)
		for i, want := range []string{"1", "0"} {
			if status, _, h := c.send("GET", "labels", ""); status != 200 || h.Get("X-RateLimit-Remaining") != want {
				t.Errorf("call %d: %d %v", i, status, h)
			}
		}
		status, text, h := c.send("GET", "labels", "")
		if status != refused || !strings.Contains(text, "API rate limit exceeded") || h.Get("X-RateLimit-Reset") != "1783159200" {
			t.Errorf("%d %s %v", status, text, h)
		}
		w.Advance(time.Hour)
		if status, _, _ := c.send("GET", "labels", ""); status != 200 {
			t.Errorf("an hour later: %d", status)
		}
	}
}

func TestWritesAreThrottled(t *testing.T) {
	w, _ := play(t, "merge")
	w.Throttle()
	c := call(t, w)
	write := func() (int, http.Header) {
		status, _, h := c.send("POST", "issues/1/comments", `{"body":"x"}`)
		return status, h
	}
	for i := range 80 {
		if status, _ := write(); status != 201 {
			t.Fatalf("write %d: %d", i, status)
		}
	}
	if status, h := write(); status != 403 || h.Get("Retry-After") != "60" {
		t.Errorf("the 81st: %d %v", status, h)
	}
	if status, _, _ := c.send("GET", "issues", ""); status != 200 {
		t.Errorf("reads go on, but: %d", status)
	}
	w.Advance(time.Minute)
	if status, _ := write(); status != 201 {
		t.Errorf("a minute later: %d", status)
	}
	for range 500 {
		w.Advance(time.Second)
		write()
	}
	if status, _ := write(); status != 403 {
		t.Errorf("after 500 in an hour: %d", status)
	}
}

func TestListsLagBehind(t *testing.T) {
	w, _ := play(t, "merge")
	c := call(t, w)
	count := func() int {
		var list []struct{}
		c.get("issues?state=all", &list)
		return len(list)
	}
	w.Lag(1, 0)
	c.send("POST", "issues", `{"title":"x"}`)
	if n := count(); n != 1 {
		t.Errorf("right after: %d", n)
	}
	if status, _, _ := c.send("GET", "issues/2", ""); status != 200 {
		t.Errorf("single things do not lag, but: %d", status)
	}
	if n := count(); n != 2 {
		t.Errorf("two calls later: %d", n)
	}
	w.Lag(0, 10*time.Second)
	c.send("POST", "issues/1/comments", `{"body":"late"}`)
	comments := func() int {
		var list []struct{}
		c.get("issues/1/comments", &list)
		return len(list)
	}
	if n := comments(); n != 2 {
		t.Errorf("at once: %d", n)
	}
	w.Advance(10 * time.Second)
	comments()
	w.Advance(10 * time.Second)
	if n := comments(); n != 3 {
		t.Errorf("twenty seconds later: %d", n)
	}
}
