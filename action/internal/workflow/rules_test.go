package workflow_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/google/go-cmp/cmp"
)

func describe(ms []*workflow.Move) []string {
	var out []string
	for _, m := range ms {
		out = append(out, fmt.Sprintf("%s > %s %s by %s needs %s", strings.Join(m.From, ","), strings.Join(m.To, ","), strings.Join(m.Events, ","), strings.Join(m.By, ","), strings.Join(m.Needs, ",")))
	}
	return out
}

func TestWhichMovesAreAllowed(t *testing.T) {
	k := must(t, base).Kind("request")
	const (
		merged = "new > waiting,done merged by liaison needs "
		back   = "waiting > new  by liaison,filer needs reason"
		auto   = "new,waiting > done  by  needs "
	)
	tests := []struct {
		name string
		got  []*workflow.Move
		want []string
	}{
		{"a landed move back", k.LandedMoves("waiting", "new"), []string{back}},
		{"open stands for every state that is not final", k.LandedMoves("waiting", "done"), []string{auto}},
		{"nothing lands out of a final state", k.LandedMoves("done", "new"), nil},
		{"what an event does is no landed move", k.LandedMoves("new", "waiting"), nil},
		{"an event moves", k.EventMoves("merged", "new"), []string{merged}},
		{"only out of its state", k.EventMoves("merged", "waiting"), nil},
		{"another event does not", k.EventMoves("closed", "new"), nil},
		{"a guard alone moves by itself", k.AutomaticMoves("waiting"), []string{auto}},
		{"not out of a final state", k.AutomaticMoves("done"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, describe(tt.got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatAMoveDoesToTheCycle(t *testing.T) {
	src, err := shipped(workflow.Path)
	if err != nil {
		t.Fatal(err)
	}
	def, _, _ := workflow.Read(workflow.Path, src, shipped)
	k := def.Kind("request")
	tests := []struct {
		name, from, to string
		want           workflow.Turn
	}{
		{"going on stays", "submitted", "accepted", workflow.Stays},
		{"ending stays", "accepted", "done", workflow.Stays},
		{"back from a wait stays", "needs-info", "submitted", workflow.Stays},
		{"back to the beginning voids", "accepted", "submitted", workflow.Voids},
		{"back from the end reopens", "done", "submitted", workflow.Reopens},
		{"back from the end into the middle reopens", "declined", "accepted", workflow.Reopens},
		{"from one end to another stays", "done", "duplicate", workflow.Stays},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := k.TurnOf(tt.from, tt.to); got != tt.want {
				t.Errorf("TurnOf(%s, %s) = %v, want %v", tt.from, tt.to, got, tt.want)
			}
		})
	}
}

func TestStates(t *testing.T) {
	k := must(t, base).Kind("request")
	if got := k.Initial(); got != "new" {
		t.Errorf("Initial = %q", got)
	}
	if s, ok := k.State("waiting"); !ok || !s.Paused || s.Final || s.Initial {
		t.Errorf("waiting is %+v, %v", s, ok)
	}
	if s, ok := k.State("lost"); ok {
		t.Errorf("lost is %+v", s)
	}
}

func TestAPatternOfFiles(t *testing.T) {
	tests := []struct {
		pattern, path string
		want          bool
	}{
		{"requests/*/*.yaml", "requests/2026/a.yaml", true},
		{"requests/*/*.yaml", "requests/a.yaml", false},
		{"requests/*/*.yaml", "requests/2026/x/a.yaml", false},
		{"requests/*/*.yaml", "requests/2026/a.yml", false},
		{"requests/*/*.yaml", "Requests/2026/a.yaml", false},
		{"requests/**/*.yaml", "requests/a.yaml", true},
		{"requests/**/*.yaml", "requests/1/2/3/a.yaml", true},
		{"requests/**/*.yaml", "other/a.yaml", false},
		{"**/*.yaml", "a.yaml", true},
		{"**/*.yaml", "a/b.yaml", true},
		{"a/**", "a/b/c", true},
		{"a/**", "b", false},
		{"a/**/b/**/c", "a/b/c", true},
		{"a/**/b/**/c", "a/x/b/b/y/c", true},
		{"a/**/b/**/c", "a/x/c", false},
		{"a/**/b", "a/b/b/x", false},
		{"**/a/b", "a/a/a/b", true},
		{"one.yaml", "one.yaml", true},
		{"one.yaml", "", false},
		{"[ab]/?.yaml", "a/x.yaml", true},
	}
	for _, tt := range tests {
		if got := workflow.Glob(tt.pattern).Match(tt.path); got != tt.want {
			t.Errorf("%s matches %q: %v, want %v", tt.pattern, tt.path, got, tt.want)
		}
	}
}

// Whoever tries every way to share the folders out among the stars does not end.
func TestAPatternWithManyStarsIsMatched(t *testing.T) {
	for path, want := range map[string]bool{"b": false, "x/a/b": true, "c/b": false} {
		if got := workflow.Glob(strings.Repeat("**/a/", 12) + "**/x/**/b").Match(strings.Repeat("a/", 2000) + path); got != want {
			t.Errorf("%s after 2000 folders: %v, want %v", path, got, want)
		}
	}
}

func TestTheFolderOfAPattern(t *testing.T) {
	for pattern, want := range map[string]string{"requests/*/*.yaml": "requests", "a/b/**": "a/b", "*.yaml": "", "a/b.yaml": "a", "a/?/b.yaml": "a", "a/x[12]/*": "a", "a.yaml": ""} {
		if got := workflow.Glob(pattern).Base(); got != want {
			t.Errorf("%s is in %q, want %q", pattern, got, want)
		}
	}
}

func TestWhatIsNoPatternIsRefused(t *testing.T) {
	for _, s := range []string{"", "/a/*.yaml", "../a", "a//b", "./a", "a/", "a/[b"} {
		if g, err := workflow.ParseGlob(s); err == nil {
			t.Errorf("ParseGlob(%q) = %q", s, g)
		}
	}
}

func TestSelectingTexts(t *testing.T) {
	entry := func(k string, v any) map[string]any { return map[string]any{k: v} }
	values := map[string]any{
		"title": "T", "assignees": []any{entry("person", "a"), entry("person", int64(5)), "x", entry("person", "b")},
		"tags": []any{"x", "", "y"}, "route": entry("team", "t"), "n": int64(1),
	}
	tests := []struct {
		name, path string
		want       []string
	}{
		{"a field", "title", []string{"T"}},
		{"a field of every entry, texts only", "assignees[].person", []string{"a", "b"}},
		{"every entry", "tags[]", []string{"x", "y"}},
		{"a field of a mapping", "route.team", []string{"t"}},
		{"a number is no text", "n", nil},
		{"nothing is there", "absent[].person", nil},
		{"a list is no mapping", "assignees.person", nil},
		{"a word is no list", "title[]", nil},
		{"no path", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, workflow.Select(values, tt.path)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestWhenAnEntryHolds(t *testing.T) {
	berlin := must(t, base).Zone()
	tests := []struct {
		name     string
		from, to any
		at       string
		want     bool
	}{
		{"without dates always", nil, nil, "2026-07-01T00:00:00Z", true},
		{"from the first instant of the first day, in the desk's zone", "2026-07-01", nil, "2026-06-30T22:00:00Z", true},
		{"not an instant earlier", "2026-07-01", nil, "2026-06-30T21:59:59Z", false},
		{"to the last instant of the last day", nil, "2026-07-01", "2026-07-01T21:59:59Z", true},
		{"not an instant later", nil, "2026-07-01", "2026-07-01T22:00:00Z", false},
		{"one day long", "2026-07-01", "2026-07-01", "2026-07-01T12:00:00Z", true},
		{"never, when the end is before the beginning", "2026-07-02", "2026-07-01", "2026-07-01T12:00:00Z", false},
		{"the last day is long when summer time ends", nil, "2026-10-25", "2026-10-25T22:59:59Z", true},
		{"never, when the first day cannot be read", "soon", nil, "2026-07-01T12:00:00Z", false},
		{"never, when the last day cannot be read", nil, "2026-02-30", "2026-01-01T12:00:00Z", false},
		{"never, when a date is a number", int64(2026), nil, "2026-07-01T12:00:00Z", false},
		{"never, when a date is blank", "", nil, "2026-07-01T12:00:00Z", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := workflow.Holds(map[string]any{"from": tt.from, "to": tt.to}, at(t, tt.at), berlin); got != tt.want {
				t.Errorf("Holds = %v", got)
			}
		})
	}
}

func departments(list ...any) map[string]any { return map[string]any{"departments": list} }

func department(name, from, to string) map[string]any {
	e := map[string]any{"department": name, "from": from}
	if to != "" {
		e["to"] = to
	}
	return e
}

func TestDatedFieldsReadAsTheyWereThen(t *testing.T) {
	moved := departments(department("product", "2020-01-01", "2026-06-30"), department("community", "2026-07-01", ""))
	noon := at(t, "2026-07-15T12:00:00Z")
	if got := workflow.Dated(moved, noon, time.UTC)["department"]; got != "community" {
		t.Errorf("in July it is %v", got)
	}
	if got := workflow.Dated(moved, noon.AddDate(0, -1, 0), time.UTC)["department"]; got != "product" {
		t.Errorf("in June it was %v", got)
	}
	if got, ok := workflow.Dated(moved, noon.AddDate(-10, 0, 0), time.UTC)["department"]; ok {
		t.Errorf("before all entries it was %v", got)
	}
	if _, changed := moved["department"]; changed {
		t.Error("the values were changed")
	}
	own := departments(department("product", "2020-01-01", ""))
	own["department"] = "own"
	if got := workflow.Dated(own, noon, time.UTC)["department"]; got != "own" {
		t.Errorf("a field of that name gave way to %v", got)
	}
	if got := workflow.Dated(nil, noon, time.UTC); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// ask compiles an expression as a role and asks it.
func ask(t testing.TB, text string, v workflow.Vars) (bool, error) {
	t.Helper()
	def := must(t, strings.Replace(base, `"record.tags.exists(t, t == actor)"`, fmt.Sprintf("%q", text), 1))
	expr := def.Role("helper", "request")
	if expr == nil {
		t.Fatalf("%s does not fit a request", text)
	}
	return expr.Eval(v)
}

func TestAskingAnExpression(t *testing.T) {
	full := map[string]any{
		"goal": "none", "score": int64(3), "weight": int64(2), "urgent": true, "tags": []any{"x"}, "team": "editing", "filer": "lia",
		"route": map[string]any{"team": "r"}, "assignees": []any{map[string]any{"person": "lia"}},
	}
	teams := func(kind, id string) (map[string]any, bool) {
		values, ok := map[string]map[string]any{
			"editing": departments(department("product", "2020-01-01", "2026-12-31")), "blank": {}, "timeless": departments(map[string]any{"department": "product"}),
		}[id]
		return values, ok && kind == "team"
	}
	tests := []struct {
		name, text string
		record     map[string]any
		want       string
	}{
		{"a field", "record.goal == 'none'", full, "true"},
		{"an absent text reads as the empty one", "record.goal == ''", nil, "true"},
		{"an absent list reads as the empty one", "size(record.assignees) == 0 && !record.tags.exists(t, true)", nil, "true"},
		{"an absent mapping has empty fields", "record.route.team == ''", nil, "true"},
		{"has() tells that a text is absent", "has(record.goal)", nil, "false"},
		{"has() tells that a list is absent", "has(record.assignees)", nil, "false"},
		{"has() tells that a text is there", "has(record.goal)", full, "true"},
		{"has() tells through a mapping", "has(record.route.team)", full, "true"},
		{"a null is absent", "has(record.goal)", map[string]any{"goal": nil}, "false"},
		{"an absent number is not known", "record.score > 1", nil, "error: `score` is absent"},
		{"an absent yes or no is not known", "record.urgent", nil, "error: `urgent` is absent"},
		{"a number", "record.score == 3", full, "true"},
		{"a whole number where the schema has fractions", "record.weight == 2.0", full, "true"},
		{"an entry", "record.assignees.exists(a, a.person == actor)", full, "true"},
		{"the first of no entries is an error", "record.assignees[0].person == 'x'", nil, "error: "},
		{"the filer", "record.filer == actor", full, "true"},
		{"the time", "at > timestamp('2026-01-01T00:00:00Z')", full, "true"},
		{"another record", "lookup('team', record.team).department == 'product'", full, "true"},
		{"an entry without dates", "lookup('team', 'timeless').department == 'product'", full, "true"},
		{"another record without entries", "lookup('team', 'blank').department == ''", full, "true"},
		{"another record that is not there", "lookup('team', 'gone').department == ''", full, "error: there is no team `gone`"},
		{"no person", "person.roles.exists(r, r.role == 'liaison')", full, "false"},
		{"division by nothing", "1 / (record.score - 3) == 1", full, "error: "},
		{"a value of another type than the schema says", "record.goal == 'x'", map[string]any{"goal": []any{}}, "false"},
		{"a mapping where text should be", "record.route.team == 'x'", map[string]any{"route": "text"}, "error: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			yes, err := ask(t, tt.text, workflow.Vars{Actor: "lia", Record: tt.record, At: at(t, "2026-07-15T12:00:00Z"), Lookup: teams})
			got := fmt.Sprint(yes)
			if err != nil {
				got = "error: " + err.Error()
			}
			if errWant, wantErr := strings.CutPrefix(tt.want, "error: "); wantErr != (err != nil) || !strings.Contains(got, errWant) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if err != nil && yes {
				t.Error("an error is not yes")
			}
		})
	}
}

func TestAnAnswerStaysBetweenTheTurnsOfAPerson(t *testing.T) {
	tests := []struct {
		name, text string
		want       bool
	}{
		{"an entry of the person's that holds", "person.roles.exists(r, r.role == 'liaison' && holds(r, at))", true},
		{"who acts", "actor == 'lia' || actor in ['noor', 'mara']", true},
		{"what the person has", "has(person.roles) && person.roles.size() > 1", true},
		{"the record", "record.filer == actor", false},
		{"another record", "lookup('team', 'editing').department == 'product'", false},
		{"the time itself", "at > timestamp('2026-01-01T00:00:00Z')", false},
		{"the time in an entry's place", "holds(at, at)", false},
		{"an entry of the expression's own", "holds({'from': '2026-01-01'}, at)", false},
		{"another time than the one that is asked about", "person.roles.exists(r, holds(r, at + duration('24h')))", false},
		{"an entry beside the time itself", "person.roles.exists(r, holds(r, at)) && at.getFullYear() > 2000", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			def := must(t, strings.Replace(base, `"record.tags.exists(t, t == actor)"`, fmt.Sprintf("%q", tt.text), 1))
			if got := def.Role("helper", "request").Steady(); got != tt.want {
				t.Errorf("%s: Steady = %v, want %v", tt.text, got, tt.want)
			}
		})
	}
}

func TestTheGroupsOfARecord(t *testing.T) {
	def := must(t, strings.Replace(base, "    owners:\n", "    groups:\n      goal: record.goal\n      tags: record.tags\n      department: lookup('team', record.team).department\n      lead: \"record.assignees.map(a, a.person)\"\n    owners:\n", 1))
	lookup := func(_, id string) (map[string]any, bool) {
		return map[string]any{"department": "product"}, id == "editing"
	}
	tests := []struct {
		name   string
		record map[string]any
		want   map[string][]string // a group that is not in it has no answer
	}{
		{"one text, several, and what a team says", map[string]any{"goal": "x", "tags": []any{"b", "a"}, "team": "editing"},
			map[string][]string{"goal": {"x"}, "tags": {"b", "a"}, "department": {"product"}, "lead": nil}},
		{"what is absent or empty gives nothing", map[string]any{"tags": []any{""}, "team": "editing"},
			map[string][]string{"goal": nil, "tags": nil, "department": {"product"}, "lead": nil}},
		{"a team that there is not has no answer", map[string]any{"goal": "x", "team": "none"}, map[string][]string{"goal": {"x"}, "tags": nil, "lead": nil}},
		{"what is no text has no answer", map[string]any{"goal": 7, "tags": []any{"a", 7}, "team": "editing", "assignees": []any{map[string]any{"person": "p"}}},
			map[string][]string{"department": {"product"}, "lead": {"p"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := map[string][]string{}
			for _, g := range def.Kind("request").Groups {
				if values, err := g.Values(workflow.Vars{Record: tt.record, Lookup: lookup}); err == nil {
					got[g.Name] = values
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestADatedFieldOutsideItsDatesIsNotKnown(t *testing.T) {
	past := func(string, string) (map[string]any, bool) {
		return departments(department("product", "2020-01-01", "2020-12-31")), true
	}
	yes, err := ask(t, "lookup('team', 'x').department == ''", workflow.Vars{At: at(t, "2026-07-15T12:00:00Z"), Lookup: past})
	if yes || err == nil || !strings.Contains(err.Error(), "no entry of `departments` holds at that time") {
		t.Errorf("%v, %v", yes, err)
	}
}

func TestWithoutALookupThereIsNothingToFind(t *testing.T) {
	if yes, err := ask(t, "lookup('team', 'x').department == ''", workflow.Vars{}); yes || err == nil {
		t.Errorf("%v, %v", yes, err)
	}
}

func TestAMonsterIsStopped(t *testing.T) {
	var tags []any
	for i := range 2000 {
		tags = append(tags, fmt.Sprint(i))
	}
	yes, err := ask(t, "record.tags.all(a, record.tags.all(b, record.tags.all(c, a != b + c)))", workflow.Vars{Record: map[string]any{"tags": tags}})
	if yes || err == nil || !strings.Contains(err.Error(), "cost limit exceeded") {
		t.Errorf("%v, %v: want an error that says that it costs too much", yes, err)
	}
}

func TestARoleThatFitsSomeKindsIsHeldOnlyThere(t *testing.T) {
	def := must(t, base)
	if def.Role("helper", "request") == nil || def.Role("helper", "person") != nil || def.Role("filer", "person") == nil {
		t.Error("helper speaks of a request's tags, filer of what every record has")
	}
	if def.Role("absent", "request") != nil || def.Role("filer", "absent") != nil {
		t.Error("a role or a kind that does not exist has an expression")
	}
}

func TestWithoutPeopleExpressionsHaveNoPerson(t *testing.T) {
	_, fs := read(t, "desk: d\nkinds: {k: {files: a}}\nroles: {r: \"person.roles == []\"}\n")
	if len(fs) != 1 || fs[0].Line != 3 || fs[0].Column != 13 || !strings.Contains(fs[0].Found, "nothing is called `person` here") {
		t.Errorf("findings: %v", fs)
	}
}

func TestATriggerMatchesItsEvents(t *testing.T) {
	target := must(t, strings.Replace(base, "moved(done)", "moved(done | waiting)", 1)).Targets[0]
	stop := target.Stop
	if !stop.Matches("moved", "done") || !stop.Matches("moved", "waiting") || stop.Matches("moved", "new") || stop.Matches("filed", "done") {
		t.Errorf("%v matches the wrong events", stop)
	}
	if stop.String() != "moved(done|waiting)" || target.Start.String() != "filed" || !target.Start.Matches("filed", "") {
		t.Errorf("read as %v and %v", target.Start, stop)
	}
}

func TestADefinitionRemembersWhatWasPromised(t *testing.T) {
	old := must(t, base)
	now := must(t, strings.NewReplacer("  helper: \"record.tags.exists(t, t == actor)\"\n", "", "  answer:\n", "  reply:\n", "record.filer\"", "record.filer && true\"").Replace(base))
	both := now.Remembering([]*workflow.Definition{old})
	var names []string
	for _, target := range both.TargetsOf("request") {
		names = append(names, target.Name)
	}
	if diff := cmp.Diff([]string{"reply", "answer"}, names); diff != "" {
		t.Errorf("targets (-want +got):\n%s", diff)
	}
	if now.Role("helper", "request") != nil || both.Role("helper", "request") == nil || both.Role("filer", "request") != now.Role("filer", "request") {
		t.Error("expected a role that is gone to be remembered, and one that was changed to be the new one")
	}
	if len(now.Targets) != 1 || now.Remembering(nil) != now {
		t.Error("remembering changed the definition itself")
	}
}
