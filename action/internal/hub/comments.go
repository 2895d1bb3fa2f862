package hub

import (
	"context"
	"fmt"
	"path"
	"strconv"

	"github.com/google/go-github/v60/github"

	"github.com/commrel/liaison/action/internal/effect"
)

// mayComment is what a token needs to comment. GitHub takes either, as the thread is.
const mayComment = "issues: write or pull requests: write"

// Comments is every comment on an issue or a pull request, oldest first; comments on lines
// of a diff are none.
func (c *Client) Comments(ctx context.Context, thread int) ([]effect.Comment, error) {
	all, err := pages(func(p github.ListOptions) ([]*github.IssueComment, *github.Response, error) {
		return c.gh.Issues.ListComments(ctx, c.owner, c.name, thread, &github.IssueListCommentsOptions{ListOptions: p})
	})
	if err != nil {
		return nil, c.failure(fmt.Sprintf("list the comments on #%d", thread), "issues: read", err)
	}
	var out []effect.Comment
	for _, m := range all {
		out = append(out, commentOf(m, thread))
	}
	return out, nil
}

// Comment is one comment, with the thread that it stands on.
func (c *Client) Comment(ctx context.Context, id int64) (effect.Comment, error) {
	asked := fmt.Sprintf("read the comment %d", id)
	m, _, err := c.gh.Issues.GetComment(ctx, c.owner, c.name, id)
	if err != nil {
		return effect.Comment{}, c.failure(asked, "issues: read", err)
	}
	thread, err := strconv.Atoi(path.Base(m.GetIssueURL()))
	if err != nil || thread < 1 {
		return effect.Comment{}, fmt.Errorf("%s: GitHub names no thread of it: expected an issue_url that ends in a number", asked)
	}
	return commentOf(m, thread), nil
}

func commentOf(m *github.IssueComment, thread int) effect.Comment {
	return effect.Comment{Thread: thread, ID: m.GetID(), Body: m.GetBody(), Author: accountOf(m.User)}
}

// comment writes a comment, or writes one anew that has an id.
func (c *Client) comment(ctx context.Context, m effect.Comment) (string, error) {
	ask := &github.IssueComment{Body: &m.Body}
	if m.ID == 0 {
		if _, _, err := c.gh.Issues.CreateComment(ctx, c.owner, c.name, m.Thread, ask); err != nil {
			return "", c.failure(fmt.Sprintf("comment on #%d", m.Thread), mayComment, err)
		}
		return fmt.Sprintf("commented on #%d", m.Thread), nil
	}
	if _, _, err := c.gh.Issues.EditComment(ctx, c.owner, c.name, m.ID, ask); err != nil {
		return "", c.failure(fmt.Sprintf("update the comment on #%d", m.Thread), mayComment, err)
	}
	return fmt.Sprintf("updated the comment on #%d", m.Thread), nil
}
