package document

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/commrel/liaison/action/internal/law"
)

// sameAsExactly: what is read at sight is what the exact way reads, without a finding and
// without a scalar that readers disagree on.
func sameAsExactly(t interface {
	Helper()
	Fatalf(string, ...any)
}, src []byte) (known bool) {
	t.Helper()
	value, known := readPlain(src)
	if !known {
		return false
	}
	exact, found := readExactly(src)
	if exact == nil {
		t.Fatalf("%q: read at sight, and in truth it has findings: %v", src, found)
	}
	if !reflect.DeepEqual(value, exact.Value) {
		t.Fatalf("%q: read at sight\n%#v, in truth\n%#v", src, value, exact.Value)
	}
	if a := exact.Ambiguous(); len(a) > 0 {
		t.Fatalf("%q: read at sight, and %v is ambiguous", src, a)
	}
	return true
}

var known = []string{
	"a: 1\n", "a: x # y\nb-c: [x, 'y z', \"it's\", 3]\n", "a:\nb: {c: d, e: [f]} # g\n", "a:\n- b\n- c: d\n  e: f\n-  g\n",
	"a: >-\n  x\n  y\n\n  z\n\nb: |\n  x\n\n\n  y\n", "a:\n  - b: >\n      x\n    c: |-\n      y\n  - d\n", "# x\n\na:\n  # y\n  b: 2026-03-14\n# z\nc: 3 months\n",
	"a: é\nb: ünd (x)\nc: true\nd: 0\n", "a: []\nb:\n  - - c\n", "a: x: y\n", "a: x\n  y\n", "a: \"x\\ny\"\n", "a: no\n", "a: 012\n", "a: {b: no}\n", "a: 1:30\n", "a: b\nA: c\n",
	"a: |\n   x\n  y\n", "a: >\n  x\n   y\n", "a: 'it''s'\n", "a: [b,c]\n", "a: [b, ]\n", "a: [b\n]\n", "a: x#y\n", "a: #x\n", "a: [x] #y\n", "a: [x]#y\n", "a: !x y\n", "a:\n- !x\n", "a: 1e3\nb: 0x1\nc: 1_0\n", "a: >-\n\n  x\n", "a: ~\nb: null\n",
}

func FuzzPlain(f *testing.F) {
	for _, s := range known {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) { sameAsExactly(t, src) })
}

// TestLinesOfAllSortsAreReadAlike makes documents of pieces that are nearly plain, since
// bytes by chance rarely are.
func TestLinesOfAllSortsAreReadAlike(t *testing.T) {
	pieces := []string{
		"a", "b", "Key", "key", "y", "no", "null", "true", "x y", "3", "012", "3 months", "1.5", "1e3", "2026-03-14", "2026-3-1", "12:30", "http://x", "é", "\"q\"", "'q'", "\"q: #\"", "''", "\"\"", "'it''s'", "[", "]", "{", "}", ", ", ",",
		"[a, b]", "{a: b}", "{a: [b, 3]}", "[]", "{}", "[ a , b ]", ">-", "|", "|-", ">", "|+", ">2", ": ", ":", ": ", ":", ": ", " ", "  ", "    ", "\n", "\n", "\n", "\n  ", "\n  ", "\n    ", "\n- ", "\n  - ", "\n      ", "\n\n", "- ", "# c", " # c", "#", "!", "&x", "*x", "%", "@", "?", "? ", "---", "...", "<<", "~", "-", "-1", "+1", ".5", "\t", "\"a\\n\"", "(", "\u00a0", "\u2003", "$", "_", "b:", "\nc: ", "\nd:\n  e: f", "\n  - g: h\n    i: j",
	}
	read := 0
	law.Check(t, func(t *rapid.T) {
		if sameAsExactly(t, []byte("a: "+strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 14).Draw(t, "pieces"), "")+"\n")) {
			read++
		}
	})
	if read == 0 {
		t.Error("none of them was read at sight: nothing was compared")
	}
}

func TestWhatPeopleWriteIsReadAtSight(t *testing.T) {
	all, atSight := 0, 0
	for _, folder := range []string{"requests", "roster", "plans"} {
		err := filepath.WalkDir(filepath.Join("../../..", folder), func(name string, d fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(name) != ".yaml" {
				return err
			}
			src, err := os.ReadFile(name)
			all++
			if sameAsExactly(t, src) {
				atSight++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if atSight*10 < all*9 {
		t.Errorf("%d of %d records of this repository", atSight, all)
	}
}

func BenchmarkParse(b *testing.B) {
	src, err := os.ReadFile("../../../requests/2026/new-toolbar.yaml")
	if err != nil {
		b.Fatal(err)
	}
	for name, src := range map[string][]byte{"at sight": src, "exactly": append(bytes.Clone(src), "reason: \"x\\\\y\"\n"...)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(src)))
			for b.Loop() {
				if d, _ := Parse("", src); d == nil {
					b.Fatal("not read")
				}
			}
		})
	}
}
