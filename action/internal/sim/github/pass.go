package github

import (
	"encoding/base64"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
)

// A Pass is what a token lets its bearer do.
type Pass struct {
	Login string // whom it acts as
	// Permissions are named as in a workflow file, such as "pull-requests": "write"; what is
	// left out is none. Nil is a person's token, which may do everything.
	Permissions map[string]string
	// Workflow marks a GITHUB_TOKEN: no workflow starts from what it does, and no rule lets
	// it by.
	Workflow bool
}

// Token makes requests that bear the token act as an account, which may do everything.
func (w *World) Token(token, login string) { w.Admit(token, Pass{Login: login}) }

// Admit makes requests that bear the token do what the pass allows.
func (w *World) Admit(token string, p Pass) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tokens[token] = p
}

// Private shows the repository to nobody without a token, and what a token reads must be in
// its permissions. A world begins public.
func (w *World) Private(on bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.private = on
}

// bearer finds whom a request acts as and what it may: nobody without a token, and not ok
// with a wrong one. Git shows the token as the password of x-access-token.
func (w *World) bearer(r *http.Request) (account.Account, Pass, bool) {
	scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok {
		return account.Account{}, Pass{}, true
	}
	if strings.EqualFold(scheme, "basic") {
		b, _ := base64.StdEncoding.DecodeString(token)
		_, token, _ = strings.Cut(string(b), ":")
	}
	p, known := w.tokens[token]
	who, err := w.account(p.Login)
	return who, p, known && err == nil
}

// may reports whether a pass has one of the permissions, at the level.
func (p Pass) may(level string, scopes ...string) bool {
	return p.Permissions == nil || slices.ContainsFunc(scopes, func(s string) bool {
		has := p.Permissions[s]
		return has == "write" || has == level
	})
}

// permit refuses what a token's permissions do not cover. What is public, everybody reads.
func (w *World) permit(e endpoint, r *request) (reply, bool) {
	level := "write"
	if r.Method == http.MethodGet {
		level = "read"
	}
	if e.scope == "" || level == "read" && !w.private || r.pass.may(level, w.scopes(e, r)...) {
		return reply{}, true
	}
	return inaccessible(e.scope, level), false
}

// inaccessible is the refusal of what a token's permissions do not cover.
func inaccessible(scope, level string) reply {
	p := failed(http.StatusForbidden, "Resource not accessible by integration")
	p.set("X-Accepted-GitHub-Permissions", accepted(scope, level))
	return p
}

// threads is the scope of what belongs to an issue or to a pull request alike.
const threads = "issues|pull-requests"

// scopes are the permissions of which a request needs one: of a thread, that of what it is.
func (w *World) scopes(e endpoint, r *request) []string {
	t := w.asked(r)
	if c := w.askedComment(r); c != nil {
		t = w.thread(c.thread)
	}
	switch {
	case e.scope != threads || t == nil:
		return strings.Split(e.scope, "|")
	case t.pull != nil:
		return []string{"pull-requests"}
	}
	return []string{"issues"}
}

// accepted lists permissions as GitHub's header does, with underscores and semicolons.
func accepted(scope, level string) string {
	var out []string
	for _, s := range strings.Split(scope, "|") {
		out = append(out, strings.ReplaceAll(s, "-", "_")+"="+level)
	}
	return strings.Join(out, "; ")
}

// A Rule is a ruleset: it keeps branches from being created, moved or deleted but by those
// who bypass it.
type Rule struct {
	Branches string   // a pattern such as main or liaison/**
	ByPull   bool     // changes land by pull request; else nothing does
	Bypass   []string // logins, such as an App's
}

// Rule adds a ruleset. Merges through the API land under one that is ByPull.
func (w *World) Rule(r Rule) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rules = append(w.rules, r)
}

// barred says that a ruleset, or Protect, keeps the bearer from doing something to a ref:
// create, update, delete or merge.
func (w *World) barred(r *request, ref, deed string) (reply, bool) {
	branch, ok := strings.CutPrefix(ref, "refs/heads/")
	if !ok {
		return reply{}, false
	}
	if w.protected[ref] && deed != "merge" {
		return violation("Changes must be made through a pull request."), true
	}
	for _, rule := range w.rules {
		if !rule.covers(branch) || rule.ByPull && deed == "merge" || !r.pass.Workflow && slices.Contains(rule.Bypass, r.me.Login) {
			continue
		}
		if rule.ByPull {
			return violation("Changes must be made through a pull request."), true
		}
		return violation("Cannot " + deed + " this protected ref."), true
	}
	return reply{}, false
}

// covers matches as GitHub does: ** crosses slashes, * does not.
func (r Rule) covers(branch string) bool {
	if prefix, ok := strings.CutSuffix(r.Branches, "**"); ok {
		return strings.HasPrefix(branch, prefix)
	}
	ok, err := path.Match(r.Branches, branch)
	return ok && err == nil
}

func violation(text string) reply {
	return refused("Repository rule violations found\n\n" + text + "\n\n")
}
