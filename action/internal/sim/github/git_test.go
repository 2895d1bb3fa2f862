package github_test

import (
	"encoding/base64"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commrel/liaison/action/internal/sim/github"
)

// fetch runs git's own client, whose URL holds the token, and returns what it said.
func fetch(t *testing.T, args ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git was not found on this machine: fetching is not tested")
	}
	cmd := exec.Command("git", args...)
	cmd.Env = append(cmd.Environ(), "GIT_CONFIG_NOSYSTEM=1", "HOME="+t.TempDir(), "GIT_TERMINAL_PROMPT=0")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// clonable is a world behind a server; its address takes a token.
func clonable(t *testing.T) (w *github.World, address func(token string) string) {
	w, r := play(t, "merge")
	onDisk(t, r)
	w.Admit("workflow", github.Pass{Login: "desk[bot]", Workflow: true, Permissions: map[string]string{"contents": "read"}})
	w.Admit("issues", github.Pass{Login: "desk[bot]", Workflow: true, Permissions: map[string]string{"issues": "write"}})
	s := httptest.NewServer(w.Handler())
	t.Cleanup(s.Close)
	return w, func(token string) string {
		if token != "" {
			token = "x-access-token:" + token + "@"
		}
		return strings.Replace(s.URL, "http://", "http://"+token, 1) + "/wikimedia/desk.git"
	}
}

func TestGitFetchesBranchesAndHeadsOfPullRequests(t *testing.T) {
	_, address := clonable(t)
	dir := filepath.Join(t.TempDir(), "c.git")
	if out, err := fetch(t, "clone", "-q", "--bare", address("workflow"), dir); err != nil {
		t.Fatal(out)
	}
	if out, err := fetch(t, "-C", dir, "fetch", "-q", "origin", "+refs/pull/*/head:refs/pull/*/head"); err != nil {
		t.Fatal(out)
	}
	out, err := fetch(t, "-C", dir, "log", "-1", "--format=%s", "refs/pull/1/head")
	if err != nil || out != "more\n" {
		t.Error(out, err)
	}
	out, err = fetch(t, "-C", dir, "for-each-ref", "--format=%(refname)")
	if want := "refs/heads/liaison/witness\nrefs/heads/main\nrefs/pull/1/head\n"; err != nil || out != want {
		t.Errorf("got %s, %v", out, err)
	}
}

func TestGitServesNobodyWhoMayNot(t *testing.T) {
	w, address := clonable(t)
	for _, tt := range []struct {
		name, token string
		private     bool
		want        string // "" for a fetch that succeeds
	}{
		{"what is public, nobody needs a token for", "", false, ""},
		{"with a wrong token it asks for another", "wrong", false, "could not read Username"},
		{"what is private is shown to who may read it", "workflow", true, ""},
		{"what is private is not shown without a token", "", true, "could not read Username"},
		{"nor with one that may not", "issues", true, "not found"},
	} {
		w.Private(tt.private)
		args := []string{"ls-remote", address("")}
		if tt.token != "" { // as a checkout shows it
			basic := base64.StdEncoding.EncodeToString([]byte("x-access-token:" + tt.token))
			args = append([]string{"-c", "http.extraHeader=Authorization: basic " + basic}, args...)
		}
		out, err := fetch(t, args...)
		if (err == nil) != (tt.want == "") || !strings.Contains(out, tt.want) {
			t.Errorf("%s: %s, %v", tt.name, out, err)
		}
	}
}

func TestGitTakesNoPush(t *testing.T) {
	_, address := clonable(t)
	dir := filepath.Join(t.TempDir(), "c")
	if out, err := fetch(t, "clone", "-q", address("workflow"), dir); err != nil {
		t.Fatal(out)
	}
	if out, err := fetch(t, "-C", dir, "push", "origin", "HEAD:refs/heads/new"); err == nil || !strings.Contains(out, "403") {
		t.Error(out, err)
	}
}
