package gitrepo

import (
	"fmt"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/account"
)

// A node is a commit as far as the walk looks at it: with its id some 50 bytes for each that
// can be reached.
type node struct {
	parents [2]int32 // places in the list of nodes, or none; the second may be many
	said    int32    // where what it says is kept; none where it was not read
	old     bool     // it had landed before what is read now, and was not read again
}

const (
	none = -1
	many = -2 // parents: they stand among those of the octopuses
)

// Said is what a commit says beside who its parents are.
type said struct {
	tree    hash
	seconds int64 // committer time since 1970; unread where it cannot be believed
	who     *authorship
}

const unread = -1

func (s *said) time() time.Time {
	if s.seconds == unread {
		return time.Time{}
	}
	return time.Unix(s.seconds, 0).UTC()
}

// An authorship is who made a commit; many commits share one.
type authorship struct {
	author, committer account.Account
	byForge           bool
}

// Authorships are those that a worker has met.
type authorships map[[3]string]*authorship

func (a authorships) of(c commit) *authorship {
	key := [3]string{c.author.mail, c.committer.name, c.committer.mail}
	h := a[key]
	if h == nil {
		h = &authorship{c.author.account(), c.committer.account(), c.byForge()}
		a[key] = h
	}
	return h
}

func (a authorships) said(c commit) said {
	s := said{c.tree, unread, a.of(c)}
	if at := c.committer.time; !at.IsZero() {
		s.seconds = at.Unix()
	}
	return s
}

// A graph is every commit that can be reached from one.
type graph struct {
	ids       ids    // by place
	nodes     []node // likewise; the first is the one that they are reached from
	octopuses map[int32][]int32
	said      []said          // of the commits that were read
	faults    map[int32]error // by place: why a commit could not be read, told when somebody asks for it
}

// id is the id of the commit at a place.
func (g *graph) id(at int32) hash { return g.ids.list[at] }

// parents are the places of a commit's parents.
func (g *graph) parents(at int32) []int32 {
	parents := &g.nodes[at].parents
	switch {
	case parents[1] == many:
		return g.octopuses[at]
	case parents[0] == none:
		return nil
	case parents[1] == none:
		return parents[:1]
	}
	return parents[:]
}

// link says which parents a commit has.
func (g *graph) link(at int32, parents []int32) {
	n := &g.nodes[at]
	copy(n.parents[:], parents)
	if len(parents) > len(n.parents) {
		n.parents[1] = many
		g.octopuses[at] = slices.Clone(parents)
	}
}

// agree reports that a commit has other parents than those that were looked up.
func (g *graph) agree(at int32, parents []hash) error {
	same := slices.EqualFunc(g.parents(at), parents, func(place int32, id hash) bool { return g.id(place) == id })
	if !same {
		return fmt.Errorf("commit %s has other parents than the commit-graph says", g.id(at))
	}
	return nil
}
