package gitrepo

import (
	"errors"
	"strings"
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
func parseCommit(raw []byte) (c commit, err error) {
	header, _, _ := strings.Cut(string(raw), "\n\n")
	lines := strings.Split(header, "\n")
	id, ok := strings.CutPrefix(lines[0], "tree ")
	if c.tree, err = parseHash(id); err != nil || !ok {
		return commit{}, errors.New("malformed: expected a tree line first")
	}
	lines = lines[1:]
	for len(lines) > 0 && strings.HasPrefix(lines[0], "parent ") {
		id, err := parseHash(lines[0][len("parent "):])
		if err != nil {
			return commit{}, errors.New("malformed: expected an object id after parent")
		}
		c.parents, lines = append(c.parents, id), lines[1:]
	}
	c.author, c.committer = parsePeople(lines)
	return c, nil
}

// parsePeople reads the lines after the parents. Both people are nobody unless there is one
// author followed by one committer and no further tree or parent.
func parsePeople(lines []string) (author, committer person) {
	if len(lines) < 2 || !strings.HasPrefix(lines[0], "author ") || !strings.HasPrefix(lines[1], "committer ") {
		return person{}, person{}
	}
	for _, line := range lines[2:] {
		switch key, _, _ := strings.Cut(line, " "); key {
		case "tree", "parent", "author", "committer":
			return person{}, person{}
		}
	}
	return parsePerson(lines[0][len("author "):]), parsePerson(lines[1][len("committer "):])
}
