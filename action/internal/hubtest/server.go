package hubtest

import (
	"net/http"
	"strings"

	"github.com/commrel/liaison/action/internal/workflow"
)

// An endpoint answers one kind of request; the world is locked meanwhile.
type endpoint func(*World, *request) reply

// A request is what an endpoint is asked, and by whom.
type request struct {
	*http.Request
	me workflow.Account // unknown without a token
}

// Handler serves the world as https://api.github.com does.
func (w *World) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, e := range endpoints() {
		mux.Handle(pattern, w.serve(e))
	}
	mux.Handle("/", w.serve(func(*World, *request) reply { return notFound() }))
	return mux
}

func endpoints() map[string]endpoint {
	const repo = "/repos/{owner}/{repo}"
	return map[string]endpoint{
		"GET /user":     (*World).getUser,
		"POST /graphql": (*World).getViewer,
		"GET " + repo:   (*World).getRepo,

		"GET " + repo + "/issues":                       (*World).listIssues,
		"POST " + repo + "/issues":                      (*World).createIssue,
		"GET " + repo + "/issues/{number}":              (*World).getIssue,
		"PATCH " + repo + "/issues/{number}":            (*World).editIssue,
		"GET " + repo + "/issues/{number}/{part}":       (*World).getPart,
		"POST " + repo + "/issues/{number}/comments":    (*World).createComment,
		"PATCH " + repo + "/issues/comments/{comment}":  (*World).editComment,
		"DELETE " + repo + "/issues/comments/{comment}": (*World).deleteComment,
		"GET " + repo + "/labels":                       (*World).listLabels,
		"POST " + repo + "/labels":                      (*World).createLabel,

		"GET " + repo + "/pulls":                  (*World).listPulls,
		"POST " + repo + "/pulls":                 (*World).createPull,
		"GET " + repo + "/pulls/{number}":         (*World).getPull,
		"PUT " + repo + "/pulls/{number}/merge":   (*World).mergePull,
		"GET " + repo + "/pulls/{number}/commits": (*World).listPullCommits,
		"GET " + repo + "/pulls/{number}/reviews": (*World).listReviews,

		"GET " + repo + "/commits":                (*World).listCommits,
		"GET " + repo + "/commits/{ref}/statuses": (*World).listStatuses,
		"GET " + repo + "/commits/{ref}/status":   (*World).getStatus,
		"POST " + repo + "/statuses/{sha}":        (*World).createStatus,
		"GET " + repo + "/contents/{path...}":     (*World).getContent,

		"GET " + repo + "/git/ref/{ref...}":     (*World).getRef,
		"POST " + repo + "/git/refs":            (*World).createRef,
		"PATCH " + repo + "/git/refs/{ref...}":  (*World).updateRef,
		"DELETE " + repo + "/git/refs/{ref...}": (*World).deleteRef,
		"GET " + repo + "/git/commits/{sha}":    (*World).getCommit,
		"POST " + repo + "/git/commits":         (*World).createCommit,
		"GET " + repo + "/git/trees/{sha}":      (*World).getTree,
		"POST " + repo + "/git/trees":           (*World).createTree,
		"GET " + repo + "/git/blobs/{sha}":      (*World).getBlob,
		"POST " + repo + "/git/blobs":           (*World).createBlob,
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

// serve turns an endpoint into a handler: one request at a time, each one logged.
func (w *World) serve(e endpoint) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.log = append(w.log, Call{r.Method, r.URL.Path})
		w.answer(e, r).send(rw, w.now)
	})
}

// answer asks who it is, then whether the repository is this one, then the endpoint.
func (w *World) answer(e endpoint, r *http.Request) reply {
	me, ok := w.bearer(r)
	switch {
	case !ok:
		return failed(http.StatusUnauthorized, "Bad credentials")
	case !me.Known() && (Call{r.Method, r.URL.Path}).writes():
		return failed(http.StatusUnauthorized, "Requires authentication")
	case !w.here(r):
		return notFound()
	}
	return e(w, &request{r, me})
}

// bearer finds whom a request acts as: nobody without a token, and not ok with a wrong one.
func (w *World) bearer(r *http.Request) (workflow.Account, bool) {
	_, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok {
		return workflow.Account{}, true
	}
	who, err := w.account(w.tokens[token])
	return who, err == nil
}
