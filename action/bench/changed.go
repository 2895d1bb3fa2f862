package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/commrel/liaison/action/internal/gitrepo"
)

// changedFiles prints what the branch change does to main, as the program finds it before it
// judges: what git diff-tree -r prints.
func changedFiles(dir string) (err error) {
	debug.SetGCPercent(400) // as the program does
	repo, err := gitrepo.Open(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, repo.Close()) }()
	var ends [2]string
	for i, name := range []string{"main", "change"} {
		if ends[i], err = repo.Resolve(name); err != nil {
			return err
		}
	}
	diffs, err := repo.Diff(ends[0], ends[1])
	if err != nil {
		return err
	}
	out := bufio.NewWriter(os.Stdout)
	for _, d := range diffs {
		fmt.Fprintln(out, d.Old.Mode, d.New.Mode, d.Old.Blob, d.New.Blob, d.Path)
	}
	return out.Flush()
}
