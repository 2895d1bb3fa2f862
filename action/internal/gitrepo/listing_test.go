package gitrepo

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// foldered is a tree that lists its files by folder.
type foldered interface {
	Tree
	Folders(skip func(Folder) bool) ([]Folder, error)
}

// named are the names of a tree's folders, by path.
func named(t *testing.T, tree Tree) map[string][20]byte {
	t.Helper()
	folders, err := tree.(foldered).Folders(func(Folder) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	names := map[string][20]byte{}
	for _, f := range folders {
		names[f.Path] = f.Name
	}
	return names
}

func TestFoldersTogetherHaveTheFilesOfTheTree(t *testing.T) {
	l := oddTree(t)
	r := l.open()
	committed, _ := r.Tree(l.commit())
	disk, _ := r.WorkTree()
	for name, tree := range map[string]Tree{"commit": committed, "work tree": disk} {
		t.Run(name, func(t *testing.T) {
			folders, err := tree.(foldered).Folders(func(Folder) bool { return false })
			if err != nil {
				t.Fatal(err)
			}
			files, _ := tree.Files()
			if diff := cmp.Diff(files, Together(folders)); diff != "" {
				t.Error(diff)
			}
			for _, folder := range folders {
				for _, f := range folder.Files {
					if dir := filepath.ToSlash(filepath.Dir(f.Path)); dir != folder.Path && (dir != "." || folder.Path != "") {
						t.Errorf("%s is in the folder %q", f.Path, folder.Path)
					}
				}
			}
		})
	}
}

func TestASkippedFolderOfACommitIsNotRead(t *testing.T) {
	l := newLab(t)
	tree, _ := l.open().Tree(l.commit("a/b/1", "1", "a/2", "2", "c/3", "3"))
	names := named(t, tree)
	if names[""] != [20]byte{} || names["a"] != [20]byte{} || names["a/b"] == [20]byte{} || names["c"] == [20]byte{} {
		t.Errorf("those with folders in them have no name, the others have: %x", names)
	}
	folders, err := tree.(foldered).Folders(func(f Folder) bool { return f.Name == names["c"] })
	if err != nil || len(folders) != 4 {
		t.Fatal(folders, err)
	}
	for _, f := range folders {
		if (f.Files == nil) != (f.Path == "c") {
			t.Errorf("%s: %v", f.Path, f.Files)
		}
	}
}

func TestAFolderOnDiskHasAnotherNameAfterEveryChange(t *testing.T) {
	for _, c := range []struct {
		name string
		deed func(l *lab) error
		same bool
	}{
		{"nothing happens", func(*lab) error { return nil }, true},
		{"a file in another folder changes", func(l *lab) error { l.write("c/3", "new"); return nil }, true},
		{"a file changes", func(l *lab) error { l.write("a/1", "x"); return nil }, false},
		{"a file comes", func(l *lab) error { l.write("a/0", "x"); return nil }, false},
		{"a file goes", func(l *lab) error { return os.Remove(filepath.Join(l.dir, "a/1")) }, false},
		{"a file gets another name", func(l *lab) error { return os.Rename(filepath.Join(l.dir, "a/1"), filepath.Join(l.dir, "a/2")) }, false},
		{"a file becomes a program", func(l *lab) error { return os.Chmod(filepath.Join(l.dir, "a/1"), 0o755) }, false},
		{"a file is written with its time of before", func(l *lab) error { l.write("a/1", "y"); return os.Chtimes(filepath.Join(l.dir, "a/1"), old, old) }, false},
		{"a folder comes", func(l *lab) error { return os.Mkdir(filepath.Join(l.dir, "a/b"), 0o777) }, false},
		{"a link comes", func(l *lab) error { return os.Symlink("1", filepath.Join(l.dir, "a/2")) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			l.write("a/1", "1", "c/3", "3")
			if err := os.Chtimes(filepath.Join(l.dir, "a/1"), old, old); err != nil {
				t.Fatal(err)
			}
			tree, _ := l.open().WorkTree()
			before := named(t, tree)["a"]
			if before == [20]byte{} {
				t.Skip("files have no stamps here")
			}
			l.tick()
			if err := c.deed(l); err != nil {
				t.Fatal(err)
			}
			if after := named(t, tree)["a"]; (after == before) != c.same {
				t.Errorf("the same name: %t, expected %t", after == before, c.same)
			}
		})
	}
}

// tick waits until what is written has a later stamp than what was written before.
func (l *lab) tick() {
	l.t.Helper()
	for first := l.stamp(); !l.stamp().After(first); {
	}
}

func (l *lab) stamp() time.Time {
	l.t.Helper()
	l.write("probe", "")
	info, err := os.Stat(filepath.Join(l.dir, "probe"))
	if err != nil {
		l.t.Fatal(err)
	}
	return info.ModTime()
}

var old = time.Date(2020, time.January, 1, 0, 0, 0, 0, time.UTC)
