package github_test

import (
	"path/filepath"
	"testing"
)

func TestWhatHappensInACopyDoesNotHappenInTheWorld(t *testing.T) {
	w, _ := play(t, "merge")
	n, err := w.OpenIssue("alice", at(8, 9), "late", "", "late")
	check(t, err)
	c, err := w.Copy(filepath.Join(t.TempDir(), "copy.git"))
	check(t, err)
	check(t, c.Comment(n, "carol", at(8, 10), "Soon."))
	check(t, c.HumanClose(n, "carol"))
	_, err = c.Push("carol", at(8, 11), "More", map[string][]byte{"more.md": []byte("more\n")})
	check(t, err)
	if len(w.Comments(n)) > 0 || !w.Issues()[0].Open {
		t.Error("the comment and the closing are in both")
	}
	here, err := w.OpenIssue("alice", at(8, 12), "later", "")
	check(t, err)
	there, err := c.OpenIssue("alice", at(8, 12), "later", "")
	check(t, err)
	if here != n+1 || there != n+1 {
		t.Errorf("the next numbers are %d and %d", here, there)
	}
	_, err = w.Push("carol", at(8, 12), "Less", map[string][]byte{"less.md": []byte("less\n")})
	check(t, err)
}
