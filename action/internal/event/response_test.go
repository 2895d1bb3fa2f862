package event_test

import (
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/account"
)

const lias = "roster/people/lia.yaml"

// Who counts as having responded to Ann's request, and on what evidence.
func TestTheFirstResponse(t *testing.T) {
	hired := func(hour float64, from string) func(*story) {
		return func(s *story) { s.land(hour, mara, "roster/people/noor.yaml", person(noor, "liaison", from)) }
	}
	for _, c := range []struct {
		name   string
		before func(*story)
		by     account.Account // comments at hour 48, on the third of July
		after  func(*story)
		want   string // "": no response
	}{
		{"a liaison's", nil, lia, nil, "by lia, witnessed"},
		{"a manager's, where managers are liaisons", nil, mara, nil, "by mara, witnessed"},
		{"not anybody's", nil, bob, nil, ""},
		{"not a bot's, by its type", hired(0, "2020-01-01"), account.Account{ID: noor.ID, Login: "noor", Type: "Bot"}, nil, ""},
		{"not a bot's, by its name", hired(0, "2020-01-01"), account.Account{ID: noor.ID, Login: "noor[bot]"}, nil, ""},
		{"not the desk's own, by its id", nil, account.Account{ID: 100, Login: "lia"}, nil, ""},
		{"not the filer's", nil, ann, nil, ""},
		{"a liaison's whose entry had landed", hired(47, "2026-07-03"), noor, nil, "by noor, witnessed"},
		{"a liaison's from the first minute of the first day", hired(0, "2026-07-03"), noor, nil, "by noor, witnessed"},
		{"not a liaison's before the first day", hired(0, "2026-07-04"), noor, nil, ""},
		{"a liaison's whose entry landed later, dated back: somebody's word", nil, noor, hired(49, "2020-01-01"), "by noor, claimed"},
		{"not a liaison's whose entry landed later and begins later", nil, noor, hired(49, "2026-07-04"), ""},
		{"a former liaison's, while they were one", nil, lia, func(s *story) {
			s.land(60, mara, lias, strings.Replace(person(lia, "liaison", "2020-01-01"), "from: 2020-01-01", "from: 2020-01-01, to: 2026-07-03", 1))
		}, "by lia, witnessed"},
		{"not a former liaison's, after the last day", nil, lia, func(s *story) {
			s.land(60, mara, lias, strings.Replace(person(lia, "liaison", "2020-01-01"), "from: 2020-01-01", "from: 2020-01-01, to: 2026-07-02", 1))
		}, ""},
		{"a liaison's who was renamed", nil, account.Account{ID: lia.ID, Login: "lia-new", Type: "User"}, nil, "by lia-new, witnessed"},
		{"not that of one who took the login that a liaison released", nil, account.Account{ID: 666, Login: "lia", Type: "User"}, nil, ""},
		{"of a login alone: somebody's word", func(s *story) {
			s.land(0, mara, lias, strings.Replace(person(lia, "liaison", "2020-01-01"), "github_id: 1002\n", "", 1))
		}, account.Account{Login: "lia"}, nil, "by lia, claimed"},
		{"not of an account that is no more: whose words they were cannot be told", nil, none, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "")
			if c.before != nil {
				c.before(s)
			}
			s.opened()
			s.then(48, "commented", c.by)
			if c.after != nil {
				c.after(s)
			}
			got := s.events()[1:]
			if c.want == "" {
				equal(t, got, nil)
				return
			}
			equal(t, got, []string{"48h toolbar: responded " + c.want})
		})
	}
}

func TestTheRequesterNeverResponds(t *testing.T) {
	for _, c := range []struct {
		name, requester string
		want            int
	}{
		{"even if a liaison", "lia", 0},
		{"in whatever case the login is written", "LIA", 0},
		{"and others do", "noor", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "")
			s.opened()
			s.then(2, "commented", lia)
			s.merge(3, mara, toolbar, request("requester: "+c.requester))
			n := 0
			for _, line := range s.events() {
				if strings.Contains(line, "responded by lia") {
					n++
				}
			}
			if n != c.want {
				t.Errorf("%d responses of lia's, want %d: %q", n, c.want, s.events())
			}
		})
	}
}

func TestARequestFiledByALiaisonSaysSo(t *testing.T) {
	for _, c := range []struct {
		name string
		by   account.Account
		tell func(*story)
		want string
	}{
		{"with the role that they hold", lia, func(s *story) { s.merge(3, mara, toolbar, request()) }, "liaison witnessed"},
		{"before it lands", lia, func(*story) {}, "liaison witnessed"},
		{"by a roster entry that landed later, as somebody's word", noor, func(s *story) {
			s.land(4, mara, "roster/people/noor.yaml", person(noor, "liaison", "2020-01-01"))
		}, "liaison claimed"},
		{"and of nobody else", bob, func(*story) {}, " witnessed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "")
			s.pull(1, toolbar, saw(1, "opened", c.by))
			c.tell(s)
			filed := s.record(toolbar).Events[0]
			if got := strings.Join(filed.Roles, " ") + " " + filed.Evidence.String(); got != c.want {
				t.Errorf("filed with %q, want %q", got, c.want)
			}
		})
	}
}

// Rights are told by what had landed: no entry written later gives one.
func TestTheRightToMove(t *testing.T) {
	for _, c := range []struct {
		name string
		tell func(*story)
		want string // the state
	}{
		{"is a liaison's", func(s *story) { s.opened(); s.merge(48, lia, toolbar, request()) }, "accepted"},
		{"is not one's whose entry landed later, dated back", func(s *story) {
			s.opened()
			s.merge(48, noor, toolbar, request())
			s.land(49, mara, "roster/people/noor.yaml", person(noor, "liaison", "2020-01-01"))
		}, "submitted"},
		{"is not one's whose entry landed with the request itself", func(s *story) {
			s.opened()
			s.merge(48, noor, toolbar, request(), "roster/people/noor.yaml", person(noor, "liaison", "2020-01-01"))
		}, "submitted"},
		{"is one's whose entry had landed", func(s *story) {
			s.land(47, mara, "roster/people/noor.yaml", person(noor, "liaison", "2020-01-01"))
			s.opened()
			s.merge(48, noor, toolbar, request())
		}, "accepted"},
		{"is not one's who took the login that a liaison released", func(s *story) {
			s.opened()
			s.merge(48, account.Account{ID: 666, Login: "lia", Type: "User"}, toolbar, request())
		}, "submitted"},
		{"is not one's whose entry was removed", func(s *story) {
			s.land(40, mara, lias, "")
			s.opened()
			s.merge(48, lia, toolbar, request())
		}, "submitted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, "")
			c.tell(s)
			if got := s.record(toolbar).State; got != c.want {
				t.Errorf("it is %s, want %s: %q", got, c.want, s.events())
			}
		})
	}
	t.Run("is the administrator's until the first manager has landed", func(t *testing.T) {
		admin := account.Account{ID: 1, Login: "example-admin", Type: "User"}
		for _, c := range []struct {
			managed bool
			want    string
		}{{false, "accepted"}, {true, "submitted"}} {
			s := tell(t, "")
			if !c.managed {
				s = &story{t: t, def: s.def, tree: map[string]string{}, blobs: map[string]string{}, asOf: s.asOf}
			}
			s.opened()
			s.merge(2, admin, toolbar, request())
			if got := s.record(toolbar).State; got != c.want {
				t.Errorf("managed %v: it is %s, want %s", c.managed, got, c.want)
			}
		}
	})
	t.Run("is on nobody's word alone", func(t *testing.T) { // an unwitnessed merge by hand: its committer says who he is
		s := tell(t, "")
		s.land(2, lia, toolbar, request()).Author = ann
		s.want("2h toolbar: filed >submitted by ann, landed", "2h toolbar: responded by lia, claimed", "2h toolbar: moved submitted>accepted by lia, claimed")
	})
}

// A stranger's desk says as little as it likes.
func TestAStrangersKinds(t *testing.T) {
	const path = "notes/a.yaml"
	for _, c := range []struct {
		name, def string
		tell      func(*story)
		want      []string
	}{
		{"files alone", note, func(s *story) {
			s.land(1, ann, path, "status: x\n")
			s.land(2, bob, path, "status: q\n")
			s.land(3, bob, path, "")
		}, []string{"1h a: filed by ann, landed", "2h a: edited by bob, landed", "3h a: removed by bob, landed"}},
		{"a status without states or moves: any value, by anybody", "desk: D\nkinds: {note: {files: \"notes/*.yaml\", status: status}}\n", func(s *story) {
			s.land(1, ann, path, "status: x\n")
			s.land(2, bob, path, "status: q\n")
			s.land(3, ann, path, "status: q\nz: 1\n")
		}, []string{"1h a: filed >x by ann, landed", "2h a: moved x>q by bob, landed", "3h a: edited by ann, landed"}},
		{"states without moves: any of them, by anybody", "desk: D\nkinds: {note: {files: \"notes/*.yaml\", status: status, states: {x: {initial: true}, q: {}}}}\n", func(s *story) {
			s.land(1, ann, path, "a: 1\n")
			s.land(2, bob, path, "status: q\n")
			s.land(3, bob, path, "status: r\n")
			s.land(4, bob, path, "status: x\n")
		}, []string{"1h a: filed >x by ann, landed", "2h a: moved x>q by bob, landed", "2h a: edited by bob, landed",
			"3h a: refused q>r by bob, landed (there is no state `r`)", "4h a: moved q>x by bob, landed"}},
		{"states without moves: born in one that there is not", "desk: D\nkinds: {note: {files: \"notes/*.yaml\", status: status, states: {x: {initial: true}, q: {}}}}\n", func(s *story) {
			s.land(1, ann, path, "status: r\n")
		}, []string{"1h a: filed >x by ann, landed", "1h a: refused x>r by ann, landed (there is no state `r`)"}},
		{"two initial states: born in the one that it says", "desk: D\nkinds: {note: {files: \"notes/*.yaml\", status: status, states: {x: {initial: true}, q: {initial: true}, r: {}}, moves: [{from: [x, q], to: r}]}}\n", func(s *story) {
			s.land(1, ann, path, "status: q\n")
			s.land(2, ann, path, "status: r\n")
		}, []string{"1h a: filed >q by ann, landed", "2h a: moved q>r by ann, landed"}},
		{"a move that fires by itself after what somebody says", `desk: D
kinds:
  note:
    files: "notes/*.yaml"
    status: status
    states: {x: {initial: true}, q: {}, r: {}}
    moves: [{from: x, to: q, event: commented}, {from: q, to: r, when: "has(record.ready)"}]
`, func(s *story) {
			s.pull(1, path, saw(1, "opened", ann))
			s.merge(2, bob, path, "ready: 1\n")
			s.then(3, "commented", bob)
		}, []string{"1h a: filed >x by ann, witnessed", "3h a: moved x>q by bob, witnessed", "3h a: moved q>r by bob, witnessed (has(record.ready))"}},
		{"moves that fire by themselves in a ring end", `desk: D
kinds:
  note:
    files: "notes/*.yaml"
    status: status
    states: {x: {initial: true}, q: {}, r: {}}
    moves: [{from: x, to: q, when: "true"}, {from: q, to: r, when: "true"}, {from: r, to: q, when: "true"}]
`, func(s *story) { s.land(1, ann, path, "a: 1\n") },
			[]string{"1h a: filed >x by ann, landed", "1h a: moved x>q by ann, landed (true)", "1h a: moved q>r by ann, landed (true)", "1h a: moved r>q by ann, landed (true)"}},
		{"a guard without an answer is no", "desk: D\nkinds: {note: {files: \"notes/*.yaml\", status: status, states: {x: {initial: true}, q: {}}, moves: [{from: x, to: q, when: \"record.n > 1\"}]}}\n", func(s *story) {
			s.land(1, ann, path, "n: many\n")
		}, []string{"1h a: filed >x by ann, landed"}},
		{"no people: anybody but filer and bots responds, and a commit's word is a claim", "desk: D\nkinds: {note: {files: \"notes/*.yaml\"}}\ntargets: {t: {of: note, start: filed, stop: responded, within: 1 hour}}\n", func(s *story) {
			s.pull(1, path, saw(1, "opened", ann), saw(2, "commented", ann), saw(3, "commented", account.Account{ID: 5, Login: "x[bot]"}), saw(4, "commented", bob), saw(5, "commented", lia))
			s.land(6, lia, "notes/b.yaml", "a: 1\n").Author = ann
		}, []string{"1h a: filed by ann, witnessed", "4h a: responded by bob, witnessed", "6h b: filed by ann, landed", "6h b: responded by lia, claimed"}},
		{"the desk's own bot never responds, by its id or by its login alone", "desk: D\nbot: [\"helper#100\"]\nkinds: {note: {files: \"notes/*.yaml\"}}\ntargets: {t: {of: note, start: filed, stop: responded, within: 1 hour}}\n", func(s *story) {
			s.pull(1, path, saw(1, "opened", ann), saw(2, "commented", account.Account{ID: 100, Login: "renamed"}), saw(3, "commented", account.Account{Login: "Helper"}))
		}, []string{"1h a: filed by ann, witnessed"}},
		{"a file that never could be read", "desk: D\nkinds: {note: {files: \"notes/*.yaml\", status: status}}\n", func(s *story) {
			s.land(1, ann, path, "a: [\n")
			s.land(2, ann, path, "a: {\n")
			s.land(3, ann, path, "status: x\n")
		}, []string{"1h a: filed by ann, landed", "2h a: edited by ann, landed", "3h a: moved >x by ann, landed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := tell(t, c.def)
			c.tell(s)
			s.want(c.want...)
		})
	}
}

// What is known only of a proposal comes from the witness.
func TestAProposalIsKnownByItsCopy(t *testing.T) {
	s := tell(t, "")
	s.opened()
	s.pulls[0].Records[0].Fields = map[string]any{"team": "editing", "goal": "none"}
	r := s.record(toolbar)
	if r.Landed || r.Live || r.Title != "A toolbar" || r.At(at(5))["goal"] != "none" {
		t.Errorf("it reads %+v", r)
	}
}

// A lookup finds what was last read, so that removing or spoiling a team's file takes no
// request out of any figure.
func TestALookupOutlivesTheFile(t *testing.T) {
	for name, content := range map[string]string{"removed": "", "made unreadable": "names: [\n"} {
		s := tell(t, "")
		s.land(1, mara, "roster/teams/editing.yaml", "names: [{name: E}]\ndepartments: [{department: product}]\n")
		s.land(2, mara, "roster/teams/editing.yaml", content)
		_, ros := s.derive()
		if team, _ := ros.Lookup("team", "editing"); team["names"] == nil {
			t.Errorf("a team whose file was %s is not found", name)
		}
	}
}
