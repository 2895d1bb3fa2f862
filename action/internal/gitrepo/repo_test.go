package gitrepo

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOpen(t *testing.T) {
	l := newLab(t)
	head := l.commit("requests/2026/a.yaml", "title: A\n")
	l.git("gc", "-q")
	l.git("clone", "-q", "--bare", ".", "bare.git")
	l.git("clone", "-q", "--shared", ".", "shared")
	l.git("worktree", "add", "-q", "linked", "-b", "side")
	l.git("init", "-q", "-b", "main", "super")
	l.git("-C", "super", "submodule", "--quiet", "add", l.dir, "mod")

	cases := []struct{ name, dir, root string }{
		{"the top of a work tree", ".", "."},
		{"a folder below it", "requests/2026", "."},
		{"a linked work tree, whose .git is a file", "linked", "linked"},
		{"a folder below a linked work tree", "linked/requests", "linked"},
		{"a submodule", "super/mod", "super/mod"},
		{"a bare repository", "bare.git", ""},
		{"a clone that borrows its objects", "shared", "shared"},
		{"the .git folder itself", ".git", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := openAt(t, filepath.Join(l.dir, c.dir))
			want := ""
			if c.root != "" {
				want = filepath.Join(l.dir, c.root)
			}
			if r.Root() != want {
				t.Errorf("root %q, want %q", r.Root(), want)
			}
			if got, err := r.Resolve("HEAD"); got != head || err != nil {
				t.Errorf("HEAD is %q, %v; want %q", got, err, head)
			}
			if tree, err := r.Tree(head); err != nil {
				t.Error(err)
			} else if b, err := tree.Read("requests/2026/a.yaml"); string(b) != "title: A\n" {
				t.Errorf("read %q, %v", b, err)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	l := newLab(t)
	l.commit("a", "")
	l.write("loose/.git", "gitdir: nowhere\n", "odd/.git", "hello\n")
	outside := t.TempDir()
	sha256 := newLab(t, "--object-format=sha256")
	table := newLab(t)
	table.git("config", "core.repositoryFormatVersion", "1")
	table.git("config", "extensions.refStorage", "reftable")

	cases := []struct {
		name, dir string
		words     []string
	}{
		{"a folder outside any repository", outside, []string{"is not a Git repository", "expected a folder with .git"}},
		{"a file", filepath.Join(l.dir, "a"), []string{"is a file", "expected the folder"}},
		{"nothing", filepath.Join(l.dir, "none"), []string{"does not exist", "expected the folder"}},
		{"a .git file that points nowhere", filepath.Join(l.dir, "loose"), []string{"points to", "nowhere"}},
		{"a .git file that is something else", filepath.Join(l.dir, "odd"), []string{"does not point", "gitdir: "}},
		{"SHA-256 objects", sha256.dir, []string{"SHA256", "expected SHA-1"}},
		{"reftable", table.dir, []string{"reftable", "expected files"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := Open(c.dir)
			wantError(t, err, c.words...)
		})
	}
}

func TestOpenTakesConfigsThatGoGitRefuses(t *testing.T) {
	l := newLab(t)
	head := l.commit("a", "")
	l.git("config", "core.repositoryFormatVersion", "1")
	l.git("config", "extensions.worktreeConfig", "true")
	l.git("config", "remote.upstream.gh-resolved", "base")
	if got, err := l.open().Resolve("main"); got != head || err != nil {
		t.Errorf("main is %q, %v", got, err)
	}
}

func TestABareRepositoryWithDotGitHasNoRoot(t *testing.T) {
	l := newLab(t)
	l.commit("a", "")
	l.git("config", "core.bare", "true")
	if root := l.open().Root(); root != "" {
		t.Errorf("root %q", root)
	}
	if _, err := os.Stat(filepath.Join(l.dir, ".git")); err != nil {
		t.Fatal(err)
	}
	_, err := l.open().WorkTree()
	wantError(t, err, "bare", "expected a revision")
}

func TestOriginURL(t *testing.T) {
	cases := []struct{ name, remote, want string }{
		{"https", "https://github.com/owner/name", "https://github.com/owner/name"},
		{"https with .git", "https://github.com/owner/name.git", "https://github.com/owner/name"},
		{"https with credentials", "https://x-access-token:s3cret@github.com/owner/name.git", "https://github.com/owner/name"},
		{"https with a port and a query", "https://forge.example:8443/a/b/?token=1#x", "https://forge.example:8443/a/b"},
		{"scp-like", "git@github.com:owner/name.git", "https://github.com/owner/name"},
		{"scp-like without user", "gitlab.example:group/sub/name", "https://gitlab.example/group/sub/name"},
		{"ssh with a port", "ssh://git@forge.example:2222/owner/name.git", "https://forge.example/owner/name"},
		{"ssh over the https port", "ssh://git@ssh.github.com:443/owner/name.git", "https://github.com/owner/name"},
		{"a folder", "/srv/git/name.git", ""},
		{"a relative folder", "../name.git", ""},
		{"a file URL", "file:///srv/git/name.git", ""},
		{"plain http", "http://github.com/owner/name", ""},
		{"an ssh alias of one machine", "git@work:owner/name.git", ""},
		{"a host without owner and name", "https://github.com/", ""},
		{"a script", "javascript:alert(1)//a.b/c", ""},
		{"an outside helper", "ext::sh -c x.y/z", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			l.git("config", "remote.origin.url", c.remote)
			if got := l.open().OriginURL(); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	t.Run("no origin at all", func(t *testing.T) {
		if got := newLab(t).open().OriginURL(); got != "" {
			t.Errorf("%q", got)
		}
	})
}
