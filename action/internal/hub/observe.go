package hub

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/go-github/v60/github"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
)

// Issues is every issue, open or closed, whose body is marked, oldest first. Who closed one
// is not told by the list: ask ClosedBy.
func (c *Client) Issues(ctx context.Context, marked func(body string) bool) ([]effect.Issue, error) {
	all, err := pages(func(p github.ListOptions) ([]*github.Issue, *github.Response, error) {
		// Oldest first: an issue that is opened meanwhile moves no other to another page.
		return c.gh.Issues.ListByRepo(ctx, c.owner, c.name, &github.IssueListByRepoOptions{
			State: "all", Sort: "created", Direction: "asc", ListOptions: p,
		})
	})
	if err != nil {
		return nil, c.failure("list the issues of "+c.repo(), "issues: read", err)
	}
	var out []effect.Issue
	for _, i := range all {
		if i != nil && !i.IsPullRequest() && marked(i.GetBody()) {
			out = append(out, issueOf(i))
		}
	}
	return out, nil
}

// ClosedBy is who closed an issue; nobody while it is open.
func (c *Client) ClosedBy(ctx context.Context, number int) (account.Account, error) {
	i, err := c.issue(ctx, number)
	return accountOf(i.GetClosedBy()), err
}

func (c *Client) issue(ctx context.Context, number int) (*github.Issue, error) {
	i, _, err := c.gh.Issues.Get(ctx, c.owner, c.name, number)
	if err != nil {
		return nil, c.failure(fmt.Sprintf("read #%d", number), "issues: read", err)
	}
	return i, nil
}

// Labels is the names of the labels that exist.
func (c *Client) Labels(ctx context.Context) ([]string, error) {
	all, err := pages(func(p github.ListOptions) ([]*github.Label, *github.Response, error) {
		return c.gh.Issues.ListLabels(ctx, c.owner, c.name, &p)
	})
	if err != nil {
		return nil, c.failure("list the labels of "+c.repo(), "issues: read", err)
	}
	var names []string
	for _, l := range all {
		names = append(names, l.GetName())
	}
	return names, nil
}

func issueOf(i *github.Issue) effect.Issue {
	out := effect.Issue{
		Number: i.GetNumber(), Title: i.GetTitle(), Body: i.GetBody(),
		Open: i.GetState() == "open", Author: accountOf(i.User),
	}
	for _, l := range i.Labels {
		out.Labels = append(out.Labels, l.GetName())
	}
	return out
}

// perPage is the most that GitHub gives at once, and maxPages where a list must have ended:
// a hundred thousand entries.
const (
	perPage  = 100
	maxPages = 1000
)

// pages asks for one page after the other until there is none.
func pages[T any](ask func(github.ListOptions) ([]T, *github.Response, error)) ([]T, error) {
	return pagesUntil(func(T) bool { return false }, ask)
}

// pagesUntil asks for one page after the other until an entry is done with; that one and
// what follows are left out.
func pagesUntil[T any](done func(T) bool, ask func(github.ListOptions) ([]T, *github.Response, error)) ([]T, error) {
	var all []T
	for page := 1; ; {
		some, resp, err := ask(github.ListOptions{Page: page, PerPage: perPage})
		if err != nil {
			return nil, err
		}
		if i := slices.IndexFunc(some, done); i >= 0 {
			return append(all, some[:i]...), nil
		}
		all = append(all, some...)
		if resp.NextPage <= page {
			return all, nil
		}
		if page >= maxPages {
			return nil, fmt.Errorf("there are more than %d pages", maxPages)
		}
		page = resp.NextPage
	}
}
