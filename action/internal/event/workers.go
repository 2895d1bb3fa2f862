package event

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// mostWorkers is how many goroutines share the work of a ledger, where there are processors
// for them. What they make does not depend on how many they are.
const mostWorkers = 4

// inParallel does a thing n times, by several workers. Each worker begins by making what is its
// own. A panic in one of them is one of the caller's.
func inParallel(n int, worker func() (do func(i int))) {
	var next atomic.Int64
	var wait sync.WaitGroup
	var broken atomic.Value
	for range min(runtime.GOMAXPROCS(0), mostWorkers, n/fewest+1) {
		wait.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					broken.Store(panicked{p})
				}
			}()
			for do := worker(); ; {
				from := int(next.Add(fewest)) - fewest
				if from >= n {
					return
				}
				for i := from; i < min(n, from+fewest); i++ {
					do(i)
				}
			}
		})
	}
	wait.Wait()
	if p, ok := broken.Load().(panicked); ok {
		panic(p.value)
	}
}

// fewest is how many things a worker does in a row: neighbours often read the same.
const fewest = 16

// panicked keeps what a worker panicked with, whatever its type.
type panicked struct{ value any }
