package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// out is what git prints about a repository.
func out(t *testing.T, dir string, args ...string) string {
	t.Helper()
	b, err := exec.Command("git", append([]string{"-C", dir}, args...)...).Output()
	if err != nil {
		t.Fatalf("git %v: %v", args, err)
	}
	return strings.TrimSpace(string(b))
}

func needGit(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: it writes what is measured")
	}
}

func TestTheSameSeedGivesTheSameHistory(t *testing.T) {
	needGit(t)
	scales["XS"] = scale{files: 20, commits: 200}
	defer delete(scales, "XS")
	dir := t.TempDir()
	heads := map[string]bool{}
	for i, seed := range []uint64{1, 1, 2} {
		at := filepath.Join(dir, string(rune('a'+i)))
		if err := makeHistory("XS", at, seed); err != nil {
			t.Fatal(err)
		}
		heads[out(t, at, "rev-parse", "main")] = true
		if got := out(t, at, "rev-list", "--all", "--count"); got != "200" {
			t.Errorf("%s commits, expected 200", got)
		}
		if got := out(t, at, "rev-list", "--all", "--merges", "--count"); got != "40" {
			t.Errorf("%s merges, expected a fifth of 200", got)
		}
	}
	if len(heads) != 2 {
		t.Errorf("%d histories of two seeds", len(heads))
	}
}

func TestATreeHasItsRequestsAndAChange(t *testing.T) {
	needGit(t)
	dir := filepath.Join(t.TempDir(), "desk")
	if err := makeTree(40, dir, 1); err != nil {
		t.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "requests", "*", "*.yaml"))
	if err != nil || len(names) != 40 {
		t.Errorf("%d requests, expected 40 (%v)", len(names), err)
	}
	for _, name := range names {
		if info, err := os.Stat(name); err != nil || info.Size() < 900 || info.Size() > 1500 {
			t.Errorf("%s: expected about a kilobyte (%v)", name, err)
		}
	}
	if got := len(strings.Fields(out(t, dir, "diff", "--name-only", "main", "change"))); got != 2*changed {
		t.Errorf("%d files differ, expected %d", got, 2*changed)
	}
	if got := out(t, dir, "status", "--porcelain"); got != "" {
		t.Errorf("the work tree is not as committed: %s", got)
	}
}

func TestWhatCannotBeMadeIsRefused(t *testing.T) {
	there := t.TempDir()
	for name, args := range map[string][]string{
		"no command":         nil,
		"no such command":    {"paint"},
		"no such size":       {"history", "--size", "XXL", "--out", filepath.Join(there, "x")},
		"no folder":          {"history"},
		"a folder that is":   {"tree", "--out", there},
		"too few for a tree": {"tree", "--files", "3", "--out", filepath.Join(there, "y")},
	} {
		t.Run(name, func(t *testing.T) {
			if err := run(args); err == nil {
				t.Error("nothing was refused")
			}
		})
	}
}
