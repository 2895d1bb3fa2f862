package gitrepo

import (
	"cmp"
	"slices"
)

// A Folder is the files that stand in one folder of a tree, those in folders below it left
// out.
type Folder struct {
	Path string // with slashes, from the top, which is ""
	// Name tells what is in it: while it is the same, so are the files, their modes and what
	// is in each, provided that they stand still (Last). It is zero where nothing is known
	// that short: of a commit's folder with folders below it, and where files have no stamp.
	Name  [20]byte
	Last  int64  // when a file in it was last changed, in nanoseconds since 1970; 0 in a commit
	Files []File // sorted by path; nil where a commit's folder was skipped
}

// Together are the files of some folders, sorted by path.
func Together(folders []Folder) []File {
	folders = slices.SortedFunc(slices.Values(folders), func(a, b Folder) int { return cmp.Compare(first(a), first(b)) })
	n := 0
	for _, f := range folders {
		n += len(f.Files)
	}
	files := make([]File, 0, n)
	for _, f := range folders {
		files = append(files, f.Files...)
	}
	if !slices.IsSortedFunc(files, comparePath) { // files stand beside folders
		slices.SortStableFunc(files, comparePath)
	}
	return files
}

func first(f Folder) string {
	if len(f.Files) == 0 {
		return ""
	}
	return f.Files[0].Path
}

func comparePath(a, b File) int { return cmp.Compare(a.Path, b.Path) }
