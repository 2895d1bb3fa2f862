// Package evidence turns the ways in which a time or an actor is known into grades, best
// first, so that every figure can carry the weakest that it rests on (docs/design.md, "Time
// and evidence", rule 3).
package evidence

// A Grade says how well something is known. The zero Grade is Witnessed: combining with
// it weakens nothing.
type Grade int

// The grades, best first.
const (
	Witnessed Grade = iota // kept on the witness branch: GitHub's record
	Landed                 // committer time of a first-parent commit: merge time
	Claimed                // somebody's clock or word
	Declared               // imported from outside, with who and when
	Unknown                // contradictory, out of range, or not known
)

var names = [...]string{"witnessed", "landed", "claimed", "declared", "unknown"}

var words = [...]string{"GitHub's record", "merge time", "somebody's clock or word", "imported", "unknown"}

// String is the grade's name as events and clocks print it.
func (g Grade) String() string { return names[g] }

// Words is the grade in words for people who never see Go.
func (g Grade) Words() string { return words[g] }

// MarshalText writes the grade's name.
func (g Grade) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// Weakest is the weakest of the grades; of none, Witnessed.
func Weakest(gs ...Grade) Grade {
	w := Witnessed
	for _, g := range gs {
		w = max(w, g)
	}
	return w
}
