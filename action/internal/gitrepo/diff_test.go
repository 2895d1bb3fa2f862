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
			randomHistory(l, rnd, 40)
			r := l.open()
			all := strings.Fields(l.git("rev-list", "--all"))
			for range 25 {
				a, b := all[rnd.IntN(len(all))], all[rnd.IntN(len(all))]
				base, err := r.MergeBase(a, b)
				if err != nil {
					t.Fatal(err)
				}
				if bases := strings.Fields(l.git("merge-base", "--all", a, b)); !slices.Contains(bases, base) {
					t.Errorf("merge base of %s and %s: %s, git says %v", a, b, base, bases)
				}
				if diff := cmp.Diff(gitDiff(l, a, b), differences(t, r, a, b)); diff != "" {
					t.Errorf("%s..%s (-git +ours):\n%s", a, b, diff)
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

// gitDiff is git's own account: path, old mode and id, new mode and id.
func gitDiff(l *lab, a, b string) []string {
	var out []string
	fields := strings.Split(l.git("diff-tree", "-r", "-z", "--no-renames", "--no-abbrev", a, b), "\x00")
	for i := 0; i+1 < len(fields); i += 2 {
		f := strings.Fields(fields[i][1:])
		out = append(out, fmt.Sprintln(fields[i+1], side(f[0], f[2]), side(f[1], f[3])))
	}
	slices.Sort(out)
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
