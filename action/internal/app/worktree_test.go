package app_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	gogit "github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"

	"github.com/commrel/liaison/action/internal/sim/git"
)

// initRepo makes a repository with a work tree, without a process of git's.
func initRepo(t testing.TB, dir string) {
	t.Helper()
	options := &gogit.PlainInitOptions{InitOptions: gogit.InitOptions{DefaultBranch: plumbing.Main}}
	if _, err := gogit.PlainInitWithOptions(dir, options); err != nil {
		t.Fatal(err)
	}
}

// commitAll commits all that is in the work tree, and returns the commit.
func commitAll(t testing.TB, dir string) string {
	t.Helper()
	r, err := git.Open(filepath.Join(dir, ".git"))
	if err != nil {
		t.Fatal(err)
	}
	tree, err := r.WriteTree("", everything(t, r, dir))
	if err != nil {
		t.Fatal(err)
	}
	const main = "refs/heads/main"
	c := git.Commit{Tree: tree, Author: git.Who{Name: "E", Email: "e@example.org"}, Time: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC), Message: "c\n"}
	if parent, there := r.Ref(main); there {
		c.Parents = []string{parent}
	}
	id, err := r.Commit(c)
	if err == nil {
		err = r.SetRef(main, id)
	}
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// packed puts the objects of a repository with a work tree into one file.
func packed(t testing.TB, dir string) {
	t.Helper()
	r, err := git.Open(filepath.Join(dir, ".git"))
	if err == nil {
		err = r.Pack()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// everything is what is in a work tree, as git would add it.
func everything(t testing.TB, r *git.Repo, dir string) []git.Edit {
	t.Helper()
	var edits []git.Edit
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.Name() == ".git":
			return filepath.SkipDir
		case d.IsDir():
			return nil
		}
		mode, content, err := added(path, d)
		if err != nil {
			return err
		}
		id, err := r.WriteBlob(content)
		rel, _ := filepath.Rel(dir, path)
		edits = append(edits, git.Edit{Path: filepath.ToSlash(rel), Mode: mode, ID: id})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return edits
}

// added is the mode and the content that a file or link would have in a tree.
func added(path string, d fs.DirEntry) (mode string, content []byte, err error) {
	info, err := d.Info()
	if err != nil {
		return "", nil, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		to, err := os.Readlink(path)
		return "120000", []byte(to), err
	}
	content, err = os.ReadFile(path)
	if info.Mode()&0o100 != 0 {
		return "100755", content, err
	}
	return "100644", content, err
}

// copied is a folder with all that is in another, links included.
func copied(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "desk")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return to
}
