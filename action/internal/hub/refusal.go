package hub

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	headerRemaining = "X-RateLimit-Remaining"
	headerReset     = "X-RateLimit-Reset"

	// shortestWait is how long is waited for a limit of which GitHub does not say how long
	// it holds.
	shortestWait = time.Minute
	// furthest is as far ahead as a header is believed.
	furthest = 24 * time.Hour
)

// refusedFor is how long to wait before a request is sent again that GitHub refused for its
// number or its speed; not ok where it did not. Such a request has done nothing. Now is
// GitHub's clock, before is how often the same request was refused: each time it is waited
// twice as long, since GitHub bans who keeps asking.
//
// The primary limit answers 403 or 429 with no request remaining until a reset; a secondary
// one with Retry-After, in seconds or as a date, or with nothing but words.
func refusedFor(status int, h http.Header, text string, now time.Time, before int) (wait time.Duration, ok bool) {
	if status != http.StatusForbidden && status != http.StatusTooManyRequests {
		return 0, false
	}
	wait, told := retryAfter(h, now)
	if reset, ok := resetOf(h); ok && h.Get(headerRemaining) == "0" && !lacksPermission(text) {
		wait, told = max(wait, reset.Sub(now)+time.Second), true
	}
	switch {
	case told:
		return max(min(wait, furthest), time.Second) << min(before, 10), true
	case status == http.StatusTooManyRequests, h.Get("Retry-After") != "", tellsOfLimit(text):
		return shortestWait << min(before, 10), true
	}
	return 0, false
}

// retryAfter is how long to wait by the header Retry-After: seconds, or a date by GitHub's
// clock. A date that has passed is no wait.
func retryAfter(h http.Header, now time.Time) (time.Duration, bool) {
	text := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseFloat(text, 64); err == nil && n >= 0 {
		return time.Duration(min(n, furthest.Seconds()) * float64(time.Second)), true
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now)), true
	}
	return 0, false
}

// resetOf is when GitHub counts requests anew: the header has seconds since 1970.
func resetOf(h http.Header) (time.Time, bool) {
	n, err := strconv.ParseInt(strings.TrimSpace(h.Get(headerReset)), 10, 64)
	return time.Unix(n, 0).UTC(), err == nil && n > 0
}

// lacksPermission reports whether more was wanted than the token may, rather than too much.
func lacksPermission(text string) bool { return strings.Contains(text, "not accessible") }

// tellsOfLimit finds a limit in an answer that has no header for it: the words, or the page
// of the documentation that it points to, under its new and its old name.
func tellsOfLimit(text string) bool {
	text = strings.ReplaceAll(strings.ToLower(text), "-", " ")
	return strings.Contains(text, "rate limit") || strings.Contains(text, "abuse detection")
}
