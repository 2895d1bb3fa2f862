package witness

import (
	"fmt"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/event"
)

// LinePath is where the witness keeps what it knows of the default branch.
const LinePath = "line.json"

// A Line is what the witness knows of the default branch.
type Line struct {
	Version int           `json:"version"`         // 0: nothing is known yet
	Head    string        `json:"head"`            // the last head that was seen
	At      time.Time     `json:"at"`              // when it was first seen, UTC
	Synced  time.Time     `json:"synced,omitzero"` // GitHub's mark of the newest change up to which every pull request was seen
	Breaks  []event.Break `json:"breaks"`          // append-only, oldest first
}

// MarshalLine writes a line in the one form that its file has.
func MarshalLine(l Line) ([]byte, error) {
	l.Version, l.At, l.Synced = Version, l.At.UTC(), l.Synced.UTC()
	l.Breaks = append([]event.Break{}, l.Breaks...)
	for i := range l.Breaks {
		l.Breaks[i].At = l.Breaks[i].At.UTC()
	}
	b, err := canonical(l)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", LinePath, err)
	}
	return b, nil
}

// ReadLine reads line.json; without one, the line is zero. A file that cannot be read is an
// error, not a line that nobody saw: whether main was rewritten hangs on it.
func ReadLine(t Tree) (Line, error) {
	files, err := t.Files()
	if err != nil {
		return Line{}, fmt.Errorf("witness branch: %w", err)
	}
	for _, f := range files {
		if f.Path == LinePath {
			return readLine(t)
		}
	}
	return Line{}, nil
}

func readLine(t Tree) (Line, error) {
	b, err := t.Read(LinePath)
	if err != nil {
		return Line{}, fmt.Errorf("witness branch: %s: %w", LinePath, err)
	}
	var l Line
	if err := single(b, &l); err != nil {
		return Line{}, fmt.Errorf("witness branch: %s: JSON that cannot be read: %w", LinePath, err)
	}
	if l.Version != Version {
		return Line{}, fmt.Errorf("witness branch: %s: version %d; expected version %d", LinePath, l.Version, Version)
	}
	if l.Head == "" {
		return Line{}, fmt.Errorf("witness branch: %s: no head; expected the last one of the default branch that was seen", LinePath)
	}
	return l, nil
}

// Follow is the line after a head was seen. grew reports whether the head known before is on
// the first-parent line of the new one; it is asked only where that matters. Where it is
// not, the default branch was rewritten, and broke is where.
func (l Line) Follow(head string, at time.Time, grew func(from string) (bool, error)) (next Line, broke *event.Break, err error) {
	if head == l.Head || head == "" {
		return l, nil, nil
	}
	next = Line{Version, head, at.UTC(), l.Synced, slices.Clone(l.Breaks)}
	if l.Head == "" {
		return next, nil, nil
	}
	ok, err := grew(l.Head)
	if err != nil {
		return l, nil, err
	}
	if !ok {
		broke = &event.Break{From: l.Head, To: head, At: at.UTC()}
		next.Breaks = append(next.Breaks, *broke)
	}
	return next, broke, nil
}
