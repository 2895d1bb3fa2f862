package conform_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/sim/github/conform"
)

// variable names the folder of the exchanges that other tests recorded.
const variable = "LIAISON_EXCHANGES"

func load(t *testing.T) *conform.Description {
	t.Helper()
	d, err := conform.Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func read(t *testing.T, dir string) map[string]conform.Exchange {
	t.Helper()
	all, err := conform.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatalf("%s holds no exchange", dir)
	}
	t.Logf("%d exchanges", len(all))
	return all
}

func complain(t *testing.T, d *conform.Description, all map[string]conform.Exchange) {
	t.Helper()
	for name, e := range all {
		for _, complaint := range d.Check(e) {
			t.Errorf("%s: %s", name, complaint)
		}
	}
}

func TestWhatOtherTestsAskedAndGotIsAsGitHubDescribesIt(t *testing.T) {
	dir := os.Getenv(variable)
	if dir == "" {
		t.Skipf("no exchanges were recorded: run the other tests with %s set to an empty folder before, and this one too", variable)
	}
	complain(t, load(t), read(t, dir))
}

func TestEveryEndpointIsAsGitHubDescribesIt(t *testing.T) {
	dir := t.TempDir()
	cmd := exec.Command("go", "test", "-count=1", "-run=TestEveryEndpoint", "./action/internal/sim/github")
	cmd.Dir, cmd.Env = "../../../../..", append(os.Environ(), variable+"="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	d, all := load(t), read(t, dir)
	complain(t, d, all)
	answered := map[string]bool{}
	for _, e := range all {
		if e.Status < 300 {
			answered[d.Operation(e)] = true
		}
	}
	for _, op := range conform.Operations() {
		if !answered[op] {
			t.Errorf("%s was never answered: nothing is known about it", op)
		}
	}
	for _, s := range spoiled() {
		t.Run(s.name, func(t *testing.T) { s.check(t, d, all) })
	}
}

// A spoil turns exchanges that are as described into such as are not.
type spoil struct {
	name    string
	method  string // of an exchange that succeeded
	path    *regexp.Regexp
	part    func(*conform.Exchange) *string
	was, is string
	want    string // in the complaint
}

func query(e *conform.Exchange) *string  { return &e.Query }
func body(e *conform.Exchange) *string   { return &e.Body }
func answer(e *conform.Exchange) *string { return &e.Answer }

func spoiled() []spoil {
	return []spoil{
		{"a field that must be there", "GET", regexp.MustCompile(`/pulls/1$`), answer, `"mergeable_state":"unknown",`, ``, `property "mergeable_state" is missing`},
		{"a field of another type", "GET", regexp.MustCompile(`/pulls/1$`), answer, `"number":1,`, `"number":"1",`, "must be an integer"},
		{"a field that GitHub does not know", "GET", regexp.MustCompile(`/issues/3$`), answer, `"locked":false`, `"locked":false,"closed":true`, `property "closed" is unsupported`},
		{"a misspelt one in a timeline", "GET", regexp.MustCompile(`/timeline$`), answer, `"dismissed_review"`, `"review_dismissed"`, "doesn't match any schema"},
		{"a time that is none", "GET", regexp.MustCompile(`/issues/3$`), answer, `"updated_at":"2026`, `"updated_at":"soon2026`, "date-time"},
		{"a request with a field of another type", "POST", regexp.MustCompile(`/git/refs$`), body, `"sha":"`, `"sha":7,"x":"`, "GitHub would not take"},
		{"a request without what it needs", "POST", regexp.MustCompile(`/statuses/`), body, `"state":"success",`, ``, `property "state" is missing`},
		{"a request with a field that GitHub does not know", "POST", regexp.MustCompile(`/labels$`), body, `"color"`, `"colour"`, `property "colour" is unsupported`},
		{"a sort that GitHub does not know", "GET", regexp.MustCompile(`/issues$`), query, `sort=updated`, `sort=age`, "is not one of the allowed values"},
	}
}

func (s spoil) check(t *testing.T, d *conform.Description, all map[string]conform.Exchange) {
	found := 0
	for _, e := range all {
		part := s.part(&e)
		if e.Method != s.method || !s.path.MatchString(e.Path) || e.Status > 299 || !strings.Contains(*part, s.was) {
			continue
		}
		found++
		*part = strings.ReplaceAll(*part, s.was, s.is)
		if got := strings.Join(d.Check(e), "\n"); !strings.Contains(got, s.want) {
			t.Errorf("got %q, want %q", got, s.want)
		}
	}
	if found == 0 {
		t.Error("there is no such exchange to spoil")
	}
}

func TestAnAnswerThatNoOperationGivesIsFound(t *testing.T) {
	d := load(t)
	for _, tt := range []struct {
		e    conform.Exchange
		want string
	}{
		{conform.Exchange{Method: "GET", Path: "/repos/a/b/issues", Status: 418}, "no operation answers with this status"},
		{conform.Exchange{Method: "GET", Path: "/repos/a/b/issues", Status: 401, Answer: `{"message":"no"}`}, "documentation_url"},
		{conform.Exchange{Method: "GET", Path: "/repos/a/b/secrets", Status: 200}, "GitHub describes no GET"},
	} {
		if got := strings.Join(d.Check(tt.e), "\n"); !strings.Contains(got, tt.want) {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
