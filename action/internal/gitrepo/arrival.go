package gitrepo

import (
	"fmt"

	"github.com/commrel/liaison/action/internal/event"
)

// branch is the oldest commit that a merge brought in along its merged parent's own
// first-parent line: the merged parent is followed back until a commit that an earlier
// landing had brought. It is nil for a commit that merges nothing new.
func (h *historian) branch(merge *node, changes []event.Change) (*event.BranchStart, error) {
	if len(merge.parents) < 2 {
		return nil, nil
	}
	at, err := h.merged(merge, changes)
	if err != nil {
		return nil, err
	}
	var first *node
	for steps := 0; !h.seen[at]; steps++ {
		if first, err = h.graph.node(at); err != nil {
			return nil, err
		}
		if steps > len(h.graph.nodes) {
			return nil, fmt.Errorf("commit %s is its own ancestor", first.id)
		}
		if len(first.parents) == 0 {
			break
		}
		at = first.parents[0]
	}
	if first == nil {
		return nil, nil
	}
	return &event.BranchStart{Commit: first.id.String(), Time: first.time(), Author: first.who.author}, nil
}

// merged is the second parent; in an octopus with changes, the first of the merged parents
// that has the first change's path as the octopus has it.
func (h *historian) merged(merge *node, changes []event.Change) (int32, error) {
	if len(merge.parents) == 2 || len(changes) == 0 {
		return merge.parents[1], nil
	}
	for _, parent := range merge.parents[1:] {
		n, err := h.graph.node(parent)
		if err != nil {
			return 0, err
		}
		e, err := find(h.objects, n.tree, changes[0].Path)
		if err != nil {
			return 0, err
		}
		if e.blob() == changes[0].New {
			return parent, nil
		}
	}
	return merge.parents[1], nil
}

// arrive marks a landing and everything that it brought in as seen.
func (h *historian) arrive(landing int32) error {
	h.seen[landing] = true
	var todo []int32
	if parents := h.graph.nodes[landing].parents; len(parents) > 1 {
		todo = append(todo, parents[1:]...)
	}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if h.seen[at] {
			continue
		}
		h.seen[at] = true
		n, err := h.graph.node(at)
		if err != nil {
			return err
		}
		todo = append(todo, n.parents...)
	}
	return nil
}
