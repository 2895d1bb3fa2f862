package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"time"
)

// A stream is a history on its way into git fast-import. Marks name what was written.
type stream struct {
	w    *bufio.Writer
	last int
}

// A commit is one commit of a stream; from and merge are marks, files are marks by path.
type commit struct {
	branch      string
	from, merge int // 0: none
	who         string
	at          time.Time
	message     string
	files       map[string]int
}

// importing pipes what tell writes into the repository at dir.
func importing(dir string, tell func(*stream) error) error {
	in, out := io.Pipe()
	told := make(chan error, 1)
	go func() {
		w := &stream{w: bufio.NewWriterSize(out, 1<<20)}
		err := errors.Join(tell(w), w.w.Flush())
		told <- err
		out.CloseWithError(err)
	}()
	err := git(dir, in, "fast-import", "--quiet", "--active-branches=16")
	in.CloseWithError(err)
	return errors.Join(err, <-told)
}

// git runs git in a folder, deaf to the settings of whoever runs it.
func git(dir string, in io.Reader, args ...string) error {
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, in, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("git %s: %w", args[0], err)
	}
	return nil
}

func (s *stream) mark() int {
	s.last++
	fmt.Fprintf(s.w, "mark :%d\n", s.last)
	return s.last
}

func (s *stream) data(b []byte) { fmt.Fprintf(s.w, "data %d\n%s\n", len(b), b) }

func (s *stream) blob(b []byte) int {
	s.w.WriteString("blob\n")
	mark := s.mark()
	s.data(b)
	return mark
}

// blobs writes several files, in the order of their paths.
func (s *stream) blobs(files map[string][]byte) map[string]int {
	out := map[string]int{}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		out[path] = s.blob(files[path])
	}
	return out
}

func (s *stream) commit(c commit) int {
	fmt.Fprintf(s.w, "commit refs/heads/%s\n", c.branch)
	mark := s.mark()
	for _, role := range []string{"author", "committer"} {
		fmt.Fprintf(s.w, "%s %s %d +0000\n", role, c.who, c.at.Unix())
	}
	s.data([]byte(c.message))
	if c.from > 0 {
		fmt.Fprintf(s.w, "from :%d\n", c.from)
	}
	if c.merge > 0 {
		fmt.Fprintf(s.w, "merge :%d\n", c.merge)
	}
	for _, path := range slices.Sorted(maps.Keys(c.files)) {
		fmt.Fprintf(s.w, "M 100644 :%d %s\n", c.files[path], path)
	}
	s.w.WriteString("\n")
	return mark
}
