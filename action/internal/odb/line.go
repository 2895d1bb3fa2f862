package odb

import "bytes"

// An Entry is one line of a tree object, as it stands there.
type Entry struct {
	Mode uint32
	Name string
	ID   ID
}

const folderMode, kindMask = 0o040000, 0o170000

// A line is an entry whose name is still part of a text.
type line struct {
	mode uint32
	name []byte
	id   ID
}

func (l line) folder() bool { return l.mode&kindMask == folderMode }

func (l line) entry() Entry { return Entry{l.mode, string(l.name), l.id} }

// compare compares lines as git orders them: by name, where a folder's ends in a slash.
func (l line) compare(m line) int {
	n := min(len(l.name), len(m.name))
	if c := bytes.Compare(l.name[:n], m.name[:n]); c != 0 {
		return c
	}
	return l.end(n) - m.end(n)
}

// end is the byte that orders a name after its first n bytes.
func (l line) end(n int) int {
	switch {
	case n < len(l.name):
		return int(l.name[n])
	case l.folder():
		return '/'
	}
	return 0
}

// readLine reads the line that b begins with; n is how long it is, 0 where it is cut off or is
// none.
func readLine(b []byte) (l line, n int) {
	n = l.readHead(b)
	if n == 0 || len(b)-n < len(l.id) {
		return line{}, 0
	}
	copy(l.id[:], b[n:])
	return l, n + len(l.id)
}

// readHead reads mode and name, with the byte behind each; n is how many bytes they have.
func (l *line) readHead(b []byte) (n int) {
	const mostDigits = 7
	space := 0
	for ; space < len(b) && b[space] != ' '; space++ {
		if c := b[space]; c < '0' || c > '7' || space == mostDigits {
			return 0
		}
		l.mode = l.mode<<3 | uint32(b[space]-'0')
	}
	if space == 0 || space >= len(b) {
		return 0
	}
	nul := bytes.IndexByte(b[space+1:], 0)
	if nul < 0 {
		return 0
	}
	l.name = b[space+1 : space+1+nul]
	return space + 1 + nul + 1
}
