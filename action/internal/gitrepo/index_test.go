package gitrepo

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/commrel/liaison/action/internal/event"
)

// sameWithIndex holds a history read through an index against the same without one.
func sameWithIndex(t *testing.T, l *lab, dir, head string) {
	t.Helper()
	r, id := l.open(), l.git("rev-parse", head)
	want, err := r.History(context.Background(), id, everything, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := r.IndexedHistory(context.Background(), dir, "all", id, everything, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
}

func indexFile(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "history-*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v, %v: want one index", files, err)
	}
	return files[0]
}

// TestAnIndexChangesNothing lets random histories grow, be rewritten and be asked for at
// older heads, and damages the index now and then.
func TestAnIndexChangesNothing(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			l, rnd, dir := newLab(t), rand.New(rand.NewPCG(seed, 7)), t.TempDir()
			tale := newTale(l, false)
			for range 6 {
				tale.weave(rnd, 10)
				tale.tell()
				sameWithIndex(t, l, dir, "HEAD")
				sameWithIndex(t, l, dir, fmt.Sprint("HEAD~", rnd.IntN(2)))
				switch rnd.IntN(4) {
				case 0:
					tale.rewind()
				case 1:
					damage(t, indexFile(t, dir), rnd)
				}
			}
			sameWithIndex(t, l, dir, "HEAD")
			before := readFileOf(t, indexFile(t, dir))
			sameWithIndex(t, l, dir, "HEAD")
			if !bytes.Equal(before, readFileOf(t, indexFile(t, dir))) {
				t.Error("the index changed though nothing had landed")
			}
		})
	}
}

func damage(t *testing.T, file string, rnd *rand.Rand) {
	t.Helper()
	b := readFileOf(t, file)
	if at := rnd.IntN(len(b)); rnd.IntN(2) == 0 {
		b[at] ^= byte(1 + rnd.IntN(255))
	} else {
		b = b[:at]
	}
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func readFileOf(t testing.TB, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnIndexIsAppendedTo(t *testing.T) {
	l, dir := newLab(t), t.TempDir()
	for i := range 5 {
		l.commit("a", fmt.Sprint(i))
	}
	sameWithIndex(t, l, dir, "HEAD")
	first := readFileOf(t, indexFile(t, dir))
	l.commit("a", "more")
	sameWithIndex(t, l, dir, "HEAD")
	second := readFileOf(t, indexFile(t, dir))
	if !bytes.HasPrefix(second, first) || len(second) == len(first) {
		t.Errorf("%d bytes became %d: want the same and more", len(first), len(second))
	}
	if all, _, sound := readIndex(second, keyOf("all")); len(all) != 6 || !sound {
		t.Errorf("%d landings, sound %v: want 6", len(all), sound)
	}
}

func TestAnIndexReadsOnlyWhatIsNew(t *testing.T) {
	l, dir := newLab(t), t.TempDir()
	for i := range 5 {
		l.commit("a", fmt.Sprint(i))
	}
	sameWithIndex(t, l, dir, "HEAD")
	l.commit("b", "1")
	l.commit("b", "2")
	var told []string
	_, err := l.open().IndexedHistory(context.Background(), dir, "all", l.git("rev-parse", "HEAD"), everything, func(done, total int) {
		told = append(told, fmt.Sprint(done, "/", total))
	})
	if err != nil || strings.Join(told, " ") != "1/2 2/2" {
		t.Errorf("told %v, %v", told, err)
	}
}

func TestAnOctopusWithAParentThatIsKeptIsReadAsWithoutAnIndex(t *testing.T) {
	l, dir := newLab(t), t.TempDir()
	l.step("base", "a", "1")
	l.on("one", "main")
	l.step("o1", "b", "1")
	l.on("main")
	l.merge("landed", "one")
	l.on("two", "main")
	l.step("w1", "c", "1")
	l.on("main")
	sameWithIndex(t, l, dir, "HEAD")
	l.git("reset", "-q", "--hard", l.commitTree(l.git("rev-parse", "two^{tree}"), l.git("rev-parse", "main"), l.git("rev-parse", "one"), l.git("rev-parse", "two")))
	sameWithIndex(t, l, dir, "HEAD")
}

func TestWhatMatchesHasAnIndexOfItsOwn(t *testing.T) {
	l, dir := newLab(t), t.TempDir()
	head := l.commit("a", "1", "b", "1")
	sameWithIndex(t, l, dir, "HEAD")
	got, err := l.open().IndexedHistory(context.Background(), dir, "a", head, func(p string) bool { return p == "a" }, nil)
	if err != nil || len(got) != 1 || len(got[0].Changes) != 1 {
		t.Errorf("got %v, %v: want the change to a alone", got, err)
	}
}

func TestAFolderThatCannotBeWrittenIsAnError(t *testing.T) {
	l := newLab(t)
	head := l.commit("a", "1")
	_, err := l.open().IndexedHistory(context.Background(), filepath.Join(l.dir, "a"), "all", head, everything, nil)
	wantError(t, err, "the index of the history")
}

func FuzzIndexFile(f *testing.F) {
	key := keyOf("k")
	k := kept{id: hash{1}, tree: hash{2}, arrived: bytes.Repeat([]byte{1}, 20)}
	k.Changes = []event.Change{{Path: "a", New: hash{3}.String()}}
	whole, _ := newTables().appendEntry(indexHeader(key), &k, 0)
	f.Add(whole[len(indexHeader(key))+entryHead:])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		k, err := newTables().decode(body)
		if err != nil {
			return
		}
		if got := newTables().encode(nil, &k); !bytes.Equal(got, body) && len(got) > len(body) {
			t.Errorf("%x is written as %x", body, got)
		}
	})
}
