package app_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/app"
)

// sampleDesk is this repository's definition, schemas and records, in a new repository.
func sampleDesk(t *testing.T) string {
	t.Helper()
	dir := desk(t)
	for _, folder := range []string{"requests", "roster", "plans"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(filepath.Join(root, folder))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func liaison(args ...string) (code int, out string) {
	var b bytes.Buffer
	a := app.FromOS()
	a.Stdout, a.Stderr = &b, &b
	return a.Run(context.Background(), args), b.String()
}

// begun is the record that `liaison new` begins, and its path.
func begun(t *testing.T, dir, kind, slug string) (path, text string) {
	t.Helper()
	code, out := liaison("new", kind, slug, "--repo", dir)
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, out)
	}
	at, _, _ := strings.Cut(out, "\n")
	path = filepath.Join(dir, filepath.FromSlash(at))
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, string(src)
}

func TestANewRecordPassesOnceItsAnswersAreIn(t *testing.T) {
	t.Parallel()
	tests := []struct{ kind, slug, answers string }{
		{"request", "new-thing", "title:=title: A thing|team:=team: example-editing|summary: >-=summary: We would like help.|help: []=help: [question]|wanted_by:=wanted_by: flexible"},
		{"person", "example-nova", "name:=name: Example Nova|- role:=- role: product-ambassador|from:=from: 2026-07-01|date:=date: 2026-07-01"},
		{"team", "example-new", "- name:=- name: Example New|- department:=- department: product"},
		{"wiki", "itwiki", "domain:=domain: it.wikipedia.org|language:=language: it"},
		{"plan", "new-thing", "title:=title: A thing|status:=status: idea|owner:=owner: example-lia"},
	}
	for _, test := range tests {
		t.Run(test.kind, func(t *testing.T) {
			dir := sampleDesk(t)
			path, text := begun(t, dir, test.kind, test.slug)
			if code, _ := check(path, "--repo", dir); code != 1 {
				t.Errorf("unanswered, its check has exit code %d", code)
			}
			for _, answer := range strings.Split(test.answers, "|") {
				empty, filled, _ := strings.Cut(answer, "=")
				line := regexp.MustCompile(`(?m)^( *)` + regexp.QuoteMeta(empty) + `$`)
				if n := len(line.FindAllString(text, -1)); n != 1 {
					t.Errorf("%d lines ask for %q", n, empty)
				}
				text = line.ReplaceAllString(text, "${1}"+filled)
			}
			if code, out := checkFile(t, dir, path, text); code != 0 {
				t.Errorf("answered: exit code %d\n%s\n%s", code, out, text)
			}
		})
	}
}

func TestEverythingThatIsOfferedPassesTheCheck(t *testing.T) {
	for kind, slug := range map[string]string{"request": "new-thing", "person": "example-nova", "team": "example-new", "wiki": "itwiki", "plan": "new-thing"} {
		t.Run(kind, func(t *testing.T) {
			dir := sampleDesk(t)
			path, text := begun(t, dir, kind, slug)
			text = taken(text)
			if code, out := checkFile(t, dir, path, text); code != 0 || !strings.Contains(out, "1 record checked: 0 errors, 0 warnings") {
				t.Errorf("exit code %d\n%s\n%s", code, out, text)
			}
		})
	}
}

var (
	offer    = regexp.MustCompile(`^#([\pL]|  )`)
	example  = regexp.MustCompile(`^ *# For example: (.*)$`)
	choice   = regexp.MustCompile(`^ *# - ([\w-]+)(:|$)`)
	unfilled = regexp.MustCompile(`^([ -]*\w+:)( \[\]| >-)?$`)
)

// taken is a form with every offer taken, and every question answered by its example, or
// by the first of its words.
func taken(text string) string {
	answer := ""
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if m := example.FindStringSubmatch(line); m != nil {
			answer = m[1]
		} else if m := choice.FindStringSubmatch(line); m != nil && answer == "" {
			answer = m[1]
		}
		m := unfilled.FindStringSubmatch(line)
		switch {
		case offer.MatchString(line):
			lines[i], answer = line[1:], ""
		case m != nil && answer != "":
			lines[i], answer = m[1]+" "+answer, ""
		case line == "":
			answer = ""
		}
	}
	return strings.Join(lines, "\n")
}

func TestANewRecordBeginsWithWhereSafetyMattersGo(t *testing.T) {
	dir := sampleDesk(t)
	const want = "# Public for ever. Safety, legal, personal: not here. Go to: roster/teams/example-safety.yaml\n# yaml-language-server: $schema=../../schemas/request.schema.json\n"
	if _, text := begun(t, dir, "request", "one"); !strings.HasPrefix(text, want) {
		t.Errorf("it begins\n%s", text[:200])
	}
	if err := os.Remove(filepath.Join(dir, "roster/teams/example-safety.yaml")); err != nil {
		t.Fatal(err)
	}
	if _, text := begun(t, dir, "request", "two"); !strings.HasPrefix(text, "# yaml-language-server: ") {
		t.Errorf("without such a team it begins\n%s", text[:200])
	}
}
