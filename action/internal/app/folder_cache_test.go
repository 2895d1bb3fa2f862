package app_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/law"
	"pgregory.net/rapid"
)

const foldersDesk = "desk: D\nkinds:\n  note: {files: notes/*/*.yaml, schema: note.json, status: status}\n  team: {files: teams/*.yaml, schema: team.json}\n"

// later is when everything written so far has long stood still.
func later() time.Time { return time.Now().Add(time.Hour) }

// foldersOfNotes is a committed desk in which nothing is found.
func foldersOfNotes(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{".github/liaison.yaml": foldersDesk, "note.json": noteRules, "team.json": teamRules,
		"notes/x/n1.yaml": "title: T\nnumber: 1\nteam: a\n", "notes/x/n2.yaml": "title: T\nspeaks: fr\n", "notes/y/n1.yaml": "title: T\nnumber: 2\n",
		"teams/a.yaml": "id: a\n", "teams/b.yaml": "id: b\nlanguage: fr\n", "docs/README.md": "hello\n"} {
		put(t, filepath.Join(dir, name), text)
	}
	initRepo(t, dir)
	commitAll(t, dir)
	return dir
}

// ticks gives each file that is written a time of its own: within a tick of the clock two
// changes would have one.
type ticks struct{ at time.Time }

func (k *ticks) touch(t *testing.T, path string) {
	t.Helper()
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return
	}
	k.at = k.at.Add(time.Second)
	if err := os.Chtimes(path, k.at, k.at); err != nil {
		t.Fatal(err)
	}
}

// TestCachedFoldersChangeNothing changes a desk in all sorts of ways, on disk or in commits.
// After each, checks with a folder cache say, byte for byte, what one says without one.
func TestCachedFoldersChangeNothing(t *testing.T) {
	t.Parallel()
	paths := []string{"notes/x/n1.yaml", "notes/x/n3.yaml", "notes/y/n1.yaml", "notes/y/N1.yaml", "notes/X/n1.yaml", "notes/y/z/n1.yaml", "notes/y/n1.yml", "notes/z.yaml/n1.yaml",
		"Notes", "teams/a.yaml", "teams/b.yaml", "teams/c.yaml", "docs/README.md", "docs/readme.md", ".git/liaison/folders", ".git/liaison/verdicts"}
	texts := []string{"title: T\n", "title: T\nteam: b\n", "title: T\nteam: c\n", "title: T\nnumber: 1\n", "title: T\nnumber: 2\n", "title: T\nspeaks: fr\n", "title: T\nspeaks: de\n", "titel: T\n",
		"title: T\n# write to petra@example.org\n", "id: a\n", "id: b\nlanguage: fr\n", "language: de\n", "id: C\n"}
	tick := &ticks{time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)}
	template := foldersOfNotes(t)
	packed(t, template) // it is copied many times
	law.Check(t, func(rt *rapid.T) {
		dir, at := copied(t, template), []string{}
		inCommits := rapid.Bool().Draw(rt, "in commits")
		if inCommits {
			at = []string{"--rev", "main"}
		}
		sameOfFolders(rt, t, dir, at)
		if kept, _ := filepath.Glob(filepath.Join(dir, ".git/liaison/folders/*")); len(kept) == 0 {
			rt.Fatal("no folder is cached")
		}
		for range rapid.IntRange(1, 4).Draw(rt, "steps") {
			name := rapid.SampledFrom(paths).Draw(rt, "file")
			path := filepath.Join(dir, name)
			switch deed := rapid.IntRange(0, 5).Draw(rt, "deed"); {
			case strings.HasPrefix(name, ".git/"):
				damage(rt, path)
			case deed == 0:
				_ = os.RemoveAll(path)
			case deed == 1 && os.Remove(path) == nil:
				_ = os.Symlink("n2.yaml", path)
			case deed == 2:
				_ = os.Chmod(path, 0o755)
			default:
				put(t, path, rapid.SampledFrom(texts).Draw(rt, "text"))
			}
			tick.touch(t, path)
			if inCommits {
				commitAll(t, dir)
			}
			sameOfFolders(rt, t, dir, at)
		}
	})
}

func sameOfFolders(rt *rapid.T, t *testing.T, dir string, at []string) {
	ask := append([]string{"check", "--repo", dir, "--format", "json"}, at...)
	code, want, said := runAt(t, later(), append(ask, "--no-cache")...)
	for _, again := range []string{"first", "second"} {
		c, got, s := runAt(t, later(), ask...)
		if c != code || got != want || s != said {
			rt.Fatalf("the %s time: exit code %d, %s\n%s\nwithout cached folders: %d, %s\n%s", again, c, s, got, code, said, want)
		}
	}
}

func TestACachedFolderIsNotReadAgain(t *testing.T) {
	dir := foldersOfNotes(t)
	out, err := exec.Command("git", "-C", dir, "rev-parse", "main:notes/x").CombinedOutput()
	if err != nil {
		t.Fatal(string(out))
	}
	if code, out, said := run(t, "check", "--repo", dir, "--rev", "main"); code != 0 {
		t.Fatal(out, said)
	}
	id := strings.TrimSpace(string(out))
	if err := os.Remove(filepath.Join(dir, ".git/objects", id[:2], id[2:])); err != nil {
		t.Fatal(err)
	}
	if code, out, said := run(t, "check", "--repo", dir, "--rev", "main"); code != 0 || !strings.Contains(out, "5 records checked") {
		t.Error("it was read: ", code, out, said)
	}
	if code, _, _ := run(t, "check", "--repo", dir, "--rev", "main", "--no-cache"); code != 3 {
		t.Error("exit code ", code, ", expected 3: it cannot be read")
	}
}

func TestAFolderThatWasJustWrittenIsNotCached(t *testing.T) {
	before := time.Now()
	dir := foldersOfNotes(t)
	for _, c := range []struct {
		at   time.Time
		kept int
	}{{before.Add(2 * time.Second), 0}, {later(), 1}} {
		if code, out, said := runAt(t, c.at, "check", "--repo", dir); code != 0 {
			t.Fatal(out, said)
		}
		if kept, _ := filepath.Glob(filepath.Join(dir, ".git/liaison/folders/*")); len(kept) != c.kept {
			t.Errorf("at %s %d files of verdicts on folders are kept, expected %d", c.at, len(kept), c.kept)
		}
	}
}

// TestATreeThatGitWouldNotWriteHidesNothingInACachedFolder puts a file into a folder by a name
// with slashes, which stands beside the folder.
func TestATreeThatGitWouldNotWriteHidesNothingInACachedFolder(t *testing.T) {
	for _, name := range []string{"notes/x/n1.yaml", "notes/x/n9.yaml", "notes/X/n1.yaml", "Notes"} {
		t.Run(name, func(t *testing.T) {
			dir := foldersOfNotes(t)
			if code, out, said := run(t, "check", "--repo", dir, "--rev", "main"); code != 0 {
				t.Fatal(out, said)
			}
			odd := addTo(t, dir, "", name)
			_, want, _ := run(t, "check", "--repo", dir, "--rev", odd, "--no-cache", "--format", "json")
			if _, got, _ := run(t, "check", "--repo", dir, "--rev", odd, "--format", "json"); got != want || strings.Contains(got, `"errors": 0`) {
				t.Errorf("got %s\nwithout cached folders %s", got, want)
			}
		})
	}
}

// TestAFileThatIsNotInItsFolderIsFoundEveryTime has names with slashes in a folder itself.
func TestAFileThatIsNotInItsFolderIsFoundEveryTime(t *testing.T) {
	dir := foldersOfNotes(t)
	put(t, filepath.Join(dir, ".github/liaison.yaml"), strings.Replace(foldersDesk, "notes/*/*.yaml", "notes/**/*.yaml", 1))
	commitAll(t, dir)
	for _, name := range []string{"./n9.yaml", "../n9.yaml", "/n9.yaml", "z/../n9.yaml"} {
		odd := addTo(t, dir, "notes/x", name)
		_, want, _ := run(t, "check", "--repo", dir, "--rev", odd, "--no-cache", "--format", "json")
		for range 3 {
			if _, got, _ := run(t, "check", "--repo", dir, "--rev", odd, "--format", "json"); got != want || strings.Contains(got, `"errors": 0`) {
				t.Errorf("%s: got %s\nwithout cached folders %s", name, got, want)
			}
		}
	}
}

func TestTwoCachedFoldersMayBeTwins(t *testing.T) {
	dir := foldersOfNotes(t)
	check := func(rev string) string {
		_, out, _ := run(t, "check", "--repo", dir, "--rev", rev)
		return out
	}
	check("main")
	put(t, filepath.Join(dir, "notes/X/n7.yaml"), "title: T\n")
	both := commitAll(t, dir)
	if err := os.RemoveAll(filepath.Join(dir, "notes/x")); err != nil {
		t.Fatal(err)
	}
	commitAll(t, dir)
	if out := check("main"); !strings.Contains(out, "4 records checked: 0 errors") {
		t.Fatal(out)
	}
	if out := check(both); !strings.Contains(out, "[path-twin]") {
		t.Error(out)
	}
}

// addTo commits the tree of main with one more file in a folder, by any name.
func addTo(t *testing.T, dir, folder, name string) (commit string) {
	t.Helper()
	git := func(stdin []byte, args ...string) []byte {
		cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=E", "-c", "user.email=e@example.org"}, args...)...)
		cmd.Stdin = bytes.NewReader(stdin)
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(args, err)
		}
		return out
	}
	id := func(digits []byte) []byte {
		b, err := hex.DecodeString(strings.TrimSpace(string(digits)))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	tree := func(path string) []byte { return git(nil, "cat-file", "tree", "main:"+path) }
	written := func(tree []byte) []byte {
		return git(tree, "hash-object", "-t", "tree", "-w", "--literally", "--stdin")
	}
	now := written(append(tree(folder), append([]byte("100644 "+name+"\x00"), id(git(nil, "rev-parse", "main:notes/x/n1.yaml"))...)...))
	for folder != "" {
		old := id(git(nil, "rev-parse", "main:"+folder))
		folder = folder[:max(0, strings.LastIndexByte(folder, '/'))]
		now = written(bytes.Replace(tree(folder), old, id(now), 1))
	}
	return strings.TrimSpace(string(git(nil, "commit-tree", "-m", "odd", strings.TrimSpace(string(now)))))
}
