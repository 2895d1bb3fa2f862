package main

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// changed is how many requests the branch `change` of a work tree edits, and how many it adds.
const changed = 20

// makeTree writes a repository whose work tree has so many requests, all in one commit, and
// a branch `change` that edits and adds some, as a pull request does.
func makeTree(files int, out string, seed uint64) error {
	if files < changed {
		return fmt.Errorf("--files %d: expected %d or more", files, changed)
	}
	if err := fresh(out); err != nil {
		return err
	}
	if err := git(out, nil, "init", "-q", "--initial-branch=main", "."); err != nil {
		return err
	}
	if err := importing(out, func(w *stream) error { return tellTree(w, files, rand.New(rand.NewPCG(seed, 1))) }); err != nil {
		return err
	}
	if err := git(out, nil, "repack", "-adfq", "--window=10", "--depth=50"); err != nil {
		return err
	}
	return git(out, nil, "reset", "-q", "--hard", "main")
}

func tellTree(w *stream, files int, rng *rand.Rand) error {
	tree, err := surroundings()
	if err != nil {
		return err
	}
	edits := map[string][]byte{}
	for n := range files {
		r := newRequest(rng, n, began.Add(length/time.Duration(files)*time.Duration(n)))
		r.stage = rng.IntN(len(stages) - 1)
		tree[r.path] = r.yaml()
		if n%(files/changed) == 0 {
			r.stage++
			edits[r.path] = r.yaml()
		}
	}
	for n := range changed {
		r := newRequest(rng, files+n, began.Add(length))
		edits[r.path] = r.yaml()
	}
	who := account("example-lia")
	main := w.commit(commit{branch: "main", who: who, at: began.Add(length), message: "A desk after some years", files: w.blobs(tree)})
	w.commit(commit{branch: "change", from: main, who: who, at: began.Add(length + time.Hour), message: "Change some requests", files: w.blobs(edits)})
	return nil
}
