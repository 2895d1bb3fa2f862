package odb

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// weave commits a random graph of n commits onto a branch: roots, merges and octopuses.
func (l *lab) weave(branch string, n int) {
	l.t.Helper()
	var in strings.Builder
	rnd := rand.New(rand.NewPCG(uint64(n), 3))
	tips := map[int]bool{}
	for i := 1; i <= n; i++ {
		tips[i] = true
		fmt.Fprintf(&in, "commit refs/heads/%s\nmark :%d\ncommitter A <a@example.org> %d +0000\ndata %d\n%s%d\n", branch, i, 1700000000+i, len(branch)+len(fmt.Sprint(i)), branch, i)
		for j, parent := range rnd.Perm(i - 1)[:min(i-1, rnd.IntN(6))] {
			fmt.Fprintf(&in, "%s :%d\n", []string{"from", "merge"}[min(j, 1)], parent+1)
			delete(tips, parent+1)
		}
		in.WriteString("\n")
	}
	for _, i := range slices.Sorted(maps.Keys(tips)) { // so that nothing is lost
		fmt.Fprintf(&in, "reset refs/keep/%s-%d\nfrom :%d\n\n", branch, i, i)
	}
	l.git(in.String(), "fast-import", "--quiet", "--force")
}

// parents is what git says of all commits: the ids of their parents, by id.
func (l *lab) parents() map[ID][]ID {
	l.t.Helper()
	all := map[ID][]ID{}
	for line := range strings.Lines(l.git("", "-c", "core.commitGraph=false", "rev-list", "--all", "--parents")) {
		var ids []ID
		for _, word := range strings.Fields(line) {
			id, ok := parseID(word)
			if !ok {
				l.t.Fatalf("git says %q", line)
			}
			ids = append(ids, id)
		}
		all[ids[0]] = ids[1:]
	}
	return all
}

// graphAgrees holds a commit-graph against what git says, and gives how many commits it has.
func graphAgrees(t testing.TB, g *Graph, all map[ID][]ID) int {
	t.Helper()
	seen := make([]bool, g.Len())
	for id, want := range all {
		n, ok := g.Find(id)
		if !ok {
			continue
		}
		if seen[n] || g.ID(n) != id {
			t.Fatalf("%s has the number %d, which is that of %s", id, n, g.ID(n))
		}
		seen[n] = true
		numbers, ok := g.Parents(n, nil)
		var parents []ID
		for _, p := range numbers {
			parents = append(parents, g.ID(p))
		}
		if !ok || !slices.Equal(parents, want) {
			t.Fatalf("%s has the parents %v, %v: want %v", id, parents, ok, want)
		}
	}
	if slices.Contains(seen, false) {
		t.Fatal("a number stands for no commit")
	}
	return g.Len()
}

func (l *lab) graph(args ...string) {
	l.git("", append([]string{"commit-graph", "write", "--reachable"}, args...)...)
}

// chain writes a chain of three files for 50, 10 and 5 commits.
func (l *lab) chain() {
	for i, n := range []int{50, 10, 5} {
		l.weave(fmt.Sprint("w", i), n)
		l.graph("--split=no-merge")
	}
}

func (l *lab) info(parts ...string) string {
	return filepath.Join(append([]string{l.objects(), "info"}, parts...)...)
}

// rename moves the files that a pattern finds to a folder.
func (l *lab) rename(pattern, to string) {
	l.t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		l.t.Fatalf("%s: %v, %v", pattern, files, err)
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		l.t.Fatal(err)
	}
	for _, f := range files {
		if err := os.Rename(f, filepath.Join(to, filepath.Base(f))); err != nil {
			l.t.Fatal(err)
		}
	}
}

func (l *lab) chainNames() []string {
	return strings.Fields(string(read(l.t, l.info("commit-graphs", "commit-graph-chain"))))
}

func (l *lab) layerFile(i int) string {
	return l.info("commit-graphs", "graph-"+l.chainNames()[i]+".graph")
}

// alter changes a file by a function of its bytes.
func (l *lab) alter(name string, change func(b []byte) []byte) {
	l.t.Helper()
	write(l.t, name, change(read(l.t, name)))
}

func TestACommitGraphSaysOfParentsWhatGitSays(t *testing.T) {
	flip := func(b []byte) []byte { b[len(b)/2] ^= 1; return b }
	cases := []struct {
		name  string
		shape func(*lab)
		want  int // commits in the graph
	}{
		{"no graph", func(l *lab) { l.weave("w", 5) }, 0},
		{"a graph of no commit", func(l *lab) { l.graph() }, 0},
		{"one file", func(l *lab) { l.weave("w", 60); l.graph() }, 60},
		{"one file with filters of paths", func(l *lab) { l.weave("w", 60); l.graph("--changed-paths") }, 60},
		{"one file without dates that were mended", func(l *lab) {
			l.weave("w", 60)
			l.git("", "-c", "commitGraph.generationVersion=1", "commit-graph", "write", "--reachable")
		}, 60},
		{"loose commits", func(l *lab) { l.weave("w", 60); l.loosen(); l.graph() }, 60},
		{"a file that lacks the newest commits", func(l *lab) { l.weave("w", 60); l.graph(); l.weave("later", 9) }, 60},
		{"a chain", func(l *lab) { l.chain() }, 65},
		{"one file goes before a chain", func(l *lab) {
			l.chain()
			aside := filepath.Join(l.dir, "aside")
			l.rename(l.info("commit-graphs"), aside)
			l.graph()
			l.rename(filepath.Join(aside, "commit-graphs"), l.info())
			l.weave("w4", 7)
		}, 65},
		{"a damaged file does not hide a chain", func(l *lab) { l.chain(); write(l.t, l.info("commit-graph"), []byte("CGPH")) }, 65},
		{"a chain up to a damaged file", func(l *lab) { l.chain(); l.alter(l.layerFile(1), flip) }, 50},
		{"a chain up to a file that is gone", func(l *lab) { l.chain(); l.rename(l.layerFile(2), l.dir) }, 60},
		{"a chain whose lowest file is gone", func(l *lab) { l.chain(); l.rename(l.layerFile(0), l.dir) }, 0},
		{"a chain in another order", func(l *lab) {
			l.chain()
			n := l.chainNames()
			write(l.t, l.info("commit-graphs", "commit-graph-chain"), []byte(n[0]+"\n"+n[2]+"\n"+n[1]+"\n"))
		}, 50},
		{"a chain that names a file twice", func(l *lab) {
			l.chain()
			n := l.chainNames()
			write(l.t, l.info("commit-graphs", "commit-graph-chain"), []byte(n[0]+"\n"+n[0]+"\n"))
		}, 50},
		{"a chain with one file in the place of another", func(l *lab) {
			l.chain()
			write(l.t, l.layerFile(1), read(l.t, l.layerFile(0)))
		}, 50},
		{"a chain that names one file by another's name", func(l *lab) {
			l.weave("w", 9)
			l.graph()
			whole := read(l.t, l.info("commit-graph"))
			name := strings.Repeat("1", 40)
			write(l.t, l.info("commit-graphs", "graph-"+name+".graph"), whole)
			write(l.t, l.info("commit-graphs", "commit-graph-chain"), []byte(name+"\n"))
			l.rename(l.info("commit-graph"), l.dir)
		}, 0},
		{"a chain of words", func(l *lab) {
			l.chain()
			write(l.t, l.info("commit-graphs", "commit-graph-chain"), []byte("../../config\n"))
		}, 0},
		{"the upper file of a chain alone", func(l *lab) {
			l.chain()
			upper := read(l.t, l.layerFile(1))
			l.rename(l.info("commit-graphs"), l.dir)
			write(l.t, l.info("commit-graph"), upper)
		}, 0},
		{"a borrowed folder's file", func(l *lab) {
			l.weave("w", 60)
			l.graph()
			l.git("", "clone", "-qs", "--mirror", ".", "a/.git")
			l.dir = filepath.Join(l.dir, "a")
			l.git("", "config", "core.bare", "false")
			l.weave("own", 8)
		}, 60},
		{"a chain that stands on a borrowed folder's", func(l *lab) {
			l.chain()
			l.git("", "clone", "-qs", "--mirror", ".", "a/.git")
			l.dir = filepath.Join(l.dir, "a")
			l.git("", "config", "core.bare", "false")
			l.weave("own", 8)
			l.graph("--split=no-merge")
			if len(l.chainNames()) != 4 {
				l.t.Fatal("git wrote another chain than is to be tested")
			}
		}, 73},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			c.shape(l)
			if got := graphAgrees(t, l.open().Graph(), l.parents()); got != c.want {
				t.Errorf("%d commits: want %d", got, c.want)
			}
		})
	}
}

// sealed is a file with its checksum.
func sealed(b []byte) []byte {
	sum := sha1.Sum(b)
	return append(bytes.Clone(b), sum[:]...)
}

// A chunk is a part of a file that is made by hand.
type chunk struct {
	name string
	body []byte
}

// graphOf makes a commit-graph file, of whatever sense, without its checksum.
func graphOf(below byte, parts ...chunk) []byte {
	b := append([]byte("CGPH\x01\x01"), byte(len(parts)), below)
	at := uint64(len(b) + (len(parts)+1)*chunkEntry)
	for _, p := range slices.Concat(parts, []chunk{{name: "\x00\x00\x00\x00"}}) {
		b = binary.BigEndian.AppendUint64(append(b, p.name...), at)
		at += uint64(len(p.body))
	}
	for _, p := range parts {
		b = append(b, p.body...)
	}
	return b
}

// lines are the chunks of commits with the ids 01…, 02… and so on and these parents.
func lines(parents ...[2]uint32) []chunk {
	var counts, ids, data []byte
	for first := range 256 {
		counts = binary.BigEndian.AppendUint32(counts, uint32(min(first, len(parents))))
	}
	for i, p := range parents {
		id := ID{byte(i + 1)}
		ids = append(ids, id[:]...)
		data = append(data, make([]byte, len(ID{}))...)
		data = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(data, p[0]), p[1])
		data = append(data, make([]byte, 8)...)
	}
	return []chunk{{"OIDF", counts}, {"OIDL", ids}, {"CDAT", data}}
}

func TestACommitGraphThatIsNotAsItShouldBeIsToldOf(t *testing.T) {
	root := lines([2]uint32{noParent, noParent})
	good := graphOf(0, root...)
	with := func(at int, c byte) []byte { b := bytes.Clone(good); b[at] = c; return b }
	down := bytes.Clone(root[0].body)
	down[7] = 9
	cases := []struct {
		name string
		file []byte // without its checksum
		want string
	}{
		{"another beginning", with(0, 'X'), "does not begin as a commit-graph"},
		{"a version to come", with(4, 2), "version 2: expected 1"},
		{"SHA-256", with(5, 2), "kind 2: expected SHA-1"},
		{"more chunks than there are", with(6, 200), "table of contents is cut off"},
		{"a chunk that ends before it begins", with(8+10, 255), "table of contents points outside"},
		{"a chunk beyond the end", with(8+3*chunkEntry+8, 255), "table of contents points outside"},
		{"a layer below without its name", with(7, 1), "expected the names of 1 files below"},
		{"a name below without its layer", graphOf(0, append(root, chunk{"BASE", make([]byte, 20)})...), "expected the names of 0 files below"},
		{"no chunk", graphOf(0), "it has no counts"},
		{"no counts", graphOf(0, root[1:]...), "it has no counts"},
		{"counts that go down", graphOf(0, chunk{"OIDF", down}, root[1], root[2]), "its counts go down"},
		{"no ids", graphOf(0, root[0], root[2]), "expected ids and parents of 1 commits"},
		{"no parents", graphOf(0, root[:2]...), "expected ids and parents of 1 commits"},
		{"parents of half a commit", graphOf(0, root[0], root[1], chunk{"CDAT", root[2].body[:20]}), "expected ids and parents of 1 commits"},
		{"nothing", nil, "does not begin as a commit-graph"},
	}
	if _, err := parseLayer(sealed(good)); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := parseLayer(sealed(c.file))
			wantError(t, err, c.want)
		})
	}
}

func TestParentsThatCannotBeAreNotOK(t *testing.T) {
	long := slices.Repeat([]byte{0, 0, 0, 0}, mostParents+1)
	cases := []struct {
		name   string
		second uint32
		first  uint32
		edges  []byte
		want   []uint32
		ok     bool
	}{
		{"none", noParent, noParent, nil, nil, true},
		{"one", noParent, 0, nil, []uint32{0}, true},
		{"two", 1, 0, nil, []uint32{0, 1}, true},
		{"an octopus", lastBit | 1, 0, []byte{9, 9, 9, 9, 0, 0, 0, 1, 0x80, 0, 0, 0}, []uint32{0, 1, 0}, true},
		{"a first beyond the end", noParent, 2, nil, nil, false},
		{"a second beyond the end", 2, 0, nil, nil, false},
		{"a second without a first", 1, noParent, nil, nil, false},
		{"an octopus without edges", lastBit, 0, nil, nil, false},
		{"an octopus beyond the edges", lastBit | 0x7fffffff, 0, []byte{0x80, 0, 0, 0}, nil, false},
		{"an octopus that does not end", lastBit, 0, []byte{0, 0, 0, 0, 0, 0}, nil, false},
		{"an octopus with a parent beyond the end", lastBit, 0, []byte{0x80, 0, 0, 2}, nil, false},
		{"an octopus with more parents than are looked up", lastBit, 0, append(long, 0x80, 0, 0, 0), nil, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := graphOf(0, append(lines([2]uint32{c.first, c.second}, [2]uint32{noParent, noParent}), chunk{"EDGE", c.edges})...)
			l, err := parseLayer(sealed(b))
			if err != nil {
				t.Fatal(err)
			}
			got, ok := l.parents(0, 2, nil)
			if ok != c.ok || ok && !slices.Equal(got, c.want) {
				t.Errorf("%v, %v: want %v, %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestNoByteOfACommitGraphChangesUnnoticed(t *testing.T) {
	l := newLab(t)
	l.weave("w", 20)
	l.graph()
	whole := read(t, l.info("commit-graph"))
	for i := range whole {
		b := bytes.Clone(whole)
		b[i] ^= 0x10
		if _, err := parseLayer(b); err == nil {
			t.Fatalf("byte %d changed: no error", i)
		}
		if _, err := parseLayer(whole[:i]); err == nil {
			t.Fatalf("cut off after %d bytes: no error", i)
		}
	}
}

func TestParentsOfACommitThatIsGoneAreNotOK(t *testing.T) {
	l := newLab(t)
	l.weave("w", 20)
	l.graph()
	all := l.parents()
	l.git("", "repack", "-adq")
	if err := os.RemoveAll(filepath.Join(l.objects(), "pack")); err != nil {
		t.Fatal(err)
	}
	g := l.open().Graph()
	for id := range all {
		n, ok := g.Find(id)
		if !ok {
			t.Fatalf("%s is not in the graph", id)
		}
		if _, ok := g.Parents(n, nil); ok {
			t.Errorf("%s is gone: its parents are known", id)
		}
	}
}

func TestACommitGraphGoesWithItsStore(t *testing.T) {
	l := newLab(t)
	l.chain()
	s, err := Open(l.objects())
	if err != nil {
		t.Fatal(err)
	}
	g := s.Graph()
	if g != s.Graph() || len(g.files) != 3 {
		t.Fatalf("%d files, or another graph at the second look", len(g.files))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s.Graph() != nil {
		t.Error("a graph after the store was closed")
	}
	for _, f := range g.files {
		if err := f.close(); err == nil {
			t.Error("a file was not let go of")
		}
	}
}

func FuzzCommitGraph(f *testing.F) {
	f.Add(graphOf(0, lines([2]uint32{noParent, noParent}, [2]uint32{0, noParent}, [2]uint32{1, 0})...))
	f.Add(graphOf(0, append(lines([2]uint32{0, lastBit}, [2]uint32{noParent, noParent}), chunk{"EDGE", []byte{0, 0, 0, 1, 0x80, 0, 0, 0}})...))
	f.Add(graphOf(1, append(lines([2]uint32{7, 1}), chunk{"BASE", make([]byte, 20)})...))
	f.Add(graphOf(0))
	f.Add([]byte("CGPH\x01\x01\x03\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := parseLayer(sealed(b))
		if err != nil {
			return
		}
		limit := uint32(l.len())
		for i := range l.len() {
			_, _ = l.find(ID(l.at(i)))
			all, ok := l.parents(i, limit, nil)
			if ok && (len(all) > 1+mostParents || slices.ContainsFunc(all, func(n uint32) bool { return n >= limit })) {
				t.Fatalf("of %d commits, number %d has the parents %v", limit, i, all)
			}
		}
	})
}

// BenchmarkCommitGraph opens a graph of ten thousand commits and looks up the parents of all.
func BenchmarkCommitGraph(b *testing.B) {
	l := newLab(b)
	l.grow("main", 10000)
	l.git("", "repack", "-adq")
	l.graph()
	b.ReportAllocs()
	for b.Loop() {
		s, err := Open(l.objects())
		if err != nil {
			b.Fatal(err)
		}
		var parents []uint32
		g := s.Graph()
		for n := range uint32(g.Len()) {
			if parents, _ = g.Parents(n, parents[:0]); len(parents) > 1 {
				b.Fatal("the history is no line")
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
