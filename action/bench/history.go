package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// A scale is how much happened at a desk.
type scale struct{ files, commits int }

var scales = map[string]scale{
	"S": {1_000, 10_000},
	"M": {10_000, 100_000},
	"L": {50_000, 500_000},
}

// open is how many branches are worked on at a time.
const open = 8

// years is how long it took.
const years = 10

var (
	began  = time.Date(2016, time.October, 3, 8, 0, 0, 0, time.UTC)
	length = began.AddDate(years, 0, 0).Sub(began)
)

// makeHistory writes a bare repository with the history of a desk: of five commits three
// are on branches, one is on the default branch, one merges a branch.
func makeHistory(size, out string, seed uint64) error {
	s, ok := scales[size]
	if !ok {
		return fmt.Errorf("--size %s: expected S, M or L", size)
	}
	if err := fresh(out); err != nil {
		return err
	}
	if err := git(out, nil, "init", "-q", "--bare", "--initial-branch=main", "."); err != nil {
		return err
	}
	err := importing(out, func(w *stream) error {
		files, err := surroundings()
		if err != nil {
			return err
		}
		st := newStory(s, rand.New(rand.NewPCG(seed, 0)), w)
		st.main = w.commit(commit{branch: "main", who: account("example-lia"), at: began, message: "Begin the desk", files: w.blobs(files)})
		st.tell()
		return nil
	})
	if err != nil {
		return err
	}
	// -f: as it is after years of housekeeping, not as the import happened to write it
	return git(out, nil, "repack", "-adfq", "--window=10", "--depth=50")
}

// A branch is work that has not been merged. What it changes nobody else touches meanwhile,
// docs apart, of which the last merge wins.
type branch struct {
	name  string
	head  int // mark; 0: nothing yet
	files map[string]int
	held  []*request
}

// A story is a history in the making.
type story struct {
	scale
	rng      *rand.Rand
	w        *stream
	main     int // mark of the default branch's head
	branches []*branch
	active   []*request // on the default branch, unfinished, held by no branch
	filed    int        // requests so far
	changes  int        // commits that are no merges so far
	requests int        // of those, about requests
	at       time.Time
}

func newStory(s scale, rng *rand.Rand, w *stream) *story {
	st := &story{scale: s, rng: rng, w: w}
	for i := range open {
		st.branches = append(st.branches, &branch{name: fmt.Sprintf("work-%d", i)})
	}
	return st
}

// tell writes all commits but the first.
func (s *story) tell() {
	for i := 1; i < s.commits; i++ {
		s.at = began.Add(length / time.Duration(s.commits) * time.Duration(i)).Truncate(time.Second)
		switch i % 5 {
		case 0:
			s.direct()
		case 4:
			s.merge()
		default:
			s.onBranch(pick(s.rng, s.branches))
		}
	}
}

func (s *story) direct() {
	files, held, who := s.change()
	s.main = s.w.commit(commit{branch: "main", from: s.main, who: account(who), at: s.at, message: "Change things", files: files})
	s.release(held)
}

func (s *story) onBranch(b *branch) {
	if b.head == 0 {
		b.head, b.files = s.main, map[string]int{}
	}
	files, held, who := s.change()
	b.head = s.w.commit(commit{branch: b.name, from: b.head, who: account(who), at: s.at, message: "Change things on a branch", files: files})
	for path, mark := range files {
		b.files[path] = mark
	}
	b.held = append(b.held, held...)
}

// merge lands the branch that has the most to land.
func (s *story) merge() {
	b := slices.MaxFunc(s.branches, func(a, b *branch) int { return len(a.files) - len(b.files) })
	if len(b.files) == 0 {
		s.direct()
		return
	}
	s.main = s.w.commit(commit{branch: "main", from: s.main, merge: b.head, who: account("example-lia"), at: s.at, message: "Merge " + b.name, files: b.files})
	s.release(b.held)
	*b = branch{name: b.name}
}

// release lets others work on requests again.
func (s *story) release(held []*request) {
	for _, r := range held {
		if r.stage < len(stages)-1 {
			s.active = append(s.active, r)
		}
	}
}

// change is what one commit does: of three, two are about requests.
func (s *story) change() (files map[string]int, held []*request, who string) {
	s.changes++
	if s.changes%3 == 0 {
		path, text := s.elsewhere()
		return map[string]int{path: s.w.blob(text)}, nil, pick(s.rng, requesters)
	}
	s.requests++
	r, who := s.file(), "example-lia"
	if r == nil {
		r = s.move()
	} else {
		who = r.who
	}
	return map[string]int{r.path: s.w.blob(r.yaml())}, []*request{r}, who
}

// elsewhere is a file of another folder.
func (s *story) elsewhere() (path string, text []byte) {
	if s.changes%90 == 0 {
		n := s.rng.IntN(len(teams))
		return "roster/teams/" + teams[n] + ".yaml", fmt.Appendf(nil, "names:\n  - {name: Team %s}\ndepartments:\n  - {department: product}\nkind: product-audience\nlinks:\n  - {url: \"https://www.mediawiki.org/wiki/Example_%d\"}\n", teams[n], s.changes)
	}
	return fmt.Sprintf("docs/page-%02d.md", s.rng.IntN(40)), []byte("# A page\n\n" + paragraph(s.rng, 900))
}

// file is a new request, where one is due: they come at the pace that the scale asks for.
func (s *story) file() *request {
	due := s.files * (s.requests + 1) / (s.commits * 8 / 15)
	if s.filed >= min(due, s.files) && len(s.active) > 0 {
		return nil
	}
	s.filed++
	return newRequest(s.rng, s.filed, s.at)
}

// move takes a request on to its next stage, or gives it another summary.
func (s *story) move() *request {
	i := s.rng.IntN(len(s.active))
	r := s.active[i]
	s.active = slices.Delete(s.active, i, i+1)
	if s.rng.IntN(8) == 0 {
		r.summary = paragraph(s.rng, 520)
	} else {
		r.stage++
	}
	return r
}

// fresh makes a folder that is not there yet.
func fresh(dir string) error {
	if dir == "" {
		return fmt.Errorf("--out is missing: expected a folder to write")
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return err
	}
	return os.Mkdir(dir, 0o777)
}
