package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/hub"
	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/spf13/cobra"
)

// online says which desk a command keeps in step with GitHub, and whether it writes.
type online struct {
	where
	github string
	apply  bool
	format string
	most   int
}

func (o *online) flags(cmd *cobra.Command, formats string) {
	o.where.flags(cmd)
	cmd.Flags().BoolVar(&o.apply, "apply", false, "apply the plan; without it nothing is written")
	cmd.Flags().StringVar(&o.github, "github", "", "the `OWNER/NAME` of the repository on GitHub")
	cmd.Flags().StringVar(&o.format, "format", "text", "`"+formats+"`")
	cmd.Flags().IntVar(&o.most, "max-writes", 100, "apply at most `N` effects in one run")
}

// valid refuses flags that do not go together.
func (o *online) valid(formats string) error {
	choices := strings.Split(formats, "|")
	if o.format = spelled(o.format, choices); !slices.Contains(choices, o.format) {
		return usage("--format %s: expected %s", o.format, strings.ReplaceAll(formats, "|", ", "))
	}
	if o.apply && o.rev != "" {
		return usage("--apply shows what is so now: expected no --rev beside it")
	}
	return nil
}

// onlineHelp ends the help of every command that speaks to GitHub.
const onlineHelp = `

The token is read from GITHUB_TOKEN, the repository from --github, GITHUB_REPOSITORY or the
remote origin, the API's address from GITHUB_API_URL. A clone fetches what it needs first.`

// A visit is a desk as it stands now, together with its repository on GitHub.
type visit struct {
	*App
	online
	*desk
	client *hub.Client
	remote gitrepo.Remote

	us         []account.Account // who we act as
	issuesSeen []effect.Issue    // those of ours that GitHub showed
	unseen     map[int]bool      // pull requests that changed and could not be looked at
}

// begin opens the desk, brings it up to date where it is a clone, and asks GitHub nothing
// else yet.
func (a *App) begin(ctx context.Context, o online) (*visit, error) {
	d, err := o.atRevision(a.Definitions)
	if err != nil {
		return nil, err
	}
	s := &visit{App: a, online: o, desk: d}
	if err := s.connect(ctx); err != nil {
		d.close()
		return nil, err
	}
	return s, nil
}

func (s *visit) connect(ctx context.Context) error {
	if err := s.defined(s.App); err != nil {
		return err
	}
	if err := s.repo.Complete(); err != nil {
		return err
	}
	full, err := s.named()
	if err != nil {
		return err
	}
	owner, name, _ := strings.Cut(full, "/")
	token := s.Getenv("GITHUB_TOKEN")
	s.remote = gitrepo.Remote{URL: cmp.Or(s.Getenv("GITHUB_SERVER_URL"), forgeURL) + "/" + full + ".git", Token: token}
	s.client, err = hub.New(hub.Config{API: s.Getenv("GITHUB_API_URL"), Token: token, Owner: owner, Name: name,
		Clock: hub.Clock{Now: s.Now, Sleep: s.Sleep}, Say: s.say})
	if err != nil {
		return err
	}
	return s.refresh(ctx)
}

// end lets go of the repository's files, and says what it took to ask GitHub where that was
// more than to ask and be answered.
func (s *visit) end() {
	spent := s.client.Spent()
	if spent.Retries > 0 || len(spent.Deferred) > 0 {
		s.say(fmt.Sprintf("%s to GitHub, %d of them again; waited %s", finding.Count(spent.Calls, "request"), spent.Retries, spent.Waited.Round(time.Second)))
	}
	for _, d := range spent.Deferred {
		s.say(d.Error())
	}
	s.close()
}

// say tells on stderr why it takes long.
func (s *visit) say(words string) { fmt.Fprintf(s.Stderr, "liaison: %s\n", words) }

// forgeURL is where repositories are, unless the environment says otherwise.
const forgeURL = "https://github.com"

// repository is what GitHub lets a repository be called.
var repository = pattern.Of(`^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$`)

// named is the repository on GitHub: owner/name.
func (s *visit) named() (string, error) {
	origin, _ := strings.CutPrefix(s.repo.OriginURL(), cmp.Or(s.Getenv("GITHUB_SERVER_URL"), forgeURL)+"/")
	full := cmp.Or(s.github, s.Getenv("GITHUB_REPOSITORY"), origin)
	_, name, _ := strings.Cut(full, "/")
	if !repository().MatchString(full) || strings.Trim(name, ".") == "" {
		return "", usage("which repository on GitHub? Expected --github OWNER/NAME, GITHUB_REPOSITORY, or a remote `origin`; found %q", full)
	}
	return full, nil
}

// refresh reads the desk anew: in a clone, as GitHub has it by now.
func (s *visit) refresh(ctx context.Context) error {
	if s.rev != "" {
		return nil // somebody asks about another state than today's
	}
	if err := s.pull(ctx); err != nil {
		return err
	}
	s.seen = nil
	if err := s.settle(s.desk); err != nil {
		return err
	}
	return s.defined(s.App)
}

// pull brings the default branch and the witness, where the repository is a clone.
func (s *visit) pull(ctx context.Context) error {
	branch, err := s.branch()
	if err != nil {
		return err
	}
	return s.fetch(ctx, gitrepo.Want{Branches: []string{branch}, Growing: present(s.def.Witness)})
}

// present is a list of what is not empty.
func present(names ...string) []string {
	return slices.DeleteFunc(names, func(n string) bool { return n == "" })
}

// branch is the name of the branch whose line is the history.
func (s *visit) branch() (string, error) { return s.repo.DefaultBranch(s.def.Branch) }

// fetch brings what is wanted, where the repository is a clone.
func (s *visit) fetch(ctx context.Context, w gitrepo.Want) error {
	if !s.repo.Cloned() {
		return nil
	}
	return s.repo.Fetch(ctx, s.remote, w)
}

// now is the instant as of which a visit answers: the later of the machine's clock and
// GitHub's, so that nothing that GitHub has just seen lies in the future.
func (s *visit) now() time.Time {
	now := s.Now().UTC().Truncate(time.Second)
	if t := s.client.Time(); t.After(now) {
		return t.UTC()
	}
	return now
}

// identity is who we act as. Applying under another account than the definition's bot is
// refused: what one account opens, the other would not find again.
func (s *visit) identity(ctx context.Context) ([]account.Account, error) {
	bots := s.def.Bots
	if !s.apply && len(bots) > 0 {
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
