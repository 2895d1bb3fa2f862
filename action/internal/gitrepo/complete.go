package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/commrel/liaison/action/internal/odb"
	"github.com/go-git/go-git/v5/plumbing"
)

// Incomplete says that part of the history is not here, or is replaced by something else.
type Incomplete struct{ Lacks []Lack }

// A Lack is one reason, and how to mend it.
type Lack struct{ Found, Mend string }

// Error names every lack with its mend.
func (e *Incomplete) Error() string {
	var words []string
	for _, l := range e.Lacks {
		words = append(words, l.Found+" ("+l.Mend+")")
	}
	return "the whole history is needed, but this is " + strings.Join(words, "; and ")
}

// Complete is nil when the whole history is here as it was committed, an *Incomplete when the
// repository is a shallow or partial clone or has grafts or replace refs, and another error
// when that cannot be found out.
func (r *Repo) Complete() error {
	var lacks []Lack
	for _, look := range []func() (*Lack, error){r.shallow, r.grafts, r.replaced, r.partial} {
		lack, err := look()
		if err != nil {
			return fmt.Errorf("cannot tell whether the history is whole: %w", err)
		}
		if lack != nil {
			lacks = append(lacks, *lack)
		}
	}
	if lacks == nil {
		return nil
	}
	return &Incomplete{lacks}
}

// commitGraph is what Git has written down of commits, nil where there is nothing, or where
// Git would not use it either.
func (r *Repo) commitGraph() *odb.Graph {
	if core := r.config.raw.Section("core").Options; core.Has("commitgraph") && !isSet(core, "commitgraph") {
		return nil
	}
	for _, look := range []func() (*Lack, error){r.shallow, r.grafts, r.replaced} {
		if lack, err := look(); lack != nil || err != nil {
			return nil
		}
	}
	return r.packed.Graph()
}

func (r *Repo) shallow() (*Lack, error) {
	n, err := countLines(filepath.Join(r.place.common, "shallow"))
	if n == 0 || err != nil {
		return nil, err
	}
	return &Lack{
		Found: fmt.Sprintf("a shallow clone, cut off at %d of its commits", n),
		Mend:  "git fetch --unshallow; with actions/checkout, fetch-depth: 0",
	}, nil
}

func (r *Repo) grafts() (*Lack, error) {
	file := filepath.Join(r.place.common, "info", "grafts")
	n, err := countLines(file)
	if n == 0 || err != nil {
		return nil, err
	}
	return &Lack{
		Found: fmt.Sprintf("a repository with %d grafted commits", n),
		Mend:  "remove " + file,
	}, nil
}

func (r *Repo) replaced() (*Lack, error) {
	refs, err := r.refs.IterReferences()
	if err != nil {
		return nil, err
	}
	n, first := 0, ""
	err = refs.ForEach(func(ref *plumbing.Reference) error {
		if id, ok := strings.CutPrefix(ref.Name().String(), "refs/replace/"); ok {
			n, first = n+1, id
		}
		return nil
	})
	if n == 0 || err != nil {
		return nil, err
	}
	return &Lack{
		Found: fmt.Sprintf("a repository with %d replaced objects, %s among them", n, first),
		Mend:  "git replace -d with each id that git replace -l lists",
	}, nil
}

func (r *Repo) partial() (*Lack, error) {
	found := r.config.promisor()
	packs, err := filepath.Glob(filepath.Join(globEscape(r.place.common), "objects", "pack", "*.promisor"))
	if err != nil {
		return nil, err
	}
	if found == "" && len(packs) > 0 {
		found = filepath.Base(packs[0])
	}
	if found == "" {
		return nil, nil
	}
	return &Lack{
		Found: "a partial clone, as " + found + " shows",
		Mend:  "clone again without --filter",
	}, nil
}

func globEscape(path string) string {
	if filepath.Separator == '\\' {
		return path
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// countLines counts the lines of a file that are neither empty nor a comment; a missing file
// has none.
func countLines(file string) (n int, err error) {
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	for line := range bytes.Lines(b) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '#' {
			n++
		}
	}
	return n, err
}
