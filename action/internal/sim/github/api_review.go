package github

import (
	"fmt"
	"strings"
	"time"
)

type reviewJSON struct {
	ID          int64           `json:"id"`
	NodeID      string          `json:"node_id"`
	User        *user           `json:"user"`
	Body        string          `json:"body"`
	State       string          `json:"state"`
	SHA         string          `json:"commit_id"`
	Submitted   time.Time       `json:"submitted_at"`
	Association string          `json:"author_association"`
	HTMLURL     string          `json:"html_url"`
	PullURL     string          `json:"pull_request_url"`
	Links       map[string]href `json:"_links"`
}

// listReviews shows states in capitals, where the timeline has small letters.
func (w *World) listReviews(r *request) reply {
	t := w.askedPull(r)
	if t == nil {
		return notFound()
	}
	list := []reviewJSON{}
	for _, v := range t.pull.reviews {
		j := w.reviewOf(r, t, v)
		j.State = strings.ToUpper(j.State)
		list = append(list, j)
	}
	return paged(r, list)
}

func (w *World) reviewOf(r *request, t *thread, v *review) reviewJSON {
	html := w.htmlURL(fmt.Sprintf("/pull/%d#pullrequestreview-%d", t.number, v.id))
	url := w.apiURL(r, fmt.Sprintf("/pulls/%d", t.number))
	return reviewJSON{
		ID: v.id, NodeID: nodeID("PRR", v.id), User: r.actorOf(v.author), Body: v.body, State: v.shown(), SHA: v.sha,
		Submitted: v.at, Association: w.association(v.author), HTMLURL: html, PullURL: url,
		Links: map[string]href{"html": {html}, "pull_request": {url}},
	}
}
