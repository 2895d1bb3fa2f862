package github

import (
	"maps"
	"slices"
)

// Copy is the same world in a repository of its own, a new one at dir: what happens in one
// does not happen in the other. It goes on at the same time, with the same numbers. Log,
// plans and what lists remember begin anew. Nothing may happen in the world meanwhile.
func (w *World) Copy(dir string) (*World, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	repo, err := w.repo.Copy(dir)
	if err != nil {
		return nil, err
	}
	c := New(repo, w.owner, w.name)
	c.Record, c.Clean = w.Record, w.Clean
	c.now, c.lastID, c.private = w.now, w.lastID, w.private
	c.accounts, c.left, c.tokens = slices.Clone(w.accounts), maps.Clone(w.left), maps.Clone(w.tokens)
	c.protected, c.rules = maps.Clone(w.protected), slices.Clone(w.rules)
	c.labels, c.statuses, c.events = slices.Clone(w.labels), slices.Clone(w.statuses), slices.Clone(w.events)
	for _, t := range w.threads {
		c.threads = append(c.threads, t.clone())
	}
	c.limit, c.limitStatus, c.throttled = w.limit, w.limitStatus, w.throttled
	for token, u := range w.uses {
		used := *u
		used.writes = slices.Clone(u.writes)
		c.uses[token] = &used
	}
	c.lagCalls, c.lagTime = w.lagCalls, w.lagTime
	return c, nil
}
