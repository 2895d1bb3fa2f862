package workflow_test

import (
	"io/fs"
	"testing"

	"github.com/commrel/liaison/action/internal/workflow"
)

// cachedDesk is a definition that names a schema and a list of holidays.
const cachedDesk = `desk: An example
kinds:
  note: {files: notes/*.yaml, schema: note.json}
calendars:
  office: {hours: {mon-fri: 09:00-17:00}, holidays_from: [days.ics]}
`

const noDays = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\nEND:VCALENDAR\r\n"

// shelf are files by name, and how often one was read.
type shelf struct {
	files map[string]string
	reads int
}

func (s *shelf) open(path string) ([]byte, error) {
	s.reads++
	text, there := s.files[path]
	if !there {
		return nil, fs.ErrNotExist
	}
	return []byte(text), nil
}

func kept(t *testing.T, c *workflow.Cache, s *shelf, src string) (def *workflow.Definition, findings int) {
	t.Helper()
	def, found, err := c.Read("liaison.yaml", []byte(src), s.open)
	if err != nil {
		t.Fatal(err)
	}
	return def, len(found)
}

func TestTheSameBytesAreTheSameDefinition(t *testing.T) {
	c := workflow.NewCache()
	s := &shelf{files: map[string]string{"note.json": `{"type": "object"}`, "days.ics": noDays}}
	first, _ := kept(t, c, s, cachedDesk)
	again, _ := kept(t, c, s, cachedDesk)
	if first == nil || first != again {
		t.Errorf("%p and %p: want one definition", first, again)
	}
	if s.reads != 4 {
		t.Errorf("%d files were read, want two each time", s.reads)
	}
}

func TestAnotherFileMakesAnotherDefinition(t *testing.T) {
	for _, name := range []string{"note.json", "days.ics"} {
		c := workflow.NewCache()
		s := &shelf{files: map[string]string{"note.json": `{"type": "object"}`, "days.ics": noDays}}
		first, _ := kept(t, c, s, cachedDesk)
		s.files[name] += "\n"
		if other, _ := kept(t, c, s, cachedDesk); other == first {
			t.Errorf("%s changed, and the definition is the same", name)
		}
	}
}

func TestAMissingFileIsFoundOnceItIsThere(t *testing.T) {
	c, s := workflow.NewCache(), &shelf{files: map[string]string{"days.ics": noDays}}
	for range 2 {
		if def, found := kept(t, c, s, cachedDesk); def != nil || found != 1 {
			t.Fatalf("%v with %d findings, want one: there is no schema", def, found)
		}
	}
	s.files["note.json"] = `{"type": "object"}`
	if def, found := kept(t, c, s, cachedDesk); def == nil || found != 0 {
		t.Errorf("%v with %d findings, want none", def, found)
	}
}

func TestNobodyChangesTheFindingsThatAreKept(t *testing.T) {
	c, s := workflow.NewCache(), &shelf{files: map[string]string{"days.ics": noDays}}
	_, findings, err := c.Read("liaison.yaml", []byte(cachedDesk), s.open)
	if err != nil || len(findings) != 1 {
		t.Fatal(findings, err)
	}
	want := findings[0].Found
	findings[0].Found = "something else"
	_, findings, _ = c.Read("liaison.yaml", []byte(cachedDesk), s.open)
	if findings[0].Found != want {
		t.Errorf("found %q, want %q", findings[0].Found, want)
	}
}
