package github

import (
	"net/http"
	"slices"
	"time"
)

// A replica is what lists are made of, as it was before a call.
type replica struct {
	at       time.Time
	threads  []*thread
	labels   []label
	statuses []status
}

// memory is how many calls back a world remembers.
const memory = 256

// Lag makes lists show what was so before the last calls, and at least so long ago, as a
// replica that lags behind. Single things, and all of Git, are always shown as they are.
func (w *World) Lag(calls int, d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lagCalls, w.lagTime = calls, d
}

// remember keeps what is so before a call.
func (w *World) remember() {
	s := replica{at: w.now, labels: slices.Clone(w.labels), statuses: slices.Clone(w.statuses)}
	for _, t := range w.threads {
		s.threads = append(s.threads, t.clone())
	}
	w.past = append(w.past, s)
	if len(w.past) > memory {
		w.past = w.past[1:]
	}
}

// lists reports whether a call asks for a list; one of the addresses of lists is also that of
// single comments.
func (e endpoint) lists(r *http.Request) bool { return e.list && r.PathValue("number") != "comments" }

// lagging reports whether lists may show the past.
func (w *World) lagging() bool { return w.lagCalls > 0 || w.lagTime > 0 || w.mayBeStale() }

// then is the newest memory that is old enough to be shown; the oldest where none is.
func (w *World) then() replica {
	last := len(w.past) - 1 // what is so now
	i := max(0, last-w.lagCalls)
	for i > 0 && w.past[i].at.After(w.now.Add(-w.lagTime)) {
		i--
	}
	return w.past[i]
}

// beforeLastWrite is what was so before the newest call that changed something.
func (w *World) beforeLastWrite() replica {
	last := len(w.past) - 1
	for back := 1; back <= last && back < len(w.log); back++ {
		if w.log[len(w.log)-1-back].writes() {
			return w.past[last-back]
		}
	}
	return w.past[last]
}

// showing runs something in a world whose lists are made of a replica.
func (w *World) showing(s replica, do func() reply) reply {
	threads, labels, statuses := w.threads, w.labels, w.statuses
	w.threads, w.labels, w.statuses = s.threads, s.labels, s.statuses
	defer func() { w.threads, w.labels, w.statuses = threads, labels, statuses }()
	return do()
}

// clone shares nothing with the thread that may change.
func (t *thread) clone() *thread {
	c := *t
	c.labels, c.happened, c.comments = slices.Clone(t.labels), slices.Clone(t.happened), nil
	comments, reviews := map[*comment]*comment{}, map[*review]*review{}
	for _, old := range t.comments {
		now := *old
		comments[old], c.comments = &now, append(c.comments, &now)
	}
	if t.pull != nil {
		p := *t.pull
		p.commits, p.reviews = slices.Clone(t.pull.commits), nil
		for _, old := range t.pull.reviews {
			now := *old
			reviews[old], p.reviews = &now, append(p.reviews, &now)
		}
		c.pull = &p
	}
	for i, h := range c.happened {
		if now := comments[h.comment]; now != nil {
			c.happened[i].comment = now
		}
		if now := reviews[h.review]; now != nil {
			c.happened[i].review = now
		}
	}
	return &c
}
