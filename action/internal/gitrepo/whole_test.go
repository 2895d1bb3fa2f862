package gitrepo

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/google/go-cmp/cmp"
)

// TestWholeHistoriesAgree compares what git, go-git and we read of this repository, and of
// those that LIAISON_DESKS lists (docs/performance.md). Events are a function of it.
func TestWholeHistoriesAgree(t *testing.T) {
	for _, dir := range append([]string{filepath.Join("..", "..", "..")}, filepath.SplitList(os.Getenv("LIAISON_DESKS"))...) {
		t.Run(filepath.ToSlash(dir), func(t *testing.T) {
			l := newLab(t)
			l.dir = dir
			whole(t, l)
			landings := history(t, l)
			if diff := firstDiff(gitLog(l), ours(landings)); diff != "" {
				t.Errorf("git and we differ: %s", diff)
			}
			if diff := firstDiff(byGoGit(t, l), landings); diff != "" {
				t.Errorf("go-git and we differ: %s", diff)
			}
			if diff := firstDiff(landings, withGraph(t, l)); diff != "" {
				t.Errorf("with a commit-graph: %s", diff)
			}
			dir := t.TempDir()
			for _, how := range []string{"new", "kept"} {
				indexed, err := l.open().IndexedHistory(context.Background(), dir, "everything", l.git("rev-parse", "HEAD"), everything, nil)
				if err != nil {
					t.Fatal(err)
				}
				if diff := firstDiff(landings, indexed); diff != "" {
					t.Errorf("with a %s index: %s", how, diff)
				}
			}
			t.Logf("%d landings, %d changes", len(landings), len(ours(landings))-len(landings))
		})
	}
}

// withGraph is the history of a clone that has a commit-graph.
func withGraph(t *testing.T, l *lab) []event.Landing {
	t.Helper()
	dir, head := t.TempDir(), l.git("rev-parse", "HEAD")
	l.git("clone", "-q", "--shared", "--bare", ".", dir)
	l.gitInput(head, "-C", dir, "commit-graph", "write", "--stdin-commits")
	r := openAt(t, dir)
	if r.commitGraph() == nil {
		t.Error("there is no commit-graph")
	}
	landings, err := r.History(context.Background(), head, everything, nil)
	if err != nil {
		t.Fatal(err)
	}
	return landings
}

// whole skips a test where there is no repository, or a part of one.
func whole(t *testing.T, l *lab) {
	t.Helper()
	r, err := Open(l.dir)
	if err != nil {
		t.Skipf("%s is no repository: there is no history to compare", l.dir)
	}
	defer r.Close()
	if err := r.Complete(); err != nil {
		t.Skip(err)
	}
}

// firstDiff tells the first of two lists' items that differ.
func firstDiff[T string | event.Landing](want, got []T) string {
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) {
			return cmp.Diff(want[min(i, len(want)):], got[min(i, len(got)):])
		}
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			return diff
		}
	}
	return ""
}
