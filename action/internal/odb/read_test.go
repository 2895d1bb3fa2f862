package odb

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// BenchmarkRead reads every object of a history, the newest first, in three ways. The histories
// are those that LIAISON_DESKS lists (docs/performance.md), else one that is made.
func BenchmarkRead(b *testing.B) {
	desks := filepath.SplitList(os.Getenv("LIAISON_DESKS"))
	if len(desks) == 0 {
		l := newLab(b)
		l.grow("main", 2000)
		l.git("", "repack", "-adfq", "--window=10", "--depth=50")
		desks = []string{filepath.Join(l.dir, ".git")}
	}
	for _, dir := range desks {
		ids := newestFirst(b, dir)
		for _, way := range []struct {
			name string
			read func(testing.TB, string, []ID)
		}{{"own", readByOdb}, {"go-git", readByGoGit}, {"git", readByGit}} {
			b.Run(filepath.Base(dir)+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					way.read(b, dir, ids)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(ids)), "ns/object")
			})
		}
	}
}

// gitIn is a run of git on a repository that may be bare.
func gitIn(dir, input string, args ...string) *exec.Cmd {
	cmd := exec.Command("git", append([]string{"--git-dir", dir}, args...)...)
	cmd.Stdin, cmd.Env = strings.NewReader(input), cleanEnv()
	return cmd
}

func newestFirst(t testing.TB, dir string) (ids []ID) {
	t.Helper()
	out, err := gitIn(dir, "", "rev-list", "--all", "--objects", "--no-object-names").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		id, ok := parseID(strings.TrimSuffix(line, "\n"))
		if !ok {
			t.Fatalf("git says %q", line)
		}
		ids = append(ids, id)
	}
	return ids
}

func readByOdb(t testing.TB, dir string, ids []ID) {
	s, err := Open(filepath.Join(dir, "objects"))
	if err != nil {
		t.Fatal(err)
	}
	r := s.Reader()
	for _, id := range ids {
		if _, _, err := r.Read(id); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func readByGoGit(t testing.TB, dir string, ids []ID) {
	objects := filesystem.NewStorage(osfs.New(dir), cache.NewObjectLRUDefault())
	for _, id := range ids {
		o, err := objects.EncodedObject(plumbing.AnyObject, plumbing.Hash(id))
		if err != nil {
			t.Fatal(err)
		}
		r, err := o.Reader()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, r); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := objects.Close(); err != nil {
		t.Fatal(err)
	}
}

// readByGit has one process of git print the objects, which the system throws away.
func readByGit(t testing.TB, dir string, ids []ID) {
	var in strings.Builder
	for _, id := range ids {
		in.WriteString(id.String() + "\n")
	}
	if err := gitIn(dir, in.String(), "cat-file", "--batch", "--buffer").Run(); err != nil {
		t.Fatal(err)
	}
}
