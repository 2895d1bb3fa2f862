package hub_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/hub"
)

// A step is one answer of a scripted GitHub: none, an error, or a status (0: 200), headers and
// a body (by default an empty list, or for a refusal GitHub's usual words).
type step struct {
	none   bool // until the client hangs up
	err    error
	status int
	header map[string]string
	body   string
}

// A wire is a GitHub that follows a script, and fulfils every wish once that has ended; and
// a clock that moves on only by waiting.
type wire struct {
	script []step
	asked  []string        // method and path of each request
	at     []time.Duration // when it came, since the beginning
	slept  []time.Duration
	said   []string
	now    time.Duration
}

func (w *wire) RoundTrip(q *http.Request) (*http.Response, error) {
	w.asked = append(w.asked, q.Method+" "+q.URL.Path)
	w.at = append(w.at, w.now)
	s := step{}
	if len(w.script) > 0 {
		s, w.script = w.script[0], w.script[1:]
	}
	if s.none {
		<-q.Context().Done()
		return nil, q.Context().Err()
	}
	if s.err != nil {
		return nil, s.err
	}
	return s.answer(q), nil
}

func (s step) answer(q *http.Request) *http.Response {
	status, body := max(s.status, http.StatusOK), s.body
	switch {
	case body != "":
	case status == http.StatusOK && q.Method == http.MethodGet:
		body = "[]"
	case status == http.StatusOK:
		body = "{}"
	default:
		body = `{"message":"no"}`
	}
	h := http.Header{}
	for k, v := range s.header {
		h.Set(k, v)
	}
	return &http.Response{
		StatusCode: status, Status: fmt.Sprintf("%d %s", status, http.StatusText(status)),
		Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: q,
	}
}

func (w *wire) sleep(ctx context.Context, d time.Duration) error {
	w.now += d
	w.slept = append(w.slept, d)
	return ctx.Err()
}

func (w *wire) client(t *testing.T, budget int) *hub.Client {
	t.Helper()
	c, err := hub.New(hub.Config{
		Token: "t", Owner: "wikimedia", Name: "desk", Budget: budget, HTTP: &http.Client{Transport: w},
		Clock: hub.Clock{Now: func() time.Time { return noon.Add(w.now) }, Sleep: w.sleep},
		Say:   func(words string) { w.said = append(w.said, words) },
	})
	check(t, err)
	return c
}

// list is a read, and status a write, that the scripted GitHub understands.
func list(c *hub.Client) error {
	_, err := c.Labels(context.Background())
	return err
}

func status(c *hub.Client) error {
	_, err := c.Apply(context.Background(), effect.Effect{Status: &effect.Status{SHA: "h1", State: "success", Context: "liaison"}})
	return err
}

// date is GitHub's clock: a day and an hour behind ours.
const date = "Tue, 30 Jun 2026 11:00:00 GMT"

// unix is an instant as X-RateLimit-Reset tells it.
func unix(day, hour, minute, second int) string {
	return fmt.Sprint(time.Date(2026, 6, day, hour, minute, second, 0, time.UTC).Unix())
}

func TestEveryFormOfRefusalIsObeyed(t *testing.T) {
	const s = time.Second
	for _, tt := range []struct {
		name string
		step
		want time.Duration
	}{
		{"403 with Retry-After in seconds", step{status: 403, header: map[string]string{"Retry-After": "42"}}, 42 * s},
		{"429 with Retry-After in seconds", step{status: 429, header: map[string]string{"Retry-After": " 7 "}}, 7 * s},
		{"Retry-After with a fraction", step{status: 429, header: map[string]string{"Retry-After": "1.5"}}, 1500 * time.Millisecond},
		{"Retry-After of no time", step{status: 429, header: map[string]string{"Retry-After": "0"}}, s},
		{"Retry-After as a date, by GitHub's clock", step{status: 429, header: map[string]string{
			"Date": date, "Retry-After": "Tue, 30 Jun 2026 11:01:30 GMT"}}, 90 * s},
		{"Retry-After as a date, without one of GitHub's", step{status: 403, header: map[string]string{
			"Retry-After": "Wed, 01 Jul 2026 12:00:20 GMT"}}, 20 * s},
		{"Retry-After as a date that has passed", step{status: 429, header: map[string]string{
			"Date": date, "Retry-After": "Tue, 30 Jun 2026 10:00:00 GMT"}}, s},
		{"Retry-After that is neither", step{status: 403, header: map[string]string{"Retry-After": "soon"}}, 60 * s},
		{"the primary limit by 403", step{status: 403, body: `{"message":"API rate limit exceeded"}`, header: map[string]string{
			"Date": date, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": unix(30, 11, 5, 0)}}, 301 * s},
		{"the primary limit by 429", step{status: 429, header: map[string]string{
			"Date": date, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": unix(30, 11, 0, 9)}}, 10 * s},
		{"the primary limit with a reset that has passed", step{status: 403, header: map[string]string{
			"Date": date, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": unix(30, 10, 0, 0)}}, s},
		{"the later of Retry-After and the reset", step{status: 403, header: map[string]string{
			"Date": date, "Retry-After": "10", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": unix(30, 11, 1, 0)}}, 61 * s},
		{"a secondary limit in words alone", step{status: 403,
			body: `{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}`}, 60 * s},
		{"a secondary limit with requests remaining", step{status: 403, body: `{"message":"You have exceeded a secondary rate limit"}`,
			header: map[string]string{"Date": date, "X-RateLimit-Remaining": "4000", "X-RateLimit-Reset": unix(30, 11, 50, 0)}}, 60 * s},
		{"a secondary limit by its old name", step{status: 403, body: `{"message":"You have triggered an abuse detection mechanism"}`}, 60 * s},
		{"a secondary limit by its page", step{status: 403,
			body: `{"message":"slow down","documentation_url":"https://docs.github.com/x#about-secondary-rate-limits"}`}, 60 * s},
		{"429 without a word", step{status: 429, body: "<html>"}, 60 * s},
	} {
		for verb, do := range map[string]func(*hub.Client) error{"read": list, "write": status} {
			t.Run(tt.name+", "+verb, func(t *testing.T) {
				w := &wire{script: []step{tt.step}}
				c := w.client(t, 0)
				check(t, do(c))
				if len(w.at) != 2 || w.at[1] != tt.want {
					t.Errorf("asked at %v, want at 0 and %v", w.at, tt.want)
				}
				if got := c.Spent(); got.Calls != 2 || got.Retries != 1 || got.Waited != tt.want || got.Deferred != nil {
					t.Errorf("spent %+v", got)
				}
			})
		}
	}
}

func TestARefusalOfRightsIsNotWaitedFor(t *testing.T) {
	for _, tt := range []step{
		{status: 403, body: `{"message":"Resource not accessible by integration"}`},
		{status: 403, body: `{"message":"Resource not accessible by integration"}`,
			header: map[string]string{"Date": date, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": unix(30, 11, 5, 0)}},
		{status: 404}, {status: 422}, {status: 401},
	} {
		w := &wire{script: []step{tt}}
		if err := status(w.client(t, 0)); err == nil || len(w.asked) != 1 || len(w.slept) != 0 {
			t.Errorf("%+v: asked %d times, waited %v, %v", tt, len(w.asked), w.slept, err)
		}
	}
}

func TestWaitsGrowAndWhatTakesTooLongIsPutOff(t *testing.T) {
	words := step{status: 403, body: `{"message":"You have exceeded a secondary rate limit"}`}
	w := &wire{script: slices.Repeat([]step{words}, 20)}
	c := w.client(t, 0)
	const want = "set the status of h1: put off to a run after 2026-07-01T12:15:00Z: GitHub takes no more requests"
	if err := status(c); text(err) != want {
		t.Errorf("said %q, want %q", text(err), want)
	}
	if grow := []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute}; !slices.Equal(w.slept, grow) {
		t.Errorf("waited %v, want %v", w.slept, grow)
	}
	if said := []string{"waiting 60 s: GitHub asked for it", "waiting 120 s: GitHub asked for it", "waiting 240 s: GitHub asked for it"}; !slices.Equal(w.said, said) {
		t.Errorf("said %q", w.said)
	}
	asked := len(w.asked)
	var late *hub.Deferral
	if err := list(c); !errors.As(err, &late) || len(w.asked) != asked {
		t.Errorf("what came after was asked: %v", err)
	}
	until := noon.Add(15 * time.Minute)
	put := []hub.Deferral{
		{Asked: "set the status of h1", Why: "GitHub takes no more requests", Until: until},
		{Asked: "list the labels of wikimedia/desk", Why: "GitHub takes no more requests", Until: until},
	}
	if diff := cmp.Diff(put, c.Spent().Deferred); diff != "" {
		t.Error(diff)
	}
	w.now = 15 * time.Minute
	w.script = nil
	check(t, status(c))
}

func TestALimitThatHoldsForLongIsNotWaitedFor(t *testing.T) {
	for name, h := range map[string]map[string]string{
		"Retry-After": {"Retry-After": "2400"},
		"the reset":   {"Date": date, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": unix(30, 11, 40, -1)},
		"for ever":    {"Retry-After": "99999999999999999999"},
	} {
		w := &wire{script: []step{{status: 403, header: h}}}
		err := list(w.client(t, 0))
		until := "2026-07-01T12:40:00Z"
		if name == "for ever" {
			until = "2026-07-02T12:00:00Z"
		}
		if want := "list the labels of wikimedia/desk: put off to a run after " + until + ": GitHub takes no more requests"; text(err) != want {
			t.Errorf("%s: said %q, want %q", name, text(err), want)
		}
		if len(w.slept) != 0 {
			t.Errorf("%s: waited %v", name, w.slept)
		}
	}
}

func TestTheLastRequestThatGitHubGivesIsTheLastUntilItCountsAnew(t *testing.T) {
	last := step{header: map[string]string{"Date": date, "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": unix(30, 11, 1, 0)}}
	w := &wire{script: []step{last}}
	c := w.client(t, 0)
	for range 3 {
		check(t, list(c))
	}
	if want := []time.Duration{0, 61 * time.Second, 61 * time.Second}; !slices.Equal(w.at, want) {
		t.Errorf("asked at %v, want %v", w.at, want)
	}
	if w.said[0] != "waiting 61 s: until then GitHub takes no more requests" {
		t.Errorf("said %q", w.said)
	}
}

func TestABudgetIsNotOverspentAndLeavesNothingHalfDone(t *testing.T) {
	w := &wire{script: []step{{}, {}, {header: map[string]string{"Date": date, "X-RateLimit-Remaining": "97", "X-RateLimit-Reset": unix(30, 11, 30, 0)}}}}
	c := w.client(t, 4)
	check(t, list(c))
	commit := &effect.Commit{Branch: "main", Parent: "p1", Splices: []effect.Splice{{Path: "a", Now: "done"}}}
	_, err := c.Apply(context.Background(), effect.Effect{Commit: commit})
	if want := "write 1 status: put off to the next run: this run has spent its budget of 4 requests"; text(err) != want || len(w.asked) != 1 {
		t.Errorf("said %q after %v", text(err), w.asked)
	}
	for range 3 {
		check(t, list(c))
	}
	const want = "set the status of h1: put off to a run after 2026-06-30T11:30:00Z: this run has spent its budget of 4 requests"
	if err := status(c); text(err) != want || len(w.asked) != 4 {
		t.Errorf("said %q after %v, want %q", text(err), w.asked, want)
	}
}

func TestABudgetIsSpentOnToSeeWhetherALostWriteWasDone(t *testing.T) {
	w := &wire{script: []step{{err: io.EOF}, {body: `[{"state":"success","context":"liaison"}]`}}}
	c := w.client(t, 1)
	check(t, status(c))
	if err := list(c); err == nil {
		t.Error("the budget was overspent")
	}
}

func TestWritesKeepGitHubsPace(t *testing.T) {
	w := &wire{}
	c := w.client(t, 10_000)
	done := 0
	for status(c) == nil {
		done++
	}
	if done != 500 {
		t.Errorf("wrote %d times in %v, want 500 an hour", done, w.now)
	}
	for i := 1; i < len(w.at); i++ {
		if w.at[i]-w.at[i-1] < time.Second {
			t.Fatalf("writes %d and %d came at %v and %v", i-1, i, w.at[i-1], w.at[i])
		}
		if i >= 80 && w.at[i]-w.at[i-80] < time.Minute {
			t.Fatalf("81 writes came in less than a minute")
		}
	}
	if len(w.said) != 0 {
		t.Errorf("a second is not worth a word: %q", w.said[0])
	}
}

func TestReadsAreAskedAgainAFewTimes(t *testing.T) {
	const s = time.Second
	broken := step{body: `[{"name":"la`}
	for _, tt := range []struct {
		name   string
		script []step
		want   []time.Duration
		err    string
	}{
		{"a connection that fails once", []step{{err: io.ErrUnexpectedEOF}}, []time.Duration{s}, ""},
		{"an answer that breaks off twice", []step{broken, broken}, []time.Duration{s, 2 * s}, ""},
		{"500, 502, 503, 504", []step{{status: 500}, {status: 502, body: "<html>"}, {status: 503}, {status: 504}}, []time.Duration{s, 2 * s, 4 * s, 8 * s}, ""},
		{"503 that says how long", []step{{status: 503, header: map[string]string{"Retry-After": "30"}}}, []time.Duration{30 * s}, ""},
		{"503 that takes too long", []step{{status: 503, header: map[string]string{"Retry-After": "3600"}}}, nil,
			"list the labels of wikimedia/desk: put off to a run after 2026-07-01T13:00:00Z: GitHub answered 503 Service Unavailable"},
		{"trouble without an end", slices.Repeat([]step{{status: 502, body: "<html>"}}, 9), []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s},
			"list the labels of wikimedia/desk: GitHub answered 502 Bad Gateway; GitHub is in trouble: run again later"},
		{"silence without an end", slices.Repeat([]step{{err: io.EOF}}, 9), []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s},
			`list the labels of wikimedia/desk: Get "https://api.github.com/repos/wikimedia/desk/labels?page=1&per_page=100": EOF`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := &wire{script: tt.script}
			if err := list(w.client(t, 0)); text(err) != tt.err || !slices.Equal(w.slept, tt.want) {
				t.Errorf("waited %v, want %v; said %q, want %q", w.slept, tt.want, text(err), tt.err)
			}
		})
	}
}

// GraphQL reads by POST: it keeps no pace, and is asked again.
func TestGraphQLIsARead(t *testing.T) {
	viewer := step{body: `{"data":{"viewer":{"login":"example-liaison[bot]","databaseId":100}}}`}
	w := &wire{script: []step{{}, {status: 403, body: `{"message":"Resource not accessible by integration"}`}, {status: 502}, viewer}}
	c := w.client(t, 0)
	check(t, status(c))
	me, err := c.Whoami(context.Background())
	check(t, err)
	if me != bot || !slices.Equal(w.slept, []time.Duration{time.Second}) {
		t.Errorf("%v after waiting %v", me, w.slept)
	}
}

func TestAWriteThatGitHubCannotHaveHeardIsSentAgain(t *testing.T) {
	w := &wire{script: []step{{err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}}}
	check(t, status(w.client(t, 0)))
	if want := slices.Repeat([]string{"POST /repos/wikimedia/desk/statuses/h1"}, 2); !slices.Equal(w.asked, want) {
		t.Errorf("asked %q", w.asked)
	}
}

func TestALostWriteIsLookedForTwiceBeforeItIsSentAgain(t *testing.T) {
	w := &wire{script: []step{{status: 502, body: "<html>"}}}
	c := w.client(t, 0)
	check(t, status(c))
	const post, get = "POST /repos/wikimedia/desk/statuses/h1", "GET /repos/wikimedia/desk/commits/h1/statuses"
	if want := []string{post, get, get, post}; !slices.Equal(w.asked, want) {
		t.Errorf("asked %q", w.asked)
	}
	if w.said[0] != "waiting 2 s: GitHub answered 502 Bad Gateway; then it is looked whether it was done" {
		t.Errorf("said %q", w.said)
	}
}

func TestAWriteThatIsLostEachTimeIsGivenUp(t *testing.T) {
	none := step{}
	w := &wire{script: slices.Repeat([]step{{err: io.EOF}, none, none}, 5)}
	err := status(w.client(t, 0))
	if want := "set the status of h1: GitHub's answer was lost: EOF, 3 times, and it was not done; run again later"; text(err) != want {
		t.Errorf("said %q, want %q", text(err), want)
	}
	if len(w.asked) != 9 {
		t.Errorf("asked %q", w.asked)
	}
}

func TestWhoEndsTheRunEndsTheWait(t *testing.T) {
	w := &wire{script: []step{{status: 429}}}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := w.client(t, 0).Labels(ctx); !errors.Is(err, context.Canceled) || len(w.asked) > 1 {
		t.Errorf("asked %q: %v", w.asked, err)
	}
}

// onMachinesTime is the client of a scripted GitHub that waits by the machine's clock, at most
// a minute for an answer.
func (w *wire) onMachinesTime(t *testing.T) *hub.Client {
	t.Helper()
	c, err := hub.New(hub.Config{Owner: "wikimedia", Name: "desk", HTTP: &http.Client{Transport: w, Timeout: time.Minute}})
	check(t, err)
	return c
}

func TestASlowAnswerIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := (&wire{script: []step{{none: true}}}).onMachinesTime(t)
		check(t, list(c))
		if got := c.Spent(); got.Calls != 2 || got.Retries != 1 {
			t.Errorf("spent %+v", got)
		}
	})
}

func TestTimeIsGitHubs(t *testing.T) {
	w := &wire{script: []step{{header: map[string]string{"Date": date}}, {header: map[string]string{"Date": "Mon, 29 Jun 2026 11:00:00 GMT"}}, {header: map[string]string{"Date": "yesterday"}}}}
	c := w.client(t, 0)
	if !c.Time().IsZero() {
		t.Error("it is not known before the first answer")
	}
	for range 3 {
		check(t, list(c))
	}
	if want := time.Date(2026, 6, 30, 11, 0, 0, 0, time.UTC); !c.Time().Equal(want) {
		t.Errorf("got %v, want %v", c.Time(), want)
	}
}

// The machine's clock sleeps as long as it is told to, and wakes when the run ends.
func TestTheMachinesClockWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := step{status: http.StatusTooManyRequests, header: map[string]string{"Retry-After": "7"}}
		c := (&wire{script: []step{refused, {}, refused}}).onMachinesTime(t)
		began := time.Now()
		check(t, list(c))
		if waited := time.Since(began); waited != 7*time.Second {
			t.Errorf("waited %v: want 7 s", waited)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := c.Labels(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != 8*time.Second {
			t.Errorf("seven seconds' wait was ended after %v: %v", time.Since(began), err)
		}
	})
}
