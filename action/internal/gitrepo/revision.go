package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/commrel/liaison/action/internal/odb"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

// Resolve turns a revision into a full commit id of 40 lower-case digits. It takes what git
// takes, in git's order: a full id, HEAD or another reference, a tag (peeled), a branch, a
// remote branch, an abbreviated id of at least four digits; then, beyond git, a branch that
// only the remote origin has. Any of them may be followed by ~N, ^N and ^{commit}. The error
// says what was not found; it is ErrEmpty when there are no commits at all.
func (r *Repo) Resolve(rev string) (string, error) {
	base, rest := rev, ""
	if i := strings.IndexAny(rev, "~^"); i >= 0 {
		base, rest = rev[:i], rev[i:]
	}
	id, err := r.follow(base, rest)
	if err != nil {
		return "", fmt.Errorf("revision %q: %w", rev, err)
	}
	return id.String(), nil
}

func (r *Repo) follow(base, rest string) (hash, error) {
	steps, err := parseSteps(rest)
	if err != nil {
		return hash{}, err
	}
	id, err := r.base(base)
	if err != nil {
		return hash{}, err
	}
	return r.walk(id, steps)
}

// base is the commit that a revision without ~ and ^ names.
func (r *Repo) base(name string) (hash, error) {
	if name == "@" {
		name = "HEAD"
	}
	if id, err := parseHash(name); err == nil {
		return r.peel(id)
	}
	for _, rule := range plumbing.RefRevParseRules {
		if id, ok := r.reference(strings.Replace(rule, "%s", name, 1)); ok {
			return r.peel(id)
		}
	}
	id, found, err := r.abbreviated(name)
	if found || err != nil {
		return id, err
	}
	if id, ok := r.reference("refs/remotes/origin/" + name); ok {
		return r.peel(id)
	}
	return hash{}, r.notFound()
}

func (r *Repo) notFound() error {
	if empty, err := r.empty(); err == nil && empty {
		return ErrEmpty
	}
	return errors.New("not found: expected a branch, a tag, a commit id or HEAD")
}

// reference is the object that a reference leads to, through symbolic ones.
func (r *Repo) reference(full string) (hash, bool) {
	ref, err := storer.ResolveReference(r.refs, plumbing.ReferenceName(full))
	if err != nil || ref == nil || ref.Type() != plumbing.HashReference || ref.Hash().IsZero() {
		return hash{}, false
	}
	return hash(ref.Hash()), true
}

// abbreviated looks for the one commit whose id begins with these digits.
func (r *Repo) abbreviated(digits string) (id hash, found bool, err error) {
	digits = strings.ToLower(digits)
	if !regexp.MustCompile(`^[0-9a-f]{4,39}$`).MatchString(digits) {
		return hash{}, false, nil
	}
	commits, err := r.commitsWithPrefix(digits)
	switch {
	case err != nil || len(commits) == 0:
		return hash{}, false, err
	case len(commits) > 1:
		return hash{}, false, fmt.Errorf("ambiguous: %d commits begin so, such as %s and %s", len(commits), commits[0], commits[1])
	}
	return commits[0], true, nil
}

func (r *Repo) commitsWithPrefix(digits string) (commits []hash, err error) {
	candidates, err := r.packed.Beginning(digits)
	for _, c := range candidates {
		if peeled, err := r.peel(c); err == nil {
			commits = append(commits, peeled)
		}
	}
	slices.SortFunc(commits, compareHash)
	return slices.Compact(commits), err
}

// peel follows tags, at most ten in a row, to the commit they name.
func (r *Repo) peel(id hash) (hash, error) {
	for range 10 {
		kind, raw, err := r.from.Read(id)
		if err != nil {
			return hash{}, fmt.Errorf("object %w", err)
		}
		switch kind {
		case odb.Commit:
			return id, nil
		case odb.Tag:
			if id, err = tagged(id, raw); err != nil {
				return hash{}, err
			}
		default:
			return hash{}, fmt.Errorf("%s is a %s: expected a commit", id, kind)
		}
	}
	return hash{}, fmt.Errorf("%s is a tag of a tag, ten times over: expected a commit", id)
}

// tagged is what a tag object names in its first line.
func tagged(id hash, raw []byte) (hash, error) {
	line, _, _ := strings.Cut(string(raw), "\n")
	digits, ok := strings.CutPrefix(line, "object ")
	to, err := parseHash(digits)
	if !ok || err != nil {
		return hash{}, fmt.Errorf("tag %s: malformed: expected an object id in its first line", id)
	}
	return to, nil
}

// A step is one ~N or ^N of a revision; its kind is 0 for ^{} and ^{commit}.
type step struct {
	kind byte
	n    int
}

// parseSteps reads all that may follow a revision's name.
func parseSteps(s string) (steps []step, err error) {
	one := `\^\{(?:commit)?\}|([~^])(\d{0,6})`
	if !regexp.MustCompile(`^(?:` + one + `)*$`).MatchString(s) {
		return nil, fmt.Errorf("%q is not understood: expected ~N, ^N or ^{commit}", s)
	}
	for _, m := range regexp.MustCompile(one).FindAllStringSubmatch(s, -1) {
		switch {
		case m[1] == "":
			steps = append(steps, step{})
		case m[2] == "":
			steps = append(steps, step{m[1][0], 1})
		default:
			n, _ := strconv.Atoi(m[2]) // six digits at most
			steps = append(steps, step{m[1][0], n})
		}
	}
	return steps, nil
}

// walk goes ~N back along first parents and ^N to the Nth parent.
func (r *Repo) walk(id hash, steps []step) (hash, error) {
	for _, s := range steps {
		var err error
		if id, err = r.step(id, s); err != nil {
			return hash{}, err
		}
	}
	return id, nil
}

func (r *Repo) step(id hash, s step) (to hash, err error) {
	switch {
	case s.n == 0:
		return id, nil
	case s.kind == '^':
		return r.parent(id, s.n)
	}
	for range s.n {
		if id, err = r.parent(id, 1); err != nil {
			return hash{}, err
		}
	}
	return id, nil
}

// Parent is the first parent of a commit; ok is false for one that has none.
func (r *Repo) Parent(commit string) (parent string, ok bool, err error) {
	id, err := parseHash(commit)
	if err != nil {
		return "", false, err
	}
	c, err := r.objects.commit(id)
	if err != nil || len(c.parents) == 0 {
		return "", false, err
	}
	return c.parents[0].String(), true, nil
}

// parent is the nth parent, counted from 1.
func (r *Repo) parent(id hash, n int) (hash, error) {
	c, err := r.objects.commit(id)
	if err != nil {
		return hash{}, err
	}
	if n > len(c.parents) {
		return hash{}, fmt.Errorf("commit %s has %d parents: expected %d", id, len(c.parents), n)
	}
	return c.parents[n-1], nil
}

// compareHash orders ids by their bytes.
func compareHash(a, b hash) int { return bytes.Compare(a[:], b[:]) }
