// Package desk turns a short story into a repository with eighteen months of history, and
// the GitHub that lived through it. Everything in it is invented, and the same on every
// run.
package desk

import (
	"bytes"
	_ "embed" // for the story
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/commrel/liaison"
	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/sim/git"
	"github.com/commrel/liaison/action/internal/sim/github"
	"github.com/commrel/liaison/schemas"
	"golang.org/x/tools/txtar"
)

//go:embed story.txt
var storyText string

//go:embed roster.txtar
var rosterText []byte

// What the demo's GitHub is called.
const (
	Owner = "example-org"
	Name  = "example-desk"
	Token = "example-token" // acts as the definition's bot
	bot   = "example-liaison[bot]"
	admin = "example-admin"
	boss  = "example-mara"
)

// AsOf is the instant at which the story ends.
var AsOf = time.Date(2026, time.October, 5, 6, 0, 0, 0, time.UTC)

// accounts are everybody in the story, with invented ids.
var accounts = []struct {
	login string
	id    int64
	typ   string
}{
	{bot, 100, "Bot"}, {admin, 1, "User"}, {boss, 9000000001, "User"},
	{"example-cl-noor", 9000000002, "User"}, {"example-cl-lia", 9000000003, "User"}, {"example-cl-tomas", 9000000004, "User"},
	{"example-pm-ada", 9000000011, "User"}, {"example-pm-ben", 9000000012, "User"}, {"example-pm-cleo", 9000000013, "User"},
	{"example-pm-dana", 9000000014, "User"}, {"example-eng-eli", 9000000015, "User"}, {"example-pm-fay", 9000000016, "User"},
	{"example-pm-gus", 9000000017, "User"}, {"example-officer-hal", 9000000018, "User"},
	{"example-intern", 9000000021, "User"}, {"example-stranger", 9000000022, "User"}, {"example-ghost", 9000000023, "User"},
}

// Found makes a desk on its first day in a new bare repository at dir: the definition, the
// schemas and the roster, with everybody of the story, and no request yet.
func Found(dir string) (*github.World, error) {
	w, repo, err := begin()
	if err != nil {
		return nil, err
	}
	return w, repo.Save(dir)
}

// begin makes the desk in memory, where it grows faster than on disk.
func begin() (*github.World, *git.Repo, error) {
	repo, err := git.New()
	if err != nil {
		return nil, nil, err
	}
	w := github.New(repo, Owner, Name)
	for _, a := range accounts {
		w.Account(a.login, a.id, a.typ)
	}
	w.Token(Token, bot)
	w.Record = func(p string) bool { ok, _ := path.Match("requests/*/*.yaml", p); return ok }
	w.Clean = clean
	return w, repo, found(w)
}

// A Stop is a look at the world in the middle of the story, with its witness up to then. The
// repository is on disk from the first one on.
type Stop struct {
	At   time.Time
	Look func(*github.World) error
}

// Build plays the story into a new bare repository at dir, with stops on the way.
func Build(dir string, stops ...Stop) (*github.World, error) {
	w, repo, err := begin()
	if err != nil {
		return nil, err
	}
	tales, err := parse(storyText)
	if err != nil {
		return nil, err
	}
	save := sync.OnceValue(func() error { return repo.Save(dir) })
	end := Stop{AsOf, func(*github.World) error { return nil }}
	if err := play(w, tales, append(slices.Clone(stops), end), save); err != nil {
		return nil, err
	}
	return w, nil
}

// clean copies what targets read, as the gate does for a record that it found clean.
func clean(p string, src []byte) (string, map[string]any, bool) {
	values, ok := record.Values(src)
	if !ok {
		return "", nil, false
	}
	fields := map[string]any{}
	for _, f := range []string{"team", "goal"} {
		if v, has := values[f]; has {
			fields[f] = v
		}
	}
	return record.Title(values, p), fields, true
}

var notYet = pattern.Of(`(?m)^# (witness: \S+).*$`)

// found lays the first stones: the definition with its witness, the schemas, the roster.
func found(w *github.World) error {
	files := map[string][]byte{
		".github/liaison.yaml": notYet().ReplaceAll(liaison.Definition, []byte("$1")),
		"README.md":            []byte("# An example desk\n\nEverything here is invented. File a request with a pull request that adds `requests/<year>/<name>.yaml`.\n"),
	}
	if bytes.Equal(files[".github/liaison.yaml"], liaison.Definition) {
		return fmt.Errorf("the shipped definition has no line `# witness: …` to switch on")
	}
	names, err := fs.Glob(schemas.FS, "*.json")
	if err != nil {
		return err
	}
	for _, n := range names {
		if files["schemas/"+n], err = schemas.FS.ReadFile(n); err != nil {
			return err
		}
	}
	start := time.Date(2025, time.March, 28, 9, 0, 0, 0, time.UTC)
	if _, err := w.Push(admin, start, "Found the desk", files); err != nil {
		return err
	}
	people := map[string][]byte{}
	for _, f := range txtar.Parse(rosterText).Files {
		people[f.Name] = f.Data
	}
	_, err = w.Push(admin, start.Add(30*time.Minute), "Add the roster", people)
	return err
}

// A deed is one thing to do at one time.
type deed struct {
	at time.Time
	do func() error
}

// play does everything that the tales tell, in the order of time.
func play(w *github.World, tales []tale, stops []Stop, save func() error) error {
	var deeds []deed
	for _, t := range tales {
		r := &request{w: w, tale: t, path: fmt.Sprintf("requests/%d/%s.yaml", t.filed.Year(), t.slug)}
		deeds = append(deeds, deed{t.filed, r.file})
		for _, s := range t.scenes {
			at := t.filed.Add(s.after)
			deeds = append(deeds, deed{at, func() error { return r.act(s.verb, at) }})
		}
	}
	for _, s := range stops {
		deeds = append(deeds, deed{s.At, func() error { return s.look(w, save) }})
	}
	slices.SortStableFunc(deeds, func(a, b deed) int { return a.at.Compare(b.at) })
	for _, d := range deeds {
		if d.at.After(AsOf) {
			break
		}
		if err := d.do(); err != nil {
			return fmt.Errorf("%s: %w", d.at.Format(time.RFC3339), err)
		}
	}
	return nil
}

// look stops the story.
func (s Stop) look(w *github.World, save func() error) error {
	w.SetNow(s.At)
	if err := w.Witness(); err != nil {
		return err
	}
	if err := save(); err != nil {
		return err
	}
	return s.Look(w)
}

// quoted is a word or a text as YAML has it.
func quoted(s string) string {
	if strings.ContainsAny(s, ":#'\"") {
		return fmt.Sprintf("%q", s)
	}
	return s
}
