package hub

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// GitHub's limits for requests that change something.
const (
	betweenWrites   = time.Second
	writesPerMinute = 80
	writesPerHour   = 500
)

// A pace is when the last writes were sent, oldest first: as many as count.
type pace []time.Time

// wait is how long the next write has to wait, and for what.
func (p pace) wait(now time.Time) (time.Duration, string) {
	wait, why := p.after(1, betweenWrites).Sub(now), "GitHub wants a second between writes"
	if w := p.after(writesPerMinute, time.Minute).Sub(now); w > wait {
		wait, why = w, fmt.Sprintf("GitHub takes %d writes a minute", writesPerMinute)
	}
	if w := p.after(writesPerHour, time.Hour).Sub(now); w > wait {
		wait, why = w, fmt.Sprintf("GitHub takes %d writes an hour", writesPerHour)
	}
	return max(0, wait), why
}

// after is when one more write makes no more than n in a span.
func (p pace) after(n int, span time.Duration) time.Time {
	if len(p) < n {
		return time.Time{}
	}
	return p[len(p)-n].Add(span)
}

// with is the pace after one more write.
func (p pace) with(now time.Time) pace {
	p = append(p, now)
	return p[max(0, len(p)-writesPerHour):]
}

// admit lets a request go once it may, or puts it off.
func (t *transport) admit(q *trip) error {
	if d := t.closed(q.Context(), 1); d != nil {
		return d
	}
	if err := t.refill(q); err != nil {
		return err
	}
	if !q.writes() {
		return nil
	}
	if wait, why := t.pace.wait(t.now()); wait > longestWait {
		return t.putOff(why, wait)
	} else if wait > 0 {
		if err := t.wait(q.Context(), wait, why); err != nil {
			return err
		}
	}
	t.pace = t.pace.with(t.now())
	return nil
}

// closed says why n more requests are too many, or nothing. What looks after a write whose
// answer was lost may spend more than the budget.
func (t *transport) closed(ctx context.Context, n int) *Deferral {
	if t.now().Before(t.shut) {
		return &Deferral{Why: "GitHub takes no more requests", Until: t.shut}
	}
	if t.spent.Calls+n > t.budget && ctx.Value(settling{}) == nil {
		d := &Deferral{Why: fmt.Sprintf("this run has spent its budget of %d requests", t.budget)}
		if t.reset.After(t.githubs()) {
			d.Until = t.reset
		}
		return d
	}
	return nil
}

// refill waits for GitHub to count anew where it has said that nothing remains.
func (t *transport) refill(q *trip) error {
	if !t.empty || strings.HasSuffix(q.URL.Path, "/graphql") {
		return nil
	}
	const why = "until then GitHub takes no more requests"
	wait := t.reset.Sub(t.githubs()) + time.Second
	switch {
	case wait <= time.Second: // it has passed
		t.empty = false
		return nil
	case wait > longestWait:
		return t.putOff("GitHub takes no more requests", wait)
	}
	t.empty = false
	return t.wait(q.Context(), wait, why)
}

// obey waits because GitHub refused a request, or puts it off when that takes too long.
func (t *transport) obey(q *trip, wait time.Duration) error {
	if q.waited+wait > longestWait {
		return t.putOff("GitHub takes no more requests", wait)
	}
	q.refused++
	q.waited += wait
	t.spent.Retries++
	return t.wait(q.Context(), wait, "GitHub asked for it")
}

// putOff lets nothing through any more until a wait that is too long is over.
func (t *transport) putOff(why string, wait time.Duration) *Deferral {
	t.shut = t.now().Add(wait)
	return &Deferral{Why: why, Until: t.shut.UTC()}
}

func seconds(d time.Duration) string {
	return fmt.Sprintf("%d s", int64((d+time.Second-1)/time.Second))
}
