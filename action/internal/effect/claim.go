package effect

import (
	"cmp"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/account"
)

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

// patience is how long a claim without an issue is left to the run that made it. A run
// that has not opened its issue by then was killed.
const patience = 10 * time.Minute

// A Claiming is a plan after a look at the claims.
type Claiming struct {
	Plan  []Effect // what may be applied, once Write is written
	Write []Claim  // to be written in one commit before anything is opened; sorted by key
	Left  []Left   // what is not opened in this run
}

// A Left is an issue that is not opened.
type Left struct {
	Issue Issue
	Claim Claim
	Busy  bool // another run opens it now: look again later. Otherwise it was opened once and is gone
}

// Claims decides which of a plan's issues a run may open at an instant of GitHub's clock,
// by compare-and-swap on what was claimed. A key that nobody claimed is claimed. So is one
// whose run died: an earlier attempt of this run, or one that is silent for ten minutes. A
// key whose claim has a number is not opened again: its issue was deleted, transferred or
// robbed of its marker by a person, or GitHub's list is late.
func Claims(plan []Effect, claims []Claim, run Run, now time.Time) Claiming {
	made := map[string]Claim{}
	for _, c := range claims {
		made[c.Key] = c
	}
	var out Claiming
	for _, e := range plan {
		key, marked := Key{}, false
		if e.Open != nil {
			key, marked = KeyOf(e.Open.Body)
		}
		c, claimed := made[key.String()]
		switch {
		case marked && claimed && c.Number > 0:
			out.Left = append(out.Left, Left{Issue: *e.Open, Claim: c})
			continue
		case marked && claimed && c.busy(run, now):
			out.Left = append(out.Left, Left{Issue: *e.Open, Claim: c, Busy: true})
			continue
		case marked && !(claimed && c.Run == run):
			out.Write = append(out.Write, Claim{Version: 1, Key: key.String(), Run: run, At: now.UTC()})
		}
		out.Plan = append(out.Plan, e)
	}
	slices.SortFunc(out.Write, func(a, b Claim) int { return cmp.Compare(a.Key, b.Key) })
	return out
}

// busy reports whether another run may still be opening the issue. A time that is far ahead
// was not read from GitHub's clock.
func (c Claim) busy(run Run, now time.Time) bool {
	if c.Run.ID == run.ID {
		return c.Run.Attempt > run.Attempt
	}
	return now.Sub(c.At).Abs() < patience
}

// Numbered are the claims that have no number yet and whose issue is there, with it: to be
// written in one commit after issues were opened.
func Numbered(claims []Claim, issues []Issue, us []account.Account) []Claim {
	numbers := map[string]int{}
	for key, list := range own(Have{Us: us, Issues: issues}) {
		numbers[key.String()] = list[0].Number
	}
	var out []Claim
	for _, c := range claims {
		if n := numbers[c.Key]; c.Number == 0 && n > 0 {
			c.Number = n
			out = append(out, c)
		}
	}
	return out
}
