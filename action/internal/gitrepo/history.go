package gitrepo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/event"
)

// Time is the committer time of a commit, in UTC; the zero time when the commit has none that
// can be believed. The error says that there is no such commit.
func (r *Repo) Time(commit string) (time.Time, error) {
	id, err := parseHash(commit)
	if err != nil {
		return time.Time{}, err
	}
	c, err := r.objects.commit(id)
	return c.committer.time, err
}

// History is the first-parent line that ends at head, oldest first: every commit of it as a
// landing, with the changes to the paths that match against its first parent, if any. A
// missing object is an error that names it; whether the clone is whole is for Complete to
// say beforehand. Progress, which may be nil, is told after each landing.
func (r *Repo) History(ctx context.Context, head string, match func(path string) bool, progress func(done, total int)) ([]event.Landing, error) {
	id, err := parseHash(head)
	if err != nil {
		return nil, err
	}
	h := historian{ctx: ctx, objects: remember(r.objects), match: match, seen: map[hash]bool{}, breaks: r.breaks}
	line, err := h.line(id)
	if err != nil {
		return nil, fmt.Errorf("history of %s: %w", head, err)
	}
	landings := make([]event.Landing, len(line))
	for i := range line {
		if landings[i], err = h.landing(line[:i+1]); err != nil {
			return nil, fmt.Errorf("history of %s, at %s: %w", head, line[i].id, err)
		}
		if progress != nil {
			progress(i+1, len(line))
		}
	}
	return landings, nil
}

// A historian walks one history.
type historian struct {
	ctx     context.Context
	objects objects
	match   func(string) bool
	seen    map[hash]bool // every commit reachable from the landings so far
	breaks  map[hash]hash // see Break
}

// A point is one commit of the first-parent line.
type point struct {
	id hash
	commit
}

// line is the first-parent line, oldest first.
func (h *historian) line(head hash) ([]point, error) {
	var line []point
	for id := head; ; {
		c, err := h.commit(id)
		if err != nil {
			return nil, err
		}
		line = append(line, point{id, c})
		before, more := previous(h.breaks, id, c)
		if !more {
			slices.Reverse(line)
			return line, nil
		}
		id = before
	}
}

// commit reads a commit unless the work was called off.
func (h *historian) commit(id hash) (commit, error) {
	if err := h.ctx.Err(); err != nil {
		return commit{}, err
	}
	return h.objects.commit(id)
}

// landing compares the last point of a line with the one before it.
func (h *historian) landing(line []point) (event.Landing, error) {
	p := line[len(line)-1]
	before := hash{}
	if len(line) > 1 {
		before = line[len(line)-2].tree
	}
	changes, err := h.changes(before, p.tree)
	if err != nil {
		return event.Landing{}, err
	}
	branch, err := h.branch(p, changes)
	if err != nil {
		return event.Landing{}, err
	}
	return event.Landing{
		Commit:    p.id.String(),
		Time:      p.committer.time,
		Author:    p.author.account(),
		Committer: p.committer.account(),
		ByForge:   p.byForge(),
		Branch:    branch,
		Changes:   changes,
	}, h.arrive(p)
}
