package gitrepo

import (
	"bytes"
	"encoding/hex"
	"errors"
)

// A commit is what the header lines of a commit object say.
type commit struct {
	tree      hash
	parents   []hash
	author    person // its time is never used
	committer person
}

// byForge reports whether GitHub itself made the commit, so that its committer is nobody.
func (c commit) byForge() bool {
	return c.committer.name == "GitHub" && c.committer.mail == "noreply@github.com"
}

// parseCommit reads a raw commit object. It wants the tree and parents that git wants. Where
// the header is doubled or out of order it takes git's reading of those two and believes
// nothing else: the people are unknown and so are the times. go-git would believe the first.
func parseCommit(raw []byte, known names) (c commit, err error) {
	header, _, _ := bytes.Cut(raw, []byte("\n\n"))
	line, rest, _ := bytes.Cut(header, []byte("\n"))
	if c.tree, err = idAfter("tree ", line); err != nil {
		return commit{}, errors.New("malformed: expected a tree line first")
	}
	for bytes.HasPrefix(rest, []byte("parent ")) {
		line, rest, _ = bytes.Cut(rest, []byte("\n"))
		id, err := idAfter("parent ", line)
		if err != nil {
			return commit{}, errors.New("malformed: expected an object id after parent")
		}
		c.parents = append(c.parents, id)
	}
	c.author, c.committer = parsePeople(rest, known)
	return c, nil
}

// idAfter reads a line that is a key and an object id.
func idAfter(key string, line []byte) (id hash, err error) {
	digits, ok := bytes.CutPrefix(line, []byte(key))
	if !ok || len(digits) != hex.EncodedLen(len(id)) {
		return hash{}, errors.New("no object id")
	}
	_, err = hex.Decode(id[:], digits)
	return id, err
}

// parsePeople reads the lines after the parents. Both people are nobody unless there is one
// author followed by one committer and no further tree or parent.
func parsePeople(lines []byte, known names) (author, committer person) {
	first, rest, _ := bytes.Cut(lines, []byte("\n"))
	second, rest, _ := bytes.Cut(rest, []byte("\n"))
	first, ok := bytes.CutPrefix(first, []byte("author "))
	second, ok2 := bytes.CutPrefix(second, []byte("committer "))
	if !ok || !ok2 {
		return person{}, person{}
	}
	for line := range bytes.Lines(rest) {
		switch key, _, _ := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte(" ")); string(key) {
		case "tree", "parent", "author", "committer":
			return person{}, person{}
		}
	}
	return known.person(first), known.person(second)
}

// Names are the people whose lines were read before, without their times.
type names map[string]person

// person is parsePerson for a line whose name and address may be known.
func (n names) person(line []byte) person {
	end := bytes.LastIndexByte(line, '>') + 1
	if bytes.IndexByte(line[end:], '<') >= 0 {
		return parsePerson(string(line))
	}
	p, known := n[string(line[:end])]
	if !known {
		p = parsePerson(string(line[:end]))
		n[string(line[:end])] = p
	}
	p.time = parseTime(string(line[end:]))
	return p
}
