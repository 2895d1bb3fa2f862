package github

import (
	"time"

	"github.com/commrel/liaison/action/internal/sim/git"
)

// A commitJSON is a commit as the Git database shows it.
type commitJSON struct {
	SHA          string       `json:"sha"`
	NodeID       string       `json:"node_id"`
	URL          string       `json:"url"`
	HTMLURL      string       `json:"html_url"`
	Author       *person      `json:"author"`
	Committer    *person      `json:"committer"`
	Message      string       `json:"message"`
	Tree         objectID     `json:"tree"`
	Parents      []parentID   `json:"parents"`
	Verification verification `json:"verification"`
}

type parentID struct {
	objectID
	HTMLURL string `json:"html_url"`
}

// A verification says that GitHub signed what it committed itself.
type verification struct {
	Verified   bool    `json:"verified"`
	Reason     string  `json:"reason"`
	Signature  *string `json:"signature"`
	Payload    *string `json:"payload"`
	VerifiedAt *string `json:"verified_at"`
}

type person struct {
	Name  string    `json:"name"`
	Email string    `json:"email"`
	Date  time.Time `json:"date"`
}

type objectID struct {
	SHA string `json:"sha"`
	URL string `json:"url"`
}

// A commitAsk is a commit to be made.
type commitAsk struct {
	Message   string
	Tree      string
	Parents   []string
	Author    *person
	Committer *person
}

func (w *World) getCommit(r *request) reply {
	if w.repo.Kind(r.PathValue("sha")) != "commit" {
		return notFound()
	}
	return w.showCommit(r, r.PathValue("sha"), found)
}

func (w *World) createCommit(r *request) reply {
	var ask commitAsk
	if p, ok := r.decode(&ask); !ok {
		return p
	}
	if w.repo.Kind(ask.Tree) != "tree" {
		return refused("Tree SHA does not exist")
	}
	for _, p := range ask.Parents {
		if w.repo.Kind(p) != "commit" {
			return refused("Parent SHA does not exist or is not a commit object")
		}
	}
	id, err := w.repo.Commit(w.signed(ask, r))
	if err != nil {
		return refused(err.Error())
	}
	return w.showCommit(r, id, created)
}

// signed fills in who made a commit. Whoever leaves out both author and committer is the
// author, and GitHub commits; whoever names an author commits as that author.
func (w *World) signed(ask commitAsk, r *request) git.Commit {
	c := git.Commit{
		Parents: ask.Parents, Tree: ask.Tree, Message: ask.Message,
		Author: noReply(r.me), AuthorTime: w.now, Committer: git.Forge(), Time: w.now,
	}
	if a := ask.Author; a != nil {
		c.Author, c.AuthorTime = git.Who{Name: a.Name, Email: a.Email}, w.orNow(a.Date)
		c.Committer, c.Time = c.Author, c.AuthorTime
	}
	if a := ask.Committer; a != nil {
		c.Committer, c.Time = git.Who{Name: a.Name, Email: a.Email}, w.orNow(a.Date)
	}
	return c
}

func (w *World) orNow(t time.Time) time.Time {
	if t.IsZero() {
		return w.now
	}
	return t
}

func (w *World) showCommit(r *request, id string, as func(any) reply) reply {
	c, err := w.commitOf(r, id)
	if err != nil {
		return notFound()
	}
	return as(c)
}

func (w *World) commitOf(r *request, id string) (commitJSON, error) {
	c, err := w.repo.ReadCommit(id)
	if err != nil {
		return commitJSON{}, err
	}
	out := commitJSON{
		SHA: id, NodeID: nodeID("C", id), URL: w.gitURL(r, "commits", id), HTMLURL: w.htmlURL("/commit/" + id), Message: c.Message,
		Author:    &person{c.Author.Name, c.Author.Email, c.AuthorTime.UTC()},
		Committer: &person{c.Committer.Name, c.Committer.Email, c.Time.UTC()},
		Tree:      objectID{c.Tree, w.gitURL(r, "trees", c.Tree)}, Parents: []parentID{},
		Verification: verification{Reason: "unsigned"},
	}
	if c.Committer == git.Forge() {
		out.Verification = verification{Verified: true, Reason: "valid"}
	}
	for _, p := range c.Parents {
		out.Parents = append(out.Parents, parentID{objectID{p, w.gitURL(r, "commits", p)}, w.htmlURL("/commit/" + p)})
	}
	return out, nil
}

// gitURL is where the API has a Git object.
func (w *World) gitURL(r *request, kind, id string) string {
	return w.apiURL(r, "/git/"+kind+"/"+id)
}
