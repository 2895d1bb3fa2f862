package event_test

import (
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/evidence"
)

const toolbar = "requests/2026/toolbar.yaml"

// opened tells that Ann opened pull request 1 with her request, and what happened to it.
func (s *story) opened(entries ...func(*story)) {
	s.pull(1, toolbar, saw(1, "opened", ann))
	for _, e := range entries {
		e(s)
	}
}

// then adds an entry to the newest pull request.
func (s *story) then(hour float64, kind string, who account.Account) {
	p := &s.pulls[len(s.pulls)-1]
	p.Entries = append(p.Entries, saw(hour, kind, who))
}

// merge lands files as the newest pull request's merge, with the status that they say.
func (s *story) merge(hour float64, who account.Account, files ...string) {
	l := s.land(hour, who, files...)
	p := &s.pulls[len(s.pulls)-1]
	p.Entries = append(p.Entries, merged(hour, who, l.Commit, l.Commit))
}

// change lands a change of the request by another pull request of who's.
func (s *story) change(hour float64, who account.Account, lines ...string) {
	s.pull(len(s.pulls)+1, "", saw(hour, "opened", who))
	s.merge(hour, lia, toolbar, request(lines...))
}

// Each move of the shipped definition, and what stands in its way. The stories begin with
// Ann's request, opened at hour 1.
func TestTheLifeOfARequest(t *testing.T) {
	accepted := func(s *story) { s.opened(); s.merge(2, lia, toolbar, request()) }
	const born = "1h toolbar: filed >submitted by ann, witnessed"
	var isAccepted = []string{born, "2h toolbar: responded by lia, witnessed", "2h toolbar: moved submitted>accepted by lia, witnessed"}
	for _, c := range []struct {
		name  string
		tell  func(*story)
		want  []string
		alarm string // a part of it
	}{
		{"opened: it is submitted", func(s *story) { s.opened() }, []string{born}, ""},
		{"commented by a liaison: that is the response", func(s *story) { s.opened(); s.then(2, "commented", lia); s.then(3, "commented", lia) },
			[]string{born, "2h toolbar: responded by lia, witnessed"}, ""},
		{"reviewed by a liaison: that is the response", func(s *story) { s.opened(); s.then(2, "reviewed/approved", lia) },
			[]string{born, "2h toolbar: responded by lia, witnessed"}, ""},
		{"changes requested, answered by the filer, merged", func(s *story) {
			s.opened()
			s.then(2, "reviewed/changes_requested", lia)
			s.then(3, "commented", bob)
			s.then(4, "pushed", ann)
			s.then(5, "reviewed/changes_requested", lia)
			s.then(6, "commented", ann)
			s.merge(7, lia, toolbar, request())
		}, []string{born, "2h toolbar: responded by lia, witnessed", "2h toolbar: moved submitted>needs-info by lia, witnessed",
			"4h toolbar: moved needs-info>submitted by ann, witnessed", "5h toolbar: moved submitted>needs-info by lia, witnessed",
			"6h toolbar: moved needs-info>submitted by ann, witnessed", "7h toolbar: moved submitted>accepted by lia, witnessed"}, ""},
		{"changes requested by nobody in the role", func(s *story) { s.opened(); s.then(2, "reviewed/changes_requested", bob) }, []string{born}, ""},
		{"merged while it needs information", func(s *story) {
			s.opened()
			s.then(2, "reviewed/changes_requested", lia)
			s.merge(3, lia, toolbar, request())
		}, []string{born, "2h toolbar: responded by lia, witnessed", "2h toolbar: moved submitted>needs-info by lia, witnessed", "3h toolbar: moved needs-info>accepted by lia, witnessed"}, ""},
		{"merged by a liaison", accepted, isAccepted, ""},
		{"merged by nobody in the role: it stays submitted", func(s *story) { s.opened(); s.merge(2, bob, toolbar, request()) },
			[]string{born}, "2h it was merged by bob, who may not accept it; it stays submitted"},
		{"merged by its filer: it stays submitted", func(s *story) { s.opened(); s.merge(2, ann, toolbar, request()) },
			[]string{born}, "2h it was merged by ann, who may not accept it"},
		{"merged by somebody unknown: the move stands, and nobody can tell", func(s *story) { s.opened(); s.merge(2, none, toolbar, request()) },
			[]string{born, "2h toolbar: responded by somebody, unknown", "2h toolbar: moved submitted>accepted by somebody, unknown"}, ""},
		{"merged, which GitHub lists as closed too", func(s *story) { s.opened(); s.merge(2, lia, toolbar, request()); s.then(2, "closed", lia) }, isAccepted, ""},
		{"closed by its filer", func(s *story) { s.opened(); s.then(2, "closed", ann) }, []string{born, "2h toolbar: moved submitted>withdrawn by ann, witnessed"}, ""},
		{"closed by a liaison", func(s *story) { s.opened(); s.then(2, "closed", lia) }, []string{born, "2h toolbar: moved submitted>declined by lia, witnessed"}, ""},
		{"closed by nobody: it stays open, and somebody asks", func(s *story) { s.opened(); s.then(2, "closed", bob) },
			[]string{born}, "2h pull request #1 was closed by bob, who may not close it; it stays open"},
		{"closed and reopened: a new cycle", func(s *story) {
			s.opened()
			s.then(2, "closed", lia)
			s.then(3, "reopened", ann)
			s.then(4, "commented", lia)
		}, []string{born, "2h toolbar: moved submitted>declined by lia, witnessed", "3h toolbar: moved declined>submitted by ann, witnessed", "4h toolbar: responded by lia, witnessed"}, ""},
		{"closed, reopened, merged", func(s *story) {
			s.opened()
			s.then(2, "closed", ann)
			s.then(3, "reopened", ann)
			s.merge(4, lia, toolbar, request())
		}, []string{born, "2h toolbar: moved submitted>withdrawn by ann, witnessed", "3h toolbar: moved withdrawn>submitted by ann, witnessed",
			"4h toolbar: responded by lia, witnessed", "4h toolbar: moved submitted>accepted by lia, witnessed"}, ""},
		{"merged, and what it landed is gone: it is still counted", func(s *story) {
			s.opened()
			s.pulls[0].Entries = append(s.pulls[0].Entries, merged(2, lia, "lost", "lost"))
		}, []string{born}, "2h GitHub merged pull request #1, but what it landed is not on the line"},

		{"assigned, with a start: resourced by itself", func(s *story) { accepted(s); s.change(3, lia, "assignees: [{person: lia}]", "starts: 2026-08-01") },
			append(isAccepted[:3:3], "3h toolbar: assigned >lia by lia, witnessed", "3h toolbar: edited by lia, witnessed",
				"3h toolbar: moved accepted>resourced by lia, witnessed (size(record.assignees) > 0 && has(record.starts))"), ""},
		{"assigned, without a start: not resourced", func(s *story) { accepted(s); s.change(3, lia, "assignees: [{person: lia}]") },
			append(isAccepted[:3:3], "3h toolbar: assigned >lia by lia, witnessed"), ""},
		{"assigned before the merge: resourced with it", func(s *story) {
			s.opened()
			s.merge(2, lia, toolbar, request("assignees: [{person: lia}, {person: noor}]", "starts: 2026-08-01"))
		}, append(isAccepted[:3:3], "2h toolbar: assigned >lia noor by ann, witnessed",
			"2h toolbar: moved accepted>resourced by ann, witnessed (size(record.assignees) > 0 && has(record.starts))"), ""},
		{"reassigned", func(s *story) {
			accepted(s)
			s.change(3, lia, "assignees: [{person: lia}]")
			s.change(4, lia, "assignees: [{person: noor}]")
		},
			append(isAccepted[:3:3], "3h toolbar: assigned >lia by lia, witnessed", "4h toolbar: assigned lia>noor by lia, witnessed"), ""},
		{"a landed status that says resourced, though nobody is assigned: refused", func(s *story) { accepted(s); s.change(3, lia, "status: resourced") },
			append(isAccepted[:3:3], "3h toolbar: refused accepted>resourced by lia, witnessed (`size(record.assignees) > 0 && has(record.starts)` does not hold)"), "is refused"},

		{"worked on and done", func(s *story) {
			accepted(s)
			s.change(3, lia, "assignees: [{person: lia}]", "starts: 2026-08-01", "status: resourced")
			s.change(4, lia, "assignees: [{person: lia}]", "starts: 2026-08-01", "status: in-progress")
			s.change(5, lia, "assignees: [{person: lia}]", "starts: 2026-08-01", "status: done", "outcome: {text: Told everybody}")
		}, append(isAccepted[:3:3], "3h toolbar: moved accepted>resourced by lia, witnessed", "3h toolbar: assigned >lia by lia, witnessed", "3h toolbar: edited by lia, witnessed",
			"4h toolbar: moved resourced>in-progress by lia, witnessed",
			"5h toolbar: moved in-progress>done by lia, witnessed", "5h toolbar: edited by lia, witnessed"), ""},
		{"done without an outcome: refused", func(s *story) {
			accepted(s)
			s.change(3, lia, "assignees: [{person: lia}]", "starts: 2026-08-01")
			s.change(4, lia, "assignees: [{person: lia}]", "starts: 2026-08-01", "status: done")
		}, append(isAccepted[:3:3], "3h toolbar: assigned >lia by lia, witnessed", "3h toolbar: edited by lia, witnessed",
			"3h toolbar: moved accepted>resourced by lia, witnessed (size(record.assignees) > 0 && has(record.starts))",
			"4h toolbar: refused resourced>done by lia, witnessed (it needs `outcome`)"), "it stays resourced"},
		{"stalled with a reason, and on again", func(s *story) {
			accepted(s)
			s.change(3, lia, "status: stalled", "reason: Holidays")
			s.change(4, lia, "status: accepted")
		},
			append(isAccepted[:3:3], "3h toolbar: moved accepted>stalled by lia, witnessed", "3h toolbar: edited by lia, witnessed",
				"4h toolbar: moved stalled>accepted by lia, witnessed", "4h toolbar: edited by lia, witnessed"), ""},
		{"a duplicate", func(s *story) {
			accepted(s)
			s.change(3, lia, "status: duplicate", "duplicate_of: requests/2026/x.yaml")
		},
			append(isAccepted[:3:3], "3h toolbar: moved accepted>duplicate by lia, witnessed", "3h toolbar: edited by lia, witnessed"), ""},
		{"withdrawn by its filer later", func(s *story) { accepted(s); s.change(3, ann, "status: withdrawn", "reason: No time") },
			append(isAccepted[:3:3], "3h toolbar: moved accepted>withdrawn by ann, witnessed", "3h toolbar: edited by ann, witnessed"), ""},
		{"declined by its filer: refused", func(s *story) { accepted(s); s.change(3, ann, "status: declined", "reason: No time") },
			append(isAccepted[:3:3], "3h toolbar: refused accepted>declined by ann, witnessed (ann holds none of the roles that may: liaison)", "3h toolbar: edited by ann, witnessed"),
			"3h the landed status declined is refused"},
		{"accepted by mistake: the cycle is void, and the next response is a new one", func(s *story) {
			accepted(s)
			s.change(3, lia, "status: submitted", "reason: By mistake")
			s.then(4, "commented", lia) // on that pull request: not the one that adds the request
			s.pulls[0].Entries = append(s.pulls[0].Entries, saw(5, "commented", mara))
			s.change(6, lia, "status: accepted", "reason: By mistake")
		}, append(isAccepted[:3:3], "3h toolbar: moved accepted>submitted by lia, witnessed", "3h toolbar: edited by lia, witnessed",
			"5h toolbar: responded by mara, witnessed", "6h toolbar: moved submitted>accepted by lia, witnessed"), ""},
		{"declined, reopened, accepted", func(s *story) {
			accepted(s)
			s.change(3, lia, "status: declined", "reason: No")
			s.change(4, lia, "status: submitted", "reason: But yes")
			s.change(5, lia, "status: accepted", "reason: But yes")
		}, append(isAccepted[:3:3], "3h toolbar: moved accepted>declined by lia, witnessed", "3h toolbar: edited by lia, witnessed",
			"4h toolbar: moved declined>submitted by lia, witnessed", "4h toolbar: edited by lia, witnessed",
			"5h toolbar: responded by lia, witnessed", "5h toolbar: moved submitted>accepted by lia, witnessed"), ""},
		{"an unknown state: refused", func(s *story) { accepted(s); s.change(3, lia, "status: acepted") },
			append(isAccepted[:3:3], "3h toolbar: refused accepted>acepted by lia, witnessed (there is no state `acepted`)"), "it stays accepted"},
		{"a state that no move leads to: refused", func(s *story) { accepted(s); s.change(3, lia, "status: in-progress") },
			append(isAccepted[:3:3], "3h toolbar: refused accepted>in-progress by lia, witnessed (no move leads from accepted to in-progress)"), "it stays accepted"},
		{"a refused status that stays in the file is refused once", func(s *story) {
			accepted(s)
			s.change(3, lia, "status: in-progress")
			s.change(4, lia, "status: in-progress", "goal: none")
		}, append(isAccepted[:3:3], "3h toolbar: refused accepted>in-progress by lia, witnessed (no move leads from accepted to in-progress)", "4h toolbar: edited by lia, witnessed"), "it stays accepted"},
		{"the bot writes the state back: no event", func(s *story) {
			accepted(s)
			s.land(3, account.Account{ID: 100, Login: "example-liaison[bot]"}, toolbar, request("status: accepted"))
		}, isAccepted, ""},
		{"anybody writes the state back: no event", func(s *story) { accepted(s); s.change(3, bob, "status: accepted") }, isAccepted, ""},
		{"the status is taken out of the file: no event, and it stays what it was", func(s *story) {
			s.opened()
			s.merge(2, lia, toolbar, request("status: accepted"))
			s.change(3, ann)
			s.change(4, lia, "status: stalled", "reason: x")
		}, append(isAccepted[:3:3], "4h toolbar: moved accepted>stalled by lia, witnessed", "4h toolbar: edited by lia, witnessed"), ""},

		{"born with its initial state", func(s *story) { s.opened(); s.merge(2, lia, toolbar, request("status: submitted")) }, isAccepted, ""},
		{"born declined, by a liaison: no merge, and a response", func(s *story) {
			s.pull(1, toolbar, saw(1, "opened", lia))
			s.merge(2, mara, toolbar, request("status: declined", "reason: Asked in person"))
		}, []string{"1h toolbar: filed >submitted by lia, witnessed", "2h toolbar: responded by mara, witnessed", "2h toolbar: moved submitted>declined by lia, witnessed"}, ""},
		{"born declined, by its filer: refused", func(s *story) { s.opened(); s.merge(2, lia, toolbar, request("status: declined", "reason: No")) },
			[]string{born, "2h toolbar: responded by lia, witnessed", "2h toolbar: refused submitted>declined by ann, witnessed (ann holds none of the roles that may: liaison)"}, "it stays submitted"},
		{"born in progress: accepted, and the rest refused", func(s *story) { s.opened(); s.merge(2, lia, toolbar, request("status: in-progress")) },
			append(isAccepted[:3:3], "2h toolbar: refused accepted>in-progress by ann, witnessed (no move leads from accepted to in-progress)"), "it stays accepted"},

		{"edited", func(s *story) { accepted(s); s.change(3, bob, "goal: none") }, append(isAccepted[:3:3], "3h toolbar: edited by bob, witnessed"), ""},
		{"edited in its bytes alone", func(s *story) { accepted(s); s.change(3, bob, "# a remark") }, append(isAccepted[:3:3], "3h toolbar: edited by bob, witnessed"), ""},
		{"made unreadable and mended: edited, and it stays what it was", func(s *story) {
			accepted(s)
			s.change(3, bob, "title: [")
			s.change(4, lia, "status: stalled", "reason: x")
		}, append(isAccepted[:3:3], "3h toolbar: edited by bob, witnessed", "4h toolbar: moved accepted>stalled by lia, witnessed", "4h toolbar: edited by lia, witnessed"), ""},
		{"removed", func(s *story) { accepted(s); s.land(3, lia, toolbar, "") }, append(isAccepted[:3:3], "3h toolbar: removed by lia, landed"), ""},
		{"renamed", func(s *story) { accepted(s); s.land(3, lia, toolbar, "", "requests/2027/toolbar.yaml", request()) },
			append(isAccepted[:3:3], "3h toolbar: renamed "+toolbar+">requests/2027/toolbar.yaml by lia, landed"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "")
			c.tell(s)
			s.want(c.want...)
			alarms := strings.Join(s.alarms(), "\n")
			if !strings.Contains(alarms, c.alarm) || (c.alarm == "") != (alarms == "") {
				t.Errorf("alarms %q, want %q", alarms, c.alarm)
			}
		})
	}
}

func TestTheRecordAsItIs(t *testing.T) {
	s := tell(t, "")
	s.opened()
	s.merge(2, lia, toolbar, request("status: submitted"))
	s.land(3, lia, toolbar, "", "requests/2027/toolbar.yaml", request("status: submitted", "goal: none"))
	r := s.record(toolbar)
	if r.State != "accepted" || r.FileStatus != "submitted" || r.Path != "requests/2027/toolbar.yaml" || !r.Live || !r.Landed ||
		r.Pull != 1 || r.Filer != ann || r.Title != "A toolbar" || r.Values["goal"] != "none" || len(r.Versions) != 2 {
		t.Errorf("it reads %+v", r)
	}
	for _, c := range []struct {
		name string
		hour float64
		goal any
	}{
		{"before it landed it reads as it landed first", 1, nil},
		{"between two versions it reads as the older", 2.5, nil},
		{"at a landing it reads as that landing left it", 3, "none"},
	} {
		if got := r.At(at(c.hour))["goal"]; got != c.goal {
			t.Errorf("%s: goal %v, want %v", c.name, got, c.goal)
		}
	}
}

// What belongs to somebody is set by nobody else, whatever has landed.
func TestAFieldIsItsOwners(t *testing.T) {
	assigned := []string{"assignees: [{person: lia}]", "starts: 2026-01-05"}
	for _, c := range []struct {
		name, state string
		tell        func(*story)
	}{
		{"a stranger who assigns somebody resources nothing", "accepted", func(s *story) { s.change(6, bob, assigned...) }},
		{"a liaison who does resources it", "resourced", func(s *story) { s.change(6, lia, assigned...) }},
		{"what a stranger assigned counts for nothing later either", "accepted", func(s *story) {
			s.change(6, bob, assigned...)
			s.change(7, lia, append(assigned, "mode: direct")...)
		}},
		{"a stranger who made themselves requester withdraws nothing", "accepted", func(s *story) {
			s.change(6, bob, "requester: bob")
			s.change(7, bob, "requester: bob", "status: withdrawn", "reason: I want it gone.")
		}},
		{"the filer names a requester, who withdraws", "withdrawn", func(s *story) {
			s.change(6, ann, "requester: bob")
			s.change(7, bob, "requester: bob", "status: withdrawn", "reason: We need it no more.")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "")
			s.opened()
			s.merge(2, lia, toolbar, request())
			c.tell(s)
			if got := s.record(toolbar).State; got != c.state {
				t.Errorf("it is %s, want %s\n%s", got, c.state, strings.Join(append(s.events(), s.alarms()...), "\n"))
			}
		})
	}
}

// So is one that follows a move which fired by itself on what nobody can vouch for.
func TestWhatFollowsAnUnknownAssignmentIsUnknown(t *testing.T) {
	s := tell(t, "")
	s.opened()
	s.merge(2, lia, toolbar, request())
	assigned := []string{"assignees: [{person: lia}]", "starts: 2026-01-05"}
	s.land(6, none, toolbar, request(assigned...))
	s.change(7, lia, append(assigned, "status: in-progress")...)
	for _, e := range s.record(toolbar).Events {
		if e.Name == event.Moved && e.To != "accepted" && e.Evidence != evidence.Unknown {
			t.Errorf("%s to %s is %s", e.Name, e.To, e.Evidence)
		}
	}
}

// A move that rests on one which nobody can vouch for is as unknown as that one.
func TestAStateIsAsWellKnownAsTheMovesBeforeIt(t *testing.T) {
	s := tell(t, "")
	l := s.land(2, none, toolbar, request())
	l.ByForge = true
	s.change(6, lia, "assignees: [{person: lia}]", "starts: 2026-01-05")
	s.change(7, lia, "assignees: [{person: lia}]", "starts: 2026-01-05", "status: in-progress")
	for _, e := range s.record(toolbar).Events {
		if e.Name == event.Moved && e.Evidence != evidence.Unknown {
			t.Errorf("%s to %s is %s", e.Name, e.To, e.Evidence)
		}
	}
}
