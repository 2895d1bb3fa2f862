package hub

import (
	"context"
	"fmt"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
)

// A Pull is a pull request as GitHub shows it now, with what its timeline tells as entries.
type Pull struct {
	event.Pull        // number, head, time of the last change and, from Client.Pull alone, entries
	Title      string // foreign text
	Author     account.Account
	Base       string // the branch that it wants to be merged into
	Open       bool
	Merged     bool
	Draft      bool
}

// pullVersion is the version of the witness's format that entries are made for.
const pullVersion = 1

// mayReadPulls is what a token needs for pull requests and their timelines.
const mayReadPulls = "pull requests: read"

// Pulls is every pull request, open or closed, that changed at or after an instant by
// GitHub's clock (the zero time: all), the last changed first, each once. It has no entries.
// One that changes while the pages are read shows its change to the next caller.
func (c *Client) Pulls(ctx context.Context, since time.Time) ([]Pull, error) {
	old := func(p *github.PullRequest) bool { return p.GetUpdatedAt().Before(since) }
	ask := github.PullRequestListOptions{State: "all", Sort: "updated", Direction: "desc"}
	return c.pulls(ctx, ask, old)
}

// OpenPulls is every open pull request, oldest first. It has no entries.
func (c *Client) OpenPulls(ctx context.Context) ([]Pull, error) {
	none := func(*github.PullRequest) bool { return false }
	return c.pulls(ctx, github.PullRequestListOptions{State: "open", Sort: "created", Direction: "asc"}, none)
}

// pulls lists pull requests up to the first that is done.
func (c *Client) pulls(ctx context.Context, ask github.PullRequestListOptions, done func(*github.PullRequest) bool) ([]Pull, error) {
	all, err := pagesUntil(done, func(p github.ListOptions) ([]*github.PullRequest, *github.Response, error) {
		ask.ListOptions = p
		return c.gh.PullRequests.List(ctx, c.owner, c.name, &ask)
	})
	if err != nil {
		return nil, c.failure("list the pull requests of "+c.repo(), mayReadPulls, err)
	}
	var out []Pull
	seen := map[int]bool{} // one that changes meanwhile pushes another onto the next page
	for _, p := range all {
		if !seen[p.GetNumber()] {
			seen[p.GetNumber()] = true
			out = append(out, pullOf(p))
		}
	}
	return out, nil
}

// Pull is one pull request with its entries, by time: one call, one for each page of its
// timeline and, where several commits were merged, one for each hundred that landed.
func (c *Client) Pull(ctx context.Context, number int) (Pull, error) {
	p, _, err := c.gh.PullRequests.Get(ctx, c.owner, c.name, number)
	if err != nil {
		return Pull{}, c.failure(fmt.Sprintf("read pull request #%d", number), mayReadPulls, err)
	}
	seen, err := c.timeline(ctx, number)
	if err != nil {
		return Pull{}, err
	}
	out := pullOf(p)
	out.Entries = entriesOf(seen, p)
	if out.Merged {
		merged, err := c.merged(ctx, p, seen)
		if err != nil {
			return Pull{}, err
		}
		out.Entries = append(out.Entries, merged)
	}
	sortEntries(out.Entries)
	return out, nil
}

// pullOf reads what lists show, too: there, only its time tells that one is merged.
func pullOf(p *github.PullRequest) Pull {
	return Pull{
		Pull: event.Pull{
			Version: pullVersion, Number: p.GetNumber(),
			Head: p.GetHead().GetSHA(), Updated: p.GetUpdatedAt().UTC(),
		},
		Title: p.GetTitle(), Author: accountOf(p.User), Base: p.GetBase().GetRef(),
		Open: p.GetState() == "open", Merged: p.MergedAt != nil, Draft: p.GetDraft(),
	}
}
