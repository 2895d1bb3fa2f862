package event

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
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
	renames := 0
	for i := range 200 {
		a, b := edited(r)
		got := similarity(shapeOf([]byte(a)), shapeOf([]byte(b)))
		git := gitSimilarity(t, a, b)
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

// gitSimilarity is the percentage that `git diff -M` prints for a rename, or -1.
func gitSimilarity(t *testing.T, a, b string) int {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"a/f": a, "b/g": b} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("git", "diff", "--no-index", "-M", "--name-status", "a", "b")
	cmd.Dir, cmd.Env = dir, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GIT_CONFIG_NOSYSTEM=1"}
	out, _ := cmd.Output() // it exits with 1 for a difference
	percent := -1
	if strings.HasPrefix(string(out), "R") {
		if _, err := fmt.Sscanf(string(out), "R%d", &percent); err != nil {
			t.Fatal(err)
		}
	} else if !strings.Contains(string(out), "A\t") {
		t.Fatalf("git says %q", out)
	}
	return percent
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
