package rule_test

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const desk = `desk: Test
people: {kind: person, account: github, id: github_id}
kinds:
  ask:
    files: asks/*.yaml
    schema: ask.json
    status: status
    requester: requester
    states: {new: {initial: true}, doing: {}, done: {final: true}, gone: {final: true}}
    moves:
      - {from: new, to: doing, by: helper}
      - {from: doing, to: done, by: helper, needs: [outcome]}
      - {from: [new, doing], to: gone, by: [filer, requester]}
    owners: {priority: helper, title: [filer, helper]}
  person: {files: people/*.yaml, schema: person.json, owners: {roles: manager, github_id: manager, github: manager}}
  team: {files: teams/*.yaml, schema: team.json}
roles:
  manager: "person.roles.exists(r, r.role == 'manager' && holds(r, at))"
  helper: "person.roles.exists(r, r.role in ['helper', 'manager'] && holds(r, at))"
  filer: "actor == record.filer"
  requester: "actor == record.requester"
`

var schemas = map[string]string{
	"ask.json": `{"type": "object", "x-refuse": [{"words": ["in danger"], "because": "it to stay private", "route": {"kind": "team", "where": "safety"}}],
		"properties": {"title": {"type": "string"}, "text": {"type": "string"}, "status": {"type": "string"}, "priority": {"type": "string"}, "outcome": {"type": "string"},
		"team": {"type": "string", "x-ref": {"kind": "team"}}, "requester": {"type": "string"}, "goal": {"type": "string", "x-ref": {"kind": "goal"}},
		"wiki": {"type": "string", "x-ref": {"kind": "team", "missing": "warning"}}, "owner": {"type": "string", "x-ref": {"kind": "team", "except": ["none"]}},
		"same_as": {"type": "string", "x-ref": {"kind": "ask"}},
		"on_it": {"type": "array", "items": {"type": "string", "x-ref": {"kind": "person", "active": "roles"}}}}}`,
	"person.json": `{"type": "object", "x-aliases": ["aliases[]"], "properties": {"id": {"type": "string", "x-id": true}, "github": {"type": "string", "x-unique": true},
		"github_id": {"type": "integer", "x-unique": true}, "aliases": {"type": "array", "items": {"type": "string", "x-unique": true}},
		"roles": {"type": "array", "items": {"type": "object", "properties": {"role": {"type": "string"}, "from": {"type": "string"}, "to": {"type": "string"}}}}}}`,
	"team.json": `{"type": "object", "properties": {"name": {"type": "string"}, "safety": {"type": "boolean"}}}`,
}

type tester interface {
	Helper()
	Fatal(...any)
}

// compiled is one cache for all tests: they read the same few definitions again and again.
var compiled = workflow.NewCache()

func definition(t tester) *workflow.Definition {
	t.Helper()
	def, fs, err := compiled.Read("liaison.yaml", []byte(desk), func(p string) ([]byte, error) {
		if s, ok := schemas[p]; ok {
			return []byte(s), nil
		}
		return nil, fs.ErrNotExist
	})
	if def == nil || len(fs) > 0 {
		t.Fatal(fs, err)
	}
	return def
}

// A tree is files by path.
type tree struct {
	def   *workflow.Definition
	files map[string]string
}

func (w tree) Has(path string) bool { _, ok := w.files[path]; return ok }

func (w tree) Paths(kind *workflow.Kind) []string {
	var out []string
	for _, p := range slices.Sorted(maps.Keys(w.files)) {
		if w.def.KindOf(p) == kind {
			out = append(out, p)
		}
	}
	return out
}

func (w tree) Values(path string) (map[string]any, bool) {
	if !w.Has(path) {
		return nil, false
	}
	return record.Values([]byte(w.files[path]))
}

func (w tree) record(t tester, path string) record.Record {
	t.Helper()
	r, _, err := record.Read(w.def.KindOf(path), path, []byte(w.files[path]))
	if r == nil {
		t.Fatal(path, err)
	}
	return *r
}

func (w tree) records(t tester) []record.Record {
	var out []record.Record
	for _, p := range slices.Sorted(maps.Keys(w.files)) {
		out = append(out, w.record(t, p))
	}
	return out
}

func told(fs []finding.Finding) string {
	out := ""
	for _, f := range finding.Sorted(fs) {
		out += f.String()
		if f.Fix != "" {
			out += " mend: " + f.Fix
		}
		if f.Edit.Known() {
			out += fmt.Sprintf(" {%d:%d-%d:%d %s}", f.Edit.Line, f.Edit.Column, f.Edit.EndLine, f.Edit.EndColumn, f.Edit.Text)
		}
		out += "\n"
	}
	return out
}

var town = map[string]string{
	"people/mara.yaml": "github: mara\ngithub_id: 1\naliases: [marabu]\nroles: [{role: manager}]\n",
	"people/lia.yaml":  "github: lia\ngithub_id: 2\nroles: [{role: helper, from: 2020-01-01}]\n",
	"people/old.yaml":  "github: old\ngithub_id: 3\nroles: [{role: helper, to: 2025-12-31}]\n",
	"people/ann.yaml":  "github: ann\ngithub_id: 11\nroles: [{role: staff}]\n",
	"teams/maps.yaml":  "name: Maps\n",
	"teams/care.yaml":  "name: Care\nsafety: true\n",
}

func TestRecordsAmongOthers(t *testing.T) {
	tests := []struct{ name, path, text, want string }{
		{"a team that is there", "asks/a.yaml", "title: A\nteam: maps\n", ""},
		{"a team that is misspelt", "asks/a.yaml", "title: A\nteam: mapz\n",
			"asks/a.yaml:2:7: error: `team` names the team \"mapz\", and there is none; expected a team that has a file: teams/*.yaml [unknown-team] mend: did you mean `maps`?\n"},
		{"a person where a team is wanted", "asks/a.yaml", "title: A\nteam: mara\n",
			"asks/a.yaml:2:7: error: `team` names the team \"mara\", and there is none; expected a team that has a file: teams/*.yaml [unknown-team] mend: `mara` is a person\n"},
		{"somebody by an older name", "asks/a.yaml", "on_it: [\"Marabu\"]\n",
			"asks/a.yaml:1:9: error: `on_it.1` names the person \"Marabu\", and there is none; expected a person that has a file: people/*.yaml [unknown-person] mend: it is called `mara` now {1:10-1:16 mara}\n"},
		{"what may be missing", "asks/a.yaml", "wiki: zzzzzzzz\n",
			"asks/a.yaml:1:7: warning: `wiki` names the team \"zzzzzzzz\", and there is none in this repository; it is kept as it is written; expected a team that has a file: teams/*.yaml [unknown-team]\n"},
		{"a word that names nothing", "asks/a.yaml", "owner: none\n", ""},
		{"a kind that the desk does not have", "asks/a.yaml", "goal: anything\n", ""},
		{"itself", "asks/a.yaml", "title: A\nsame_as: a\n", "asks/a.yaml:2:10: error: `same_as` names this very ask; expected another one [refers-to-itself]\n"},
		{"an id like the file", "people/new.yaml", "id: New\n", ""},
		{"an id unlike the file", "people/new.yaml", "id: other\n",
			"people/new.yaml:1:5: error: `id` is \"other\" in the file people/new.yaml; expected \"new\", as the file is called [file-name] mend: rename the file, or mend the value\n"},
		{"a number that somebody has", "people/new.yaml", "github_id: 2\n", "people/new.yaml:1:12: error: `github_id` is 2, as in people/lia.yaml; expected a value that no other record has [twin]\n"},
		{"a login that somebody has in other capitals", "people/new.yaml", "github: LIA\n", "people/new.yaml:1:9: error: `github` is LIA, as in people/lia.yaml; expected a value that no other record has [twin]\n"},
		{"a list's value that another list has elsewhere", "people/new.yaml", "aliases: [newt, marabu]\n", "people/new.yaml:1:17: error: `aliases.2` is marabu, as in people/mara.yaml; expected a value that no other record has [twin]\n"},
		{"what is never recorded", "asks/a.yaml", "title: A\ntext: Somebody is in  DANGER now\n",
			"asks/a.yaml:2:7: error: `text` speaks of \"in  DANGER\"; expected it to stay private [not-here] mend: take it out, and go to Care (teams/care.yaml)\n"},
		{"words within other words", "asks/a.yaml", "text: The bin dangerfield\n", ""},
		{"an address", "asks/a.yaml", "title: A\ntext: Ask ann@example.net\n", "asks/a.yaml:2:7: error: `text` holds an e-mail address; expected no way to reach a person in private: the file is public for ever [private] mend: take it out; name the person by login or user page\n"},
		{"an address in a comment", "asks/a.yaml", "title: A # ann@example.net\n", "asks/a.yaml:1:10: error: a comment holds an e-mail address; expected no way to reach a person in private: the file is public for ever [private] mend: take it out; name the person by login or user page\n"},
		{"a heading in a text is no comment", "asks/a.yaml", "text: |\n  Ask:\n  # ann@example.net\n", "asks/a.yaml:1:7: error: `text` holds an e-mail address; expected no way to reach a person in private: the file is public for ever [private] mend: take it out; name the person by login or user page\n"},
		{"a comment", "asks/a.yaml", "# Ask @ann\ntitle: A # see T1\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := tree{definition(t), maps.Clone(town)}
			w.files[tt.path] = tt.text
			if diff := cmp.Diff(tt.want, told(rule.World{Definition: w.def, Tree: w}.Records(w.records(t)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDanglingReferencesAreToldOnce(t *testing.T) {
	w := tree{definition(t), map[string]string{"asks/a.yaml": "team: maps\n"}}
	world := rule.World{Definition: w.def, Tree: w}
	r := w.record(t, "asks/a.yaml")
	if got := told(world.Dangling(r, map[string]bool{"teams/maps.yaml": true})); !strings.Contains(got, "asks/a.yaml:1:7: error: `team` names the team \"maps\", and there is none") {
		t.Error(got)
	}
	if got := told(world.Dangling(r, map[string]bool{"teams/care.yaml": true})); got != "" {
		t.Error(got)
	}
}

func TestPathTwins(t *testing.T) {
	tests := []struct {
		name         string
		added, there []string
		want         string
	}{
		{"none", []string{"a/b.yaml"}, []string{"a/c.yaml", "b/b.yaml"}, ""},
		{"by capitals", []string{"a/B.yaml"}, []string{"a/b.yaml"}, "a/B.yaml: error: on many machines this is the same path as a/b.yaml"},
		{"by a folder's capitals", []string{"A/c.yaml"}, []string{"a/b.yaml"}, "A/c.yaml: error: on many machines this is the same path as a/b.yaml"},
		{"by accents", []string{"e\u0301.yaml"}, []string{"\u00e9.yaml"}, "is the same path as \u00e9.yaml"},
		{"by a letter that folds to another", []string{"\u212a.yaml"}, []string{"k.yaml"}, "is the same path as k.yaml"},
	}
	for _, tt := range tests {
		if got := told(rule.PathTwins(tt.added, tt.there)); !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
			t.Errorf("%s: %s", tt.name, got)
		}
	}
}

// The order of files changes no finding.
func TestOrderOfFiles(t *testing.T) {
	w := tree{definition(t), maps.Clone(town)}
	for i, text := range []string{"github: lia\ngithub_id: 2\n", "github: LIA\nid: x\n", "aliases: [marabu]\n"} {
		w.files[fmt.Sprintf("people/p%d.yaml", i)] = text
	}
	w.files["asks/a.yaml"] = "team: mapz\ntext: ann@example.net\n"
	records := w.records(t)
	want := told(rule.World{Definition: w.def, Tree: w}.Records(records))
	law.Check(t, func(r *rapid.T) {
		if got := told((rule.World{Definition: w.def, Tree: w}).Records(rapid.Permutation(records).Draw(r, "order"))); got != want {
			r.Fatalf("found %s, expected %s", got, want)
		}
	})
}

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func user(login string, id int64) account.Account { return account.Account{Login: login, ID: id} }

// staff is the roster of some files, each landed once; later versions may follow.
func staff(def *workflow.Definition, files map[string]string, later map[string]map[string]any) *roster.Roster {
	var people []roster.Person
	for _, p := range slices.Sorted(maps.Keys(files)) {
		if strings.HasPrefix(p, "people/") {
			values, _ := record.Values([]byte(files[p]))
			person := roster.Person{Versions: []roster.Version{{Landing: 0, Values: values}}}
			if now, changed := later[p]; changed {
				person.Versions = append(person.Versions, roster.Version{Landing: 1, Values: now})
			}
			people = append(people, person)
		}
	}
	return roster.New(def, people, func(string, string) (map[string]any, bool) { return nil, false }, nil)
}

// change is one record's change; "" for none there.
func change(t tester, w tree, actor account.Account, path, was, now, state string, filer account.Account) rule.Change {
	t.Helper()
	c := rule.Changed{Kind: w.def.KindOf(path), Path: path, OldPath: path, State: state, Filer: filer, New: was == "", Deleted: now == ""}
	c.Was, _ = record.Values([]byte(was))
	if now != "" {
		w.files[path] = now
		r := w.record(t, path)
		c.Record = &r
	}
	return rule.Change{World: rule.World{Definition: w.def, Tree: w}, Roster: staff(w.def, town, nil), Actor: actor, Now: noon, Records: []rule.Changed{c}}
}

func TestRightsOfAnAuthor(t *testing.T) {
	ann, lia, mara, old, eve := user("ann", 11), user("lia", 2), user("mara", 1), user("old", 3), user("eve", 66)
	const path = "asks/a.yaml"
	tests := []struct {
		name           string
		actor          account.Account
		path, was, now string
		state          string
		want           string
	}{
		{"the filer says more", ann, path, "title: A\n", "title: A\ntext: More\n", "doing", ""},
		{"the filer says more of what has ended", ann, path, "title: A\n", "title: A\ntext: More\n", "done",
			"asks/a.yaml:2:1: error: ann changes `text` of a record that is not theirs, or no longer open; expected its filer or requester while it is open, or helper or manager [field-owner]"},
		{"a stranger says more", eve, path, "title: A\n", "title: A\ntext: More\n", "doing", "asks/a.yaml:2:1: error: eve changes `text`"},
		{"an owned field", ann, path, "title: A\n", "title: A\npriority: high\n", "doing", "asks/a.yaml:2:1: error: ann sets `priority`; expected that to be left to: helper [field-owner]"},
		{"an owned field by its owner", lia, path, "title: A\n", "title: A\npriority: high\n", "doing", ""},
		{"an owned field by who owned it once", old, path, "title: A\n", "title: A\npriority: high\n", "doing", "old sets `priority`"},
		{"an owned field by a login taken over", user("lia", 67), path, "title: A\n", "title: A\npriority: high\n", "doing", "lia sets `priority`"},
		{"owning a field as filer makes nobody the desk", eve, "asks/b.yaml", "", "title: B\nrequester: ann\n", "", "asks/b.yaml:2:12: error: eve files for somebody else; expected `requester` to be the one who files, or a filer who is helper or manager [filer]"},
		{"filing for oneself", ann, "asks/b.yaml", "", "title: B\nrequester: ann\n", "", ""},
		{"the desk files for somebody", lia, "asks/b.yaml", "", "title: B\nrequester: ann\n", "", ""},
		{"a move", lia, path, "title: A\nstatus: new\n", "title: A\nstatus: doing\n", "new", ""},
		{"a move by who may not", ann, path, "title: A\nstatus: new\n", "title: A\nstatus: doing\n", "new",
			"asks/a.yaml:2:1: error: the move from new to doing: ann holds none of the roles that may: helper; expected doing (by helper), gone (by filer or requester) [move]"},
		{"a move that is none", lia, path, "title: A\nstatus: new\n", "title: A\nstatus: done\noutcome: Yes\n", "new", "the move from new to done: no move leads from new to done"},
		{"a move that lacks something", lia, path, "title: A\n", "title: A\nstatus: done\n", "doing", "it needs `outcome`; expected done (by helper), gone (by filer or requester) [move] mend: add a line `outcome: …`"},
		{"a move that lacks all but blanks", lia, path, "title: A\n", "title: A\nstatus: done\noutcome: ' '\n", "doing", "it needs `outcome`"},
		{"a status that says what is so", ann, path, "title: A\n", "title: A\nstatus: doing\n", "doing", ""},
		{"the same by a stranger", eve, path, "title: A\n", "title: A\nstatus: doing\n", "doing", "eve changes `status`"},
		{"a status taken away by a stranger", eve, path, "title: A\nstatus: doing\n", "title: A\n", "doing", "eve changes `status`"},
		{"a new record that is not at the beginning", ann, "asks/b.yaml", "", "title: B\nstatus: doing\n", "", "a new ask that is doing: ann holds none of the roles that may: helper; expected no `status`, or new [move]"},
		{"a deletion", lia, path, "title: A\n", "", "doing", "asks/a.yaml: error: lia deletes a ask; expected that to be left to: manager [deletion] mend: keep the file, and let it end as done or gone"},
		{"a deletion by the manager", mara, path, "title: A\n", "", "doing", ""},
		{"a person takes out their own record", ann, "people/ann.yaml", town["people/ann.yaml"], "", "", ""},
		{"giving oneself a role", ann, "people/ann.yaml", town["people/ann.yaml"], strings.Replace(town["people/ann.yaml"], "staff", "manager", 1), "", "people/ann.yaml:3:1: error: ann sets `roles`; expected that to be left to: manager [field-owner]"},
		{"signing up", eve, "people/eve.yaml", "", "github: eve\ngithub_id: 66\n", "", ""},
		{"signing up with another's number", eve, "people/eve.yaml", "", "github: eve\ngithub_id: 1\n", "", "eve sets `github_id`"},
		{"signing up with another's login", eve, "people/eve.yaml", "", "github: mara\ngithub_id: 66\n", "", "eve sets `github`"},
		{"naming who is active", lia, path, "title: A\n", "title: A\non_it: [lia]\n", "doing", ""},
		{"naming who is active no more", lia, path, "title: A\n", "title: A\non_it: [old]\n", "doing", "asks/a.yaml:2:9: error: `on_it.1` names old, none of whose roles holds on 2026-06-01; expected somebody who is active [not-active]"},
		{"keeping whom it named before", lia, path, "title: A\non_it: [old]\n", "title: A\non_it: [lia, old]\n", "doing", ""},
		{"a kind without rights", eve, "teams/maps.yaml", town["teams/maps.yaml"], "", "", ""},
		{"nobody", account.Account{}, path, "title: A\n", "title: A\ntext: More\n", "doing", "somebody unknown changes `text`"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := tree{definition(t), maps.Clone(town)}
			got := told(change(t, w, tt.actor, tt.path, tt.was, tt.now, tt.state, ann).Authorize())
			if !strings.Contains(got, tt.want) || tt.want == "" && got != "" {
				t.Errorf("found %s\nexpected %s", got, tt.want)
			}
		})
	}
}

func TestRulesAndData(t *testing.T) {
	w := tree{definition(t), maps.Clone(town)}
	c := change(t, w, user("lia", 2), "asks/b.yaml", "", "title: B\n", "", account.Account{})
	c.Rules = []string{".github/liaison.yaml"}
	got := told(c.Authorize())
	for _, want := range []string{"lia changes the rules; expected that to be left to: manager [rules-owner]", "rules and records change together; expected a pull request for each [rules-and-data]"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
	c.Actor, c.Records = user("mara", 1), nil
	if got := told(c.Authorize()); got != "" {
		t.Error(got)
	}
}

func TestOneOfAKindThatMoves(t *testing.T) {
	w := tree{definition(t), maps.Clone(town)}
	a := change(t, w, user("ann", 11), "asks/b.yaml", "", "title: B\n", "", account.Account{})
	b := change(t, w, user("ann", 11), "asks/c.yaml", "", "title: C\n", "", account.Account{})
	a.Records = append(a.Records, b.Records...)
	if got := told(a.Authorize()); !strings.Contains(got, "asks/c.yaml:1:1: error: a second new ask, beside asks/b.yaml; expected one in each pull request [one-each]") {
		t.Error(got)
	}
	a.Actor = user("lia", 2)
	if got := told(a.Authorize()); got != "" {
		t.Error(got)
	}
}

// Taking a role away from the author never makes a change acceptable.
func TestTakingARoleAwayGivesNothing(t *testing.T) {
	law.Check(t, func(r *rapid.T) {
		w := tree{definition(r), maps.Clone(town)}
		actor := rapid.SampledFrom([]account.Account{user("ann", 11), user("lia", 2), user("mara", 1), user("old", 3)}).Draw(r, "author")
		text := func(what string) string {
			lines := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"title: A\n", "text: T\n", "priority: high\n", "status: new\n", "status: doing\n",
				"status: done\n", "status: gone\n", "outcome: O\n", "requester: lia\n", "requester: ann\n", "on_it: [lia]\n", "on_it: [mara, ann]\n"}), 1, 5,
				func(s string) string { key, _, _ := strings.Cut(s, ":"); return key }).Draw(r, what)
			return strings.Join(lines, "")
		}
		was, now := text("was"), text("now")
		switch rapid.IntRange(0, 5).Draw(r, "shape") {
		case 0:
			was = ""
		case 1:
			now = ""
		}
		state := rapid.SampledFrom([]string{"new", "doing", "done", "gone"}).Draw(r, "state")
		filer := rapid.SampledFrom([]account.Account{actor, user("lia", 2), user("eve", 66)}).Draw(r, "filer")
		c := change(r, w, actor, "asks/a.yaml", was, now, state, filer)
		if rapid.Bool().Draw(r, "rules") {
			c.Rules = []string{".github/liaison.yaml"}
		}
		before := c.Authorize()
		path := "people/" + actor.Login + ".yaml"
		values, _ := record.Values([]byte(town[path]))
		poorer := maps.Clone(values)
		switch rapid.SampledFrom([]string{"removed", "ended", "left out"}).Draw(r, "taken away") {
		case "removed":
			poorer["roles"] = []any{}
		case "ended":
			role := values["roles"].([]any)[0].(map[string]any)["role"]
			poorer["roles"] = []any{map[string]any{"role": role, "from": "2020-01-01", "to": "2026-05-31"}}
		case "left out":
			poorer = nil
		}
		c.Roster = staff(w.def, town, map[string]map[string]any{path: poorer})
		if after := c.Authorize(); finding.Failing(before) && !finding.Failing(after) {
			r.Fatalf("with the role: %swithout it: nothing", told(before))
		}
	})
}
