package check

import (
	"iter"
	"slices"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/gitrepo"
)

// Spellings are folders, and those on the way to them, by their folded paths; several are
// those of a path with two spellings.
type spellings map[string]string

// several is no folder's path.
const several = "/"

// add takes in a folder, and reports whether it has another spelling.
func (s spellings) add(folder string) (twins bool) {
	for step := range steps(folder) {
		if s.other(step) {
			s[document.Folded(step)], twins = several, true
		} else {
			s[document.Folded(step)] = step
		}
	}
	return twins
}

// other reports whether a path has another spelling.
func (s spellings) other(path string) bool {
	known := s[document.Folded(path)]
	return known != "" && known != path
}

// leads reports whether a folder, or one on the way to it, has another spelling.
func (s spellings) leads(folder string) bool {
	for step := range steps(folder) {
		if s.other(step) {
			return true
		}
	}
	return false
}

// steps are the folders on the way to one, and itself; the top is none.
func steps(folder string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 1; i <= len(folder); i++ {
			if (i == len(folder) || folder[i] == '/') && !yield(folder[:i]) {
				return
			}
		}
	}
}

// spelt are the spellings of all folders.
func (l listing) spelt() spellings {
	s := spellings{}
	for _, f := range l.folders {
		s.add(f.Path)
	}
	for _, f := range l.cached {
		s.add(f.Path)
	}
	return s
}

// apart reports whether no folder is the twin of a folder, or of a file in it.
func (s spellings) apart(f gitrepo.Folder) bool {
	return !s.leads(f.Path) && !slices.ContainsFunc(f.Files, func(file gitrepo.File) bool { return s.other(file.Path) })
}
