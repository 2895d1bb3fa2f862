package desk

import (
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Where says which desk is meant.
type Where struct {
	Repo string // a folder of the repository
	Rev  string // a revision; "": the default branch, or for FindPlace the work tree
	Text *Text  // a definition to go by; nil: the tree's own
}

// Open opens the desk at the revision, else at the default branch. The definition may name
// that branch itself: then it is read there. Whoever opens a desk closes it.
func Open(w Where, definitions *workflow.Cache) (Desk, error) {
	repo, err := gitrepo.Open(w.Repo)
	if err != nil {
		return Desk{}, err
	}
	d, err := w.In(repo, definitions)
	if err != nil {
		_ = repo.Close()
	}
	return d, err
}

// In is the desk in a repository that is open, as it stands there now.
func (w Where) In(repo *gitrepo.Repo, definitions *workflow.Cache) (Desk, error) {
	branch, err := w.revision(repo, "")
	if err != nil {
		return Desk{}, err
	}
	d, err := w.define(repo, branch, definitions)
	if err != nil || w.Rev != "" || d.Def == nil || d.Def.Branch == "" {
		return d, err
	}
	declared, err := w.revision(repo, d.Def.Branch)
	if err != nil || declared == branch {
		return d, err
	}
	return w.define(repo, declared, definitions)
}

func (w Where) define(repo *gitrepo.Repo, rev string, definitions *workflow.Cache) (Desk, error) {
	p, err := w.at(repo, rev)
	if err != nil {
		return Desk{}, err
	}
	return p.Define(definitions)
}

// revision is the name of what to read.
func (w Where) revision(repo *gitrepo.Repo, declared string) (string, error) {
	if w.Rev != "" {
		return w.Rev, nil
	}
	return repo.DefaultBranch(declared)
}

// at is the place at a revision. The default branch is looked for where it was fetched to
// first.
func (w Where) at(repo *gitrepo.Repo, rev string) (Place, error) {
	commit, ok := repo.Branch(rev)
	if !ok || w.Rev != "" {
		var err error
		if commit, err = repo.Resolve(rev); err != nil {
			return Place{}, err
		}
	}
	tree, err := repo.Tree(commit)
	if err != nil {
		return Place{}, err
	}
	return w.place(Place{Repo: repo, Head: commit, Tree: tree}, "revision "+rev)
}

// place is a place with its text.
func (w Where) place(p Place, name string) (Place, error) {
	var err error
	p.Text, err = p.text(w.Text, name)
	return p, err
}

// FindPlace finds the place at the revision, or in the work tree where there is none, and reads no
// definition. Whoever finds a place closes it.
func FindPlace(w Where) (Place, error) {
	repo, err := gitrepo.Open(w.Repo)
	if err != nil {
		return Place{}, err
	}
	p, err := w.find(repo)
	if err != nil {
		_ = repo.Close()
	}
	return p, err
}

func (w Where) find(repo *gitrepo.Repo) (Place, error) {
	if w.Rev != "" {
		return w.at(repo, w.Rev)
	}
	return w.WorkTree(repo)
}

// WorkTree is the place in a repository as its files stand on disk now.
func (w Where) WorkTree(repo *gitrepo.Repo) (Place, error) {
	tree, err := repo.WorkTree()
	if err != nil {
		return Place{}, err
	}
	return w.place(Place{Repo: repo, Tree: tree}, "the work tree")
}
