package gitrepo

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/event"
)

// writings are ways to have a commit-graph. Each is done after the ones before it.
var writings = []struct {
	name  string
	write func(*lab)
}{
	{"a graph of some commits", func(l *lab) {
		l.gitInput(l.git("rev-parse", "HEAD~3"), "commit-graph", "write", "--stdin-commits")
	}},
	{"a graph of all commits", func(l *lab) { l.git("commit-graph", "write", "--reachable") }},
	{"a chain of graphs, and commits in none", func(l *lab) {
		_ = os.Remove(l.graphFile())
		for _, rev := range []string{"HEAD~9", "HEAD~5", "HEAD~2"} {
			l.gitInput(l.git("rev-parse", rev), "commit-graph", "write", "--stdin-commits", "--split=no-merge")
		}
	}},
	{"a chain with a damaged graph", func(l *lab) {
		for _, name := range strings.Fields(string(readFileOf(l.t, filepath.Join(l.graphFile()+"s", "commit-graph-chain"))))[1:] {
			l.overwrite(filepath.Join(l.graphFile()+"s", "graph-"+name+".graph"), []byte("CGPH"))
		}
	}},
}

func (l *lab) graphFile() string {
	return filepath.Join(l.dir, ".git", "objects", "info", "commit-graph")
}

func (l *lab) overwrite(name string, b []byte) {
	l.t.Helper()
	_ = os.Remove(name)
	if err := os.WriteFile(name, b, 0o644); err != nil {
		l.t.Fatal(err)
	}
}

// known is how many commits our reader knows from a commit-graph.
func (l *lab) known() int { return l.open().commitGraph().Len() }

// once is a history that is read once, so that nothing was wrong with the commit-graph.
func once(t *testing.T, r *Repo, head string) []event.Landing {
	t.Helper()
	told := 0
	landings, err := r.History(context.Background(), head, everything, func(int, int) { told++ })
	if err != nil || told != len(landings) {
		t.Fatalf("%d landings, %d told of, %v", len(landings), told, err)
	}
	return landings
}

// TestACommitGraphChangesNothing reads random histories, packed and loose, with a
// commit-graph and without.
func TestACommitGraphChangesNothing(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			l, rnd := newLab(t), rand.New(rand.NewPCG(seed, 11))
			tale := newTale(l, seed%2 == 0)
			for i := range 12 {
				tale.commit(tale.with("a", fmt.Sprint(i)), tale.head())
			}
			tale.weave(rnd, 10)
			tale.wander(rnd, 20)
			tale.on = "main"
			tale.tell()
			want, index := history(t, l), indexOfHistory(t, l)
			for _, w := range writings {
				w.write(l)
				if l.known() == 0 {
					t.Errorf("%s: it has no commit", w.name)
				}
				if diff := cmp.Diff(want, once(t, l.open(), l.git("rev-parse", "HEAD"))); diff != "" {
					t.Errorf("%s: %s", w.name, diff)
				}
				if !bytes.Equal(index, indexOfHistory(t, l)) {
					t.Errorf("%s: the index is another", w.name)
				}
			}
		})
	}
}

// indexOfHistory is the file that IndexedHistory keeps.
func indexOfHistory(t *testing.T, l *lab) []byte {
	t.Helper()
	dir := t.TempDir()
	if _, err := l.open().IndexedHistory(context.Background(), dir, "all", l.git("rev-parse", "HEAD"), everything, nil); err != nil {
		t.Fatal(err)
	}
	return readFileOf(t, indexFile(t, dir))
}

// sides commits a line of three merges of branches of two commits, and returns the middle
// branch's first commit and tip.
func sides(l *lab) (first, tip string) {
	l.step("base", "a", "1")
	for _, name := range []string{"x", "y", "z"} {
		l.on(name, "main")
		l.step(name+"1", name, "1")
		l.step(name+"2", name, "2")
		l.step(name+"3", name, "3")
		l.on("main")
		l.merge(name+"m", name)
	}
	return l.git("rev-parse", "y1"), l.git("rev-parse", "y2")
}

func (l *lab) loose(id string) string {
	return filepath.Join(l.dir, ".git", "objects", id[:2], id[2:])
}

func TestCommitsOfACommitGraphAreNotReadOnSideBranches(t *testing.T) {
	l := newLab(t)
	_, side := sides(l)
	want := history(t, l)
	l.git("commit-graph", "write", "--reachable")
	text := readFileOf(t, l.loose(side))
	l.overwrite(l.loose(side), []byte("x"))
	if diff := cmp.Diff(want, once(t, l.open(), want[3].Commit)); diff != "" {
		t.Error(diff)
	}
	l.alterParent(side, []byte{0, 1, 0, 0})
	_, err := l.open().History(context.Background(), want[3].Commit, everything, nil)
	wantError(t, err, "commit "+side)
	l.overwrite(l.loose(side), text)
	if diff := cmp.Diff(want, once(t, l.open(), want[3].Commit)); diff != "" {
		t.Error(diff)
	}
	l.overwrite(l.loose(side), []byte("x"))
	l.git("config", "core.commitGraph", "false")
	_, err = l.open().History(context.Background(), want[3].Commit, everything, nil)
	wantError(t, err, "commit "+side)
}

// alterParent writes another first parent into a commit's row of the commit-graph.
func (l *lab) alterParent(commit string, first []byte) {
	l.t.Helper()
	id, err := parseHash(commit)
	if err != nil {
		l.t.Fatal(err)
	}
	r := l.open()
	n, ok := r.commitGraph().Find(id)
	if !ok {
		l.t.Fatalf("%s is not in the graph", commit)
	}
	b := readFileOf(l.t, l.graphFile())
	b = b[:len(b)-len(hash{})]
	entry := bytes.Index(b, []byte("CDAT")) // the table of contents says where the rows begin
	at := int(binary.BigEndian.Uint64(b[entry+4:])) + int(n)*36 + len(hash{})
	copy(b[at:], first)
	sum := sha1.Sum(b)
	l.overwrite(l.graphFile(), append(b, sum[:]...))
}

func TestACommitThatACommitGraphHasAndNobodyElseIsMissing(t *testing.T) {
	l := newLab(t)
	sides(l)
	head := l.git("rev-parse", "HEAD")
	l.git("commit-graph", "write", "--reachable")
	for _, tag := range []string{"y1", "y2", "y3", "ym", "base"} {
		t.Run(tag, func(t *testing.T) {
			gone := l.git("rev-parse", tag)
			text := readFileOf(t, l.loose(gone))
			if err := os.Remove(l.loose(gone)); err != nil {
				t.Fatal(err)
			}
			_, err := l.open().History(context.Background(), head, everything, nil)
			wantError(t, err, "commit "+gone+" is missing")
			l.overwrite(l.loose(gone), text)
		})
	}
	once(t, l.open(), head)
}

func TestTimesAndPeopleAreThoseOfTheCommit(t *testing.T) {
	l := newLab(t)
	l.commit("a", "1")
	tree, at := l.git("rev-parse", "HEAD^{tree}"), l.git("rev-parse", "HEAD")
	for _, c := range []string{
		"committer B <b@example.org> 4400000000 +0000\n",
		"committer B <b@example.org> 17179869189 +0200\n",
		"committer B <b@example.org> 253402300800 +0000\n",
		"committer B <b@example.org> 1700000000 +9900\n",
		"committer B <b@example.org> 1700000000 +0000\ncommitter C <c@example.org> 1 +0000\n",
	} {
		text := "author A <7+a@users.noreply.github.com> 1 +0000\n" + c + "\nodd"
		side := l.rawCommit("tree " + tree + "\nparent " + at + "\n" + text)
		at = l.rawCommit("tree " + tree + "\nparent " + at + "\nparent " + side + "\n" + text)
	}
	l.git("update-ref", "refs/heads/main", at)
	want := history(t, l)
	l.git("commit-graph", "write", "--reachable")
	if n := l.known(); n != 11 {
		t.Errorf("%d commits in the graph: want 11", n)
	}
	if diff := cmp.Diff(want, history(t, l)); diff != "" {
		t.Error(diff)
	}
	if late := want[1]; late.Time.Unix() != 4400000000 || late.Branch.Time.Unix() != 4400000000 || late.Branch.Author.Login != "a" {
		t.Errorf("got %v", late)
	}
}

func TestACommitGraphIsUsedWhereGitWouldUseIt(t *testing.T) {
	cases := []struct {
		name    string
		prepare func(l *lab)
		used    bool
	}{
		{"an ordinary repository", func(*lab) {}, true},
		{"core.commitGraph is true", func(l *lab) { l.git("config", "core.commitGraph", "true") }, true},
		{"core.commitGraph stands alone", func(l *lab) { l.write(".git/config", "[core]\n\tcommitGraph\n") }, true},
		{"core.commitGraph is false", func(l *lab) { l.git("config", "core.commitGraph", "false") }, false},
		{"core.commitGraph is off", func(l *lab) { l.git("config", "core.COMMITGRAPH", "off") }, false},
		{"a graft", func(l *lab) { l.write(".git/info/grafts", l.git("rev-parse", "HEAD")+"\n") }, false},
		{"a grafts file with nothing in it", func(l *lab) { l.write(".git/info/grafts", "# a comment\n") }, true},
		{"a shallow border", func(l *lab) { l.write(".git/shallow", l.git("rev-parse", "HEAD~1")+"\n") }, false},
		{"a replace ref", func(l *lab) { l.git("replace", "HEAD", "HEAD~1") }, false},
		{"a packed replace ref", func(l *lab) { l.git("replace", "HEAD", "HEAD~1"); l.git("pack-refs", "--all") }, false},
		{"a damaged file", func(l *lab) { l.overwrite(l.graphFile(), []byte("CGPH\x01\x01")) }, false},
		{"an empty file", func(l *lab) { l.overwrite(l.graphFile(), nil) }, false},
		{"no file", func(l *lab) { _ = os.Remove(l.graphFile()) }, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			l.commit("a", "1")
			l.commit("a", "2")
			want := history(t, l)
			l.git("commit-graph", "write", "--reachable")
			c.prepare(l)
			if got := l.known() > 0; got != c.used {
				t.Errorf("used: %v, want %v", got, c.used)
			}
			head := want[1].Commit
			got, err := l.open().History(context.Background(), head, everything, nil)
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Error(diff, err)
			}
		})
	}
}

// TestACommitGraphThatLiesIsFoundOut changes graphs whose checksums agree. Of the line every
// commit is read, so that no lie about it goes unnoticed; of side branches only the first
// commits are.
func TestACommitGraphThatLiesIsFoundOut(t *testing.T) {
	l := newLab(t)
	rnd := rand.New(rand.NewPCG(5, 5))
	tale := newTale(l, false)
	tale.weave(rnd, 20)
	tale.tell()
	want := withoutBranches(history(t, l))
	l.git("commit-graph", "write", "--reachable")
	whole := readFileOf(t, l.graphFile())
	head, lies := l.git("rev-parse", "HEAD"), 0
	for i := range 400 {
		b := bytes.Clone(whole[:len(whole)-len(hash{})])
		for range 1 + i%3 {
			b[8+rnd.IntN(len(b)-8)] ^= byte(1 << rnd.IntN(8))
		}
		sum := sha1.Sum(b)
		l.overwrite(l.graphFile(), append(b, sum[:]...))
		r := l.open()
		if r.commitGraph() != nil {
			lies++
		}
		got, err := r.IndexedHistory(context.Background(), t.TempDir(), "all", head, everything, nil)
		if diff := cmp.Diff(want, withoutBranches(got)); diff != "" || err != nil {
			t.Fatal(i, diff, err)
		}
		_ = r.Close()
	}
	if lies < 100 {
		t.Errorf("%d lies were told: want more", lies)
	}
}

func withoutBranches(landings []event.Landing) (all []event.Landing) {
	for _, l := range landings {
		l.Branch = nil
		all = append(all, l)
	}
	return all
}

// A commit of a circle is its own ancestor.
func TestACommitGraphOfACircleIsFoundOut(t *testing.T) {
	l := newLab(t)
	for i := range 5 {
		l.commit("a", fmt.Sprint(i))
	}
	want, index := history(t, l), indexOfHistory(t, l)
	l.git("commit-graph", "write", "--reachable")
	head, err := parseHash(want[4].Commit)
	if err != nil {
		t.Fatal(err)
	}
	n, _ := l.open().commitGraph().Find(head)
	l.alterParent(want[0].Commit, []byte{0, 0, 0, byte(n)})
	if diff := cmp.Diff(want, history(t, l)); diff != "" {
		t.Error(diff)
	}
	if !bytes.Equal(index, indexOfHistory(t, l)) {
		t.Error("the index is another")
	}
}
