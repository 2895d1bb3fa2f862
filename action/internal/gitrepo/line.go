package gitrepo

import (
	"iter"
	"sync"
	"sync/atomic"

	"github.com/commrel/liaison/action/internal/event"
)

// A comparison is what one landing changed.
type comparison struct {
	changes []event.Change
	err     error
}

// block is how many landings a worker compares in a row: most of what it reads for one it
// needs for the next.
const block = 256

// compareLine compares each commit of the line with the one before, with several workers, and
// gives what they found in the order of the line. After an error nothing that comes later is
// to be believed.
func (h *historian) compareLine(line []int32, workers []objects) iter.Seq2[int, comparison] {
	return func(yield func(int, comparison) bool) {
		found := make([]comparison, len(line))
		done := make([]chan struct{}, (len(line)+block-1)/block)
		for i := range done {
			done[i] = make(chan struct{})
		}
		var next atomic.Int64
		stop := make(chan struct{})
		var wait sync.WaitGroup
		defer wait.Wait()
		defer close(stop)
		for _, from := range workers {
			wait.Go(func() { h.compareBlocks(line, found, done, from, &next, stop) })
		}
		for i := range line {
			if i%block == 0 {
				<-done[i/block]
			}
			if !yield(i, found[i]) {
				return
			}
		}
	}
}

// compareBlocks takes block after block until there are no more, or nobody wants them.
func (h *historian) compareBlocks(line []int32, found []comparison, done []chan struct{}, from objects, next *atomic.Int64, stop <-chan struct{}) {
	for {
		b := int(next.Add(1)) - 1
		if b >= len(done) {
			return
		}
		select {
		case <-stop:
			return
		default:
		}
		for i := b * block; i < min(len(line), (b+1)*block) && h.ctx.Err() == nil; i++ {
			before := hash{}
			if i > 0 {
				before = h.graph.nodes[line[i-1]].tree
			}
			found[i].changes, found[i].err = h.changes(from, before, h.graph.nodes[line[i]].tree)
		}
		close(done[b])
	}
}
