package bot

import (
	"fmt"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/witness"
)

// claim decides which issues this run may open, and adds to what is kept on the witness
// branch the claims for them and the numbers that earlier runs could not write down. Without
// a witness nothing can be claimed, and all are opened.
func (r *reconciliation) claim(plan []effect.Effect, keep []effect.Splice) ([]effect.Effect, []effect.Splice, error) {
	if r.desk.Def.Witness == "" || r.witness.Tree == nil {
		return plan, keep, nil
	}
	claims, fs, err := witness.Claims(r.witness.Tree)
	if err != nil {
		return nil, nil, err
	}
	r.findings = append(r.findings, fs...)
	numbered := effect.Numbered(claims, r.have.Issues, r.have.Us)
	c := effect.Claims(plan, claims, r.options.Run, r.now())
	for _, l := range c.Left {
		if l.Busy {
			r.failed = append(r.failed, fmt.Errorf("open an issue: %s: left to run %s, which claimed it at %s", l.Issue.Title, l.Claim.Run.ID, l.Claim.At.Format("15:04:05 UTC")))
			continue
		}
		r.console.Say(fmt.Sprintf("not opened again: %s: it was #%d, which is gone", l.Issue.Title, l.Claim.Number))
	}
	r.claims = append(held(claims, r.options.Run), c.Write...)
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
