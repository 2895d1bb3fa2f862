package gitrepo

import (
	"fmt"

	"github.com/commrel/liaison/action/internal/event"
)

// branch is the oldest commit that a merge brought in along its merged parent's own
// first-parent line: the merged parent is followed back until a commit that an earlier
// landing had brought. It is nil for a commit that merges nothing new.
func (h *historian) branch(merge int32, changes []event.Change) (*event.BranchStart, error) {
	if len(h.graph.parents(merge)) < 2 {
		return nil, nil
	}
	at, err := h.merged(h.graph.parents(merge), changes)
	if err != nil {
		return nil, err
	}
	first := int32(none)
	for steps := 0; !h.seen[at]; steps++ {
		if err := h.graph.faults[at]; err != nil {
			return nil, err
		}
		if steps > len(h.graph.nodes) {
			return nil, fmt.Errorf("commit %s is its own ancestor", h.graph.id(at))
		}
		first = at
		if len(h.graph.parents(at)) == 0 {
			break
		}
		at = h.graph.parents(at)[0]
	}
	if first == none {
		return nil, nil
	}
	return h.start(first)
}

// start is the commit at a place, as one that a branch began with.
func (h *historian) start(at int32) (*event.BranchStart, error) {
	s, err := h.said(h.objects, h.known, at)
	if err != nil {
		return nil, err
	}
	return &event.BranchStart{Commit: h.graph.id(at).String(), Time: s.time(), Author: s.who.author}, nil
}

// merged is the second parent; in an octopus with changes, the first of the merged parents
// that has the first change's path as the octopus has it.
func (h *historian) merged(parents []int32, changes []event.Change) (int32, error) {
	if len(parents) == 2 || len(changes) == 0 {
		return parents[1], nil
	}
	for _, parent := range parents[1:] {
		if err := h.graph.faults[parent]; err != nil {
			return 0, err
		}
		s, err := h.said(h.objects, h.known, parent)
		if err != nil {
			return 0, err
		}
		e, err := find(h.objects, s.tree, changes[0].Path)
		if err != nil {
			return 0, err
		}
		if e.blob() == changes[0].New {
			return parent, nil
		}
	}
	return parents[1], nil
}

// arrive marks a landing and everything that it brought in as seen.
func (h *historian) arrive(landing int32) error {
	h.seen[landing] = true
	h.arrived = append(h.arrived[:0], landing)
	var todo []int32
	if parents := h.graph.parents(landing); len(parents) > 1 {
		todo = append(todo, parents[1:]...)
	}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if h.seen[at] {
			continue
		}
		h.seen[at] = true
		h.arrived = append(h.arrived, at)
		if err := h.graph.faults[at]; err != nil {
			return err
		}
		todo = append(todo, h.graph.parents(at)...)
	}
	return nil
}
