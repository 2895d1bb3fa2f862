package gitrepo

import (
	"iter"
	"sync"
	"sync/atomic"

	"github.com/commrel/liaison/action/internal/event"
)

// A comparison is what one landing says and changed.
type comparison struct {
	said    *said
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
	known := authorships{}
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
		end := min(len(line), (b+1)*block)
		h.compareBlock(line[:end], found[:end], b*block, from, known)
		close(done[b])
	}
}

// compareBlock compares the landings of a line from one on.
func (h *historian) compareBlock(line []int32, found []comparison, i int, from objects, known authorships) {
	before := h.before.tree
	if i > 0 {
		s, err := h.said(from, known, line[i-1])
		if err != nil {
			found[i].err = err
			return
		}
		before = s.tree
	}
	for ; i < len(line) && h.ctx.Err() == nil; i++ {
		f := &found[i]
		if f.said, f.err = h.said(from, known, line[i]); f.err != nil {
			return
		}
		f.changes, f.err = h.changes(from, before, f.said.tree)
		before = f.said.tree
	}
}
