package effect

import "time"

// A Claim says that one run opens the issue of a key, or has opened it. GitHub cannot create
// uniquely; the witness branch can, since it is written by compare-and-swap.
type Claim struct {
	Version int       `json:"version"`
	Key     string    `json:"key"` // Key.String
	Run     Run       `json:"run"`
	At      time.Time `json:"at"`     // when it was claimed, by GitHub's clock, UTC
	Number  int       `json:"number"` // of the issue; 0: not known to be open yet
}

// A Run is one run of the program, as GitHub counts them.
type Run struct {
	ID      string `json:"id"`      // no two runs share one
	Attempt int    `json:"attempt"` // from 1; the same run started again has a higher one
}
