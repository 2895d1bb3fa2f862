package hub

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// A transport sends requests to GitHub, one at a time.
type transport struct {
	next    http.RoundTripper
	patient time.Duration // how long one request may take
	clock   Clock
	budget  int
	say     func(string)

	mu    sync.Mutex
	spent Spending
	date  time.Time // GitHub's, the newest
}

// enough is how many requests a run makes at most: GitHub gives GITHUB_TOKEN 1,000 an hour
// for a repository, and other runs want some, too.
const enough = 900

func newTransport(c Config, next http.RoundTripper, patient time.Duration) *transport {
	t := &transport{next: next, patient: patient, clock: c.Clock.orMachines(), budget: c.Budget, say: c.Say}
	if t.budget == 0 {
		t.budget = enough
	}
	if t.say == nil {
		t.say = func(string) {}
	}
	return t
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.spent.Calls++
	answer, err := t.next.RoundTrip(r)
	if err == nil {
		t.read(answer.Header)
	}
	return answer, err
}

// read sets GitHub's clock.
func (t *transport) read(h http.Header) {
	if at, err := http.ParseTime(h.Get("Date")); err == nil && at.After(t.date) {
		t.date = at.UTC()
	}
}

func (t *transport) time() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.date
}

func (t *transport) spending() Spending {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.spent
	s.Deferred = slices.Clone(s.Deferred)
	return s
}
