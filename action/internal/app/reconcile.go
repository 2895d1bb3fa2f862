package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/spf13/cobra"
)

// reconciling is what the command was asked to do.
type reconciling struct {
	when
	apply  bool
	format string
	github string
	most   int
}

func (a *App) reconcile() *cobra.Command {
	var r reconciling
	cmd := &cobra.Command{
		Use:   "reconcile",
		Short: "Make GitHub show what it should: breach issues and statuses",
		Long: `Reconcile compares what GitHub should show with what it shows, and prints the difference as
a plan. Nothing is written without --apply. Planning again after applying yields nothing.

The token is read from GITHUB_TOKEN, the repository from --github, GITHUB_REPOSITORY or the
remote origin, the API's address from GITHUB_API_URL.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains([]string{"text", "json"}, r.format) {
				return usage("--format %s: expected text or json", r.format)
			}
			if r.apply && (r.rev != "" || r.asOf != "") {
				return usage("--apply shows what is so now: expected no --rev and no --as-of beside it")
			}
			return refuse(a.runReconcile(cmd.Context(), r))
		},
	}
	r.flags(cmd)
	cmd.Flags().BoolVar(&r.apply, "apply", false, "apply the plan")
	cmd.Flags().StringVar(&r.format, "format", "text", "`text|json`")
	cmd.Flags().StringVar(&r.github, "github", "", "the `OWNER/NAME` of the repository on GitHub")
	cmd.Flags().IntVar(&r.most, "max-writes", 100, "apply at most `N` effects in one run")
	return cmd
}

func (a *App) runReconcile(ctx context.Context, r reconciling) error {
	p, err := r.open(ctx, a)
	if err != nil {
		return err
	}
	defer p.close()
	client, err := a.hub(p, r.github)
	if err != nil {
		return err
	}
	want, err := a.want(p)
	if err != nil {
		return err
	}
	have, err := a.have(ctx, client, p.def, want, r.apply)
	if err != nil {
		return err
	}
	plan := effect.Plan(want, have)
	if err := a.printPlan(plan, r); err != nil || !r.apply {
		return err
	}
	return a.apply(ctx, client, plan, r.most)
}

// repository is what GitHub lets a repository be called.
var repository = regexp.MustCompile(`^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$`)

// hub is the client of the repository on GitHub.
func (a *App) hub(p *past, named string) (*hub.Client, error) {
	server := cmp.Or(a.Getenv("GITHUB_SERVER_URL"), "https://github.com")
	origin, _ := strings.CutPrefix(p.repo.OriginURL(), server+"/")
	full := cmp.Or(named, a.Getenv("GITHUB_REPOSITORY"), origin)
	owner, name, _ := strings.Cut(full, "/")
	if !repository.MatchString(full) || strings.Trim(name, ".") == "" {
		return nil, usage("which repository on GitHub? Expected --github OWNER/NAME, GITHUB_REPOSITORY, or a remote `origin`; found %q", full)
	}
	return hub.New(hub.Config{API: a.Getenv("GITHUB_API_URL"), Token: a.Getenv("GITHUB_TOKEN"), Owner: owner, Name: name})
}

// want is what GitHub should show.
func (a *App) want(p *past) (effect.Want, error) {
	want := effect.Want{Issues: effect.Breaches(p.clocks)}
	if p.inputs.Main == "" {
		return want, nil
	}
	tree, err := p.repo.Tree(p.inputs.Main)
	if err != nil {
		return want, err
	}
	splices, fs := effect.Lagging(p.ledger, tree.Read)
	for _, f := range fs {
		fmt.Fprintln(a.Stderr, a.ink().finding(f))
	}
	if len(splices) > 0 {
		branch, err := p.repo.DefaultBranch(p.def.Branch)
		if err != nil {
			return want, err
		}
		want.Commit = &effect.Commit{Branch: branch, Parent: p.inputs.Main, Message: effect.Message(splices), Splices: splices}
	}
	return want, nil
}

// have is what GitHub shows.
func (a *App) have(ctx context.Context, c *hub.Client, def *workflow.Definition, want effect.Want, apply bool) (effect.Have, error) {
	us, err := a.identity(ctx, c, def, apply)
	if err != nil {
		return effect.Have{}, err
	}
	have := effect.Have{Us: us}
	if have.Issues, err = c.Issues(ctx, effect.Marked); err != nil {
		return have, err
	}
	if have.Labels, err = c.Labels(ctx); err != nil {
		return have, err
	}
	for i, issue := range have.Issues {
		if !want.MustKnowCloser(issue) {
			continue
		}
		if have.Issues[i].ClosedBy, err = c.ClosedBy(ctx, issue.Number); err != nil {
			return have, err
		}
	}
	return have, nil
}

// identity is who we act as. Applying under another account than the definition's bot is
// refused: what one account opens, the other would not find again.
func (a *App) identity(ctx context.Context, c *hub.Client, def *workflow.Definition, apply bool) ([]workflow.Account, error) {
	if !apply && len(def.Bots) > 0 {
		return def.Bots, nil
	}
	me, err := c.Whoami(ctx)
	if err != nil {
		return nil, err
	}
	if len(def.Bots) > 0 && !slices.ContainsFunc(def.Bots, func(b workflow.Account) bool { return b.ID == me.ID }) {
		return nil, fmt.Errorf("the token acts as %s#%d, and the definition's bot is %s#%d: use the bot's token, or mend `bot` in the definition", me.Login, me.ID, def.Bots[0].Login, def.Bots[0].ID)
	}
	return append(slices.Clone(def.Bots), me), nil
}

func (a *App) printPlan(plan []effect.Effect, r reconciling) error {
	if r.format == "json" {
		enc := json.NewEncoder(a.Stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(map[string]any{"version": 1, "applied": r.apply, "effects": append([]effect.Effect{}, plan...)})
	}
	switch {
	case len(plan) == 0:
		fmt.Fprintln(a.Stdout, "Nothing to do: GitHub shows what it should.")
	case r.apply:
		fmt.Fprintf(a.Stdout, "%s to apply:\n", finding.Count(len(plan), "effect"))
	default:
		fmt.Fprintf(a.Stdout, "%s planned; nothing is written without --apply:\n", finding.Count(len(plan), "effect"))
	}
	for _, e := range plan {
		fmt.Fprintf(a.Stdout, "  %s\n", report.Visible(e.String()))
		if e.Commit != nil {
			for _, s := range e.Commit.Splices {
				fmt.Fprintf(a.Stdout, "    %s: %s to %s\n", report.Visible(s.Path), cmp.Or(s.Was, "nothing"), s.Now)
			}
		}
	}
	return nil
}

// apply applies one effect at a time. One that fails does not stop the others.
func (a *App) apply(ctx context.Context, c *hub.Client, plan []effect.Effect, most int) error {
	var failures []error
	for i, e := range plan {
		if i == most {
			failures = append(failures, fmt.Errorf("stopped after %s (--max-writes): %d left for the next run", finding.Count(most, "write"), len(plan)-most))
			break
		}
		said, err := c.Apply(ctx, e)
		if err != nil {
			failures = append(failures, err)
			continue
		}
		fmt.Fprintf(a.Stderr, "  %s\n", said)
	}
	if len(failures) > 0 {
		return &exit{exitPartly, errors.Join(failures...)}
	}
	return nil
}
