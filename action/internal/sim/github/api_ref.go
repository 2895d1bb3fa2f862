package github

import (
	"errors"
	"net/http"
	"strings"

	"github.com/commrel/liaison/action/internal/sim/git"
)

type refJSON struct {
	Ref    string `json:"ref"`
	NodeID string `json:"node_id"`
	URL    string `json:"url"`
	Object struct {
		SHA  string `json:"sha"`
		Type string `json:"type"`
		URL  string `json:"url"`
	} `json:"object"`
}

func (w *World) getRef(r *request) reply {
	ref := "refs/" + r.PathValue("ref")
	id, ok := w.repo.Ref(ref)
	if !ok {
		return notFound()
	}
	return found(w.refOf(r, ref, id))
}

// createRef makes a branch or a tag that is not there yet.
func (w *World) createRef(r *request) reply {
	var ask struct{ Ref, SHA string }
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	_, exists := w.repo.Ref(ask.Ref)
	switch {
	case !strings.HasPrefix(ask.Ref, "refs/") || strings.Count(ask.Ref, "/") < 2:
		return refused("Reference name must start with 'refs/' and have at least two slashes.")
	case exists:
		return refused("Reference already exists")
	case w.repo.Kind(ask.SHA) == "":
		return refused("Object does not exist")
	}
	if p, no := w.barred(r, ask.Ref, "create"); no {
		return p
	}
	if err := w.repo.SetRef(ask.Ref, ask.SHA); err != nil {
		return refused("Reference name is not well formed.")
	}
	w.pushed(ask.Ref, ask.SHA, r.me)
	return created(w.refOf(r, ask.Ref, ask.SHA))
}

func (w *World) deleteRef(r *request) reply {
	ref := "refs/" + r.PathValue("ref")
	if _, ok := w.repo.Ref(ref); !ok {
		return refused("Reference does not exist")
	}
	if p, no := w.barred(r, ref, "delete"); no {
		return p
	}
	if err := w.repo.RemoveRef(ref); err != nil {
		return refused(err.Error())
	}
	return reply{status: http.StatusNoContent}
}

// updateRef moves a branch: only forwards unless forced, and never a protected one.
func (w *World) updateRef(r *request) reply {
	var ask struct {
		SHA   string
		Force bool
	}
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	ref := "refs/" + r.PathValue("ref")
	was, ok := w.repo.Ref(ref)
	switch {
	case !ok:
		return refused("Reference does not exist")
	case w.repo.Kind(ask.SHA) != "commit":
		return refused("Object does not exist")
	}
	if p, no := w.barred(r, ref, "update"); no {
		return p
	}
	if p, ok := w.move(ref, was, ask.SHA, ask.Force); !ok {
		return p
	}
	w.pushed(ref, ask.SHA, r.me)
	if err := w.follow(ref, r.me); err != nil {
		return refused(err.Error())
	}
	return found(w.refOf(r, ref, ask.SHA))
}

func (w *World) move(ref, from, to string, force bool) (reply, bool) {
	err := w.repo.Advance(ref, from, to)
	if errors.Is(err, git.ErrNotFastForward) {
		if !force {
			return refused("Update is not a fast forward"), false
		}
		err = w.repo.SetRef(ref, to)
	}
	if err != nil {
		return refused("Reference update failed"), false
	}
	return reply{}, true
}

func (w *World) refOf(r *request, ref, id string) refJSON {
	kind := w.repo.Kind(id)
	out := refJSON{Ref: ref, NodeID: nodeID("REF", ref), URL: w.apiURL(r, "/git/"+ref)}
	out.Object.SHA, out.Object.Type, out.Object.URL = id, kind, w.gitURL(r, kind+"s", id)
	return out
}
