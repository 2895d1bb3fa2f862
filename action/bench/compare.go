package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// A lab is a folder with all that is measured: repositories, work trees, programs.
type lab struct{ dir string }

func (l lab) path(parts ...string) string { return filepath.Join(append([]string{l.dir}, parts...)...) }

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// compare makes what is missing in a lab, runs every pair whose name fits, and prints a table.
func compare(dir, sizes, only string, runs int) error {
	wanted, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("--only: %w", err)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	l := lab{dir}
	if err := l.prepare(strings.Split(sizes, ",")); err != nil {
		return err
	}
	fmt.Printf("%s/%s, %d processors, %s; medians of %d pairs of whole processes\n\n%s\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), runs, heading)
	for _, p := range l.pairs(strings.Split(sizes, ",")) {
		if !wanted.MatchString(p.name) {
			continue
		}
		m, err := p.run(runs)
		if err != nil {
			return err
		}
		fmt.Println(m.row())
	}
	return nil
}

// trees are the sizes of work trees, by name.
var trees = []struct {
	name  string
	files int
}{{"T10k", 10_000}, {"T100k", 100_000}}

// prepare makes what is missing. It is to be run at the top of the checkout.
func (l lab) prepare(sizes []string) error {
	for _, size := range sizes {
		if !there(l.path(size)) {
			if err := makeHistory(size, l.path(size), 1); err != nil {
				return err
			}
		}
	}
	for _, t := range trees {
		if !there(l.path(t.name)) {
			if err := makeTree(t.files, l.path(t.name), 1); err != nil {
				return err
			}
		}
		if !there(l.path("rivals", t.name)) {
			if err := makeRivalTree(l.path(t.name), l.path("rivals", t.name)); err != nil {
				return err
			}
		}
	}
	return l.build()
}

// build builds the program and what it is measured against.
func (l lab) build() error {
	const rivals = "action/bench/rivals"
	for _, args := range [][]string{
		{"go", "build", "-buildvcs=false", "-o", l.path("liaison"), "./action/cmd/liaison"},
		{"go", "build", "-buildvcs=false", "-o", l.path("bench"), "./action/bench"},
		{"go", "build", "-C", rivals, "-o", l.path("kubeconform"), "github.com/yannh/kubeconform/cmd/kubeconform"},
	} {
		if err := command(args...); err != nil {
			return err
		}
	}
	if there(l.path("node_modules")) {
		return nil
	}
	manifest, err := os.ReadFile(filepath.Join(rivals, "package.json"))
	if err == nil {
		err = os.WriteFile(l.path("package.json"), manifest, 0o666)
	}
	if err != nil {
		return err
	}
	return command("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", l.dir)
}

func command(args ...string) error {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%q: %w", args, err)
	}
	return nil
}

// pairs are all comparisons.
func (l lab) pairs(sizes []string) []pair {
	out := []pair{{name: "version, git version", ours: []string{l.path("liaison"), "version"}, theirs: []string{"git", "version"}}}
	for _, size := range sizes {
		out = append(out, l.ofHistory(size)...)
	}
	for _, t := range trees {
		out = append(out, l.ofTree(t.name)...)
	}
	return out
}

func (l lab) ofHistory(size string) []pair {
	events := []string{l.path("liaison"), "events", "--repo", l.path(size)}
	landings := []string{l.path("bench"), "landings", "--dir", l.path(size)}
	log := func(args ...string) []string {
		return slices.Concat([]string{"git", "-C", l.path(size), "log"}, args, []string{"main", "--", "requests/"})
	}
	raw := log("--raw", "--no-renames")
	reach := map[string]float64{"S": 0.6, "M": 0.25, "L": 0.10}[size]
	return []pair{
		{name: "landings, " + size + ", git log --raw", ours: landings, theirs: raw, reach: reach},
		l.again("landings, "+size+", 100 new, git log --raw", landings, raw),
		{name: "events, " + size + ", git log --raw", ours: events, theirs: raw, reach: reach},
		{name: "events, " + size + ", git log -G", ours: events, theirs: log("-p", "-U0", "-G^status:"), reach: map[string]float64{"M": 0.2}[size]},
		l.again("events, "+size+", 100 new, git log --raw", events, raw),
	}
}

// again is a pair whose side of ours finds an index without the last hundred landings.
func (l lab) again(name string, ours, theirs []string) pair {
	kept := l.path("kept", strings.NewReplacer(",", "", " ", "-").Replace(name))
	cache := kept + ".now"
	return pair{name: name, ours: append(slices.Clip(ours), "--cache", cache), theirs: theirs, before: func() error {
		if !there(kept) {
			if err := command(append(slices.Clip(ours), "--cache", kept, "--rev", "main~100")...); err != nil {
				return err
			}
		}
		return errors.Join(os.RemoveAll(cache), os.CopyFS(cache, os.DirFS(kept)))
	}}
}

func (l lab) ofTree(tree string) []pair {
	liaison, repo, rival := l.path("liaison"), l.path(tree), l.path("rivals", tree)
	kubeconform := []string{l.path("kubeconform"), "-n", "2", "-schema-location", rival + "/{{.ResourceKind}}.json", rival + "/requests"}
	ajv := []string{l.path("node_modules", ".bin", "ajv"), "validate", "--spec=draft2020", "--strict=false", "-c", "ajv-formats", "-s", rival + "/request.json", "-d", rival + "/requests/**/*.yaml"}
	difftree := []string{"git", "-C", repo, "diff-tree", "-r", "main", "change"}
	cold := []string{liaison, "check", "--no-cache", "--repo", repo}
	much := map[string]float64{"T100k": 1}[tree] // of less, starting is most
	return []pair{
		{name: "check, " + tree + ", cold, kubeconform", ours: cold, theirs: kubeconform, reach: 0.5},
		{name: "check, " + tree + ", unchanged, kubeconform", ours: []string{liaison, "check", "--repo", repo}, theirs: kubeconform, reach: 0.04},
		{name: "check, " + tree + ", a revision unchanged, kubeconform", ours: []string{liaison, "check", "--repo", repo, "--rev", "main"}, theirs: kubeconform, reach: 0.04},
		{name: "check, " + tree + ", cold, ajv", ours: cold, theirs: ajv},
		{name: "changed files, " + tree + ", git diff-tree", ours: []string{l.path("bench"), "changed", "--dir", repo}, theirs: difftree, reach: much},
		{name: "check of a change, " + tree + ", git diff-tree", ours: []string{liaison, "check", "--repo", repo, "--base", "main", "--head", "change"}, theirs: difftree},
	}
}
