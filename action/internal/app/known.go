package app

import (
	"crypto/sha1"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/memo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/verdict"
)

// Where an earlier run found nothing in a whole folder, its files are not looked at one by
// one: it is known by the name of what is in it, and judged beside the others by one digest.

// A folderTree is a tree that lists its files by folder.
type folderTree interface {
	Folders(skip func(gitrepo.Folder) bool) ([]gitrepo.Folder, error)
}

// A knownFolder is one in which an earlier run found nothing.
type knownFolder struct {
	gitrepo.Folder
	digest *rule.Digest // of its records
}

// mark stands for the folder's records, and for no path of one.
func (f knownFolder) mark() string { return f.Path + "/" }

// A listing is the files of a tree as a check needs them.
type listing struct {
	files   []gitrepo.File   // those to look at, sorted by path
	folders []gitrepo.Folder // that they stand in, to be known next time
	known   []knownFolder    // whose files are not among them
	all     []gitrepo.File   // all files, sorted by path; nil where some were not read
}

// list lists the tree's files, those of known folders apart.
func (d *desk) list(apart bool) (l listing, err error) {
	tree, can := d.tree.(folderTree)
	if !can || d.folders == nil {
		l.files, err = d.tree.Files()
		l.all = l.files
		return l, err
	}
	find := func(f gitrepo.Folder) *rule.Digest {
		if !apart {
			return nil
		}
		return d.folders.Find(folderName(f))
	}
	folders, err := tree.Folders(func(f gitrepo.Folder) bool { return find(f) != nil })
	if err != nil {
		return l, err
	}
	l.sort(folders, find)
	return l, nil
}

// sort tells known folders from others.
func (l *listing) sort(folders []gitrepo.Folder, find func(gitrepo.Folder) *rule.Digest) {
	read := true
	for _, f := range folders {
		read = read && f.Files != nil
		if digest := find(f); digest != nil {
			l.known = append(l.known, knownFolder{f, digest})
		} else {
			l.folders = append(l.folders, f)
		}
	}
	l.files = gitrepo.Together(l.folders)
	switch {
	case len(l.known) == 0:
		l.all = l.files
	case read:
		l.all = gitrepo.Together(folders)
	}
}

// folderName is the name under which the verdict on a folder is kept.
func folderName(f gitrepo.Folder) verdict.Record {
	return verdict.Record{Blob: sha1.Sum(append(append([]byte("folder "), f.Name[:]...), f.Path...))}
}

// errDoubtful says that known folders must be looked at after all.
var errDoubtful = errors.New("a known folder does not go with the rest of the tree")

// doubt reports whether something may be found in known folders, beside the rest of the tree.
func (l listing) doubt(fit *rule.Fit, shared map[string]bool) bool {
	for _, f := range l.known {
		if shared[f.mark()] || !fit.Holds(f.mark(), f.digest) {
			return true
		}
	}
	return len(l.known) > 0 && l.twins()
}

// twins reports whether a path that leads to known folders may be the twin of another one,
// or a file may stand in a known folder that does not have it. Only trees made by hand have
// such files. Twins within one folder were looked for with its files.
func (l listing) twins() bool {
	spelt, known := spellings{}, map[string]bool{}
	for _, f := range l.known {
		if known[f.Path] = true; spelt.add(f.Path) {
			return true
		}
	}
	last := ""
	for _, f := range l.files {
		dir := folderOf(f.Path)
		if known[dir] || dir != last && spelt.leads(dir) || spelt.other(f.Path) {
			return true
		}
		last = dir
	}
	return false
}

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

// folderOf is the folder that a path is in, "" for the top.
func folderOf(path string) string { return path[:max(0, strings.LastIndexByte(path, '/'))] }

// remember keeps which folders nothing was found in: no finding is in them, and no record of
// theirs was judged but by its digest.
func (d *desk) remember(l listing, all []surveyed, closely []record.Record, fs []finding.Finding) {
	if d.folders == nil || d.folders.Key() == (memo.Key{}) || slices.ContainsFunc(l.folders, strays) {
		return
	}
	spoilt, spelt := spoiltFolders(all, closely, fs), l.spelt()
	digests := map[string][]*rule.Digest{}
	for _, one := range all {
		folder := folderOf(one.Path)
		digests[folder] = append(digests[folder], one.digest)
	}
	for _, f := range l.folders {
		if told := f.Name != [20]byte{} && f.Last <= d.quiet; told && len(f.Files) > 0 && !spoilt[f.Path] && spelt.apart(f) {
			d.folders.Add(folderName(f), rule.Together(digests[f.Path]))
		}
	}
	d.keep("folders", d.folders)
}

// strays reports whether a file is listed by a folder that it is not in, by its path: a name in
// a tree made by hand may have slashes.
func strays(f gitrepo.Folder) bool {
	return slices.ContainsFunc(f.Files, func(file gitrepo.File) bool { return folderOf(file.Path) != f.Path })
}

// spoiltFolders are those in which something was found, or had to be looked for closely.
func spoiltFolders(all []surveyed, closely []record.Record, fs []finding.Finding) map[string]bool {
	spoilt := map[string]bool{}
	for _, f := range fs {
		spoilt[folderOf(f.Path)] = true
	}
	for _, r := range closely {
		spoilt[folderOf(r.Path())] = true
	}
	for _, one := range all {
		if !one.clean {
			spoilt[folderOf(one.Path)] = true
		}
	}
	return spoilt
}

// spelt are the spellings of all folders.
func (l listing) spelt() spellings {
	s := spellings{}
	for _, f := range l.folders {
		s.add(f.Path)
	}
	for _, f := range l.known {
		s.add(f.Path)
	}
	return s
}

// apart reports whether no folder is the twin of a folder, or of a file in it.
func (s spellings) apart(f gitrepo.Folder) bool {
	return !s.leads(f.Path) && !slices.ContainsFunc(f.Files, func(file gitrepo.File) bool { return s.other(file.Path) })
}
