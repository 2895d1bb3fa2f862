package hub

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/commrel/liaison/action/internal/effect"
)

// mayComment is what a token needs to comment. GitHub takes either, as the thread is.
const mayComment = "issues: write or pull requests: write"

// Comments is every comment on an issue or a pull request, oldest first; comments on lines
// of a diff are none.
func (c *Client) Comments(ctx context.Context, thread int) ([]effect.Comment, error) {
	return c.commentsSince(ctx, thread, time.Time{})
}

// commentsSince leaves out what has not changed since an instant by GitHub's clock.
func (c *Client) commentsSince(ctx context.Context, thread int, since time.Time) ([]effect.Comment, error) {
	ask := github.IssueListCommentsOptions{}
	if !since.IsZero() {
		ask.Since = &since
	}
	all, err := pages(func(p github.ListOptions) ([]*github.IssueComment, *github.Response, error) {
		ask.ListOptions = p
		return c.gh.Issues.ListComments(ctx, c.owner, c.name, thread, &ask)
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
	if m.ID != 0 {
		return c.recomment(ctx, m)
	}
	begun := c.Time()
	if !begun.IsZero() {
		begun = begun.Add(-time.Minute) // GitHub's machines need not agree to the second
	}
	err := c.surely(ctx, func(ctx context.Context) error {
		_, _, err := c.gh.Issues.CreateComment(ctx, c.owner, c.name, m.Thread, &github.IssueComment{Body: &m.Body})
		return err
	}, func(ctx context.Context) (bool, error) { return c.commented(ctx, m, begun) })
	if err != nil {
		return "", c.failure(fmt.Sprintf("comment on #%d", m.Thread), mayComment, err)
	}
	return fmt.Sprintf("commented on #%d", m.Thread), nil
}

// commented reports whether there is a comment of ours, since an instant, that begins with
// the same line. The line is the marker, of which a thread has one comment.
func (c *Client) commented(ctx context.Context, want effect.Comment, since time.Time) (bool, error) {
	me, err := c.Whoami(ctx)
	if err != nil {
		return false, err
	}
	have, err := c.commentsSince(ctx, want.Thread, since)
	return slices.ContainsFunc(have, func(m effect.Comment) bool {
		return firstLine(m.Body) == firstLine(want.Body) && m.Author.Is(me)
	}), err
}

func (c *Client) recomment(ctx context.Context, m effect.Comment) (string, error) {
	err := c.surely(ctx, func(ctx context.Context) error {
		_, _, err := c.gh.Issues.EditComment(ctx, c.owner, c.name, m.ID, &github.IssueComment{Body: &m.Body})
		return err
	}, func(ctx context.Context) (bool, error) {
		now, err := c.Comment(ctx, m.ID)
		return now.Body == m.Body, err
	})
	if err != nil {
		return "", c.failure(fmt.Sprintf("update the comment on #%d", m.Thread), mayComment, err)
	}
	return fmt.Sprintf("updated the comment on #%d", m.Thread), nil
}

// uncomment deletes a comment. One that is not there is deleted.
func (c *Client) uncomment(ctx context.Context, m effect.Comment) (string, error) {
	missing := func(err error) bool { a, ok := answerOf(err); return ok && a.status == http.StatusNotFound }
	err := c.surely(ctx, func(ctx context.Context) error {
		_, err := c.gh.Issues.DeleteComment(ctx, c.owner, c.name, m.ID)
		if missing(err) {
			return nil
		}
		return err
	}, func(ctx context.Context) (bool, error) {
		_, _, err := c.gh.Issues.GetComment(ctx, c.owner, c.name, m.ID)
		if missing(err) {
			return true, nil
		}
		return false, err
	})
	if err != nil {
		return "", c.failure(fmt.Sprintf("delete a comment on #%d", m.Thread), mayComment, err)
	}
	return fmt.Sprintf("deleted a second comment on #%d", m.Thread), nil
}
