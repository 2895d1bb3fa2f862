package event_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/commrel/liaison"
	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
)

// asking is a desk like the shipped one with three clocks for a response: by anybody, by a
// liaison and by whoever is assigned; and one for every question of the filer.
func asking(t testing.TB) *story {
	t.Helper()
	const more = `targets:
  human: {of: request, start: filed, stop: responded, within: 7 days}
  assigned: {of: request, start: filed, stop: responded, responder: assignee, within: 7 days}
  answers: {of: request, start: replied, stop: responded, responder: liaison, repeat: every, within: 2 days}
`
	s := tell(t, strings.Replace(string(liaison.Definition), "targets:\n", more, 1))
	s.land(-100, mara, "roster/people/mara.yaml", person(mara, "manager", "2020-01-01"),
		"roster/people/lia.yaml", person(lia, "liaison", "2020-01-01"),
		"roster/people/noor.yaml", person(noor, "liaison", "2020-01-01"))
	return s
}

// roles are the responses in words: when, who, for which clocks, on what evidence.
func (s *story) roles() []string {
	s.t.Helper()
	var out []string
	for _, e := range s.record(toolbar).Events {
		if e.Name == event.Responded || e.Name == event.Replied {
			roles := slices.Sorted(slices.Values(e.Roles))
			if len(roles) > 0 && roles[0] == "" {
				roles[0] = "human"
			}
			out = append(out, fmt.Sprintf("%gh %s %s: %s %s", e.Time.Sub(start).Hours(), e.Actor.Login, e.Name, strings.Join(roles, " "), e.Evidence))
		}
	}
	return out
}

func TestWhoseResponseItIs(t *testing.T) {
	assigned := "assignees: [{person: lia}]"
	for _, c := range []struct {
		name string
		tell func(*story)
		want []string
	}{
		{"anybody's is a human's", func(s *story) { s.then(2, "commented", bob) }, []string{"2h bob responded: human witnessed"}},
		{"a liaison's is a human's and a liaison's", func(s *story) { s.then(2, "commented", lia) }, []string{"2h lia responded: human liaison witnessed"}},
		{"a bot's is nobody's", func(s *story) {
			s.then(2, "commented", account.Account{ID: 77, Login: "helpful-app[bot]", Type: "Bot"})
			s.then(3, "commented", account.Account{ID: 78, Login: "helpful-app", Type: "Bot"})
			s.then(4, "commented", account.Account{ID: 100, Login: "renamed-liaison", Type: "User"})
		}, nil},
		{"the assignee's counts from the landing that assigned them", func(s *story) {
			s.then(2, "commented", lia)
			s.merge(3, mara, toolbar, request())
			s.change(5, mara, assigned)
			s.then(6, "commented", noor)
			s.pulls[0].Entries = append(s.pulls[0].Entries, saw(7, "commented", lia))
		}, []string{"2h lia responded: human liaison witnessed", "3h mara responded: liaison witnessed", "7h lia responded: assignee liaison witnessed"}},
		{"not that of who was assigned before", func(s *story) {
			s.merge(3, mara, toolbar, request(assigned))
			s.change(5, mara, "assignees: [{person: noor}]")
			s.pulls[0].Entries = append(s.pulls[0].Entries, saw(7, "commented", lia))
		}, []string{"3h mara responded: human liaison witnessed", "7h lia responded: liaison witnessed"}},
		{"an assignee whom nobody may name so is none", func(s *story) {
			s.merge(3, mara, toolbar, request())
			s.change(5, ann, assigned)
			s.pulls[0].Entries = append(s.pulls[0].Entries, saw(7, "commented", lia))
		}, []string{"3h mara responded: human liaison witnessed", "7h lia responded: liaison witnessed"}},
		{"what the filer says is a reply, a push too", func(s *story) {
			s.then(2, "commented", ann)
			s.then(3, "pushed", ann)
			s.then(4, "pushed", lia)
		}, []string{"2h ann replied:  witnessed", "3h ann replied:  witnessed"}},
		{"each response of a liaison's, where a target waits for every one", func(s *story) {
			s.then(2, "commented", lia)
			s.then(3, "commented", lia)
			s.then(4, "commented", bob)
		}, []string{"2h lia responded: human liaison witnessed", "3h lia responded: liaison witnessed"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := asking(t)
			s.opened()
			c.tell(s)
			equal(t, s.roles(), c.want)
		})
	}
}

func TestWhoFilesForThemselvesIsTheirOwnAssignee(t *testing.T) {
	for _, c := range []struct {
		name string
		by   account.Account
		line string
		want []string
	}{
		{"a liaison who assigns it to themselves", lia, "assignees: [{person: lia}]", []string{"assignee", "liaison"}},
		{"not one who assigns it to somebody else", lia, "assignees: [{person: noor}]", []string{"liaison"}},
		{"nor one who may not assign", bob, "assignees: [{person: bob}]", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := asking(t)
			s.pull(1, toolbar, saw(1, "opened", c.by))
			s.merge(3, mara, toolbar, request(c.line))
			got := slices.Sorted(slices.Values(s.record(toolbar).Events[0].Roles))
			equal(t, got, c.want)
		})
	}
}

// Without a target that asks for them, a ledger has neither replies nor second responses.
func TestNobodyAsksForMore(t *testing.T) {
	s := tell(t, "")
	s.opened()
	s.then(2, "commented", lia)
	s.then(3, "commented", ann)
	s.then(4, "commented", lia)
	equal(t, s.events()[1:], []string{"2h toolbar: responded by lia, witnessed"})
}

// GitHub lists comments by the page; what the witness kept is heard however many came before.
func TestTheFortiethCommentIsAResponse(t *testing.T) {
	s := tell(t, "")
	s.opened()
	for n := range 39 {
		s.then(2+float64(n), "commented", bob)
	}
	s.then(60, "commented", lia)
	equal(t, s.events()[1:], []string{"60h toolbar: responded by lia, witnessed"})
}
