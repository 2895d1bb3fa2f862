package gitrepo

import (
	"crypto/sha1"
	"errors"
	"fmt"
	"testing"
)

func TestResolve(t *testing.T) {
	for _, packed := range []bool{false, true} {
		l := newLab(t)
		first := l.commit("a", "1")
		second := l.commit("a", "2")
		l.git("tag", "light", first)
		l.git("tag", "-a", "-m", "a tag", "heavy", second)
		l.git("tag", "-a", "-m", "a tag of a tag", "heavier", "heavy")
		l.git("branch", "beef", first)
		l.git("branch", "topic/one", first)
		l.git("update-ref", "refs/remotes/origin/far", first)
		l.git("update-ref", "refs/remotes/up/far", second)
		l.git("checkout", "-q", "-b", "other", first)
		third := l.commit("b", "3")
		l.git("checkout", "-q", "main")
		merge := l.record("merge", "-q", "--no-ff", "-m", "merge", "other")
		if packed {
			l.git("gc", "-q")
			l.git("repack", "-q", "-a") // a second pack file with the same objects
		}
		cases := []struct{ rev, want string }{
			{"HEAD", merge}, {"@", merge}, {"main", merge}, {"refs/heads/main", merge}, {"heads/main", merge},
			{"light", first}, {"heavy", second}, {"heavier", second}, {"heavier^{commit}", second}, {"heavy^{}", second},
			{"beef", first}, {"topic/one", first}, {"origin/far", first}, {"up/far", second}, {"far", first},
			{merge, merge}, {merge[:7], merge}, {merge[:8], merge}, {merge[:39], merge},
			{"HEAD~1", second}, {"HEAD~", second}, {"HEAD^", second}, {"HEAD^1", second}, {"HEAD^2", third}, {"HEAD^2~1", first},
			{"HEAD~2", first}, {"HEAD~~", first}, {"HEAD^0", merge}, {"HEAD~0", merge},
		}
		r := l.open()
		for _, c := range cases {
			if got, err := r.Resolve(c.rev); got != c.want || err != nil {
				t.Errorf("packed %v: %s is %q, %v; want %q", packed, c.rev, got, err, c.want)
			}
		}
	}
}

func TestResolveSaysWhatWasNotFound(t *testing.T) {
	l := newLab(t)
	head := l.commit("a", "1")
	blob := l.git("rev-parse", "HEAD:a")
	cases := []struct {
		rev   string
		words []string
	}{
		{"nowhere", []string{`"nowhere"`, "not found", "expected a branch"}},
		{"", []string{"not found"}},
		{"../config", []string{"not found"}},
		{"config", []string{"not found"}},
		{"--all", []string{"not found"}},
		{"0123456", []string{"not found"}},
		{"0000000000000000000000000000000000000001", []string{"object 0000000000000000000000000000000000000001 is missing"}},
		{blob, []string{"is a blob", "expected a commit"}},
		{"HEAD~1", []string{head, "has 0 parents"}},
		{"HEAD^2", []string{"expected 2"}},
		{"HEAD@{1}", []string{"not found"}},
		{"HEAD^{/word}", []string{`"^{/word}" is not understood`}},
		{"HEAD~99999999", []string{`is not understood`}},
		{"main..HEAD", []string{"not found"}},
	}
	r := l.open()
	for _, c := range cases {
		_, err := r.Resolve(c.rev)
		wantError(t, err, c.words...)
	}
}

func TestAnAmbiguousAbbreviationIsNoAnswer(t *testing.T) {
	l := newLab(t)
	tree := l.git("hash-object", "-t", "tree", "-w", "--stdin")
	first, second := commitsThatBeginAlike(tree)
	id := l.rawCommit(first)
	if other := l.rawCommit(second); id[:4] != other[:4] {
		t.Fatalf("%s and %s do not begin alike", id, other)
	}
	_, err := l.open().Resolve(id[:4])
	wantError(t, err, "ambiguous", id)
}

// commitsThatBeginAlike are two commits whose ids share four digits: of a few hundred, two do.
func commitsThatBeginAlike(tree string) (first, second string) {
	seen := map[[2]byte]string{}
	for n := 0; ; n++ {
		text := fmt.Sprintf("tree %s\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n%d", tree, n)
		sum := sha1.Sum(fmt.Appendf(nil, "commit %d\x00%s", len(text), text))
		begin := [2]byte(sum[:2])
		if seen[begin] != "" {
			return seen[begin], text
		}
		seen[begin] = text
	}
}

func TestFetchHead(t *testing.T) {
	l := newLab(t)
	head := l.commit("a", "1")
	l.git("fetch", "-q", ".", "main")
	if got, err := l.open().Resolve("FETCH_HEAD"); got != head || err != nil {
		t.Errorf("%q, %v; want %q", got, err, head)
	}
}

func TestDefaultBranch(t *testing.T) {
	cases := []struct {
		name, declared string
		prepare        func(*lab)
		want           string
		words          []string // of the error
		empty          bool
	}{
		{name: "the declared one where it exists", declared: "trunk", prepare: func(l *lab) { l.commit("a", ""); l.git("branch", "trunk") }, want: "trunk"},
		{name: "the declared one where only origin has it", declared: "trunk", prepare: func(l *lab) { l.commit("a", ""); l.git("update-ref", "refs/remotes/origin/trunk", "HEAD") }, want: "trunk"},
		{name: "what HEAD is on where the declared one is nowhere", declared: "trunk", prepare: func(l *lab) { l.commit("a", "") }, want: "main"},
		{name: "origin's default before HEAD", prepare: func(l *lab) {
			l.commit("a", "")
			l.git("update-ref", "refs/remotes/origin/trunk", "HEAD")
			l.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk")
			l.git("checkout", "-q", "-b", "topic")
		}, want: "trunk"},
		{name: "HEAD itself where it is on no branch", prepare: func(l *lab) { l.commit("a", ""); l.git("checkout", "-q", "--detach") }, want: "HEAD"},
		{name: "no commits at all", prepare: func(*lab) {}, empty: true, words: []string{"no commits yet"}},
		{name: "HEAD on a branch without commits", prepare: func(l *lab) { l.commit("a", ""); l.git("checkout", "-q", "--orphan", "bare") }, words: []string{`"bare"`, "no commits", "declared as branch"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			c.prepare(l)
			got, err := l.open().DefaultBranch(c.declared)
			if c.words != nil {
				wantError(t, err, c.words...)
			} else if err != nil || got != c.want {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
			if errors.Is(err, ErrEmpty) != c.empty {
				t.Errorf("ErrEmpty: %v", err)
			}
		})
	}
}

func TestABranchIsLocalBeforeOrigins(t *testing.T) {
	l := newLab(t)
	first := l.commit("a", "1")
	second := l.commit("a", "2")
	l.git("update-ref", "refs/remotes/origin/main", first)
	l.git("update-ref", "refs/remotes/origin/far", first)
	r := l.open()
	for name, want := range map[string]string{"main": second, "far": first, "none": ""} {
		if got, ok := r.Branch(name); got != want || ok != (want != "") {
			t.Errorf("%s is %q, %v; want %q", name, got, ok, want)
		}
	}
}

func TestAnEmptyRepositorySaysSo(t *testing.T) {
	if _, err := newLab(t).open().Resolve("HEAD"); !errors.Is(err, ErrEmpty) {
		t.Errorf("got %v, want ErrEmpty", err)
	}
}
