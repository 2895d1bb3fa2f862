package gitrepo

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A lab is a repository made by the real git, with a clock that goes one hour per commit.
type lab struct {
	t     testing.TB
	dir   string
	clock time.Time
	who   string // "Name <mail>" of the next commits
}

func newLab(t testing.TB, initArgs ...string) *lab {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: these tests compare with the real one")
	}
	l := &lab{t: t, dir: t.TempDir(), clock: time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC), who: "Ann <1+ann@users.noreply.github.com>"}
	l.git(append([]string{"init", "-q", "-b", "main"}, initArgs...)...)
	return l
}

func (l *lab) git(args ...string) string {
	l.t.Helper()
	return l.gitInput("", args...)
}

func (l *lab) gitInput(input string, args ...string) string {
	l.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Stdin = l.dir, strings.NewReader(input)
	cmd.Env = append(cleanEnv(), l.identity()...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		l.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSuffix(string(out), "\n")
}

// cleanEnv lets git know nothing of the machine, start no process to tidy up, write no samples
// of hooks and no logs of refs, on which a test would spend most of its time, and pack the
// same objects in the same way each time.
func cleanEnv() []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir(), "LC_ALL=C",
		"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_TEMPLATE_DIR=", "GIT_CONFIG_COUNT=5",
	}
	for i, setting := range []string{"protocol.file.allow=always", "maintenance.auto=false", "core.fsync=none", "core.logAllRefUpdates=false", "pack.threads=1"} {
		key, value, _ := strings.Cut(setting, "=")
		env = append(env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", i, key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", i, value))
	}
	return env
}

func (l *lab) identity() []string {
	name, mail, _ := strings.Cut(strings.TrimSuffix(l.who, ">"), " <")
	return []string{
		"GIT_AUTHOR_NAME=" + name, "GIT_AUTHOR_EMAIL=" + mail, "GIT_AUTHOR_DATE=1999-01-01T00:00:00Z",
		"GIT_COMMITTER_NAME=" + name, "GIT_COMMITTER_EMAIL=" + mail, "GIT_COMMITTER_DATE=" + l.clock.Format(time.RFC3339),
	}
}

// commit writes files, given as path and content in turn, and commits everything.
func (l *lab) commit(files ...string) string {
	l.t.Helper()
	l.write(files...)
	l.git("add", "-A")
	return l.record("commit", "-q", "--allow-empty", "-m", "a commit")
}

func (l *lab) write(files ...string) {
	l.t.Helper()
	for i := 0; i < len(files); i += 2 {
		full := filepath.Join(l.dir, files[i])
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			l.t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(files[i+1]), 0o644); err != nil {
			l.t.Fatal(err)
		}
	}
}

// pack puts all objects into one pack and all refs into one file, with a commit-graph.
func (l *lab) pack() {
	l.t.Helper()
	l.git("repack", "-adfq")
	l.git("pack-refs", "--all")
	l.git("commit-graph", "write", "--reachable")
}

// record runs a git command that commits, an hour later, and returns the new HEAD.
func (l *lab) record(args ...string) string {
	l.t.Helper()
	l.clock = l.clock.Add(time.Hour)
	l.git(args...)
	return l.head()
}

// head is the commit that the checked-out branch has just got: its ref is a file of its own.
func (l *lab) head() string {
	l.t.Helper()
	head := readFileOf(l.t, filepath.Join(l.dir, ".git", "HEAD"))
	if ref, ok := strings.CutPrefix(string(head), "ref: "); ok {
		head = readFileOf(l.t, filepath.Join(l.dir, ".git", strings.TrimSpace(ref)))
	}
	return strings.TrimSpace(string(head))
}

func (l *lab) open() *Repo { return openAt(l.t, l.dir) }

func openAt(t testing.TB, dir string) *Repo {
	t.Helper()
	r, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	return r
}

// rawCommit stores a commit object as it is given, however odd.
func (l *lab) rawCommit(text string) string {
	l.t.Helper()
	return l.gitInput(text, "hash-object", "-t", "commit", "-w", "--literally", "--stdin")
}

// rawTree stores a tree of one entry with any name.
func (l *lab) rawTree(mode, name, id string) string {
	l.t.Helper()
	h, err := parseHash(id)
	if err != nil {
		l.t.Fatal(err)
	}
	return l.gitInput(mode+" "+name+"\x00"+string(h[:]), "hash-object", "-t", "tree", "-w", "--literally", "--stdin")
}

func (l *lab) commitTree(tree string, parents ...string) string {
	l.t.Helper()
	args := []string{"commit-tree", tree, "-m", "made by hand"}
	for _, p := range parents {
		args = append(args, "-p", p)
	}
	l.clock = l.clock.Add(time.Hour)
	return l.git(args...)
}

func wantError(t testing.TB, err error, words ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error: want one that says %q", words)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("error %q does not say %q", err, w)
		}
	}
}
