package command_test

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/command"
	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/workflow"
)

func TestParse(t *testing.T) {
	tests := []struct{ name, body, word, text string }{
		{"a word alone", "/start", "start", ""},
		{"a word and what follows", "/done  Announced on \t three wikis ", "done", "Announced on three wikis"},
		{"the line below is not part of it", "/done All\r\nof it\n", "done", "All"},
		{"after other lines", "Thanks!\n\n/accept @example-lia\n/start", "accept", "@example-lia"},
		{"a capital letter, as phones write it", "/Start", "start", ""},
		{"no slash", "start", "", ""},
		{"a slash that does not begin the line", "see /start", "", ""},
		{"a path", "/usr/bin/start is gone", "", ""},
		{"a path before a command", "/usr/bin\n/start", "", ""},
		{"a quoted line", "> /start", "", ""},
		{"an indented line", "  /start", "", ""},
		{"a line in a block of code", "```\n/start\n```\n", "", ""},
		{"a line after one", "~~~ sh\n/start\n~~~\n/done x\n", "done", "x"},
		{"a block that does not end", "```\n/start", "", ""},
		{"nothing", "", "", ""},
		{"a word that is too long", "/" + strings.Repeat("a", 51), "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := command.Parse(tt.body)
			if got.Word != tt.word || got.Text != tt.text || ok != (tt.word != "") {
				t.Errorf("got %+v, %t; want %q, %q", got, ok, tt.word, tt.text)
			}
		})
	}
}

const desk = `desk: Test
kinds:
  request:
    files: requests/*.yaml
    schema: request.json
    status: status
    assignees: "on_it[].person"
    states:
      submitted: {initial: true}
      needs-info: {paused: true}
      accepted: {}
      resourced: {}
      in-progress: {}
      done: {final: true}
      duplicate: {final: true}
    moves:
      - {from: submitted, to: accepted, event: merged, by: liaison}
      - {from: accepted, to: resourced, when: "size(record.on_it) > 0"}
      - {from: [accepted, resourced], to: in-progress, by: liaison}
      - {from: in-progress, to: done, by: liaison, needs: [outcome]}
      - {from: in-progress, to: needs-info, by: [liaison, manager], needs: [reason]}
      - {from: open, to: duplicate, by: liaison, needs: [duplicate_of]}
    owners: {on_it: liaison}
    commands: {accept: accepted, start: in-progress}
  note:
    files: notes/*.yaml
roles: {liaison: "actor == 'a'", manager: "actor == 'b'"}
`

const schema = `{"type": "object", "properties": {"title": {"type": "string"}, "status": {"type": "string"}, "outcome": {"type": "string"}, "reason": {"type": "string"},
	"duplicate_of": {"type": "string", "x-ref": {"kind": "request"}},
	"on_it": {"type": "array", "items": {"type": "object", "properties": {"person": {"type": "string"}, "duty": {"type": "string"}}}}}}`

// compiled is one cache for all tests: they read the same few definitions again and again.
var compiled = workflow.NewCache()

func definition(t testing.TB) *workflow.Definition {
	t.Helper()
	def, fs, err := compiled.Read("liaison.yaml", []byte(desk), func(string) ([]byte, error) { return []byte(schema), nil })
	if err != nil || def == nil {
		t.Fatal(err, fs)
	}
	return def
}

// on is a record of the desk in a state.
func on(t testing.TB, src, state string) command.Record {
	t.Helper()
	doc, fs := document.Parse("requests/a.yaml", []byte(src))
	if doc == nil {
		t.Fatal(fs)
	}
	return record(definition(t), doc, state)
}

func record(def *workflow.Definition, doc *document.Document, state string) command.Record {
	people := map[string]string{"example-lia": "lia", "example-noor": "example-noor"}
	return command.Record{
		Kind: def.Kind("request"), Doc: doc, State: state,
		Person: func(login string) (string, bool) { slug, ok := people[strings.ToLower(login)]; return slug, ok },
		Find: func(kind, name string) (string, bool) {
			ok := kind == "request" && (name == "b" || name == "requests/b.yaml")
			return "requests/b.yaml", ok
		},
	}
}

const plain = "title: Meeting # a comment\nstatus: in-progress\n"

func TestApply(t *testing.T) {
	tests := []struct{ name, src, state, comment, want string }{
		{"a move to a state of that name, with what it needs", plain, "in-progress", "/done Announced: on #3 wikis",
			"title: Meeting # a comment\nstatus: done\noutcome: \"Announced: on #3 wikis\"\n"},
		{"a word that the definition names", "title: x\nstatus: accepted\n", "accepted", "/start", "title: x\nstatus: in-progress\n"},
		{"with people on it", "title: x\nstatus: accepted\n", "accepted", "/start @example-lia, @Example-Noor", "title: x\nstatus: in-progress\non_it:\n  - person: lia\n  - person: example-noor\n"},
		{"a reference by its file's name", plain, "in-progress", "/duplicate b", "title: Meeting # a comment\nstatus: duplicate\nduplicate_of: requests/b.yaml\n"},
		{"a reference by its path", plain, "in-progress", "/duplicate requests/b.yaml", "title: Meeting # a comment\nstatus: duplicate\nduplicate_of: requests/b.yaml\n"},
		{"a reason that mentions somebody is a reason", plain, "in-progress", "/needs-info @example-ann which wikis?",
			"title: Meeting # a comment\nstatus: needs-info\nreason: \"@example-ann which wikis?\"\n"},
		{"what the record has already may be left out", plain + "outcome: |\n  All of it.\n", "in-progress", "/done",
			"title: Meeting # a comment\nstatus: done\noutcome: |\n  All of it.\n"},
		{"or be said anew", plain + "outcome: |\n  All of it.\n", "in-progress", "/done Half", "title: Meeting # a comment\nstatus: done\noutcome: Half\n"},
		{"the state decides, not what the file says", "title: x\nstatus: submitted\n", "accepted", "/start", "title: x\nstatus: in-progress\n"},
		{"people are put beside those who are there", "status: accepted\non_it:\n  - {person: lia, duty: lead} # first\n", "accepted", "/assign @example-lia @example-noor",
			"status: accepted\non_it:\n  - {person: lia, duty: lead} # first\n  - person: example-noor\n"},
		{"a move that makes itself may be made", "status: accepted\n", "accepted", "/resourced", "status: resourced\n"},
		{"accepting what is accepted puts people on it", "status: accepted\n", "accepted", "/accept @example-lia", "status: accepted\non_it:\n  - person: lia\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, ok := command.Parse(tt.comment)
			if !ok {
				t.Fatal("no command")
			}
			got, refusal := c.Apply(on(t, tt.src, tt.state))
			if refusal != nil || string(got.Content) != tt.want {
				t.Errorf("%+v\ngot  %q\nwant %q", refusal, got.Content, tt.want)
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	tests := []struct{ name, src, state, comment, why, help string }{
		{"a command that is none", plain, "in-progress", "/lgtm", "there is no command `/lgtm`",
			"`/done OUTCOME` leads to `done`, by liaison|`/duplicate DUPLICATE OF` leads to `duplicate`, by liaison|`/needs-info REASON` leads to `needs-info`, by liaison or manager|`/assign @login…` puts people on it, by liaison"},
		{"a move that is none", plain, "in-progress", "/accept", "no command leads from `in-progress` to `accepted`",
			"`/done OUTCOME` leads to `done`, by liaison|`/duplicate DUPLICATE OF` leads to `duplicate`, by liaison|`/needs-info REASON` leads to `needs-info`, by liaison or manager|`/assign @login…` puts people on it, by liaison"},
		{"a move that a merge makes", "status: submitted\n", "submitted", "/accept @example-lia", "no command leads from `submitted` to `accepted`: that happens when its pull request is merged, by liaison",
			"`/duplicate DUPLICATE OF` leads to `duplicate`, by liaison|`/assign @login…` puts people on it, by liaison"},
		{"a command that is none, where a move makes itself", "status: accepted\n", "accepted", "/lgtm", "there is no command `/lgtm`",
			"`/duplicate DUPLICATE OF` leads to `duplicate`, by liaison|`/start @login…` leads to `in-progress`, by liaison|`/assign @login…` puts people on it, by liaison"},
		{"a move without what it needs", plain, "in-progress", "/done", "it needs `outcome`, on the same line", "`/done OUTCOME`"},
		{"a reference that is none", plain, "in-progress", "/duplicate c", "there is no request `c`", "`/duplicate DUPLICATE OF`"},
		{"no reference", plain, "in-progress", "/duplicate", "it needs `duplicate_of`, on the same line", "`/duplicate DUPLICATE OF`"},
		{"more words than there is a place for", plain, "in-progress", "/duplicate b because", "there is no place for `because`", "`/duplicate DUPLICATE OF`"},
		{"words where accounts are wanted", "status: accepted\n", "accepted", "/start now", "`now` is no account; expected accounts, such as `@example-lia`", ""},
		{"a team of an organisation", "status: accepted\n", "accepted", "/assign @example-org/desk", "`@example-org/desk` is no account; expected accounts, such as `@example-lia`", ""},
		{"somebody who is not in the roster", "status: accepted\n", "accepted", "/assign @example-ann", "nobody in the roster has the account `example-ann`", ""},
		{"nobody", "status: accepted\n", "accepted", "/assign", "`/assign` names nobody", "`/assign @login…`"},
		{"too many", "status: accepted\n", "accepted", "/assign" + strings.Repeat(" @example-lia", 21), "it names more than 20 accounts", ""},
		{"somebody who is on it", "on_it: [{person: lia}]\n", "accepted", "/assign @example-lia", "it is so already: nothing would change", ""},
		{"the state that it is in", "status: done\n", "done", "/done", "it is `done` already", ""},
		{"a text that is too long", plain, "in-progress", "/done " + strings.Repeat("ü", 4001), "the line has more than 4000 characters after `/done`", ""},
		{"a character that is not seen", plain, "in-progress", "/done a\u202eb", "`outcome` cannot be written there by a program: change the file in a pull request", ""},
		{"a file that a program cannot change", "{status: in-progress}\n", "in-progress", "/done x", "`outcome` cannot be written there by a program: change the file in a pull request", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, ok := command.Parse(tt.comment)
			if !ok {
				t.Fatal("no command")
			}
			change, refusal := c.Apply(on(t, tt.src, tt.state))
			if refusal == nil {
				t.Fatalf("it was obeyed: %q", change.Content)
			}
			if got := strings.Join(refusal.Help, "|"); refusal.Why != tt.why || got != tt.help {
				t.Errorf("\ngot  %s\n     %s\nwant %s\n     %s", refusal.Why, got, tt.why, tt.help)
			}
			if change.Content != nil {
				t.Error("it was refused and changed something")
			}
		})
	}
}

func TestAKindWithoutStatesHasNoCommands(t *testing.T) {
	r := on(t, "title: x\n", "")
	r.Kind = definition(t).Kind("note")
	for comment, want := range map[string]string{
		"/done x":              "there is no command `/done`",
		"/assign @example-lia": "a note has no list of people who are on it",
	} {
		c, _ := command.Parse(comment)
		if _, refusal := c.Apply(r); refusal == nil || refusal.Why != want || len(refusal.Help) > 0 {
			t.Errorf("%s: %+v, want %s", comment, refusal, want)
		}
	}
}

// The law: whatever a comment says, either nothing changes, or the file still reads as one
// document in which only the fields that the change names differ.
func FuzzACommandChangesOnlyWhatItSays(f *testing.F) {
	for _, body := range []string{"/done x", "/start @example-lia", "/needs-info 'a: b' # c", "/duplicate b", "/done \"\\u0000", "/assign @example-lia @example-noor", "/done @everyone <b> ${{ x }} $(id)", "```\n/done x", "/done - a", "/done |", "/done \xff"} {
		f.Add(body, plain, "in-progress")
		f.Add(body, "status: accepted\non_it: [] # x\n", "accepted")
	}
	def := definition(f)
	f.Fuzz(func(t *testing.T, body, src, state string) {
		c, ok := command.Parse(body)
		doc, _ := document.Parse("requests/a.yaml", []byte(src))
		if !ok || doc == nil {
			return
		}
		change, refusal := c.Apply(record(def, doc, state))
		if refusal != nil {
			harmless(t, refusal.Reply(12, account.Account{Login: body}))
			return
		}
		again, fs := document.Parse("requests/a.yaml", change.Content)
		if again == nil {
			t.Fatalf("the file cannot be read: %v\n%q", fs, change.Content)
		}
		was, now := maps.Clone(doc.Value), maps.Clone(again.Value)
		for _, e := range change.Edits {
			delete(was, e.Field)
			delete(now, e.Field)
		}
		if !reflect.DeepEqual(was, now) {
			t.Fatalf("%q became %q by %+v", src, change.Content, change.Edits)
		}
		harmless(t, change.Reply(12, account.Account{Login: body}, "requests/a.yaml", strings.Repeat("a", 40)))
		if m := change.Message(body, account.Account{Login: src}, 7); strings.ContainsAny(m, "<>@\x00") && !strings.Contains(m, "@\u2060") || !utf8.ValidString(m) {
			t.Fatalf("the message is live: %q", m)
		}
	})
}

// harmless wants every line but the marker to be words of ours, and code that ends.
func harmless(t testing.TB, reply string) {
	t.Helper()
	marker, rest, _ := strings.Cut(reply, "\n")
	if marker != command.Marker(12) || len(reply) > 65535 || !utf8.ValidString(reply) {
		t.Fatalf("not a reply: %d bytes, %q", len(reply), marker)
	}
	if err := inert(rest); err != nil {
		t.Fatalf("%v in %q", err, reply)
	}
}

// inert takes the code out as CommonMark does, line by line.
func inert(body string) error {
	for l := range strings.Lines(body) {
		outside := ""
		for {
			before, rest, code := strings.Cut(l, "`")
			outside += before
			if !code {
				break
			}
			fence := "`"
			for strings.HasPrefix(rest, "`") {
				fence, rest = fence+"`", rest[1:]
			}
			end := closing(rest, fence)
			if end < 0 {
				return errors.New("code that does not end")
			}
			l = rest[end+len(fence):]
		}
		outside = strings.NewReplacer("<sub>", "", "</sub>", "").Replace(outside)
		if strings.ContainsAny(outside, "<>@#[]\x00\x1b") || strings.Contains(outside, "://") {
			return fmt.Errorf("foreign text outside of code: %q", outside)
		}
	}
	return nil
}

// closing is where a run of just these backticks stands.
func closing(s, fence string) int {
	for at := 0; at < len(s); {
		i := strings.IndexByte(s[at:], '`')
		if i < 0 {
			return -1
		}
		at += i
		n := len(s[at:]) - len(strings.TrimLeft(s[at:], "`"))
		if n == len(fence) {
			return at
		}
		at += n
	}
	return -1
}
