package gitrepo

import (
	"github.com/commrel/liaison/action/internal/event"
)

// branch is the oldest commit that a merge brought in along its merged parent's own
// first-parent line: the merged parent is followed back until a commit that an earlier
// landing had brought. It is nil for a commit that merges nothing new.
func (h *historian) branch(p point, changes []event.Change) (*event.BranchStart, error) {
	if len(p.parents) < 2 {
		return nil, nil
	}
	id, err := h.merged(p, changes)
	if err != nil {
		return nil, err
	}
	var start *event.BranchStart
	for !h.seen[id] {
		c, err := h.commit(id)
		if err != nil {
			return nil, err
		}
		start = &event.BranchStart{Commit: id.String(), Time: c.committer.time, Author: c.author.account()}
		if len(c.parents) == 0 {
			break
		}
		id = c.parents[0]
	}
	return start, nil
}

// merged is the second parent; in an octopus with changes, the first of the merged parents
// that has the first change's path as the octopus has it.
func (h *historian) merged(p point, changes []event.Change) (hash, error) {
	if len(p.parents) == 2 || len(changes) == 0 {
		return p.parents[1], nil
	}
	for _, parent := range p.parents[1:] {
		c, err := h.commit(parent)
		if err != nil {
			return hash{}, err
		}
		e, err := find(h.objects, c.tree, changes[0].Path)
		if err != nil {
			return hash{}, err
		}
		if e.blob() == changes[0].New {
			return parent, nil
		}
	}
	return p.parents[1], nil
}

// arrive marks a landing and everything that it brought in as seen.
func (h *historian) arrive(p point) error {
	h.seen[p.id] = true
	var todo []hash
	if len(p.parents) > 1 {
		todo = append(todo, p.parents[1:]...)
	}
	for len(todo) > 0 {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if h.seen[id] {
			continue
		}
		h.seen[id] = true
		c, err := h.commit(id)
		if err != nil {
			return err
		}
		todo = append(todo, c.parents...)
	}
	return nil
}
