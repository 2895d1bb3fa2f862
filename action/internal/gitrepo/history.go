package gitrepo

import (
	"context"
	"fmt"
	"runtime"
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
// say beforehand. Progress, which may be nil, is told after each landing. Match is asked by
// several goroutines at once.
//
// Memory: some 150 bytes for each commit, the changes, and for each worker what an
// odb.Reader keeps.
func (r *Repo) History(ctx context.Context, head string, match func(path string) bool, progress func(done, total int)) ([]event.Landing, error) {
	id, err := parseHash(head)
	if err != nil {
		return nil, err
	}
	h := historian{ctx: ctx, objects: r.objects, match: match, breaks: r.breaks}
	landings, err := h.history(id, r.workers(), progress)
	if err != nil {
		return nil, fmt.Errorf("history of %s%w", head, err)
	}
	return landings, nil
}

// mostWorkers is how many read a history at once where there are processors for them.
const mostWorkers = 4

// workers are readers of the repository's objects, each for one goroutine.
func (r *Repo) workers() []objects {
	workers := make([]objects, min(runtime.GOMAXPROCS(0), mostWorkers))
	for i := range workers {
		workers[i] = newStore(r.packed.Reader())
	}
	return workers
}

// A historian walks one history.
type historian struct {
	ctx     context.Context
	objects objects
	match   func(string) bool
	graph   *graph
	seen    []bool        // by node: it can be reached from the landings so far
	breaks  map[hash]hash // see Break
}

// history tells landing by landing. Its error continues "history of HEAD".
func (h *historian) history(head hash, workers []objects, progress func(done, total int)) (landings []event.Landing, err error) {
	if h.graph, err = gather(h.ctx, head, h.breaks, workers); err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	h.seen = make([]bool, len(h.graph.nodes))
	line, err := h.line()
	if err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	landings = make([]event.Landing, len(line))
	for i, changes := range h.compareLine(line, workers) {
		if landings[i], err = h.landing(line[i], changes); err != nil {
			return nil, fmt.Errorf(", at %s: %w", h.graph.nodes[line[i]].id, err)
		}
		if progress != nil {
			progress(i+1, len(line))
		}
	}
	return landings, nil
}

// line is the first-parent line, oldest first.
func (h *historian) line() ([]int32, error) {
	var line []int32
	for at := int32(0); ; {
		n, err := h.graph.node(at)
		if err != nil {
			return nil, err
		}
		line = append(line, at)
		switch {
		case len(n.parents) == 0:
			slices.Reverse(line)
			return line, nil
		case len(line) > len(h.graph.nodes):
			return nil, fmt.Errorf("commit %s is its own ancestor", n.id)
		}
		at = n.parents[0]
	}
}

// landing is a commit of the line with what it changed.
func (h *historian) landing(at int32, found comparison) (event.Landing, error) {
	if err := h.ctx.Err(); err != nil {
		return event.Landing{}, err
	}
	if found.err != nil {
		return event.Landing{}, found.err
	}
	n := &h.graph.nodes[at]
	branch, err := h.branch(n, found.changes)
	if err != nil {
		return event.Landing{}, err
	}
	return event.Landing{
		Commit:    n.id.String(),
		Time:      n.time(),
		Author:    n.who.author,
		Committer: n.who.committer,
		ByForge:   n.who.byForge,
		Branch:    branch,
		Changes:   found.changes,
	}, h.arrive(at)
}
