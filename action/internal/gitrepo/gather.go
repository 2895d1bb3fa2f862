package gitrepo

import (
	"context"
	"slices"
	"sync"

	"github.com/commrel/liaison/action/internal/odb"
)

// A gatherer finds all commits below one. Those that a commit-graph has it looks up; the
// others it reads, with several workers.
type gatherer struct {
	ctx  context.Context
	mu   sync.Mutex
	more *sync.Cond
	graph
	old     ids           // see node
	breaks  map[hash]hash // see Break
	todo    []int32
	busy    int // workers that may bring more to do
	written written
}

// Written is what a commit-graph file has of the commits below one.
type written struct {
	file    *odb.Graph // may be nil
	at      []int32    // by number in the file: the place and one, 0 for none yet
	todo    []uint32   // numbers of commits to look up
	numbers []uint32   // kept to be used again
	places  []int32    // likewise
}

// gather finds every commit that can be reached from one, up to those that are old. What
// cannot be read is a fault of its own, told when somebody asks for it. A commit behind a
// break has one parent: the last one of the line that was recorded.
func gather(ctx context.Context, head hash, old ids, breaks map[hash]hash, file *odb.Graph, workers []objects) (*graph, error) {
	g := &gatherer{ctx: ctx, old: old, breaks: breaks}
	g.octopuses, g.faults = map[int32][]int32{}, map[int32]error{}
	g.nodes = make([]node, 0, file.Len())
	g.written = written{file: file, at: make([]int32, file.Len())}
	g.more = sync.NewCond(&g.mu)
	g.place(head)
	g.lookUp()
	var wait sync.WaitGroup
	for _, from := range workers {
		wait.Go(func() { g.work(from) })
	}
	wait.Wait()
	return &g.graph, ctx.Err()
}

// place is the place of a commit, which is put on one of the lists of things to do where it
// is new.
func (g *gatherer) place(id hash) int32 {
	if n, ok := g.written.file.Find(id); ok {
		return g.placeNumber(n)
	}
	at, added := g.ids.add(id)
	if added && !g.add(id) {
		g.todo = append(g.todo, at)
	}
	return at
}

// placeNumber is place for a commit of the commit-graph.
func (g *gatherer) placeNumber(n uint32) int32 {
	if g.written.at[n] == 0 {
		id := g.written.file.ID(n)
		g.written.at[n] = g.ids.push(id) + 1
		g.add(id)
		g.written.todo = append(g.written.todo, n)
	}
	return g.written.at[n] - 1
}

// add makes the node of an id that was numbered last.
func (g *gatherer) add(id hash) (old bool) {
	_, old = g.old.find(id)
	g.nodes = append(g.nodes, node{parents: [2]int32{none, none}, said: none, old: old})
	return old
}

// lookUp looks up commits in the commit-graph until there are no more. What it cannot tell is
// to be read.
func (g *gatherer) lookUp() {
	w := &g.written
	for len(w.todo) > 0 {
		n := w.todo[len(w.todo)-1]
		w.todo = w.todo[:len(w.todo)-1]
		at, ok := w.at[n]-1, false
		if w.numbers, ok = w.file.Parents(n, w.numbers[:0]); !ok {
			g.todo = append(g.todo, at)
			continue
		}
		w.places = w.places[:0]
		if from, broken := g.breaks[g.id(at)]; broken {
			w.places = append(w.places, g.place(from))
		} else {
			for _, parent := range w.numbers {
				w.places = append(w.places, g.placeNumber(parent))
			}
		}
		g.link(at, w.places)
	}
}

// work reads commits until there are no more.
func (g *gatherer) work(from objects) {
	var batch []item
	known := authorships{}
	for {
		if batch = g.next(batch[:0]); len(batch) == 0 {
			return
		}
		for i := range batch {
			b := &batch[i]
			b.commit, b.err = from.commit(b.id)
			b.said = known.said(b.commit)
		}
		g.take(batch)
	}
}

// An item is one commit to read.
type item struct {
	at int32
	id hash
	commit
	said said
	err  error
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
		batch = append(batch, item{at: at, id: g.id(at)})
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
	var places []int32
	for i := range batch {
		b := &batch[i]
		if b.err != nil {
			g.faults[b.at] = b.err
			continue
		}
		if from, broken := g.breaks[b.id]; broken {
			b.parents = []hash{from}
		}
		places = slices.Grow(places[:0], len(b.parents))
		for _, id := range b.parents {
			places = append(places, g.place(id))
		}
		g.link(b.at, places)
		g.nodes[b.at].said = int32(len(g.graph.said))
		g.graph.said = append(g.graph.said, b.said)
	}
	g.lookUp()
	g.busy--
	g.more.Broadcast()
}
