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
	r := &order{Session: s}
	cmd, err := r.read(ctx, said)
	if err != nil || cmd == nil {
		return false, err
	}
	d, err := r.weigh(ctx, *cmd)
	switch {
	case err != nil:
		return false, err
	case d.refusal != nil:
		return false, r.answer(ctx, d.refusal.Reply(said.ID, r.comment.Author))
	}
	return r.obey(ctx, d)
}

// An order is a comment on a pull request that holds a command.
type order struct {
	*Session
	us       []account.Account // who we act as
	comment  effect.Comment
	witness  *witness.Snapshot // with what this run saw
	findings []finding.Finding // in what is kept
}

// A decision is what becomes of a command: a refusal, or a change and its commit.
type decision struct {
	refusal *command.Refusal
	change  command.Change
	commit  *effect.Commit
}

// refused is the decision to refuse, with the reason.
func refused(why string) decision { return decision{refusal: &command.Refusal{Why: why}} }

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
	o.comment = said
	if answered, err := o.answered(ctx); err != nil || answered {
		return nil, err
	}
	return &cmd, nil
}

// answered reports whether the comment has its answer.
func (o *order) answered(ctx context.Context) (bool, error) {
	comments, err := o.client.Comments(ctx, o.comment.Thread)
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
func (o *order) weigh(ctx context.Context, cmd command.Command) (decision, error) {
	if err := o.see(ctx); err != nil {
		return decision{}, err
	}
	p, err := o.replay(ctx, o.witness, replay.Question{AsOf: o.now(), Now: o.now()})
	if err != nil {
		return decision{}, err
	}
	if p.Ahead != nil {
		return refused("the default branch ends with commits that claim to have landed after now, so what stands there does not count yet: change the file in a pull request, or say it again later"), nil
	}
	r, why := addedBy(p.Ledger, o.comment.Thread)
	if r == nil {
		return refused(why), nil
	}
	return o.decide(ctx, cmd, r)
}

// see looks at GitHub, so that the witness is known as it will be.
func (o *order) see(ctx context.Context) error {
	seen, err := o.look(ctx)
	if err == nil {
		o.witness, o.findings = seen.was.With(seen.pulls), seen.was.Findings
	}
	return err
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

// decide makes the change that a command asks for, authorized as a pull request of its author.
func (o *order) decide(ctx context.Context, cmd command.Command, r *event.Record) (d decision, err error) {
	src, err := o.desk.Tree.Read(r.Path)
	if err != nil {
		return d, err
	}
	doc, fs := document.Parse(r.Path, src)
	if doc == nil {
		return refused("the record's file cannot be read: " + fs[0].Message()), nil
	}
	view := desk.NewView(o.desk.Def, o.desk.Tree)
	d.change, d.refusal = cmd.Apply(command.Record{Kind: r.Kind, Doc: doc, State: r.State, Person: view.Person, Find: view.Find})
	if d.refusal != nil {
		return d, nil
	}
	found, err := o.forbidden(ctx, r, d.change.Content)
	if err != nil {
		return d, err
	}
	if finding.Failing(found) {
		no := d.change.Forbidden(r.Kind, found)
		return decision{refusal: &no}, nil
	}
	d.commit, err = o.commit(r, d.change)
	return d, err
}

// commit is the commit of a change, by the comment's author.
func (o *order) commit(r *event.Record, c command.Change) (*effect.Commit, error) {
	branch, err := o.branch()
	who := o.comment.Author
	return &effect.Commit{Branch: branch, Parent: o.desk.Head, Message: c.Message(r.Path, who, o.comment.Thread), Author: &who,
		Splices: []effect.Splice{{Path: r.Path, Was: c.From, Now: c.To, Content: c.Content}}}, err
}

// forbidden are the defects that the change would bring, and what its author may not do.
func (o *order) forbidden(ctx context.Context, r *event.Record, content []byte) ([]finding.Finding, error) {
	old := gitrepo.File{Path: r.Path, Blob: r.Versions[len(r.Versions)-1].Blob, Regular: true, Mode: "100644"}
	return proposal.Edit(o.desk, old, content, o.comment.Author, o.options.Reading.Definitions).Forbidden(ctx, o.now(), o.source(o.witness))
}

// obey makes the commit, and reports whether it did.
func (o *order) obey(ctx context.Context, d decision) (bool, error) {
	if err := o.console.Plan(Plan{[]effect.Effect{{Commit: d.commit}}, o.findings}); err != nil || !o.options.Apply {
		return false, err
	}
	id, err := o.client.Commit(ctx, *d.commit)
	if err != nil {
		return false, err
	}
	reply := d.change.Reply(o.comment.ID, o.comment.Author, d.commit.Splices[0].Path, id)
	return true, errors.Join(o.testifyAtLast(ctx, id), o.answer(ctx, reply))
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
			if err := o.see(ctx); err != nil {
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
	kept, err := o.witness.Kept(o.comment.Thread)
	if err != nil || o.desk.Def.Witness == "" || kept.Number == 0 {
		return err
	}
	kept.Entries = append(slices.Clone(kept.Entries), event.Entry{
		ID: fmt.Sprintf("commanded-%d", o.comment.ID), Kind: event.Commanded, At: o.now(), Actor: o.comment.Author, Last: commit})
	b, err := witness.Marshal(kept)
	if err != nil {
		return err
	}
	_, err = o.client.Commit(ctx, *o.witnessed(o.witness.Commit, []effect.Splice{{Path: witness.Path(o.comment.Thread), Content: b}}))
	return err
}

// answer writes the one answer to a comment.
func (o *order) answer(ctx context.Context, body string) error {
	plan := effect.Sticky(nil, o.us, effect.Comment{Thread: o.comment.Thread, Body: body})
	if !o.options.Apply {
		o.console.Print(body)
		return o.console.Plan(Plan{plan, o.findings})
	}
	return partly(o.Execute(ctx, plan))
}
