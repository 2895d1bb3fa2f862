// Package desk turns a folder and a revision into a desk: a repository at one commit, or its
// work tree, with the definition that stands there.
package desk

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Place is where a desk is: a repository and a tree of files in it, with the text of the
// definition, which has not been read. It is never changed; elsewhere is another Place.
type Place struct {
	Repo *gitrepo.Repo
	Head string // the commit; "" for the work tree
	Tree gitrepo.Tree
	Text Text
}

// A Text is a definition as it is written.
type Text struct {
	Path    string
	Source  []byte
	Outside bool // it is not the tree's own, but was given beside it
}

// Sum names a text from outside by what it says, as SHA-256; "" for the tree's own.
func (t Text) Sum() string {
	if !t.Outside {
		return ""
	}
	return fmt.Sprintf("%x", sha256.Sum256(t.Source))
}

// A Desk is a place with its definition.
type Desk struct {
	Place
	Def      *workflow.Definition // nil: the findings say why
	Findings []finding.Finding    // in the definition
}

// Close lets go of the repository's files.
func (p Place) Close() { _ = p.Repo.Close() }

// At is the desk at another commit, by the same definition, whatever stands there.
func (d Desk) At(commit string) (Desk, error) {
	var err error
	d.Head = commit
	d.Tree, err = d.Repo.Tree(commit)
	return d, err
}

// Under is the desk by another definition; the text stays that by which the desk was opened.
func (d Desk) Under(def *workflow.Definition) Desk {
	d.Def = def
	return d
}

// Defined is nil where the definition can be used, else a *finding.Defects.
func (d Desk) Defined() error {
	if d.Def != nil {
		return nil
	}
	return &finding.Defects{Findings: d.Findings, Why: "the definition has defects: mend them first"}
}

// Define reads the definition.
func (p Place) Define(definitions *workflow.Cache) (Desk, error) {
	d := Desk{Place: p}
	var err error
	d.Def, d.Findings, err = definitions.Read(p.Text.Path, p.Text.Source, p.Tree.Read)
	return d, err
}

// text is the definition: what was given, else the tree's own. A message calls the tree by a
// name.
func (p Place) text(given *Text, tree string) (Text, error) {
	if given != nil {
		return *given, nil
	}
	src, err := p.Tree.Read(workflow.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Text{}, fmt.Errorf("there is no %s in %s: %s", workflow.Path, tree, p.wayToDefine())
	case err != nil:
		return Text{}, fmt.Errorf("%s in %s: %w", workflow.Path, tree, err)
	}
	return Text{Path: workflow.Path, Source: src}, nil
}

// wayToDefine is what to do where the tree has no definition.
func (p Place) wayToDefine() string {
	if files, err := p.Repo.WorkTree(); p.Head != "" && err == nil {
		if _, err := files.Read(workflow.Path); err == nil {
			return "it is in the work tree, but not committed there; commit it, or give it with --config FILE"
		}
	}
	return "expected the desk's definition there; write one, or give a file with --config FILE (ten lines are enough)"
}

// Version is a file of some version of a record, by its blob. One that is too large to be a
// record reads as one that cannot be read, so that it spoils no figure of the others.
func (p Place) Version(blob string) ([]byte, error) { return unlessTooLarge(p.Repo.Blob(blob)) }

// VersionReader makes a Version for a goroutine of its own.
func (p Place) VersionReader() func(blob string) ([]byte, error) {
	read := p.Repo.BlobReader()
	return func(blob string) ([]byte, error) { return unlessTooLarge(read(blob)) }
}

func unlessTooLarge(src []byte, err error) ([]byte, error) {
	if errors.Is(err, gitrepo.ErrTooLarge) {
		return nil, nil
	}
	return src, err
}
