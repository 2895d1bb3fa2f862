package github

import (
	"slices"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/sim/git"
)

// A lineJSON is a commit as lists of commits show it: with the accounts that its addresses
// name.
type lineJSON struct {
	SHA         string     `json:"sha"`
	NodeID      string     `json:"node_id"`
	URL         string     `json:"url"`
	HTMLURL     string     `json:"html_url"`
	CommentsURL string     `json:"comments_url"`
	Commit      innerJSON  `json:"commit"`
	Author      *user      `json:"author"`
	Committer   *user      `json:"committer"`
	Parents     []parentID `json:"parents"`
}

type innerJSON struct {
	URL          string       `json:"url"`
	Author       *person      `json:"author"`
	Committer    *person      `json:"committer"`
	Message      string       `json:"message"`
	Comments     int          `json:"comment_count"`
	Tree         objectID     `json:"tree"`
	Verification verification `json:"verification"`
}

// listCommits is the history of a branch or a commit, newest first.
func (w *World) listCommits(r *request) reply {
	tip, ok := w.resolve(r.ref("sha"))
	if !ok {
		return notFound()
	}
	ids, err := w.repo.Between("", tip)
	if err != nil {
		return notFound()
	}
	slices.Reverse(ids)
	return w.showCommits(r, ids)
}

// listPullCommits is what a pull request brings, oldest first; GitHub shows 250 at most.
func (w *World) listPullCommits(r *request) reply {
	t := w.askedPull(r)
	if t == nil {
		return notFound()
	}
	return w.showCommits(r, t.pull.commits[:min(250, len(t.pull.commits))])
}

func (w *World) showCommits(r *request, ids []string) reply {
	list := []lineJSON{}
	for _, id := range ids {
		l, err := w.lineOf(r, id)
		if err != nil {
			return notFound()
		}
		list = append(list, l)
	}
	return paged(r, list)
}

func (w *World) lineOf(r *request, id string) (lineJSON, error) {
	c, err := w.commitOf(r, id)
	if err != nil {
		return lineJSON{}, err
	}
	url := w.apiURL(r, "/commits/"+id)
	return lineJSON{
		SHA: id, NodeID: c.NodeID, URL: url, HTMLURL: c.HTMLURL, CommentsURL: url + "/comments", Parents: c.Parents,
		Author: r.userOf(w.addressed(c.Author.Email)), Committer: r.userOf(w.addressed(c.Committer.Email)),
		Commit: innerJSON{c.URL, c.Author, c.Committer, c.Message, 0, c.Tree, c.Verification},
	}, nil
}

// addressed is the account that an address belongs to; nobody where it is nobody's.
func (w *World) addressed(email string) account.Account {
	if email == git.Forge().Email {
		return account.Account{ID: 19864447, Login: "web-flow", Type: "User"}
	}
	for _, a := range w.accounts {
		if noReply(a).Email == email {
			return a
		}
	}
	return account.Account{}
}
