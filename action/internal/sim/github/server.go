package github

import (
	"net/http"

	"github.com/commrel/liaison/action/internal/account"
)

// An endpoint answers one kind of request; the world is locked meanwhile.
type endpoint struct {
	do    func(*World, *request) reply
	scope string // the permission that a token needs; "" for none
	list  bool   // it may lag behind
}

// A request is what an endpoint is asked, by whom, and what that one may.
type request struct {
	*http.Request
	me    account.Account // unknown without a token
	pass  Pass
	token string
	left  map[int64]bool // accounts that were deleted
}

// Handler serves the world as https://api.github.com does, and its repository to git's
// client, below /{owner}/{repo}.git, as https://github.com does.
func (w *World) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, e := range endpoints() {
		mux.Handle(pattern, w.serve(e))
	}
	mux.Handle("/{owner}/{name}/{rest...}", w.serveGit())
	mux.Handle("/", w.serve(endpoint{do: func(*World, *request) reply { return notFound() }}))
	return mux
}

func endpoints() map[string]endpoint {
	const repo = "/repos/{owner}/{repo}"
	return map[string]endpoint{
		"GET /user":     {(*World).getUser, "", false},
		"POST /graphql": {(*World).getViewer, "", false},
		"GET " + repo:   {(*World).getRepo, "", false},

		"GET " + repo + "/issues":                       {(*World).listIssues, "issues", true},
		"POST " + repo + "/issues":                      {(*World).createIssue, "issues", false},
		"GET " + repo + "/issues/{number}":              {(*World).getIssue, threads, false},
		"PATCH " + repo + "/issues/{number}":            {(*World).editIssue, threads, false},
		"GET " + repo + "/issues/{number}/{part}":       {(*World).getPart, threads, true},
		"POST " + repo + "/issues/{number}/comments":    {(*World).createComment, threads, false},
		"PATCH " + repo + "/issues/comments/{comment}":  {(*World).editComment, threads, false},
		"DELETE " + repo + "/issues/comments/{comment}": {(*World).deleteComment, threads, false},
		"GET " + repo + "/labels":                       {(*World).listLabels, threads, true},
		"POST " + repo + "/labels":                      {(*World).createLabel, threads, false},

		"GET " + repo + "/pulls":                  {(*World).listPulls, "pull-requests", true},
		"POST " + repo + "/pulls":                 {(*World).createPull, "pull-requests", false},
		"GET " + repo + "/pulls/{number}":         {(*World).getPull, "pull-requests", false},
		"PUT " + repo + "/pulls/{number}/merge":   {(*World).mergePull, "contents", false},
		"GET " + repo + "/pulls/{number}/commits": {(*World).listPullCommits, "pull-requests", true},
		"GET " + repo + "/pulls/{number}/reviews": {(*World).listReviews, "pull-requests", true},

		"GET " + repo + "/commits":                {(*World).listCommits, "contents", false},
		"GET " + repo + "/commits/{ref}/statuses": {(*World).listStatuses, "statuses", true},
		"GET " + repo + "/commits/{ref}/status":   {(*World).getStatus, "statuses", true},
		"POST " + repo + "/statuses/{sha}":        {(*World).createStatus, "statuses", false},
		"GET " + repo + "/contents/{path...}":     {(*World).getContent, "contents", false},

		"GET " + repo + "/git/ref/{ref...}":     {(*World).getRef, "contents", false},
		"POST " + repo + "/git/refs":            {(*World).createRef, "contents", false},
		"PATCH " + repo + "/git/refs/{ref...}":  {(*World).updateRef, "contents", false},
		"DELETE " + repo + "/git/refs/{ref...}": {(*World).deleteRef, "contents", false},
		"GET " + repo + "/git/commits/{sha}":    {(*World).getCommit, "contents", false},
		"POST " + repo + "/git/commits":         {(*World).createCommit, "contents", false},
		"GET " + repo + "/git/trees/{sha}":      {(*World).getTree, "contents", false},
		"POST " + repo + "/git/trees":           {(*World).createTree, "contents", false},
		"GET " + repo + "/git/blobs/{sha}":      {(*World).getBlob, "contents", false},
		"POST " + repo + "/git/blobs":           {(*World).createBlob, "contents", false},
	}
}

// getPart tells what belongs to an issue from the comment of an id: to a mux, one address
// could be either.
func (w *World) getPart(r *request) reply {
	switch part := r.PathValue("part"); {
	case r.PathValue("number") == "comments":
		r.SetPathValue("comment", part)
		return w.getComment(r)
	case part == "comments":
		return w.listComments(r)
	case part == "timeline":
		return w.listTimeline(r)
	}
	return notFound()
}
