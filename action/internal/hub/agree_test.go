package hub_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/witness"
)

// live lets a pull request live through all that a witness keeps, and land.
func (s scene) live(t *testing.T, style string) int {
	t.Helper()
	hour := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	s.Account("carol", 13, "User")
	n, err := s.OpenPull("alice", hour(1), "Ask", map[string][]byte{"requests/2026/b.yaml": []byte("title: B\n")})
	check(t, err)
	check(t, s.Comment(n, "carol", hour(2), "Thanks"))
	check(t, s.Review(n, "carol", hour(3), "changes_requested", "Which wikis?"))
	check(t, s.PushPull(n, "alice", hour(4), "Answer", map[string][]byte{"requests/2026/b.yaml": []byte("title: B2\n")}))
	check(t, s.Dismiss(n, "alice", hour(5), "carol", "answered"))
	check(t, s.Label(n, "carol", hour(6), "mobile"))
	check(t, s.ClosePull(n, "carol", hour(7), "Not now"))
	check(t, s.ReopenPull(n, "alice", hour(8)))
	check(t, s.ForcePushPull(n, "alice", hour(9), "Ask again", map[string][]byte{"requests/2026/b.yaml": []byte("title: B3\n")}))
	check(t, s.PushPull(n, "alice", hour(10), "And again", map[string][]byte{"requests/2026/c.yaml": []byte("title: C\n")}))
	check(t, s.Review(n, "carol", hour(11), "approved", ""))
	check(t, s.Merge(n, "carol", hour(12), style))
	return n
}

// What the API tells is what the world's own witness keeps, but for pushes that were not
// forced: no timeline tells when those came.
func TestAPullRequestReadsAsTheWitnessKeepsIt(t *testing.T) {
	for _, style := range []string{"merge", "squash", "rebase"} {
		s := newScene(t)
		n := s.live(t, style)
		check(t, s.Witness())
		tip, _ := s.repo.Ref("refs/heads/liaison/witness")
		text, err := s.repo.ReadFile(tip, witness.Path(n))
		check(t, err)
		var kept event.Pull
		check(t, json.Unmarshal(text, &kept))
		seen, err := s.asBot(t).Pull(context.Background(), n)
		check(t, err)
		forced := seen.Entries
		kept.Entries = slices.DeleteFunc(kept.Entries, func(e event.Entry) bool {
			return e.Kind == event.Pushed && !slices.ContainsFunc(forced, func(f event.Entry) bool { return f.ID == e.ID })
		})
		byTime := cmpopts.SortSlices(func(a, b event.Entry) int { return a.At.Compare(b.At) })
		ignore := cmpopts.IgnoreFields(event.Pull{}, "Version", "Records")
		if diff := cmp.Diff(kept, seen.Pull, byTime, ignore); diff != "" {
			t.Errorf("%s: %s", style, diff)
		}
	}
}

func TestWhatADeletedAccountDidIsNobodys(t *testing.T) {
	s := newScene(t)
	n := s.live(t, "squash")
	check(t, s.DeleteAccount("alice"))
	p, err := s.asBot(t).Pull(context.Background(), n)
	check(t, err)
	if p.Author != (account.Account{}) {
		t.Errorf("it is by %v", p.Author)
	}
	for _, e := range p.Entries {
		if e.Actor.Login == "alice" || e.Actor.Login == "ghost" {
			t.Errorf("%s is by %v", e.ID, e.Actor)
		}
	}
}
