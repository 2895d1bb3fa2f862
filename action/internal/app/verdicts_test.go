package app_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"
)

const (
	keptDesk  = "desk: D\nkinds:\n  note: {files: notes/*.yaml, schema: note.json, status: status}\n  team: {files: teams/*.yaml, schema: team.json}\n"
	noteRules = `{"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}, "team": {"type": "string", "x-ref": {"kind": "team"}},
		"speaks": {"type": "string", "x-ref": {"kind": "team", "by": "language", "missing": "warning"}}, "after": {"type": "string", "x-ref": {"kind": "note"}}, "number": {"type": "integer", "x-unique": true}}}`
	teamRules  = `{"type": "object", "properties": {"id": {"type": "string", "x-id": true}, "language": {"type": "string"}}}`
	otherRules = `{"type": "object", "properties": {"title": {"type": "string", "maxLength": 1}}}`
)

// TestVerdictsOfEarlierRunsChangeNothing changes a desk in all sorts of ways. After each,
// checks that use what was found before say, byte for byte, what one says that does not.
func TestVerdictsOfEarlierRunsChangeNothing(t *testing.T) {
	notes := []string{"title: T\n", "title: T\nteam: a\n", "title: T\nteam: b\nnumber: 1\n", "title: T\nnumber: 1\n", "title: T\nnumber: 2\n", "title: T\nafter: n1\n", "title: T\nafter: n2\n", "title: T\nspeaks: fr\n",
		"titel: T\n", "title: no\n", "title: T\n# write to petra@example.org\n", "title: ", "a: [", "title: T\r\n"}
	teams := []string{"id: a\n", "id: b\nlanguage: fr\n", "language: fr\n", "language: de\n", "id: A\n"}
	rapid.Check(t, func(rt *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "desk")
		if err != nil {
			rt.Fatal(err)
		}
		for name, text := range map[string]string{".github/liaison.yaml": keptDesk, "note.json": noteRules, "team.json": teamRules, "notes/n0.yaml": "title: T\nnumber: 1\n", "teams/a.yaml": "id: a\n"} {
			put(t, filepath.Join(dir, name), text)
		}
		if out, err := exec.Command("git", "init", "-q", dir).CombinedOutput(); err != nil {
			t.Skip("git is not installed: ", string(out))
		}
		for range rapid.IntRange(1, 4).Draw(rt, "steps") {
			name := rapid.SampledFrom([]string{"notes/n1.yaml", "notes/n2.yaml", "notes/n3.yaml", "notes/N3.yaml", "teams/a.yaml", "teams/b.yaml", "note.json", "notes/n4.yml", ".git/liaison/verdicts"}).Draw(rt, "file")
			path := filepath.Join(dir, name)
			switch deed := rapid.IntRange(0, 4).Draw(rt, "deed"); {
			case name == ".git/liaison/verdicts":
				damage(rt, path)
			case name == "note.json":
				put(t, path, rapid.SampledFrom([]string{noteRules, otherRules, "{"}).Draw(rt, "rules"))
			case deed == 0:
				_ = os.Remove(path)
			case name[0] == 't':
				put(t, path, rapid.SampledFrom(teams).Draw(rt, "team"))
			default:
				put(t, path, rapid.SampledFrom(notes).Draw(rt, "note"))
			}
			sameWithAndWithout(rt, t, dir)
		}
	})
}

func sameWithAndWithout(rt *rapid.T, t *testing.T, dir string) {
	code, want, said := run(t, "check", "--repo", dir, "--format", "json", "--no-cache")
	for _, time := range []string{"first", "second"} {
		c, got, s := run(t, "check", "--repo", dir, "--format", "json")
		if c != code || got != want || s != said {
			rt.Fatalf("the %s time: exit code %d, %s\n%s\nwithout what was found before: %d, %s\n%s", time, c, s, got, code, said, want)
		}
	}
}

// damage cuts or changes every file of verdicts.
func damage(rt *rapid.T, folder string) {
	names, _ := filepath.Glob(filepath.Join(folder, "*"))
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil || len(b) == 0 {
			continue
		}
		at := rapid.IntRange(0, len(b)-1).Draw(rt, "at")
		if b[at] ^= byte(rapid.IntRange(0, 255).Draw(rt, "bits")); rapid.Bool().Draw(rt, "cut") {
			b = b[:at]
		}
		if err := os.WriteFile(name, b, 0o666); err != nil {
			rt.Fatal(err)
		}
	}
}

func TestVerdictsOfFewSetsOfRulesAreKept(t *testing.T) {
	dir := shippedDesk(t)
	for i := range 6 {
		put(t, filepath.Join(dir, ".github/liaison.yaml"), fmt.Sprintf("desk: D%d\nkinds: {team: {files: roster/teams/*.yaml}}\n", i))
		put(t, filepath.Join(dir, "roster/teams/x.yaml"), "a: b\n")
		if code, out, _ := run(t, "check", "--repo", dir); code != 0 {
			t.Fatal(out)
		}
	}
	if names, _ := filepath.Glob(filepath.Join(dir, ".git/liaison/verdicts/*")); len(names) != 4 {
		t.Errorf("%d files are kept, expected 4", len(names))
	}
	if code, _, _ := run(t, "check", "--repo", dir, "--no-cache"); code != 0 {
		t.Error("it fails without them")
	}
}
