package document

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/commrel/liaison/action/internal/law"
)

// sameAsAlone: what a series reads of versions is what is read of each alone, and stays so.
func sameAsAlone(t interface {
	Helper()
	Fatalf(string, ...any)
}, versions ...[]byte) (shared int) {
	t.Helper()
	var s Series
	var before [][]byte
	var read []map[string]any
	for i, src := range versions {
		values, ok := s.Values(src)
		alone, found := Parse("", src)
		if ok != (alone != nil) {
			t.Fatalf("version %d of %q: read is %v, alone there are %v", i, versions, ok, found)
		}
		if ok {
			before, read = append(before, src), append(read, values)
		}
		for _, p := range s.passages {
			if p.again {
				shared++
			}
		}
	}
	for i, src := range before {
		alone, _ := Parse("", src)
		if !reflect.DeepEqual(read[i], alone.Value) {
			t.Fatalf("%q\nof %q: in the series\n%#v, alone\n%#v", src, versions, read[i], alone.Value)
		}
	}
	return shared
}

func FuzzSeries(f *testing.F) {
	for i, s := range known {
		f.Add([]byte(s), []byte(known[(i+1)%len(known)]+s), []byte(s+"z: 1\n"))
	}
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		sameAsAlone(t, a, b, c)
		sameAsAlone(t, a, a, b)
	})
}

// TestVersionsAreReadAsTheyAreAlone makes versions of a few passages each, some of which
// only look as if they ended where a key begins.
func TestVersionsAreReadAsTheyAreAlone(t *testing.T) {
	passages := []string{
		"a: 1\n", "a: 2\n", "a: x\n", "a: [x, y]\n", "a:\n- x\n- y\n", "a:\n  - x\n", "b:\n  c: d\n  e: [f]\n", "b:\n  c: d\n", "b: {c: d}\n", "b: >-\n  x\n  y\n", "b: >-\n  x\n\n  y\n\n",
		"c: |\n  x\n# y\n", "c: |\n  x\n", "c:\n", "c: ~\n", "c: 'x'\n# y\n\n", "c: x\n", "# z\n", "\n", "d: \"x\\ty\"\n", "d: no\n", "d: x\n  y\n", "- x\n", "  e: f\n", "A: 1\n", "e: é\n", "_e: 1\n", "---\n", "e: 'x\n", "f: '\n", "d: [x,\n", "y]\n", "g: &x 1\n", "h: |\n", "  a: 1\n", "a : 3\n",
	}
	shared := 0
	law.Check(t, func(t *rapid.T) {
		draw := rapid.Custom(func(t *rapid.T) []byte {
			return []byte(strings.Join(rapid.SliceOfN(rapid.SampledFrom(passages), 1, 7).Draw(t, "passages"), ""))
		})
		one, other := draw.Draw(t, "one"), draw.Draw(t, "other")
		shared += sameAsAlone(t, one, one, other, append(other, one...), append(one, other...), one)
	})
	if shared == 0 {
		t.Error("no version had a passage of the one before: nothing was compared")
	}
}

func TestAVersionThatCannotBeReadIsPassedOver(t *testing.T) {
	var s Series
	first, _ := s.Values([]byte("a: 1\nb: [x]\n"))
	if values, ok := s.Values([]byte("a: [\n")); ok || values != nil {
		t.Errorf("%v was read", values)
	}
	last, ok := s.Values([]byte("a: 2\nb: [x]\n"))
	if !ok || !reflect.DeepEqual(first, map[string]any{"a": int64(1), "b": []any{"x"}}) || !reflect.DeepEqual(last, map[string]any{"a": int64(2), "b": []any{"x"}}) {
		t.Errorf("%v, then %v", first, last)
	}
}

func BenchmarkSeries(b *testing.B) {
	src, err := os.ReadFile("../../../requests/2026/new-toolbar.yaml")
	if err != nil {
		b.Fatal(err)
	}
	versions := [][]byte{src, append(src[:len(src):len(src)], "reason: x\n"...)}
	b.ReportAllocs()
	b.SetBytes(int64(len(src)))
	var s Series
	for i := 0; b.Loop(); i++ {
		if _, ok := s.Values(versions[i%2]); !ok {
			b.Fatal("not read")
		}
	}
}
