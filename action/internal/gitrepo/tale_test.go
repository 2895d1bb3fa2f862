package gitrepo

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"time"
)

// A tale is a random history. Git takes it in as one stream: a process for every commit, and
// a file for every object, would cost a hundred times as much.
type tale struct {
	l     *lab
	loose bool // every object is a file of its own, as after a commit; or all are in a pack
	in    bytes.Buffer
	marks int
	on    string // the branch that goes on
	tips  map[string]*scene
}

// A scene is a commit of a tale.
type scene struct {
	mark    int
	parents []*scene
	files   map[string]content
}

type content struct{ mode, text string }

func regular(text string) content { return content{"100644", text} }

// newTale begins a tale with one file.
func newTale(l *lab, loose bool) *tale {
	t := &tale{l: l, loose: loose, on: "main", tips: map[string]*scene{}}
	t.commit(map[string]content{"seed": regular("0")})
	return t
}

func (t *tale) head() *scene { return t.tips[t.on] }

// with are the files of the last commit, and one more.
func (t *tale) with(path, text string) map[string]content {
	files := maps.Clone(t.head().files)
	files[path] = regular(text)
	return files
}

// commit moves the branch to a new commit, an hour later, wherever the branch was.
func (t *tale) commit(files map[string]content, parents ...*scene) {
	t.marks++
	t.tips[t.on] = &scene{t.marks, parents, files}
	t.l.clock = t.l.clock.Add(time.Hour)
	fmt.Fprintf(&t.in, "commit refs/heads/%s\nmark :%d\nauthor %s 915148800 +0000\ncommitter %s %d +0000\ndata 8\na commit\n",
		t.on, t.marks, t.l.who, t.l.who, t.l.clock.Unix())
	for i, p := range parents {
		fmt.Fprintf(&t.in, "%s :%d\n", []string{"from", "merge"}[min(i, 1)], p.mark)
	}
	t.in.WriteString("deleteall\n")
	for _, path := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(&t.in, "M %s inline %s\ndata %d\n%s\n", files[path].mode, path, len(files[path].text), files[path].text)
	}
}

// rewind takes the last commit off the branch.
func (t *tale) rewind() {
	t.move(t.head().parents[0])
}

// move lets the branch be at a commit, whether or not there was one of its name.
func (t *tale) move(to *scene) {
	t.tips[t.on] = to
	fmt.Fprintf(&t.in, "reset refs/heads/%s\nfrom :%d\n\n", t.on, to.mark)
}

// tell gives git what was not told yet, and checks the branch out without its files.
func (t *tale) tell() {
	t.l.t.Helper()
	limit := map[bool]int{true: 1 << 20, false: 1}[t.loose] // of objects that become files
	t.l.gitInput(t.in.String(), "-c", fmt.Sprint("fastimport.unpackLimit=", limit), "fast-import", "--quiet", "--force",
		"--import-marks-if-exists=.git/marks", "--export-marks=.git/marks")
	t.in.Reset()
	t.l.write(".git/HEAD", "ref: refs/heads/"+t.on+"\n")
}

// wander makes branches and merges of files that come, change, become folders or links, and go.
func (t *tale) wander(rnd *rand.Rand, steps int) {
	branches := []string{"main"}
	for i := range steps {
		switch rnd.IntN(6) {
		case 0:
			at := t.head()
			t.on = fmt.Sprint("b", i)
			t.move(at)
			branches = append(branches, t.on)
		case 1:
			t.on = branches[rnd.IntN(len(branches))]
		case 2: // keeps either side's files, new commits or none
			sides := []*scene{t.head(), t.tips[branches[rnd.IntN(len(branches))]]}
			t.commit(sides[rnd.IntN(2)].files, sides...)
		default:
			t.commit(t.changed(rnd, i), t.head())
		}
	}
}

func (t *tale) changed(rnd *rand.Rand, i int) map[string]content {
	name := fmt.Sprintf("d%d/e%d/f%d.yaml", rnd.IntN(3), rnd.IntN(3), rnd.IntN(4))
	files := maps.Clone(t.head().files)
	drop := func(gone string) {
		maps.DeleteFunc(files, func(p string, _ content) bool { return p == gone || strings.HasPrefix(p, gone+"/") })
	}
	switch rnd.IntN(5) {
	case 0:
		drop(path.Dir(name))
	case 1:
		drop(name)
		files[name+"/inner.yaml"] = regular(fmt.Sprint(i))
	case 2:
		drop(name)
		files[path.Dir(name)+"/keep"] = regular("")
		files[name] = content{"120000", "keep"}
	default:
		drop(name)
		files[name] = regular(fmt.Sprint(i))
	}
	return files
}

// weave makes a few commits, branches and merges on one branch, an octopus among them.
func (t *tale) weave(rnd *rand.Rand, steps int) {
	for range steps {
		at := t.head()
		switch rnd.IntN(5) {
		case 0:
			t.commit(at.files, at)
			side := t.head()
			t.commit(at.files, append(slices.Clone(at.parents[:min(1, len(at.parents))]), side)...)
			t.commit(at.files, at, t.head(), side)
			t.commit(t.with(fmt.Sprint("m", rnd.IntN(3)), fmt.Sprint(rnd.IntN(9))), t.head())
		case 1:
			t.commit(t.with(fmt.Sprint("s", rnd.IntN(3)), fmt.Sprint(rnd.IntN(99))), at)
			t.commit(t.head().files, at, t.head())
		default:
			t.commit(t.with(fmt.Sprintf("d%d/f%d.yaml", rnd.IntN(3), rnd.IntN(4)), fmt.Sprint(rnd.IntN(99))), at)
		}
	}
}
