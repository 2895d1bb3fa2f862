package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/command"
	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/document"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/proposal"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/witness"
)

// A Comment names one comment on a pull request.
type Comment struct {
	Pull int
	ID   int64
}

// Obey makes the commit that a command in a comment asks for, reading again where the branch
// moved meanwhile, and answers. It reports whether the command was obeyed: then witness and
// files are to follow.
func Obey(ctx context.Context, o Options, said Comment, c Console) (obeyed bool, err error) {
	var late error // what went wrong after the commit: it is not to be made again
	err = again(c, func() (err error) {
		if obeyed, err = obeyOnce(ctx, o, said, c); obeyed {
			late, err = err, nil
		}
		return err
	})
	return obeyed, errors.Join(err, late)
}

func obeyOnce(ctx context.Context, o Options, said Comment, c Console) (bool, error) {
	s, err := Begin(ctx, o, c)
	if err != nil {
		return false, err
	}
	defer s.End()
	r := &order{Session: s, pull: said.Pull}
	cmd, err := r.read(ctx, said)
	if err != nil || cmd == nil {
		return false, err
	}
	if err := r.weigh(ctx, *cmd); err != nil {
		return false, err
	}
	if r.refusal != nil {
		return false, r.answer(ctx, r.refusal.Reply(said.ID, r.who))
	}
	return r.obey(ctx)
}

// An order is a comment that holds a command, and what becomes of it: a commit or a refusal.
type order struct {
	*Session
	us       []account.Account // who we act as
	pull     int
	comment  effect.Comment
	who      account.Account
	witness  *witness.Snapshot // with what this run saw
	findings []finding.Finding
	refusal  *command.Refusal
	change   command.Change
	commit   *effect.Commit
}

// read reads the comment; nil where it holds no command, is our own, or is answered.
func (o *order) read(ctx context.Context, c Comment) (*command.Command, error) {
	said, err := o.client.Comment(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	if said.Thread != c.Pull {
		return nil, fmt.Errorf("comment %d is on #%d, not on #%d", c.ID, said.Thread, c.Pull)
	}
	cmd, is := command.Parse(said.Body)
	if !is || said.Author.Type == "Bot" || o.ours(said.Author) {
		o.console.Print("Nothing to do: the comment holds no command of a person.")
		return nil, nil
	}
	if o.us, err = o.identity(ctx); err != nil {
		return nil, err
	}
	o.comment, o.who = said, said.Author
	if answered, err := o.answered(ctx); err != nil || answered {
		return nil, err
	}
	return &cmd, nil
}

// answered reports whether the comment has its answer.
func (o *order) answered(ctx context.Context) (bool, error) {
	comments, err := o.client.Comments(ctx, o.pull)
	if err != nil {
		return false, err
	}
	marker := command.Marker(o.comment.ID)
	yes := slices.ContainsFunc(comments, func(c effect.Comment) bool {
		return strings.HasPrefix(c.Body, marker) && slices.ContainsFunc(o.us, c.Author.Is)
	})
	if yes {
		o.console.Print("Nothing to do: the comment is answered.")
	}
	return yes, nil
}

// weigh decides what becomes of a command.
func (o *order) weigh(ctx context.Context, cmd command.Command) error {
	if err := o.look(ctx); err != nil {
		return err
	}
	p, err := o.replay(ctx, o.witness, replay.Question{AsOf: o.now(), Now: o.now()})
	if err != nil {
		return err
	}
	if p.Ahead != nil {
		o.refusal = &command.Refusal{Why: "the default branch ends with commits that claim to have landed after now, so what stands there does not count yet: change the file in a pull request, or say it again later"}
		return nil
	}
	r, why := addedBy(p.Ledger, o.pull)
	if r == nil {
		o.refusal = &command.Refusal{Why: why}
		return nil
	}
	return o.plan(ctx, cmd, r)
}

// look sees what the witness does not know yet.
func (o *order) look(ctx context.Context) (err error) {
	if o.witness, err = o.snapshot(); err != nil {
		return err
	}
	o.findings = o.witness.Findings
	if o.desk.Def.Witness == "" {
		return nil
	}
	seen, err := o.observe(ctx, o.witness)
	if err != nil {
		return err
	}
	o.witness = o.witness.With(seen.pulls)
	return nil
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

// plan is the commit that a command asks for, authorized as a pull request of its author.
func (o *order) plan(ctx context.Context, cmd command.Command, r *event.Record) error {
	src, err := o.desk.Tree.Read(r.Path)
	if err != nil {
		return err
	}
	doc, fs := document.Parse(r.Path, src)
	if doc == nil {
		o.refusal = &command.Refusal{Why: "the record's file cannot be read: " + fs[0].Message()}
		return nil
	}
	view := desk.NewView(o.desk.Def, o.desk.Tree)
	o.change, o.refusal = cmd.Apply(command.Record{Kind: r.Kind, Doc: doc, State: r.State, Person: view.Person, Find: view.Find})
	if o.refusal != nil {
		return nil
	}
	found, err := o.forbidden(ctx, r)
	if err != nil {
		return err
	}
	if finding.Failing(found) {
		no := o.change.Forbidden(r.Kind, found)
		o.refusal = &no
		return nil
	}
	branch, err := o.branch()
	o.commit = &effect.Commit{Branch: branch, Parent: o.desk.Head, Message: o.change.Message(r.Path, o.who, o.pull), Author: &o.who,
		Splices: []effect.Splice{{Path: r.Path, Was: o.change.From, Now: o.change.To, Content: o.change.Content}}}
	return err
}

// forbidden are the defects that the change would bring, and what its author may not do.
func (o *order) forbidden(ctx context.Context, r *event.Record) ([]finding.Finding, error) {
	old := gitrepo.File{Path: r.Path, Blob: r.Versions[len(r.Versions)-1].Blob, Regular: true, Mode: "100644"}
	return proposal.Edit(o.desk, old, o.change.Content, o.who, o.options.Reading.Definitions).Forbidden(ctx, o.now(), o.source(o.witness))
}

// obey makes the commit, and reports whether it did.
func (o *order) obey(ctx context.Context) (bool, error) {
	if err := o.console.Plan(Plan{[]effect.Effect{{Commit: o.commit}}, o.findings}); err != nil || !o.options.Apply {
		return false, err
	}
	id, err := o.client.Commit(ctx, *o.commit)
	if err != nil {
		return false, err
	}
	return true, errors.Join(o.testifyAtLast(ctx, id), o.answer(ctx, o.change.Reply(o.comment.ID, o.who, o.commit.Splices[0].Path, id)))
}

// testifyAtLast testifies, looking again where another run wrote to the witness meanwhile. The
// command itself is obeyed by then, and is not to be read again.
func (o *order) testifyAtLast(ctx context.Context, commit string) error {
	first := true
	return again(o.console, func() error {
		if !first {
			if err := o.refresh(ctx); err != nil {
				return err
			}
			if err := o.look(ctx); err != nil {
				return err
			}
		}
		first = false
		return o.testify(ctx, commit)
	})
}

// testify lets the witness keep whose comment the commit obeys. Without that, or should it
// fail, the commit's own word for its author has to do.
func (o *order) testify(ctx context.Context, commit string) error {
	kept, err := o.witness.Kept(o.pull)
	if err != nil || o.desk.Def.Witness == "" || kept.Number == 0 {
		return err
	}
	kept.Entries = append(slices.Clone(kept.Entries), event.Entry{
		ID: fmt.Sprintf("commanded-%d", o.comment.ID), Kind: event.Commanded, At: o.now(), Actor: o.who, Last: commit})
	b, err := witness.Marshal(kept)
	if err != nil {
		return err
	}
	_, err = o.client.Commit(ctx, *o.witnessed(o.witness.Commit, []effect.Splice{{Path: witness.Path(o.pull), Content: b}}))
	return err
}

// answer writes the one answer to a comment.
func (o *order) answer(ctx context.Context, body string) error {
	plan := effect.Sticky(nil, o.us, effect.Comment{Thread: o.pull, Body: body})
	if !o.options.Apply {
		o.console.Print(body)
		return o.console.Plan(Plan{plan, o.findings})
	}
	return partly(o.Execute(ctx, plan))
}
