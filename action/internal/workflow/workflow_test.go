package workflow_test

import (
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/google/go-cmp/cmp"
)

var root = os.DirFS("../../..")

func shipped(p string) ([]byte, error) { return fs.ReadFile(root, p) }

// requestSchema is small, and has one field of each type that expressions treat apart.
const requestSchema = `{"type": "object", "properties": {
	"title": {"type": "string"}, "status": {"type": "string"}, "goal": {"type": "string"}, "team": {"type": "string"}, "reason": {"type": "string"},
	"score": {"type": "integer"}, "weight": {"type": "number"}, "urgent": {"type": "boolean"},
	"tags": {"type": "array", "items": {"type": "string"}},
	"route": {"type": "object", "properties": {"team": {"type": "string"}}},
	"assignees": {"type": "array", "items": {"type": "object", "properties": {"person": {"type": "string"}}}}}}`

const teamSchema = `{"type": "object", "properties": {"departments": {"type": "array", "items": {"$ref": "#/$defs/entry"}}},
	"$defs": {"entry": {"type": "object", "properties": {"department": {"type": "string"}, "from": {"type": "string"}, "to": {"type": "string"}}}}}`

const personSchema = `{"type": "object", "properties": {"github": {"type": "string"}, "github_id": {"type": "integer"},
	"roles": {"type": "array", "items": {"type": "object", "properties": {"role": {"type": "string"}, "from": {"type": "string"}, "to": {"type": "string"}}}}}}`

var files = map[string]string{
	"request.json": requestSchema, "team.json": teamSchema, "person.json": personSchema,
	"not.json": "hello", "outside.json": `{"$ref": "file:///etc/passwd"}`, "relative.json": `{"$ref": "request.json"}`,
	"wrong.json": `{"type": "sting"}`, "pattern.json": `{"pattern": "("}`, "loop.json": `{"$ref": "#"}`,
	"deep.json": `{"type": "object", "properties": {"child": {"$ref": "#"}, "twin": {"$ref": "#"}, "list": {"$ref": "#/$defs/list"}}, "$defs": {"list": {"type": "array", "items": {"$ref": "#/$defs/list"}}}}`,
	"huge.json": `{"type": "object", "properties": {"a": {"type": "integer", "minimum": 1e20000000}}}`,
}

func open(p string) ([]byte, error) {
	if s, ok := files[p]; ok {
		return []byte(s), nil
	}
	return nil, &fs.PathError{Op: "open", Path: p, Err: fs.ErrNotExist}
}

// compiled is one cache for all tests: most of what a definition costs is
// the schema that it is validated by, which is one.
var compiled = workflow.NewCache()

func read(t testing.TB, src string) (*workflow.Definition, []finding.Finding) {
	t.Helper()
	def, fs, err := compiled.Read("liaison.yaml", []byte(src), open)
	if err != nil {
		t.Fatal(err)
	}
	return def, fs
}

func must(t testing.TB, src string) *workflow.Definition {
	t.Helper()
	def, fs := read(t, src)
	if def == nil || len(fs) > 0 {
		t.Fatalf("findings: %v", fs)
	}
	return def
}

func TestTheShippedDefinitionHasNoFindings(t *testing.T) {
	src, err := shipped(workflow.Path)
	if err != nil {
		t.Fatal(err)
	}
	def, findings, err := workflow.Read(workflow.Path, src, shipped)
	if def == nil || len(findings) > 0 || err != nil {
		t.Fatalf("findings %v, error %v", findings, err)
	}
	if def.Desk != "Community Relations" || def.Fiscal.First != time.July || len(def.Kinds) != 5 || len(def.Targets) != 2 {
		t.Errorf("read as %+v", def)
	}
	if first := def.TargetsOf("request")[0]; first.Name != "first-response" || first.Goal != 1 || first.Responder != "liaison" || len(first.Pause) != 2 {
		t.Errorf("the first target is %+v", first)
	}
	if second := def.TargetsOf("request")[1]; len(second.Pause) != 0 || second.Cases[0].Within.Months != 3 || second.Cases[0].Warn[2] != 0.9 {
		t.Errorf("the second target is %+v", second)
	}
}

func TestWhatTargetsReadOfARecordIsKnown(t *testing.T) {
	src, err := shipped(workflow.Path)
	if err != nil {
		t.Fatal(err)
	}
	def, _, err := workflow.Read(workflow.Path, src, shipped)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, k := range def.Kinds {
		got[k.Name] = def.TargetFields(k)
	}
	want := map[string][]string{"request": {"goal", "requester", "team"}, "person": nil, "team": nil, "wiki": nil, "plan": nil}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields that targets read (-want +got):\n%s", diff)
	}
}

func TestTenLinesAreADefinition(t *testing.T) {
	def := must(t, `desk: Translations
kinds:
  job:
    files: jobs/**/*.yaml
    status: state
targets:
  quick: {of: job, start: filed, stop: moved(done), within: 2 weeks}
roles:
  owner: "actor == record.owner"
`)
	job := def.Kind("job")
	if job.Initial() != "" || def.Zone() != time.UTC || def.Fiscal.First != time.January || def.People != nil {
		t.Errorf("read as %+v", def)
	}
	if s, ok := job.State("anything"); !ok || s.Final {
		t.Error("without states, any word is a state")
	}
	if got := def.KindOf("jobs/a/b/c.yaml"); got != job {
		t.Errorf("KindOf = %v", got)
	}
	if len(must(t, "desk: d\nkinds: {k: {files: a.yaml}}\n").Kinds) != 1 {
		t.Error("two keys are enough")
	}
}

// base is a definition without findings; each test below breaks one line of it.
const base = `desk: Test
timezone: Europe/Berlin
fiscal_year_starts: july
bot: "bot[bot]#100"
administrators: ["admin#1"]
people: {kind: person, account: github, id: github_id}
kinds:
  request:
    files: requests/*/*.yaml
    schema: request.json
    status: status
    assignees: "assignees[].person"
    states:
      new: {initial: true}
      waiting: {paused: true}
      done: {final: true}
    moves:
      - {from: new, to: [waiting, done], event: merged, by: liaison}
      - {from: waiting, to: new, by: [liaison, filer], needs: [reason]}
      - {from: open, to: done, when: "record.goal == 'x'"}
    owners:
      goal: liaison
  person:
    files: people/*.yaml
    schema: person.json
  team:
    files: teams/*.yaml
    schema: team.json
roles:
  liaison: "person.roles.exists(r, r.role == 'liaison' && holds(r, at))"
  filer: "actor == record.filer"
  helper: "record.tags.exists(t, t == actor)"
targets:
  answer:
    of: request
    where: "lookup('team', record.team).department == 'product'"
    start: filed
    stop: moved(done)
    responder: liaison
    within: 7 days
    pause: [waiting]
`

func TestTheBaseHasNoFindings(t *testing.T) { must(t, base) }

func TestADefinitionIsReadStrictly(t *testing.T) {
	const where = `where: "lookup('team', record.team).department == 'product'"`
	tests := []struct{ name, old, new, want, fix string }{
		{"an unknown key", "timezone: Europe/Berlin", "colour: red",
			"2:1: error: `colour` is not a key here; expected one of administrators, bot, branch, calendars, desk, fiscal_year_starts, kinds, people, roles, targets, timezone, witness [unknown-key]", ""},
		{"a misspelt key", "    status: status", "    statos: status", "11:5: error: `statos` is not a key here; expected one of assignees, commands, files, groups, moves, owners, requester, schema, states, status [unknown-key]", "did you mean `states`?"},
		{"a missing key", "desk: Test", "branch: main", "1:1: error: `desk` is missing; expected text like `Community Relations` [missing-key]", "add a line such as `desk: Community Relations`: The name of the desk, for people."},
		{"a zone that is none", "Europe/Berlin", "Europe/Bonn", `2:11: error: "Europe/Bonn" is not a time zone; expected a name such as Europe/Berlin, or UTC [timezone]`, ""},
		{"the machine's own zone", "Europe/Berlin", "Local", `2:11: error: "Local" is not a time zone; expected a name such as Europe/Berlin, or UTC [timezone]`, ""},
		{"a month that is none", "july", "juli", "3:21: error: `fiscal_year_starts` is \"juli\"; expected one of january, february, march, april, may, june, july, august, september, october, november, december [unknown-value]", "did you mean `july`?"},
		{"an account without its id", `"bot[bot]#100"`, `"bot"`, "4:6: error: `bot` is \"bot\"; expected text like `example-liaison[bot]#100` [value-form]", ""},
		{"an id that overflows", `"admin#1"`, `"admin#99999999999999999999"`, `5:18: error: "admin#99999999999999999999" is not an account: expected login#numeric-id, such as example-admin#1 [account]`, ""},
		{"people of no kind", "kind: person", "kind: persons", "6:16: error: there is no kind `persons`; expected one of request, person, team [unknown-kind]", "did you mean `person`?"},
		{"people without that field", "id: github_id", "id: githubid", "6:45: error: a person has no field `githubid`; expected one of github, github_id, roles [unknown-field]", "did you mean `github_id`?"},
		{"files from the root of the machine", "requests/*/*.yaml", "../*.yaml", `9:12: error: "../*.yaml" is not a pattern of files; expected a path from the repository's root, such as requests/*/*.yaml [files]`, ""},
		{"a schema that is not there", "request.json", "absent.json", "10:13: error: there is no file absent.json; expected the path of a JSON Schema (2020-12), from the repository's root [schema]", ""},
		{"a status field that records do not have", "    status: status", "    status: state", "11:13: error: a request has no field `state`; expected one of assignees, goal, reason, route, score, status, tags, team, title, urgent, weight [unknown-field]", ""},
		{"states without a status field", "    status: status\n", "", "9:5: error: states or moves without a `status` field; expected a line `status: …` with the field that shows the state [status]", ""},
		{"assignees in a field that records do not have", "assignees[].person", "asignees[].person", "12:16: error: a request has no field `asignees`; expected one of assignees, goal, reason, route, score, status, tags, team, title, urgent, weight [unknown-field]", "did you mean `assignees`?"},
		{"no initial state", "{initial: true}", "{initial: false}", "14:7: error: no state is marked `initial: true`; expected one at least, where there are moves [initial-state]", ""},
		{"a state that no move reaches", "      done: {final: true}", "      done: {final: true}\n      lost: {}", "17:7: error: no move reaches the state `lost`; expected a move with it under `to` [unreachable-state]", "add the move, or delete the state"},
		{"a move into no state", "[waiting, done]", "[waiting, dome]", "18:35: error: there is no state `dome`; expected one of new, waiting, done [unknown-state]", "did you mean `done`?"},
		{"a move out of no state", "from: waiting", "from: wating", "19:16: error: there is no state `wating`; expected one of new, waiting, done [unknown-state]", "did you mean `waiting`?"},
		{"a move on no event", "event: merged", "event: merge", "18:49: error: `kinds.request.moves.event` is \"merge\"; expected one of merged, changes-requested, pushed, commented, closed, reopened, approved [unknown-value]", "did you mean `merged`?"},
		{"a move by nobody", "[liaison, filer]", "[liaison, filler]", "19:48: error: there is no role `filler`; expected one of filer, helper, liaison [unknown-role]", "did you mean `filer`?"},
		{"a move that needs no field", "[reason]", "[raison]", "19:64: error: a request has no field `raison`; expected one of assignees, goal, reason, route, score, status, tags, team, title, urgent, weight [unknown-field]", "did you mean `reason`?"},
		{"a move by itself into two states", "to: done, when", "to: [done, new], when", "20:9: error: a move that fires by itself into several states; expected one state under `to`, or a `by` [move]", ""},
		{"an owner of no field", "      goal: liaison", "      gaol: liaison", "22:13: error: a request has no field `gaol`; expected one of assignees, goal, reason, route, score, status, tags, team, title, urgent, weight [unknown-field]", "did you mean `goal`?"},
		{"an owner of no role", "      goal: liaison", "      goal: [liaison, laison]", "22:23: error: there is no role `laison`; expected one of filer, helper, liaison [unknown-role]", "did you mean `liaison`?"},
		{"a command into no state", "      goal: liaison", "      goal: liaison\n    commands: {go: doen}", "23:20: error: there is no state `doen`; expected one of new, waiting, done [unknown-state]", "did you mean `done`?"},
		{"a role that cannot be asked of the kind", "    schema: person.json", "    schema: person.json\n    owners: {roles: helper}", "26:21: error: the role `helper` speaks of fields that a person does not have; expected a role that can be asked of a person [role-kind]", ""},
		{"a responder of no role", "responder: liaison", "responder: laison", "39:16: error: there is no role `laison`; expected one of filer, helper, liaison [unknown-role]", "did you mean `liaison`?"},
		{"a target of no kind", "    of: request", "    of: requests", "35:9: error: there is no kind `requests`; expected one of request, person, team [unknown-kind]", "did you mean `request`?"},
		{"a bare d", "within: 7 days", "within: 7d", `40:13: error: "7d" means 8 hours to one desk and 24 to the next; expected a number and a word: ` + "`36 hours`, `7 days`, `2 weeks`, `3 months`, `8 business hours` or `5 business days` [duration]", ""},
		{"a start that is no event", "start: filed", "start: opened", `37:12: error: "opened" is not an event; expected filed, responded, replied, assigned, edited, renamed, removed or moved(state|state) [trigger]`, ""},
		{"a stop that is not closed", "moved(done)", "moved(done", `38:11: error: "moved(done" is not an event; expected filed, responded, replied, assigned, edited, renamed, removed or moved(state|state) [trigger]`, ""},
		{"a stop in no state", "moved(done)", "moved(done|dome)", "38:11: error: there is no state `dome`; expected one of new, waiting, done [unknown-state]", "did you mean `done`?"},
		{"a stop that never comes", "    of: request\n    " + where, "    of: person", "37:11: error: a person never moves; expected a line `status: …` under the kind `person`, or another event [trigger]", ""},
		{"a pause in no state", "pause: [waiting]", "pause: [new, waitin]", "41:18: error: there is no state `waitin`; expected one of new, waiting, done [unknown-state]", "did you mean `waiting`?"},
		{"a calendar that is none", "within: 7 days", "within: 7 days\n    calendar: office", "41:15: error: there is no calendar `office`; expected always [calendar]", ""},
		{"an expression that breaks off", where, `where: "record.goal =="`, "36:27: error: this expression does not compile: it ends too early; expected a CEL expression that is true or false [expression]", ""},
		{"an expression with a sign of no meaning", where, `where: "record.goal # 'x'"`, "36:25: error: this expression does not compile: `#` means nothing here; expected a CEL expression that is true or false [expression]", ""},
		{"an expression about no field", where, `where: "record.goall == 'x'"`, "36:19: error: this expression does not compile: there is no field `goall`; did you mean `goal`?; expected a CEL expression that is true or false [expression]", ""},
		{"an expression about nothing", where, `where: recrod.goal == 'x'`, "36:12: error: this expression does not compile: nothing is called `recrod` here; did you mean `record`?; expected a CEL expression that is true or false [expression]", ""},
		{"an expression that compares text with a number", where, `where: "record.goal == 5"`, "36:25: error: this expression does not compile: `==` does not work on text and a whole number; expected a CEL expression that is true or false [expression]", ""},
		{"an expression that is not yes or no", where, `where: "record.goal"`, "36:13: error: this expression does not compile: it gives text, not true or false; expected a CEL expression that is true or false [expression]", ""},
		{"an expression with an unknown function", where, `where: "hold(record, at)"`, "36:17: error: this expression does not compile: nothing is called `hold` here; did you mean `holds`?; expected a CEL expression that is true or false [expression]", ""},
		{"a lookup of no kind", where, `where: "lookup('teem', record.team).department == 'x'"`, "36:20: error: this expression does not compile: lookup() wants the name of a kind in quotes, such as lookup('request', …); expected a CEL expression that is true or false [expression]", ""},
		{"a lookup of a kind that is computed", where, `where: "lookup(record.team, 'x').department == 'x'"`, "36:26: error: this expression does not compile: lookup() wants the name of a kind in quotes, such as lookup('request', …); expected a CEL expression that is true or false [expression]", ""},
		{"a role that compiles for no kind", `"actor == record.filer"`, `"actor == record.filler"`, "31:26: error: this expression does not compile: there is no field `filler`; did you mean `filer`?; expected a CEL expression that is true or false [expression]", ""},
		{"a group of no field", "    owners:\n      goal: liaison", "    owners:\n      goal: liaison\n    groups: {goal: record.goall}", "23:26: error: this expression does not compile: there is no field `goall`; did you mean `goal`?; expected a CEL expression that is a text or a list of texts [expression]", ""},
		{"a group of numbers", "    owners:\n      goal: liaison", "    owners:\n      goal: liaison\n    groups: {score: record.score}", "23:21: error: this expression does not compile: it gives a whole number, not a text or a list of texts; expected a CEL expression that is a text or a list of texts [expression]", ""},
		{"a guard that does not compile", "record.goal == 'x'", "record.gaol == 'x'", "20:45: error: this expression does not compile: there is no field `gaol`; did you mean `goal`?; expected a CEL expression that is true or false [expression]", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if strings.Count(base, tt.old) == 0 {
				t.Fatalf("%q is not in the base", tt.old)
			}
			def, fs := read(t, strings.Replace(base, tt.old, tt.new, 1))
			if def != nil || len(fs) != 1 {
				t.Fatalf("want one finding, have %d: %v", len(fs), fs)
			}
			if got := strings.TrimPrefix(fs[0].String(), "liaison.yaml:"); got != tt.want {
				t.Errorf("\ngot  %s\nwant %s", got, tt.want)
			}
			if fs[0].Fix != tt.fix {
				t.Errorf("\nfix  %s\nwant %s", fs[0].Fix, tt.fix)
			}
		})
	}
}

func TestASchemaStandsAlone(t *testing.T) {
	tests := []struct{ name, file, want string }{
		{"one that is not JSON", "not.json", "schema not.json"},
		{"one that refers to a file of the machine", "outside.json", "it refers to file:///etc/passwd: expected a schema that stands alone"},
		{"one that refers to its neighbour", "relative.json", "it refers to liaison:///request.json: expected a schema that stands alone"},
		{"one with a type that is none", "wrong.json", "schema wrong.json"},
		{"one with a pattern that is none", "pattern.json", "schema pattern.json"},
		{"one that is only itself", "loop.json", "schema loop.json"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, fs := read(t, strings.Replace(base, "team.json", tt.file, 1))
			if len(fs) == 0 || fs[0].Rule != "schema" || fs[0].Line != 28 || fs[0].Column != 13 {
				t.Fatalf("findings: %v", fs)
			}
			if !strings.Contains(fs[0].Found, tt.want) {
				t.Errorf("found %q, want %q", fs[0].Found, tt.want)
			}
			if strings.Contains(fmt.Sprint(fs), "root:") {
				t.Errorf("the file was read: %v", fs)
			}
		})
	}
}

func TestASchemaMayContainItself(t *testing.T) {
	def := must(t, "desk: d\nkinds: {k: {files: a, schema: deep.json}}\nroles: {r: \"record.child.child.child.list.size() == 0\"}\n")
	deep := map[string]any{"child": map[string]any{"child": map[string]any{"child": map[string]any{}}}}
	if yes, err := def.Role("r", "k").Eval(workflow.Vars{Record: deep}); !yes || err != nil {
		t.Errorf("%v, %v", yes, err)
	}
}

// Whoever writes the number out, of twenty million digits, needs 8 MB for it alone.
func TestASchemaWithAHugeNumberDoesNotBreakTheProgram(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, fs := read(t, "desk: d\nkinds: {k: {files: a, schema: huge.json}}\n")
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 8_000_000 {
		t.Errorf("%d bytes were used: %v", used, fs)
	}
}

func TestTheFindingsComeInTheOrderOfTheFile(t *testing.T) {
	src := strings.NewReplacer("Europe/Berlin", "Europe/Bonn", "[waiting, done]", "[wating, dome]", "7 days", "7d", "record.filer", "record.filler").Replace(base)
	_, want, _ := workflow.Read("liaison.yaml", []byte(src), open)
	if len(want) != 6 {
		t.Errorf("want six findings, have %v", want)
	}
	for range 20 {
		_, got, _ := workflow.Read("liaison.yaml", []byte(src), open)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestSyntaxIsReadFirst(t *testing.T) {
	for _, src := range []string{"", "desk: [", "- a", "desk: &a x"} {
		if def, fs := read(t, src); def != nil || len(fs) != 1 {
			t.Errorf("%q: %v, %v", src, def, fs)
		}
	}
}

func FuzzReadNeverPanics(f *testing.F) {
	f.Add([]byte(base))
	f.Add([]byte(office))
	f.Add([]byte("desk: d\nkinds: {k: {files: a, schema: deep.json}}\nroles: {r: \"record.child\"}\n"))
	if src, err := shipped(workflow.Path); err == nil {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		def, fs, err := workflow.Read("liaison.yaml", src, open)
		if err != nil || (def == nil) != finding.Failing(fs) {
			t.Fatalf("%q: %v, %v, %v", src, def, fs, err)
		}
	})
}
