package gitrepo

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
)

// An entry is one line of a tree.
type entry struct {
	name string
	mode mode
	id   hash
}

// sound reports whether the name can be one step of a path. git itself refuses to write
// others, but an object can be made by hand.
func (e entry) sound() bool {
	return e.name != "" && e.name != "." && e.name != ".." && !strings.EqualFold(e.name, ".git") && !strings.Contains(e.name, "/")
}

func (e entry) folder() bool { return e.mode == folderMode && e.sound() }

func (e entry) regular() bool { return (e.mode == fileMode || e.mode == programMode) && e.sound() }

// sameContent reports whether two entries are regular files of one content, or neither is one.
func sameContent(x, y entry) bool {
	return x.regular() == y.regular() && (!x.regular() || x.id == y.id)
}

// blob is the id of a regular file's content, "" for anything else.
func (e entry) blob() string {
	if !e.regular() {
		return ""
	}
	return e.id.String()
}

// parseTree reads a raw tree object: mode, space, name, NUL and twenty bytes of id, again and
// again. Any name will do. go-git's decoder says the same in three times the time.
func parseTree(raw []byte) ([]entry, error) {
	const typical = 48 // bytes of one entry
	entries := make([]entry, 0, len(raw)/typical+1)
	for rest := string(raw); rest != ""; {
		digits, after, _ := strings.Cut(rest, " ")
		name, after, _ := strings.Cut(after, "\x00")
		m, err := strconv.ParseUint(digits, 8, 32)
		if err != nil || len(after) < len(hash{}) {
			return nil, errors.New("malformed: expected a mode, a name and an id")
		}
		entries = append(entries, entry{name, canonical(uint32(m)), hash([]byte(after[:len(hash{})]))})
		rest = after[len(hash{}):]
	}
	return inOrder(entries), nil
}

// inOrder sorts entries by name, a file before a folder of the same name, and drops twins but
// for the first. Only a tree made by hand has twins.
func inOrder(entries []entry) []entry {
	if !slices.IsSortedFunc(entries, compareEntry) {
		slices.SortStableFunc(entries, compareEntry)
	}
	return slices.CompactFunc(entries, func(a, b entry) bool { return compareEntry(a, b) == 0 })
}

func compareEntry(a, b entry) int {
	if c := strings.Compare(a.name, b.name); c != 0 {
		return c
	}
	return cmp.Compare(rank(a), rank(b))
}

func rank(e entry) int {
	if e.mode == folderMode {
		return 1
	}
	return 0
}

// A mode is what a tree says that an entry is, as one of the five that git knows.
type mode uint32

const (
	folderMode  mode = 0o040000
	fileMode    mode = 0o100644
	programMode mode = 0o100755
	linkMode    mode = 0o120000
	moduleMode  mode = 0o160000
)

// canonical is git's reading of a mode: what it does not know is a submodule.
func canonical(m uint32) mode {
	switch mode(m & 0o170000) {
	case folderMode:
		return folderMode
	case linkMode:
		return linkMode
	case 0o100000:
		if m&0o100 != 0 {
			return programMode
		}
		return fileMode
	}
	return moduleMode
}

// String is six octal digits, as git prints modes.
func (m mode) String() string {
	switch m {
	case fileMode:
		return "100644"
	case folderMode:
		return "040000"
	}
	s := strconv.FormatUint(uint64(m), 8)
	return strings.Repeat("0", max(0, 6-len(s))) + s
}
