package gitrepo

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/odb"
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
// Memory: some 100 bytes for each commit, 50 for one that the commit-graph has, the changes,
// for each worker what an odb.Reader keeps, and of the packs at most as much as commits or
// trees take in them, which is given back at the end.
func (r *Repo) History(ctx context.Context, head string, match func(path string) bool, progress func(done, total int)) ([]event.Landing, error) {
	id, err := parseHash(head)
	if err != nil {
		return nil, err
	}
	h := historian{ctx: ctx, objects: r.objects, match: match, breaks: r.breaks}
	landings, err := r.landings(h, id, progress)
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

// landings reads a history, with the commit-graph's help where all of it is read. Should
// anything go wrong with that, it is read again without, so that the commits alone decide
// what is an error.
func (r *Repo) landings(h historian, head hash, progress func(done, total int)) ([]event.Landing, error) {
	if len(h.before.seen.list) == 0 {
		h.written = r.commitGraph()
	}
	h.rest = r.packed.Rest
	defer h.rest()
	landings, err := h.history(head, r.workers(), progress)
	if err == nil || h.written == nil || h.ctx.Err() != nil {
		return landings, err
	}
	h.written = nil
	return h.history(head, r.workers(), progress)
}

// A historian walks one history.
type historian struct {
	ctx     context.Context
	objects objects
	match   func(string) bool
	written *odb.Graph // may be nil
	graph   *graph
	breaks  map[hash]hash // see Break
	seen    []bool        // by node: it can be reached from the landings so far
	known   authorships   // of the starts of branches
	before  before
	rest    func()              // see odb.Store.Rest
	arrived []int32             // nodes that the landing at hand brought
	keep    func(k kept, i int) // is told every landing, and how many came before; may be nil
}

// Before is what had landed before the part of a line that is read.
type before struct {
	tree hash // of the last landing; zero where there was none
	seen ids  // every commit that can be reached from it
}

// history tells landing by landing. Its error continues "history of HEAD".
func (h *historian) history(head hash, workers []objects, progress func(done, total int)) (landings []event.Landing, err error) {
	if h.graph, err = gather(h.ctx, head, h.before.seen, h.breaks, h.written, workers); err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	h.rest()
	h.known = authorships{}
	h.seen = make([]bool, len(h.graph.nodes))
	for i := range h.seen {
		h.seen[i] = h.graph.nodes[i].old
	}
	line, err := h.line()
	if err != nil {
		return nil, fmt.Errorf(": %w", err)
	}
	landings = make([]event.Landing, len(line))
	for i, found := range h.compareLine(line, workers) {
		if landings[i], err = h.landing(line[i], found); err != nil {
			return nil, fmt.Errorf(", at %s: %w", h.graph.id(line[i]), err)
		}
		if h.keep != nil {
			h.keep(h.kept(line[i], landings[i], found.said.tree), i)
		}
		if progress != nil {
			progress(i+1, len(line))
		}
	}
	return landings, nil
}

// line is the first-parent line, oldest first, without what had landed before.
func (h *historian) line() ([]int32, error) {
	var line []int32
	for at := int32(0); ; {
		if err := h.graph.faults[at]; err != nil {
			return nil, err
		}
		if h.graph.nodes[at].old {
			slices.Reverse(line)
			return line, nil
		}
		line = append(line, at)
		parents := h.graph.parents(at)
		switch {
		case len(parents) == 0:
			slices.Reverse(line)
			return line, nil
		case len(line) > len(h.graph.nodes):
			return nil, fmt.Errorf("commit %s is its own ancestor", h.graph.id(at))
		}
		at = parents[0]
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
	branch, err := h.branch(at, found.changes)
	if err != nil {
		return event.Landing{}, err
	}
	return event.Landing{
		Commit:    h.graph.id(at).String(),
		Time:      found.said.time(),
		Author:    found.said.who.author,
		Committer: found.said.who.committer,
		ByForge:   found.said.who.byForge,
		Branch:    branch,
		Changes:   found.changes,
	}, h.arrive(at)
}

// kept is a landing with what an index needs to go on from it.
func (h *historian) kept(at int32, l event.Landing, tree hash) kept {
	k := kept{Landing: l, id: h.graph.id(at), tree: tree, arrived: make([]byte, 0, len(h.arrived)*len(hash{}))}
	for _, at := range h.arrived {
		k.arrived = append(k.arrived, h.graph.ids.list[at][:]...)
	}
	return k
}

// said is what a commit says, which is read where it was only looked up.
func (h *historian) said(from objects, known authorships, at int32) (*said, error) {
	if n := &h.graph.nodes[at]; n.said != none {
		return &h.graph.said[n.said], nil
	}
	id := h.graph.id(at)
	c, err := from.commit(id)
	if err != nil {
		return nil, err
	}
	s := known.said(c)
	if _, broken := h.breaks[id]; broken || h.written == nil {
		return &s, nil
	}
	return &s, h.graph.agree(at, c.parents)
}
