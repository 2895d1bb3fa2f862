package event

import (
	"cmp"
	"fmt"
	"path"
	"reflect"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A track is one record through its versions, wherever it was moved to.
type track struct {
	kind     *workflow.Kind
	id       string
	birth    string // the path that it was born at
	pull     *Pull  // the pull request that adds it
	listed   *PullRecord
	filed    time.Time // only to order arrivals at one path
	versions []version
}

// A version is what one landing left of a record; no blob: it was removed.
type version struct {
	landing int
	path    string
	blob    string
	values  map[string]any
}

// tracker follows the records of one kind along the line.
type tracker struct {
	kind   *workflow.Kind
	read   func(blob string) ([]byte, error)
	values map[string]map[string]any // by blob
	live   map[string]*track         // by path
	all    []*track
}

func newTracker(kind *workflow.Kind, read func(string) ([]byte, error)) *tracker {
	return &tracker{kind, read, map[string]map[string]any{}, map[string]*track{}, nil}
}

// land takes in the changes of one landing.
func (t *tracker) land(l *landing) error {
	var gone, come []Change
	for _, c := range l.changes {
		if !t.kind.Files.Match(c.Path) {
			continue
		}
		switch {
		case c.New == "":
			gone = append(gone, c)
		case t.live[c.Path] == nil:
			come = append(come, c)
		default:
			if err := t.add(t.live[c.Path], l, c.Path, c.New); err != nil {
				return err
			}
		}
	}
	return t.match(l, gone, come)
}

// match pairs what went with what came: renames; the rest was removed or born.
func (t *tracker) match(l *landing, gone, come []Change) error {
	pairs, err := t.renames(gone, come)
	if err != nil {
		return err
	}
	moved := map[string]*track{}
	for _, c := range gone {
		tr := t.live[c.Path]
		delete(t.live, c.Path)
		if to, ok := pairs[c.Path]; ok && tr != nil {
			moved[to] = tr
		} else if tr != nil {
			tr.versions = append(tr.versions, version{landing: l.index, path: c.Path})
		}
	}
	for _, c := range come {
		tr := moved[c.Path]
		if tr == nil {
			tr = &track{kind: t.kind, birth: c.Path, pull: l.pull}
			t.all = append(t.all, tr)
		}
		t.live[c.Path] = tr
		if err := t.add(tr, l, c.Path, c.New); err != nil {
			return err
		}
	}
	return nil
}

func (t *tracker) add(tr *track, l *landing, p, blob string) error {
	values, err := t.valuesOf(blob)
	tr.versions = append(tr.versions, version{l.index, p, blob, values})
	return err
}

func (t *tracker) valuesOf(blob string) (map[string]any, error) {
	if v, known := t.values[blob]; known {
		return v, nil
	}
	src, err := t.read(blob)
	if err != nil {
		return nil, err
	}
	v, _ := record.Values(src)
	t.values[blob] = v
	return v, nil
}

// A candidate is a path that went and one that came, and how alike they are.
type candidate struct {
	from, to string
	alike    float64
}

// most is how many pairs are compared byte by byte; beyond it only equal blobs are a
// rename. Git stops at a like number.
const most = 1_000_000

// renames pairs gone paths with new ones: the same blob, or at least half alike and for
// the same requester; the most alike first, then the same file name.
func (t *tracker) renames(gone, come []Change) (map[string]string, error) {
	var cs []candidate
	for _, g := range gone {
		for _, c := range come {
			alike, err := t.alike(g.Old, c.New, len(gone)*len(come) <= most)
			if err != nil {
				return nil, err
			}
			if alike >= 0.5 {
				cs = append(cs, candidate{g.Path, c.Path, alike})
			}
		}
	}
	slices.SortFunc(cs, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.alike, a.alike), sameBase(a, b), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	pairs, taken := map[string]string{}, map[string]bool{}
	for _, c := range cs {
		if _, used := pairs[c.from]; !used && !taken[c.to] {
			pairs[c.from], taken[c.to] = c.to, true
		}
	}
	return pairs, nil
}

func sameBase(a, b candidate) int {
	is := func(c candidate) int {
		if path.Base(c.from) == path.Base(c.to) {
			return 0
		}
		return 1
	}
	return cmp.Compare(is(a), is(b))
}

// alike is 1 for the same blob, else the similarity, and 0 for different requesters.
func (t *tracker) alike(a, b string, compare bool) (float64, error) {
	if a == b {
		return 1, nil
	}
	if !compare {
		return 0, nil
	}
	x, err := t.read(a)
	if err != nil {
		return 0, err
	}
	y, err := t.read(b)
	if err != nil {
		return 0, err
	}
	if f := t.kind.Requester; f != "" && !t.sameField(f, a, b) {
		return 0, nil
	}
	return similarity(x, y), nil
}

func (t *tracker) sameField(field, a, b string) bool {
	x, _ := t.valuesOf(a)
	y, _ := t.valuesOf(b)
	return reflect.DeepEqual(x[field], y[field])
}

// name gives every track its id: the path that it was born at, with ~2 for the second to
// arrive there, and so on, in the order of filing.
func name(tracks []*track) {
	slices.SortStableFunc(tracks, func(a, b *track) int {
		return cmp.Or(cmp.Compare(a.birth, b.birth), a.filed.Compare(b.filed))
	})
	count := map[string]int{}
	for _, t := range tracks {
		count[t.birth]++
		t.id = t.birth
		if n := count[t.birth]; n > 1 {
			t.id = fmt.Sprintf("%s~%d", t.birth, n)
		}
	}
}
