package git_test

import (
	"path/filepath"
	"testing"
)

func TestLooseObjectsArePacked(t *testing.T) {
	r := newRepo(t)
	last := commit(t, r, commit(t, r, "", map[string][]byte{"a/b.txt": []byte("one")}), map[string][]byte{"a/b.txt": []byte("two")})
	check(t, r.Pack())
	if loose, _ := filepath.Glob(filepath.Join(r.Dir(), "objects/??")); len(loose) > 0 {
		t.Errorf("%d folders of loose objects are left", len(loose))
	}
	if text, err := r.ReadFile(last, "a/b.txt"); err != nil || string(text) != "two" {
		t.Errorf("the file reads %q, %v", text, err)
	}
	if packs, _ := filepath.Glob(filepath.Join(r.Dir(), "objects/pack/*.pack")); len(packs) != 1 {
		t.Errorf("%d packs, want one", len(packs))
	}
}
