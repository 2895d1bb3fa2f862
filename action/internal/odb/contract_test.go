package odb

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// shapes are repositories with the same objects, stored in different ways.
var shapes = []struct {
	name  string
	shape func(*lab)
}{
	{"as fast-import leaves it", func(*lab) {}},
	{"loose objects alone", func(l *lab) { l.loosen() }},
	{"one pack, window 10, depth 50", func(l *lab) { l.git("", "repack", "-adfq", "--window=10", "--depth=50") }},
	{"long chains of deltas", func(l *lab) { l.git("", "repack", "-adFq", "--window=60", "--depth=300") }},
	{"no deltas", func(l *lab) { l.git("", "repack", "-adFq", "--window=0") }},
	{"not compressed", func(l *lab) {
		l.git("", "-c", "pack.compression=0", "-c", "core.compression=0", "repack", "-adFq")
	}},
	{"compressed hard", func(l *lab) { l.git("", "-c", "pack.compression=9", "repack", "-adFq") }},
	{"deltas that name their base by its id", func(l *lab) {
		l.git("", "-c", "repack.useDeltaBaseOffset=false", "repack", "-adFq")
	}},
	{"an index of version 1", func(l *lab) { l.git("", "-c", "pack.indexVersion=1", "repack", "-adfq") }},
	{"offsets of 63 bits", func(l *lab) {
		l.git("", "repack", "-adfq")
		idx := l.file("pack", "*.idx")
		pack := idx[:len(idx)-4] + ".pack"
		if err := os.Remove(idx); err != nil {
			l.t.Fatal(err)
		}
		l.git("", "index-pack", "--index-version=2,0x100", "-o", idx, pack)
	}},
	{"with a bitmap", func(l *lab) { l.git("", "repack", "-adfbq") }},
	{"with a reverse index", func(l *lab) { l.git("", "-c", "pack.writeReverseIndex=true", "repack", "-adfq") }},
	{"several packs", func(l *lab) { l.layers() }},
	{"several packs with one index", func(l *lab) {
		l.layers()
		l.git("", "multi-pack-index", "write")
	}},
	{"several packs with one index and a bitmap", func(l *lab) {
		l.layers()
		l.git("", "repack", "-dq", "--geometric=2", "--write-midx", "--write-bitmap-index")
	}},
	{"a pack that came after the one index", func(l *lab) {
		l.layers()
		l.git("", "multi-pack-index", "write")
		l.grow("later", 20)
		l.git("", "repack", "-dq")
	}},
	{"a pack that the one index names is gone", func(l *lab) {
		l.layers()
		l.git("", "multi-pack-index", "write")
		midx := read(l.t, l.file("pack", "multi-pack-index"))
		l.git("", "repack", "-adfq")
		write(l.t, filepath.Join(l.objects(), "pack", "multi-pack-index"), midx)
	}},
	{"a broken index of several packs", func(l *lab) {
		l.layers()
		l.git("", "multi-pack-index", "write")
		name := l.file("pack", "multi-pack-index")
		write(l.t, name, read(l.t, name)[:500])
	}},
	{"objects borrowed from another repository, and that one's", func(l *lab) {
		l.git("", "clone", "-qns", ".", "a")
		l.git("", "-C", "a", "clone", "-qns", ".", "b")
		l.git("own", "-C", "a/b", "hash-object", "-w", "--stdin")
		l.dir = filepath.Join(l.dir, "a", "b")
	}},
	{"objects borrowed by a relative path, with comments and quotes", func(l *lab) {
		l.git("", "clone", "-qns", ".", "c")
		to := "# a comment\n\n\"../../../.git/\\157bjects\"\n../../missing\n"
		write(l.t, filepath.Join(l.dir, "c/.git/objects/info/alternates"), []byte(to))
		l.dir = filepath.Join(l.dir, "c")
	}},
	{"two repositories that borrow from each other", func(l *lab) {
		l.git("", "clone", "-qns", ".", "c")
		write(l.t, filepath.Join(l.objects(), "info/alternates"), []byte(filepath.Join(l.dir, "c/.git/objects")+"\n"))
	}},
	{"a pack without its index, and an index without its pack", func(l *lab) {
		l.git("", "repack", "-adfq")
		write(l.t, filepath.Join(l.objects(), "pack", "pack-1.pack"), []byte("PACK"))
		write(l.t, filepath.Join(l.objects(), "pack", "pack-2.idx"), nil)
	}},
}

// loosen takes every object out of its pack.
func (l *lab) loosen() {
	packs, _ := filepath.Glob(filepath.Join(l.objects(), "pack", "*.pack"))
	for _, p := range packs {
		aside := filepath.Join(l.dir, "aside.pack")
		if err := errors.Join(os.Rename(p, aside), os.Remove(p[:len(p)-5]+".idx")); err != nil {
			l.t.Fatal(err)
		}
		l.git(string(read(l.t, aside)), "unpack-objects", "-q")
	}
}

// layers packs a story chapter by chapter.
func (l *lab) layers() {
	for _, branch := range []string{"two", "three"} {
		l.grow(branch, 40)
		l.git("", "repack", "-dfq")
	}
	l.git("loose", "hash-object", "-w", "--stdin")
}

func TestEveryShapeReadsAsGitReadsIt(t *testing.T) {
	for _, c := range shapes {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			l.grow("main", 120)
			c.shape(l)
			s, all := l.open(), l.everything()
			agree(t, s, all)
			agreeWithGoGit(t, filepath.Dir(l.objects()), all)
		})
	}
}

// agreeWithGoGit holds go-git against the same, so that the two readers are held against
// each other. It does not know every shape: what it cannot find counts for nothing.
func agreeWithGoGit(t *testing.T, dir string, all map[ID]told) {
	t.Helper()
	fs := filesystem.NewStorageWithOptions(osfs.New(dir), cache.NewObjectLRUDefault(), filesystem.Options{AlternatesFS: osfs.New("/")})
	defer func() { _ = fs.Close() }()
	for id, want := range all {
		o, err := fs.EncodedObject(plumbing.AnyObject, plumbing.Hash(id))
		if err != nil {
			continue
		}
		r, err := o.Reader()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil || o.Type().String() != want.kind || !bytes.Equal(b, want.body) {
			t.Fatalf("go-git reads %s as a %s of %d bytes, %v: want a %s of %d", id, o.Type(), len(b), err, want.kind, len(want.body))
		}
	}
}

func TestManyReadersReadAtOnce(t *testing.T) {
	l := newLab(t)
	l.grow("loose", 30)
	l.loosen()
	l.grow("main", 100)
	s, all := l.open(), l.everything()
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() { agree(t, s, all) })
	}
	wait.Wait()
}

func TestAStoreAtRestReadsTheSame(t *testing.T) {
	l := newLab(t)
	l.grow("main", 100)
	l.git("", "repack", "-adfq")
	s, all := l.open(), l.everything()
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() { agree(t, s, all) })
	}
	for range 50 {
		s.Rest()
	}
	wait.Wait()
	agree(t, s, all)
}

func TestPacksThatComeLaterAreFound(t *testing.T) {
	l := newLab(t)
	l.grow("main", 30)
	s := l.open()
	agree(t, s, l.everything())
	l.grow("later", 30)
	agree(t, s, l.everything())
	l.git("", "repack", "-adfq")
	agree(t, s, l.everything())
	l.git("a loose one", "hash-object", "-w", "--stdin")
	agree(t, s, l.everything())
}

func TestADamagedCopyIsMadeUpForByAnother(t *testing.T) {
	l := newLab(t)
	l.grow("main", 60)
	l.git("", "repack", "-adfq")
	all, pack := l.everything(), l.file("pack", "*.pack")
	broken := bytes.Clone(read(t, pack))
	x, err := parseIndex(read(t, pack[:len(pack)-5]+".idx"))
	if err != nil {
		t.Fatal(err)
	}
	for row := range len(all) {
		at, err := x.offset(row)
		if err != nil {
			t.Fatal(err)
		}
		broken[at+8] ^= 0x55
	}
	write(t, filepath.Join(l.objects(), "pack", "pack-0000.idx"), read(t, pack[:len(pack)-5]+".idx"))
	write(t, filepath.Join(l.objects(), "pack", "pack-0000.pack"), broken)
	r := l.open().Reader()
	for _, id := range inOrder(all) {
		want := all[id]
		kind, body, err := r.Read(id)
		if err != nil || kind.String() != want.kind || !bytes.Equal(body, want.body) {
			t.Fatalf("%s is a %s of %d bytes, %v: want a %s of %d", id, kind, len(body), err, want.kind, len(want.body))
		}
	}
}

func TestWhatIsNowhereIsMissing(t *testing.T) {
	l := newLab(t)
	l.grow("main", 30)
	_, _, err := l.open().Reader().Read(ID{1, 2, 3})
	if !errors.Is(err, ErrMissing) {
		t.Errorf("got %v, want ErrMissing", err)
	}
	wantError(t, err, "0102030000000000000000000000000000000000 is missing from the repository")
}

func TestObjectsAreListedByHowTheirIdsBegin(t *testing.T) {
	l := newLab(t)
	l.grow("main", 60)
	l.git("", "repack", "-dq")
	l.git("loose", "hash-object", "-w", "--stdin")
	s, all := l.open(), l.everything()
	for id := range all {
		for _, n := range []int{2, 3, 4, 7, 40} {
			want := 0
			for other := range all {
				if other.String()[:n] == id.String()[:n] {
					want++
				}
			}
			got, err := s.Beginning(id.String()[:n])
			if err != nil || len(got) != want {
				t.Fatalf("%s: %d objects, %v: want %d", id.String()[:n], len(got), err, want)
			}
		}
	}
	for _, bad := range []string{"", "a", "xy"} {
		if _, err := s.Beginning(bad); err == nil {
			t.Errorf("%q: no error", bad)
		}
	}
}

func TestSHA256IsRefusedByName(t *testing.T) {
	l := newLab(t, "--object-format=sha256")
	l.git("", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "--allow-empty", "-m", "one")
	l.git("", "repack", "-adq")
	l.git("", "multi-pack-index", "write")
	_, _, err := l.open().Reader().Read(ID{1})
	wantError(t, err, "missing", "SHA-256 object ids: expected SHA-1")
	_, err = parseMulti(read(t, l.file("pack", "multi-pack-index")))
	wantError(t, err, "SHA-256 object ids: expected SHA-1")
}

func TestNoFolderIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	write(t, file, nil)
	for _, name := range []string{file, file + "-not"} {
		if _, err := Open(name); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestAReadAfterCloseIsAnError(t *testing.T) {
	l := newLab(t)
	l.grow("main", 3)
	l.git("", "repack", "-adq")
	all := l.everything()
	s, err := Open(l.objects())
	if err != nil {
		t.Fatal(err)
	}
	r := s.Reader()
	for id := range all {
		if _, _, err := r.Read(id); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s.Rest() // of nothing
	for id := range all {
		_, _, err := r.Read(id)
		wantError(t, err, "was closed")
		_, _, err = r.Size(id)
		wantError(t, err, "was closed")
	}
}
