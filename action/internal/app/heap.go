package app

import "runtime/debug"

// Most of what a check or a history makes is gone at once, and little lives: collecting it as
// often as Go does by itself takes a fifth of the time (docs/performance.md).
const (
	roomy       = 400       // how much the heap may grow before garbage is collected, in per cent of what lives
	checkRoom   = 512 << 20 // the size, in bytes, from which it is collected more often all the same
	historyRoom = 600 << 20 // of half a million commits about half of it lives
)

// makeRoom lets the heap grow to about so many bytes, unless whoever runs the program has said
// by how much.
func (a *App) makeRoom(size int64) {
	if a.Getenv("GOGC") == "" && a.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(roomy)
		debug.SetMemoryLimit(size)
	}
}
