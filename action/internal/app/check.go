package app

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/check"
	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/proposal"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/runner"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/spf13/cobra"
)

// checkFormats are the faces of a check, the default first.
var checkFormats = []string{"text", "json", "github", "sarif", "markdown"}

// checking is what `check` was asked to do.
type checking struct {
	where
	base, head, actor string
	fix               bool
	fresh             bool // no verdict of an earlier run is believed, and none is kept
	format            string
}

func (a *App) check() *cobra.Command {
	var c checking
	cmd := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "Check the records, or a change to them, each defect at its line and column",
		Long: `Check reads the work tree, or with --rev a revision (the only way in a bare repository),
and prints every defect with its rule, place, what was found, what was expected, and the
mend where one is known. With PATHs only those files and folders are reported on. --fix
makes the mends that are known.

With --base and --head it judges a change, as a pull request: what differs since the two
parted, by the definition, schemas and roster of the base, and by the rights of --actor.
Only defects that the change introduces fail it; older ones are listed apart.

Exit code 1 when there is an error; warnings alone are clean.`,
		Example: "  liaison check\n  liaison check requests/2026 --format json\n  liaison check --repo desk.git --rev main\n" +
			"  liaison check --base main --head my-branch --actor example-pm#42",
		RunE: func(cmd *cobra.Command, paths []string) error {
			if cmd.Flags().Changed("actor") && c.actor == "" {
				return usage("--actor is empty: expected LOGIN#ID, whose rights the change is judged by")
			}
			c.format = spelled(c.format, checkFormats)
			if err := c.valid(paths); err != nil {
				return err
			}
			return refuse(a.runCheck(cmd.Context(), c, paths))
		},
	}
	c.flags(cmd)
	cmd.Flags().Lookup("rev").Usage = "the `REV` to read (default: the work tree)"
	cmd.Flags().StringVar(&c.base, "base", "", "judge a change: the `REV` that it would land on")
	cmd.Flags().StringVar(&c.head, "head", "", "judge a change: the `REV` that would land")
	cmd.Flags().StringVar(&c.actor, "actor", "", "judge a change by the rights of its author: `LOGIN#ID`")
	cmd.Flags().BoolVar(&c.fix, "fix", false, "make the mends that are known in the files of the work tree, and report what is left")
	cmd.Flags().BoolVar(&c.fresh, "no-cache", false, "check every record anew: neither use nor keep what was found of unchanged ones")
	cmd.Flags().StringVar(&c.format, "format", checkFormats[0], "`"+strings.Join(checkFormats, "|")+"`")
	return cmd
}

// valid refuses flags that do not go together.
func (c checking) valid(paths []string) error {
	switch {
	case !slices.Contains(checkFormats, c.format):
		return usage("--format %s: expected %s", c.format, strings.Join(checkFormats, ", "))
	case (c.base == "") != (c.head == ""):
		return usage("--base and --head go together: the change is what lies between them")
	case c.base == "" && c.actor != "":
		return usage("--actor goes with --base and --head: it is the author of a change")
	case c.base != "" && (c.rev != "" || len(paths) > 0 || c.fix):
		return usage("--base and --head judge a whole change: expected no --rev, no --fix and no PATH beside them")
	case c.fix && c.rev != "":
		return usage("--fix mends files of the work tree: expected no --rev beside it")
	}
	return nil
}

func (a *App) runCheck(ctx context.Context, c checking, paths []string) error {
	a.makeRoom(checkRoom)
	at, err := c.desk()
	if err != nil {
		return err
	}
	if c.base != "" {
		return a.checkChange(ctx, c, at)
	}
	return a.checkTree(c, at, paths)
}

// checkTree checks the records of one tree.
func (a *App) checkTree(c checking, at desk.Where, paths []string) error {
	p, err := desk.FindPlace(at)
	if err != nil {
		return err
	}
	defer p.Close()
	o := check.Options{Fresh: c.fresh, Now: a.Now()}
	if o.Wanted, err = wanted(p, paths); err != nil {
		return err
	}
	if c.fix {
		return a.fixTree(c, at, p, o)
	}
	result, err := check.Tree(p, a.Definitions, o)
	if err != nil {
		return err
	}
	return a.show(result, c.format)
}

// fixTree makes the mends that are known, says on standard error which, and shows what is
// left.
func (a *App) fixTree(c checking, at desk.Where, p desk.Place, o check.Options) error {
	result, mended, err := check.Fix(at, p, a.Definitions, o)
	for _, f := range mended {
		fmt.Fprintf(a.Stderr, "mended: %s\n", f)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(a.Stderr, "mended: %s\n", finding.Count(len(mended), "finding"))
	return a.show(result, c.format)
}

// checkChange authorizes the change between --base and --head by the rules of the base.
func (a *App) checkChange(ctx context.Context, c checking, at desk.Where) error {
	var actor account.Account
	var err error
	if c.actor != "" {
		if actor, err = account.Parse(c.actor); err != nil {
			return usage("--actor: %w", err)
		}
	}
	at.Rev = c.base
	d, err := desk.Open(at, a.Definitions)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Defined(); err != nil {
		return err
	}
	p, err := proposal.Open(d, c.head, actor, a.Definitions)
	if err != nil {
		return err
	}
	result, err := p.Authorize(ctx, a.Now().UTC(), a.source(d))
	if err != nil {
		return err
	}
	result.Check.Actor = c.actor
	return a.show(result.Check, c.format)
}

// source reads the history of a desk for a proposal to it.
func (a *App) source(d desk.Desk) proposal.Source {
	return func(ctx context.Context, also *workflow.Definition) (replay.Facts, error) {
		r := a.reading("")
		r.Also = also
		f, err := r.Facts(ctx, d, false)
		if err == nil {
			a.printFindings(f.Witness.Findings)
		}
		return f, err
	}
}

// show prints the result of a check in one of its faces, while its sources can be read.
func (a *App) show(c report.Check, format string) error {
	faces := map[string]func(io.Writer) error{
		"text":     func(w io.Writer) error { return c.Text(w, a.colour()) },
		"json":     c.JSON,
		"github":   func(w io.Writer) error { return runner.Annotate(w, c.Findings, len(c.Debt)) },
		"sarif":    c.SARIF,
		"markdown": c.Markdown,
	}
	if err := faces[format](a.Stdout); err != nil {
		return err
	}
	if c.Failing() {
		return found()
	}
	return nil
}

// wanted turns PATHs into paths from the repository's root; none stands for all.
func wanted(p desk.Place, paths []string) ([]string, error) {
	root := p.Repo.Root()
	var out []string
	for _, path := range paths {
		if p.Head != "" || root == "" {
			out = append(out, filepath.ToSlash(filepath.Clean(path)))
			continue
		}
		rel, err := below(root, path)
		if err != nil {
			return nil, err
		}
		out = append(out, rel)
	}
	return out, nil
}

// below is the path from the root of the work tree to a file or folder of it.
func below(root, path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if abs, err = filepath.EvalSymlinks(abs); err != nil {
		return "", usage("%s: expected a file or folder of the work tree: %w", path, err)
	}
	rel, err := filepath.Rel(root, abs)
	if err != nil || strings.HasPrefix(rel, "..") {
		return "", usage("%s is outside of %s", path, root)
	}
	return filepath.ToSlash(rel), nil
}
