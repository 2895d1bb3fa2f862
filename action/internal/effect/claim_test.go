package effect_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/law"
)

var us = effect.Run{ID: "41", Attempt: 2}

func claimBy(run effect.Run, at time.Time, number int) effect.Claim {
	return effect.Claim{Version: 1, Key: keyA.String(), Run: run, At: at, Number: number}
}

func TestClaims(t *testing.T) {
	other := effect.Run{ID: "40", Attempt: 1}
	minutes := func(n int) time.Time { return monday.Add(time.Duration(n) * time.Minute) }
	tests := []struct {
		name   string
		claims []effect.Claim
		want   string
	}{
		{"nobody claimed it", nil, "claim, open"},
		{"another key is claimed", []effect.Claim{{Key: keyB.String(), Run: other, At: monday}}, "claim, open"},
		{"another run claimed it just now", []effect.Claim{claimBy(other, minutes(-9), 0)}, "left, busy"},
		{"another run claimed it ten minutes ago and is silent", []effect.Claim{claimBy(other, minutes(-10), 0)}, "claim, open"},
		{"another run claimed it in a far future", []effect.Claim{claimBy(other, minutes(10), 0)}, "claim, open"},
		{"an earlier attempt of this run did, and was killed", []effect.Claim{claimBy(effect.Run{ID: "41", Attempt: 1}, monday, 0)}, "claim, open"},
		{"this run did", []effect.Claim{claimBy(us, minutes(-60), 0)}, "open"},
		{"a later attempt of this run did", []effect.Claim{claimBy(effect.Run{ID: "41", Attempt: 3}, minutes(-60), 0)}, "left, busy"},
		{"it was opened, and is gone", []effect.Claim{claimBy(us, minutes(-60), 12)}, "left"},
		{"another run opened it, and GitHub's list is late", []effect.Claim{claimBy(other, monday, 12)}, "left"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			plan := effect.Plan(want(keyA), effect.Have{})
			got := effect.Claims(plan, tt.claims, us, monday)
			var words []string
			for _, c := range got.Write {
				if c != claimBy(us, monday, 0) {
					t.Errorf("the claim is %+v", c)
				}
				words = append(words, "claim")
			}
			for _, e := range got.Plan {
				if e.Open != nil {
					words = append(words, "open")
				}
			}
			for _, l := range got.Left {
				words = append(words, map[bool]string{false: "left", true: "left, busy"}[l.Busy])
			}
			if said := strings.Join(words, ", "); said != tt.want {
				t.Errorf("got %s, want %s", said, tt.want)
			}
		})
	}
}

func TestOnlyOpeningNeedsAClaim(t *testing.T) {
	have := effect.Have{Us: []account.Account{bot}, Issues: []effect.Issue{with(mine(1, keyA), func(i *effect.Issue) { i.Body += "old" }), mine(2, keyB)}}
	plan := effect.Plan(want(keyA), have)
	got := effect.Claims(plan, nil, us, monday)
	if len(got.Write) > 0 || len(got.Left) > 0 || fmt.Sprint(got.Plan) != fmt.Sprint(plan) {
		t.Errorf("got %+v", got)
	}
}

func TestNumbered(t *testing.T) {
	gone := effect.Claim{Key: "risk", Run: us}
	done := effect.Claim{Key: keyB.String(), Run: us, Number: 3}
	got := effect.Numbered([]effect.Claim{claimBy(us, monday, 0), gone, done}, []effect.Issue{
		mine(9, keyA), mine(7, keyA), with(mine(1, keyA), func(i *effect.Issue) { i.Author = forger }), mine(4, keyB),
	}, []account.Account{bot})
	if len(got) != 1 || got[0] != claimBy(us, monday, 7) {
		t.Errorf("got %+v", got)
	}
}

// The law: of two runs that claim by compare-and-swap one after the other, wherever each is
// killed, never do both open an issue of one key within ten minutes.
func TestTwoRunsNeverOpenTheSameIssue(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		branch := map[string]effect.Claim{}
		opened := map[string][]time.Time{}
		now := monday
		for step := range rapid.IntRange(1, 8).Draw(t, "runs") {
			now = now.Add(time.Duration(rapid.IntRange(0, 700).Draw(t, "seconds")) * time.Second)
			run := effect.Run{ID: fmt.Sprint(step), Attempt: 1}
			var claims []effect.Claim
			for _, key := range slices.Sorted(maps.Keys(branch)) {
				claims = append(claims, branch[key])
			}
			got := effect.Claims(effect.Plan(want(keyA, keyB), effect.Have{}), claims, run, now) // its list is late: it sees none
			if rapid.Bool().Draw(t, "killed before the claim") {
				continue
			}
			for _, c := range got.Write {
				branch[c.Key] = c
			}
			killed := rapid.Bool().Draw(t, "killed after the claim")
			for _, e := range got.Plan {
				if e.Open == nil || killed {
					continue
				}
				key, _ := effect.KeyOf(e.Open.Body)
				opened[key.String()] = append(opened[key.String()], now)
				c := branch[key.String()]
				c.Number = 1
				branch[key.String()] = c
			}
		}
		for key, times := range opened {
			if len(times) > 1 {
				t.Fatalf("%s was opened at %v", key, times)
			}
		}
	})
}
