package github

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"net/http/cgi"
	"os/exec"
	"strings"
)

// serveGit serves the repository to git's own client, as https://github.com does: fetches
// only, with the token as the password of x-access-token. It needs git and a repository on
// disk, and says so where there is none.
func (w *World) serveGit() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !w.isGit(r) {
			w.serve(endpoint{do: func(*World, *request) reply { return notFound() }}).ServeHTTP(rw, r)
			return
		}
		git, err := exec.LookPath("git")
		if err != nil {
			http.Error(rw, "git was not found on this machine: nothing can be fetched from here", http.StatusNotImplemented)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the caller hung up
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if text, status := w.keepOut(r); status != 0 {
			rw.Header().Set("WWW-Authenticate", `Basic realm="GitHub"`)
			http.Error(rw, text, status)
			return
		}
		if w.repo.Dir() == "" {
			http.Error(rw, "the repository is in memory: save it before it is fetched", http.StatusNotImplemented)
			return
		}
		// CGI takes no chunked body.
		r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
		w.backend(git, r).ServeHTTP(rw, r)
	})
}

// isGit reports whether a path is below /{owner}/{repo}.git/.
func (w *World) isGit(r *http.Request) bool {
	name, ok := strings.CutSuffix(r.PathValue("name"), ".git")
	return ok && strings.EqualFold(r.PathValue("owner"), w.owner) && strings.EqualFold(name, w.name)
}

// keepOut says whom Git does not serve, and with which status; 0 lets in.
func (w *World) keepOut(r *http.Request) (string, int) {
	me, pass, ok := w.bearer(r)
	switch {
	case !ok:
		return "Invalid username or token.", http.StatusUnauthorized
	case w.private && !me.Known():
		return "Repository not found.", http.StatusUnauthorized
	case w.private && !pass.may("read", "contents"):
		return "Repository not found.", http.StatusNotFound
	}
	return "", 0
}

// backend is git's own server over the repository. Whoever pushes is refused: no one is
// known to it. It reads no configuration of the machine.
func (w *World) backend(git string, r *http.Request) *cgi.Handler {
	return &cgi.Handler{
		Path: git, Args: []string{"http-backend"}, Dir: w.repo.Dir(),
		Root: "/" + r.PathValue("owner") + "/" + r.PathValue("name"),
		Env: []string{
			"GIT_PROJECT_ROOT=" + w.repo.Dir(), "GIT_HTTP_EXPORT_ALL=1", "HOME=" + w.repo.Dir(),
			"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_COUNT=3",
			"GIT_CONFIG_KEY_0=uploadpack.allowAnySHA1InWant", "GIT_CONFIG_VALUE_0=true",
			"GIT_CONFIG_KEY_1=uploadpack.allowFilter", "GIT_CONFIG_VALUE_1=true",
			"GIT_CONFIG_KEY_2=safe.directory", "GIT_CONFIG_VALUE_2=*",
		},
		Logger: log.New(io.Discard, "", 0),
		Stderr: io.Discard,
	}
}
