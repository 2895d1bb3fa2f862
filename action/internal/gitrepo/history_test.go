package gitrepo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
)

func everything(string) bool { return true }

func history(t *testing.T, l *lab) []event.Landing {
	t.Helper()
	landings, err := l.open().History(context.Background(), l.git("rev-parse", "HEAD"), everything, nil)
	if err != nil {
		t.Fatal(err)
	}
	return landings
}

// told shows landings as lines: the commit's tag, what it changed, and the branch's start.
func told(t *testing.T, l *lab, landings []event.Landing) string {
	t.Helper()
	names := map[string]string{"": "-"}
	for _, line := range strings.Split(l.git("for-each-ref", "--format=%(objectname) %(refname:short)", "refs/tags"), "\n") {
		id, name, _ := strings.Cut(line, " ")
		names[id] = name
	}
	var b strings.Builder
	for _, x := range landings {
		b.WriteString(names[x.Commit] + ":")
		for _, c := range x.Changes {
			b.WriteString(" " + sign(c) + c.Path)
		}
		if x.Branch != nil {
			b.WriteString(" <- " + names[x.Branch.Commit])
		}
		b.WriteString("\n")
	}
	return b.String()
}

func sign(c event.Change) string {
	switch {
	case c.Old == "":
		return "+"
	case c.New == "":
		return "-"
	}
	return "~"
}

// step commits files on the current branch and tags the commit.
func (l *lab) step(tag string, files ...string) {
	l.t.Helper()
	l.tag(tag, l.commit(files...))
}

func (l *lab) merge(tag string, branches ...string) {
	l.t.Helper()
	l.tag(tag, l.record(append([]string{"merge", "-q", "--no-ff", "-m", "merge"}, branches...)...))
}

// tag writes the file that git writes for a tag without words.
func (l *lab) tag(name, commit string) {
	l.t.Helper()
	l.write(".git/refs/tags/"+name, commit+"\n")
}

func (l *lab) on(branch string, from ...string) {
	l.t.Helper()
	if len(from) > 0 {
		l.git(append([]string{"checkout", "-q", "-b", branch}, from...)...)
		return
	}
	l.git("checkout", "-q", branch)
}

func TestHistoryOfStories(t *testing.T) {
	cases := []struct {
		name  string
		story func(*lab)
		want  string
	}{
		{"commits straight onto the branch", func(l *lab) {
			l.step("one", "r/a.yaml", "1", "r/b.yaml", "1")
			l.step("two", "r/a.yaml", "2")
			l.step("nothing")
			os.Remove(filepath.Join(l.dir, "r/b.yaml"))
			l.step("gone")
		}, "one: +r/a.yaml +r/b.yaml\ntwo: ~r/a.yaml\nnothing:\ngone: -r/b.yaml\n"},
		{"a merge of two commits", func(l *lab) {
			l.step("base", "a", "1")
			l.on("topic", "main")
			l.step("t1", "r/x.yaml", "1")
			l.step("t2", "r/x.yaml", "2")
			l.on("main")
			l.step("meanwhile", "a", "2")
			l.merge("merged", "topic")
		}, "base: +a\nmeanwhile: ~a\nmerged: +r/x.yaml <- t1\n"},
		{"a branch that had merged main on the way", func(l *lab) {
			l.step("base", "a", "1")
			l.on("topic", "main")
			l.step("t1", "x", "1")
			l.on("main")
			l.step("meanwhile", "a", "2")
			l.on("topic")
			l.merge("update", "main")
			l.step("t2", "x", "2")
			l.on("main")
			l.merge("merged", "topic")
		}, "base: +a\nmeanwhile: ~a\nmerged: +x <- t1\n"},
		{"a branch merged twice", func(l *lab) {
			l.step("base", "a", "1")
			l.on("topic", "main")
			l.step("t1", "x", "1")
			l.on("main")
			l.merge("first", "topic")
			l.on("topic")
			l.step("t2", "x", "2")
			l.on("main")
			l.merge("second", "topic")
		}, "base: +a\nfirst: +x <- t1\nsecond: ~x <- t2\n"},
		{"a branch off a branch that landed before", func(l *lab) {
			l.step("base", "a", "1")
			l.on("lower", "main")
			l.step("l1", "x", "1")
			l.on("upper", "lower")
			l.step("u1", "y", "1")
			l.on("main")
			l.merge("low", "lower")
			l.merge("up", "upper")
		}, "base: +a\nlow: +x <- l1\nup: +y <- u1\n"},
		{"a squash", func(l *lab) {
			l.step("base", "a", "1")
			l.on("topic", "main")
			l.step("t1", "x", "1")
			l.step("t2", "x", "2")
			l.on("main")
			l.git("merge", "-q", "--squash", "topic")
			l.step("squashed")
		}, "base: +a\nsquashed: +x\n"},
		{"an octopus whose second branch has the first change", func(l *lab) {
			l.step("base", "z", "1")
			l.on("one", "main")
			l.step("o1", "b", "1")
			l.on("two", "main")
			l.step("w1", "a", "1")
			l.step("w2", "a", "2")
			l.on("main")
			l.merge("octopus", "one", "two")
		}, "base: +z\noctopus: +a +b <- w1\n"},
		{"a foxtrot: main merged into a branch that then became main", func(l *lab) {
			l.step("base", "a", "1")
			l.on("topic", "main")
			l.step("t1", "x", "1")
			l.on("main")
			l.step("m1", "a", "2")
			l.on("topic")
			l.merge("fox", "main")
			l.git("branch", "-f", "main", "topic")
			l.on("main")
		}, "base: +a\nt1: +x\nfox: ~a <- m1\n"},
		{"a merge of what is there already", func(l *lab) {
			l.step("base", "a", "1")
			l.step("next", "a", "2")
			tree := l.git("rev-parse", "HEAD^{tree}")
			l.git("reset", "-q", "--hard", l.commitTree(tree, "HEAD", "HEAD~1"))
			l.git("tag", "again")
		}, "base: +a\nnext: ~a\nagain:\n"},
		{"a merge of a history of its own", func(l *lab) {
			l.step("base", "a", "1")
			l.git("checkout", "-q", "--orphan", "import")
			l.git("rm", "-rfq", ".")
			l.step("i1", "x", "1")
			l.step("i2", "x", "2")
			l.on("main")
			l.merge("joined", "--allow-unrelated-histories", "import")
		}, "base: +a\njoined: +x <- i1\n"},
		{"a rename is one file gone and one come", func(l *lab) {
			l.step("base", "r/a.yaml", "1")
			l.git("mv", "r/a.yaml", "b.yaml")
			l.step("moved")
		}, "base: +r/a.yaml\nmoved: +b.yaml -r/a.yaml\n"},
		{"a file that becomes a folder and a file again", func(l *lab) {
			l.step("base", "x.yaml", "1", "x.yam", "1", "x.yaml-a", "1")
			l.git("rm", "-q", "x.yaml")
			l.step("folder", "x.yaml/y.yaml", "1")
			l.git("rm", "-rq", "x.yaml")
			l.step("file", "x.yaml", "1")
		}, "base: +x.yam +x.yaml +x.yaml-a\nfolder: -x.yaml +x.yaml/y.yaml\nfile: +x.yaml -x.yaml/y.yaml\n"},
		{"a file that becomes a link is gone", func(l *lab) {
			l.step("base", "x.yaml", "1", "t", "1")
			os.Remove(filepath.Join(l.dir, "x.yaml"))
			if err := os.Symlink("t", filepath.Join(l.dir, "x.yaml")); err != nil {
				l.t.Fatal(err)
			}
			l.step("link")
			os.Remove(filepath.Join(l.dir, "x.yaml"))
			l.step("back", "x.yaml", "1")
		}, "base: +t +x.yaml\nlink: -x.yaml\nback: +x.yaml\n"},
		{"a file that becomes a submodule is gone", func(l *lab) {
			l.step("base", "x.yaml", "1")
			l.git("update-index", "--cacheinfo", "160000,"+l.git("rev-parse", "HEAD")+",x.yaml")
			l.tag("module", l.record("commit", "-q", "-m", "module"))
		}, "base: +x.yaml\nmodule: -x.yaml\n"},
		{"a change of mode alone is none", func(l *lab) {
			l.step("base", "x.yaml", "1")
			l.git("update-index", "--chmod=+x", "x.yaml")
			l.tag("mode", l.record("commit", "-q", "-m", "mode"))
		}, "base: +x.yaml\nmode:\n"},
		{"an empty first commit", func(l *lab) {
			l.step("empty")
			l.step("one", "a", "1")
		}, "empty:\none: +a\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			c.story(l)
			if diff := cmp.Diff(c.want, told(t, l, history(t, l))); diff != "" {
				t.Error(diff)
			}
			l.pack()
			if diff := cmp.Diff(c.want, told(t, l, history(t, l))); diff != "" {
				t.Error("packed:", diff)
			}
		})
	}
}

func TestALandingKnowsWhoAndWhen(t *testing.T) {
	l := newLab(t)
	l.step("base", "a", "1")
	l.on("topic", "main")
	l.who = "Bo <bo@example.org>"
	l.step("t1", "x", "1")
	began := l.clock
	l.on("main")
	l.who = "GitHub <noreply@github.com>"
	l.merge("merged", "topic")
	ann := account.Account{ID: 1, Login: "ann"}
	want := []event.Landing{
		{Author: ann, Committer: ann, Time: began.Add(-3600e9), Changes: []event.Change{{Path: "a", New: l.git("rev-parse", "base:a")}}},
		{ByForge: true, Time: l.clock, Changes: []event.Change{{Path: "x", New: l.git("rev-parse", "t1:x")}},
			Branch: &event.BranchStart{Commit: l.git("rev-parse", "t1"), Time: began}},
	}
	want[0].Commit, want[1].Commit = l.git("rev-parse", "base"), l.git("rev-parse", "merged")
	if diff := cmp.Diff(want, history(t, l)); diff != "" {
		t.Error(diff)
	}
}

func TestHistoryGivesOnlyWhatMatches(t *testing.T) {
	l := newLab(t)
	l.step("one", "r/a.yaml", "1", "r/b.md", "1", "s/a.yaml", "1")
	l.step("two", "r/b.md", "2")
	var steps []string
	landings, err := l.open().History(context.Background(), l.git("rev-parse", "HEAD"),
		func(p string) bool { return strings.HasPrefix(p, "r/") && strings.HasSuffix(p, ".yaml") },
		func(done, total int) { steps = append(steps, fmt.Sprint(done, "/", total)) })
	if err != nil {
		t.Fatal(err)
	}
	if got := told(t, l, landings); got != "one: +r/a.yaml\ntwo:\n" {
		t.Error(got)
	}
	if got := strings.Join(steps, " "); got != "1/2 2/2" {
		t.Error(got)
	}
}

func TestHistoryStopsWhenCalledOff(t *testing.T) {
	l := newLab(t)
	head := l.commit("a", "1")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := l.open().History(ctx, head, everything, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestHistoryIgnoresReplaceRefs(t *testing.T) {
	l := newLab(t)
	l.step("one", "a", "1")
	l.step("two", "a", "2")
	want := told(t, l, history(t, l))
	head := l.git("rev-parse", "HEAD")
	l.git("replace", "--graft", "HEAD")
	landings, err := l.open().History(context.Background(), head, everything, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := told(t, l, landings); got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

func TestHistoryPassesOddNames(t *testing.T) {
	l := newLab(t)
	blob := l.gitInput("x", "hash-object", "-w", "--stdin")
	good := l.rawTree("100644", "r.yaml", blob)
	for _, name := range []string{"a\nb.yaml", "\x1b[2J.yaml", "\xff.yaml", "-r.yaml"} {
		first := l.commitTree(l.rawTree("100644", name, blob))
		l.git("update-ref", "refs/heads/main", l.commitTree(good, first))
		want := []event.Change{{Path: name, Old: blob}, {Path: "r.yaml", New: blob}}
		if name > "r.yaml" {
			want[0], want[1] = want[1], want[0]
		}
		got := history(t, l)
		if diff := cmp.Diff([][]event.Change{{{Path: name, New: blob}}, want}, [][]event.Change{got[0].Changes, got[1].Changes}); diff != "" {
			t.Errorf("%q: %s", name, diff)
		}
	}
}

func TestAPathThatIsSpelledInOneNameIsNoFile(t *testing.T) {
	l := newLab(t)
	blob := l.gitInput("x", "hash-object", "-w", "--stdin")
	l.git("update-ref", "refs/heads/main", l.commitTree(l.rawTree("100644", "requests/2026/a.yaml", blob)))
	if got := history(t, l); got[0].Changes != nil {
		t.Errorf("got %v, want no change", got[0].Changes)
	}
}

// TestHistoryAgreesWithGit compares random histories with what git itself says of them.
func TestHistoryAgreesWithGit(t *testing.T) {
	for seed := range uint64(6) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			l := newLab(t)
			tale := newTale(l, seed%2 == 0)
			tale.wander(rand.New(rand.NewPCG(seed, 1)), 60)
			tale.tell()
			if seed%2 == 1 {
				l.pack()
			}
			landings := history(t, l)
			if diff := cmp.Diff(gitLog(l), ours(landings)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(gitBranches(l, landings), branches(landings)); diff != "" {
				t.Error("branches:", diff)
			}
			if diff := cmp.Diff(byGoGit(t, l), landings); diff != "" {
				t.Error("by go-git:", diff)
			}
		})
	}
}

// byGoGit is the same history, its objects read by go-git and one at a time.
func byGoGit(t *testing.T, l *lab) []event.Landing {
	t.Helper()
	r := l.open()
	id, err := parseHash(l.git("rev-parse", "HEAD"))
	if err != nil {
		t.Fatal(err)
	}
	from := remember(reference{r.refs})
	h := historian{ctx: context.Background(), objects: from, match: everything, rest: func() {}}
	landings, err := h.history(id, []objects{from}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return landings
}

// gitBranches asks git for what is on a merged branch's own line and not on main before.
func gitBranches(l *lab, landings []event.Landing) (starts []string) {
	parentsOf := strings.Split(l.git("log", "--first-parent", "--reverse", "--format=%P"), "\n")
	for i := range landings {
		start := ""
		if parents := strings.Fields(parentsOf[i]); len(parents) == 2 && parents[0] != parents[1] {
			own := strings.Split(l.git("rev-list", "--first-parent", parents[1], "^"+parents[0]), "\n")
			start = own[len(own)-1]
		}
		starts = append(starts, start)
	}
	return starts
}

func branches(landings []event.Landing) (starts []string) {
	for _, x := range landings {
		start := ""
		if x.Branch != nil {
			start = x.Branch.Commit
		}
		starts = append(starts, start)
	}
	return starts
}

// gitLog is git's own account, oldest first: id, committer time, then path, old and new id.
func gitLog(l *lab) []string {
	out := l.git("log", "--first-parent", "--diff-merges=first-parent", "--reverse", "--root", "--raw", "-z", "--no-renames", "--no-abbrev", "-r", "--format=@%H %ct")
	var lines []string
	var modes []string
	for _, field := range strings.Split(strings.ReplaceAll(out, "\n", ""), "\x00") {
		switch {
		case strings.HasPrefix(field, "@"):
			lines = append(lines, field)
		case strings.HasPrefix(field, ":"):
			modes = strings.Fields(field[1:])
		case field != "":
			old, new := regularID(modes[0], modes[2]), regularID(modes[1], modes[3])
			if old != new {
				lines = append(lines, field+" "+old+" "+new)
			}
		}
	}
	return lines
}

func regularID(mode, id string) string {
	if strings.HasPrefix(mode, "100") {
		return id
	}
	return ""
}

func ours(landings []event.Landing) []string {
	var lines []string
	for _, x := range landings {
		lines = append(lines, fmt.Sprintf("@%s %d", x.Commit, x.Time.Unix()))
		for _, c := range x.Changes {
			lines = append(lines, c.Path+" "+c.Old+" "+c.New)
		}
	}
	return lines
}

// BenchmarkHistory reads ten thousand landings of two thousand files in one folder.
func BenchmarkHistory(b *testing.B) {
	l := newLab(b)
	var in strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&in, "commit refs/heads/main\ncommitter A <a@b> %d +0000\ndata 1\nx\n", 1700000000+i)
		fmt.Fprintf(&in, "M 100644 inline requests/2026/r%d.yaml\ndata %d\n%d\n", i*7%2000, len(fmt.Sprint(i)), i)
	}
	l.gitInput(in.String(), "fast-import", "--quiet")
	head := l.git("rev-parse", "main")
	for b.Loop() {
		if _, err := l.open().History(context.Background(), head, everything, nil); err != nil {
			b.Fatal(err)
		}
	}
}
