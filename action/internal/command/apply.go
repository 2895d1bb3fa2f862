package command

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Record is what a command is about, as it stands on the default branch.
type Record struct {
	Kind   *workflow.Kind
	Doc    *document.Document
	State  string                                         // derived
	Person func(login string) (slug string, ok bool)      // the file name that the roster has for an account
	Find   func(kind, name string) (path string, ok bool) // the record of that path or file name
}

// A Change is the file that a command asks for.
type Change struct {
	Content  []byte
	From, To string // states; the same where it stays
	Edits    []Edit // what differs, in order
}

// An Edit is one field that a command sets.
type Edit struct {
	Field, Was, Now string // Was is "" for an item that is added to a list
}

// mostText is how many characters a command's text may have.
const mostText = 4000

// Apply makes the change that a command asks for. `/assign @login…` says who is on the
// record too; any other word leads to a state, by the definition: with accounts that are
// put on it, or with the words that the move needs.
func (c Command) Apply(r Record) (Change, *Refusal) {
	if utf8.RuneCountInString(c.Text) > mostText {
		return Change{}, refuse(fmt.Sprintf("the line has more than %d characters after `/%s`", mostText, c.Word))
	}
	e := &editor{record: r, doc: r.Doc, change: Change{From: r.State, To: r.State}}
	refusal := e.obey(c)
	switch {
	case refusal != nil:
		return Change{}, refusal
	case len(e.change.Edits) == 0:
		return Change{}, refuse("it is so already: nothing would change")
	}
	e.change.Content = e.doc.Source
	return e.change, nil
}

// editor changes a document step by step.
type editor struct {
	record Record
	doc    *document.Document
	change Change
}

func (e *editor) obey(c Command) *Refusal {
	k := e.record.Kind
	state, leads := k.StateFor(c.Word)
	switch {
	case !leads && c.Word == assign && c.Text == "":
		return refuse("`/assign` names nobody", usage(k, e.record.State, assign))
	case !leads && c.Word == assign:
		return e.assign(c.Text)
	case !leads:
		return refuse(fmt.Sprintf("there is no command `/%s`", c.Word), permitted(k, e.record.State)...)
	case state.Name == e.record.State && c.Text == "":
		return refuse(fmt.Sprintf("it is `%s` already", state.Name))
	case state.Name == e.record.State:
		return e.assign(c.Text)
	}
	return e.move(c, state.Name)
}

// move sets the status, and what the move needs.
func (e *editor) move(c Command, to string) *Refusal {
	k, from := e.record.Kind, e.record.State
	moves := k.LandedMoves(from, to)
	if len(moves) == 0 && len(k.Moves) > 0 {
		return refuse(noMove(k, from, to), permitted(k, from)...)
	}
	if r := e.set(k.Status, to); r != nil {
		return r
	}
	e.change.To = to
	if len(moves) > 0 && len(moves[0].Needs) > 0 {
		return e.needs(c, moves[0].Needs)
	}
	return e.assign(c.Text)
}

// needs fills the fields that a move needs: a reference with the first word, then a text
// with the rest of the line. What the record has already may be left out.
func (e *editor) needs(c Command, fields []string) *Refusal {
	text := c.Text
	for _, field := range fields {
		if kind := refersTo(e.record.Kind, field); kind != "" && text != "" {
			name, rest, _ := strings.Cut(text, " ")
			path, ok := e.record.Find(kind, name)
			if !ok {
				return refuse(fmt.Sprintf("there is no %s `%s`", kind, name), usage(e.record.Kind, e.record.State, c.Word))
			}
			text = rest
			if r := e.set(field, path); r != nil {
				return r
			}
		}
	}
	for _, field := range fields {
		if refersTo(e.record.Kind, field) == "" && text != "" {
			if r := e.set(field, text); r != nil {
				return r
			}
			text = ""
		}
		if missing(e.doc.Value[field]) {
			return refuse(fmt.Sprintf("it needs `%s`, on the same line", field), usage(e.record.Kind, e.record.State, c.Word))
		}
	}
	if text != "" {
		return refuse(fmt.Sprintf("there is no place for `%s`", text), usage(e.record.Kind, e.record.State, c.Word))
	}
	return nil
}

// refersTo is the kind of record that a field names; "" where it is a text.
func refersTo(k *workflow.Kind, field string) string {
	if k.Schema == nil {
		return ""
	}
	for _, n := range k.Schema.Notes(map[string]any{field: "x"}) {
		if n.Note.Ref != nil {
			return n.Note.Ref.Kind
		}
	}
	return ""
}

// missing reports whether a field says nothing.
func missing(v any) bool {
	s, isText := v.(string)
	return v == nil || isText && strings.TrimSpace(s) == ""
}

// account is a login as a comment names it.
var loginWord = pattern.Of(`^@[A-Za-z0-9][A-Za-z0-9-]{0,38},?$`)

// mostLogins is how many accounts a command may name.
const mostLogins = 20

// assign puts people on the record, beside those who are on it.
func (e *editor) assign(text string) *Refusal {
	names := strings.Fields(text)
	if len(names) > mostLogins {
		return refuse(fmt.Sprintf("it names more than %d accounts", mostLogins))
	}
	for _, name := range names {
		if !loginWord().MatchString(name) {
			return refuse(fmt.Sprintf("`%s` is no account; expected accounts, such as `@example-lia`", name))
		}
		login := strings.Trim(name, "@,")
		slug, ok := e.record.Person(login)
		if !ok {
			return refuse(fmt.Sprintf("nobody in the roster has the account `%s`", login))
		}
		if r := e.put(slug); r != nil {
			return r
		}
	}
	return nil
}

// put puts one person on the record.
func (e *editor) put(slug string) *Refusal {
	k := e.record.Kind
	list, field, isList := strings.Cut(k.Assignees, "[]")
	field = strings.TrimPrefix(field, ".")
	if !isList || strings.ContainsAny(list+field, ".[]") {
		return refuse(fmt.Sprintf("a %s has no list of people who are on it", k.Name))
	}
	on := workflow.Select(e.doc.Value, k.Assignees)
	if slices.ContainsFunc(on, func(s string) bool { return strings.EqualFold(s, slug) }) {
		return nil
	}
	src, err := e.doc.AddItem(list, field, slug)
	return e.took(src, err, Edit{Field: list, Now: slug})
}

// set sets a field to a text; one that says it already stays as it is.
func (e *editor) set(field, text string) *Refusal {
	was, _ := e.doc.Value[field].(string)
	if was == text {
		return nil
	}
	src, err := e.doc.SetText(field, text)
	return e.took(src, err, Edit{field, was, text})
}

// took takes the document after an edit over.
func (e *editor) took(src []byte, err error, edit Edit) *Refusal {
	if err != nil {
		return refuse(fmt.Sprintf("`%s` cannot be written there by a program: change the file in a pull request", edit.Field))
	}
	doc, fs := document.Parse(e.doc.Path, src)
	if doc == nil {
		return refuse("the file could not be read afterwards: " + fs[0].Message())
	}
	e.doc, e.change.Edits = doc, append(e.change.Edits, edit)
	return nil
}
