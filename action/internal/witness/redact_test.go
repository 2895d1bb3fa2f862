package witness

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/law"
)

// private is a pull request with a closing text and a record's title and fields.
func private() event.Pull {
	bye := entry("closed-3", event.Closed, 9)
	bye.Text = "secret"
	p := pull("a", 9, bye)
	p.Records = []event.PullRecord{
		{Path: "requests/2026/x.yaml", Blob: "1", Title: "secret", Fields: map[string]any{"team": "secret"}},
		{Path: "requests/2026/y.yaml", Blob: "2", Title: "Fine"},
	}
	return p
}

func redact(t *testing.T, p event.Pull, what string) event.Pull {
	t.Helper()
	out, err := Redact(p, Redaction{What: what, By: desk, At: hour(10), Reason: "a person asked"})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestRedactLeavesATombstone(t *testing.T) {
	tests := []struct{ name, what, want string }{
		{"the text of an entry", "closed-3", "entry closed-3"},
		{"title and fields of a record", "requests/2026/x.yaml", "record requests/2026/x.yaml 1"},
		{"everything", "", "entry closed-3, record requests/2026/x.yaml 1, record requests/2026/y.yaml 2"},
		{"an entry that has no text", "opened", "entry opened"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := written(t, private())
			original := private()
			var got []string
			for _, s := range redact(t, original, tt.what).Redacted {
				if s.By != desk || s.At != hour(10) || s.Reason != "a person asked" {
					t.Errorf("the tombstone says %v", s)
				}
				if s.Entry != "" {
					got = append(got, "entry "+s.Entry)
				} else {
					got = append(got, "record "+s.Record+" "+s.Blob)
				}
			}
			if strings.Join(got, ", ") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if written(t, original) != before {
				t.Error("redacting changed what it was given")
			}
		})
	}
}

func TestRedactTakesOutWhatItNamesAndNothingElse(t *testing.T) {
	want := private()
	want.Records[0].Title, want.Records[0].Fields = "", nil
	want.Entries[1].Text = ""
	got := redact(t, redact(t, private(), "closed-3"), "requests/2026/x.yaml")
	want.Redacted = got.Redacted
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestRedactingTwiceLeavesOneTombstone(t *testing.T) {
	once := redact(t, private(), "closed-3")
	if diff := cmp.Diff(once, redact(t, once, "closed-3")); diff != "" {
		t.Error(diff)
	}
}

func TestRedactRefuses(t *testing.T) {
	tests := []struct{ name, what, reason, want string }{
		{"no reason", "closed-3", " ", "a redaction needs a reason: it stays in the place of what is taken out"},
		{"what is not there", "comment-9", "asked", `pull request #7 has no entry or record "comment-9" to redact; it has closed-3, requests/2026/x.yaml, requests/2026/y.yaml`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Redact(private(), Redaction{What: tt.what, By: desk, At: hour(10), Reason: tt.reason})
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
	if _, err := Redact(pull("a", 9), Redaction{Reason: "asked"}); err == nil || err.Error() != "pull request #7 has nothing to redact; it has no text and no record" {
		t.Errorf("got %v", err)
	}
}

func TestTheSameRecordAtAnotherPathStaysRedacted(t *testing.T) {
	moved := private()
	moved.Updated = hour(12)
	moved.Records = []event.PullRecord{{Path: "requests/2026/z.yaml", Blob: "1", Title: "secret"}, {Path: "requests/2026/x.yaml", Blob: "3", Title: "secret"}}
	for _, r := range Grow(redact(t, private(), "requests/2026/x.yaml"), moved).Records {
		if r.Title != "" {
			t.Errorf("%s came back: %s", r.Path, r.Title)
		}
	}
}

// The law: what was redacted never comes back by Grow.
func TestWhatWasRedactedNeverComesBack(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		kept := drawKept(t)
		var gone []event.Tombstone
		if p, err := Redact(kept, Redaction{By: desk, At: time.Unix(0, 0), Reason: "asked"}); err == nil {
			kept, gone = p, p.Redacted
		}
		for range rapid.IntRange(0, 4).Draw(t, "later observations") {
			kept = Grow(kept, drawSeen(t))
		}
		for _, s := range gone {
			for _, e := range kept.Entries {
				if s.Entry == e.ID && e.Text != "" {
					t.Fatalf("%s came back: %q", e.ID, e.Text)
				}
			}
			for _, r := range kept.Records {
				if s.Record != "" && (s.Record == r.Path || s.Blob == r.Blob) && (r.Title != "" || r.Fields != nil) {
					t.Fatalf("%s came back: %q", r.Path, r.Title)
				}
			}
		}
		if len(kept.Redacted) != len(gone) {
			t.Fatalf("%d tombstones became %d", len(gone), len(kept.Redacted))
		}
	})
}
