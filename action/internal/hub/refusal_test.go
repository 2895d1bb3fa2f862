package hub

import (
	"net/http"
	"testing"
	"time"
)

// Whatever GitHub, or a proxy before it, answers: only 403 and 429 are refusals, and a wait is
// never nothing and never without an end.
func FuzzRefusedFor(f *testing.F) {
	f.Add(403, "42", "", "", "no", 0)
	f.Add(429, "Wed, 01 Jul 2026 12:00:20 GMT", "0", "1782907200", "", 3)
	f.Add(403, "", "0", "9223372036854775807", "Resource not accessible by integration", 1)
	f.Add(403, "NaN", "0", "-1", "secondary rate limit", 64)
	f.Add(200, "1e308", "0", "1", "abuse detection", 10)
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, status int, after, remaining, reset, text string, before int) {
		h := http.Header{}
		h.Set("Retry-After", after)
		h.Set(headerRemaining, remaining)
		h.Set(headerReset, reset)
		before &= 1<<20 - 1
		wait, ok := refusedFor(status, h, text, now, before)
		if ok && status != http.StatusForbidden && status != http.StatusTooManyRequests {
			t.Errorf("%d is taken for a refusal", status)
		}
		if ok && (wait < time.Second || wait > furthest<<10) || !ok && wait != 0 {
			t.Errorf("waits %v, refused: %t", wait, ok)
		}
		if again, _ := refusedFor(status, h, text, now, before+1); again < wait {
			t.Errorf("waits %v, and the next time only %v", wait, again)
		}
	})
}
