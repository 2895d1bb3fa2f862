package hub

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/go-github/v60/github"

	"github.com/commrel/liaison/action/internal/event"
)

// merged is the entry of a merge, with the first and the last commit that landed.
func (c *Client) merged(ctx context.Context, p *github.PullRequest, seen []*timelineEvent) (event.Entry, error) {
	last := p.GetMergeCommitSHA()
	first, err := c.firstLanded(ctx, last, carried(seen))
	return event.Entry{
		ID: "merged", Kind: event.Merged, At: p.GetMergedAt().UTC(), Actor: accountOf(p.MergedBy),
		SHA: p.GetHead().GetSHA(), First: first, Last: last,
	}, err
}

// A text is what a rebase keeps of a commit.
type text struct {
	message string
	written int64 // the author's time, Unix seconds
}

// carried are the commits of a pull request that a rebase would land: all but merges.
func carried(seen []*timelineEvent) []text {
	var out []text
	for _, s := range seen {
		if s.GetEvent() == "committed" && len(s.Parents) < 2 {
			out = append(out, text{s.GetMessage(), s.Author.GetDate().Unix()})
		}
	}
	return out
}

// firstLanded is the first commit that a merge brought to the line. A merge commit and a
// squash are one commit. A rebase is as many as the pull request had, and they read like
// them; where that cannot be told, the last one stands for all.
func (c *Client) firstLanded(ctx context.Context, last string, commits []text) (string, error) {
	if len(commits) < 2 || last == "" {
		return last, nil
	}
	line, err := c.line(ctx, last, len(commits))
	if err != nil {
		return "", err
	}
	if len(line) < len(commits) {
		return last, nil
	}
	for i, l := range line {
		if len(l.Parents) != 1 || textOf(l) != commits[len(commits)-1-i] {
			return last, nil
		}
	}
	return line[len(line)-1].GetSHA(), nil
}

func textOf(c *github.RepositoryCommit) text {
	return text{c.GetCommit().GetMessage(), c.GetCommit().GetAuthor().GetDate().Unix()}
}

// line is the last n commits up to one, newest first.
func (c *Client) line(ctx context.Context, last string, n int) ([]*github.RepositoryCommit, error) {
	var all []*github.RepositoryCommit
	size := min(n, perPage)
	for page := 1; len(all) < n; page++ {
		some, _, err := c.gh.Repositories.ListCommits(ctx, c.owner, c.name, &github.CommitsListOptions{
			SHA: last, ListOptions: github.ListOptions{Page: page, PerPage: size},
		})
		if err != nil {
			return nil, c.failure(fmt.Sprintf("list the commits up to %s", short(last)), "contents: read", err)
		}
		all = append(all, some...)
		if len(some) < size {
			break
		}
	}
	return slices.Clip(all[:min(n, len(all))]), nil
}
