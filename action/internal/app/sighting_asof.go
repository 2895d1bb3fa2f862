package app

import (
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/witness"
)

// sightingAsOf is what the witness branch said of an instant: its last commit but for those
// at its end that were written later, and say nothing of what had happened by then. A commit
// that was written later and tells of earlier things, or takes something out, counts; so
// does what was just seen and is not written yet.
func (a *App) sightingAsOf(d *desk, s *sighting, asOf time.Time) (*sighting, error) {
	if news, err := s.tellsOf(asOf); news || err != nil {
		return s, err
	}
	commit := s.commit
	for commit != "" {
		parent, ok, err := d.addsOnlyLater(commit, asOf)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		commit = parent
	}
	if commit == s.commit {
		return s, nil
	}
	return a.readWitness(d.repo, commit)
}

// tellsOf reports whether something that was just seen had happened by an instant.
func (s *sighting) tellsOf(asOf time.Time) (bool, error) {
	for n, is := range s.newer {
		was, err := s.written(n)
		if err != nil || !witness.Alike(was, is, asOf) {
			return true, err
		}
	}
	return false, nil
}

// addsOnlyLater is the parent of a commit of the witness branch, where all that the commit
// adds to it was seen after an instant.
func (d *desk) addsOnlyLater(commit string, asOf time.Time) (parent string, ok bool, err error) {
	if t, err := d.repo.Time(commit); err != nil || !t.After(asOf) {
		return "", false, err
	}
	if parent, ok, err = d.repo.Parent(commit); err != nil || !ok {
		return "", false, err
	}
	diffs, err := d.repo.Diff(parent, commit)
	for _, diff := range diffs {
		if strings.HasPrefix(diff.Path, "pulls/") && !d.later(diff, asOf) {
			return "", false, err
		}
	}
	return parent, err == nil, err
}

// later reports whether a pull request's file grew only by what was seen after an instant.
func (d *desk) later(diff gitrepo.Difference, asOf time.Time) bool {
	read := func(f gitrepo.File) (p event.Pull, ok bool) {
		if f == (gitrepo.File{}) {
			return event.Pull{}, true
		}
		src, err := d.repo.Blob(f.Blob)
		if err == nil {
			p, err = witness.Parse(diff.Path, src)
		}
		return p, err == nil
	}
	was, ok := read(diff.Old)
	is, whole := read(diff.New)
	return ok && whole && witness.Alike(was, is, asOf)
}
