package bot

import (
	"context"
	"fmt"

	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/witness"
	"github.com/commrel/liaison/action/internal/workflow"
)

// BeginWitness makes the witness branch that the definition declares, where there is none yet.
func BeginWitness(ctx context.Context, o Options, c Console) error {
	return alone(ctx, o, c, (*Session).begins)
}

// RedactWitness takes words of a pull request out of the witness.
func RedactWitness(ctx context.Context, o Options, pull int, r witness.Redaction, c Console) error {
	return alone(ctx, o, c, func(s *Session, ctx context.Context) (*effect.Commit, error) { return s.redacts(ctx, pull, r) })
}

// alone plans one commit, shows it and, where asked, applies it.
func alone(ctx context.Context, o Options, c Console, commit func(*Session, context.Context) (*effect.Commit, error)) error {
	s, err := Begin(ctx, o, c)
	if err != nil {
		return err
	}
	defer s.End()
	if s.desk.Def.Witness == "" {
		return fmt.Errorf("the definition declares no witness branch: expected a line such as `witness: liaison/witness` in %s", workflow.Path)
	}
	e, err := commit(s, ctx)
	if err != nil {
		return err
	}
	var plan Plan
	if e != nil {
		plan.Effects = append(plan.Effects, effect.Effect{Commit: e})
	}
	if err := c.Plan(plan); err != nil || !o.Apply {
		return err
	}
	return partly(s.Execute(ctx, plan.Effects))
}

const witnessReadme = `# The witness

What GitHub's clock saw happen on this repository's pull requests, one file for each. Liaison writes
it and nobody else should: entries are added and never changed, and every figure of the desk can be
traced to them. ` + "`liaison witness redact`" + ` takes out words that must not stay.
`

// begins is the first commit of the witness branch; nil where there is one.
func (s *Session) begins(context.Context) (*effect.Commit, error) {
	if _, there := s.desk.Repo.Branch(s.desk.Def.Witness); there {
		return nil, nil
	}
	return &effect.Commit{Branch: s.desk.Def.Witness, Message: "Begin the witness\n",
		Splices: []effect.Splice{{Path: "README.md", Content: []byte(witnessReadme)}}}, nil
}

// redacts is the commit that takes something out of a pull request's file.
func (s *Session) redacts(ctx context.Context, number int, r witness.Redaction) (*effect.Commit, error) {
	seen, err := s.snapshot()
	if err != nil {
		return nil, err
	}
	kept, err := seen.Kept(number)
	if err != nil {
		return nil, err
	}
	if kept.Number == 0 {
		return nil, fmt.Errorf("the witness knows no pull request #%d", number)
	}
	if r.By, err = s.client.Whoami(ctx); err != nil {
		return nil, err
	}
	r.At = s.now()
	less, err := witness.Redact(kept, r)
	if err != nil {
		return nil, err
	}
	b, err := witness.Marshal(less)
	if err != nil || same(kept, less) {
		return nil, err
	}
	return &effect.Commit{Branch: s.desk.Def.Witness, Parent: seen.Commit, Message: fmt.Sprintf("Redact pull request #%d\n", number),
		Splices: []effect.Splice{{Path: witness.Path(number), Content: b}}}, nil
}
