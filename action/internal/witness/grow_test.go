package witness

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/law"
)

var (
	filer = account.Account{ID: 1, Login: "example-ann", Type: "User"}
	desk  = account.Account{ID: 2, Login: "example-noor", Type: "User"}
)

// hour is an instant on the first of July 2026.
func hour(h int) time.Time { return time.Date(2026, 7, 1, h, 0, 0, 0, time.UTC) }

func entry(id string, kind event.EntryKind, h int) event.Entry {
	return event.Entry{ID: id, Kind: kind, At: hour(h), Actor: desk}
}

// pull is pull request #7 as it was seen, opened at eight by the filer.
func pull(head string, updated int, entries ...event.Entry) event.Pull {
	opened := event.Entry{ID: "opened", Kind: event.Opened, At: hour(8), Actor: filer}
	return event.Pull{Version: 1, Number: 7, Head: head, Updated: hour(updated), Entries: append([]event.Entry{opened}, entries...)}
}

func reviewed(id, sha string, h int) event.Entry {
	e := entry(id, event.Reviewed, h)
	e.SHA = sha
	return e
}

// story is what a pull request's entries say, in order.
func story(p event.Pull) string {
	var words []string
	for _, e := range p.Entries {
		words = append(words, e.ID+"@"+e.At.Format("15"))
	}
	return strings.Join(words, " ")
}

func TestGrow(t *testing.T) {
	force := event.Entry{ID: "pushed-b", Kind: event.Pushed, At: hour(10), Actor: desk, SHA: "b"}
	tests := []struct {
		name      string
		old, seen event.Pull
		want      string // entries
		head      string
	}{
		{"what was never seen is taken as it is", event.Pull{}, pull("a", 9, entry("comment-1", event.Commented, 9)), "opened@08 comment-1@09", "a"},
		{"what is new follows, in order of time", pull("a", 9), pull("a", 12, entry("comment-2", event.Commented, 12), entry("comment-1", event.Commented, 11)), "opened@08 comment-1@11 comment-2@12", "a"},
		{"what comes late stands behind what is kept", pull("a", 12, entry("comment-2", event.Commented, 12)), pull("a", 12, entry("comment-1", event.Commented, 11)), "opened@08 comment-2@12 comment-1@11", "a"},
		{"what is gone from GitHub stays", pull("a", 9, entry("comment-1", event.Commented, 9)), pull("a", 10), "opened@08 comment-1@09", "a"},
		{"another head is a push, no later than the mark", pull("a", 9), pull("b", 12), "opened@08 pushed-b@12", "b"},
		{"nor than a review of it", pull("a", 9), pull("b", 12, reviewed("review-1", "b", 11), reviewed("review-2", "a", 10)), "opened@08 review-2@10 pushed-b@11 review-1@11", "b"},
		{"nor than the merge", pull("a", 9), pull("b", 15, entry("merged", event.Merged, 11)), "opened@08 pushed-b@11 merged@11", "b"},
		{"a forced push has its own time", pull("a", 9), pull("b", 12, force), "opened@08 pushed-b@10", "b"},
		{"the first head that is seen is no push", event.Pull{}, pull("a", 9), "opened@08", "a"},
		{"a head that was not seen is none", pull("a", 9), pull("", 12), "opened@08", "a"},
		{"an older look loses nothing and takes nothing back", pull("b", 12), pull("a", 9, entry("comment-1", event.Commented, 9)), "opened@08 comment-1@09", "b"},
		{"the same id twice is one entry", pull("a", 9), pull("a", 9, entry("comment-1", event.Commented, 9), entry("comment-1", event.Commented, 10)), "opened@08 comment-1@09", "a"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := story(tt.old)
			got := Grow(tt.old, tt.seen)
			if story(got) != tt.want || got.Head != tt.head || got.Number != 7 || got.Version != 1 {
				t.Errorf("got %s, head %s of #%d; want %s, head %s", story(got), got.Head, got.Number, tt.want, tt.head)
			}
			if story(tt.old) != before {
				t.Error("growing changed what it grew from")
			}
		})
	}
}

func TestAPushThatNobodySawIsSomebodysWord(t *testing.T) {
	got := Grow(pull("a", 9), pull("b", 12))
	want := event.Entry{ID: "pushed-b", Kind: event.Pushed, At: hour(12), Actor: account.Account{Login: "example-ann"}, SHA: "b"}
	if diff := cmp.Diff(want, got.Entries[1]); diff != "" {
		t.Error(diff)
	}
}

func TestRecordsMoveOnWithTheHead(t *testing.T) {
	has := func(p event.Pull, paths ...string) event.Pull {
		p.Records = []event.PullRecord{}
		for _, path := range paths {
			p.Records = append(p.Records, event.PullRecord{Path: path})
		}
		return p
	}
	tests := []struct {
		name      string
		old, seen event.Pull
		want      []string
	}{
		{"a later look has the records of its head", has(pull("a", 9), "x"), has(pull("b", 10), "y", "z"), []string{"y", "z"}},
		{"records that were not looked at stay", has(pull("a", 9), "x"), pull("b", 10), []string{"x"}},
		{"a look that found none leaves none", has(pull("a", 9), "x"), has(pull("b", 10)), nil},
		{"an older look takes nothing back", has(pull("b", 10), "x"), has(pull("a", 9), "y"), []string{"x"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, r := range Grow(tt.old, tt.seen).Records {
				got = append(got, r.Path)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// drawSeen is an observation of pull request 7: some entries of a common stock, a head, a mark.
func drawSeen(t *rapid.T) event.Pull {
	at := func() time.Time { return hour(rapid.IntRange(0, 23).Draw(t, "hour")) }
	p := event.Pull{Version: 1, Number: 7, Head: rapid.SampledFrom([]string{"", "a", "b", "c"}).Draw(t, "head"), Updated: at()}
	ids := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"opened", "comment-1", "review-2", "pushed-b", "closed-3", "merged"}), rapid.ID[string]).Draw(t, "ids")
	for _, id := range ids {
		name, _, _ := strings.Cut(id, "-")
		kind := map[string]event.EntryKind{"opened": event.Opened, "comment": event.Commented, "review": event.Reviewed, "pushed": event.Pushed, "closed": event.Closed, "merged": event.Merged}[name]
		p.Entries = append(p.Entries, event.Entry{ID: id, Kind: kind, At: at(), Actor: filer,
			SHA: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "sha"), Text: rapid.SampledFrom([]string{"", "secret"}).Draw(t, "text")})
	}
	for _, path := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"x", "y"}), rapid.ID[string]).Draw(t, "records") {
		p.Records = append(p.Records, event.PullRecord{Path: path, Blob: rapid.SampledFrom([]string{"1", "2"}).Draw(t, "blob"), Title: "secret", Fields: map[string]any{"a": "secret"}})
	}
	return p
}

func drawKept(t *rapid.T) event.Pull {
	kept := event.Pull{}
	for range rapid.IntRange(0, 4).Draw(t, "observations") {
		kept = Grow(kept, drawSeen(t))
	}
	return kept
}

func written(t interface{ Fatal(...any) }, p event.Pull) string {
	b, err := Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestGrowingAgainByTheSameAddsNothing(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		once := Grow(drawKept(t), drawSeen(t))
		seen := drawSeen(t)
		grown := Grow(once, seen)
		if diff := cmp.Diff(written(t, grown), written(t, Grow(grown, seen))); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestWhatIsKeptIsAPrefixAndNothingSeenIsLost(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		old, seen := drawKept(t), drawSeen(t)
		before, grown := written(t, old), Grow(old, seen)
		if len(grown.Entries) < len(old.Entries) || !cmp.Equal(old.Entries, grown.Entries[:len(old.Entries)], cmpopts.EquateEmpty()) {
			t.Fatalf("%s grew to %s", story(old), story(grown))
		}
		if before != written(t, old) {
			t.Fatal("growing changed what it grew from")
		}
		ids := map[string]int{}
		for _, e := range grown.Entries {
			ids[e.ID]++
		}
		for _, e := range append(seen.Entries, old.Entries...) {
			if ids[e.ID] != 1 {
				t.Fatalf("%s is there %d times", e.ID, ids[e.ID])
			}
		}
	})
}

func TestTheOrderOfObservationsLosesNoEntry(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		seen := []event.Pull{drawSeen(t), drawSeen(t), drawSeen(t)}
		grow := func(order []event.Pull) (p event.Pull) {
			for _, s := range order {
				p = Grow(p, s)
			}
			return p
		}
		one, two := grow(seen), grow(rapid.Permutation(seen).Draw(t, "order"))
		if a, b := given(one), given(two); !slices.Equal(a, b) {
			t.Fatalf("%v in one order, %v in another", a, b)
		}
		if !one.Updated.Equal(two.Updated) {
			t.Fatalf("the mark is %s in one order, %s in another", one.Updated, two.Updated)
		}
	})
}

// given are the ids of entries that GitHub gave; pushes may be our own.
func given(p event.Pull) (ids []string) {
	for _, e := range p.Entries {
		if e.Kind != event.Pushed {
			ids = append(ids, e.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func FuzzWhatParseReadsIsWrittenAgainWhole(f *testing.F) {
	f.Add(entries(opened + "," + closed))
	f.Add(entries(`{"kind": "sung", "at": "2026-07-01T09:00:00Z"}`))
	f.Add(`{"version": 1, "number": 7, "head": "a", "updated": "2026-07-01T11:00:00+02:00", "records": [{"path": "x", "blob": "1", "fields": {"n": 1e3}}], "entries": [], "redacted": [{"record": "x", "by": {"id": 1, "login": "a"}, "at": "2026-07-01T09:00:00Z", "reason": "asked"}]}`)
	f.Fuzz(func(t *testing.T, content string) {
		p, err := Parse(Path(7), []byte(content))
		if err != nil {
			return
		}
		b, err := Marshal(p)
		if err != nil {
			return // a time that JSON cannot hold
		}
		again, err := Parse(Path(7), b)
		if err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		if len(again.Entries) != len(p.Entries) || written(t, again) != string(b) {
			t.Fatalf("%s\nbecame\n%s", b, written(t, again))
		}
		grown := Grow(p, pull("z", 12, entry("comment-fuzz", event.Commented, 12)))
		if !cmp.Equal(p.Entries, grown.Entries[:len(p.Entries)], cmpopts.EquateEmpty()) {
			t.Fatal("what was kept is no prefix")
		}
	})
}

func TestParseRefusesWhatItWouldLose(t *testing.T) {
	tests := []struct{ name, path, content, want string }{
		{"a field that is not known", Path(7), strings.Replace(entries(opened), `"version"`, `"mood": "good", "version"`, 1), `pulls/0/7.json: JSON that cannot be written again as it is: json: unknown field "mood"`},
		{"a version of the future", Path(7), strings.Replace(entries(opened), `"version": 1`, `"version": 2`, 1), "pulls/0/7.json: version 2; this program writes version 1"},
		{"another pull request", Path(8), entries(opened), "pulls/0/8.json: the number 7 in the file is not that of its name"},
		{"broken JSON", Path(7), "{", "pulls/0/7.json: JSON that cannot be written again as it is: unexpected EOF"},
		{"two values", Path(7), entries(opened) + "{}", "pulls/0/7.json: JSON that cannot be written again as it is: there is something after the value"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := Parse(tt.path, []byte(tt.content)); err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}
