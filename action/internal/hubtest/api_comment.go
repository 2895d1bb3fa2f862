package hubtest

import (
	"fmt"
	"time"
)

type commentJSON struct {
	ID        int64     `json:"id"`
	Body      string    `json:"body"`
	User      *user     `json:"user"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
	HTMLURL   string    `json:"html_url"`
}

func (w *World) listComments(r *request) reply {
	t := w.asked(r)
	if t == nil {
		return notFound()
	}
	list := []commentJSON{}
	for _, c := range t.comments {
		list = append(list, w.commentOf(t, c))
	}
	return paged(r, list)
}

func (w *World) createComment(r *request) reply {
	t := w.asked(r)
	if t == nil {
		return notFound()
	}
	var ask struct{ Body string }
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	if ask.Body == "" {
		return invalid(defect{Resource: "IssueComment", Code: "missing_field", Field: "body"})
	}
	return created(w.commentOf(t, w.comment(t, r.me, w.now, ask.Body)))
}

func (w *World) commentOf(t *thread, c comment) commentJSON {
	return commentJSON{
		ID: c.id, Body: c.body, User: userOf(c.author), CreatedAt: c.at, UpdatedAt: c.at,
		HTMLURL: fmt.Sprintf("https://github.com/%s/%s/issues/%d#issuecomment-%d", w.owner, w.name, t.number, c.id),
	}
}
