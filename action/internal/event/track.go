package event

import (
	"cmp"
	"fmt"
	"math"
	"path"
	"reflect"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/document"
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
	arrived  time.Time // only to order arrivals at one path
	gone     time.Time // when its pull request stopped adding it; zero: it does, or it landed
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
	mine   func(path string) bool // the path belongs to the kind
	read   func(blob string) ([]byte, error)
	values map[string]map[string]any // by blob
	live   map[string]*track         // by path
	all    []*track
}

func newTracker(kind *workflow.Kind, mine func(string) bool, read func(string) ([]byte, error)) *tracker {
	return &tracker{kind, mine, read, map[string]map[string]any{}, map[string]*track{}, nil}
}

// land takes in the changes of one landing to records of the kind.
func (t *tracker) land(l *landing, changes []Change) error {
	var gone, come []Change
	swapped := swaps(changes)
	for _, c := range changes {
		switch {
		case c.New == "" && t.live[c.Path] == nil:
		case c.New == "":
			gone = append(gone, c)
		case t.live[c.Path] == nil:
			come = append(come, c)
		case swapped(c):
			gone, come = append(gone, c), append(come, c)
		default:
			t.add(t.live[c.Path], l, c.Path, c.New)
		}
	}
	if len(gone) == 0 && len(come) == 0 {
		return nil
	}
	return t.match(l, gone, come)
}

// swaps tells which changes are files that changed names with others: what stood at the
// path stands at another now, and what stands there came from another.
func swaps(changes []Change) func(Change) bool {
	if len(changes) < 2 || !slices.ContainsFunc(changes, func(c Change) bool { return c.Old != "" && c.New != "" }) {
		return func(Change) bool { return false }
	}
	was, is := map[string]bool{}, map[string]bool{}
	for _, c := range changes {
		was[c.Old], is[c.New] = true, true
	}
	return func(c Change) bool { return was[c.New] && is[c.Old] }
}

// match pairs what went with what came: renames; the rest was removed or born.
func (t *tracker) match(l *landing, gone, come []Change) error {
	ps, err := t.renames(gone, come)
	if err != nil {
		return err
	}
	moved := map[string]*track{}
	for _, c := range gone {
		tr := t.live[c.Path]
		delete(t.live, c.Path)
		if to := ps.to[c.Path]; to != "" {
			moved[to] = tr
		} else {
			tr.versions = append(tr.versions, version{landing: l.index, path: c.Path})
		}
	}
	for _, c := range come {
		tr := moved[c.Path]
		if tr == nil {
			tr = &track{kind: t.kind, birth: c.Path, pull: l.adding(c.Path)}
			t.all = append(t.all, tr)
		}
		t.live[c.Path] = tr
		t.add(tr, l, c.Path, c.New)
	}
	return nil
}

func (t *tracker) add(tr *track, l *landing, p, blob string) {
	tr.versions = append(tr.versions, version{landing: l.index, path: p, blob: blob})
}

// load reads the values of a record's versions.
func (tr *track) load(read Reader) error {
	var series document.Series
	for i, v := range tr.versions {
		if v.blob == "" {
			continue
		}
		src, err := read(v.blob)
		if err != nil {
			return err
		}
		tr.versions[i].values, _ = series.Values(src)
	}
	return nil
}

// path is where a record stands now; "" where it was removed, or has not landed.
func (tr *track) path() string {
	n := len(tr.versions)
	if n == 0 || tr.versions[n-1].blob == "" {
		return ""
	}
	return tr.versions[n-1].path
}

// valuesOf are the values of a blob; nil where it cannot be read as a record.
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

// most is how many pairs are compared byte by byte; beyond it only equal blobs are a
// rename. Git stops at a like number.
const most = 1_000_000

// mostWork is how many pieces of text are looked up in others, which takes a few seconds.
const mostWork = 50_000_000

// renames pairs gone paths with new ones: the same blob, or at least half alike and for
// the same requester; the most alike first, then the same file name.
func (t *tracker) renames(gone, come []Change) (pairs, error) {
	if len(gone) == 0 || len(come) == 0 {
		return pairs{}, nil
	}
	ps := pairs{to: map[string]string{}, from: map[string]string{}}
	ps.same(gone, come, path.Base)
	ps.same(gone, come, func(string) string { return "" })
	for _, g := range gone {
		if g.New != "" {
			ps.add(g.Path, g.Path) // no swap after all
		}
	}
	gone = slices.DeleteFunc(slices.Clone(gone), func(c Change) bool { return ps.to[c.Path] != "" })
	come = slices.DeleteFunc(slices.Clone(come), func(c Change) bool { return ps.from[c.Path] != "" })
	if len(gone)*len(come) > most {
		return ps, nil
	}
	cs, err := t.alike(gone, come)
	slices.SortFunc(cs, candidate.compare)
	for _, c := range cs {
		ps.add(c.from, c.to)
	}
	return ps, err
}

// pairs are renames, by the path that went and by the path that came.
type pairs struct{ to, from map[string]string }

// add makes a pair, where neither has another already.
func (p pairs) add(from, to string) {
	if p.to[from] == "" && p.from[to] == "" {
		p.to[from], p.from[to] = to, from
	}
}

// same pairs what has one blob and one key.
func (p pairs) same(gone, come []Change, key func(path string) string) {
	waiting := map[string][]string{}
	for _, c := range come {
		if p.from[c.Path] == "" {
			k := c.New + "/" + key(c.Path)
			waiting[k] = append(waiting[k], c.Path)
		}
	}
	for _, g := range gone {
		k := g.Old + "/" + key(g.Path)
		if to := waiting[k]; len(to) > 0 && p.to[g.Path] == "" {
			p.add(g.Path, to[0])
			waiting[k] = to[1:]
		}
	}
}

// A candidate is a path that went and one that came, and how alike they are.
type candidate struct {
	from, to string
	alike    float64
}

// compare orders candidates, the likeliest first.
func (c candidate) compare(d candidate) int {
	return cmp.Or(cmp.Compare(d.alike, c.alike), cmp.Compare(c.moved(), d.moved()), cmp.Compare(c.from, d.from), cmp.Compare(c.to, d.to))
}

// moved is 1 where more than the folder changes.
func (c candidate) moved() int {
	if path.Base(c.from) == path.Base(c.to) {
		return 0
	}
	return 1
}

// alike are the pairs that are at least half alike and have the same requester.
func (t *tracker) alike(gone, come []Change) ([]candidate, error) {
	var cs []candidate
	shapes := map[string]shape{}
	work := 0
	for _, c := range come {
		if err := t.shape(shapes, c.New); err != nil {
			return nil, err
		}
	}
	for _, g := range gone {
		if err := t.shape(shapes, g.Old); err != nil {
			return nil, err
		}
		work += len(shapes[g.Old].pieces) * len(come)
	}
	if work > mostWork {
		return nil, nil
	}
	for _, g := range gone {
		for _, c := range come {
			if !t.sameRequester(g.Old, c.New) {
				continue
			}
			if alike := similarity(shapes[g.Old], shapes[c.New]); alike >= 0.5 {
				cs = append(cs, candidate{g.Path, c.Path, alike})
			}
		}
	}
	return cs, nil
}

// shape makes the shapes of blobs, each once.
func (t *tracker) shape(shapes map[string]shape, blobs ...string) error {
	for _, b := range blobs {
		if _, known := shapes[b]; known {
			continue
		}
		src, err := t.read(b)
		if err != nil {
			return err
		}
		shapes[b] = shapeOf(src)
		if _, err := t.valuesOf(b); err != nil {
			return err
		}
	}
	return nil
}

// sameRequester compares two blobs whose values are known.
func (t *tracker) sameRequester(a, b string) bool {
	f := t.kind.Requester
	return f == "" || reflect.DeepEqual(t.values[a][f], t.values[b][f])
}

// A stay is the time for which a record stood at a path: after more landings than from, and
// until there were more than to.
type stay struct{ from, to int }

// stays are the stays of all records, by path.
type stays map[string][]stay

// free reports whether nothing stood at a path after the first n landings.
func (s stays) free(path string, n int) bool {
	return !slices.ContainsFunc(s[path], func(at stay) bool { return at.from < n && n <= at.to })
}

func (t *tracker) stays() stays {
	out := stays{}
	for _, tr := range t.all {
		for i, v := range tr.versions {
			switch at := out[v.path]; {
			case v.blob == "":
			case i > 0 && tr.versions[i-1].path == v.path:
				at[len(at)-1].to = until(tr, i)
			default:
				out[v.path] = append(at, stay{v.landing, until(tr, i)})
			}
		}
	}
	return out
}

// until is the landing that replaces a track's version.
func until(tr *track, i int) int {
	if i+1 < len(tr.versions) {
		return tr.versions[i+1].landing
	}
	return math.MaxInt
}

// name gives every track its id: the path that it was born at, with ~2 for the second to
// arrive there, and so on, in the order of arrival.
func name(tracks []*track) {
	slices.SortStableFunc(tracks, func(a, b *track) int {
		return cmp.Or(cmp.Compare(a.birth, b.birth), a.arrived.Compare(b.arrived))
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

// Renames pairs paths that went with paths that came in one change of records of a kind,
// as history is read: the same blob, or at least half alike and for the same requester.
func Renames(kind *workflow.Kind, gone, come []Change, read func(blob string) ([]byte, error)) (map[string]string, error) {
	ps, err := newTracker(kind, nil, read).renames(gone, come)
	return ps.to, err
}
