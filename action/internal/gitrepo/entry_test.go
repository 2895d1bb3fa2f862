package gitrepo

import (
	"strings"
	"testing"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// FuzzParseTree compares with go-git's decoder, which refuses an empty name.
func FuzzParseTree(f *testing.F) {
	id := strings.Repeat("\x01", 20)
	f.Add([]byte(""))
	f.Add([]byte("100644 a\x00" + id + "40000 a\x00" + id))
	f.Add([]byte("100644 b\x00" + id + "120000 a\n\x00" + id))
	f.Add([]byte("1 ../x\x00" + id + "160000 \xff\x00" + id + "100644 a"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		ours, err := parseTree(raw)
		o := &plumbing.MemoryObject{}
		o.SetType(plumbing.TreeObject)
		if _, err := o.Write(raw); err != nil {
			t.Fatal(err)
		}
		theirs, theirErr := object.DecodeTree(nil, o)
		if theirErr != nil {
			return
		}
		if err != nil {
			t.Fatalf("%q: %v, but go-git reads it", raw, err)
		}
		if want := fromGoGit(theirs); !equal(ours, want) {
			t.Errorf("%q: got %v, go-git has %v", raw, ours, want)
		}
	})
}

func fromGoGit(t *object.Tree) (entries []entry) {
	for _, e := range t.Entries {
		if e.Mode == filemode.Executable {
			e.Mode = filemode.Regular
		}
		entries = append(entries, entry{e.Name, mode(e.Mode), hash(e.Hash)})
	}
	return inOrder(entries)
}

func equal(a, b []entry) bool {
	for i := range min(len(a), len(b)) {
		if a[i].mode == programMode {
			a[i].mode = fileMode
		}
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}
