package hub

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
)

// A timelineEvent is one event of a timeline. Each kind has fields of its own; go-github knows all
// but what a dismissed review was before.
type timelineEvent struct {
	github.Timeline
	Dismissed *struct {
		State  string `json:"state"`
		Review int64  `json:"review_id"`
	} `json:"dismissed_review"`
}

// timeline is everything that happened on an issue or a pull request.
func (c *Client) timeline(ctx context.Context, number int) ([]*timelineEvent, error) {
	all, err := pages(func(p github.ListOptions) ([]*timelineEvent, *github.Response, error) {
		path := fmt.Sprintf("repos/%s/%s/issues/%d/timeline?page=%d&per_page=%d", c.owner, c.name, number, p.Page, p.PerPage)
		req, err := c.gh.NewRequest(http.MethodGet, path, nil)
		if err != nil {
			return nil, nil, err
		}
		var some []*timelineEvent
		resp, err := c.gh.Do(ctx, req, &some)
		return some, resp, err
	})
	if err != nil {
		return nil, c.failure(fmt.Sprintf("read the timeline of #%d", number), mayReadPulls, err)
	}
	return slices.DeleteFunc(all, func(s *timelineEvent) bool { return s == nil }), nil
}

// entriesOf turns a timeline into entries, all but the merge. Their ids are unique in the
// pull request and the same whenever it is read.
func entriesOf(seen []*timelineEvent, p *github.PullRequest) []event.Entry {
	out := []event.Entry{{ID: "opened", Kind: event.Opened, At: p.GetCreatedAt().UTC(), Actor: accountOf(p.User)}}
	known := map[string]bool{"opened": true}
	before := reviewStates(seen)
	for i, s := range seen {
		e, ok := entryOf(s, before)
		if !ok || e.At.IsZero() || known[e.ID] || p.MergedAt != nil && closesWithMerge(seen[i:]) {
			continue
		}
		if e.Kind == event.Closed {
			e.Text = closingWords(e, seen)
		}
		known[e.ID] = true
		out = append(out, e)
	}
	return out
}

// closesWithMerge reports whether the first of the events is a close that is followed by no
// reopening: of a merged pull request that is the merge itself, told a second time.
func closesWithMerge(seen []*timelineEvent) bool {
	return seen[0].GetEvent() == "closed" &&
		!slices.ContainsFunc(seen, func(s *timelineEvent) bool { return s.GetEvent() == "reopened" })
}

// entryOf is not ok for events that witness nothing of interest.
func entryOf(s *timelineEvent, before map[int64]string) (event.Entry, bool) {
	e := event.Entry{At: s.GetCreatedAt().UTC(), Actor: s.who()}
	named := func(kind event.EntryKind, id string) (event.Entry, bool) {
		e.Kind, e.ID = kind, id
		return e, true
	}
	number := func(prefix string) string { return fmt.Sprintf("%s-%d", prefix, s.GetID()) }
	switch s.GetEvent() {
	case "commented":
		return named(event.Commented, number("comment"))
	case "reviewed":
		e.At, e.SHA, e.State = s.GetSubmittedAt().UTC(), s.GetCommitID(), strings.ToLower(s.GetState())
		if was, ok := before[s.GetID()]; ok {
			e.State = was
		}
		return named(event.Reviewed, number("review"))
	case "review_dismissed":
		return named(event.Dismissed, number("dismissed"))
	case "closed":
		return named(event.Closed, number("closed"))
	case "reopened":
		return named(event.Reopened, number("reopened"))
	case "labeled":
		e.State = s.GetLabel().GetName()
		return named(event.Labelled, number("labelled"))
	case "head_ref_force_pushed":
		e.SHA = s.GetCommitID()
		return named(event.Pushed, "pushed-"+e.SHA)
	}
	return event.Entry{}, false
}

// who is the actor of an event; reviews and comments call it the user.
func (s *timelineEvent) who() account.Account {
	if s.User != nil {
		return accountOf(s.User)
	}
	return accountOf(s.Actor)
}

// reviewStates is what dismissed reviews said before: the review itself says only that it
// was dismissed, and an entry never changes.
func reviewStates(seen []*timelineEvent) map[int64]string {
	states := map[int64]string{}
	for _, s := range seen {
		if s.GetEvent() == "review_dismissed" && s.Dismissed != nil {
			states[s.Dismissed.Review] = strings.ToLower(s.Dismissed.State)
		}
	}
	return states
}

// closingPause is how long before a close its comment may have been written: GitHub writes
// both at one press of a button.
const closingPause = time.Minute

// closingWords is the closer's own last comment just before the close, or nothing.
func closingWords(closing event.Entry, seen []*timelineEvent) string {
	words, last := "", closing.At.Add(-closingPause)
	for _, s := range seen {
		at := s.GetCreatedAt().UTC()
		mine := s.GetEvent() == "commented" && closing.Actor.Known() && s.who().Is(closing.Actor)
		if mine && !at.Before(last) && !at.After(closing.At) {
			words, last = s.GetBody(), at
		}
	}
	return words
}

// sortEntries puts entries in order of time; those of one time keep GitHub's order, but the
// opening comes first and the merge last.
func sortEntries(entries []event.Entry) {
	slices.SortStableFunc(entries, func(a, b event.Entry) int { return a.At.Compare(b.At) })
}
