package app

import (
	"fmt"
	"os"
	"time"

	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/spf13/cobra"
)

// where says which desk a command reads; every reading command has these flags.
type where struct{ repo, rev, config string }

func (w *where) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&w.repo, "repo", ".", "the `DIR` of the repository, bare or not")
	cmd.Flags().StringVar(&w.rev, "rev", "", "the `REV` to read (default: the default branch)")
	cmd.Flags().StringVar(&w.config, "config", "", "read the definition from this `FILE` instead of the revision's "+workflow.Path)
}

// desk reads the file that --config names.
func (w where) desk() (desk.Where, error) {
	out := desk.Where{Repo: w.repo, Rev: w.rev}
	if w.config == "" {
		return out, nil
	}
	info, err := os.Stat(w.config)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no ordinary file", w.config)
	}
	var src []byte
	if err == nil {
		src, err = os.ReadFile(w.config)
	}
	if err != nil {
		return out, usage("--config: %w", err)
	}
	out.Text = &desk.Text{Path: w.config, Source: src, Outside: true}
	return out, nil
}

// when says as of which instant, or which revision, a command answers.
type when struct {
	where
	asOf  string
	cache string // the folder of the history's index; "" for none
}

func (w *when) flags(cmd *cobra.Command) {
	w.where.flags(cmd)
	cmd.Flags().StringVar(&w.cache, "cache", "", "keep what was read of the history in this `DIR`, and read only what is new")
	cmd.Flags().StringVar(&w.asOf, "as-of", "", "answer as of this `TIME|REV` (2026-05-01, 2026-05-01T09:00:00Z, or a commit; default: now)")
}

// looksLikeTime tells a mistyped date from a revision.
var looksLikeTime = pattern.Of(`^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}`)

// question reads --rev and --as-of: a time, or else a revision.
func (w when) question(now time.Time) (replay.Question, error) {
	q := replay.Question{Now: now, Rev: w.rev, Asked: w.asOf != ""}
	if w.asOf == "" {
		q.AsOf = now.UTC().Truncate(time.Second)
		return q, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, w.asOf); err == nil {
			q.AsOf = t.UTC()
			return q, nil
		}
	}
	if looksLikeTime().MatchString(w.asOf) {
		return q, usage("--as-of %s: expected a date such as 2026-05-01 (its first instant, in UTC), a time such as 2026-05-01T09:00:00Z, or a revision", w.asOf)
	}
	if w.rev != "" {
		return q, usage("--as-of %s is a revision, and so is --rev %s: give one of them", w.asOf, w.rev)
	}
	q.Rev = w.asOf
	return q, nil
}
