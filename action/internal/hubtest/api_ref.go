package hubtest

import (
	"errors"
	"strings"

	"github.com/commrel/liaison/action/internal/gittest"
)

type refJSON struct {
	Ref    string `json:"ref"`
	URL    string `json:"url"`
	Object struct {
		SHA  string `json:"sha"`
		Type string `json:"type"`
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
	case w.protected[ref]:
		return refused("Repository rule violations found\n\nChanges must be made through a pull request.\n\n")
	}
	if p, ok := w.move(ref, was, ask.SHA, ask.Force); !ok {
		return p
	}
	return found(w.refOf(r, ref, ask.SHA))
}

func (w *World) move(ref, from, to string, force bool) (reply, bool) {
	err := w.repo.Advance(ref, from, to)
	if errors.Is(err, gittest.ErrNotFastForward) {
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
	out := refJSON{Ref: ref, URL: r.url(strings.Replace(r.URL.Path, "/git/ref/", "/git/refs/", 1))}
	out.Object.SHA, out.Object.Type = id, w.repo.Kind(id)
	return out
}
