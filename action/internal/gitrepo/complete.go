package gitrepo

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/odb"
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

// replaced looks for replace refs, and reads no other: there may be many.
func (r *Repo) replaced() (*Lack, error) {
	loose, err := below(filepath.Join(r.place.common, replaceRefs))
	if err != nil {
		return nil, err
	}
	packed, err := packedBelow(filepath.Join(r.place.common, "packed-refs"))
	if err != nil {
		return nil, err
	}
	ids := slices.Compact(slices.Sorted(slices.Values(append(loose, packed...))))
	if len(ids) == 0 {
		return nil, nil
	}
	return &Lack{
		Found: fmt.Sprintf("a repository with %d replaced objects, %s among them", len(ids), ids[0]),
		Mend:  "git replace -d with each id that git replace -l lists",
	}, nil
}

// replaceRefs is where Git keeps which object stands in for which (gitrepository-layout).
const replaceRefs = "refs/replace/"

// below are the names of the files in a folder; none where there is no folder.
func below(folder string) ([]string, error) {
	var names []string
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil || d.IsDir():
			return err
		}
		name, err := filepath.Rel(folder, path)
		names = append(names, filepath.ToSlash(name))
		return err
	})
	return names, err
}

// packedBelow are the names of the replace refs that are packed; a line has an id and a name
// (git-pack-refs).
func packedBelow(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		_, ref, _ := strings.Cut(strings.TrimSpace(line), " ")
		if name, is := strings.CutPrefix(ref, replaceRefs); is {
			names = append(names, name)
		}
	}
	return names, err
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
