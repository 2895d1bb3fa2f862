package app_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// A chooser says which of two runs makes the next call: one of those that are ready, by how
// many calls each has made.
type chooser func(ready, made []int) int

// between lets the first run make so many calls, then the second all of its own.
func between(k int) chooser {
	return func(ready, made []int) int {
		if made[0] < k {
			return 0
		}
		return 1
	}
}

// turns let one call through at a time, once every run is at one or has ended: so what one
// run does between two calls is not disturbed by another, and a race can be repeated.
type turns struct {
	choose chooser

	mu    sync.Mutex
	moved *sync.Cond
	ready []bool // is at a call
	ended []bool
	made  []int
	next  int // whose call goes through; -1: not chosen yet
}

func newTurns(n int, choose chooser) *turns {
	t := &turns{choose: choose, ready: make([]bool, n), ended: make([]bool, n), made: make([]int, n), next: -1}
	t.moved = sync.NewCond(&t.mu)
	return t
}

// enter waits for a run's turn.
func (t *turns) enter(i int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ready[i] = true
	for t.decide() != i {
		t.moved.Wait()
	}
	t.ready[i], t.next = false, -1
	t.made[i]++
	t.moved.Broadcast()
}

// decide is whose turn it is; -1 as long as a run is between two calls.
func (t *turns) decide() int {
	var ready []int
	for i := range t.ready {
		if t.ready[i] {
			ready = append(ready, i)
		} else if !t.ended[i] {
			return -1
		}
	}
	if t.next < 0 {
		if t.next = t.choose(ready, t.made); t.ended[t.next] {
			t.next = ready[0]
		}
		t.moved.Broadcast()
	}
	return t.next
}

func (t *turns) end(i int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended[i] = true
	t.moved.Broadcast()
}

// race lets two runs work at once, and is what they say.
func (c *campaign) race(t *testing.T, b *busy, s schedule) string {
	t.Helper()
	order := newTurns(2, s.race)
	said := make([]string, 2)
	var wait sync.WaitGroup
	for i := range said {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			order.enter(i)
			b.world.Handler().ServeHTTP(w, r)
		}))
		t.Cleanup(server.Close)
		wait.Go(func() {
			defer order.end(i)
			code, out := b.runAt(context.Background(), server.URL, strconv.Itoa(20+i), c.args...)
			said[i] = fmt.Sprintf("--- run %d, exit code %d:\n%s", i+1, code, out)
			c.count(func(y *tally) { y.exits[code]++; y.runsMade++ })
		})
	}
	wait.Wait()
	return strings.Join(said, "")
}
