package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/pattern"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// when says as of which instant, or which revision, a command answers.
type when struct {
	where
	asOf  string
	cache string // the folder of the history's index; "" for none

	teller func() func(*event.Record) // see event.Input: the command prints nothing but events
}

func (w *when) flags(cmd *cobra.Command) {
	w.where.flags(cmd)
	cmd.Flags().StringVar(&w.cache, "cache", "", "keep what was read of the history in this `DIR`, and read only what is new")
	cmd.Flags().StringVar(&w.asOf, "as-of", "", "answer as of this `TIME|REV` (2026-05-01, 2026-05-01T09:00:00Z, or a commit; default: now)")
}

// past is a desk with its whole history turned into a ledger and clocks.
type past struct {
	*desk
	inputs report.Inputs
	ledger *event.Ledger
	roster *roster.Roster
	clocks []clock.Clock // see run
	reigns []clock.Reign
	// notices are about the desk, for those who read its figures; nobody is called for them.
	notices []event.Alarm
	ahead   bool // the branch has landings that claim to come after now
}

// open reads the desk and its history. It refuses where the history is not whole.
func (w when) open(ctx context.Context, a *App) (*past, error) {
	a.makeRoom(historyRoom)
	asOf, rev, err := w.instant(a)
	if err != nil {
		return nil, err
	}
	if rev != "" {
		w.rev = rev
	}
	d, err := w.atRevision(a.Definitions)
	if err != nil {
		return nil, err
	}
	d.cache = w.cache
	p, err := w.derive(ctx, a, d, asOf)
	if err != nil {
		d.close()
		return nil, err
	}
	return p, nil
}

// looksLikeTime tells a mistyped date from a revision.
var looksLikeTime = pattern.Of(`^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}`)

// instant reads --as-of: a time, or else a revision.
func (w when) instant(a *App) (at time.Time, rev string, err error) {
	if w.asOf == "" {
		return a.Now().UTC().Truncate(time.Second), "", nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, w.asOf); err == nil {
			return t.UTC(), "", nil
		}
	}
	if looksLikeTime().MatchString(w.asOf) {
		return time.Time{}, "", usage("--as-of %s: expected a date such as 2026-05-01 (its first instant, in UTC), a time such as 2026-05-01T09:00:00Z, or a revision", w.asOf)
	}
	if w.rev != "" {
		return time.Time{}, "", usage("--as-of %s is a revision, and so is --rev %s: give one of them", w.asOf, w.rev)
	}
	return time.Time{}, w.asOf, nil
}

func (w when) derive(ctx context.Context, a *App, d *desk, asOf time.Time) (*past, error) {
	if err := d.repo.Complete(); err != nil {
		return nil, err
	}
	if err := d.defined(a); err != nil {
		return nil, err
	}
	seen, err := a.witness(d)
	if err != nil {
		return nil, err
	}
	if err := seen.onLine(d, w.rev == ""); err != nil {
		return nil, err
	}
	landings, err := d.landings(ctx, a)
	if err != nil {
		return nil, err
	}
	if asOf.IsZero() {
		if asOf, err = w.landedAt(landings, seen.pulls, a.Now()); err != nil {
			return nil, err
		}
	}
	kept := event.Cut(landings, seen.pulls, asOf)
	if n := len(kept); n < len(landings) && w.asOf == "" && w.rev == "" {
		fmt.Fprintf(a.Stderr, "liaison: %d of %d commits, from %s on, claim to have landed after now (%s): they do not count yet, and will once the time has come, GitHub's record knows of them, or more commits behind them show that it was a clock that is wrong\n",
			len(landings)-n, len(landings), landings[n].Commit, asOf.Format(time.RFC3339))
	}
	if n := len(kept); n > 0 && n < len(landings) && w.config == "" {
		if err := d.fallBack(kept); err != nil {
			return nil, err
		}
		p, err := w.then(ctx, a, d, kept[n-1].Commit, asOf)
		if err == nil {
			p.ahead = w.asOf == "" && w.rev == ""
		}
		return p, err
	}
	if seen, err = a.sightingAsOf(d, seen, asOf); err != nil {
		return nil, err
	}
	in := event.Input{Definition: d.def, Landings: kept, Pulls: seen.pulls, AsOf: asOf, Read: d.blob, Reader: d.reader, Teller: w.teller}
	p, err := d.past(in, seen.commit)
	if err == nil && w.teller == nil {
		p.run()
	}
	return p, err
}

// past turns history and witness into a ledger, by the definitions that were in force.
func (d *desk) past(in event.Input, witness string) (*past, error) {
	reigns, notices, err := d.reigns(in)
	if err != nil {
		return nil, err
	}
	in.Definition = remembering(d.def, reigns)
	ledger, ros, err := event.Derive(in)
	if err != nil {
		return nil, err
	}
	inputs := report.Inputs{Witness: witness, AsOf: in.AsOf, Engine: Version, Definition: d.outside}
	if n := len(in.Landings); n > 0 {
		inputs.Main = in.Landings[n-1].Commit
	}
	return &past{desk: d, inputs: inputs, ledger: ledger, roster: ros, reigns: reigns, notices: notices}, nil
}

// run computes the clocks.
func (p *past) run() {
	p.clocks = clock.Under(p.reigns, p.ledger, p.roster, p.inputs.AsOf)
	p.ledger.Alarms = append(p.ledger.Alarms, faults(p.clocks)...)
}

// landedAt is the instant that a revision stands for.
func (w when) landedAt(landings []event.Landing, pulls []event.Pull, now time.Time) (time.Time, error) {
	at, known := event.LandedAt(landings, pulls)
	switch {
	case !known:
		return at, fmt.Errorf("when %s landed cannot be told: no clock of its line can be read; expected --as-of with a time", w.rev)
	case at.After(now):
		return at, fmt.Errorf("%s claims to have landed at %s, later than now: a clock on its line is wrong; expected --as-of with a time", w.rev, at.Format(time.RFC3339))
	}
	return at, nil
}

// lineage is the history of one head, read once for all that ask.
type lineage struct {
	head     string
	def      *workflow.Definition
	landings []event.Landing // nobody changes them
}

// landings is the first-parent line of the desk, with what it did to records of any kind and
// to its rules.
func (d *desk) landings(ctx context.Context, a *App) ([]event.Landing, error) {
	if l := d.line; l != nil && l.head == d.head && l.def == d.def {
		return l.landings, nil
	}
	match := func(path string) bool { return d.def.KindOf(path) != nil || mayRule(path) }
	landings, err := d.history(ctx, match, a.progress("reading history"))
	if err != nil {
		return nil, err
	}
	d.line = &lineage{d.head, d.def, slices.Clip(landings)}
	return d.line.landings, nil
}

// history reads the history of what matches, as far as the index does not have it. A line
// that was rewritten is read whole.
func (d *desk) history(ctx context.Context, match func(string) bool, progress func(done, total int)) ([]event.Landing, error) {
	if d.cache == "" || len(d.sighting().line.Breaks) > 0 {
		return d.repo.History(ctx, d.head, match, progress)
	}
	key := []string{"rules"}
	for _, k := range d.def.Kinds {
		key = append(key, string(k.Files))
	}
	return d.repo.IndexedHistory(ctx, d.cache, strings.Join(key, "\n"), d.head, match, progress)
}

// faults are the conditions of targets that have no answer: somebody has to mend the record,
// what it refers to, or the definition. Of what has not landed the gate says it on its pull
// request, where a stranger may list as many as they like.
func faults(clocks []clock.Clock) []event.Alarm {
	var out []event.Alarm
	for _, c := range clocks {
		if c.Fault != nil && c.Record.Landed {
			out = append(out, event.Alarm{Time: c.Started, Record: c.Record.ID, Title: "Cannot be judged", Mark: fmt.Sprintf("%s-%d", c.Target.Name, c.Cycle),
				Words: fmt.Sprintf("whether %s speaks of it cannot be told: %v", c.Target.Name, c.Fault)})
		}
	}
	return out
}

// then answers at an earlier commit of the line, by the definition that stood there: what
// landed later is not known yet, rules included.
func (w when) then(ctx context.Context, a *App, d *desk, commit string, asOf time.Time) (*past, error) {
	w.rev, d.head = commit, commit
	var err error
	if d.tree, err = d.repo.Tree(commit); err != nil {
		return nil, err
	}
	return w.derive(ctx, a, d, asOf)
}

// blob reads a file of some version.
func (d *desk) blob(id string) ([]byte, error) { return unlessTooLarge(d.repo.Blob(id)) }

// reader makes a blob for a goroutine of its own.
func (d *desk) reader() event.Reader {
	read := d.repo.BlobReader()
	return func(id string) ([]byte, error) { return unlessTooLarge(read(id)) }
}

// unlessTooLarge reads a file that is too large to be a record as one that cannot be read, so
// that it spoils no figure of the others.
func unlessTooLarge(src []byte, err error) ([]byte, error) {
	if errors.Is(err, gitrepo.ErrTooLarge) {
		return nil, nil
	}
	return src, err
}

// manyCommits is where reading begins to take long enough to show progress.
const manyCommits = 2000

// progress shows a bar on a terminal, and nothing in a pipe.
func (a *App) progress(what string) func(done, total int) {
	f, ok := a.Stderr.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(done, total int) {
		if total < manyCommits {
			return
		}
		if bar == nil {
			bar = progressbar.NewOptions(total, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(f), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set(done)
	}
}
