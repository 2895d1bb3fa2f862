package app

import "runtime/debug"

<<<<<<< HEAD
// Most of what a check makes is gone at once, and little lives: collecting it as often as Go
// does by itself takes a fifth of the time (docs/performance.md).
const (
	roomy    = 400       // how much the heap may grow before garbage is collected, in per cent of what lives
	roomSize = 512 << 20 // the size, in bytes, from which it is collected more often all the same
)
=======
// roomy is how much the heap may grow before garbage is collected, in per cent of what lives.
// Most of what a check or a history makes is gone at once, and little lives: collecting it at
// the usual 100 takes a fifth of the time (docs/performance.md).
const roomy = 400
>>>>>>> reader

// mostRoom is about how many bytes the heap may grow to before it is collected more often, where
// a long history keeps so much alive that roomy would be too much.
const mostRoom = 1 << 30

// makeRoom lets the heap grow, unless whoever runs the program has said by how much.
func (a *App) makeRoom() {
	if a.Getenv("GOGC") == "" && a.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(roomy)
		debug.SetMemoryLimit(roomSize)
	}
	if a.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(mostRoom)
	}
}
