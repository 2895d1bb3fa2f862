package schema_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/schema"
	"github.com/commrel/liaison/schemas"
	"github.com/google/go-cmp/cmp"
)

func check(t testing.TB, text []byte, src string) []finding.Finding {
	t.Helper()
	s, err := schema.Compile("test.schema.json", text)
	if err != nil {
		t.Fatal(err)
	}
	doc, fs := document.Parse("r.yaml", []byte(src))
	if doc == nil {
		t.Fatal(fs)
	}
	fs, err = s.Validate(doc)
	if err != nil {
		t.Fatal(err)
	}
	return fs
}

const (
	request = "title: T\nteam: t\nsummary: s\nhelp: [other]\nwanted_by: flexible\n"
	person  = "name: Nora\nconsent: {date: 2026-01-01}\nroles: [{role: product-ambassador, from: 2026-01-01}]\n"
	plan    = "title: T\nowner: o\nstatus: idea\n"
	team    = "names: [{name: T}]\ndepartments: [{department: product}]\n"
)

func TestAPersonCanActOnEveryFinding(t *testing.T) {
	const help = "one of planning, announcement, communication-plan, feedback-call, feedback-processing, consultation, message-draft, message-review, channel-watch, meeting, translation, question, introduction, idea, survey, risk-assessment, training, onboarding, visit, other"
	tests := []struct{ name, kind, src, want, fix string }{
		{"a key is missing", "request", strings.Replace(request, "team: t\n", "", 1), "1:1: `team` is missing; expected text like `example-editing`", "add a line such as `team: example-editing`: The team that asks: a file name in roster/teams, without .yaml."},
		{"a key is missing in an entry", "request", request + "assignees: [{duty: lead}]", "6:13: `person` is missing; expected text like `example-lia`", "add a line such as `person: example-lia`: A file name in roster/people, without .yaml."},
		{"a key is misspelt", "request", request + "prioriti: high", "6:1: `prioriti` is not a key here; expected one of alternative, archived, assignees, audience, channels, done_when, duplicate_of, goal, help, links, measured_by, mode, outcome, plan, priority, priority_of, reason, received, requester, risks, route, starts, status, summary, … (30 in all)", "did you mean `priority`?"},
		{"a key with signs of an address", "request", request + "audience: {'a/b %20~': 1}", "6:12: `a/b %20~` is not a key here; expected one of languages, roles, wikis", ""},
		{"a word is misspelt", "request", request + "status: acepted", "6:9: `status` is \"acepted\"; expected one of submitted, needs-info, accepted, resourced, in-progress, stalled, done, declined, withdrawn, duplicate", "did you mean `accepted`?"},
		{"a word in a list is misspelt", "request", strings.Replace(request, "[other]", "[other, plannning]", 1), "4:15: entry 2 of `help` is \"plannning\"; expected " + help, "did you mean `planning`?"},
		{"a list has the same word twice", "request", strings.Replace(request, "[other]", "[other, idea, other]", 1), "4:21: entry 3 of `help` is there already; expected each entry once", "delete one of the two"},
		{"a list is empty", "request", strings.Replace(request, "[other]", "[]", 1), "4:7: `help` is an empty list; expected at least one entry", ""},
		{"a word where a list is wanted", "request", strings.Replace(request, "[other]", "other", 1), "4:7: `help` is \"other\"; expected a list (`- ` lines) with at least one entry, each " + help + ", none twice", "write `help: [other]`"},
		{"a day that does not exist", "request", request + "starts: 2026-02-30", "6:9: `starts` is \"2026-02-30\"; expected a date like `2026-03-14`", ""},
		{"neither a day nor the word", "request", strings.Replace(request, "flexible", "soon", 1), "5:12: `wanted_by` is \"soon\"; expected a date like `2026-03-14`, or flexible", ""},
		{"a word that YAML takes for no", "request", strings.Replace(request, "title: T", "title: no", 1), "1:8: `title` is no, which YAML reads as false; expected text like `Tell communities about the new toolbar`", "quote this value: \"no\""},
		{"a number with a zero in front", "request", request + "tracker: {system: other, id: 012}", "6:30: `tracker.id` is 012, which YAML reads as 10; expected text like `T100001`", "quote this value: \"012\""},
		{"a version number", "request", request + "reason: 1.10", "6:9: `reason` is 1.10, which YAML reads as 1.1; expected text of 1 to 2000 characters", "quote this value: \"1.10\""},
		{"a title over two lines", "request", strings.Replace(request, "title: T", "title: |\n  a\n  b", 1), "1:8: `title` is \"a\\nb\\n\"; expected text on one line", ""},
		{"a title of spaces", "request", strings.Replace(request, "title: T", "title: '  '", 1), "1:8: `title` is \"  \"; expected text that is not blank", ""},
		{"a title of nothing", "request", strings.Replace(request, "title: T", "title: ''", 1), "1:8: `title` is \"\"; expected text of 1 to 120 characters", ""},
		{"a title that is too long", "request", strings.Replace(request, "title: T", "title: "+strings.Repeat("ö", 121), 1), "1:8: `title` has 121 characters; expected text of 1 to 120 characters", ""},
		{"a field without a value", "request", strings.Replace(request, "summary: s", "summary:", 1), "3:9: `summary` is empty; expected text of 1 to 8000 characters", ""},
		{"a name with a space", "request", strings.Replace(request, "team: t", "team: Example Editing", 1), "2:7: `team` is \"Example Editing\"; expected text like `example-editing`", "write `example-editing`"},
		{"an address that runs a script", "request", request + "links: [{url: 'javascript:x'}]", "6:15: `links.url` is \"javascript:x\"; expected text like `https://www.mediawiki.org/wiki/Example`", ""},
		{"a number that is too large", "request", request + "risks: [{text: t, impact: 6}]", "6:27: `risks.impact` is 6; expected a whole number from 1 to 5", ""},
		{"a fraction", "request", request + "risks: [{text: t, impact: 1.5}]", "6:27: `risks.impact` is 1.5; expected a whole number from 1 to 5", ""},
		{"a list where a login is wanted", "request", request + "requester: [a]", "6:12: `requester` is a list of 1; expected text like `example-petra`", ""},
		{"a reason that wants words", "request", request + "unresourced_because: {reason: other}", "6:22: `text` is missing; expected text of 1 to 1000 characters", "add a line such as `text: Nobody is free who reads the language`: In your words; required for other."},
		{"a number in quotes", "person", person + "github_id: '5'", "4:12: `github_id` is \"5\"; expected a whole number of at least 1", "take the quotes away: 5"},
		{"a yes in quotes", "person", person + "helps_as_volunteer: 'yes'", "4:21: `helps_as_volunteer` is \"yes\"; expected true or false", "write true, without quotes"},
		{"an ambassador needs a wiki user", "person", strings.Replace(person, "product-ambassador", "ambassador", 1), "1:1: `wiki_user` is missing; expected text like `ExampleNova`", "add a line such as `wiki_user: ExampleNova`: The global user name, without \"User:\". Required for ambassador, translator and watcher."},
		{"what somebody else entered needs its address", "person", strings.Replace(person, "2026-01-01}", "2026-01-01, entered_by: x}", 1), "2:10: `url` is missing, and `entered_by` needs it; expected an address like `https://example.org/page`", "add a line such as `url: https://meta.wikimedia.org/wiki/User_talk:ExampleNova`: Where they agreed; required when somebody else entered it."},
		{"two that exclude each other", "plan", plan + "feedback: [{opens: 2026-01-01, closes: 2026-01-02, where: w, items: [{source: https://x.example, became: https://x.example, not_because: no time}]}]", "4:125: `feedback.items.not_because` cannot stand beside `became`", "delete one of the two"},
		{"a safety route needs a page", "team", team + "safety: true", "1:1: `links` is missing; expected a list (`- ` lines) with at least one entry", "add a line `links: …`: Pages that belong to this record."},
		{"a name with a capital letter", "liaison", "desk: d\nkinds: {Support Request: {files: x}}", "2:9: \"Support Request\" cannot be a name here; expected a name like `request`", "write `support-request`"},
		{"a mapping without a key", "liaison", "desk: d\nkinds: {}", "2:8: `kinds` is an empty mapping; expected at least one entry", ""},
		{"a percentage without its sign", "liaison", "desk: d\nkinds: {k: {files: x}}\ntargets: {t: {of: k, start: filed, stop: responded, within: 1 day, goal: 80}}", "3:74: `targets.t.goal` is 80; expected text like `80%`", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, err := schemas.FS.ReadFile(tt.kind + ".schema.json")
			if err != nil {
				t.Fatal(err)
			}
			fs := check(t, text, tt.src)
			if len(fs) != 1 {
				t.Fatalf("want one finding, have %d: %v", len(fs), fs)
			}
			if got := fmt.Sprintf("%d:%d: %s", fs[0].Line, fs[0].Column, fs[0].Message()); got != tt.want || fs[0].Fix != tt.fix {
				t.Errorf("\ngot  %s\nwant %s\nfix  %s\nwant %s", got, tt.want, fs[0].Fix, tt.fix)
			}
			if raw := regexp.MustCompile(`\^\[|does not (match|validate)|jsonschema|%20`).FindString(strings.ReplaceAll(fs[0].Message(), "a/b %20~", "")); raw != "" {
				t.Errorf("the library's words show: %q", raw)
			}
		})
	}
}

func TestTheGoodFixturesAreGood(t *testing.T) {
	for kind, src := range map[string]string{"request": request, "person": person, "plan": plan, "team": team} {
		text, err := schemas.FS.ReadFile(kind + ".schema.json")
		if err != nil {
			t.Fatal(err)
		}
		if fs := check(t, text, src); len(fs) > 0 {
			t.Errorf("%s: %v", kind, fs)
		}
	}
}

// Keywords that no shipped schema uses where they can fail: a stranger's may.
func TestTheKeywordsOfAStrangersSchema(t *testing.T) {
	tests := []struct{ name, schema, src, want string }{
		{"not", `{"properties": {"a": {"not": {"const": "x"}}}}`, "a: x", "1:4: `a` is \"x\"; expected something else"},
		{"one of several types", `{"properties": {"a": {"oneOf": [{"type": "integer"}, {"type": "boolean"}]}}}`, "a: x", "1:4: `a` is \"x\"; expected a whole number, or true or false"},
		{"const", `{"properties": {"a": {"const": 1}}}`, "a: 2", "1:4: `a` is 2; expected 1"},
		{"a field that is forbidden", `{"properties": {"a": false}}`, "b: 1\na: 2", "2:1: `a` is not a key here"},
		{"only keys of a form", `{"patternProperties": {"^x": {"type": "string"}}, "additionalProperties": false}`, "xa: b\nya: b", "2:1: `ya` is not a key here; expected no key of that name"},
		{"a value under a key of a form", `{"patternProperties": {"^x": {"type": "string"}}}`, "xa: 5", "1:5: `xa` is 5; expected text"},
		{"a pattern without an example", `{"properties": {"a": {"pattern": "^[a-z]$"}}}`, "a: '5'", "1:4: `a` is \"5\"; expected text of another form"},
		{"at least two", `{"properties": {"a": {"minItems": 2}}}`, "a: [1]", "1:4: `a` is a list of 1; expected at least 2 entries"},
		{"a list of lists of itself", `{"properties": {"a": {"$ref": "#/$defs/l"}}, "$defs": {"l": {"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/l"}]}}}}`, "a: 5", "1:4: `a` is 5; expected a list (`- ` lines)"},
		{"a reference within", `{"properties": {"a": {"$ref": "#/$defs/x"}}, "$defs": {"x": {"type": "integer", "minimum": 2}}}`, "a: 1", "1:4: `a` is 1; expected a whole number of at least 2"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fs := check(t, []byte(tt.schema), tt.src)
			if len(fs) != 1 {
				t.Fatalf("want one finding, have %d: %v", len(fs), fs)
			}
			if got := fmt.Sprintf("%d:%d: %s", fs[0].Line, fs[0].Column, fs[0].Message()); got != tt.want {
				t.Errorf("\ngot  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestTheFindingsOfASchemaHaveOneOrder(t *testing.T) {
	text, err := schemas.FS.ReadFile("request.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	const src = "title: ''\nteam: no\nhelp: [x, y, x]\nwanted_by: z\nzebra: 1\nant: 2\nrequester: {}\nlinks: [{}, {url: 5}]\n"
	want := check(t, text, src)
	if len(want) != 13 {
		t.Errorf("want 13 findings, have %d: %v", len(want), want)
	}
	for range 50 {
		if diff := cmp.Diff(want, check(t, text, src)); diff != "" {
			t.Fatal(diff)
		}
	}
}

// A program writes what is sure; what is a guess is for people.
func TestOnlyASlipIsMendedByItself(t *testing.T) {
	text, err := schemas.FS.ReadFile("request.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for found, mended := range map[string]bool{
		"priority: Medium": true, "priority: needs triage": true, "priority: meduim": true,
		"priority: now": false, "priority: lo": false, "status: undone": false, "status: un-declined": false, "status: 日本語テスト": false,
	} {
		fs := check(t, text, request+found+"\n")
		if len(fs) != 1 {
			t.Errorf("%s: %v", found, fs)
			continue
		}
		if fs[0].Edit.Known() != mended {
			t.Errorf("%s: edit %+v", found, fs[0].Edit)
		}
	}
}
