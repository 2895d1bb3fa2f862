package app_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// editorVariable names the folder of an installed npm package yaml-language-server, the
// part of VS Code's YAML extension that reads schemas.
const editorVariable = "LIAISON_YAML_LANGUAGE_SERVER"

// A question to the editor, about a file's text. No two may have the same path.
type question struct {
	Path      string `json:"path"`
	Text      string `json:"text"`
	Ask       string `json:"ask"` // complaints, completion, hover
	Line      int    `json:"line"`
	Character int    `json:"character"`
}

type reply struct {
	Complaints []string
	Offers     []offered
	Hover      string
}

type offered struct{ Label, Text, Says string }

// An editor is a desk's folder as VS Code shows it.
type editor struct {
	t        *testing.T
	dir, lsp string
	asked    int
}

func newEditor(t *testing.T) *editor {
	t.Helper()
	lsp := os.Getenv(editorVariable)
	if lsp == "" {
		t.Skip(editorVariable + " is not set: expected the folder of an installed npm package yaml-language-server")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed: the language server runs in it")
	}
	return &editor{t: t, dir: sampleDesk(t), lsp: lsp}
}

func (e *editor) ask(questions ...question) []reply {
	e.t.Helper()
	js, err := json.Marshal(questions)
	if err != nil {
		e.t.Fatal(err)
	}
	cmd := exec.CommandContext(e.t.Context(), "node", "testdata/editor/ask.cjs", e.lsp)
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stderr, cmd.WaitDelay = bytes.NewReader(js), &stderr, time.Second
	out, err := cmd.Output()
	if err != nil {
		e.t.Fatalf("node testdata/editor/ask.cjs: %v\n%s", err, &stderr)
	}
	var replies []reply
	if err := json.Unmarshal(out, &replies); err != nil || len(replies) != len(questions) {
		e.t.Fatalf("%d replies to %d questions: %v\n%s", len(replies), len(questions), err, out)
	}
	return replies
}

// at is a question about a new request, with ‸ where the cursor is.
func (e *editor) at(ask, text string) question {
	e.asked++
	text = "# yaml-language-server: $schema=../../schemas/request.schema.json\n" + text
	before, after, _ := strings.Cut(text, "‸")
	return question{
		Path: filepath.Join(e.dir, "requests", "2026", "draft-"+strconv.Itoa(e.asked)+".yaml"), Text: before + after, Ask: ask,
		Line: strings.Count(before, "\n"), Character: len(before) - 1 - strings.LastIndexByte(before, '\n'),
	}
}

func TestAnEditorHasNothingAgainstTheRecordsAndTheDefinition(t *testing.T) {
	e := newEditor(t)
	var questions []question
	err := filepath.WalkDir(e.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" || strings.Contains(path, "workflows") || strings.Contains(path, "TEMPLATE") {
			return err
		}
		text, err := os.ReadFile(path)
		questions = append(questions, question{Path: path, Text: string(text), Ask: "complaints"})
		return err
	})
	if err != nil || len(questions) < 30 {
		t.Fatalf("%d files: %v", len(questions), err)
	}
	for i, r := range e.ask(questions...) {
		if len(r.Complaints) > 0 {
			t.Errorf("%s: %s", questions[i].Path, strings.Join(r.Complaints, "; "))
		}
	}
}

func TestAnEditorReadsANewRecordByItsSchema(t *testing.T) {
	e := newEditor(t)
	for kind, slug := range map[string]string{"request": "new-thing", "person": "example-nova", "team": "example-new", "wiki": "itwiki", "plan": "new-thing"} {
		path, text := begun(t, e.dir, kind, slug)
		replies := e.ask(question{Path: path, Text: text, Ask: "complaints"}, question{Path: path + ".yaml", Text: taken(text), Ask: "complaints"})
		if len(replies[0].Complaints) == 0 {
			t.Errorf("%s: it has nothing against an unanswered one", kind)
		}
		if len(replies[1].Complaints) > 0 {
			t.Errorf("%s: against one with every offer taken: %s", kind, strings.Join(replies[1].Complaints, "; "))
		}
	}
}

func TestAnEditorCompletesAndExplainsARequest(t *testing.T) {
	e := newEditor(t)
	replies := e.ask(
		e.at("completion", "‸"),
		e.at("completion", "title: A thing\nhelp:\n  - ‸"),
		e.at("completion", "title: A thing\nhelp: [‸]"),
		e.at("completion", "title: A thing\nwanted_by: ‸"),
		e.at("hover", "title: A thing\nhe‸lp: [planning]\n"),
		e.at("hover", "title: A thing\nhelp: [plan‸ning]\n"),
		e.at("complaints", "title: A thing\nhelp: [planing]\n"),
	)
	schema := requestSchema(t)
	for _, key := range slices.Sorted(maps.Keys(schema.Properties)) {
		i := slices.IndexFunc(replies[0].Offers, func(o offered) bool { return o.Label == key })
		if i < 0 || replies[0].Offers[i].Says == "" {
			t.Errorf("an empty file is not offered %s with its description", key)
		}
	}
	for _, r := range replies[1:3] {
		var got []string
		for _, o := range r.Offers {
			if got = append(got, o.Label); o.Says == "" {
				t.Errorf("help: %s is not explained", o.Label)
			}
		}
		if want := schema.Properties["help"].Items.Enum; !slices.Equal(got, want) {
			t.Errorf("help is offered %v, expected %v", got, want)
		}
	}
	if !slices.ContainsFunc(replies[3].Offers, func(o offered) bool { return o.Label == "flexible" }) {
		t.Errorf("wanted_by is offered %v", replies[3].Offers)
	}
	for i, r := range replies[4:6] {
		if !strings.Contains(r.Hover, "`planning`: take part in planning") {
			t.Errorf("hover %d says %q", i, r.Hover)
		}
	}
	if c := strings.Join(replies[6].Complaints, "\n"); !strings.Contains(c, `3: Value is not accepted`) || !strings.Contains(c, `Missing property "team"`) {
		t.Errorf("against a misspelt word it has %q", c)
	}
}

type wordedSchema struct {
	Properties map[string]wordedSchema
	Items      *wordedSchema
	Enum       []string
	Texts      []string `json:"markdownEnumDescriptions"`
	Markdown   string   `json:"markdownDescription"`
	Title      string
	Says       string `json:"description"`
	Examples   []any
}

func requestSchema(t *testing.T) wordedSchema { return worded(t, "request") }

func worded(t *testing.T, kind string) wordedSchema {
	t.Helper()
	src, err := os.ReadFile(filepath.Join(root, "schemas", kind+".schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	var s wordedSchema
	if err := json.Unmarshal(src, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheSchemasSayWhatTheirPropertiesAre(t *testing.T) {
	for _, kind := range []string{"request", "person", "team", "wiki", "plan"} {
		worded(t, kind).wantWords(t, kind)
	}
}

// wantWords wants a title, a description and an example of each property, and a sentence for
// each word that a value may be.
func (s wordedSchema) wantWords(t *testing.T, at string) {
	for key, p := range s.Properties {
		if p.Title == "" || p.Says == "" || len(p.Examples) == 0 && len(p.Properties) == 0 {
			t.Errorf("%s.%s: expected a title, a description and an example", at, key)
		}
		p.wantWords(t, at+"."+key)
	}
	if len(s.Texts) != len(s.Enum) {
		t.Errorf("%s: %d words, %d of them explained", at, len(s.Enum), len(s.Texts))
	}
	if s.Items != nil {
		s.Items.wantWords(t, at+"[]")
		for i, text := range s.Items.Texts {
			if line := "- `" + s.Items.Enum[i] + "`: " + text; !slices.Contains(strings.Split(s.Markdown, "\n"), line) {
				t.Errorf("%s: its markdownDescription has no line %q", at, line)
			}
		}
	}
}
