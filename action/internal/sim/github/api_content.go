package github

import (
	"encoding/base64"
	"path"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/sim/git"
)

type contentJSON struct {
	Type        string         `json:"type"`
	Name        string         `json:"name"`
	Path        string         `json:"path"`
	SHA         string         `json:"sha"`
	Size        int            `json:"size"`
	Encoding    string         `json:"encoding,omitempty"`
	Content     *string        `json:"content,omitempty"`
	URL         string         `json:"url"`
	GitURL      string         `json:"git_url"`
	HTMLURL     string         `json:"html_url"`
	DownloadURL *string        `json:"download_url"`
	Links       map[string]any `json:"_links"`
}

// getContent shows a file with its content in base64, or what a folder holds.
func (w *World) getContent(r *request) reply {
	commit, ok := w.resolve(r.ref("ref"))
	if !ok {
		return failed(404, "No commit found for the ref "+r.ref("ref"))
	}
	at := strings.Trim(r.PathValue("path"), "/")
	tree, err := w.repo.TreeOf(commit)
	if err != nil {
		return notFound()
	}
	entries, err := w.repo.ReadTree(tree, true)
	if err != nil {
		return notFound()
	}
	if i := slices.IndexFunc(entries, func(e git.TreeEntry) bool { return e.Path == at && e.Type == "blob" }); i >= 0 {
		return w.showFile(r, entries[i])
	}
	list := []contentJSON{}
	for _, e := range entries {
		if dir := path.Dir(e.Path); dir == at || dir == "." && at == "" {
			list = append(list, w.contentOf(r, e))
		}
	}
	if len(list) == 0 {
		return notFound()
	}
	return found(list)
}

func (w *World) showFile(r *request, e git.TreeEntry) reply {
	b, err := w.repo.ReadBlob(e.ID)
	if err != nil {
		return notFound()
	}
	text := wrapped(base64.StdEncoding.EncodeToString(b))
	out := w.contentOf(r, e)
	out.Encoding, out.Content, out.Size = "base64", &text, len(b)
	return found(out)
}

func (w *World) contentOf(r *request, e git.TreeEntry) contentJSON {
	kind := map[string]string{"blob": "file", "tree": "dir", "commit": "submodule"}[e.Type]
	out := contentJSON{
		Type: kind, Name: path.Base(e.Path), Path: e.Path, SHA: e.ID, URL: w.apiURL(r, "/contents/"+e.Path),
		GitURL: w.gitURL(r, e.Type+"s", e.ID), HTMLURL: w.htmlURL("/" + e.Type + "/main/" + e.Path),
	}
	out.Links = map[string]any{"self": out.URL, "git": out.GitURL, "html": out.HTMLURL}
	if e.Type == "blob" {
		url := "https://raw.githubusercontent.com/" + w.owner + "/" + w.name + "/main/" + e.Path
		out.DownloadURL = &url
		if b, err := w.repo.ReadBlob(e.ID); err == nil {
			out.Size = len(b)
		}
	}
	return out
}

// wrapped breaks base64 as GitHub does, after 60 characters.
func wrapped(s string) string {
	var b strings.Builder
	for len(s) > 60 {
		b.WriteString(s[:60] + "\n")
		s = s[60:]
	}
	b.WriteString(s + "\n")
	return b.String()
}

// resolve is the commit that a branch, a tag or an id names.
func (w *World) resolve(name string) (string, bool) {
	if w.repo.Kind(name) == "commit" {
		return name, true
	}
	for _, prefix := range []string{"refs/heads/", "refs/tags/", "refs/", ""} {
		if id, ok := w.repo.Ref(prefix + name); ok {
			return id, true
		}
	}
	return "", false
}

// ref is a revision of the query; the default branch where it is left out.
func (r *request) ref(name string) string {
	if ref := r.URL.Query().Get(name); ref != "" {
		return ref
	}
	return "main"
}

func (w *World) getBlob(r *request) reply {
	id := r.PathValue("sha")
	if w.repo.Kind(id) != "blob" {
		return notFound()
	}
	b, err := w.repo.ReadBlob(id)
	if err != nil {
		return notFound()
	}
	return found(map[string]any{
		"sha": id, "node_id": nodeID("B", id), "size": len(b), "url": w.gitURL(r, "blobs", id),
		"content": wrapped(base64.StdEncoding.EncodeToString(b)), "encoding": "base64",
	})
}
