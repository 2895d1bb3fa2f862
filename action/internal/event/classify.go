package event

import (
	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/evidence"
)

// classify moves the record to a landed status, or refuses: the state before decides, the
// definition's moves, and what their author had the right to do by then. A change of state
// is a response too, in the cycle that it may end.
func (f *fold) classify(to string, author account.Account, m moment) {
	permit := f.roster.Permit(f.kind, f.rec.State, to, f.question("", author, m), f.values)
	if !permit.Yes {
		f.refuse(to, author, m, permit.Why)
		return
	}
	f.respond(author, m)
	f.actors = evidence.Weakest(f.actors, permit.Evidence)
	f.move(to, author, m, "")
}

func (f *fold) refuse(to string, author account.Account, m moment, why string) {
	e := f.event(Refused, m, author)
	e.From, e.To, e.Why = f.rec.State, to, why
	f.emit(e)
	f.alarm(m, refusal, "the landed status %s is refused: %s; it stays %s", to, why, f.rec.State)
}
