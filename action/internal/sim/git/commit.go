package git

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// A Commit is what a commit is made of.
type Commit struct {
	Parents    []string          // full ids; the first is the line that it stands on
	Tree       string            // a tree that is already written; "": the first parent's
	Files      map[string][]byte // changes on top of that tree; a nil value removes
	Author     Who
	Committer  Who       // zero: the author
	Time       time.Time // when it was committed; its zone is kept
	AuthorTime time.Time // zero: Time
	Message    string
}

// Commit writes the objects and returns the commit's id. It moves no ref.
func (r *Repo) Commit(c Commit) (string, error) {
	tree, err := r.treeFor(c)
	if err != nil {
		return "", fmt.Errorf("commit %q: %w", c.Message, err)
	}
	o := r.s.NewEncodedObject()
	if err := c.encoded(tree).Encode(o); err != nil {
		return "", fmt.Errorf("commit %q: %w", c.Message, err)
	}
	return r.store(o)
}

// ReadCommit returns a commit as it is; Files is nil.
func (r *Repo) ReadCommit(id string) (Commit, error) {
	o, err := object.GetCommit(r.s, plumbing.NewHash(id))
	if err != nil {
		return Commit{}, fmt.Errorf("read commit %s: %w", id, err)
	}
	c := Commit{
		Tree:       o.TreeHash.String(),
		Author:     Who{o.Author.Name, o.Author.Email},
		Committer:  Who{o.Committer.Name, o.Committer.Email},
		Time:       o.Committer.When,
		AuthorTime: o.Author.When,
		Message:    o.Message,
	}
	for _, p := range o.ParentHashes {
		c.Parents = append(c.Parents, p.String())
	}
	return c, nil
}

// treeFor writes the commit's tree.
func (r *Repo) treeFor(c Commit) (string, error) {
	base := c.Tree
	if base == "" && len(c.Parents) > 0 {
		var err error
		if base, err = r.TreeOf(c.Parents[0]); err != nil {
			return "", err
		}
	}
	return r.change(base, c.Files)
}

// change applies changed files to a tree: first what goes, then what comes, so that a file
// may become a folder and a folder a file.
func (r *Repo) change(tree string, files map[string][]byte) (string, error) {
	var gone, put []Edit
	for _, path := range slices.Sorted(maps.Keys(files)) {
		if files[path] == nil {
			gone = append(gone, Edit{Path: path})
			continue
		}
		id, err := r.WriteBlob(files[path])
		if err != nil {
			return "", err
		}
		put = append(put, Edit{Path: path, ID: id})
	}
	tree, err := r.WriteTree(tree, gone)
	if err != nil {
		return "", err
	}
	return r.WriteTree(tree, put)
}

// encoded is the commit in go-git's words.
func (c Commit) encoded(tree string) *object.Commit {
	committer := cmp.Or(c.Committer, c.Author)
	authored := c.AuthorTime
	if authored.IsZero() {
		authored = c.Time
	}
	o := &object.Commit{
		Author:    object.Signature{Name: c.Author.Name, Email: c.Author.Email, When: authored},
		Committer: object.Signature{Name: committer.Name, Email: committer.Email, When: c.Time},
		Message:   c.Message,
		TreeHash:  plumbing.NewHash(tree),
	}
	for _, p := range c.Parents {
		o.ParentHashes = append(o.ParentHashes, plumbing.NewHash(p))
	}
	return o
}
