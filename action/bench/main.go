// Command bench turns a size and a seed into repositories and work trees that look like a
// desk after years of use, and runs the program beside the tools that people would run
// instead. docs/performance.md says how to use it and what was measured.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

const synopsis = `bench history --size S|M|L --out DIR [--seed N]   make a bare repository with a history
bench tree --files N --out DIR [--seed N]         make a work tree of N requests, and a change to it
bench compare --dir DIR [--sizes S,M] [--only REGEXP] [--runs N]
                                                  make what is missing in DIR, measure, print a table
bench changed --dir REPOSITORY                    list what the branch change does to main
bench landings --dir REPOSITORY [--rev REV] [--cache DIR]
                                                  list what each landing did to requests`

// run runs one command.
func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("expected a command:\n%s", synopsis)
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	size := flags.String("size", "S", "how long a history: S, M or L")
	files := flags.Int("files", 10_000, "how many requests a work tree has")
	out := flags.String("out", "", "the folder to write, which must not be there yet")
	seed := flags.Uint64("seed", 1, "the same seed gives the same bytes")
	dir := flags.String("dir", "", "the folder that has, or gets, all that is measured")
	sizes := flags.String("sizes", "S,M", "which histories to measure")
	only := flags.String("only", "", "a regular expression: measure only the pairs whose names fit")
	rev := flags.String("rev", "main", "what the history ends at")
	cache := flags.String("cache", "", "the folder of the history's index")
	runs := flags.Int("runs", 5, "how many pairs of runs count")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	switch args[0] {
	case "history":
		return makeHistory(*size, *out, *seed)
	case "tree":
		return makeTree(*files, *out, *seed)
	case "changed":
		return changedFiles(*dir)
	case "landings":
		return landings(*dir, *rev, *cache)
	case "compare":
		if *dir == "" || *runs < 1 {
			return fmt.Errorf("--dir is missing, or --runs below 1: expected\n%s", synopsis)
		}
		return compare(*dir, *sizes, *only, *runs)
	}
	return fmt.Errorf("%s: expected one of\n%s", args[0], synopsis)
}
