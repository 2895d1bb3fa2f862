package event

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// edited is a text of lines, some of them long, and the same with lines changed, added and
// taken away, about half of it.
func edited(r *rand.Rand) (before, after string) {
	eol := []string{"\n", "\n", "\r\n"}[r.IntN(3)]
	line := func() string {
		l := make([]byte, 1+r.IntN(90))
		for i := range l {
			l[i] = byte('a' + r.IntN(26))
		}
		return string(l) + eol
	}
	keep := 0.2 + 0.4*r.Float64()
	var a, b strings.Builder
	for range 4 + r.IntN(20) {
		l := line()
		a.WriteString(l)
		switch {
		case r.Float64() < keep:
			b.WriteString(l)
		case len(l) > 70: // only its end changes
			b.WriteString(l[:66] + line())
		case r.IntN(2) == 0:
			b.WriteString(line())
		}
		if r.IntN(10) == 0 {
			b.WriteString(line())
		}
	}
	b.WriteString("the end" + eol)
	return a.String(), b.String()
}

// What git calls a rename at its default border of half is at least half alike here, and
// the shares are git's, to the percent that it prints.
func TestSimilarityIsGits(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed: similarity is compared with the real one")
	}
	r := rand.New(rand.NewPCG(1, 2))
	var pairs [][2]string
	for range 200 {
		before, after := edited(r)
		pairs = append(pairs, [2]string{before, after})
	}
	renames := 0
	for i, git := range gitSimilarities(t, pairs) {
		got := similarity(shapeOf([]byte(pairs[i][0])), shapeOf([]byte(pairs[i][1])))
		if git >= 0 {
			renames++
		}
		if (got >= 0.5) != (git >= 0) || git >= 0 && int(got*100) != git {
			t.Errorf("case %d: similarity %.4f, git says %d", i, got, git)
		}
	}
	if renames < 50 || renames > 150 {
		t.Errorf("%d of 200 are renames: the cases are not about the border", renames)
	}
}

// gitSimilarities are the percentages that git prints for renames, or -1: each pair is a
// commit with one file, and a commit with the other in its place.
func gitSimilarities(t *testing.T, pairs [][2]string) []int {
	t.Helper()
	dir := t.TempDir()
	git := func(input string, args ...string) string {
		cmd := exec.Command("git", args...)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(input)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_TEMPLATE_DIR="}
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("git %v: %v", args, err)
		}
		return string(out)
	}
	var in strings.Builder
	for i, pair := range pairs {
		for j, name := range []string{"a/f", "b/g"} {
			fmt.Fprintf(&in, "commit refs/heads/main\ncommitter A <a@b> %d +0000\ndata 0\ndeleteall\nM 100644 inline %s\ndata %d\n%s\n", 2*i+j, name, len(pair[j]), pair[j])
		}
	}
	git("", "init", "-q", "--bare", "-b", "main")
	git(in.String(), "fast-import", "--quiet")
	var all []int
	for i, commit := range strings.Split(git("", "log", "--reverse", "--format=@%n", "--name-status", "-M", "main"), "@\n")[1:] {
		if i%2 == 1 {
			all = append(all, percentOf(t, strings.TrimSpace(commit)))
		}
	}
	return all
}

// percentOf reads "R067 a/f b/g", or "D a/f" and "A b/g".
func percentOf(t *testing.T, status string) int {
	t.Helper()
	var percent int
	if n, _ := fmt.Sscanf(status, "R%d", &percent); n == 1 {
		return percent
	}
	if !strings.Contains(status, "A\t") {
		t.Fatalf("git says %q", status)
	}
	return -1
}

func TestSimilarity(t *testing.T) {
	for _, c := range []struct {
		name, a, b string
		want       float64
	}{
		{"of two empty texts is whole", "", "", 1},
		{"of nothing and something is none", "", "a\n", 0},
		{"counts a line as often as both have it", "a\na\nb\n", "a\nb\nb\n", 4.0 / 6},
		{"does not mind the order of lines", "a\nb\n", "b\na\n", 1},
		{"is not looked for where half is out of reach", "a\n", "a\nb\nc\n", 0},
		{"does not count a carriage return at a line's end", "a\r\nb\r\n", "a\nb\n", 4.0 / 6},
		{"counts a last line without a break", "a\nb", "a\nb", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := similarity(shapeOf([]byte(c.a)), shapeOf([]byte(c.b))); got != c.want {
				t.Errorf("similarity of %q and %q is %v, want %v", c.a, c.b, got, c.want)
			}
		})
	}
}
