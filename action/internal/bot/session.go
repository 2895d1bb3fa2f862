// Package bot turns what a desk's history says into what GitHub shows: it looks at GitHub,
// plans the difference and, where asked, applies it, one effect at a time.
package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/desk"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/commrel/liaison/action/internal/replay"
	"github.com/commrel/liaison/action/internal/witness"
)

// Options say which desk is kept in step with GitHub, and whether anything is written.
type Options struct {
	Where   desk.Where
	Forge   Forge
	Clock   hub.Clock
	Reading replay.Reading
	Run     effect.Run // who this run is
	Web     string     // the repository's address on its forge, for links; "": that of the remote origin
	Apply   bool       // without it nothing is written
	Most    int        // at most so many effects are applied in one run
}

// A Forge says where the repository is, and as whom to ask.
type Forge struct {
	API, Server string // addresses; "": GitHub's
	Token       string // "": nobody, who may read what is public
	Repository  string // owner/name; "": that of the remote origin
}

// github is where repositories are, unless somebody says otherwise.
const github = "https://github.com"

func (f Forge) server() string { return cmp.Or(f.Server, github) }

// A Console shows what a run does, as it does it.
type Console interface {
	Say(words string)   // why it takes long, or what is remarkable
	Print(words string) // what whoever runs it asked for
	Plan(p Plan) error  // what is about to be done, before any of it is
	Done(words string)  // one of it was done
}

// A Plan is what is to be done, in order, with what is wrong with what is kept.
type Plan struct {
	Effects  []effect.Effect
	Findings []finding.Finding
}

// A Session is a desk as it stands now, together with its repository on GitHub.
type Session struct {
	options  Options
	console  Console
	desk     desk.Desk
	client   *hub.Client
	remote   gitrepo.Remote
	snapshot func() (*witness.Snapshot, error) // of the witness, read once
	landings func() ([]event.Landing, error)   // of the desk, read once
}

// Begin opens the desk, brings it up to date where it is a clone, and asks GitHub nothing
// else yet.
func Begin(ctx context.Context, o Options, c Console) (*Session, error) {
	d, err := desk.Open(o.Where, o.Reading.Definitions)
	if err != nil {
		return nil, err
	}
	s := &Session{options: o, console: c}
	s.at(ctx, d)
	if err := s.connect(ctx); err != nil {
		d.Close()
		return nil, err
	}
	return s, nil
}

// at turns to a desk, of which nothing is known yet.
func (s *Session) at(ctx context.Context, d desk.Desk) {
	s.desk = d
	s.snapshot = sync.OnceValues(func() (*witness.Snapshot, error) { return witness.Open(d.Repo, d.Def.Witness) })
	s.landings = sync.OnceValues(func() ([]event.Landing, error) {
		w, err := s.snapshot()
		if err != nil {
			return nil, err
		}
		return s.options.Reading.Landings(ctx, d, w)
	})
}

func (s *Session) connect(ctx context.Context) error {
	if err := s.desk.Defined(); err != nil {
		return err
	}
	if err := s.desk.Repo.Complete(); err != nil {
		return err
	}
	full, err := s.named()
	if err != nil {
		return err
	}
	owner, name, _ := strings.Cut(full, "/")
	s.remote = gitrepo.Remote{URL: s.options.Forge.server() + "/" + full + ".git", Token: s.options.Forge.Token}
	s.client, err = hub.New(hub.Config{API: s.options.Forge.API, Token: s.options.Forge.Token, Owner: owner, Name: name, Clock: s.options.Clock, Say: s.console.Say})
	if err != nil {
		return err
	}
	return s.refresh(ctx)
}

// End lets go of the repository's files, and says what it took to ask GitHub where that was
// more than to ask and be answered.
func (s *Session) End() {
	spent := s.client.Spent()
	if spent.Retries > 0 || len(spent.Deferred) > 0 {
		s.console.Say(fmt.Sprintf("%s to GitHub, %d of them again; waited %s", finding.Count(spent.Calls, "request"), spent.Retries, spent.Waited.Round(time.Second)))
	}
	for _, d := range spent.Deferred {
		s.console.Say(d.Error())
	}
	s.desk.Close()
}

// repository is what GitHub lets a repository be called.
var repository = pattern.Of(`^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$`)

// Unnamed is the error where it is not known which repository on GitHub is meant.
type Unnamed struct{ Found string }

// Error says where the name is looked for.
func (u *Unnamed) Error() string {
	return fmt.Sprintf("which repository on GitHub? Expected --github OWNER/NAME, GITHUB_REPOSITORY, or a remote `origin`; found %q", u.Found)
}

// named is the repository on GitHub: owner/name.
func (s *Session) named() (string, error) {
	origin, _ := strings.CutPrefix(s.desk.Repo.OriginURL(), s.options.Forge.server()+"/")
	full := cmp.Or(s.options.Forge.Repository, origin)
	_, name, _ := strings.Cut(full, "/")
	if !repository().MatchString(full) || strings.Trim(name, ".") == "" {
		return "", &Unnamed{full}
	}
	return full, nil
}

// refresh reads the desk anew: in a clone, as GitHub has it by now.
func (s *Session) refresh(ctx context.Context) error {
	if s.options.Where.Rev != "" {
		return nil // somebody asks about another state than today's
	}
	if err := s.pull(ctx); err != nil {
		return err
	}
	d, err := s.options.Where.In(s.desk.Repo, s.options.Reading.Definitions)
	if err != nil {
		return err
	}
	s.at(ctx, d)
	return d.Defined()
}

// pull brings the default branch and the witness, where the repository is a clone.
func (s *Session) pull(ctx context.Context) error {
	branch, err := s.branch()
	if err != nil {
		return err
	}
	want := gitrepo.Want{Branches: []string{branch}}
	if w := s.desk.Def.Witness; w != "" {
		want.Growing = []string{w}
	}
	return s.fetch(ctx, want)
}

// branch is the name of the branch whose line is the history.
func (s *Session) branch() (string, error) { return s.desk.Repo.DefaultBranch(s.desk.Def.Branch) }

// fetch brings what is wanted, where the repository is a clone.
func (s *Session) fetch(ctx context.Context, w gitrepo.Want) error {
	if !s.desk.Repo.Cloned() {
		return nil
	}
	return s.desk.Repo.Fetch(ctx, s.remote, w)
}

// now is the instant as of which a session answers: the later of the machine's clock and
// GitHub's, so that nothing that GitHub has just seen lies in the future.
func (s *Session) now() time.Time {
	now := s.options.Clock.Now().UTC().Truncate(time.Second)
	if t := s.client.Time(); t.After(now) {
		return t.UTC()
	}
	return now
}

// identity is who we act as. Applying under another account than the definition's bot is
// refused: what one account opens, the other would not find again.
func (s *Session) identity(ctx context.Context) ([]account.Account, error) {
	bots := s.desk.Def.Bots
	if !s.options.Apply && len(bots) > 0 {
		return bots, nil
	}
	me, err := s.client.Whoami(ctx)
	if err != nil {
		return nil, err
	}
	if len(bots) > 0 && !slices.ContainsFunc(bots, func(b account.Account) bool { return b.ID == me.ID }) {
		return nil, fmt.Errorf("the token acts as %s#%d, and the definition's bot is %s#%d: use the bot's token, or mend `bot` in the definition", me.Login, me.ID, bots[0].Login, bots[0].ID)
	}
	return append(slices.Clone(bots), me), nil
}

// ours reports whether an account is the desk's own.
func (s *Session) ours(a account.Account) bool {
	return slices.ContainsFunc(s.desk.Def.Bots, a.Is)
}

// mostTries is how often a run reads again because somebody else was faster.
const mostTries = 5

// again does something, and again where a branch moved meanwhile.
func again(c Console, do func() error) error {
	for try := 1; ; try++ {
		err := do()
		if !isMoved(err) || try == mostTries {
			return err
		}
		c.Say(fmt.Sprintf("%v: reading again", err))
	}
}
