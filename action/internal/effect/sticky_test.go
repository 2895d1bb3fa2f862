package effect_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
)

func TestSticky(t *testing.T) {
	const text = effect.GateMarker + "\nNothing to mend\n"
	comment := func(id int64, author account.Account, body string) effect.Comment {
		return effect.Comment{Thread: 7, ID: id, Body: body, Author: author}
	}
	tests := []struct {
		name string
		have []effect.Comment
		want string
	}{
		{"none is there", nil, "comment on #7"},
		{"ours says it already", []effect.Comment{comment(3, bot, text)}, "nothing"},
		{"ours says it already, as the web keeps it", []effect.Comment{comment(3, bot, strings.ReplaceAll(strings.TrimSpace(text), "\n", "\r\n"))}, "nothing"},
		{"ours says something else", []effect.Comment{comment(3, bot, effect.GateMarker+"\nold")}, "update the comment on #7"},
		{"it is by the bot that we were before", []effect.Comment{comment(3, oldBot, effect.GateMarker+"\nold")}, "update the comment on #7"},
		{"of several the oldest is kept up to date", []effect.Comment{comment(9, bot, text), comment(3, bot, effect.GateMarker+"\nold")}, "update the comment on #7; delete a second comment on #7"},
		{"further ones are deleted", []effect.Comment{comment(3, bot, text), comment(9, bot, effect.GateMarker+"\nold"), comment(8, bot, text)}, "delete a second comment on #7; delete a second comment on #7"},
		{"one of somebody else is not ours", []effect.Comment{comment(3, human, text), comment(4, forger, text)}, "comment on #7"},
		{"nor is one with another marker", []effect.Comment{comment(3, bot, "<!-- liaison command comment=5 -->\nDone")}, "comment on #7"},
		{"nor is one whose marker is not on the first line", []effect.Comment{comment(3, bot, "Look:\n"+text)}, "comment on #7"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			us := []account.Account{bot, oldBot}
			got := effect.Sticky(tt.have, us, effect.Comment{Thread: 7, Body: text})
			said := []string{}
			have := slices.Clone(tt.have)
			for _, e := range got { // as GitHub would
				said = append(said, e.String())
				if e.Remove != nil {
					have = slices.DeleteFunc(have, func(c effect.Comment) bool { return c.ID == e.Remove.ID })
					continue
				}
				if id := e.Comment.ID; id != 0 && id != 3 {
					t.Errorf("the comment %d is updated", id)
				}
				have = slices.DeleteFunc(have, func(c effect.Comment) bool { return c.ID == e.Comment.ID })
				have = append(have, comment(cmp.Or(e.Comment.ID, 100), bot, e.Comment.Body))
			}
			if s := cmp.Or(strings.Join(said, "; "), "nothing"); s != tt.want {
				t.Errorf("%s, want %s", s, tt.want)
			}
			if again := effect.Sticky(have, us, effect.Comment{Thread: 7, Body: text}); len(again) > 0 {
				t.Errorf("planned again: %v", again)
			}
		})
	}
}

func TestStatusOf(t *testing.T) {
	want := effect.Status{SHA: commitA, State: "failure", Context: "liaison", Description: "2 things to mend"}
	as := func(change func(*effect.Status)) effect.Status {
		s := want
		change(&s)
		return s
	}
	older := as(func(s *effect.Status) { s.State = "success" })
	tests := []struct {
		name string
		have []effect.Status
		want bool
	}{
		{"none is there", nil, true},
		{"the newest says it already", []effect.Status{want, older}, false},
		{"an older one does, the newest does not", []effect.Status{older, want}, true},
		{"another state", []effect.Status{older}, true},
		{"other words", []effect.Status{as(func(s *effect.Status) { s.Description = "1 thing to mend" })}, true},
		{"another context", []effect.Status{as(func(s *effect.Status) { s.Context = "ci" })}, true},
		{"another commit", []effect.Status{as(func(s *effect.Status) { s.SHA = commitB })}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := len(effect.StatusOf(tt.have, want)) == 1; got != tt.want {
				t.Errorf("set: %t, want %t", got, tt.want)
			}
		})
	}
}

func TestALongDescriptionIsCutOnce(t *testing.T) {
	long := effect.Status{SHA: commitA, State: "failure", Context: "liaison", Description: strings.Repeat("ü", 141)}
	set := effect.StatusOf(nil, long)
	if d := set[0].Status.Description; len([]rune(d)) != 140 || !strings.HasSuffix(d, "…") {
		t.Errorf("the description is %q", d)
	}
	if again := effect.StatusOf([]effect.Status{*set[0].Status}, long); len(again) > 0 {
		t.Errorf("planned again: %v", again)
	}
}
