package git_test

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/sim/git"
)

// commits writes a commit behind another one and returns its id.
func commits(t *testing.T, r *git.Repo, parent, text string) string {
	t.Helper()
	c := git.Commit{Files: map[string][]byte{"a/b.txt": []byte(text)}, Author: git.Who{Name: "E", Email: "e@example.org"}, Time: time.Unix(1_700_000_000, 0).UTC(), Message: text + "\n"}
	if parent != "" {
		c.Parents = []string{parent}
	}
	id, err := r.Commit(c)
	if err == nil {
		err = r.SetRef("refs/heads/main", id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestWhatIsHeldIsWrittenAsOnePack(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r.git")
	r, err := git.Init(dir)
	if err != nil {
		t.Fatal(err)
	}
	first := commits(t, r, "", "one")
	r.Hold()
	second := commits(t, r, first, "two")
	third := commits(t, r, second, "three")
	if text, err := r.ReadFile(third, "a/b.txt"); err != nil || string(text) != "three" {
		t.Errorf("what is held reads %q, %v", text, err)
	}
	if before, err := git.Open(dir); err != nil || before.Kind(third) != "" {
		t.Error("others see what is held")
	}
	if err := r.Flush(); err != nil {
		t.Fatal(err)
	}
	again, err := git.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{first, second, third} {
		if again.Kind(id) != "commit" {
			t.Errorf("%s is %q", id, again.Kind(id))
		}
	}
	if packs, _ := filepath.Glob(filepath.Join(dir, "objects/pack/*.pack")); len(packs) != 1 {
		t.Errorf("%d packs, want one", len(packs))
	}
	if path, err := exec.LookPath("git"); err == nil {
		if out, err := exec.Command(path, "--git-dir", dir, "fsck", "--strict").CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

func TestHeldIsTheSameAsWritten(t *testing.T) {
	ids := map[bool]string{}
	for _, hold := range []bool{false, true} {
		r, err := git.Init(filepath.Join(t.TempDir(), "r.git"))
		if err != nil {
			t.Fatal(err)
		}
		if hold {
			r.Hold()
		}
		ids[hold] = commits(t, r, commits(t, r, "", "one"), "two")
		if err := r.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if ids[false] != ids[true] {
		t.Errorf("%v", ids)
	}
}

func TestLooseObjectsArePacked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "r.git")
	r, err := git.Init(dir)
	if err != nil {
		t.Fatal(err)
	}
	last := commits(t, r, commits(t, r, "", "one"), "two")
	if err := r.Pack(); err != nil {
		t.Fatal(err)
	}
	if loose, _ := filepath.Glob(filepath.Join(dir, "objects/??/*")); len(loose) > 0 {
		t.Errorf("%d loose objects are left", len(loose))
	}
	if text, err := r.ReadFile(last, "a/b.txt"); err != nil || string(text) != "two" {
		t.Errorf("the file reads %q, %v", text, err)
	}
}
