package github

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
)

// A user is an account as GitHub shows it beside what it did.
type user struct {
	Login             string `json:"login"`
	ID                int64  `json:"id"`
	NodeID            string `json:"node_id"`
	AvatarURL         string `json:"avatar_url"`
	GravatarID        string `json:"gravatar_id"`
	URL               string `json:"url"`
	HTMLURL           string `json:"html_url"`
	FollowersURL      string `json:"followers_url"`
	FollowingURL      string `json:"following_url"`
	GistsURL          string `json:"gists_url"`
	StarredURL        string `json:"starred_url"`
	SubscriptionsURL  string `json:"subscriptions_url"`
	OrganizationsURL  string `json:"organizations_url"`
	ReposURL          string `json:"repos_url"`
	EventsURL         string `json:"events_url"`
	ReceivedEventsURL string `json:"received_events_url"`
	Type              string `json:"type"`
	SiteAdmin         bool   `json:"site_admin"`
}

// userOf is nil for nobody. Who wrote something and deleted the account is shown as ghost.
func (r *request) userOf(a account.Account) *user {
	if !a.Known() {
		return nil
	}
	if r.left[a.ID] {
		a = account.Account{ID: 10137, Login: "ghost", Type: "User"}
	}
	url := r.url("/users/" + a.Login)
	return &user{
		Login: a.Login, ID: a.ID, NodeID: nodeID("U", a.ID), Type: a.Type,
		AvatarURL: fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", a.ID),
		URL:       url, HTMLURL: "https://github.com/" + a.Login,
		FollowersURL: url + "/followers", FollowingURL: url + "/following{/other_user}",
		GistsURL: url + "/gists{/gist_id}", StarredURL: url + "/starred{/owner}{/repo}",
		SubscriptionsURL: url + "/subscriptions", OrganizationsURL: url + "/orgs", ReposURL: url + "/repos",
		EventsURL: url + "/events{/privacy}", ReceivedEventsURL: url + "/received_events",
	}
}

// actorOf is userOf where GitHub shows a deleted account as nobody: at reviews and events.
func (r *request) actorOf(a account.Account) *user {
	if r.left[a.ID] {
		return nil
	}
	return r.userOf(a)
}

// nodeID is GitHub's other name for something.
func nodeID(kind string, id any) string { return fmt.Sprintf("%s_%v", kind, id) }

// getUser tells who the token acts as, unless it is an app's.
func (w *World) getUser(r *request) reply {
	switch {
	case !r.me.Known():
		return failed(http.StatusUnauthorized, "Requires authentication")
	case r.me.Type == "Bot":
		return failed(http.StatusForbidden, "Resource not accessible by integration")
	}
	return found(profile{user: *r.userOf(r.me), View: "public", CreatedAt: founded(), UpdatedAt: founded()})
}

// A profile is an account that was asked for alone.
type profile struct {
	user
	View        string    `json:"user_view_type"`
	Name        *string   `json:"name"`
	Company     *string   `json:"company"`
	Blog        *string   `json:"blog"`
	Location    *string   `json:"location"`
	Email       *string   `json:"email"`
	Hireable    *bool     `json:"hireable"`
	Bio         *string   `json:"bio"`
	PublicRepos int       `json:"public_repos"`
	PublicGists int       `json:"public_gists"`
	Followers   int       `json:"followers"`
	Following   int       `json:"following"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
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
