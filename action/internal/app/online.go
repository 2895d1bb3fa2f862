package app

import (
	"cmp"
	"crypto/rand"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/commrel/liaison/action/internal/bot"
	"github.com/commrel/liaison/action/internal/effect"
	"github.com/commrel/liaison/action/internal/hub"
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

// options are the flags, and what the environment says of GitHub.
func (a *App) options(o online) (bot.Options, error) {
	at, err := o.where.desk()
	return bot.Options{
		Where: at,
		Forge: bot.Forge{API: a.Getenv("GITHUB_API_URL"), Server: a.Getenv("GITHUB_SERVER_URL"), Token: a.Getenv("GITHUB_TOKEN"),
			Repository: cmp.Or(o.github, a.Getenv("GITHUB_REPOSITORY"))},
		Clock:   hub.Clock{Now: a.Now, Sleep: a.Sleep},
		Reading: a.reading(""),
		Run:     a.run(),
		Web:     a.forgeWeb(),
		Apply:   o.apply,
		Most:    o.most,
	}, err
}

// online runs something with the options of some flags and a console.
func (a *App) online(o online, run func(bot.Options, bot.Console) error) error {
	options, err := a.options(o)
	if err != nil {
		return err
	}
	c := a.console(o)
	return errors.Join(run(options, c), c.flush())
}

// run is who this run is: GitHub's number for it, or one that no other has.
func (a *App) run() effect.Run {
	attempt, _ := strconv.Atoi(a.Getenv("GITHUB_RUN_ATTEMPT"))
	return effect.Run{ID: cmp.Or(a.Getenv("GITHUB_RUN_ID"), "by-hand-"+rand.Text()), Attempt: max(1, attempt)}
}
