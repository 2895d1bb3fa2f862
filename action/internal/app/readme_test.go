package app_test

import (
	"bytes"
	"context"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/app"
)

// root is the repository's top, seen from this package.
const root = "../../.."

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheReadmesLinkOpensAFileThatOnlyNeedsItsAnswers(t *testing.T) {
	link := regexp.MustCompile(`https://github\.com/[^)\s]+/new/main\?[^)\s]+`).FindString(readme(t))
	u, err := url.Parse(link)
	if err != nil || link == "" {
		t.Fatalf("no link to a new file: %v", err)
	}
	value := u.Query().Get("value")
	if first, _, _ := strings.Cut(value, "\n"); !strings.HasPrefix(first, "# Public for ever. Safety, legal, personal: not here") || !strings.Contains(first, "roster/teams/example-safety.yaml") {
		t.Errorf("the first line is %q", first)
	}
	dir := desk(t)
	path := filepath.Join(dir, filepath.FromSlash(u.Query().Get("filename")))
	if code, out := checkFile(t, dir, path, value); code != 1 || strings.Count(out, "error:") != 4 {
		t.Errorf("unanswered: exit code %d\n%s", code, out)
	}
	if code, out := checkFile(t, dir, filepath.Join(dir, "roster", "teams", "example-editing.yaml"), "names: [{name: Editing}]\ndepartments: [{department: product}]\n"); code != 0 {
		t.Fatalf("the team: exit code %d\n%s", code, out)
	}
	answered := strings.NewReplacer("title:\n", "title: An example\n", "team:\n", "team: example-editing\n", "summary: >-\n", "summary: >-\n  We would like help.\n", "help: []", "help: [question]").Replace(value)
	if code, out := checkFile(t, dir, path, answered); code != 0 {
		t.Errorf("answered: exit code %d\n%s", code, out)
	}
}

// desk copies the definition and the schemas into a new repository without commits.
func desk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, folder := range []string{".github", "schemas"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(filepath.Join(root, folder))); err != nil {
			t.Fatal(err)
		}
	}
	for _, folder := range []string{".git/objects", ".git/refs"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, ".git/HEAD"), []byte("ref: refs/heads/main\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

func checkFile(t *testing.T, dir, path, content string) (code int, out string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	return check(path, "--repo", dir)
}

func check(args ...string) (code int, out string) {
	var b bytes.Buffer
	a := app.FromOS()
	a.Stdout, a.Stderr = &b, &b
	return a.Run(context.Background(), append([]string{"check"}, args...)), b.String()
}

func TestTheSampleRecordsPass(t *testing.T) {
	dir := desk(t)
	for _, folder := range []string{"requests", "roster", "plans"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(filepath.Join(root, folder))); err != nil {
			t.Fatal(err)
		}
	}
	if code, out := check("--repo", dir); code != 0 || !strings.HasPrefix(out, "36 records checked: 0 errors, 0 warnings") {
		t.Errorf("exit code %d\n%s", code, out)
	}
}

func TestTheTenLinesAreTen(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "ten-lines.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n != 10 {
		t.Errorf("docs/ten-lines.yaml has %d lines", n)
	}
}

func TestTheReadmeNamesEveryCommand(t *testing.T) {
	var b bytes.Buffer
	a := app.FromOS()
	a.Stdout = &b
	a.Run(context.Background(), []string{"--help"})
	text := readme(t)
	commands := regexp.MustCompile(`(?m)^  (check|clocks|demo|events|explain|reconcile|report|[a-z]+) {2,}\S`).FindAllStringSubmatch(b.String(), -1)
	if len(commands) < 8 {
		t.Fatalf("cannot read the help:\n%s", b.String())
	}
	for _, m := range commands {
		if m[1] != "help" && m[1] != "version" && !strings.Contains(text, "liaison "+m[1]) {
			t.Errorf("the README does not name `liaison %s`", m[1])
		}
	}
}

func TestARenamedPersonIsMendedByTheirOlderName(t *testing.T) {
	dir := desk(t)
	for _, folder := range []string{"requests", "roster", "plans"} {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(filepath.Join(root, folder))); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "requests", "2026", "new-toolbar.yaml")
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	old := strings.Replace(string(src), "{person: example-lia,", "{person: ExampleLiaOld,", 1)
	if code, out := checkFile(t, dir, path, old); code != 1 || !strings.Contains(out, "it is called `example-lia` now") {
		t.Errorf("exit code %d\n%s", code, out)
	}
	if code, out := check("--repo", dir, "--fix", path); code != 0 {
		t.Errorf("after --fix: exit code %d\n%s", code, out)
	}
	if mended, _ := os.ReadFile(path); string(mended) != string(src) {
		t.Errorf("the mend changed more than the name:\n%s", mended)
	}
}
