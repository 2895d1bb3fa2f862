package app

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/verdict"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/spf13/cobra"
)

// where says which desk a command reads; every reading command has these flags.
type where struct {
	repo, rev, config string
	outlined          bool // an outline of the definition will do, where verdicts by its rules are kept
}

func (w *where) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&w.repo, "repo", ".", "the `DIR` of the repository, bare or not")
	cmd.Flags().StringVar(&w.rev, "rev", "", "the `REV` to read (default: the default branch)")
	cmd.Flags().StringVar(&w.config, "config", "", "read the definition from this `FILE` instead of the revision's "+workflow.Path)
}

// desk is a repository at one revision, with its definition.
type desk struct {
	repo     *gitrepo.Repo
	compiled *workflow.Cache
	head     string // commit; "" for the work tree
	tree     gitrepo.Tree
	def      *workflow.Definition              // nil when findings say why
	rules    []byte                            // the text of the definition
	rule     func(path string) ([]byte, error) // reads a file that belongs to the rules, once
	verdicts *verdict.Book                     // of earlier runs by these rules, on records; nil: not asked for
	folders  *verdict.Book                     // and on folders
	quiet    int64                             // what has not been changed after it stands still, in nanoseconds since 1970
	complete func() error                      // reads the whole definition; nil when def is whole
	findings []finding.Finding                 // in the definition
	broken   bool                              // def is an older one, since that of head is broken
	outside  string                            // SHA-256 of a definition that --config gave; "" for none
	seen     *sighting                         // the witness, once it was read
	line     *lineage                          // the history, once it was read
	cache    string                            // the folder of the history's index; "" for none
}

// close lets go of the repository's files.
func (d *desk) close() { _ = d.repo.Close() }

// atRevision opens the desk at --rev, else at the default branch. The definition may name
// that branch itself: then it is read again there.
func (w where) atRevision(compiled *workflow.Cache) (*desk, error) {
	repo, err := gitrepo.Open(w.repo)
	if err != nil {
		return nil, err
	}
	d := &desk{repo: repo, compiled: compiled}
	if err := w.settle(d); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (w where) settle(d *desk) error {
	rev, err := w.revision(d.repo, "")
	if err != nil {
		return err
	}
	if err := w.readAt(d, rev); err != nil || w.rev != "" || d.def == nil || d.def.Branch == "" {
		return err
	}
	declared, err := w.revision(d.repo, d.def.Branch)
	if err != nil || declared == rev {
		return err
	}
	return w.readAt(d, declared)
}

// revision is the name of what to read.
func (w where) revision(repo *gitrepo.Repo, declared string) (string, error) {
	if w.rev != "" {
		return w.rev, nil
	}
	return repo.DefaultBranch(declared)
}

func (w where) readAt(d *desk, rev string) error {
	var err error
	if commit, ok := d.repo.Branch(rev); ok && w.rev == "" {
		d.head = commit
	} else if d.head, err = d.repo.Resolve(rev); err != nil {
		return err
	}
	if d.tree, err = d.repo.Tree(d.head); err != nil {
		return err
	}
	return w.define(d, "revision "+rev)
}

// inWorkTree opens the desk as its files stand on disk.
func (w where) inWorkTree(compiled *workflow.Cache) (*desk, error) {
	repo, err := gitrepo.Open(w.repo)
	if err != nil {
		return nil, err
	}
	d := &desk{repo: repo, compiled: compiled}
	if d.tree, err = repo.WorkTree(); err == nil {
		err = w.define(d, "the work tree")
	}
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// define reads the definition, from the tree or from --config.
func (w where) define(d *desk, place string) error {
	path, src, err := w.source(d, place)
	if err != nil {
		return err
	}
	d.rules, d.verdicts, d.folders = src, nil, nil
	d.rule = once(d.tree.Read)
	if w.config != "" {
		d.outside = fmt.Sprintf("%x", sha256.Sum256(src))
	}
	d.complete = func() (err error) {
		d.complete = nil
		d.def, d.findings, err = d.compiled.Read(path, src, d.rule)
		return err
	}
	if w.outlined && d.outline(path) {
		return nil
	}
	return d.complete()
}

// outline makes do with an outline of the definition, where there are verdicts by its rules:
// they were kept because nothing was found in it. Files of holidays are no part of those
// rules, since no verdict depends on them: the calendars are read every time.
func (d *desk) outline(path string) bool {
	def, ok := workflow.Outline(path, d.rules, d.rule)
	if !ok {
		return false
	}
	d.def = def
	if d.openFolders(); d.folders.Len() > 0 {
		return true
	}
	d.openVerdicts()
	return d.verdicts.Len() > 0
}

func (w where) source(d *desk, place string) (path string, src []byte, err error) {
	if w.config != "" {
		info, err := os.Stat(w.config)
		if err == nil && !info.Mode().IsRegular() {
			err = fmt.Errorf("%s is no ordinary file", w.config)
		}
		if err == nil {
			src, err = os.ReadFile(w.config)
		}
		if err != nil {
			return "", nil, &exit{exitUsage, fmt.Errorf("--config: %w", err)}
		}
		return w.config, src, nil
	}
	src, err = d.tree.Read(workflow.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, fmt.Errorf("there is no %s in %s: %s", workflow.Path, place, d.wayToDefine())
	}
	if err != nil {
		return "", nil, fmt.Errorf("%s in %s: %w", workflow.Path, place, err)
	}
	return workflow.Path, src, nil
}

// wayToDefine is what to do where the tree has no definition.
func (d *desk) wayToDefine() string {
	if files, err := d.repo.WorkTree(); d.head != "" && err == nil {
		if _, err := files.Read(workflow.Path); err == nil {
			return "it is in the work tree, but not committed there; commit it, or give it with --config FILE"
		}
	}
	return "expected the desk's definition there; write one, or give a file with --config FILE (ten lines are enough)"
}

// defined refuses to go on with a definition that has defects.
func (d *desk) defined(a *App) error {
	if d.def != nil {
		return nil
	}
	for _, f := range d.findings {
		fmt.Fprintln(a.Stderr, a.ink().finding(f))
	}
	return fmt.Errorf("the definition has defects: mend them first")
}
