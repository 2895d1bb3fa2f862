package github

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/commrel/liaison/action/internal/sim/git"
)

type treeJSON struct {
	SHA       string      `json:"sha"`
	URL       string      `json:"url"`
	Tree      []treeEntry `json:"tree"`
	Truncated bool        `json:"truncated"`
}

type treeEntry struct {
	Path string `json:"path"`
	Mode string `json:"mode"`
	Type string `json:"type"`
	SHA  string `json:"sha"`
}

// A treeEdit puts content or an object at a path; a SHA of null removes what is there.
type treeEdit struct {
	Path    string
	Mode    string
	Content *string
	SHA     json.RawMessage
}

// getTree takes a tree or a commit.
func (w *World) getTree(r *request) reply {
	id := r.PathValue("sha")
	if w.repo.Kind(id) == "commit" {
		id, _ = w.repo.TreeOf(id)
	}
	if w.repo.Kind(id) != "tree" {
		return notFound()
	}
	return w.showTree(r, id, r.URL.Query().Has("recursive"), found)
}

func (w *World) createTree(r *request) reply {
	var ask struct {
		Base string `json:"base_tree"`
		Tree []treeEdit
	}
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	if ask.Base != "" && w.repo.Kind(ask.Base) != "tree" {
		return refused("base_tree is not a valid tree oid")
	}
	if p, no := w.workflows(r, ask.Tree); no {
		return p
	}
	var edits []git.Edit
	for _, e := range ask.Tree {
		id, ok := w.objectOf(e)
		if !ok {
			return refused("tree.sha " + string(e.SHA) + " is not a valid object")
		}
		edits = append(edits, git.Edit{Path: e.Path, Mode: e.Mode, ID: id})
	}
	id, err := w.repo.WriteTree(ask.Base, edits)
	if err != nil {
		return refused(err.Error())
	}
	return w.showTree(r, id, false, created)
}

// workflows keeps a token from writing workflows that may not: a GITHUB_TOKEN never may.
func (w *World) workflows(r *request, edits []treeEdit) (reply, bool) {
	if r.pass.may("write", "workflows") {
		return reply{}, false
	}
	for _, e := range edits {
		if strings.HasPrefix(e.Path, ".github/workflows/") {
			return inaccessible("workflows", "write"), true
		}
	}
	return reply{}, false
}

// objectOf is what an edit puts in its place; "" for nothing.
func (w *World) objectOf(e treeEdit) (string, bool) {
	if e.Content != nil {
		id, err := w.repo.WriteBlob([]byte(*e.Content))
		return id, err == nil
	}
	var id *string
	if err := json.Unmarshal(e.SHA, &id); err != nil {
		return "", false
	}
	if id == nil {
		return "", true
	}
	return *id, w.repo.Kind(*id) != ""
}

func (w *World) showTree(r *request, id string, deep bool, as func(any) reply) reply {
	entries, err := w.repo.ReadTree(id, deep)
	if err != nil {
		return notFound()
	}
	out := treeJSON{SHA: id, URL: w.gitURL(r, "trees", id), Tree: []treeEntry{}}
	for _, e := range entries {
		out.Tree = append(out.Tree, treeEntry{e.Path, e.Mode, e.Type, e.ID})
	}
	return as(out)
}

func (w *World) createBlob(r *request) reply {
	var ask struct{ Content, Encoding string }
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	content := []byte(ask.Content)
	if ask.Encoding == "base64" {
		var err error
		if content, err = base64.StdEncoding.DecodeString(ask.Content); err != nil {
			return refused("content is not valid Base64")
		}
	}
	id, err := w.repo.WriteBlob(content)
	if err != nil {
		return refused(err.Error())
	}
	return created(objectID{id, w.gitURL(r, "blobs", id)})
}
