package github

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/account"
)

// longestBody is how many characters GitHub takes.
const longestBody = 65536

type issue struct {
	ID            int64      `json:"id"`
	NodeID        string     `json:"node_id"`
	Number        int        `json:"number"`
	State         string     `json:"state"`
	StateReason   *string    `json:"state_reason"`
	Title         string     `json:"title"`
	Body          *string    `json:"body"`
	User          *user      `json:"user"`
	Labels        []label    `json:"labels"`
	Assignee      *user      `json:"assignee"`
	Assignees     []*user    `json:"assignees"`
	Milestone     *struct{}  `json:"milestone"`
	Locked        bool       `json:"locked"`
	LockReason    *string    `json:"active_lock_reason"`
	Comments      int        `json:"comments"`
	Association   string     `json:"author_association"`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`
	ClosedAt      *time.Time `json:"closed_at"`
	ClosedBy      *user      `json:"closed_by,omitempty"`
	URL           string     `json:"url"`
	RepositoryURL string     `json:"repository_url"`
	LabelsURL     string     `json:"labels_url"`
	CommentsURL   string     `json:"comments_url"`
	EventsURL     string     `json:"events_url"`
	TimelineURL   string     `json:"timeline_url"`
	HTMLURL       string     `json:"html_url"`
	Draft         *bool      `json:"draft,omitempty"`
	Pull          *pullLinks `json:"pull_request,omitempty"`
}

type pullLinks struct {
	URL      string     `json:"url"`
	HTMLURL  string     `json:"html_url"`
	DiffURL  string     `json:"diff_url"`
	PatchURL string     `json:"patch_url"`
	MergedAt *time.Time `json:"merged_at"`
}

// An issueAsk is what may be asked of an issue; nil asks nothing.
type issueAsk struct {
	Title       *string   `json:"title"`
	Body        *string   `json:"body"`
	Labels      *[]string `json:"labels"`
	State       *string   `json:"state"`
	StateReason *string   `json:"state_reason"`
}

func (w *World) listIssues(r *request) reply {
	q := r.URL.Query()
	state := cmp.Or(q.Get("state"), "open")
	var labels []string
	if q.Get("labels") != "" {
		labels = strings.Split(q.Get("labels"), ",")
	}
	list := []issue{}
	for _, t := range sorted(w.threads, q.Get("sort"), q.Get("direction")) {
		if t.gone == 0 && (state == "all" || state == t.state()) && t.hasLabels(labels) {
			list = append(list, w.issueOf(r, t))
		}
	}
	return paged(r, list)
}

func (w *World) createIssue(r *request) reply {
	var ask issueAsk
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	if ask.Title == nil {
		ask.Title = new(string)
	}
	if p, ok := ask.check(); !ok {
		return p
	}
	t := w.newThread(r.me, w.now, "", "")
	w.emit(Event{Name: "issues", Action: "opened", Number: t.number, Actor: r.me})
	w.change(t, ask, r.me)
	return created(w.issueOf(r, t))
}

// getIssue alone tells who closed it.
func (w *World) getIssue(r *request) reply {
	t := w.asked(r)
	if t == nil {
		return notFound()
	}
	i := w.issueOf(r, t)
	i.ClosedBy = r.actorOf(t.closedBy)
	return found(i)
}

func (w *World) editIssue(r *request) reply {
	var ask issueAsk
	t := w.asked(r)
	if t == nil {
		return notFound()
	}
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	if p, ok := ask.check(); !ok {
		return p
	}
	w.change(t, ask, r.me)
	return found(w.issueOf(r, t))
}

// asked is the thread that a path names and that is still here, or nil.
func (w *World) asked(r *request) *thread {
	if t := w.numbered(r); t != nil && t.gone == 0 {
		return t
	}
	return nil
}

// numbered is the thread that a path names, or nil.
func (w *World) numbered(r *request) *thread {
	n, err := strconv.Atoi(r.PathValue("number"))
	if err != nil {
		return nil
	}
	return w.thread(n)
}

// check finds what GitHub would not take.
func (a issueAsk) check() (reply, bool) {
	switch {
	case a.Title != nil && strings.TrimSpace(*a.Title) == "":
		return invalid(defect{Resource: "Issue", Code: "missing_field", Field: "title"}), false
	case a.Body != nil && utf8.RuneCountInString(*a.Body) > longestBody:
		text := fmt.Sprintf("body is too long (maximum is %d characters)", longestBody)
		return invalid(defect{Resource: "Issue", Code: "custom", Field: "body", Message: text}), false
	case a.State != nil && *a.State != "open" && *a.State != "closed":
		return invalid(defect{Resource: "Issue", Code: "invalid", Field: "state"}), false
	}
	return reply{}, true
}

// change does what is asked.
func (w *World) change(t *thread, ask issueAsk, who account.Account) {
	t.updated = w.now
	if ask.Title != nil {
		t.title = *ask.Title
	}
	if ask.Body != nil {
		t.body = *ask.Body
	}
	if ask.Labels != nil {
		w.relabel(t, who, w.now, *ask.Labels)
	}
	switch {
	case ask.State == nil:
	case *ask.State == "open":
		w.reopen(t, who, w.now)
	case ask.StateReason != nil:
		w.close(t, who, w.now, *ask.StateReason)
	default:
		w.close(t, who, w.now, "completed")
	}
}

// issueOf is a thread as lists show it.
func (w *World) issueOf(r *request, t *thread) issue {
	path := fmt.Sprintf("/issues/%d", t.number)
	url := w.apiURL(r, path)
	i := issue{
		ID: t.id, NodeID: nodeID("I", t.id), Number: t.number, State: t.state(), StateReason: orNull(t.reason), Title: t.title,
		Body: orNull(t.body), User: r.userOf(t.author), Labels: w.labelsOf(r, t), Assignees: []*user{}, Comments: len(t.comments), Locked: t.locked,
		Association: w.association(t.author), CreatedAt: t.created, UpdatedAt: t.updated,
		URL: url, RepositoryURL: w.apiURL(r, ""), LabelsURL: url + "/labels{/name}", CommentsURL: url + "/comments",
		EventsURL: url + "/events", TimelineURL: url + "/timeline", HTMLURL: w.htmlURL(path),
	}
	if !t.open {
		i.ClosedAt = &t.closed
	}
	if t.pull != nil {
		u := w.pullURLs(r, t)
		i.Pull, i.Draft, i.HTMLURL = &pullLinks{u.URL, u.HTMLURL, u.DiffURL, u.PatchURL, nil}, &t.pull.draft, u.HTMLURL
		if t.pull.merged {
			i.Pull.MergedAt = &t.closed
		}
	}
	return i
}

func (t *thread) state() string {
	if t.open {
		return "open"
	}
	return "closed"
}

// orNull is how GitHub gives an empty text.
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// sorted orders threads by created (the default), updated or comments; newest or most
// first, unless the direction is asc.
func sorted(threads []*thread, by, direction string) []*thread {
	out := slices.Clone(threads)
	slices.SortStableFunc(out, func(a, b *thread) int {
		order := cmp.Compare(a.number, b.number)
		switch by {
		case "updated":
			order = cmp.Or(a.updated.Compare(b.updated), order)
		case "comments":
			order = cmp.Or(cmp.Compare(len(a.comments), len(b.comments)), order)
		}
		return order
	})
	if direction != "asc" {
		slices.Reverse(out)
	}
	return out
}
