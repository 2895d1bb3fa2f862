package witness

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
)

func claim(key string) effect.Claim {
	return effect.Claim{Version: 1, Key: key, Run: effect.Run{ID: "41", Attempt: 1}, At: hour(9), Number: 12}
}

func TestAClaimHasOneFormAndOnePath(t *testing.T) {
	got, err := ClaimFile(claim("alarm record=x"))
	want := `{
  "version": 1,
  "key": "alarm record=x",
  "run": {
    "id": "41",
    "attempt": 1
  },
  "at": "2026-07-01T09:00:00Z",
  "number": 12
}
`
	if err != nil || string(got.Content) != want || got.Path != "claims/5009aaf7365006b4.json" {
		t.Errorf("%v, %s\n%s", err, got.Path, cmp.Diff(want, string(got.Content)))
	}
}

func TestClaimsReadsWhatClaimFileWrote(t *testing.T) {
	tree, want := files{"README.md": "x", "pulls/0/7.json": entries(opened)}, []effect.Claim{claim("a"), claim("b -->")}
	for _, c := range want {
		f, err := ClaimFile(c)
		if err != nil {
			t.Fatal(err)
		}
		tree[f.Path] = string(f.Content)
	}
	got, findings, err := Claims(tree)
	if err != nil || len(findings) > 0 {
		t.Fatal(err, findings)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAFileThatIsNoClaimIsAFinding(t *testing.T) {
	good, _ := ClaimFile(claim("a"))
	as := func(old, new string) string { return strings.Replace(string(good.Content), old, new, 1) }
	tests := []struct{ name, path, content, found string }{
		{"broken JSON", good.Path, "{", "JSON that cannot be read: unexpected EOF"},
		{"a version of the future", good.Path, as(`"version": 1`, `"version": 2`), "version 2"},
		{"the key of another path", "claims/0123456789abcdef.json", as("", ""), `the key "a", which is not the one of its name`},
		{"no time", good.Path, as(`"at": "2026-07-01T09:00:00Z",`, ""), "no time, or one out of the years 1 to 9999"},
		{"a number that no issue has", good.Path, as(`"number": 12`, `"number": -1`), "the issue -1"},
		{"a link", good.Path, "->", "mode 120000"},
		{"a huge file", good.Path, "too large", "a file of more than 8 MiB"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			claims, findings, err := Claims(files{tt.path: tt.content})
			if err != nil || len(claims) > 0 || len(findings) != 1 || findings[0].Found != tt.found {
				t.Errorf("%v %v %v", claims, findings, err)
			}
		})
	}
	if _, _, err := Claims(files{good.Path: "broken"}); err == nil {
		t.Error("a tree that cannot be read is no error")
	}
}

func TestALineHasOneForm(t *testing.T) {
	line := Line{Version: 1, Head: "b", At: hour(9), Breaks: []event.Break{{From: "a", To: "b", At: hour(9)}}}
	b, err := MarshalLine(line)
	want := `{
  "version": 1,
  "head": "b",
  "at": "2026-07-01T09:00:00Z",
  "breaks": [
    {
      "from": "a",
      "to": "b",
      "at": "2026-07-01T09:00:00Z"
    }
  ]
}
`
	if err != nil || string(b) != want {
		t.Fatalf("%v\n%s", err, cmp.Diff(want, string(b)))
	}
	got, err := ReadLine(files{LinePath: string(b), "claims/x": ""})
	if diff := cmp.Diff(line, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestWithoutALineNothingIsKnownYet(t *testing.T) {
	if l, err := ReadLine(files{"README.md": "x"}); err != nil || l.Head != "" {
		t.Errorf("%v %v", l, err)
	}
}

func TestALineThatCannotBeReadIsAnError(t *testing.T) {
	for name, content := range map[string]string{
		"broken JSON": "{", "no version": `{"head": "a"}`, "no head": `{"version": 1}`, "an unreadable blob": "broken",
	} {
		if _, err := ReadLine(files{LinePath: content}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestFollow(t *testing.T) {
	old := Line{Version: 1, Head: "a", At: hour(8), Breaks: []event.Break{{From: "x", To: "a", At: hour(8)}}}
	yes := func(string) (bool, error) { return true, nil }
	no := func(string) (bool, error) { return false, nil }
	never := func(string) (bool, error) { panic("asked") }
	tests := []struct {
		name   string
		line   Line
		head   string
		grew   func(string) (bool, error)
		want   string
		breaks int
		broke  bool
	}{
		{"the same head says nothing", old, "a", never, "a", 1, false},
		{"no head says nothing", old, "", never, "a", 1, false},
		{"the first head is no break", Line{}, "b", never, "b", 0, false},
		{"a line that grew goes on", old, "b", yes, "b", 1, false},
		{"a line that was rewritten is broken there", old, "b", no, "b", 2, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			next, broke, err := tt.line.Follow(tt.head, hour(9), tt.grew)
			if err != nil || next.Head != tt.want || len(next.Breaks) != tt.breaks || (broke != nil) != tt.broke {
				t.Errorf("%v, %v, %v", next, broke, err)
			}
			if broke != nil && (broke.From != "a" || broke.To != "b" || !broke.At.Equal(hour(9))) {
				t.Errorf("the break is %v", broke)
			}
		})
	}
	lost := errors.New("the commit a is missing")
	if l, _, err := old.Follow("b", hour(9), func(string) (bool, error) { return false, lost }); !errors.Is(err, lost) || l.Head != "a" {
		t.Errorf("%v %v", l, err)
	}
}
