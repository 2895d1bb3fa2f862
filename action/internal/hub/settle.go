package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// A lost write is one whose answer does not say whether it was done.
type lost struct {
	answer *http.Response // of status 500 or more; nil when there was none
	err    error          // the network's; nil when there was an answer
}

func (l *lost) Error() string {
	if l.answer != nil {
		return "GitHub answered " + l.answer.Status
	}
	return "GitHub's answer was lost: " + l.err.Error()
}

// Unwrap is the network's error.
func (l *lost) Unwrap() error { return l.err }

// settling marks requests that look whether a write was done.
type settling struct{}

// lookAfter is when it is looked whether a lost write was done: a request may still be on its
// way, and GitHub's lists show what is new with a delay.
func lookAfter() []time.Duration { return []time.Duration{2 * time.Second, 10 * time.Second} }

// tries is how often a write is sent that was lost each time, and not done.
const tries = 3

// surely does a write once. Where its answer was lost, it looks whether it was done before
// it does it again.
func (c *Client) surely(ctx context.Context, do func(context.Context) error, done func(context.Context) (bool, error)) error {
	for try := 1; ; try++ {
		err := do(ctx)
		var l *lost
		if !errors.As(err, &l) {
			return err
		}
		yes, look := c.wasDone(ctx, l, done)
		switch {
		case look != nil:
			return fmt.Errorf("%w; whether it was done could not be seen: %w", l, look)
		case yes:
			return nil
		case try == tries:
			return fmt.Errorf("%w, %d times, and it was not done; run again later", l, tries)
		}
		c.wire.again()
	}
}

// wasDone looks until it was done, and twice before it believes that it was not.
func (c *Client) wasDone(ctx context.Context, l *lost, done func(context.Context) (bool, error)) (bool, error) {
	for _, wait := range lookAfter() {
		if err := c.wire.pause(ctx, wait, l.Error()+"; then it is looked whether it was done"); err != nil {
			return false, err
		}
		yes, err := done(context.WithValue(ctx, settling{}, true))
		if yes || err != nil {
			return yes, err
		}
	}
	return false, nil
}

// pause waits between requests.
func (t *transport) pause(ctx context.Context, d time.Duration, why string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wait(ctx, d, why)
}

// again counts a write that is sent again.
func (t *transport) again() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.spent.Retries++
}

// afford is a *Deferral where an effect of n requests would be left half done.
func (c *Client) afford(ctx context.Context, n int) error {
	t := c.wire
	t.mu.Lock()
	defer t.mu.Unlock()
	if d := t.closed(ctx, n); d != nil {
		return d
	}
	return nil
}

// deferred keeps what was put off.
func (t *transport) deferred(d Deferral) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.spent.Deferred = append(t.spent.Deferred, d)
}
