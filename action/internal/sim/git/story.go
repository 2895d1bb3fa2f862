package git

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
)

// A Story is what happened, step by step, and the files that it happened to. In its text, a
// txtar archive, the comment holds one step a line, `<RFC 3339 time> <verb> <argument…>`,
// with blank lines and lines that begin with '#' between them.
type Story struct {
	Steps []Step
	Files map[string][]byte // by their name in the archive
}

// A Step is one line of a story.
type Step struct {
	At   time.Time // UTC
	Verb string
	Args []string
	Line int // 1-based, in the story's text
}

// removals is the file of a folder that lists what to remove instead of holding content.
const removals = "-remove"

// Parse reads a story. It knows no verb: whoever plays the story does.
func Parse(src []byte) (*Story, error) {
	archive := txtar.Parse(src)
	s := &Story{Files: map[string][]byte{}}
	for i, line := range strings.Split(string(archive.Comment), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		step, err := parseStep(words)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		step.Line = i + 1
		s.Steps = append(s.Steps, step)
	}
	for _, f := range archive.Files {
		if _, twice := s.Files[f.Name]; twice {
			return nil, fmt.Errorf("the story holds %s twice", f.Name)
		}
		s.Files[f.Name] = bytes.Clone(f.Data)
	}
	return s, nil
}

func parseStep(words []string) (Step, error) {
	at, err := time.Parse(time.RFC3339, words[0])
	if err != nil {
		return Step{}, fmt.Errorf("%q is not a time; expected one such as 2026-07-01T09:00:00Z", words[0])
	}
	if len(words) < 2 {
		return Step{}, fmt.Errorf("no verb after %s", words[0])
	}
	return Step{At: at.UTC(), Verb: words[1], Args: words[2:]}, nil
}

// Folder returns the files under a folder of the archive by what follows its name, with a
// nil value for each path that its file "-remove" lists, one a line.
func (s *Story) Folder(name string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, line := range strings.Split(string(s.Files[name+"/"+removals]), "\n") {
		if gone := strings.TrimSpace(line); gone != "" {
			files[gone] = nil
		}
	}
	for path, content := range s.Files {
		rest, ok := strings.CutPrefix(path, name+"/")
		if ok && rest != removals {
			files[rest] = nonNil(content)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("the story has no folder %s", name)
	}
	return files, nil
}

// nonNil keeps an empty file apart from a removed one.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
