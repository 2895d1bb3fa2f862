package gitrepo

import (
	"container/heap"
	"errors"
	"slices"
)

// ErrUnrelated says that two commits have no ancestor in common.
var ErrUnrelated = errors.New("the two have no commit in common")

// Sides of a walk down from two commits.
const (
	fromOne = 1 << iota
	fromOther
	stale // an ancestor of a common ancestor: not the best
)

// MergeBase is the best common ancestor of two commits, given their full ids; of several,
// the youngest.
func (r *Repo) MergeBase(a, b string) (string, error) {
	all, err := r.MergeBases(a, b)
	if err != nil {
		return "", err
	}
	return all[0], nil
}

// MergeBases are the best common ancestors of two commits, the youngest first: several where
// each was merged into the other.
func (r *Repo) MergeBases(a, b string) ([]string, error) {
	x, err := parseHash(a)
	if err != nil {
		return nil, err
	}
	y, err := parseHash(b)
	if err != nil {
		return nil, err
	}
	w := walk{objects: r.objects, side: map[hash]int{}}
	if err := w.add(x, fromOne); err != nil {
		return nil, err
	}
	if err := w.add(y, fromOther); err != nil {
		return nil, err
	}
	return w.best()
}

// A point is a commit on the way.
type point struct {
	id hash
	commit
}

// A walk goes down from the youngest commit to the oldest, and remembers from which sides
// each can be reached.
type walk struct {
	objects objects
	side    map[hash]int
	queue   queue
}

func (w *walk) add(id hash, side int) error {
	if w.side[id]&side == side {
		return nil
	}
	w.side[id] |= side
	c, err := w.objects.commit(id)
	if err != nil {
		return err
	}
	heap.Push(&w.queue, point{id, c})
	return nil
}

// best walks until nothing is left that could be better.
func (w *walk) best() ([]string, error) {
	var common []hash
	for w.fresh() {
		p := heap.Pop(&w.queue).(point)
		side := w.side[p.id]
		if side == fromOne|fromOther {
			common = append(common, p.id)
			side |= stale
		}
		for _, parent := range p.parents {
			if err := w.add(parent, side); err != nil {
				return nil, err
			}
		}
	}
	var best []string
	for _, id := range common {
		if w.side[id]&stale == 0 && !slices.Contains(best, id.String()) {
			best = append(best, id.String())
		}
	}
	if best == nil {
		return nil, ErrUnrelated
	}
	return best, nil
}

// fresh reports whether the queue holds anything but ancestors of a common ancestor.
func (w *walk) fresh() bool {
	for _, p := range w.queue {
		if w.side[p.id]&stale == 0 {
			return true
		}
	}
	return false
}

// queue is a heap of commits, the youngest first.
type queue []point

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].committer.time.After(q[j].committer.time) }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(point)) }
func (q *queue) Pop() any {
	old := *q
	p := old[len(old)-1]
	*q = old[:len(old)-1]
	return p
}
