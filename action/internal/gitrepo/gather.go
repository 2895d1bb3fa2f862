package gitrepo

import (
	"context"
	"sync"
	"time"

	"github.com/commrel/liaison/action/internal/workflow"
)

// A node is a commit as far as history looks at it: some 100 bytes for each that can be
// reached.
type node struct {
	id, tree hash
	parents  []int32 // places in the list of nodes
	seconds  int64   // committer time since 1970; unread where it cannot be believed
	who      *hands
}

const unread = -1

func (n *node) time() time.Time {
	if n.seconds == unread {
		return time.Time{}
	}
	return time.Unix(n.seconds, 0).UTC()
}

// Hands are who made a commit; many commits share them.
type hands struct {
	author, committer workflow.Account
	byForge           bool
}

// A graph is every commit that can be reached from one.
type graph struct {
	nodes  []node // the first is the one that they are reached from
	faults map[int32]error
}

// node is the commit at a place, unless it could not be read.
func (g *graph) node(at int32) (*node, error) {
	if err := g.faults[at]; err != nil {
		return nil, err
	}
	return &g.nodes[at], nil
}

// A gatherer reads all commits below one, with several workers.
type gatherer struct {
	ctx  context.Context
	mu   sync.Mutex
	more *sync.Cond
	graph
	at     map[hash]int32
	breaks map[hash]hash // see Break
	todo   []int32
	busy   int // workers that may bring more to do
}

// gather reads every commit that can be reached from one. What cannot be read is a fault of
// its own, told when somebody asks for it.
// own, told when somebody asks for it. A commit behind a break has one parent: the last one
// of the line that was recorded.
func gather(ctx context.Context, head hash, breaks map[hash]hash, workers []objects) (*graph, error) {
	g := &gatherer{ctx: ctx, breaks: breaks, graph: graph{faults: map[int32]error{}}, at: map[hash]int32{}}
	g.more = sync.NewCond(&g.mu)
	g.place(head)
	var wait sync.WaitGroup
	for _, from := range workers {
		wait.Go(func() { g.work(from) })
	}
	wait.Wait()
	return &g.graph, ctx.Err()
}

// place is the place of a commit, which is put on the list of things to do where it is new.
func (g *gatherer) place(id hash) int32 {
	at, known := g.at[id]
	if !known {
		at = int32(len(g.nodes))
		g.at[id] = at
		g.nodes = append(g.nodes, node{id: id})
		g.todo = append(g.todo, at)
	}
	return at
}

// work reads commits until there are no more.
func (g *gatherer) work(from objects) {
	var batch []item
	known := team{}
	for {
		if batch = g.next(batch[:0]); len(batch) == 0 {
			return
		}
		for i := range batch {
			b := &batch[i]
			b.commit, b.err = from.commit(b.id)
			b.who = known.hands(b.commit)
		}
		g.take(batch)
	}
}

// An item is one commit to read.
type item struct {
	at int32
	id hash
	commit
	who *hands
	err error
}

// next takes a few commits off the list; none when all is done.
func (g *gatherer) next(batch []item) []item {
	const few = 8
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.todo) == 0 && g.busy > 0 {
		g.more.Wait()
	}
	if g.ctx.Err() != nil {
		g.todo = nil
	}
	n := min(few, (len(g.todo)+1)/2)
	for _, at := range g.todo[len(g.todo)-n:] {
		batch = append(batch, item{at: at, id: g.nodes[at].id})
	}
	g.todo = g.todo[:len(g.todo)-n]
	if n > 0 {
		g.busy++
	}
	return batch
}

// take adds what was read, and puts the parents on the list.
func (g *gatherer) take(batch []item) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for i := range batch {
		b := &batch[i]
		if b.err != nil {
			g.faults[b.at] = b.err
			continue
		}
		if from, broken := g.breaks[b.id]; broken {
			b.parents = []hash{from}
		}
		parents := make([]int32, len(b.parents))
		for j, id := range b.parents {
			parents[j] = g.place(id)
		}
		n := &g.nodes[b.at]
		n.tree, n.parents, n.seconds, n.who = b.tree, parents, unread, b.who
		if t := b.committer.time; !t.IsZero() {
			n.seconds = t.Unix()
		}
	}
	g.busy--
	g.more.Broadcast()
}

// A team is the hands that a worker has met.
type team map[[3]string]*hands

func (t team) hands(c commit) *hands {
	key := [3]string{c.author.mail, c.committer.name, c.committer.mail}
	h := t[key]
	if h == nil {
		h = &hands{c.author.account(), c.committer.account(), c.byForge()}
		t[key] = h
	}
	return h
}
