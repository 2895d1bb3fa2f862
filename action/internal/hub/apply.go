package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/go-github/v60/github"

	"github.com/commrel/liaison/action/internal/effect"
)

// mayIssue is what a token needs for issues and labels.
const mayIssue = "issues: write"

// Apply applies one effect and says in one line what was done. A commit on a branch that has
// moved (or, without a parent, on one that is there) is a *Moved error, one on a branch that
// refuses it a *Refused error.
func (c *Client) Apply(ctx context.Context, e effect.Effect) (string, error) {
	switch {
	case e.Commit != nil:
		id, err := c.Commit(ctx, *e.Commit)
		if err != nil {
			return "", err
		}
		return committed(*e.Commit, id), nil
	case e.Label != nil:
		return c.label(ctx, *e.Label)
	case e.Open != nil:
		n, err := c.Open(ctx, *e.Open)
		if err != nil {
			return "", err
		}
		return fmt.Sprintf("opened #%d", n), nil
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
	case e.Remove != nil:
		return c.uncomment(ctx, *e.Remove)
	case e.Status != nil:
		return c.status(ctx, *e.Status)
	}
	return "", errors.New("the effect is empty")
}

// label counts a label that exists already as made: two runs may want the same one.
func (c *Client) label(ctx context.Context, l effect.Label) (string, error) {
	made := "created"
	there := func(ctx context.Context) (bool, error) {
		names, err := c.Labels(ctx)
		return slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, l.Name) }), err
	}
	err := c.surely(ctx, func(ctx context.Context) error {
		_, _, err := c.gh.Issues.CreateLabel(ctx, c.owner, c.name, &github.Label{
			Name: &l.Name, Color: &l.Color, Description: &l.Description,
		})
		if a, ok := answerOf(err); ok && a.status == http.StatusUnprocessableEntity {
			if yes, _ := there(ctx); yes {
				made, err = "found", nil
			}
		}
		return err
	}, there)
	if err != nil {
		return "", c.failure(fmt.Sprintf("create the label %q", l.Name), mayIssue, err)
	}
	return fmt.Sprintf("%s the label %q", made, l.Name), nil
}

// Open opens an issue and returns its number. Its errors are those of Apply.
func (c *Client) Open(ctx context.Context, i effect.Issue) (number int, err error) {
	err = c.surely(ctx, func(ctx context.Context) error {
		made, _, err := c.gh.Issues.Create(ctx, c.owner, c.name, content(i))
		number = made.GetNumber()
		return err
	}, func(ctx context.Context) (yes bool, err error) {
		number, err = c.opened(ctx, i)
		return number != 0, err
	})
	if err != nil {
		return 0, c.failure(fmt.Sprintf("open the issue %q", i.Title), mayIssue, err)
	}
	return number, nil
}

// opened is the number of the issue of ours, among the newest hundred, that begins with the
// same line; 0 for none. The line is the marker, of which there is one issue.
func (c *Client) opened(ctx context.Context, want effect.Issue) (int, error) {
	me, err := c.Whoami(ctx)
	if err != nil {
		return 0, err
	}
	newest, _, err := c.gh.Issues.ListByRepo(ctx, c.owner, c.name, &github.IssueListByRepoOptions{
		State: "all", Sort: "created", Direction: "desc", ListOptions: github.ListOptions{PerPage: perPage},
	})
	if err != nil {
		return 0, c.failure("list the issues of "+c.repo(), "issues: read", err)
	}
	for _, i := range newest {
		if !i.IsPullRequest() && firstLine(i.GetBody()) == firstLine(want.Body) && accountOf(i.User).Is(me) {
			return i.GetNumber(), nil
		}
	}
	return 0, nil
}

// firstLine is where a marker stands.
func firstLine(body string) string {
	line, _, _ := strings.Cut(body, "\n")
	return strings.TrimSuffix(line, "\r")
}

// update leaves it as it is whether the issue is open.
func (c *Client) update(ctx context.Context, i effect.Issue) (string, error) {
	return c.edit(ctx, "update", "updated", i.Number, content(i))
}

func (c *Client) edit(ctx context.Context, verb, done string, number int, ask *github.IssueRequest) (string, error) {
	err := c.surely(ctx, func(ctx context.Context) error {
		_, _, err := c.gh.Issues.Edit(ctx, c.owner, c.name, number, ask)
		return err
	}, func(ctx context.Context) (bool, error) {
		now, err := c.issue(ctx, number)
		return err == nil && shows(now, ask), err
	})
	if err != nil {
		return "", c.failure(fmt.Sprintf("%s #%d", verb, number), mayIssue, err)
	}
	return fmt.Sprintf("%s #%d", done, number), nil
}

// shows reports whether an issue is as it was asked to be.
func shows(i *github.Issue, ask *github.IssueRequest) bool {
	same := func(asked *string, now string) bool { return asked == nil || *asked == now }
	return same(ask.Title, i.GetTitle()) && same(ask.Body, i.GetBody()) && same(ask.State, i.GetState()) &&
		(ask.Labels == nil || sameNames(*ask.Labels, issueOf(i).Labels))
}

// sameNames compares names of labels, whose order and case GitHub does not tell apart.
func sameNames(a, b []string) bool {
	names := func(list []string) []string {
		out := slices.Clone(list)
		for i := range out {
			out[i] = strings.ToLower(out[i])
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	return slices.Equal(names(a), names(b))
}

// content asks for title, body and labels; nil labels leave those of an issue alone.
func content(i effect.Issue) *github.IssueRequest {
	ask := &github.IssueRequest{Title: &i.Title, Body: &i.Body}
	if i.Labels != nil {
		ask.Labels = &i.Labels
	}
	return ask
}
