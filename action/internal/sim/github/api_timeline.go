package github

import (
	"fmt"
	"slices"
	"time"
)

// A timelineJSON is an event of a timeline that is neither a comment, a review nor a commit.
type timelineJSON struct {
	ID        int64          `json:"id"`
	NodeID    string         `json:"node_id"`
	URL       string         `json:"url"`
	Actor     *user          `json:"actor"`
	Event     string         `json:"event"`
	CommitID  *string        `json:"commit_id"`
	CommitURL *string        `json:"commit_url"`
	CreatedAt time.Time      `json:"created_at"`
	App       *struct{}      `json:"performed_via_github_app"` // always null
	Label     *shortLabel    `json:"label,omitempty"`
	Dismissed *dismissalJSON `json:"dismissed_review,omitempty"`
	Reason    *string        `json:"state_reason,omitempty"`
}

type shortLabel struct {
	Name  string `json:"name"`
	Color string `json:"color"`
}

type dismissalJSON struct {
	State    string  `json:"state"` // what the review said before
	ReviewID int64   `json:"review_id"`
	Message  *string `json:"dismissal_message"`
}

type commentedJSON struct {
	Event string `json:"event"`
	Actor *user  `json:"actor"`
	commentJSON
}

type reviewedJSON struct {
	Event string `json:"event"`
	reviewJSON
}

type committedJSON struct {
	Event string `json:"event"`
	commitJSON
}

func (w *World) listTimeline(r *request) reply {
	t := w.asked(r)
	if t == nil {
		return notFound()
	}
	list := []any{}
	for _, h := range t.happened {
		if shown := w.timelineOf(r, t, h); shown != nil {
			list = append(list, shown)
		}
	}
	return paged(r, list)
}

// timelineOf is a happening as the timeline shows it; nil for what it does not show: the
// opening, pushes, deleted comments, and commits that were pushed away.
func (w *World) timelineOf(r *request, t *thread, h happening) any {
	switch h.kind {
	case "opened", "pushed":
		return nil
	case "commented":
		if h.comment.gone {
			return nil
		}
		return commentedJSON{h.kind, r.userOf(h.actor), w.commentOf(r, h.comment)}
	case "reviewed":
		return reviewedJSON{h.kind, w.reviewOf(r, t, h.review)}
	case "committed":
		c, err := w.commitOf(r, h.sha)
		if err != nil || !slices.Contains(t.pull.commits, h.sha) {
			return nil
		}
		return committedJSON{h.kind, c}
	}
	return w.eventOf(r, h)
}

func (w *World) eventOf(r *request, h happening) timelineJSON {
	out := timelineJSON{
		ID: h.id, NodeID: nodeID("EV", h.id), URL: w.apiURL(r, fmt.Sprintf("/issues/events/%d", h.id)),
		Actor: r.actorOf(h.actor), Event: h.kind, CreatedAt: h.at, Reason: orNull(h.reason),
	}
	if h.sha != "" {
		url := w.apiURL(r, "/commits/"+h.sha)
		out.CommitID, out.CommitURL = &h.sha, &url
	}
	if l := w.label(h.label); h.label != "" && l != nil {
		out.Label = &shortLabel{l.Name, l.Color}
	}
	if h.kind == "review_dismissed" {
		out.Dismissed = &dismissalJSON{h.review.state, h.review.id, orNull(h.text)}
	}
	return out
}
