package github

import (
	"net/url"
	"slices"
	"strings"
)

// newLabelColor is what GitHub gives a label that was only ever named.
const newLabelColor = "ededed"

type label struct {
	ID          int64   `json:"id"`
	NodeID      string  `json:"node_id"`
	URL         string  `json:"url"`
	Name        string  `json:"name"`
	Color       string  `json:"color"`
	Description *string `json:"description"`
	Default     bool    `json:"default"`
}

func (w *World) listLabels(r *request) reply {
	list := []label{}
	for _, l := range w.labels {
		list = append(list, w.labelOf(r, l))
	}
	return paged(r, list)
}

// labelOf adds what the API alone knows of a label.
func (w *World) labelOf(r *request, l label) label {
	l.NodeID, l.URL = nodeID("LA", l.ID), w.apiURL(r, "/labels/"+url.PathEscape(l.Name))
	return l
}

func (w *World) createLabel(r *request) reply {
	var l label
	if p, ok := r.decode(&l); !ok {
		return p
	}
	switch {
	case l.Name == "":
		return invalid(defect{Resource: "Label", Code: "missing_field", Field: "name"})
	case w.label(l.Name) != nil:
		return invalid(defect{Resource: "Label", Code: "already_exists", Field: "name"})
	case l.Color == "":
		l.Color = newLabelColor
	}
	l.ID = w.id()
	w.labels = append(w.labels, l)
	return created(w.labelOf(r, l))
}

// label finds a label, whatever the case of its name, or nil.
func (w *World) label(name string) *label {
	i := slices.IndexFunc(w.labels, func(l label) bool { return strings.EqualFold(l.Name, name) })
	if i < 0 {
		return nil
	}
	return &w.labels[i]
}

// useLabels names the labels of a thread, each once. One that does not exist is made, as
// GitHub does.
func (w *World) useLabels(names []string) []string {
	var used []string
	for _, name := range names {
		l := w.label(name)
		if l == nil {
			w.labels = append(w.labels, label{ID: w.id(), Name: name, Color: newLabelColor})
			l = w.label(name)
		}
		if !slices.Contains(used, l.Name) {
			used = append(used, l.Name)
		}
	}
	return used
}

func (w *World) labelsOf(r *request, t *thread) []label {
	out := []label{}
	for _, name := range t.labels {
		out = append(out, w.labelOf(r, *w.label(name)))
	}
	return out
}

// hasLabels reports whether a thread has all of the labels.
func (t *thread) hasLabels(names []string) bool {
	return !slices.ContainsFunc(names, func(name string) bool {
		return !slices.ContainsFunc(t.labels, func(l string) bool { return strings.EqualFold(l, name) })
	})
}

func (w *World) dropLabel(name string) {
	is := func(l string) bool { return strings.EqualFold(l, name) }
	w.labels = slices.DeleteFunc(slices.Clone(w.labels), func(l label) bool { return is(l.Name) })
	for _, t := range w.threads {
		t.labels = slices.DeleteFunc(slices.Clone(t.labels), is)
	}
}
