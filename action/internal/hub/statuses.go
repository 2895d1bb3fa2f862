package hub

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/go-github/v60/github"

	"github.com/commrel/liaison/action/internal/effect"
)

// Statuses is the newest commit status of each context, as GitHub lists them: the newest
// context first.
func (c *Client) Statuses(ctx context.Context, sha string) ([]effect.Status, error) {
	all, err := pages(func(p github.ListOptions) ([]*github.RepoStatus, *github.Response, error) {
		return c.gh.Repositories.ListStatuses(ctx, c.owner, c.name, sha, &p)
	})
	if err != nil {
		return nil, c.failure("list the statuses of "+short(sha), "statuses: read", err)
	}
	var out []effect.Status
	seen := map[string]bool{}
	for _, s := range all { // newest first
		if !seen[s.GetContext()] {
			seen[s.GetContext()] = true
			out = append(out, effect.Status{
				SHA: sha, State: s.GetState(), Context: s.GetContext(), Description: s.GetDescription(),
			})
		}
	}
	return out, nil
}

func (c *Client) status(ctx context.Context, s effect.Status) (string, error) {
	err := c.surely(ctx, func(ctx context.Context) error {
		_, _, err := c.gh.Repositories.CreateStatus(ctx, c.owner, c.name, s.SHA, &github.RepoStatus{
			State: &s.State, Context: &s.Context, Description: &s.Description,
		})
		return err
	}, func(ctx context.Context) (bool, error) {
		have, err := c.Statuses(ctx, s.SHA)
		return slices.Contains(have, s), err
	})
	if err != nil {
		return "", c.failure("set the status of "+short(s.SHA), "statuses: write", err)
	}
	return fmt.Sprintf("set the status %s of %s to %s", s.Context, short(s.SHA), s.State), nil
}
