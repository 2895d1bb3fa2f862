package workflow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/schema"
	"github.com/commrel/liaison/action/internal/worktime"
	"github.com/commrel/liaison/schemas"
)

// Path is where a repository keeps its definition.
const Path = ".github/liaison.yaml"

// words is a list that may be written as a single word.
type words []string

// UnmarshalJSON reads one word or a list of them.
func (w *words) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*w = words{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(w))
}

// The definition as it is written.
type rawDefinition struct {
	Desk           string                 `json:"desk"`
	Branch         string                 `json:"branch"`
	Timezone       string                 `json:"timezone"`
	FiscalStarts   string                 `json:"fiscal_year_starts"`
	Witness        string                 `json:"witness"`
	Bot            words                  `json:"bot"`
	Administrators words                  `json:"administrators"`
	People         *rawPeople             `json:"people"`
	Kinds          map[string]rawKind     `json:"kinds"`
	Roles          map[string]string      `json:"roles"`
	Calendars      map[string]rawCalendar `json:"calendars"`
	Targets        map[string]*rawTarget  `json:"targets"`
}

type rawPeople struct {
	Kind    string `json:"kind"`
	Account string `json:"account"`
	ID      string `json:"id"`
}

type rawKind struct {
	Files     string               `json:"files"`
	Schema    string               `json:"schema"`
	Status    string               `json:"status"`
	Requester string               `json:"requester"`
	Assignees string               `json:"assignees"`
	States    map[string]*rawState `json:"states"`
	Moves     []rawMove            `json:"moves"`
	Owners    map[string]words     `json:"owners"`
	Groups    map[string]string    `json:"groups"`
	Commands  map[string]string    `json:"commands"`
}

type rawState struct {
	Initial bool `json:"initial"`
	Paused  bool `json:"paused"`
	Final   bool `json:"final"`
}

type rawMove struct {
	From  words  `json:"from"`
	To    words  `json:"to"`
	Event words  `json:"event"`
	By    words  `json:"by"`
	When  string `json:"when"`
	Needs words  `json:"needs"`
}

type rawTarget struct {
	Of        string `json:"of"`
	Start     string `json:"start"`
	Stop      string `json:"stop"`
	Responder string `json:"responder"`
	SelfFiled string `json:"self_filed"`
	Goal      string `json:"goal"`
	Pause     *words `json:"pause"`
	Repeat    string `json:"repeat"`
	rawCase
	Cases []rawCase `json:"cases"`
}

// A rawCase is how long a target allows some of its records; its condition stands apart in
// the target itself.
type rawCase struct {
	Where    string `json:"where"`
	Within   string `json:"within"`
	Calendar string `json:"calendar"`
	Warn     *words `json:"warn"`
}

// Read reads a definition. open reads the files that it names, schemas and lists of holidays,
// by their path in the repository. With any error among the findings the definition is nil.
func Read(path string, src []byte, open func(path string) ([]byte, error)) (*Definition, []finding.Finding, error) {
	return new(Cache).Read(path, src, open)
}

// A draft is a definition whose own text has the right shape; what it names has not been
// looked at.
type draft struct {
	doc      *document.Document // nil: findings or the error say why
	raw      rawDefinition
	findings []finding.Finding
	err      error
}

// parse reads a definition's own text.
func (c *Cache) parse(path string, src []byte) draft {
	doc, fs := document.Parse(path, src)
	if doc == nil {
		return draft{findings: fs}
	}
	own, err := schemas.FS.ReadFile("liaison.schema.json")
	if err != nil {
		return draft{err: err}
	}
	shape, err := c.schemas.Compile("liaison.schema.json", own)
	if err != nil {
		return draft{err: err}
	}
	if fs, err = shape.Validate(doc); err != nil || len(fs) > 0 {
		return draft{findings: fs, err: err}
	}
	raw, err := decode(doc)
	if err != nil {
		return draft{err: err}
	}
	return draft{doc: doc, raw: raw}
}

func decode(doc *document.Document) (raw rawDefinition, err error) {
	js, err := json.Marshal(doc.Value)
	if err != nil {
		return raw, err
	}
	return raw, json.Unmarshal(js, &raw)
}

// define turns a draft and the files that it names into the definition.
func (c *Cache) define(d draft, files attachments) (*Definition, []finding.Finding, error) {
	r := &reader{doc: d.doc, raw: d.raw, files: files, def: &Definition{roles: map[string]*Role{}}}
	if err := r.read(c.schemas); err != nil {
		return nil, nil, err
	}
	if finding.Failing(r.findings) {
		return nil, finding.Sorted(r.findings), nil
	}
	return r.def, finding.Sorted(r.findings), nil
}

// reader turns the raw definition into the checked one, collecting what is wrong.
type reader struct {
	doc      *document.Document
	raw      rawDefinition
	files    attachments
	def      *Definition
	compiler *compiler
	schemas  map[string]func() (*schema.Schema, error) // by path
	findings []finding.Finding
}

// read fills the definition from the outside in: what later parts refer to comes first.
func (r *reader) read(compiler schema.Cache) error {
	r.compileSchemas(compiler)
	r.desk()
	r.calendars()
	for _, name := range r.doc.Keys("kinds") {
		r.def.Kinds = append(r.def.Kinds, r.kind(name, r.raw.Kinds[name]))
	}
	r.people()
	var err error
	if r.compiler, err = newCompiler(r.def, r.raw.People != nil); err != nil {
		return err
	}
	r.roles()
	for _, k := range r.def.Kinds {
		r.moves(k, r.raw.Kinds[k.Name])
		r.owners(k, r.raw.Kinds[k.Name])
		r.groups(k, r.raw.Kinds[k.Name])
		r.commands(k, r.raw.Kinds[k.Name])
	}
	for _, name := range r.doc.Keys("targets") {
		r.target(name, r.raw.Targets[name])
	}
	return nil
}

// report adds a finding at the value at path.
func (r *reader) report(f finding.Finding, path ...string) {
	p := r.doc.At(path...)
	f.Path, f.Line, f.Column = r.doc.Path, p.Line, p.Column
	r.findings = append(r.findings, f)
}

func (r *reader) desk() {
	d, raw := r.def, r.raw
	d.Desk, d.Branch, d.Witness = raw.Desk, raw.Branch, raw.Witness
	d.Fiscal = worktime.Fiscal{First: month(raw.FiscalStarts), Zone: r.zone(raw.Timezone, "timezone")}
	d.Bots = r.accounts(raw.Bot, "bot")
	d.Administrators = r.accounts(raw.Administrators, "administrators")
}

// month is the named month; January where none is named.
func month(name string) time.Month {
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(m.String(), name) {
			return m
		}
	}
	return time.January
}

func (r *reader) accounts(list words, key string) []account.Account {
	var out []account.Account
	for i, s := range list {
		a, err := account.Parse(s)
		if err != nil {
			r.report(finding.Finding{Rule: "account", Found: err.Error()}, key, fmt.Sprint(i))
			continue
		}
		out = append(out, a)
	}
	return out
}

func (r *reader) kind(name string, raw rawKind) *Kind {
	k := &Kind{Name: name, Status: raw.Status, Requester: raw.Requester, Assignees: raw.Assignees, SchemaAt: raw.Schema}
	var err error
	if k.Files, err = ParseGlob(raw.Files); err != nil {
		r.report(finding.Finding{Rule: "files", Found: err.Error()}, "kinds", name, "files")
	}
	if raw.Schema != "" {
		k.Schema = r.schema(name, raw.Schema)
	}
	for _, s := range r.doc.Keys("kinds", name, "states") {
		state := State{Name: s}
		if f := raw.States[s]; f != nil {
			state.Initial, state.Paused, state.Final = f.Initial, f.Paused, f.Final
		}
		k.States = append(k.States, state)
	}
	r.optionalField(k, raw.Status, "kinds", name, "status")
	r.optionalField(k, raw.Requester, "kinds", name, "requester")
	assignees, _, _ := strings.Cut(raw.Assignees, ".")
	r.optionalField(k, strings.TrimSuffix(assignees, "[]"), "kinds", name, "assignees")
	if k.Status == "" && (len(k.States) > 0 || len(raw.Moves) > 0) {
		r.report(finding.Finding{Rule: "status", Found: "states or moves without a `status` field", Expected: "a line `status: …` with the field that shows the state"}, "kinds", name)
	}
	return k
}

func (r *reader) schema(kind, path string) *schema.Schema {
	s, err := r.schemas[path]()
	if err != nil {
		r.report(finding.Finding{Rule: "schema", Found: oneLine(err.Error()), Expected: "the path of a JSON Schema (2020-12), from the repository's root"}, "kinds", kind, "schema")
		return nil
	}
	return s
}

// compileSchemas begins to compile the schemas of all kinds, each by itself: that takes most
// of the time that a definition does.
func (r *reader) compileSchemas(compiler schema.Cache) {
	r.schemas = map[string]func() (*schema.Schema, error){}
	for _, raw := range r.raw.Kinds {
		path := raw.Schema
		if path == "" || r.schemas[path] != nil {
			continue
		}
		file := r.files[path]
		r.schemas[path] = sync.OnceValues(func() (*schema.Schema, error) {
			if file.err != nil {
				return nil, file.err
			}
			return compiler.Compile(path, file.src)
		})
		go r.schemas[path]()
	}
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func (r *reader) people() {
	p := r.raw.People
	if p == nil {
		return
	}
	if r.def.Kind(p.Kind) == nil {
		r.report(finding.Finding{Rule: "unknown-kind", Found: fmt.Sprintf("there is no kind `%s`", p.Kind), Expected: schema.OneOf(r.kindNames()), Fix: schema.DidYouMean(p.Kind, r.kindNames())}, "people", "kind")
		return
	}
	k := r.def.Kind(p.Kind)
	r.optionalField(k, p.Account, "people", "account")
	r.optionalField(k, p.ID, "people", "id")
	r.def.People = &People{p.Kind, p.Account, p.ID}
}

func (r *reader) kindNames() []string {
	var names []string
	for _, k := range r.def.Kinds {
		names = append(names, k.Name)
	}
	return names
}

// roles compiles each role for every kind. A role may speak of fields that only some
// kinds have; one that fits no kind is a finding.
func (r *reader) roles() {
	for _, name := range r.doc.Keys("roles") {
		role := &Role{name, map[string]*Expr{}}
		var first *fault
		for _, k := range r.def.Kinds {
			expr, bad := r.compiler.compile(r.raw.Roles[name], k)
			switch {
			case bad == nil:
				role.byKind[k.Name] = expr
			case first == nil && k.Schema != nil, first == nil && r.schemaless():
				first = bad
			}
		}
		if first != nil && !r.fitsSchema(role) {
			r.reportFault(first, "roles", name)
		}
		r.def.roles[name] = role
	}
}

func (r *reader) schemaless() bool {
	return !slices.ContainsFunc(r.def.Kinds, func(k *Kind) bool { return k.Schema != nil })
}

// fitsSchema reports whether a role compiled for a kind that has a schema to check it by,
// or would have one if it could be read.
func (r *reader) fitsSchema(role *Role) bool {
	return slices.ContainsFunc(r.def.Kinds, func(k *Kind) bool { return r.raw.Kinds[k.Name].Schema != "" && role.byKind[k.Name] != nil })
}

// expr compiles an optional expression; an empty one is nil.
func (r *reader) expr(text string, k *Kind, path ...string) *Expr {
	if text == "" {
		return nil
	}
	e, bad := r.compiler.compile(text, k)
	if bad != nil {
		r.reportFault(bad, path...)
	}
	return e
}

// reportFault points into the expression where it stands on one line.
func (r *reader) reportFault(bad *fault, path ...string) {
	p := r.doc.Inside(bad.line, bad.column, path...)
	r.findings = append(r.findings, finding.Finding{Rule: "expression", Path: r.doc.Path, Line: p.Line, Column: p.Column,
		Found: "this expression does not compile: " + oneLine(bad.words), Expected: "a CEL expression that is " + bad.wanted})
}
