package github

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
)

// A pullJSON is a pull request as lists show it.
type pullJSON struct {
	ID          int64     `json:"id"`
	NodeID      string    `json:"node_id"`
	Number      int       `json:"number"`
	State       string    `json:"state"`
	Locked      bool      `json:"locked"`
	LockReason  *string   `json:"active_lock_reason"`
	Title       string    `json:"title"`
	Body        *string   `json:"body"`
	User        *user     `json:"user"`
	Labels      []label   `json:"labels"`
	Milestone   *struct{} `json:"milestone"`
	Assignee    *user     `json:"assignee"`
	Assignees   []*user   `json:"assignees"`
	Reviewers   []*user   `json:"requested_reviewers"`
	Teams       []any     `json:"requested_teams"`
	Draft       bool      `json:"draft"`
	AutoMerge   *struct{} `json:"auto_merge"`
	Association string    `json:"author_association"`

	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	ClosedAt  *time.Time `json:"closed_at"`
	MergedAt  *time.Time `json:"merged_at"`
	Landed    *string    `json:"merge_commit_sha"`

	Head branchJSON `json:"head"`
	Base branchJSON `json:"base"`

	pullURLs
	Links map[string]href `json:"_links"`
}

// A wholePull is a pull request that was asked for alone.
type wholePull struct {
	pullJSON
	Merged         bool   `json:"merged"`
	MergedBy       *user  `json:"merged_by"`
	Mergeable      *bool  `json:"mergeable"` // null: GitHub is still finding out
	Rebaseable     *bool  `json:"rebaseable"`
	MergeableState string `json:"mergeable_state"`
	Comments       int    `json:"comments"`
	ReviewComments int    `json:"review_comments"`
	MayModify      bool   `json:"maintainer_can_modify"`
	Commits        int    `json:"commits"`
	Additions      int    `json:"additions"` // not counted here
	Deletions      int    `json:"deletions"` // nor these
	ChangedFiles   int    `json:"changed_files"`
}

type branchJSON struct {
	Label string         `json:"label"`
	Ref   string         `json:"ref"`
	SHA   string         `json:"sha"`
	User  *user          `json:"user"`
	Repo  map[string]any `json:"repo"`
}

type href struct {
	HRef string `json:"href"`
}

type pullURLs struct {
	URL               string `json:"url"`
	HTMLURL           string `json:"html_url"`
	DiffURL           string `json:"diff_url"`
	PatchURL          string `json:"patch_url"`
	IssueURL          string `json:"issue_url"`
	CommitsURL        string `json:"commits_url"`
	ReviewCommentsURL string `json:"review_comments_url"`
	ReviewCommentURL  string `json:"review_comment_url"`
	CommentsURL       string `json:"comments_url"`
	StatusesURL       string `json:"statuses_url"`
}

func (w *World) listPulls(r *request) reply {
	q := r.URL.Query()
	state, by := cmp.Or(q.Get("state"), "open"), q.Get("sort")
	direction := q.Get("direction")
	if direction == "" && by != "" && by != "created" {
		direction = "asc"
	}
	list := []pullJSON{}
	for _, t := range sorted(w.threads, by, direction) {
		if t.pull != nil && t.gone == 0 && (state == "all" || state == t.state()) && w.wanted(t, q.Get("head"), q.Get("base")) {
			list = append(list, w.pullOf(r, t))
		}
	}
	return paged(r, list)
}

// wanted reports whether a pull request is from a head, such as "alice:patch-1", and for a
// base; "" is any.
func (w *World) wanted(t *thread, head, base string) bool {
	return (head == "" || head == w.headOwner(t).Login+":"+t.headName()) && (base == "" || base == t.pull.base)
}

func (w *World) getPull(r *request) reply {
	t := w.askedPull(r)
	if t == nil {
		return notFound()
	}
	return found(w.wholePullOf(r, t))
}

// askedPull is the pull request that a path names, or nil.
func (w *World) askedPull(r *request) *thread {
	t := w.asked(r)
	if t == nil || t.pull == nil {
		return nil
	}
	return t
}

func (w *World) wholePullOf(r *request, t *thread) wholePull {
	changed, _ := w.repo.Changed(t.pull.since, t.pull.head())
	return wholePull{
		pullJSON: w.pullOf(r, t), Merged: t.pull.merged, MergedBy: r.actorOf(t.pull.mergedBy),
		MergeableState: "unknown", Comments: len(t.comments), Commits: len(t.pull.commits), ChangedFiles: len(changed),
	}
}

func (w *World) pullOf(r *request, t *thread) pullJSON {
	p := pullJSON{
		ID: t.id, NodeID: nodeID("PR", t.id), Number: t.number, State: t.state(), Title: t.title, Body: orNull(t.body),
		User: r.userOf(t.author), Labels: w.labelsOf(r, t), Assignees: []*user{}, Reviewers: []*user{}, Teams: []any{},
		Draft: t.pull.draft, Association: w.association(t.author), CreatedAt: t.created, UpdatedAt: t.updated,
		Landed: orNull(t.pull.landed), Head: w.headOf(r, t), Base: w.baseOf(r, t), pullURLs: w.pullURLs(r, t),
	}
	if !t.open {
		p.ClosedAt = &t.closed
	}
	if t.pull.merged {
		p.MergedAt = &t.closed
	}
	p.Links = p.links()
	return p
}

func (w *World) pullURLs(r *request, t *thread) pullURLs {
	pull, issue := fmt.Sprintf("/pulls/%d", t.number), fmt.Sprintf("/issues/%d", t.number)
	html := w.htmlURL(fmt.Sprintf("/pull/%d", t.number))
	return pullURLs{
		URL: w.apiURL(r, pull), HTMLURL: html, DiffURL: html + ".diff", PatchURL: html + ".patch",
		IssueURL: w.apiURL(r, issue), CommitsURL: w.apiURL(r, pull+"/commits"),
		ReviewCommentsURL: w.apiURL(r, pull+"/comments"), ReviewCommentURL: w.apiURL(r, "/pulls/comments{/number}"),
		CommentsURL: w.apiURL(r, issue+"/comments"), StatusesURL: w.apiURL(r, "/statuses/"+t.pull.head()),
	}
}

func (u pullURLs) links() map[string]href {
	return map[string]href{
		"self": {u.URL}, "html": {u.HTMLURL}, "issue": {u.IssueURL}, "comments": {u.CommentsURL}, "commits": {u.CommitsURL},
		"statuses": {u.StatusesURL}, "review_comments": {u.ReviewCommentsURL}, "review_comment": {u.ReviewCommentURL},
	}
}

// headOf is where a pull request comes from: a branch of its author's fork, or of this
// repository.
func (w *World) headOf(r *request, t *thread) branchJSON {
	owner := w.headOwner(t)
	out := branchJSON{owner.Login + ":" + t.headName(), t.headName(), t.pull.head(), r.actorOf(owner), w.repoOf(r)}
	switch {
	case r.left[owner.ID]: // the fork went with the account
		out.Repo = nil
	case t.pull.branch == "":
		out.Repo = w.forkOf(r, owner)
	}
	return out
}

func (w *World) headOwner(t *thread) account.Account {
	if t.pull.branch == "" {
		return t.author
	}
	return w.ownerAccount()
}

// headName is the branch that a pull request comes from.
func (t *thread) headName() string { return cmp.Or(t.pull.branch, fmt.Sprintf("patch-%d", t.number)) }

func (w *World) baseOf(r *request, t *thread) branchJSON {
	return branchJSON{w.owner + ":" + t.pull.base, t.pull.base, t.pull.since, r.userOf(w.ownerAccount()), w.repoOf(r)}
}

// createPull asks for a branch of this repository to be merged.
func (w *World) createPull(r *request) reply {
	var ask struct {
		Title, Head, Base, Body string
		Draft                   bool
	}
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	branch := strings.TrimPrefix(ask.Head, w.owner+":")
	head, known := w.repo.Ref("refs/heads/" + branch)
	since, based := w.repo.Ref("refs/heads/" + ask.Base)
	switch {
	case strings.TrimSpace(ask.Title) == "":
		return invalid(defect{Resource: "PullRequest", Code: "missing_field", Field: "title"})
	case !known:
		return invalid(defect{Resource: "PullRequest", Code: "invalid", Field: "head"})
	case !based:
		return invalid(defect{Resource: "PullRequest", Code: "invalid", Field: "base"})
	case w.pullFrom(branch, ask.Base) != nil:
		text := fmt.Sprintf("A pull request already exists for %s:%s.", w.owner, branch)
		return invalid(defect{Resource: "PullRequest", Code: "custom", Message: text})
	}
	commits, err := w.repo.Between(since, head)
	if err != nil || len(commits) == 0 {
		text := fmt.Sprintf("No commits between %s and %s", ask.Base, branch)
		return invalid(defect{Resource: "PullRequest", Code: "custom", Message: text})
	}
	t := w.newThread(r.me, w.now, ask.Title, ask.Body)
	if err := w.startPull(t, pull{base: ask.Base, since: since, branch: branch, commits: commits, draft: ask.Draft}); err != nil {
		return refused(err.Error())
	}
	return created(w.wholePullOf(r, t))
}

// pullFrom is the open pull request from one branch of this repository to another, or nil.
func (w *World) pullFrom(branch, base string) *thread {
	i := slices.IndexFunc(w.threads, func(t *thread) bool {
		return t.open && t.pull != nil && t.pull.branch == branch && t.pull.base == base
	})
	if i < 0 {
		return nil
	}
	return w.threads[i]
}

// follow gives the pull requests from a branch of this repository the commits that it has
// now.
func (w *World) follow(ref string, who account.Account) error {
	head, ok := w.repo.Ref(ref)
	for _, t := range w.threads {
		if !ok || !t.open || t.pull == nil || t.pull.branch == "" || "refs/heads/"+t.pull.branch != ref || t.pull.head() == head {
			continue
		}
		commits, err := w.repo.Between(t.pull.since, head)
		if err == nil && len(commits) > 0 {
			err = w.push(t, who, w.now, commits)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *World) mergePull(r *request) reply {
	var ask struct {
		SHA     string
		Title   string `json:"commit_title"`
		Message string `json:"commit_message"`
		Method  string `json:"merge_method"`
	}
	t := w.askedPull(r)
	if t == nil {
		return notFound()
	}
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	switch {
	case !t.open || t.pull.draft:
		return failed(http.StatusMethodNotAllowed, "Pull Request is not mergeable")
	case ask.SHA != "" && ask.SHA != t.pull.head():
		return failed(http.StatusConflict, "Head branch was modified. Review and try the merge again.")
	}
	if p, no := w.barred(r, t.pull.baseRef(), "merge"); no {
		return p
	}
	message := strings.TrimSpace(ask.Title + "\n\n" + ask.Message)
	if err := w.merge(t, r.me, w.now, cmp.Or(ask.Method, "merge"), message); err != nil {
		return failed(http.StatusMethodNotAllowed, "Pull Request is not mergeable")
	}
	return found(map[string]any{"sha": t.pull.landed, "merged": true, "message": "Pull Request successfully merged"})
}
