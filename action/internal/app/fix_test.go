package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/law"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFixMendsARecord(t *testing.T) {
	dir := shippedDesk(t)
	path := filepath.Join(dir, "requests/2026/typos.yaml")
	put(t, path, "\ufefftitel: no # short\r\nteam: Example Editing\r\nsummary: 1.10\r\nhelp: planing\r\nwanted_by: flexibel\r\nstarts: 5 March 2026\r\nassignees:\r\n  - person: @example-lia\r\n\tduty: lead\r\n---\r\n")
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	before := snapshot(t, dir)
	code, stdout, stderr := run(t, "check", "--repo", dir, "--fix")
	if code != 0 {
		t.Errorf("exit code %d\n%s\n%s", code, stdout, stderr)
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const want = "title: \"no\" # short\r\nteam: example-editing\r\nsummary: \"1.10\"\r\nhelp: [planning]\r\nwanted_by: flexible\r\nstarts: 2026-03-05\r\nassignees:\r\n  - person: \"example-lia\"\r\n    duty: lead\r\n"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode became %v, %v", info.Mode(), err)
	}
	after := snapshot(t, dir)
	delete(before, path)
	for p, content := range before {
		if after[p] != content {
			t.Errorf("%s was touched", p)
		}
	}
	if len(after) != len(before)+1 {
		t.Errorf("%d files, were %d", len(after), len(before)+1)
	}
}

func TestFixIsForTheWorkTree(t *testing.T) {
	dir := shippedDesk(t)
	for _, args := range [][]string{{"--rev", "main"}, {"--base", "main", "--head", "main"}} {
		if code, _, stderr := run(t, append([]string{"check", "--repo", dir, "--fix"}, args...)...); code != 2 || !strings.Contains(stderr, "--fix") {
			t.Errorf("%v: exit code %d, %s", args, code, stderr)
		}
	}
}

// Mending twice is mending once; what was mended is gone; other files stay.
func TestFixHoldsItsLaws(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	copyTree(t, "../../../schemas", filepath.Join(dir, "schemas"))
	put(t, filepath.Join(dir, ".github/liaison.yaml"), "desk: D\nkinds: {request: {files: requests/*/*.yaml, schema: schemas/request.schema.json}}\n")
	initRepo(t, dir)
	path := filepath.Join(dir, "requests/2026/law.yaml")
	law.Check(t, func(rt *rapid.T) {
		good := []string{"title: T", "team: example-editing", "summary: s", "help: [other]", "wanted_by: flexible"}
		typos := [][]string{
			{"titel: T", "Title: T", "title: no", "title: 1e3", "title: a: b", "title: \"x\u200b\"", "", "title: @x"},
			{"team: Example Editing", "team: exampel-editing", "team: @example-editing", "", "team: [x]"},
			{"summary: 012", "sumary: s", "summary: |\n  a\n\n  # b", "", "summary:"},
			{"help: other", "help: [othr, idea]", "help:\n- idea\n- plannin", "", "help: []"},
			{"wanted_by: 2026/3/5", "wanted_by: 5/3/2026", "wanted_by: March 5, 2026", "wanted_by: Flexible", ""},
		}
		lines := append([]string{}, good...)
		for i, list := range typos {
			if rapid.Bool().Draw(rt, "typos") {
				lines[i] = rapid.SampledFrom(list).Draw(rt, "typo")
			}
		}
		lines = append(lines, rapid.SliceOfN(rapid.SampledFrom([]string{"", "# why", "risks:\n\t- text: t", "risks: [{txt: t}]", "audience: {role: [editors]}", "---", "assignees:\n  - duty: lead", "reason: y"}), 0, 2).Draw(rt, "more")...)
		src := strings.Join(lines, "\n") + rapid.SampledFrom([]string{"", "\n"}).Draw(rt, "end")
		src = strings.ReplaceAll(src, "\n", rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(rt, "end of line"))
		put(t, path, src)

		_, first, _ := run(t, "check", "--repo", dir, "--fix", "--format", "json", path)
		once, _ := os.ReadFile(path)
		_, second, again := run(t, "check", "--repo", dir, "--fix", "--format", "json", path)
		twice, _ := os.ReadFile(path)
		if string(once) != string(twice) || first != second || !strings.HasSuffix(again, "mended: 0 findings\n") {
			rt.Fatalf("%q became %q and then %q\n%s", src, once, twice, again)
		}
		if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
			rt.Fatalf("%d files beside it", len(entries))
		}
	})
}
