package github

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/commrel/liaison/action/internal/sim/git"
)

// Play does what a story tells, one step after the other, and stops at the first that
// cannot be done. Its verbs are:
//
//	account <login> <id> [Bot]
//	push <actor> <folder> [message]
//	open <actor> <folder> [title]           issues and pull requests count from 1
//	update <n> <actor> <folder> [message]
//	comment <n> <actor> [words]
//	review <n> <actor> <state> [words]
//	close <n> <actor> [words]
//	reopen <n> <actor>
//	merge <n> <actor> <style>
//
// A message or title that is left out is the folder's name.
func (w *World) Play(s *git.Story) error {
	verbs := verbs()
	for _, step := range s.Steps {
		v, ok := verbs[step.Verb]
		if !ok {
			return fmt.Errorf("line %d: %q is no verb", step.Line, step.Verb)
		}
		if n := len(step.Args); n < v.min || v.max > 0 && n > v.max {
			return fmt.Errorf("line %d: expected %s %s", step.Line, step.Verb, v.args)
		}
		if err := v.do(&worldStep{w, s, step}); err != nil {
			return fmt.Errorf("line %d: %s: %w", step.Line, step.Verb, err)
		}
	}
	return nil
}

type verb struct {
	args     string
	min, max int // how many arguments; max 0: any number
	do       func(*worldStep) error
}

func verbs() map[string]verb {
	return map[string]verb{
		"account": {"<login> <id> [Bot]", 2, 3, (*worldStep).account},
		"push":    {"<actor> <folder> [message]", 2, 0, (*worldStep).push},
		"open":    {"<actor> <folder> [title]", 2, 0, (*worldStep).open},
		"update":  {"<n> <actor> <folder> [message]", 3, 0, (*worldStep).update},
		"comment": {"<n> <actor> [words]", 2, 0, (*worldStep).comment},
		"review":  {"<n> <actor> <state> [words]", 3, 0, (*worldStep).review},
		"close":   {"<n> <actor> [words]", 2, 0, (*worldStep).close},
		"reopen":  {"<n> <actor>", 2, 2, (*worldStep).reopen},
		"merge":   {"<n> <actor> <style>", 3, 3, (*worldStep).merge},
	}
}

// A worldStep is one step of a story in one world.
type worldStep struct {
	w *World
	s *git.Story
	git.Step
}

func (t *worldStep) account() error {
	id, err := strconv.ParseInt(t.Args[1], 10, 64)
	if err != nil || id < 1 {
		return fmt.Errorf("%q is not an account id", t.Args[1])
	}
	typ := "User"
	if len(t.Args) == 3 {
		if typ = t.Args[2]; typ != "Bot" {
			return fmt.Errorf("%q is no type of account; expected Bot or nothing", typ)
		}
	}
	t.w.Account(t.Args[0], id, typ)
	return nil
}

func (t *worldStep) push() error {
	files, err := t.s.Folder(t.Args[1])
	if err != nil {
		return err
	}
	_, err = t.w.Push(t.Args[0], t.At, t.title(1), files)
	return err
}

func (t *worldStep) open() error {
	files, err := t.s.Folder(t.Args[1])
	if err != nil {
		return err
	}
	_, err = t.w.OpenPull(t.Args[0], t.At, t.title(1), files)
	return err
}

func (t *worldStep) update() error {
	files, err := t.s.Folder(t.Args[2])
	if err != nil {
		return err
	}
	return t.numbered(func(n int) error {
		return t.w.PushPull(n, t.Args[1], t.At, t.title(2), files)
	})
}

func (t *worldStep) comment() error {
	return t.numbered(func(n int) error { return t.w.Comment(n, t.Args[1], t.At, t.words(2)) })
}

func (t *worldStep) review() error {
	return t.numbered(func(n int) error {
		return t.w.Review(n, t.Args[1], t.At, t.Args[2], t.words(3))
	})
}

func (t *worldStep) close() error {
	return t.numbered(func(n int) error { return t.w.ClosePull(n, t.Args[1], t.At, t.words(2)) })
}

func (t *worldStep) reopen() error {
	return t.numbered(func(n int) error { return t.w.ReopenPull(n, t.Args[1], t.At) })
}

func (t *worldStep) merge() error {
	return t.numbered(func(n int) error { return t.w.Merge(n, t.Args[1], t.At, t.Args[2]) })
}

// numbered does something with the number that the first argument is.
func (t *worldStep) numbered(do func(int) error) error {
	n, err := strconv.Atoi(strings.TrimPrefix(t.Args[0], "#"))
	if err != nil {
		return fmt.Errorf("%q is not a number", t.Args[0])
	}
	return do(n)
}

// words joins the arguments from the ith on.
func (t *worldStep) words(i int) string { return strings.Join(t.Args[i:], " ") }

// title is the words after the folder, which is the ith argument, or else its name.
func (t *worldStep) title(i int) string {
	if words := t.words(i + 1); words != "" {
		return words
	}
	return t.Args[i]
}
