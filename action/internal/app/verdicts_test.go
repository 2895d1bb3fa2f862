package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/law"
	"pgregory.net/rapid"
)

const (
	keptDesk  = "desk: D\ncalendars: {office: {hours: {mon-fri: 09:00-17:00}, holidays_from: holidays.ics}}\nkinds:\n  note: {files: notes/*.yaml, schema: note.json, status: status}\n  team: {files: teams/*.yaml, schema: team.json}\n"
	noteRules = `{"type": "object", "required": ["title"], "properties": {"title": {"type": "string"}, "status": {"type": "string"}, "team": {"type": "string", "x-ref": {"kind": "team"}},
		"speaks": {"type": "string", "x-ref": {"kind": "team", "by": "language", "missing": "warning"}}, "after": {"type": "string", "x-ref": {"kind": "note"}}, "number": {"type": "integer", "x-unique": true}}}`
	teamRules  = `{"type": "object", "properties": {"id": {"type": "string", "x-id": true}, "language": {"type": "string"}}}`
	holidays   = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\nEND:VCALENDAR\n"
	noHolidays = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nRRULE:FREQ=DAILY\nEND:VEVENT\nEND:VCALENDAR\n"
	otherRules = `{"type": "object", "properties": {"title": {"type": "string", "maxLength": 1}, "status": {"type": "string"}}}`
)

// TestVerdictsOfEarlierRunsChangeNothing changes a desk in all sorts of ways. After each,
// checks that use what was found before say, byte for byte, what one says that does not.
func TestVerdictsOfEarlierRunsChangeNothing(t *testing.T) {
	t.Parallel()
	notes := []string{"title: T\n", "title: T\nteam: a\n", "title: T\nteam: b\nnumber: 1\n", "title: T\nnumber: 1\n", "title: T\nnumber: 2\n", "title: T\nafter: n1\n", "title: T\nafter: n2\n", "title: T\nspeaks: fr\n",
		"titel: T\n", "title: no\n", "title: T\n# write to petra@example.org\n", "title: ", "a: [", "title: T\r\n"}
	teams := []string{"id: a\n", "id: b\nlanguage: fr\n", "language: fr\n", "language: de\n", "id: A\n"}
	template := t.TempDir()
	for name, text := range map[string]string{".github/liaison.yaml": keptDesk, "note.json": noteRules, "holidays.ics": holidays, "team.json": teamRules, "notes/n0.yaml": "title: T\nnumber: 1\n", "teams/a.yaml": "id: a\n"} {
		put(t, filepath.Join(template, name), text)
	}
	initRepo(t, template)
	law.Check(t, func(rt *rapid.T) {
		dir := copied(t, template)
		sameWithAndWithout(rt, t, dir)
		if kept, _ := filepath.Glob(filepath.Join(dir, ".git/liaison/verdicts/*")); len(kept) == 0 {
			_, out, _ := run(t, "check", "--repo", dir)
			rt.Fatal("no verdict is kept: ", out)
		}
		for range rapid.IntRange(1, 4).Draw(rt, "steps") {
			name := rapid.SampledFrom([]string{"notes/n1.yaml", "notes/n2.yaml", "notes/n3.yaml", "notes/N3.yaml", "teams/a.yaml", "teams/b.yaml", "note.json", "holidays.ics", "notes/n4.yml", ".git/liaison/verdicts"}).Draw(rt, "file")
			path := filepath.Join(dir, name)
			switch deed := rapid.IntRange(0, 4).Draw(rt, "deed"); {
			case name == ".git/liaison/verdicts":
				damage(rt, path)
			case name == "note.json":
				put(t, path, rapid.SampledFrom([]string{noteRules, otherRules, "{"}).Draw(rt, "rules"))
			case name == "holidays.ics" && deed > 0:
				put(t, path, rapid.SampledFrom([]string{holidays, noHolidays, "", strings.ReplaceAll(holidays, "2026", "2025")}).Draw(rt, "holidays"))
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
	for _, again := range []string{"first", "second"} {
		c, got, s := run(t, "check", "--repo", dir, "--format", "json")
		if c != code || got != want || s != said {
			rt.Fatalf("the %s time: exit code %d, %s\n%s\nwithout what was found before: %d, %s\n%s", again, c, s, got, code, said, want)
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

func TestACalendarIsReadAgainBesideVerdictsOfEarlierRuns(t *testing.T) {
	const clean, broken = "1 record checked: 0 errors, 0 warnings", "[ics]"
	desk := "desk: D\ncalendars: {office: {hours: {mon-fri: 09:00-17:00}, holidays_from: holidays.ics}}\nkinds: {note: {files: notes/*.yaml}}\n"
	for _, c := range []struct {
		name string
		file string // that is changed
		text string
		at   time.Time
		code int
		says string
	}{
		{"nothing happens to it", "", "", now, 0, clean},
		{"its holidays break", "holidays.ics", noHolidays, now, 1, broken},
		{"its holidays end sooner", "holidays.ics", strings.ReplaceAll(holidays, "2026", "2025"), now, 0, "[calendar-ends]"},
		{"its end draws near", "", "", time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC), 0, "[calendar-ends]"},
		{"its end draws near and a record is added", "notes/b.yaml", "title: B\n", time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC), 0, "2 records checked: 0 errors, 1 warning"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			initRepo(t, dir)
			for name, text := range map[string]string{".github/liaison.yaml": desk, "holidays.ics": holidays, "notes/a.yaml": "title: A\n"} {
				put(t, filepath.Join(dir, name), text)
			}
			if _, out, said := runAt(t, now, "check", "--repo", dir); !strings.Contains(out, clean) {
				t.Fatal(out, said)
			}
			if c.file != "" {
				put(t, filepath.Join(dir, c.file), c.text)
			}
			for _, again := range []string{"first", "second"} {
				if code, out, said := runAt(t, c.at, "check", "--repo", dir); code != c.code || !strings.Contains(out, c.says) {
					t.Errorf("the %s time: exit code %d, expected %d and %s\n%s%s", again, code, c.code, c.says, out, said)
				}
			}
			if c.file != "" && c.code > 0 {
				put(t, filepath.Join(dir, "notes/b.yaml"), "title: B\n")
				if code, out, said := runAt(t, c.at, "check", "--repo", dir); code != c.code || !strings.Contains(out, c.says) {
					t.Errorf("with one more record: exit code %d, expected %d and %s\n%s%s", code, c.code, c.says, out, said)
				}
			}
		})
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
