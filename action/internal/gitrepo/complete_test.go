package gitrepo

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
)

func TestComplete(t *testing.T) {
	cases := []struct {
		name    string
		prepare func(l *lab) (dir string)
		words   []string // none: the history is whole
	}{
		{"an ordinary repository", func(l *lab) string { return "." }, nil},
		{"a shallow clone", func(l *lab) string {
			l.git("clone", "-q", "--depth=1", "file://"+l.dir, "shallow")
			return "shallow"
		}, []string{"shallow clone, cut off at 1", "git fetch --unshallow", "fetch-depth: 0"}},
		{"a shallow clone made whole", func(l *lab) string {
			l.git("clone", "-q", "--depth=1", "file://"+l.dir, "shallow")
			l.git("-C", "shallow", "fetch", "-q", "--unshallow")
			return "shallow"
		}, nil},
		{"a linked work tree of a shallow clone", func(l *lab) string {
			l.git("clone", "-q", "--depth=1", "file://"+l.dir, "shallow")
			l.git("-C", "shallow", "worktree", "add", "-q", "../linked", "-b", "side")
			return "linked"
		}, []string{"shallow clone"}},
		{"grafts", func(l *lab) string {
			l.write(".git/info/grafts", "# a comment\n"+l.git("rev-parse", "HEAD")+"\n")
			return "."
		}, []string{"1 grafted", filepath.Join("info", "grafts")}},
		{"a grafts file with nothing in it", func(l *lab) string {
			l.write(".git/info/grafts", "# a comment\n\n")
			return "."
		}, nil},
		{"a replace ref", func(l *lab) string { l.git("replace", "HEAD", "HEAD~1"); return "." }, []string{"1 replaced", "git replace -d"}},
		{"a packed replace ref", func(l *lab) string {
			l.git("replace", "HEAD", "HEAD~1")
			l.git("pack-refs", "--all")
			return "."
		}, []string{"1 replaced"}},
		{"a partial clone", func(l *lab) string {
			l.git("config", "uploadpack.allowFilter", "true")
			l.git("clone", "-q", "--no-checkout", "--filter=blob:none", "file://"+l.dir, "partial")
			return "partial"
		}, []string{"partial clone", "promisor", "without --filter"}},
		{"the extension of a partial clone", func(l *lab) string {
			l.git("config", "core.repositoryFormatVersion", "1")
			l.git("config", "extensions.partialClone", "origin")
			return "."
		}, []string{"partial clone", "extensions.partialClone = origin"}},
		{"a remote that promises nothing", func(l *lab) string { l.git("config", "remote.origin.promisor", "false"); return "." }, nil},
		{"two lacks at once", func(l *lab) string {
			l.git("replace", "HEAD", "HEAD~1")
			l.git("config", "remote.origin.promisor", "true")
			return "."
		}, []string{"replaced", "; and a partial clone"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			l.commit("a", "1")
			l.commit("a", "2")
			err := openAt(t, filepath.Join(l.dir, c.prepare(l))).Complete()
			if c.words == nil {
				if err != nil {
					t.Errorf("got %v, want nothing to lack", err)
				}
				return
			}
			wantError(t, err, c.words...)
			var incomplete *Incomplete
			if !errors.As(err, &incomplete) {
				t.Errorf("%T is no *Incomplete", err)
			}
		})
	}
}

func TestHistoryNamesTheMissingObject(t *testing.T) {
	l := newLab(t)
	first := l.commit("a", "1")
	l.commit("a", "2")
	l.git("clone", "-q", "--depth=1", "file://"+l.dir, "shallow")
	r := openAt(t, filepath.Join(l.dir, "shallow"))
	head, err := r.Resolve("HEAD")
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.History(context.Background(), head, everything, nil)
	wantError(t, err, "commit "+first+" is missing")
}
