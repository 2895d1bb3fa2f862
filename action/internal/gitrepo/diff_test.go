package gitrepo

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDiffAndMergeBaseAgreeWithGit(t *testing.T) {
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			l := newLab(t)
			rnd := rand.New(rand.NewPCG(seed, 2))
			tale := newTale(l, seed%2 == 0)
			tale.wander(rnd, 40)
			tale.tell()
			r := l.open()
			all := strings.Fields(l.git("rev-list", "--all"))
			var pairs [][2]string
			for range 25 {
				pairs = append(pairs, [2]string{all[rnd.IntN(len(all))], all[rnd.IntN(len(all))]})
			}
			told := gitDiffs(l, pairs)
			for i, p := range pairs {
				base, err := r.MergeBase(p[0], p[1])
				if err != nil {
					t.Fatal(err)
				}
				if bases := strings.Fields(l.git("merge-base", "--all", p[0], p[1])); !slices.Contains(bases, base) {
					t.Errorf("merge base of %v: %s, git says %v", p, base, bases)
				}
				if diff := cmp.Diff(told[i], differences(t, r, p[0], p[1])); diff != "" {
					t.Errorf("%v (-git +ours):\n%s", p, diff)
				}
			}
		})
	}
}

func TestUnrelatedCommitsHaveNoMergeBase(t *testing.T) {
	l := newLab(t)
	a := l.commit("f", "1")
	l.git("checkout", "-q", "--orphan", "other")
	b := l.commit("f", "2")
	if _, err := l.open().MergeBase(a, b); !errors.Is(err, ErrUnrelated) {
		t.Errorf("got %v", err)
	}
}

// gitDiffs is git's own account of some pairs: path, old mode and id, new mode and id.
func gitDiffs(l *lab, pairs [][2]string) (out [][]string) {
	args := []string{"rev-parse"}
	for _, p := range pairs {
		args = append(args, p[0]+"^{tree}", p[1]+"^{tree}")
	}
	var in strings.Builder
	for pair := range slices.Chunk(strings.Fields(l.git(args...)), 2) {
		in.WriteString(strings.Join(pair, " ") + "\n")
	}
	for _, line := range strings.Split(l.gitInput(in.String(), "diff-tree", "--stdin", "-r", "--no-renames", "--no-abbrev"), "\n") {
		what, path, changed := strings.Cut(line, "\t")
		if !changed { // the next pair
			out = append(out, nil)
			continue
		}
		f := strings.Fields(what[1:])
		out[len(out)-1] = append(out[len(out)-1], fmt.Sprintln(path, side(f[0], f[2]), side(f[1], f[3])))
	}
	for _, diff := range out {
		slices.Sort(diff)
	}
	return out
}

func side(mode, id string) string {
	if mode == "000000" {
		return "nothing"
	}
	return mode + " " + id
}

func differences(t *testing.T, r *Repo, a, b string) []string {
	t.Helper()
	ds, err := r.Diff(a, b)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, d := range ds {
		if d.Old.Mode == "040000" {
			d.Old = File{}
		}
		if d.New.Mode == "040000" {
			d.New = File{}
		}
		if d.Old != d.New {
			out = append(out, fmt.Sprintln(d.Path, fileSide(d.Old), fileSide(d.New)))
		}
	}
	slices.Sort(out)
	return out
}

func fileSide(f File) string {
	if f == (File{}) {
		return "nothing"
	}
	return f.Mode + " " + f.Blob
}
