package hubtest

import (
	"net/http"
	"strings"

	"github.com/commrel/liaison/action/internal/workflow"
)

type user struct {
	Login   string `json:"login"`
	ID      int64  `json:"id"`
	Type    string `json:"type"`
	HTMLURL string `json:"html_url"`
}

// userOf is nil for nobody.
func userOf(a workflow.Account) *user {
	if !a.Known() {
		return nil
	}
	return &user{Login: a.Login, ID: a.ID, Type: a.Type, HTMLURL: "https://github.com/" + a.Login}
}

// getUser tells who the token acts as, unless it is an app's.
func (w *World) getUser(r *request) reply {
	switch {
	case !r.me.Known():
		return failed(http.StatusUnauthorized, "Requires authentication")
	case r.me.Type == "Bot":
		return failed(http.StatusForbidden, "Resource not accessible by integration")
	}
	return found(userOf(r.me))
}

// getViewer answers the one GraphQL query that an app can ask itself who it is with.
func (w *World) getViewer(r *request) reply {
	var ask struct{ Query string }
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	if !r.me.Known() {
		return failed(http.StatusUnauthorized, "This endpoint requires you to be authenticated.")
	}
	if strings.Join(strings.Fields(ask.Query), " ") != "{viewer{login databaseId}}" {
		return found(map[string]any{"errors": []any{map[string]any{"message": "this query is not understood here"}}})
	}
	viewer := map[string]any{"login": r.me.Login, "databaseId": r.me.ID}
	return found(map[string]any{"data": map[string]any{"viewer": viewer}})
}

func (w *World) getRepo(r *request) reply {
	owner, err := w.account(w.owner)
	if err != nil {
		owner = workflow.Account{Login: w.owner, Type: "Organization"}
	}
	full := w.owner + "/" + w.name
	return found(map[string]any{
		"id": 1, "name": w.name, "full_name": full, "owner": userOf(owner), "private": false,
		"default_branch": "main", "html_url": "https://github.com/" + full, "url": r.url("/repos/" + full),
	})
}
