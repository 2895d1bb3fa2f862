package event

import (
	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
)

// onEntry folds one thing that GitHub saw on the pull request that adds the record. Words
// of an account that is no more are no response: whose they were cannot be told.
func (f *fold) onEntry(e Entry) {
	m := f.onPull(e)
	if (e.Kind == Commented || e.Kind == Reviewed) && e.Actor.Known() {
		f.respond(e.Actor, m)
	}
	if e.Kind == Commented || e.Kind == Reviewed || e.Kind == Pushed {
		f.reply(e.Actor, m)
	}
	switch e.Kind {
	case Commented:
		f.fire("commented", e.Actor, m)
	case Reviewed:
		switch e.State {
		case "changes_requested":
			f.fire("changes-requested", e.Actor, m)
		case "approved":
			f.fire("approved", e.Actor, m)
		}
	case Pushed:
		f.fire("pushed", e.Actor, m)
	case Closed:
		f.close(e.Actor, m)
	case Reopened:
		f.fire("reopened", e.Actor, m)
	}
}

// close folds a close without a merge. By nobody in a role it changes nothing: a deleted
// fork closes its pull requests.
func (f *fold) close(actor account.Account, m moment) {
	if len(f.kind.EventMoves("closed", f.rec.State)) > 0 && !f.fire("closed", actor, m) {
		f.alarm(m, "Closed without a decision", "pull request #%d was closed by %s, who may not close it; it stays open. Was it meant to be withdrawn?", m.pull, actor)
	}
}

// fire makes the first move that an event causes and its actor may cause.
func (f *fold) fire(event string, actor account.Account, m moment) bool {
	for _, move := range f.kind.EventMoves(event, f.rec.State) {
		q := f.question("", actor, m)
		grade, ok := f.roster.Allowed(move, q)
		if !ok || !f.roster.Guard(move, q, f.values) {
			continue
		}
		f.actors = evidence.Weakest(f.actors, grade)
		f.move(move.To[0], actor, m, "")
		if m.index < 0 && f.rec.Live {
			f.automatic(actor, m)
		}
		return true
	}
	return false
}

// move changes the state and says so. It rests on every move before it: whether they were
// allowed decides where this one starts.
func (f *fold) move(to string, actor account.Account, m moment, why string) {
	e := f.event(Moved, m, actor)
	e.From, e.To, e.Why = f.rec.State, to, why
	e.Evidence = evidence.Weakest(e.Evidence, f.actors)
	e.Turn = f.kind.TurnOf(e.From, to)
	f.emit(e)
	f.rec.State = to
	if e.Turn != workflow.Stays {
		f.cycle++
		f.responded = map[string]bool{}
	}
}

// reply records that filer or requester said or pushed something, where a target asks.
func (f *fold) reply(actor account.Account, m moment) {
	if f.asked.replies && !f.bot(actor) && f.involved(actor) {
		f.emit(f.event(Replied, m, actor))
	}
}

// respond records the first response of a cycle, once for each role that targets wait for,
// and every further one where a target asks. Bots, filer and requester never count.
func (f *fold) respond(actor account.Account, m moment) {
	if f.bot(actor) || f.involved(actor) {
		return
	}
	e := f.event(Responded, m, actor)
	for _, role := range f.asked.responders {
		if f.responded[role] && !f.asked.every[role] {
			continue
		}
		if a := f.responds(role, actor, m); a.Yes {
			f.responded[role] = true
			e.Roles = append(e.Roles, role)
			e.Evidence = evidence.Weakest(e.Evidence, a.Evidence)
		}
	}
	if len(e.Roles) > 0 {
		f.emit(e)
	}
}

// named is how well an account is known: one that only a commit or a login
// names is somebody's word.
func named(a account.Account) evidence.Grade {
	if a.ID == 0 || a == claim(a) {
		return evidence.Claimed
	}
	return evidence.Witnessed
}

// involved reports whether an account is the filer or the requester.
func (f *fold) involved(a account.Account) bool {
	if !a.Known() {
		return false
	}
	filer, requester := f.roster.Parties(f.kind.Name, f.base, f.rec.Filer)
	return f.roster.Same(a, filer) || f.roster.Same(a, requester)
}
