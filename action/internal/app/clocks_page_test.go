package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/workflow"
)

// The examples of docs/clocks.md are read as a desk's definition, without a finding.
func TestTheExamplesOfTheClocksPageAreADefinition(t *testing.T) {
	src := `desk: Example
timezone: UTC
kinds:
  request:
    files: requests/*
    status: status
    assignees: "assignees[].person"
roles: {liaison: "true"}
`
	for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(page(t, "docs/clocks.md"), -1) {
		src += block[1]
	}
	def, findings, err := workflow.Read(workflow.Path, []byte(src), func(path string) ([]byte, error) {
		if path != "calendars/berlin.ics" {
			return nil, fs.ErrNotExist
		}
		return []byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270101\nRRULE:FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR\n"), nil
	})
	if err != nil || def == nil || len(findings) > 0 {
		t.Fatalf("%v, %v", err, findings)
	}
	if len(def.Calendars) != 3 || len(def.Targets) != 2 || len(def.Targets[0].Cases) != 3 {
		t.Errorf("it has %d calendars and %d targets", len(def.Calendars), len(def.Targets))
	}
}

// Every test that the page names is there, with the case that it names.
func TestTheTestsOfTheClocksPageAreThere(t *testing.T) {
	sources := testSources(t)
	_, table, _ := strings.Cut(page(t, "docs/clocks.md"), "## What other tools get wrong")
	table, _, _ = strings.Cut(table, "\n## ")
	rows := 0
	for _, row := range strings.Split(table, "\n") {
		cells := strings.Split(row, "|")
		if len(cells) != 5 || !strings.Contains(cells[3], "`Test") {
			continue
		}
		rows++
		for _, name := range regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(cells[3], -1) {
			if !strings.Contains(sources, "func "+name[1]+"(") {
				t.Errorf("there is no test %s", name[1])
			}
		}
		for _, c := range regexp.MustCompile(`"[^"]+"`).FindAllString(cells[3], -1) {
			if !strings.Contains(sources, "{"+c) {
				t.Errorf("no test has the case %s", c)
			}
		}
	}
	if rows < 15 {
		t.Errorf("the table has %d rows with tests", rows)
	}
}

func page(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// testSources is the source of all tests.
func testSources(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(filepath.Join(root, "action"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := os.ReadFile(path)
		b.Write(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
