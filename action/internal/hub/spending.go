package hub

import (
	"fmt"
	"time"
)

// Spending is what a client has asked of GitHub so far.
type Spending struct {
	Calls    int           // requests sent, those that were sent again included
	Retries  int           // how many of them were sent again
	Waited   time.Duration // by the client's clock
	Deferred []Deferral    // what was not done for want of requests, in order
}

// A Deferral is something that was put off, to no harm: nothing of it was done, and the next
// run does it. It is an error, too: *Deferral.
type Deferral struct {
	Asked string    // such as "close #7"
	Why   string    // such as "GitHub takes no more requests for now"
	Until time.Time // when it may be asked again; zero where only the run's own budget is spent
}

// Error says in one sentence what was put off, why and until when.
func (d *Deferral) Error() string {
	what := "put off"
	if d.Asked != "" {
		what = d.Asked + ": put off"
	}
	if d.Until.IsZero() {
		return fmt.Sprintf("%s to the next run: %s", what, d.Why)
	}
	return fmt.Sprintf("%s to a run after %s: %s", what, d.Until.UTC().Format(time.RFC3339), d.Why)
}

// Spent is what this client has asked of GitHub so far.
func (c *Client) Spent() Spending { return c.wire.spending() }

// Time is GitHub's clock: the newest Date header seen, to the second; zero before the first
// answer.
func (c *Client) Time() time.Time { return c.wire.time() }
