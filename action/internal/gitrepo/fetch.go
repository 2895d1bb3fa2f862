package gitrepo

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/transport"
	"github.com/go-git/go-git/v5/plumbing/transport/http"
)

// ErrRewritten is wrapped by the error for a branch that only grows and whose commits are
// others than those that were fetched before.
var ErrRewritten = errors.New("was rewritten since it was last fetched")

// A Remote is a repository on a forge, as it is fetched from over HTTP.
type Remote struct {
	URL   string // such as https://github.com/example-org/desk.git
	Token string // "": what is public
}

// A Want names what to fetch. What the remote does not have is left out without a word.
type Want struct {
	Branches []string // into refs/remotes/origin/, whatever stood there
	Growing  []string // likewise, but never to a commit that the former one does not lead to
	Pulls    []int    // heads of pull requests, into refs/liaison/pull/
}

// Fetch brings what is wanted, with all that leads to it, into the repository. From then on
// origin's branches come before local ones of the same name, which may be older. An error
// wraps ErrRewritten where a growing branch was rewritten. No work tree is touched.
func (r *Repo) Fetch(ctx context.Context, from Remote, w Want) error {
	remote := git.NewRemote(r.refs, &config.RemoteConfig{Name: "origin", URLs: []string{from.URL}})
	there, err := remote.ListContext(ctx, &git.ListOptions{Auth: from.auth()})
	if err != nil {
		return fmt.Errorf("fetch from %s: %w", from.URL, err)
	}
	has := map[string]bool{}
	for _, ref := range there {
		has[ref.Name().String()] = true
	}
	if err := fetch(ctx, remote, from, w.specs(has)); err != nil {
		return err
	}
	for _, name := range w.Growing {
		if err := r.grow(from, name); err != nil {
			return err
		}
	}
	r.fetched = true
	return nil
}

// grow moves origin's branch on to where it was fetched to, if it leads there. go-git itself
// leaves a branch that does not where it was, and says nothing.
func (r *Repo) grow(from Remote, name string) error {
	next, there := r.reference(incoming + name)
	if !there {
		return nil
	}
	ours := plumbing.NewRemoteReferenceName("origin", name)
	if last, known := r.reference(ours.String()); known {
		if _, grew, err := r.Since(next.String(), last.String()); err != nil || !grew {
			return errors.Join(fmt.Errorf("fetch from %s: %s %w: it was %s and is %s", from.URL, name, ErrRewritten, last, next), err)
		}
	}
	return r.refs.SetReference(plumbing.NewHashReference(ours, plumbing.Hash(next)))
}

// incoming is where a growing branch waits to be looked at.
const incoming = "refs/liaison/incoming/"

// Cloned reports whether the repository was cloned from somewhere: there is something to
// fetch from.
func (r *Repo) Cloned() bool {
	return len(r.originURLs()) > 0
}

func fetch(ctx context.Context, remote *git.Remote, from Remote, specs []config.RefSpec) error {
	if len(specs) == 0 {
		return nil
	}
	err := remote.FetchContext(ctx, &git.FetchOptions{RefSpecs: specs, Auth: from.auth(), Tags: git.NoTags})
	if err == nil || errors.Is(err, git.NoErrAlreadyUpToDate) {
		return nil
	}
	return fmt.Errorf("fetch from %s: %w", from.URL, err)
}

// auth is how forges take a token over HTTP.
func (f Remote) auth() transport.AuthMethod {
	if f.Token == "" {
		return nil
	}
	return &http.BasicAuth{Username: "x-access-token", Password: f.Token}
}

func (w Want) specs(has map[string]bool) []config.RefSpec {
	var out []config.RefSpec
	for _, name := range w.Branches {
		if has["refs/heads/"+name] {
			out = append(out, config.RefSpec(fmt.Sprintf("+refs/heads/%s:refs/remotes/origin/%[1]s", name)))
		}
	}
	for _, name := range w.Growing {
		if has["refs/heads/"+name] {
			out = append(out, config.RefSpec(fmt.Sprintf("+refs/heads/%s:%s%[1]s", name, incoming)))
		}
	}
	for _, n := range w.Pulls {
		if ref := fmt.Sprintf("refs/pull/%d/head", n); has[ref] {
			out = append(out, config.RefSpec(fmt.Sprintf("+%s:refs/liaison/pull/%d", ref, n)))
		}
	}
	return out
}
