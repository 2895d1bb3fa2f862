// Package replay turns a desk's history and witness into its past as of an instant: the ledger
// of its records, by the definitions that were in force, and the clocks.
package replay

import (
	"context"
	"fmt"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/witness"
)

// A Question says as of when somebody asks.
type Question struct {
	AsOf  time.Time // the zero time: when the head of the desk landed
	Now   time.Time
	Rev   string // a revision that was named; "": the default branch as it stands
	Asked bool   // an instant was named
	// Teller is told the records, and keeps none (see event.Input): no clock is run.
	Teller func() func(*event.Record)
}

// today reports whether the question is about the default branch as it is now.
func (q Question) today() bool { return !q.Asked && q.Rev == "" }

// A Result is what had happened to a desk's records by an instant, and how its clocks stood.
type Result struct {
	Desk    desk.Desk // as it stood then
	Inputs  report.Inputs
	Ledger  *event.Ledger
	Roster  *roster.Roster
	Clocks  []clock.Clock
	InForce []clock.InForce
	Notices []event.Alarm     // about the desk, for those who read its figures; nobody is called for them
	Witness *witness.Snapshot // as of then
	Ahead   *Ahead            // what of the default branch claims to come after now; nil: nothing, or another time was asked for
}

// An Ahead is the commits at the end of a branch that claim to have landed after now.
type Ahead struct {
	Commits, Of int
	From        string // the first of them
	Now         time.Time
}

// String says what that means.
func (a Ahead) String() string {
	return fmt.Sprintf("%d of %d commits, from %s on, claim to have landed after now (%s): they do not count yet, and will once the time has come, GitHub's record knows of them, or more commits behind them show that it was a clock that is wrong",
		a.Commits, a.Of, a.From, a.Now.Format(time.RFC3339))
}

// Of reads the history and the witness of a desk, and tells its past. It refuses where the
// history is not whole.
func Of(ctx context.Context, d desk.Desk, q Question, r Reading) (*Result, error) {
	f, err := r.Facts(ctx, d, q.Rev == "")
	if err != nil {
		return nil, err
	}
	return From(ctx, d, f, q, r)
}

// From tells the past of a desk from facts that were read.
func From(ctx context.Context, d desk.Desk, f Facts, q Question, r Reading) (*Result, error) {
	var err error
	if q.AsOf.IsZero() {
		if q.AsOf, err = landedAt(f, q); err != nil {
			return nil, err
		}
	}
	then, err := cut(ctx, d, f, q.AsOf, r)
	if err != nil {
		return nil, err
	}
	snapshot, err := asOf(d, then.witness, q.AsOf)
	if err != nil {
		return nil, err
	}
	in := event.Input{Definition: then.desk.Def, Landings: then.landings, Pulls: snapshot.Pulls, AsOf: q.AsOf,
		Read: d.Version, Reader: d.VersionReader, Teller: q.Teller}
	p, err := then.result(in, snapshot, r)
	if err != nil {
		return nil, err
	}
	if q.today() {
		p.Ahead = f.ahead(then.kept, q.AsOf)
	}
	if q.Teller == nil {
		p.run()
	}
	return p, nil
}

// landedAt is the instant that a revision stands for.
func landedAt(f Facts, q Question) (time.Time, error) {
	at, known := event.LandedAt(f.Landings, f.Witness.Pulls)
	switch {
	case !known:
		return at, fmt.Errorf("when %s landed cannot be told: no clock of its line can be read; expected --as-of with a time", q.Rev)
	case at.After(q.Now):
		return at, fmt.Errorf("%s claims to have landed at %s, later than now: a clock on its line is wrong; expected --as-of with a time", q.Rev, at.Format(time.RFC3339))
	}
	return at, nil
}

// result turns history and witness into a ledger, by the definitions that were in force.
func (s instant) result(in event.Input, snapshot *witness.Snapshot, r Reading) (*Result, error) {
	inForce, notices, err := s.inForce(in, r.Definitions)
	if err != nil {
		return nil, err
	}
	in.Definition = Remembering(s.desk.Def, inForce)
	ledger, ros, err := event.Derive(in)
	if err != nil {
		return nil, err
	}
	inputs := report.Inputs{Witness: snapshot.Commit, AsOf: in.AsOf, Engine: report.Engine, Definition: s.desk.Text.Sum()}
	if n := len(in.Landings); n > 0 {
		inputs.Main = in.Landings[n-1].Commit
	}
	return &Result{Desk: s.desk, Inputs: inputs, Ledger: ledger, Roster: ros, InForce: inForce, Notices: notices, Witness: snapshot}, nil
}

// run computes the clocks.
func (r *Result) run() {
	r.Clocks = clock.Under(r.InForce, r.Ledger, r.Roster, r.Inputs.AsOf)
	r.Ledger.Alarms = append(r.Ledger.Alarms, faults(r.Clocks)...)
}

// faults are the conditions of targets that have no answer: somebody has to mend the record,
// what it refers to, or the definition. Of what has not landed the gate says it on its pull
// request, where a stranger may list as many as they like.
func faults(clocks []clock.Clock) []event.Alarm {
	var out []event.Alarm
	for _, c := range clocks {
		if c.Fault != nil && c.Record.Landed {
			out = append(out, event.Alarm{Time: c.Started, Record: c.Record.ID, Title: "Cannot be judged", Mark: fmt.Sprintf("%s-%d", c.Target.Name, c.Cycle),
				Words: fmt.Sprintf("whether %s speaks of it cannot be told: %v", c.Target.Name, c.Fault)})
		}
	}
	return out
}
