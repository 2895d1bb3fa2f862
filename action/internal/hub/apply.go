package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/go-github/v60/github"

	"github.com/commrel/liaison/action/internal/effect"
)

// mayIssue is what a token needs for issues and labels.
const mayIssue = "issues: write"

// Apply does one deed and says in one line what was done. A commit on a branch that has
// moved (or, without a parent, on one that is there) is a *Moved error, one on a branch that
// refuses it a *Refused error.
func (c *Client) Apply(ctx context.Context, e effect.Effect) (string, error) {
	switch {
	case e.Commit != nil:
		return c.commit(ctx, *e.Commit)
	case e.Label != nil:
		return c.label(ctx, *e.Label)
	case e.Open != nil:
		return c.open(ctx, *e.Open)
	case e.Update != nil:
		return c.update(ctx, *e.Update)
	case e.Close != nil:
		ask := &github.IssueRequest{State: github.String("closed"), StateReason: github.String("completed")}
		return c.edit(ctx, "close", "closed", e.Close.Number, ask)
	case e.Reopen != nil:
		ask := &github.IssueRequest{State: github.String("open")}
		return c.edit(ctx, "reopen", "reopened", e.Reopen.Number, ask)
	case e.Comment != nil:
		return c.comment(ctx, *e.Comment)
	case e.Status != nil:
		return c.status(ctx, *e.Status)
	}
	return "", errors.New("the effect is empty")
}

// label counts a label that exists already as made: two runs may want the same one.
func (c *Client) label(ctx context.Context, l effect.Label) (string, error) {
	_, _, err := c.gh.Issues.CreateLabel(ctx, c.owner, c.name, &github.Label{
		Name: &l.Name, Color: &l.Color, Description: &l.Description,
	})
	if a, ok := answerOf(err); ok && slices.Contains(a.codes, "already_exists") {
		return fmt.Sprintf("found the label %q", l.Name), nil
	}
	if err != nil {
		return "", c.failure(fmt.Sprintf("create the label %q", l.Name), mayIssue, err)
	}
	return fmt.Sprintf("created the label %q", l.Name), nil
}

func (c *Client) open(ctx context.Context, i effect.Issue) (string, error) {
	made, _, err := c.gh.Issues.Create(ctx, c.owner, c.name, content(i))
	if err != nil {
		return "", c.failure(fmt.Sprintf("open the issue %q", i.Title), mayIssue, err)
	}
	return fmt.Sprintf("opened #%d", made.GetNumber()), nil
}

// update leaves it as it is whether the issue is open.
func (c *Client) update(ctx context.Context, i effect.Issue) (string, error) {
	return c.edit(ctx, "update", "updated", i.Number, content(i))
}

func (c *Client) edit(ctx context.Context, verb, done string, number int, ask *github.IssueRequest) (string, error) {
	if _, _, err := c.gh.Issues.Edit(ctx, c.owner, c.name, number, ask); err != nil {
		return "", c.failure(fmt.Sprintf("%s #%d", verb, number), mayIssue, err)
	}
	return fmt.Sprintf("%s #%d", done, number), nil
}

// content asks for title, body and labels; nil labels leave those of an issue alone.
func content(i effect.Issue) *github.IssueRequest {
	ask := &github.IssueRequest{Title: &i.Title, Body: &i.Body}
	if i.Labels != nil {
		ask.Labels = &i.Labels
	}
	return ask
}
