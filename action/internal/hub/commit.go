package hub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/go-github/v60/github"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
)

// mayCommit is what a token needs to write to a branch.
const mayCommit = "contents: write"

// callsOfCommit is how many requests a commit takes: the head, the parent, the tree, the
// commit and the branch.
const callsOfCommit = 5

// Commit writes files on top of the head that was read, or not at all, and returns the
// commit's id: that head's own where nothing is new. Author and committer are left out where
// nobody is named, so that GitHub fills them in and signs. Its errors are those of Apply.
func (c *Client) Commit(ctx context.Context, e effect.Commit) (id string, err error) {
	if err := c.afford(ctx, callsOfCommit); err != nil {
		return "", c.failure("write "+written(e.Splices), mayCommit, err)
	}
	head, err := c.head(ctx, e.Branch)
	if err != nil {
		return "", err
	}
	if head == "" && e.Parent != "" {
		return "", fmt.Errorf("write to the branch %s: there is none; check that it exists in %s and that the token may see it (contents: read)", e.Branch, c.repo())
	}
	if head != e.Parent {
		return "", &Moved{Branch: e.Branch, From: e.Parent, To: head}
	}
	old, tree, err := c.trees(ctx, e)
	if err != nil || old == tree {
		return head, err
	}
	if id, err = c.object(ctx, e, tree); err != nil {
		return "", err
	}
	return id, c.advance(ctx, e, id)
}

// committed says what a commit did.
func committed(e effect.Commit, id string) string {
	if id == e.Parent {
		return fmt.Sprintf("found nothing to write on %s", e.Branch)
	}
	return fmt.Sprintf("wrote %s to %s in %s", written(e.Splices), e.Branch, short(id))
}

// head is the commit that a branch points to; "" where there is no such branch.
func (c *Client) head(ctx context.Context, branch string) (string, error) {
	ref, _, err := c.gh.Git.GetRef(ctx, c.owner, c.name, "heads/"+branch)
	if a, ok := answerOf(err); ok && a.status == http.StatusNotFound {
		return "", nil
	}
	if err != nil {
		return "", c.failure("read the branch "+branch, "contents: read", err)
	}
	return ref.GetObject().GetSHA(), nil
}

// trees is the parent's tree ("" without a parent) and the one with the new contents.
func (c *Client) trees(ctx context.Context, e effect.Commit) (old, now string, err error) {
	blobs, err := blobsOf(e.Splices)
	if err != nil {
		return "", "", err
	}
	if e.Parent != "" {
		parent, _, err := c.gh.Git.GetCommit(ctx, c.owner, c.name, e.Parent)
		if err != nil {
			return "", "", c.failure("read the commit "+short(e.Parent), "contents: read", err)
		}
		old = parent.GetTree().GetSHA()
	}
	made, _, err := c.gh.Git.CreateTree(ctx, c.owner, c.name, old, blobs)
	if err != nil {
		return "", "", c.failure("write "+written(e.Splices), mayCommit, err)
	}
	return old, made.GetSHA(), nil
}

// blobsOf sends contents as text, which JSON would bend where it is not UTF-8.
func blobsOf(splices []effect.Splice) ([]*github.TreeEntry, error) {
	var entries []*github.TreeEntry
	for _, s := range splices {
		if !utf8.Valid(s.Content) {
			return nil, fmt.Errorf("write %s: its content is not UTF-8", s.Path)
		}
		entries = append(entries, &github.TreeEntry{
			Path: github.String(s.Path), Mode: github.String("100644"), Type: github.String("blob"),
			Content: github.String(string(s.Content)),
		})
	}
	return entries, nil
}

// object writes the commit; no branch has it yet.
func (c *Client) object(ctx context.Context, e effect.Commit, tree string) (string, error) {
	ask := &github.Commit{Message: &e.Message, Tree: &github.Tree{SHA: &tree}}
	if e.Parent != "" {
		ask.Parents = []*github.Commit{{SHA: &e.Parent}}
	}
	if e.Author != nil {
		ask.Author = authorOf(*e.Author)
	}
	made, _, err := c.gh.Git.CreateCommit(ctx, c.owner, c.name, ask, nil)
	if err != nil {
		return "", c.failure("commit "+written(e.Splices), mayCommit, err)
	}
	return made.GetSHA(), nil
}

// authorOf names an account as GitHub does in the commits that it makes for it.
func authorOf(a account.Account) *github.CommitAuthor {
	email := fmt.Sprintf("%d+%s@users.noreply.github.com", a.ID, a.Login)
	return &github.CommitAuthor{Name: &a.Login, Email: &email}
}

// advance moves the branch from its parent to the commit: the swap after the compare. A
// branch that is not there yet is made.
func (c *Client) advance(ctx context.Context, e effect.Commit, id string) error {
	err := c.surely(ctx, func(ctx context.Context) error { return c.point(ctx, e, id) },
		func(ctx context.Context) (bool, error) {
			head, err := c.head(ctx, e.Branch)
			if err == nil && head != id && head != e.Parent {
				err = &Moved{Branch: e.Branch, From: e.Parent, To: head}
			}
			return head == id, err
		})
	var moved *Moved
	switch {
	case err == nil:
		return nil
	case errors.As(err, &moved):
		return moved
	}
	switch a, ok := answerOf(err); {
	case ok && conflict(a):
		head, _ := c.head(ctx, e.Branch) // that it moved is known, where to is a courtesy
		if head == id {
			return nil // a list showed late what an answer that was lost had done
		}
		return &Moved{Branch: e.Branch, From: e.Parent, To: head}
	case ok && refusal(a):
		return &Refused{Branch: e.Branch, Answer: a.String(), Files: len(e.Splices)}
	}
	return c.failure("move the branch "+e.Branch, mayCommit, err)
}

// point asks for the branch to point to a commit.
func (c *Client) point(ctx context.Context, e effect.Commit, id string) error {
	ref := &github.Reference{Ref: github.String("heads/" + e.Branch), Object: &github.GitObject{SHA: &id}}
	if e.Parent == "" {
		_, _, err := c.gh.Git.CreateRef(ctx, c.owner, c.name, ref)
		return err
	}
	_, _, err := c.gh.Git.UpdateRef(ctx, c.owner, c.name, ref, false)
	return err
}

// conflict reports whether somebody else was faster.
func conflict(a answer) bool {
	said := func(words string) bool { return strings.Contains(strings.ToLower(a.text), words) }
	return a.status == http.StatusConflict || a.status == http.StatusUnprocessableEntity &&
		(said("fast forward") || said("fast-forward") || said("reference already exists"))
}

// refusal reports whether a branch's own rules said no: not the token's permissions, and
// not for want of the branch. GitHub has no code for it, and many wordings.
func refusal(a answer) bool {
	switch a.status {
	case http.StatusForbidden:
		return !a.rate && !strings.Contains(a.text, "not accessible")
	case http.StatusUnprocessableEntity:
		return !strings.Contains(a.text, "does not exist")
	}
	return false
}

// Moved says that a branch is not where it was read: nothing was written.
type Moved struct {
	Branch   string
	From, To string // full ids; From is "" when there was no branch, To when it is not known
}

func (m *Moved) Error() string {
	switch {
	case m.From == "":
		return fmt.Sprintf("%s was made meanwhile; run again", m.Branch)
	case m.To == "":
		return fmt.Sprintf("%s moved from %s since it was read; run again", m.Branch, short(m.From))
	}
	return fmt.Sprintf("%s moved from %s to %s since it was read; run again", m.Branch, short(m.From), short(m.To))
}

// Refused says that a branch's rules let this identity write nothing: the files lag.
type Refused struct {
	Branch string
	Answer string // GitHub's, in one line
	Files  int    // how many lag
}

func (r *Refused) Error() string {
	lag := "the file lags"
	if r.Files != 1 {
		lag = fmt.Sprintf("%d files lag", r.Files)
	}
	return fmt.Sprintf("%s refused the commit: GitHub answered %s; nothing is lost, but %s behind; "+
		"let this identity bypass the branch's rules, or write by a pull request", r.Branch, r.Answer, lag)
}

// written counts what a commit writes: the statuses of records, or other files.
func written(splices []effect.Splice) string {
	one, many := "status", "statuses"
	if slices.ContainsFunc(splices, func(s effect.Splice) bool { return s.Now == "" }) {
		one, many = "file", "files"
	}
	if len(splices) == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", len(splices), many)
}

// short is enough of an id to be told from others.
func short(id string) string { return id[:min(12, len(id))] }
