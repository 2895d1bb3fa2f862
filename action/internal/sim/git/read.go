package git

import (
	"fmt"
	"slices"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"
)

// TreeOf is the id of a commit's tree.
func (r *Repo) TreeOf(commit string) (string, error) {
	c, err := r.ReadCommit(commit)
	return c.Tree, err
}

// Parents are a commit's parents, in order.
func (r *Repo) Parents(commit string) ([]string, error) {
	c, err := r.ReadCommit(commit)
	return c.Parents, err
}

// FirstParents is the line from a commit along first parents to the root, newest first.
func (r *Repo) FirstParents(commit string) ([]string, error) {
	var line []string
	for commit != "" {
		line = append(line, commit)
		parents, err := r.Parents(commit)
		if err != nil {
			return nil, err
		}
		commit = ""
		if len(parents) > 0 {
			commit = parents[0]
		}
	}
	return line, nil
}

// Between is every commit that can be reached from head and not from since ("" for all of
// them), each after its parents.
func (r *Repo) Between(since, head string) ([]string, error) {
	seen := map[string]bool{}
	if since != "" {
		if _, err := r.reach(since, seen); err != nil {
			return nil, err
		}
	}
	return r.reach(head, seen)
}

// reach lists what can be reached from a commit and was not seen, each after its parents.
func (r *Repo) reach(head string, seen map[string]bool) ([]string, error) {
	var out []string
	for stack := []string{head}; len(stack) > 0; {
		id := stack[len(stack)-1]
		parents, err := r.Parents(id)
		if err != nil {
			return nil, err
		}
		todo := slices.DeleteFunc(slices.Clone(parents), func(p string) bool { return seen[p] })
		if len(todo) > 0 {
			stack = append(stack, todo[len(todo)-1])
			continue
		}
		stack = stack[:len(stack)-1]
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out, nil
}

// Files maps every path of a commit to its blob id; submodules are left out.
func (r *Repo) Files(commit string) (map[string]string, error) {
	tree, err := r.TreeOf(commit)
	if err != nil {
		return nil, err
	}
	entries, err := r.ReadTree(tree, true)
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, e := range entries {
		if e.Type == "blob" {
			files[e.Path] = e.ID
		}
	}
	return files, nil
}

// ReadFile returns the content of one file of a commit.
func (r *Repo) ReadFile(commit, path string) ([]byte, error) {
	files, err := r.Files(commit)
	if err != nil {
		return nil, err
	}
	id, ok := files[path]
	if !ok {
		return nil, fmt.Errorf("%s has no file %s", commit, path)
	}
	return r.ReadBlob(id)
}

// Changed maps the paths whose blobs differ between two commits to their blob in the
// second; "" where it has none.
func (r *Repo) Changed(from, to string) (map[string]string, error) {
	old, err := r.Files(from)
	if err != nil {
		return nil, err
	}
	now, err := r.Files(to)
	if err != nil {
		return nil, err
	}
	changed := map[string]string{}
	for path, id := range now {
		if old[path] != id {
			changed[path] = id
		}
	}
	for path := range old {
		if now[path] == "" {
			changed[path] = ""
		}
	}
	return changed, nil
}

// IsAncestor reports whether a commit is another or one of its ancestors.
func (r *Repo) IsAncestor(older, newer string) (bool, error) {
	o, err := object.GetCommit(r.s, plumbing.NewHash(older))
	if err != nil {
		return false, fmt.Errorf("read commit %s: %w", older, err)
	}
	n, err := object.GetCommit(r.s, plumbing.NewHash(newer))
	if err != nil {
		return false, fmt.Errorf("read commit %s: %w", newer, err)
	}
	return o.IsAncestor(n)
}
