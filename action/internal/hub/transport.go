package hub

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// A transport sends requests to GitHub one at a time, as GitHub wants it. It waits where it
// is told to wait, spaces writes, and asks again where that does no harm; a write whose
// answer is lost it never repeats. Waits are counted by its own clock: a test's may stand still.
type transport struct {
	next    http.RoundTripper
	patient time.Duration // how long one request may take; 0: for ever
	clock   Clock
	budget  int
	say     func(string)

	mu    sync.Mutex
	spent Spending
	pace  pace
	slept time.Time // where waiting has led the clock to
	date  time.Time // GitHub's, the newest
	dated time.Time // when that came, by our clock
	reset time.Time // when GitHub counts requests anew; zero: not known
	empty bool      // GitHub gives no request before the reset
	shut  time.Time // nothing is asked before; zero: nothing was put off
}

const (
	// enough is how many requests a run makes at most: GitHub gives GITHUB_TOKEN 1,000 an
	// hour for a repository, and other runs want some, too.
	enough = 900
	// longestWait is how long one request waits in all before it is put off to another run.
	longestWait = 10 * time.Minute
	// repeats is how often a read that fails is asked again: 1, 2, 4, 8 and 16 s later.
	repeats = 5
)

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

// A trip is one request on its way, however often it is sent.
type trip struct {
	*http.Request
	body    []byte
	failed  int           // how often it failed without an answer that counts
	refused int           // how often GitHub asked to be asked later
	waited  time.Duration // because GitHub refused
}

// RoundTrip implements http.RoundTripper. Its errors are *Deferral, *lost, or the network's.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	q, err := newTrip(r)
	var answer *http.Response
	for again := true; again && err == nil; {
		if err = t.admit(q); err == nil {
			var text []byte
			answer, text, err = t.send(q)
			again, err = t.mustRepeat(q, answer, text, err)
		}
	}
	if err != nil {
		return nil, err
	}
	answer.Header.Del(headerReset) // go-github would compare it with the machine's clock
	return answer, nil
}

// mustRepeat tells whether a request has to be sent again, once it has waited for that; an answer
// without an error counts.
func (t *transport) mustRepeat(q *trip, answer *http.Response, text []byte, err error) (again bool, _ error) {
	if err == nil {
		if wait, ok := refusedFor(answer.StatusCode, answer.Header, string(text), t.githubs(), q.refused); ok {
			return true, t.obey(q, wait)
		}
	}
	switch {
	case !failed(answer, err):
		return false, nil
	case q.Context().Err() != nil:
		return false, q.Context().Err()
	case !q.repeatable() && !unsent(err):
		return false, &lost{answer, err}
	case q.failed == repeats:
		return false, err
	}
	return true, t.retry(q, answer)
}

func newTrip(r *http.Request) (*trip, error) {
	q := &trip{Request: r}
	if r.Body == nil {
		return q, nil
	}
	var err error
	q.body, err = io.ReadAll(r.Body)
	return q, errors.Join(err, r.Body.Close())
}

// repeatable reports whether it does no harm to ask twice: reads, and Git objects, which
// nothing names yet.
func (q *trip) repeatable() bool {
	makes := func(object string) bool { return strings.HasSuffix(q.URL.Path, "/git/"+object) }
	return !q.writes() || q.Method == http.MethodPost && (makes("blobs") || makes("trees") || makes("commits"))
}

// writes reports whether it asks for a change. GraphQL reads by POST.
func (q *trip) writes() bool {
	return q.Method != http.MethodGet && q.Method != http.MethodHead && !strings.HasSuffix(q.URL.Path, "/graphql")
}

// send sends it once and reads the whole answer; the error, too, of one that breaks off.
func (t *transport) send(q *trip) (*http.Response, []byte, error) {
	t.spent.Calls++
	ctx, cancel := q.Context(), func() {}
	if t.patient > 0 {
		ctx, cancel = context.WithTimeout(ctx, t.patient)
	}
	defer cancel()
	r := q.Clone(ctx)
	if q.body != nil {
		r.Body = io.NopCloser(bytes.NewReader(q.body))
	}
	answer, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	text, err := io.ReadAll(answer.Body)
	if err = errors.Join(err, answer.Body.Close(), broken(answer, text)); err != nil {
		return nil, nil, err
	}
	answer.Body = io.NopCloser(bytes.NewReader(text))
	t.read(q, answer.Header)
	return answer, text, nil
}

// broken is an error when what should be JSON breaks off before its end.
func broken(answer *http.Response, text []byte) error {
	if answer.StatusCode < 300 && len(text) > 0 && !json.Valid(text) {
		return errors.New("the answer breaks off, or is no JSON")
	}
	return nil
}

// failed reports whether there is no answer that says what became of the request.
func failed(answer *http.Response, err error) bool { return err != nil || answer.StatusCode >= 500 }

// unsent reports whether GitHub cannot have heard of the request.
func unsent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// read sets GitHub's clock and its count of requests.
func (t *transport) read(q *trip, h http.Header) {
	if at, err := http.ParseTime(h.Get("Date")); err == nil && !at.Before(t.date) {
		t.date, t.dated = at.UTC(), t.now()
	}
	if at, ok := resetOf(h); ok && !strings.HasSuffix(q.URL.Path, "/graphql") { // which is counted apart
		t.reset, t.empty = at, h.Get(headerRemaining) == "0"
	}
}

// retry waits before a request is sent again.
func (t *transport) retry(q *trip, answer *http.Response) error {
	wait := time.Second << q.failed
	why := "the connection to GitHub failed"
	if answer != nil {
		why = "GitHub answered " + answer.Status
		if asked, ok := retryAfter(answer.Header, t.githubs()); ok {
			wait = max(wait, asked)
		}
	}
	q.failed++
	t.spent.Retries++
	if wait > longestWait {
		return t.putOff(why, wait)
	}
	return t.wait(q.Context(), wait, why)
}

// wait says why it is waited, and waits.
func (t *transport) wait(ctx context.Context, d time.Duration, why string) error {
	if d > time.Second {
		t.say("waiting " + seconds(d) + ": " + why)
	}
	t.spent.Waited += d
	until := t.now().Add(d)
	err := t.clock.Sleep(ctx, d)
	t.slept = until
	return err
}

// now is the clock's time, or the later one that waiting has led to.
func (t *transport) now() time.Time {
	if now := t.clock.Now(); now.After(t.slept) {
		return now
	}
	return t.slept
}

// githubs is what GitHub's clock shows now, as far as it is known; else ours.
func (t *transport) githubs() time.Time {
	if t.date.IsZero() {
		return t.now()
	}
	return t.date.Add(t.now().Sub(t.dated))
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
