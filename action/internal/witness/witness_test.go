package witness

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/law"
)

// files is a tree in memory, from path to content.
type files map[string]string

func (f files) Files() (out []gitrepo.File, err error) {
	for _, path := range slices.Sorted(maps.Keys(f)) {
		out = append(out, gitrepo.File{Path: path, Regular: !strings.HasPrefix(f[path], "->"), Mode: "120000"})
	}
	return out, nil
}

func (f files) Read(path string) ([]byte, error) {
	switch s, ok := f[path]; {
	case !ok:
		return nil, fs.ErrNotExist
	case s == "too large":
		return nil, gitrepo.ErrTooLarge
	case s == "broken":
		return nil, errors.New("blob 1234 is missing from the repository")
	default:
		return []byte(s), nil
	}
}

func entries(list string) string {
	return `{"version": 1, "number": 7, "records": [], "entries": [` + list + `]}`
}

const (
	opened = `{"id": "opened", "kind": "opened", "at": "2026-07-01T09:00:00Z", "actor": {"id": 1, "login": "ann"}}`
	review = `{"id": "review-1", "kind": "reviewed", "at": "2026-07-01T10:00:00+02:00", "actor": {"id": 2, "login": "bo"}, "state": "approved"}`
	closed = `{"id": "closed", "kind": "closed", "at": "2026-07-01T09:00:00Z", "actor": {"id": 1, "login": "ann"}}`
)

func TestRead(t *testing.T) {
	cases := []struct {
		name     string
		tree     files
		ids      string // of the entries that count, pull by pull
		findings []string
	}{
		{"an empty branch", files{}, "", nil},
		{"other files on the branch", files{"README.md": "x", "claims/a.json": "x"}, "", nil},
		{"entries by time, then in the file's order", files{"pulls/0/7.json": entries(opened + "," + closed + "," + review)}, "7: review-1 opened closed", nil},
		{"pull requests by number", files{
			"pulls/0/7.json":     entries(opened),
			"pulls/0/10.json":    strings.Replace(entries(closed), `"number": 7`, `"number": 10`, 1),
			"pulls/1/1000.json":  strings.Replace(entries(opened), `"number": 7`, `"number": 1000`, 1),
			"pulls/10/9999.json": "{}",
		}, "7: opened|10: closed|1000: opened", []string{
			`pulls/10/9999.json: error: a name that is no pull request's; expected pulls/<n ÷ 1000>/<n>.json, such as pulls/1/1234.json [witness]`,
		}},
		{"a field that is not known yet", files{"pulls/0/7.json": strings.Replace(entries(opened), `"version"`, `"mood": "good", "version"`, 1)}, "7: opened", nil},
		{"the same id twice", files{"pulls/0/7.json": entries(opened + "," + strings.Replace(opened, "09:00", "08:00", 1))}, "7: opened", []string{
			`pulls/0/7.json: error: entry 2, "opened": the id of an entry before it; expected an id of its own; the first is kept [witness]`,
		}},
		{"no id, no time and a kind of its own", files{"pulls/0/7.json": entries(`{"kind": "opened", "at": "2026-07-01T09:00:00Z"},{"id": "x", "kind": "opened"},{"id": "y", "kind": "sung", "at": "2026-07-01T09:00:00Z"},` + opened)}, "7: opened", []string{
			`pulls/0/7.json: error: entry 1, "": no id; expected one that no other entry has, such as "review-77" [witness]`,
			`pulls/0/7.json: error: entry 2, "x": no time; expected when GitHub saw it [witness]`,
			`pulls/0/7.json: error: entry 3, "y": the kind "sung"; expected one of ["opened" "commented" "reviewed" "dismissed" "pushed" "labelled" "closed" "reopened" "merged" "commanded"] [witness]`,
		}},
		{"a number that is not the file's", files{"pulls/0/8.json": entries(opened)}, "", []string{
			`pulls/0/8.json: error: the number 7 in the file; expected 8, as in its name [witness]`,
		}},
		{"a version of the future", files{"pulls/0/7.json": strings.Replace(entries(opened), `"version": 1`, `"version": 2`, 1)}, "", []string{
			`pulls/0/7.json: error: version 2; expected version 1 [witness]`,
		}},
		{"broken JSON", files{"pulls/0/7.json": `{"version": 1,`}, "", []string{
			`pulls/0/7.json: error: JSON that cannot be read: unexpected EOF; expected one pull request, as the Action writes it [witness]`,
		}},
		{"two values in a file", files{"pulls/0/7.json": entries(opened) + "{}"}, "", []string{
			`pulls/0/7.json: error: JSON that cannot be read: there is something after the value; expected one pull request, as the Action writes it [witness]`,
		}},
		{"a wrong shard, a leading zero, a stray file and a link", files{"pulls/1/7.json": entries(opened), "pulls/0/07.json": "", "pulls/notes": "", "pulls/0/9.json": "->"}, "", []string{
			`pulls/0/07.json: error: a name that is no pull request's; expected pulls/<n ÷ 1000>/<n>.json, such as pulls/1/1234.json [witness]`,
			`pulls/0/9.json: error: mode 120000; expected a file [witness]`,
			`pulls/1/7.json: error: a name that is no pull request's; expected pulls/<n ÷ 1000>/<n>.json, such as pulls/1/1234.json [witness]`,
			`pulls/notes: error: a name that is no pull request's; expected pulls/<n ÷ 1000>/<n>.json, such as pulls/1/1234.json [witness]`,
		}},
		{"a file that is too large", files{"pulls/0/7.json": "too large"}, "", []string{
			`pulls/0/7.json: error: a file of more than 8 MiB; expected a pull request's entries [witness]`,
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			pulls, findings, err := Read(c.tree)
			if err != nil {
				t.Fatal(err)
			}
			var said []string
			for _, f := range findings {
				said = append(said, f.String())
			}
			if diff := cmp.Diff(c.findings, said); diff != "" {
				t.Error(diff)
			}
			if got := ids(pulls); got != c.ids {
				t.Errorf("got %q, want %q", got, c.ids)
			}
		})
	}
}

func ids(pulls []event.Pull) string {
	var out []string
	for _, p := range pulls {
		name, _ := strings.CutSuffix(Path(p.Number), ".json")
		line := name[strings.LastIndex(name, "/")+1:] + ":"
		for _, e := range p.Entries {
			line += " " + e.ID
		}
		out = append(out, line)
	}
	return strings.Join(out, "|")
}

func TestReadCannotGoOnWithoutTheTree(t *testing.T) {
	_, _, err := Read(files{"pulls/0/7.json": "broken"})
	if want := "witness branch: pulls/0/7.json: blob 1234 is missing from the repository"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestMarshalHasOneForm(t *testing.T) {
	at := time.Date(2026, 7, 1, 11, 0, 0, 0, time.FixedZone("", 7200))
	got, err := Marshal(event.Pull{Version: 1, Number: 1234, Entries: []event.Entry{
		{ID: "closed", Kind: event.Closed, At: at, Actor: account.Account{ID: 1, Login: "ann"}, Text: "<no> & thanks"},
	}})
	want := `{
  "version": 1,
  "number": 1234,
  "records": [],
  "entries": [
    {
      "id": "closed",
      "kind": "closed",
      "at": "2026-07-01T09:00:00Z",
      "actor": {
        "id": 1,
        "login": "ann"
      },
      "text": "<no> & thanks"
    }
  ]
}
`
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, cmp.Diff(want, string(got)))
	}
}

func TestMarshalRefusesATimeThatJSONCannotHold(t *testing.T) {
	if _, err := Marshal(event.Pull{Number: 7, Entries: []event.Entry{{At: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}}}); err == nil {
		t.Error("no error")
	}
}

// The law: what Marshal writes, Read reads back, and writes the same again.
func TestReadGivesWhatMarshalWrote(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		p := drawPull(t)
		b, err := Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		pulls, findings, err := Read(files{Path(p.Number): string(b)})
		if err != nil || len(findings) > 0 || len(pulls) != 1 {
			t.Fatalf("%v, %v, %d pull requests", err, findings, len(pulls))
		}
		if diff := cmp.Diff(p, pulls[0], cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
		if again, err := Marshal(pulls[0]); err != nil || string(again) != string(b) {
			t.Fatalf("%v\n%s", err, cmp.Diff(string(b), string(again)))
		}
	})
}

func drawPull(t *rapid.T) event.Pull {
	p := event.Pull{Version: Version, Number: rapid.IntRange(1, 1<<40).Draw(t, "number")}
	for range rapid.IntRange(0, 3).Draw(t, "records") {
		p.Records = append(p.Records, event.PullRecord{
			Path: rapid.String().Draw(t, "path"), Blob: rapid.String().Draw(t, "blob"), Title: rapid.String().Draw(t, "title"),
			Fields: map[string]any{"goal": rapid.String().Draw(t, "goal"), "urgent": rapid.Bool().Draw(t, "urgent"), "size": rapid.Int64().Draw(t, "size"), "tags": []any{"a", 1.5, map[string]any{"n": int64(1)}}},
		})
	}
	ids := rapid.SliceOfDistinct(rapid.StringMatching(`[a-z]+-[0-9]+`), rapid.ID[string]).Draw(t, "ids")
	at := time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	for _, id := range ids {
		at = at.Add(time.Duration(rapid.IntRange(0, 1e9).Draw(t, "later")))
		p.Entries = append(p.Entries, drawEntry(t, id, at))
	}
	return p
}

func drawEntry(t *rapid.T, id string, at time.Time) event.Entry {
	word := func(name string) string { return rapid.String().Draw(t, name) }
	return event.Entry{
		ID: id, Kind: rapid.SampledFrom(kinds()).Draw(t, "kind"), At: at,
		Actor: account.Account{ID: rapid.Int64().Draw(t, "actor"), Login: word("login"), Type: word("type")},
		SHA:   word("sha"), State: word("state"), Text: word("text"), First: word("first"), Last: word("last"),
	}
}

// The order in which the tree lists its files changes nothing.
func TestTheOrderOfFilesChangesNothing(t *testing.T) {
	tree := files{"pulls/0/7.json": entries(opened), "pulls/0/8.json": "x", "pulls/x": ""}
	p1, f1, _ := Read(tree)
	law.Check(t, func(t *rapid.T) {
		p2, f2, _ := Read(reordered{tree, t})
		if diff := cmp.Diff(p1, p2) + cmp.Diff(f1, f2); diff != "" {
			t.Error(diff)
		}
	})
}

type reordered struct {
	files
	t *rapid.T
}

func (r reordered) Files() ([]gitrepo.File, error) {
	out, err := r.files.Files()
	return rapid.Permutation(out).Draw(r.t, "order"), err
}

func FuzzRead(f *testing.F) {
	f.Add(entries(opened + "," + review))
	f.Add(`{"version": 1, "number": 7, "entries": [{"at": 1}]}`)
	f.Add(`{"version": 1, "number": 7, "records": [{"fields": {"n": 1e999, "m": [1e5, -0]}}]}`)
	f.Add(entries(`{"id": "x", "kind": "opened", "at": "9999-12-31T23:59:59-10:00"}`))
	f.Fuzz(func(t *testing.T, content string) {
		pulls, findings, err := Read(files{"pulls/0/7.json": content})
		if err != nil && content != "broken" {
			t.Fatal(err)
		}
		if err == nil && len(pulls) == 0 && len(findings) == 0 {
			t.Fatal("left out without a word")
		}
		for _, p := range pulls {
			if _, err := Marshal(p); err != nil {
				t.Fatal(err)
			}
		}
	})
}
