package github

import (
	"cmp"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
)

// A status is one that somebody gave a commit; the newest of each context counts.
type status struct {
	id     int64
	by     account.Account
	at     time.Time
	target string
	effect.Status
}

type statusJSON struct {
	ID          int64     `json:"id"`
	NodeID      string    `json:"node_id"`
	URL         string    `json:"url"`
	AvatarURL   *string   `json:"avatar_url"`
	State       string    `json:"state"`
	Description *string   `json:"description"`
	TargetURL   *string   `json:"target_url"`
	Context     string    `json:"context"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	Creator     *user     `json:"creator,omitempty"` // not shown in the combined status
}

// Statuses is the newest status of each context that a commit has, the newest first.
func (w *World) Statuses(sha string) []effect.Status {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []effect.Status
	for _, s := range w.newest(sha) {
		out = append(out, s.Status)
	}
	return out
}

func (w *World) createStatus(r *request) reply {
	var ask struct {
		State, Description, Context string
		Target                      string `json:"target_url"`
	}
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	sha := r.PathValue("sha")
	switch {
	case w.repo.Kind(sha) != "commit":
		return refused("No commit found for SHA: " + sha)
	case !slices.Contains([]string{"error", "failure", "pending", "success"}, ask.State):
		return invalid(defect{Resource: "Status", Code: "custom", Field: "state", Message: "state is not included in the list"})
	case utf8.RuneCountInString(ask.Description) > 140:
		return invalid(defect{Resource: "Status", Code: "custom", Field: "description", Message: "description is too long (maximum is 140 characters)"})
	}
	s := status{id: w.id(), by: r.me, at: w.now, target: ask.Target, Status: effect.Status{
		SHA: sha, State: ask.State, Context: cmp.Or(ask.Context, "default"), Description: ask.Description,
	}}
	w.statuses = append(w.statuses, s)
	w.emit(Event{Name: "status", SHA: sha, Actor: r.me})
	return created(w.statusOf(r, s))
}

// listStatuses is every status of a commit, the newest first.
func (w *World) listStatuses(r *request) reply {
	sha, ok := w.resolve(r.PathValue("ref"))
	if !ok {
		return notFound()
	}
	list := []statusJSON{}
	for _, s := range slices.Backward(w.statuses) {
		if s.SHA == sha {
			list = append(list, w.statusOf(r, s))
		}
	}
	return paged(r, list)
}

// getStatus combines the newest of each context.
func (w *World) getStatus(r *request) reply {
	sha, ok := w.resolve(r.PathValue("ref"))
	if !ok {
		return notFound()
	}
	list, states := []statusJSON{}, []string{}
	for _, s := range w.newest(sha) {
		j := w.statusOf(r, s)
		j.Creator = nil
		list, states = append(list, j), append(states, s.State)
	}
	return found(map[string]any{
		"state": combined(states), "statuses": list, "sha": sha, "total_count": len(list), "repository": w.repoOf(r),
		"commit_url": w.apiURL(r, "/commits/"+sha), "url": w.apiURL(r, "/commits/"+sha+"/status"),
	})
}

func combined(states []string) string {
	switch {
	case slices.Contains(states, "error"), slices.Contains(states, "failure"):
		return "failure"
	case len(states) == 0, slices.Contains(states, "pending"):
		return "pending"
	}
	return "success"
}

// newest is the newest status of each context, the newest first.
func (w *World) newest(sha string) []status {
	var out []status
	for _, s := range slices.Backward(w.statuses) {
		older := slices.ContainsFunc(out, func(n status) bool { return n.Context == s.Context })
		if s.SHA == sha && !older {
			out = append(out, s)
		}
	}
	return out
}

func (w *World) statusOf(r *request, s status) statusJSON {
	avatar := fmt.Sprintf("https://avatars.githubusercontent.com/u/%d?v=4", s.by.ID)
	return statusJSON{
		ID: s.id, NodeID: nodeID("SC", s.id), URL: w.apiURL(r, "/statuses/"+s.SHA), AvatarURL: &avatar, State: s.State,
		Description: orNull(s.Description), TargetURL: orNull(s.target), Context: s.Context,
		CreatedAt: s.at, UpdatedAt: s.at, Creator: r.userOf(s.by),
	}
}
