package roster_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/roster"
	"pgregory.net/rapid"
)

// What a roster was asked before changes no answer.
func TestARosterAnswersAsOneThatIsAskedForTheFirstTime(t *testing.T) {
	def := definition(t)
	day := rapid.SampledFrom([]string{"2026-03-28", "2026-03-29", "2026-03-30", "2026-10-25", "2026-10-26", "today"})
	ask := map[string]func(*roster.Roster, roster.Question) roster.Answer{"Right": (*roster.Roster).Right, "Fact": (*roster.Roster).Fact}
	law.Check(t, func(t *rapid.T) {
		var people []roster.Person
		for who := range rapid.IntRange(0, 3).Draw(t, "people") {
			var p roster.Person
			for landing := range rapid.IntRange(1, 3).Draw(t, "versions") {
				name := rapid.SampledFrom([]string{"liaison", "manager"}).Draw(t, "role")
				p.Versions = append(p.Versions, version(landing, fmt.Sprint("u", who), int64(who), role(name, day.Draw(t, "from"), rapid.OneOf(rapid.Just(""), day).Draw(t, "to"))))
			}
			people = append(people, p)
		}
		old := roster.New(def, people, nil, nil)
		for range rapid.IntRange(1, 20).Draw(t, "questions") {
			id := rapid.Int64Range(0, 3).Draw(t, "actor")
			q := roster.Question{
				Role:  rapid.SampledFrom([]string{"liaison", "manager", "filer", "team"}).Draw(t, "asked"),
				Actor: user(fmt.Sprint("u", id), id), Filer: user("u1", 1), Kind: "request",
				At:   time.Date(2026, rapid.SampledFrom([]time.Month{3, 10}).Draw(t, "month"), rapid.IntRange(24, 31).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"), rapid.SampledFrom([]int{0, 59}).Draw(t, "minute"), 0, 0, time.UTC),
				Upto: rapid.IntRange(0, 4).Draw(t, "upto"),
			}
			fresh := roster.New(def, people, nil, nil)
			for _, name := range rapid.Permutation([]string{"Right", "Fact"}).Draw(t, "in this order") {
				if got, want := words(ask[name](old, q)), words(ask[name](fresh, q)); got != want {
					t.Fatalf("%s(%+v) = %s, the first time %s", name, q, got, want)
				}
			}
		}
	})
}

func TestWhatHangsOnTheRecordOrTheTimeItselfIsAskedEachTime(t *testing.T) {
	def := definition(t)
	for role, want := range map[string]bool{"liaison": true, "manager": true, "filer": false, "team": false} {
		if got := def.Role(role, "request").Steady(); got != want {
			t.Errorf("%s: Steady = %v, want %v", role, got, want)
		}
	}
}
