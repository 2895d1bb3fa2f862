package check

import (
	"crypto/sha1"
	"errors"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/check/cache"
	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/rule"
)

// Where an earlier run found nothing in a whole folder, its files are not looked at one by
// one: the cache has it by the name of its content, and it is checked beside the others by one
// digest.

// A cachedFolder is one in which an earlier run found nothing.
type cachedFolder struct {
	gitrepo.Folder
	digest *rule.Digest // of its records
}

// mark stands for the folder's records, and for no path of one.
func (f cachedFolder) mark() string { return f.Path + "/" }

// A listing is the files of a tree as a check needs them.
type listing struct {
	files   []gitrepo.File   // those to look at, sorted by path
	folders []gitrepo.Folder // that they stand in, to be in the cache next time
	cached  []cachedFolder   // whose files are not among them
	all     []gitrepo.File   // all files, sorted by path; nil where some were not read
}

// list lists the tree's files, those of cached folders apart.
func (c *checker) list(apart bool) (l listing, err error) {
	tree, can := c.Tree.(desk.FolderTree)
	if !can || c.kept == nil {
		l.files, err = c.Tree.Files()
		l.all = l.files
		return l, err
	}
	find := func(f gitrepo.Folder) *rule.Digest {
		if !apart {
			return nil
		}
		return c.kept.Folders().Find(folderName(f))
	}
	folders, err := tree.Folders(func(f gitrepo.Folder) bool { return find(f) != nil })
	if err != nil {
		return l, err
	}
	l.sort(folders, find)
	return l, nil
}

// sort tells cached folders from others.
func (l *listing) sort(folders []gitrepo.Folder, find func(gitrepo.Folder) *rule.Digest) {
	read := true
	for _, f := range folders {
		read = read && f.Files != nil
		if digest := find(f); digest != nil {
			l.cached = append(l.cached, cachedFolder{f, digest})
		} else {
			l.folders = append(l.folders, f)
		}
	}
	l.files = gitrepo.Together(l.folders)
	switch {
	case len(l.cached) == 0:
		l.all = l.files
	case read:
		l.all = gitrepo.Together(folders)
	}
}

// folderName is the name under which the verdict on a folder is kept.
func folderName(f gitrepo.Folder) cache.Subject {
	return cache.Subject{Blob: sha1.Sum(append(append([]byte("folder "), f.Name[:]...), f.Path...))}
}

// errDoubtful says that cached folders must be looked at after all.
var errDoubtful = errors.New("a cached folder does not go with the rest of the tree")

// records is how many records are in cached folders.
func (l listing) records() (n int) {
	for _, f := range l.cached {
		n += f.digest.Records
	}
	return n
}

// doubt reports whether something may be found in cached folders, beside the rest of the tree.
func (l listing) doubt(fit *rule.Fit, shared map[string]bool) bool {
	for _, f := range l.cached {
		if shared[f.mark()] || !fit.Holds(f.mark(), f.digest) {
			return true
		}
	}
	return len(l.cached) > 0 && l.twins()
}

// twins reports whether a path that leads to cached folders may be the twin of another one,
// or a file may stand in a cached folder that does not have it. Only trees made by hand have
// such files. Twins within one folder were looked for with its files.
func (l listing) twins() bool {
	spelt, known := spellings{}, map[string]bool{}
	for _, f := range l.cached {
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

// folderOf is the folder that a path is in, "" for the top.
func folderOf(path string) string { return path[:max(0, strings.LastIndexByte(path, '/'))] }

// keepFolders keeps which folders nothing was found in: no finding is in them, and no record
// of theirs was checked but by its digest.
func (c *checker) keepFolders(l listing, all []checked, closely []record.Record, fs []finding.Finding) {
	folders := c.kept.Folders()
	if !folders.Kept() || slices.ContainsFunc(l.folders, strays) {
		return
	}
	dirty, spelt := dirtyFolders(all, closely, fs), l.spelt()
	digests := map[string][]*rule.Digest{}
	for _, one := range all {
		folder := folderOf(one.Path)
		digests[folder] = append(digests[folder], one.digest)
	}
	for _, f := range l.folders {
		if told := f.Name != [20]byte{} && f.Last <= c.quiet; told && len(f.Files) > 0 && !dirty[f.Path] && spelt.apart(f) {
			folders.Add(folderName(f), rule.Together(digests[f.Path]))
		}
	}
	c.keep()
}

// strays reports whether a file is listed by a folder that it is not in, by its path: a name in
// a tree made by hand may have slashes.
func strays(f gitrepo.Folder) bool {
	return slices.ContainsFunc(f.Files, func(file gitrepo.File) bool { return folderOf(file.Path) != f.Path })
}

// dirtyFolders are those in which something was found, or had to be looked for closely.
func dirtyFolders(all []checked, closely []record.Record, fs []finding.Finding) map[string]bool {
	dirty := map[string]bool{}
	for _, f := range fs {
		dirty[folderOf(f.Path)] = true
	}
	for _, r := range closely {
		dirty[folderOf(r.Path())] = true
	}
	for _, one := range all {
		if !one.clean {
			dirty[folderOf(one.Path)] = true
		}
	}
	return dirty
}
