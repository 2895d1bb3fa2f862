package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/command"
	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/witness"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/spf13/cobra"
)

// commanding is what `command` was asked to do.
type commanding struct {
	online
	pull    int
	comment int64
}

func (a *App) command() *cobra.Command {
	var c commanding
	cmd := &cobra.Command{
		Use:   "command",
		Short: "Obey a command in a comment on a pull request",
		Long: `Command reads one comment and, where a line of it is a command such as /start or
/done what came of it, makes the commit that a pull request by its author would have made,
judged by the same rules. The answer, done or refused, is a comment. Each comment is obeyed
and answered once. Afterwards the witness and the statuses are reconciled.` + onlineHelp,
		Example: "  liaison command --pull 12 --comment 345 --apply",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := c.valid("text|json"); err != nil {
				return err
			}
			if c.pull < 1 || c.comment < 1 {
				return usage("--pull and --comment: expected the number of a pull request and the id of a comment on it")
			}
			return refuse(a.runCommand(cmd.Context(), c))
		},
	}
	c.flags(cmd, "text|json")
	cmd.Flags().IntVar(&c.pull, "pull", 0, "the pull request's `NUMBER`")
	cmd.Flags().Int64Var(&c.comment, "comment", 0, "the comment's `ID`")
	return cmd
}

// runCommand obeys, reading again where the branch moved meanwhile, and then lets files and
// witness follow.
func (a *App) runCommand(ctx context.Context, c commanding) error {
	for try := 1; ; try++ {
		obeyed, err := a.obeyOnce(ctx, c)
		switch {
		case isMoved(err) && !obeyed && try < mostTries:
			fmt.Fprintf(a.Stderr, "liaison: %v: reading again\n", err)
			continue
		case err != nil || !obeyed || !c.apply:
			return err
		}
		return a.runReconcile(ctx, reconciling{online: c.online, only: []string{"witness", "status"}})
	}
}

// obeyOnce reports whether a command was obeyed.
func (a *App) obeyOnce(ctx context.Context, c commanding) (bool, error) {
	s, err := a.begin(ctx, c.online)
	if err != nil {
		return false, err
	}
	defer s.end()
	o, err := s.order(ctx, c)
	if err != nil || o == nil {
		return false, err
	}
	if o.refusal != nil {
		return false, s.answer(ctx, o, o.refusal.Reply(c.comment, o.who))
	}
	if err := s.printPlan(s.Stdout, []effect.Effect{{Commit: o.commit}}); err != nil || !s.apply {
		return false, err
	}
	id, err := s.client.Commit(ctx, *o.commit)
	if err != nil {
		return false, err
	}
	return true, errors.Join(s.testifyAtLast(ctx, o, id), s.answer(ctx, o, o.change.Reply(c.comment, o.who, o.commit.Splices[0].Path, id)))
}

// An order is a comment that holds a command, and what becomes of it: a commit or a refusal.
type order struct {
	pull    int
	comment effect.Comment
	who     account.Account
	refusal *command.Refusal
	change  command.Change
	commit  *effect.Commit
}

// order reads the comment; nil where it holds no command, is our own, or is answered.
func (s *visit) order(ctx context.Context, c commanding) (*order, error) {
	said, err := s.client.Comment(ctx, c.comment)
	if err != nil {
		return nil, err
	}
	if said.Thread != c.pull {
		return nil, fmt.Errorf("comment %d is on #%d, not on #%d", c.comment, said.Thread, c.pull)
	}
	cmd, is := command.Parse(said.Body)
	if !is || said.Author.Type == "Bot" || s.ours(said.Author) {
		fmt.Fprintln(s.Stdout, "Nothing to do: the comment holds no command of a person.")
		return nil, nil
	}
	if s.us, err = s.identity(ctx); err != nil {
		return nil, err
	}
	o := &order{pull: c.pull, comment: said, who: said.Author}
	answered, err := s.answered(ctx, o)
	if err != nil || answered {
		return nil, err
	}
	return o, s.weigh(ctx, o, cmd)
}

// answered reports whether the comment has its answer.
func (s *visit) answered(ctx context.Context, o *order) (bool, error) {
	comments, err := s.client.Comments(ctx, o.pull)
	if err != nil {
		return false, err
	}
	marker := command.Marker(o.comment.ID)
	yes := slices.ContainsFunc(comments, func(c effect.Comment) bool {
		return strings.HasPrefix(c.Body, marker) && slices.ContainsFunc(s.us, c.Author.Is)
	})
	if yes {
		fmt.Fprintln(s.Stdout, "Nothing to do: the comment is answered.")
	}
	return yes, nil
}

// weigh decides what becomes of a command.
func (s *visit) weigh(ctx context.Context, o *order, cmd command.Command) error {
	if s.def.Witness != "" {
		c, err := s.look(ctx)
		if err != nil {
			return err
		}
		s.seen = c.was.with(c.pulls)
	}
	p, err := when{where: s.where}.derive(ctx, s.App, s.desk, s.now())
	if err != nil {
		return err
	}
	if p.ahead {
		o.refusal = &command.Refusal{Why: "the default branch ends with commits that claim to have landed after now, so what stands there does not count yet: change the file in a pull request, or say it again later"}
		return nil
	}
	r, why := addedBy(p.ledger, o.pull)
	if r == nil {
		o.refusal = &command.Refusal{Why: why}
		return nil
	}
	return s.change(ctx, o, cmd, r)
}

// addedBy is the record that a pull request added and that stands on the default branch.
func addedBy(l *event.Ledger, pull int) (r *event.Record, why string) {
	for _, candidate := range l.Records {
		switch {
		case candidate.Pull != pull || len(candidate.Kind.Moves) == 0:
		case !candidate.Live:
			why = "the request is not on the default branch yet: merging the pull request accepts it, a review that requests changes asks, closing declines it"
		case r != nil:
			return nil, "this pull request added several records: change the file of the one that is meant in a pull request"
		default:
			r = candidate
		}
	}
	if r == nil && why == "" {
		why = "this pull request added no record that has states"
	}
	return r, why
}

// change is the commit that a command asks for, judged as a pull request of its author.
func (s *visit) change(ctx context.Context, o *order, cmd command.Command, r *event.Record) error {
	src, err := s.tree.Read(r.Path)
	if err != nil {
		return err
	}
	doc, fs := document.Parse(r.Path, src)
	if doc == nil {
		o.refusal = &command.Refusal{Why: "the record's file cannot be read: " + fs[0].Message()}
		return nil
	}
	view := newView(s.def, s.tree)
	o.change, o.refusal = cmd.Apply(command.Record{Kind: r.Kind, Doc: doc, State: r.State, Person: view.person, Find: view.find})
	if o.refusal != nil {
		return nil
	}
	found, err := s.forbidden(ctx, o, r)
	if err != nil {
		return err
	}
	if finding.Failing(found) {
		no := o.change.Forbidden(r.Kind, found)
		o.refusal = &no
		return nil
	}
	branch, err := s.branch()
	author := o.who
	o.commit = &effect.Commit{Branch: branch, Parent: s.head, Message: o.change.Message(r.Path, o.who, o.pull), Author: &author,
		Splices: []effect.Splice{{Path: r.Path, Was: o.change.From, Now: o.change.To, Content: o.change.Content}}}
	return err
}

// forbidden are the defects that the change would bring, and what its author may not do.
func (s *visit) forbidden(ctx context.Context, o *order, r *event.Record) ([]finding.Finding, error) {
	old := gitrepo.File{Path: r.Path, Blob: r.Versions[len(r.Versions)-1].Blob, Regular: true, Mode: "100644"}
	now := old
	now.Blob, now.Size = "", int64(len(o.change.Content))
	p := &proposal{desk: s.desk, actor: o.who, fork: s.head, forks: 1, before: s.tree, now: s.now(), diffs: []gitrepo.Difference{{Path: r.Path, Old: old, New: now}}}
	p.after = newMerged(s.tree, written{r.Path: o.change.Content}, p.diffs)
	return p.barred(ctx, s.App)
}

// written are files that stand nowhere yet.
type written map[string][]byte

// Files lists none: whoever reads knows what there is.
func (w written) Files() ([]gitrepo.File, error) { return nil, nil }

// Read reads a file.
func (w written) Read(path string) ([]byte, error) { return w[path], nil }

// person is the file name that the roster has for an account.
func (v *view) person(login string) (slug string, ok bool) {
	p := v.def.People
	if p == nil {
		return "", false
	}
	for _, path := range v.Paths(v.def.Kind(p.Kind)) {
		if values, read := v.Values(path); read && strings.EqualFold(workflow.Text(values, p.Account), login) {
			return record.Stem(path), true
		}
	}
	return "", false
}

// find is the record of a kind that goes by a path or a file name.
func (v *view) find(kind, name string) (path string, ok bool) {
	k := v.def.Kind(kind)
	if k == nil {
		return "", false
	}
	for _, p := range v.Paths(k) {
		if p == name || record.Stem(p) == name {
			return p, true
		}
	}
	return "", false
}

// testifyAtLast testifies, looking again where another run wrote to the witness meanwhile. The
// command itself is obeyed by then, and is not to be read again.
func (s *visit) testifyAtLast(ctx context.Context, o *order, commit string) error {
	for try := 1; ; try++ {
		err := s.testify(ctx, o, commit)
		if !isMoved(err) || try == mostTries {
			return err
		}
		fmt.Fprintf(s.Stderr, "liaison: %v: reading again\n", err)
		if err := s.refresh(ctx); err != nil {
			return err
		}
		c, err := s.look(ctx)
		if err != nil {
			return err
		}
		s.seen = c.was.with(c.pulls)
	}
}

// testify lets the witness keep whose comment the commit obeys. Without that, or should it
// fail, the commit's own word for its author has to do.
func (s *visit) testify(ctx context.Context, o *order, commit string) error {
	seen := s.sighting()
	kept, err := seen.kept(o.pull)
	if err != nil || s.def.Witness == "" || kept.Number == 0 {
		return err
	}
	kept.Entries = append(slices.Clone(kept.Entries), event.Entry{
		ID: fmt.Sprintf("commanded-%d", o.comment.ID), Kind: event.Commanded, At: s.now(), Actor: o.who, Last: commit})
	b, err := witness.Marshal(kept)
	if err != nil {
		return err
	}
	_, err = s.client.Commit(ctx, *s.witnessed([]effect.Splice{{Path: witness.Path(o.pull), Content: b}}))
	return err
}

// answer writes the one answer to a comment.
func (s *visit) answer(ctx context.Context, o *order, body string) error {
	plan := effect.Sticky(nil, s.us, effect.Comment{Thread: o.pull, Body: body})
	if !s.apply {
		fmt.Fprintln(s.Stdout, body)
		return s.printPlan(s.Stdout, plan)
	}
	return partly(s.applyAll(ctx, plan))
}
