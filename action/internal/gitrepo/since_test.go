package gitrepo

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestALineThatWasRewrittenGoesOnFromTheRecordedHead(t *testing.T) {
	cases := []struct {
		name  string
		story func(l *lab) (recorded string) // its tag
		want  string
	}{
		{"a pushed branch that had merged main", func(l *lab) string {
			l.step("base", "a", "1")
			l.on("topic", "main")
			l.step("t1", "x", "1")
			l.on("main")
			l.step("meanwhile", "a", "2")
			l.on("topic")
			l.merge("foxtrot", "main")
			l.git("branch", "-f", "main", "topic")
			l.on("main")
			l.step("after", "x", "2")
			return "meanwhile"
		}, "base: +a\nmeanwhile: ~a\nfoxtrot: +x\nafter: ~x\n"},
		{"a forced push", func(l *lab) string {
			l.step("base", "a", "1")
			l.step("lost", "b", "1")
			l.git("reset", "-q", "--hard", "HEAD^")
			os.Remove(filepath.Join(l.dir, "b"))
			l.step("foxtrot", "c", "1")
			l.step("after", "c", "2")
			return "lost"
		}, "base: +a\nlost: +b\nfoxtrot: -b +c\nafter: ~c\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			recorded := l.git("rev-parse", c.story(l))
			head := l.git("rev-parse", "main")
			r := l.open()
			if _, ok, err := r.Since(head, recorded); ok || err != nil {
				t.Fatalf("Since: %v, %v; want that the recorded head is not on the line", ok, err)
			}
			if err := r.Break(recorded, l.git("rev-parse", "main^")); err != nil {
				t.Fatal(err)
			}
			landings, err := r.History(context.Background(), head, everything, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := told(t, l, landings); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
			l.git("commit-graph", "write", "--reachable")
			graphed := l.open()
			if err := graphed.Break(recorded, l.git("rev-parse", "main^")); err != nil {
				t.Fatal(err)
			}
			if got := told(t, l, once(t, graphed, head)); got != c.want {
				t.Errorf("with a commit-graph: got\n%swant\n%s", got, c.want)
			}
			authors, ok, err := r.Since(head, recorded)
			if err != nil || !ok || len(authors) != 2 || authors[0].Login != "ann" {
				t.Errorf("Since after the break: %v, %v, %v; want two commits by ann", authors, ok, err)
			}
		})
	}
}

func TestSinceRefusesWhatIsNoID(t *testing.T) {
	l := newLab(t)
	head := l.commit("a", "1")
	_, _, err := l.open().Since(head, strings.Repeat("z", 40))
	wantError(t, err, "is not an object id")
	wantError(t, l.open().Break("x", head), "is not an object id")
}
