package git_test

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/sim/git"
)

var noon = time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newRepo(t *testing.T) *git.Repo {
	t.Helper()
	r, err := git.Init(filepath.Join(t.TempDir(), "r.git"))
	check(t, err)
	return r
}

func inMemory(t *testing.T) *git.Repo {
	t.Helper()
	r, err := git.New()
	check(t, err)
	return r
}

// everywhere runs a test on disk and in memory: what holds in one holds in the other.
func everywhere(t *testing.T, test func(*testing.T, *git.Repo)) {
	t.Helper()
	t.Run("on disk", func(t *testing.T) { test(t, newRepo(t)) })
	t.Run("in memory", func(t *testing.T) { test(t, inMemory(t)) })
}

func commit(t *testing.T, r *git.Repo, on string, files map[string][]byte) string {
	t.Helper()
	c := git.Commit{Files: files, Author: git.NoReply("alice", 11), Time: noon, Message: "change"}
	if on != "" {
		c.Parents = []string{on}
	}
	id, err := r.Commit(c)
	check(t, err)
	return id
}

func TestTheSameCallsGiveTheSameIDs(t *testing.T) {
	const want = "d40e7375de6f79801f3de3316a447b0271343e82"
	everywhere(t, func(t *testing.T, r *git.Repo) {
		first := commit(t, r, "", map[string][]byte{"a": []byte("1"), "a.b": []byte("2"), "d/e": []byte("3")})
		if got := commit(t, r, first, map[string][]byte{"a": nil, "d/e": nil, "a/b": {}}); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestFilesOfACommit(t *testing.T) {
	base := map[string][]byte{"a": []byte("1"), "d/e": []byte("2"), "d/f/g": []byte("3")}
	for _, tt := range []struct {
		name   string
		change map[string][]byte
		want   []string
	}{
		{"no change keeps all", nil, []string{"a", "d/e", "d/f/g"}},
		{"a folder goes with its last file", map[string][]byte{"d/f/g": nil}, []string{"a", "d/e"}},
		{"a file becomes a folder", map[string][]byte{"a": nil, "a/b": []byte("x")}, []string{"a/b", "d/e", "d/f/g"}},
		{"a folder becomes a file", map[string][]byte{"d/e": nil, "d/f/g": nil, "d": []byte("x")}, []string{"a", "d"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, r *git.Repo) {
				files, err := r.Files(commit(t, r, commit(t, r, "", base), tt.change))
				check(t, err)
				if diff := cmp.Diff(tt.want, slices.Sorted(maps.Keys(files))); diff != "" {
					t.Error(diff)
				}
			})
		})
	}
}

func TestCommitRefusesToRemoveWhatIsNotThere(t *testing.T) {
	everywhere(t, func(t *testing.T, r *git.Repo) {
		_, err := r.Commit(git.Commit{Files: map[string][]byte{"d/x": nil}, Message: "m"})
		if err == nil || err.Error() != `commit "m": d/x: nothing there to remove` {
			t.Error(err)
		}
	})
}

func TestReadCommitGivesBackWhatWasWritten(t *testing.T) {
	r := newRepo(t)
	root := commit(t, r, "", map[string][]byte{"a": []byte("1")})
	want := git.Commit{
		Parents: []string{root}, Author: git.NoReply("alice", 11), Committer: git.Forge(),
		Time: noon, AuthorTime: noon.Add(-time.Hour), Message: "one\n\ntwo\n",
	}
	id, err := r.Commit(want)
	check(t, err)
	again, err := git.Open(r.Dir())
	check(t, err)
	got, err := again.ReadCommit(id)
	check(t, err)
	want.Tree, err = r.TreeOf(root)
	check(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAdvanceComparesAndSwapsForwards(t *testing.T) { everywhere(t, advances) }

func advances(t *testing.T, r *git.Repo) {
	root := commit(t, r, "", map[string][]byte{"a": []byte("1")})
	next := commit(t, r, root, map[string][]byte{"a": []byte("2")})
	side := commit(t, r, root, map[string][]byte{"a": []byte("3")})
	const main, other = "refs/heads/main", "refs/heads/other"
	check(t, r.SetRef(main, next))
	for _, tt := range []struct {
		name, ref, from, to string
		want                error
	}{
		{"sideways", main, next, side, git.ErrNotFastForward},
		{"backwards", main, next, root, git.ErrNotFastForward},
		{"from elsewhere", main, root, side, git.ErrMoved},
		{"from nowhere", other, root, side, git.ErrMoved},
	} {
		if err := r.Advance(tt.ref, tt.from, tt.to); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v", tt.name, err)
		}
	}
	last := commit(t, r, next, nil)
	check(t, r.Advance(main, next, last))
	if got, _ := r.Ref(main); got != last {
		t.Errorf("main is at %s", got)
	}
	line, err := r.FirstParents(last)
	check(t, err)
	if diff := cmp.Diff([]string{last, next, root}, line); diff != "" {
		t.Error(diff)
	}
}

func TestASavedRepositoryIsTheSameAndGoesOnOnDisk(t *testing.T) {
	r, dir := inMemory(t), filepath.Join(t.TempDir(), "r.git")
	root := commit(t, r, "", map[string][]byte{"a": []byte("1"), "d/e": []byte("2")})
	check(t, r.SetRef("refs/heads/main", root))
	check(t, r.SetRef("refs/heads/gone", root))
	check(t, r.Save(dir))
	next := commit(t, r, root, map[string][]byte{"a": []byte("3")})
	check(t, r.Advance("refs/heads/main", root, next))
	check(t, r.RemoveRef("refs/heads/gone"))
	again, err := git.Open(dir)
	check(t, err)
	if main, _ := again.Ref("refs/heads/main"); main != next || r.Dir() != dir {
		t.Errorf("main is at %s in %s: want %s in %s", main, r.Dir(), next, dir)
	}
	if at, found := again.Ref("refs/heads/gone"); found {
		t.Errorf("what was removed is at %s", at)
	}
	for path, want := range map[string]string{"a": "3", "d/e": "2"} {
		if got, err := again.ReadFile(next, path); string(got) != want || err != nil {
			t.Errorf("%s is %q, %v: want %q", path, got, err, want)
		}
	}
	if err := inMemory(t).Save(dir); err == nil {
		t.Error("saved over another")
	}
}

func TestWhatHappensInACopyHappensNowhereElse(t *testing.T) {
	everywhere(t, func(t *testing.T, r *git.Repo) {
		root := commit(t, r, "", map[string][]byte{"a": []byte("1")})
		check(t, r.SetRef("refs/heads/main", root))
		c, err := r.Copy(filepath.Join(t.TempDir(), "c.git"))
		check(t, err)
		next := commit(t, c, root, map[string][]byte{"a": []byte("2")})
		check(t, c.Advance("refs/heads/main", root, next))
		if at, _ := r.Ref("refs/heads/main"); at != root || r.Kind(next) != "" || c.Dir() == r.Dir() {
			t.Errorf("main is at %s, and %s is a %q: want %s and nothing", at, next, r.Kind(next), root)
		}
	})
}

func TestParse(t *testing.T) {
	s, err := git.Parse([]byte(`# a story

2026-07-01T09:00:00+02:00 open alice new  a title
2026-07-02T09:00:00Z merge 1 carol squash
-- new/requests/a.yaml --
title: A
-- new/-remove --
old file.yaml
-- newer/b --
`))
	check(t, err)
	want := []git.Step{
		{At: noon.Add(-5 * time.Hour), Verb: "open", Args: []string{"alice", "new", "a", "title"}, Line: 3},
		{At: noon.Add(21 * time.Hour), Verb: "merge", Args: []string{"1", "carol", "squash"}, Line: 4},
	}
	if diff := cmp.Diff(want, s.Steps); diff != "" {
		t.Error(diff)
	}
	files, err := s.Folder("new")
	check(t, err)
	if diff := cmp.Diff(map[string][]byte{"requests/a.yaml": []byte("title: A\n"), "old file.yaml": nil}, files); diff != "" {
		t.Error(diff)
	}
}

func TestParseSaysWhichLineIsWrong(t *testing.T) {
	for src, want := range map[string]string{
		"\nyesterday push a b\n": `line 2: "yesterday" is not a time; expected one such as 2026-07-01T09:00:00Z`,
		"2026-07-01T09:00:00Z\n": "line 1: no verb after 2026-07-01T09:00:00Z",
		"-- a/b --\n-- a/b --\n": "the story holds a/b twice",
	} {
		if _, err := git.Parse([]byte(src)); err == nil || err.Error() != want {
			t.Errorf("%q: got %v, want %s", src, err, want)
		}
	}
}
