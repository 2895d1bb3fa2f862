package odb

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A lab is a repository made by the real git.
type lab struct {
	t   testing.TB
	dir string
}

func newLab(t testing.TB, initArgs ...string) *lab {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: these tests compare with the real one")
	}
	l := &lab{t, t.TempDir()}
	l.git("", append([]string{"init", "-q", "-b", "main", "."}, initArgs...)...)
	return l
}

func (l *lab) git(input string, args ...string) string {
	l.t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Stdin = l.dir, strings.NewReader(input)
	cmd.Env = cleanEnv()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		l.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// cleanEnv lets git know nothing of the machine, write no samples of hooks and no logs of
// refs, and pack the same objects in the same way each time.
func cleanEnv() []string {
	env := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.TempDir(), "LC_ALL=C",
		"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_TEMPLATE_DIR=", "GIT_CONFIG_COUNT=5",
	}
	for i, setting := range []string{"protocol.file.allow=always", "core.fsync=none", "core.logAllRefUpdates=false", "pack.threads=1", "fastimport.unpackLimit=1"} {
		key, value, _ := strings.Cut(setting, "=")
		env = append(env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", i, key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", i, value))
	}
	return env
}

// grow commits a story of n steps onto a branch: one folder that fills up, files that change
// by a line, a file that comes and goes, a tag at the end. It becomes a pack.
func (l *lab) grow(branch string, n int) {
	l.t.Helper()
	var in strings.Builder
	for i := range n {
		fmt.Fprintf(&in, "commit refs/heads/%s\nmark :%d\ncommitter A <a@example.org> %d +0000\ndata 5\nstep\n\n", branch, i+1, 1700000000+i)
		file := fmt.Sprintf("requests/2026/r%d.yaml", i*7%(n/2+1))
		text := strings.Repeat("a line that stays as it is\n", 20) + fmt.Sprintf("title: %s step %d\n", branch, i) + strings.Repeat("more that stays\n", i%40)
		fmt.Fprintf(&in, "M 100644 inline %s\ndata %d\n%s\n", file, len(text), text)
		if i%5 == 4 {
			fmt.Fprintf(&in, "D %s\n", file)
		}
	}
	fmt.Fprintf(&in, "tag t-%s\nfrom :%d\ntagger A <a@example.org> 1700000000 +0000\ndata 3\ntag\n", branch, n)
	l.git(in.String(), "fast-import", "--quiet", "--force")
}

func (l *lab) objects() string { return filepath.Join(l.dir, ".git", "objects") }

func (l *lab) open() *Store { return openStore(l.t, l.objects()) }

func openStore(t testing.TB, folder string) *Store {
	t.Helper()
	s, err := Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// told is what the real git says of every object.
type told struct {
	kind string
	body []byte
}

func (l *lab) everything() map[ID]told {
	l.t.Helper()
	all := map[ID]told{}
	for out := []byte(l.git("", "cat-file", "--batch-all-objects", "--batch")); len(out) > 0; {
		head, rest, _ := bytes.Cut(out, []byte("\n"))
		words := strings.Fields(string(head))
		size, err := strconv.Atoi(words[2])
		id, ok := parseID(words[0])
		if err != nil || !ok {
			l.t.Fatalf("git says %q", head)
		}
		all[id] = told{words[1], rest[:size]}
		out = rest[size+1:]
	}
	return all
}

// inOrder are the ids of what git says, in an order that is the same in every run: what a
// reader has read before decides which way it takes.
func inOrder[V any](all map[ID]V) []ID {
	return slices.SortedFunc(maps.Keys(all), ID.compare)
}

// agree holds a reader against what git says of every object.
func agree(t testing.TB, s *Store, all map[ID]told) {
	t.Helper()
	r := s.Reader()
	for _, id := range inOrder(all) {
		want := all[id]
		kind, size, err := r.Size(id)
		if err != nil || kind.String() != want.kind || size != len(want.body) {
			t.Fatalf("size of %s: %s of %d bytes, %v: want a %s of %d", id, kind, size, err, want.kind, len(want.body))
		}
		kind, body, err := r.Read(id)
		if err != nil || kind.String() != want.kind || !bytes.Equal(body, want.body) {
			t.Fatalf("%s is a %s of %d bytes, %v: want a %s of %d", id, kind, len(body), err, want.kind, len(want.body))
		}
	}
	if len(all) == 0 {
		t.Fatal("git knows no object: nothing was compared")
	}
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

func (l *lab) file(parts ...string) string {
	l.t.Helper()
	found, err := filepath.Glob(filepath.Join(append([]string{l.objects()}, parts...)...))
	if err != nil || len(found) == 0 {
		l.t.Fatalf("no file %v: %v", parts, err)
	}
	return found[0]
}

func write(t testing.TB, name string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(name, 0o644); err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
