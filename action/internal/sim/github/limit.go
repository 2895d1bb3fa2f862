package github

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// What GitHub lets one token write: a minute, and an hour.
const (
	writesAMinute = 80
	writesAnHour  = 500
)

// usual is how many requests an hour the headers tell of where no limit was set.
const usual = 15000

// A use is what one token asked for.
type use struct {
	since  time.Time   // when its hour began
	count  int         // of requests in that hour
	writes []time.Time // of the last hour
}

// Limit lets each token ask n times an hour; then GitHub answers with the status, 403 or
// 429, until its hour is over. The hour is the world's. A world begins without.
func (w *World) Limit(n, status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.limit, w.limitStatus = n, status
}

// Throttle holds every token to GitHub's secondary limits: 80 writes a minute, 500 an hour.
func (w *World) Throttle() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.throttled = true
}

// afford counts a request against its token's limits; not ok comes with the refusal.
func (w *World) afford(r *request) (reply, bool) {
	u := w.used(r.token)
	if w.limit > 0 && u.count >= w.limit {
		p := failed(w.limitStatus, "API rate limit exceeded for installation.")
		p.docs("https://docs.github.com/rest/overview/rate-limits-for-the-rest-api")
		w.tellLimit(&p, u)
		return p, false
	}
	u.count++
	if w.throttled && (Call{r.Method, r.URL.Path}).writes() {
		u.writes = slices.DeleteFunc(u.writes, func(at time.Time) bool { return w.now.Sub(at) >= time.Hour })
		if u.within(w.now, time.Minute) >= writesAMinute || len(u.writes) >= writesAnHour {
			return secondary("60"), false
		}
		u.writes = append(u.writes, w.now)
	}
	return reply{}, true
}

// within counts the writes of the last while.
func (u *use) within(now time.Time, d time.Duration) int {
	n := 0
	for _, at := range u.writes {
		if now.Sub(at) < d {
			n++
		}
	}
	return n
}

// used is what a token has used in its hour, which begins with its first request.
func (w *World) used(token string) *use {
	u := w.uses[token]
	if u == nil {
		u = &use{since: w.now}
		w.uses[token] = u
	}
	if w.now.Sub(u.since) >= time.Hour {
		u.since, u.count = w.now, 0
	}
	return u
}

// tellLimit sets the headers that every answer has.
func (w *World) tellLimit(p *reply, u *use) {
	limit, left := w.limit, max(0, w.limit-u.count)
	if limit == 0 {
		limit, left = usual, max(1, usual-u.count)
	}
	p.set("X-RateLimit-Limit", strconv.Itoa(limit))
	p.set("X-RateLimit-Remaining", strconv.Itoa(left))
	p.set("X-RateLimit-Used", strconv.Itoa(u.count))
	p.set("X-RateLimit-Reset", strconv.FormatInt(u.since.Add(time.Hour).Unix(), 10))
	p.set("X-RateLimit-Resource", "core")
}

// secondary is the refusal of a secondary limit; after is Retry-After, "" for none.
func secondary(after string) reply {
	p := failed(http.StatusForbidden, "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.")
	p.docs("https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits")
	if after != "" {
		p.set("Retry-After", after)
	}
	return p
}
