package github

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

type commentJSON struct {
	ID          int64     `json:"id"`
	NodeID      string    `json:"node_id"`
	URL         string    `json:"url"`
	HTMLURL     string    `json:"html_url"`
	IssueURL    string    `json:"issue_url"`
	Body        string    `json:"body"`
	User        *user     `json:"user"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	Association string    `json:"author_association"`
	App         *struct{} `json:"performed_via_github_app"` // always null
}

func (w *World) listComments(r *request) reply {
	t := w.asked(r)
	if t == nil {
		return notFound()
	}
	list := []commentJSON{}
	for _, c := range t.comments {
		list = append(list, w.commentOf(r, c))
	}
	return paged(r, list)
}

func (w *World) createComment(r *request) reply {
	t := w.asked(r)
	if t == nil {
		return notFound()
	}
	body, p, ok := r.words()
	if !ok {
		return p
	}
	if t.locked {
		return failed(http.StatusForbidden, "Unable to create comment because issue is locked.")
	}
	return created(w.commentOf(r, w.comment(t, r.me, w.now, body)))
}

func (w *World) getComment(r *request) reply {
	c := w.askedComment(r)
	if c == nil {
		return notFound()
	}
	return found(w.commentOf(r, c))
}

func (w *World) editComment(r *request) reply {
	c := w.askedComment(r)
	if c == nil {
		return notFound()
	}
	body, p, ok := r.words()
	if !ok {
		return p
	}
	c.body, c.updated = body, w.now
	w.thread(c.thread).updated = w.now
	w.emit(Event{Name: "issue_comment", Action: "edited", Number: c.thread, Actor: r.me})
	return found(w.commentOf(r, c))
}

func (w *World) deleteComment(r *request) reply {
	c := w.askedComment(r)
	if c == nil {
		return notFound()
	}
	w.dropComment(c)
	w.emit(Event{Name: "issue_comment", Action: "deleted", Number: c.thread, Actor: r.me})
	return reply{status: http.StatusNoContent}
}

// dropComment deletes a comment. The witness keeps that there was one.
func (w *World) dropComment(c *comment) {
	t := w.thread(c.thread)
	t.comments = slices.DeleteFunc(t.comments, func(d *comment) bool { return d == c })
	c.gone, t.updated = true, w.now
}

// askedComment is the comment that a path names, or nil.
func (w *World) askedComment(r *request) *comment {
	id, err := strconv.ParseInt(r.PathValue("comment"), 10, 64)
	if err != nil {
		return nil
	}
	for _, t := range w.threads {
		for _, c := range t.comments {
			if c.id == id && t.gone == 0 {
				return c
			}
		}
	}
	return nil
}

// words is the body that a comment is to have; not ok comes with the reply that says so.
func (r *request) words() (string, reply, bool) {
	var ask struct{ Body string }
	if p, ok := r.decode(&ask); !ok {
		return "", p, false
	}
	switch {
	case ask.Body == "":
		return "", invalid(defect{Resource: "IssueComment", Code: "missing_field", Field: "body"}), false
	case utf8.RuneCountInString(ask.Body) > longestBody:
		text := fmt.Sprintf("body is too long (maximum is %d characters)", longestBody)
		return "", invalid(defect{Resource: "IssueComment", Code: "unprocessable", Field: "data", Message: text}), false
	}
	return ask.Body, reply{}, true
}

func (w *World) commentOf(r *request, c *comment) commentJSON {
	issue := fmt.Sprintf("/issues/%d", c.thread)
	return commentJSON{
		ID: c.id, NodeID: nodeID("IC", c.id), Body: c.body, User: r.userOf(c.author), CreatedAt: c.at, UpdatedAt: c.updated,
		URL: w.apiURL(r, fmt.Sprintf("/issues/comments/%d", c.id)), IssueURL: w.apiURL(r, issue),
		HTMLURL: w.htmlURL(fmt.Sprintf("%s#issuecomment-%d", issue, c.id)), Association: w.association(c.author),
	}
}

// apiURL is where the API has something of this repository.
func (w *World) apiURL(r *request, path string) string {
	return r.url("/repos/" + w.owner + "/" + w.name + path)
}

// htmlURL is where people see something of this repository.
func (w *World) htmlURL(path string) string {
	return "https://github.com/" + w.owner + "/" + w.name + path
}
