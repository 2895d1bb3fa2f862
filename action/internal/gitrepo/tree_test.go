package gitrepo

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// faces shows files as "mode path", with a ! where they are not regular.
func faces(t *testing.T, tree Tree) string {
	t.Helper()
	files, err := tree.Files()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range files {
		mark := map[bool]string{true: " ", false: "!"}[f.Regular]
		fmt.Fprintf(&b, "%s%s%q\n", f.Mode, mark, f.Path)
	}
	return b.String()
}

func oddTree(t *testing.T) *lab {
	l := newLab(t)
	l.write("a.yaml", "a\n", "folder.yaml/inside.yaml", "b\n", "folder-x", "x\n", "folder/z", "z\n", "run", "#!/bin/sh\n")
	if err := os.Chmod(filepath.Join(l.dir, "run"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a.yaml", filepath.Join(l.dir, "link.yaml")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("folder", filepath.Join(l.dir, "linked")); err != nil {
		t.Fatal(err)
	}
	l.git("init", "-q", "mod")
	l.git("-C", "mod", "commit", "-q", "--allow-empty", "-m", "first")
	return l
}

const oddFaces = `100644 "a.yaml"
100644 "folder-x"
040000!"folder.yaml"
100644 "folder.yaml/inside.yaml"
100644 "folder/z"
120000!"link.yaml"
120000!"linked"
160000!"mod"
100755 "run"
`

func TestACommitAndTheWorkTreeListTheSame(t *testing.T) {
	l := oddTree(t)
	head := l.commit()
	r := l.open()
	committed, err := r.Tree(head)
	if err != nil {
		t.Fatal(err)
	}
	disk, err := r.WorkTree()
	if err != nil {
		t.Fatal(err)
	}
	for name, tree := range map[string]Tree{"commit": committed, "work tree": disk} {
		t.Run(name, func(t *testing.T) {
			if got := faces(t, tree); got != oddFaces {
				t.Errorf("got\n%s\nwant\n%s", got, oddFaces)
			}
			reads(t, tree)
		})
	}
}

// reads is the contract of Read, for both trees.
func reads(t *testing.T, tree Tree) {
	for path, want := range map[string]string{"a.yaml": "a\n", "folder/z": "z\n", "folder.yaml/inside.yaml": "b\n"} {
		if b, err := tree.Read(path); string(b) != want || err != nil {
			t.Errorf("%s is %q, %v", path, b, err)
		}
	}
	for _, path := range []string{"none", "folder/none", "a.yaml/x", "linked/z", "mod/x", "", "/a.yaml", "../a.yaml", "folder/../a.yaml", ".git/config", ".git"} {
		if _, err := tree.Read(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q: got %v, want fs.ErrNotExist", path, err)
		}
	}
	for path, word := range map[string]string{"link.yaml": "a symbolic link", "folder.yaml": "a folder", "mod": "a submodule"} {
		_, err := tree.Read(path)
		wantError(t, err, path+" is "+word, "expected a file")
	}
}

func TestAFileOfMoreThanEightMiBIsRefused(t *testing.T) {
	l := newLab(t)
	head := l.commit("big", strings.Repeat("x", 8<<20+1), "just", strings.Repeat("x", 8<<20))
	r := l.open()
	committed, _ := r.Tree(head)
	disk, _ := r.WorkTree()
	for _, tree := range []Tree{committed, disk} {
		if _, err := tree.Read("big"); !errors.Is(err, ErrTooLarge) {
			t.Errorf("got %v, want ErrTooLarge", err)
		}
		if b, err := tree.Read("just"); len(b) != 8<<20 || err != nil {
			t.Errorf("%d bytes, %v", len(b), err)
		}
	}
	if _, err := r.Blob(l.git("rev-parse", "HEAD:big")); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
}

func TestAPipeInTheWorkTreeIsListedAndNotOpened(t *testing.T) {
	l := newLab(t)
	if err := syscall.Mkfifo(filepath.Join(l.dir, "pipe.yaml"), 0o644); err != nil {
		t.Skip(err)
	}
	tree, _ := l.open().WorkTree()
	if got := faces(t, tree); got != "000000!\"pipe.yaml\"\n" {
		t.Error(got)
	}
	_, err := tree.Read("pipe.yaml")
	wantError(t, err, "neither a file nor a folder")
}

func TestAWorkTreeKnowsSizesAndACommitBlobs(t *testing.T) {
	l := newLab(t)
	head := l.commit("a", "12345")
	r := l.open()
	committed, _ := r.Tree(head)
	disk, _ := r.WorkTree()
	if files, err := disk.Files(); err != nil || files[0].Size != 5 || files[0].Blob != "" {
		t.Errorf("work tree: %+v, %v", files, err)
	}
	files, err := committed.Files()
	if err != nil || files[0].Size != -1 || files[0].Blob != l.git("rev-parse", "HEAD:a") {
		t.Errorf("commit: %+v, %v", files, err)
	}
	if b, err := r.Blob(files[0].Blob); string(b) != "12345" || err != nil {
		t.Errorf("blob: %q, %v", b, err)
	}
}

func TestNamesThatGitWouldNotWrite(t *testing.T) {
	l := newLab(t)
	blob := l.gitInput("x", "hash-object", "-w", "--stdin")
	inner := l.rawTree("100644", "x.yaml", blob)
	cases := []struct{ name, mode, entry, id, want string }{
		{"a line break", "100644", "a\nb.yaml", blob, "100644 \"a\\nb.yaml\"\n"},
		{"an escape sequence", "100644", "\x1b[2J.yaml", blob, "100644 \"\\x1b[2J.yaml\"\n"},
		{"no UTF-8", "100644", "\xff.yaml", blob, "100644 \"\\xff.yaml\"\n"},
		{"an option", "100644", "--upload-pack=x.yaml", blob, "100644 \"--upload-pack=x.yaml\"\n"},
		{"a slash within a name", "100644", "requests/x.yaml", blob, "100644!\"requests/x.yaml\"\n"},
		{"two dots", "40000", "..", inner, "040000!\"..\"\n"},
		{"one dot", "40000", ".", inner, "040000!\".\"\n"},
		{"git's own folder", "40000", ".GIT", inner, "040000!\".GIT\"\n"},
		{"an old mode", "100664", "x.yaml", blob, "100644 \"x.yaml\"\n"},
		{"a mode of nothing", "0", "x.yaml", blob, "160000!\"x.yaml\"\n"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			head := l.commitTree(l.rawTree(c.mode, c.entry, c.id))
			tree, err := l.open().Tree(head)
			if err != nil {
				t.Fatal(err)
			}
			if got := faces(t, tree); got != c.want {
				t.Errorf("got %s want %s", got, c.want)
			}
		})
	}
}

func TestATreeThatUnfoldsWithoutEndIsRefused(t *testing.T) {
	l := newLab(t)
	id := l.gitInput("x", "hash-object", "-w", "--stdin")
	mode := "100644"
	for range 30 { // each level holds the one below twice: 2^30 files in 30 objects
		h, err := parseHash(id)
		if err != nil {
			t.Fatal(err)
		}
		twice := mode + " a\x00" + string(h[:]) + mode + " b\x00" + string(h[:])
		id, mode = l.gitInput(twice, "hash-object", "-t", "tree", "-w", "--literally", "--stdin"), "40000"
	}
	head := l.commitTree(id)
	tree, err := l.open().Tree(head)
	if err != nil {
		t.Fatal(err)
	}
	_, err = tree.Files()
	wantError(t, err, "too much to read")
	_, err = l.open().History(t.Context(), head, everything, nil)
	wantError(t, err, "too much to read", head)
}

func TestAMissingBlobIsNamed(t *testing.T) {
	_, err := newLab(t).open().Blob("0000000000000000000000000000000000000001")
	wantError(t, err, "blob 0000000000000000000000000000000000000001 is missing")
	_, err = newLab(t).open().Blob("main")
	wantError(t, err, `"main" is not an object id`)
}
