package main

import (
	"bufio"
	"context"
	"errors"
	"os"
	"runtime/debug"
	"strings"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/gitrepo"
)

// landings prints what each landing did to requests, as the program finds it before it reads
// and folds them: what git log --raw -- requests/ prints.
func landings(dir, rev, cache string) (err error) {
	debug.SetGCPercent(400) // as the program does
	repo, err := gitrepo.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, repo.Close()) }()
	head, err := repo.Resolve(rev)
	if err != nil {
		return err
	}
	all, err := history(repo, head, cache)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	for _, l := range all {
		for _, c := range l.Changes {
			for _, word := range []string{l.Commit, " ", c.Old, " ", c.New, " ", c.Path, "\n"} {
				out.WriteString(word) // whose error Flush says again
			}
		}
	}
	return out.Flush()
}

// history reads what landed, with an index where there is a folder for it.
func history(repo *gitrepo.Repo, head, cache string) ([]event.Landing, error) {
	match := func(path string) bool { return strings.HasPrefix(path, "requests/") }
	if cache == "" {
		return repo.History(context.Background(), head, match, nil)
	}
	return repo.IndexedHistory(context.Background(), cache, "requests", head, match, nil)
}
