package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/clock"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/report"
	"github.com/commrel/liaison/action/internal/witness"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// when says as of which instant, or which revision, a command answers.
type when struct {
	where
	asOf  string
	cache string // the folder of the history's index; "" for none
	bare  bool   // the command prints no clock
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
	clocks []clock.Clock
}

// open reads the desk and its history. It refuses where the history is not whole.
func (w when) open(ctx context.Context, a *App) (*past, error) {
	asOf, rev, err := w.instant(a)
	if err != nil {
		return nil, err
	}
	if rev != "" {
		w.rev = rev
	}
	d, err := w.atRevision()
	if err != nil {
		return nil, err
	}
	p, err := w.derive(ctx, a, d, asOf)
	if err != nil {
		d.close()
		return nil, err
	}
	return p, nil
}

// looksLikeTime tells a mistyped date from a revision.
var looksLikeTime = regexp.MustCompile(`^\d{1,4}[-./]\d{1,2}[-./]\d{1,4}`)

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
	if looksLikeTime.MatchString(w.asOf) {
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
	landings, err := w.landings(ctx, a, d)
	if err != nil {
		return nil, err
	}
	pulls, seen, err := a.witness(d)
	if err != nil {
		return nil, err
	}
	if asOf.IsZero() {
		asOf = latest(landings, pulls, a.Now())
	}
	kept := event.Cut(landings, pulls, asOf, a.Now())
	if n := len(kept); n > 0 && n < len(landings) && w.config == "" {
		return w.then(ctx, a, d, kept[n-1].Commit, asOf)
	}
	ledger, roster, err := event.Derive(event.Input{Definition: d.def, Landings: kept, Pulls: pulls, AsOf: asOf, Read: d.blob, Reader: d.reader, EventsOnly: w.bare})
	if err != nil {
		return nil, err
	}
	in := report.Inputs{Witness: seen, AsOf: asOf, Engine: Version}
	if n := len(kept); n > 0 {
		in.Main = kept[n-1].Commit
	}
	if w.bare {
		return &past{d, in, ledger, nil}, nil
	}
	clocks := clock.Run(d.def, ledger, roster, asOf)
	ledger.Alarms = append(ledger.Alarms, faults(clocks)...)
	return &past{d, in, ledger, clocks}, nil
}

// landings reads the history of the records, as far as the index does not have it.
func (w when) landings(ctx context.Context, a *App, d *desk) ([]event.Landing, error) {
	match := func(path string) bool { return d.def.KindOf(path) != nil }
	if w.cache == "" {
		return d.repo.History(ctx, d.head, match, a.progress("reading history"))
	}
	var files []string
	for _, k := range d.def.Kinds {
		files = append(files, string(k.Files))
	}
	slices.Sort(files)
	return d.repo.IndexedHistory(ctx, w.cache, strings.Join(files, "\n"), d.head, match, a.progress("reading history"))
}

// faults are the conditions of targets that have no answer: somebody has to mend the record,
// what it refers to, or the definition.
func faults(clocks []clock.Clock) []event.Alarm {
	var out []event.Alarm
	for _, c := range clocks {
		if c.Fault != nil {
			out = append(out, event.Alarm{Time: c.Started, Record: c.Record.ID, Words: fmt.Sprintf("whether %s speaks of it cannot be told: %v", c.Target.Name, c.Fault)})
		}
	}
	return out
}

// then answers at an earlier commit of the line, by the definition that stood there: what
// landed later is not known yet, rules included.
func (w when) then(ctx context.Context, a *App, d *desk, commit string, asOf time.Time) (*past, error) {
	w.rev = commit
	if err := w.readAt(d, commit); err != nil {
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

// latest is the instant that a revision stands for: the latest at which something landed,
// by GitHub's record where there is one. A clock that is ahead even of now counts for nothing.
func latest(ls []event.Landing, pulls []event.Pull, now time.Time) time.Time {
	merged := map[string]time.Time{}
	for _, p := range pulls {
		for _, e := range p.Entries {
			if e.Kind == event.Merged {
				merged[e.Last] = e.At
			}
		}
	}
	var latest time.Time
	for _, l := range ls {
		t := l.Time
		if at, seen := merged[l.Commit]; seen {
			t = at
		}
		if t.After(latest) && !t.After(now) {
			latest = t
		}
	}
	return latest.UTC()
}

// witness reads the witness branch, where the definition declares one. Declared but absent
// is no witness at all, so there is no answer.
func (a *App) witness(d *desk) (pulls []event.Pull, commit string, err error) {
	if d.def.Witness == "" {
		return nil, "", nil
	}
	commit, ok := d.repo.Branch(d.def.Witness)
	if !ok {
		return nil, "", fmt.Errorf("the definition declares the witness branch %s, and the repository has no such branch: fetch it (git fetch origin %s:%s), or take `witness` out of the definition",
			d.def.Witness, d.def.Witness, d.def.Witness)
	}
	tree, err := d.repo.Tree(commit)
	if err != nil {
		return nil, "", err
	}
	pulls, fs, err := witness.Read(tree)
	if err != nil {
		return nil, "", err
	}
	for _, f := range fs {
		fmt.Fprintln(a.Stderr, a.ink().finding(f))
	}
	if finding.Failing(fs) {
		return nil, "", errors.New("the witness branch has defects: its figures cannot be trusted")
	}
	return pulls, commit, nil
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
