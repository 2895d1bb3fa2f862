package app

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"strconv"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/witness"
)

// claim decides which issues this run may open, and adds to what is kept on the witness
// branch the claims for them and the numbers that earlier runs could not write down. Without
// a witness nothing can be claimed, and all are opened.
func (s *visit) claim(t *tally, run effect.Run, plan []effect.Effect, keep []effect.Splice) ([]effect.Effect, []effect.Splice, error) {
	seen := s.sighting()
	if s.def.Witness == "" || seen.tree == nil {
		return plan, keep, nil
	}
	claims, fs, err := witness.Claims(seen.tree)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range fs {
		fmt.Fprintln(s.Stderr, s.ink().finding(f))
	}
	numbered := effect.Numbered(claims, s.issuesSeen, s.us)
	c := effect.Claims(plan, claims, run, s.now())
	for _, l := range c.Left {
		if l.Busy {
			t.failed = append(t.failed, fmt.Errorf("open an issue: %s: left to run %s, which claimed it at %s", l.Issue.Title, l.Claim.Run.ID, l.Claim.At.Format("15:04:05 UTC")))
			continue
		}
		fmt.Fprintf(s.Stderr, "liaison: not opened again: %s: it was #%d, which is gone\n", l.Issue.Title, l.Claim.Number)
	}
	t.claims = append(held(claims, run), c.Write...)
	files, err := claimFiles(append(numbered, c.Write...))
	return c.Plan, append(keep, files...), err
}

// held are the claims of a run that have led to no issue yet.
func held(claims []effect.Claim, run effect.Run) []effect.Claim {
	var out []effect.Claim
	for _, c := range claims {
		if c.Run == run && c.Number == 0 {
			out = append(out, c)
		}
	}
	return out
}

func claimFiles(claims []effect.Claim) ([]effect.Splice, error) {
	var out []effect.Splice
	for _, c := range claims {
		f, err := witness.ClaimFile(c)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// run is who this run is: GitHub's number for it, or one that no other has.
func (a *App) run() effect.Run {
	attempt, _ := strconv.Atoi(a.Getenv("GITHUB_RUN_ATTEMPT"))
	return effect.Run{ID: cmp.Or(a.Getenv("GITHUB_RUN_ID"), "by-hand-"+rand.Text()), Attempt: max(1, attempt)}
}
