package replay

import (
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/witness"
)

// asOf is what the witness branch said of an instant: its last commit but for those at its end
// that were written later, and say nothing of what had happened by then. A commit that was
// written later and tells of earlier things, or takes something out, counts; so does what was
// just seen and is not written yet.
func asOf(d desk.Desk, s *witness.Snapshot, at time.Time) (*witness.Snapshot, error) {
	if news, err := tellsOf(s, at); news || err != nil {
		return s, err
	}
	commit := s.Commit
	for commit != "" {
		parent, ok, err := addsOnlyLater(d.Repo, commit, at)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		commit = parent
	}
	if commit == s.Commit {
		return s, nil
	}
	return witness.At(d.Repo, commit)
}

// tellsOf reports whether something that was just seen had happened by an instant.
func tellsOf(s *witness.Snapshot, at time.Time) (bool, error) {
	for n, is := range s.Newer() {
		was, err := s.Written(n)
		if err != nil || !witness.Alike(was, is, at) {
			return true, err
		}
	}
	return false, nil
}

// addsOnlyLater is the parent of a commit of the witness branch, where all that the commit
// adds to it was seen after an instant.
func addsOnlyLater(repo *gitrepo.Repo, commit string, at time.Time) (parent string, ok bool, err error) {
	if t, err := repo.Time(commit); err != nil || !t.After(at) {
		return "", false, err
	}
	if parent, ok, err = repo.Parent(commit); err != nil || !ok {
		return "", false, err
	}
	diffs, err := repo.Diff(parent, commit)
	for _, diff := range diffs {
		if strings.HasPrefix(diff.Path, "pulls/") && !later(repo, diff, at) {
			return "", false, err
		}
	}
	return parent, err == nil, err
}

// later reports whether a pull request's file grew only by what was seen after an instant.
func later(repo *gitrepo.Repo, diff gitrepo.Difference, at time.Time) bool {
	read := func(f gitrepo.File) (p event.Pull, ok bool) {
		if f == (gitrepo.File{}) {
			return event.Pull{}, true
		}
		src, err := repo.Blob(f.Blob)
		if err == nil {
			p, err = witness.Parse(diff.Path, src)
		}
		return p, err == nil
	}
	was, ok := read(diff.Old)
	is, whole := read(diff.New)
	return ok && whole && witness.Alike(was, is, at)
}
