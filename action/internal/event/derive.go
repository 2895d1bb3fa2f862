package event

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
)

// Input is everything that a ledger is a function of.
type Input struct {
	Definition *workflow.Definition
	Landings   []Landing // the first-parent line, oldest first (see Cut)
	Pulls      []Pull    // the witness; nil: none
	AsOf       time.Time
	Read       func(blob string) ([]byte, error) // content of a blob
}

// Derive turns history and witness into the ledger. An error is one of Read.
func Derive(in Input) (*Ledger, *roster.Roster, error) {
	d := &deriver{def: in.Definition, pulls: seenBy(in.Pulls, in.AsOf), latest: map[string]map[string]any{}}
	d.line = line(in.Landings, d.pulls, in.AsOf)
	if err := d.follow(in.Read); err != nil {
		return nil, nil, err
	}
	d.roster = roster.New(d.def, d.people(), d.lookup, d.seen())
	ledger := &Ledger{}
	for _, t := range d.tracks {
		f := newFold(d, t)
		f.run()
		ledger.Records = append(ledger.Records, f.rec)
		ledger.Alarms = append(ledger.Alarms, f.alarms...)
	}
	slices.SortStableFunc(ledger.Alarms, func(a, b Alarm) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Record, b.Record))
	})
	return ledger, d.roster, nil
}

// deriver holds what the folds of all records share.
type deriver struct {
	def    *workflow.Definition
	pulls  []*Pull
	line   []landing
	tracks []*track                  // by kind in the definition's order, then by id
	latest map[string]map[string]any // kind + "/" + stem -> values as they read now
	roster *roster.Roster
}

// seenBy are the pull requests as GitHub had seen them at an instant.
func seenBy(pulls []Pull, asOf time.Time) []*Pull {
	var out []*Pull
	for _, p := range pulls {
		p.Entries = slices.DeleteFunc(slices.Clone(p.Entries), func(e Entry) bool { return e.At.After(asOf) })
		if _, opened := p.entry(Opened); opened {
			out = append(out, &p)
		}
	}
	return out
}

// follow tracks the records of every kind, landed and proposed.
func (d *deriver) follow(read func(string) ([]byte, error)) error {
	for _, kind := range d.def.Kinds {
		t := newTracker(kind, read)
		for i := range d.line {
			if err := t.land(&d.line[i]); err != nil {
				return fmt.Errorf("%s: %w", d.line[i].commit, err)
			}
		}
		for _, tr := range t.all {
			tr.filed = d.arrival(tr)
		}
		tracks := append(t.all, d.proposed(kind, t)...)
		name(tracks)
		for _, tr := range tracks {
			if v := tr.versions; len(v) > 0 && v[len(v)-1].values != nil {
				d.latest[kind.Name+"/"+record.Stem(v[len(v)-1].path)] = v[len(v)-1].values
			}
		}
		d.tracks = append(d.tracks, tracks...)
	}
	return nil
}

// arrival is when a landed record arrived: its pull request's opening, else its landing.
func (d *deriver) arrival(t *track) time.Time {
	if t.pull != nil {
		e, _ := t.pull.entry(Opened)
		return e.At
	}
	return d.line[t.versions[0].landing].time
}

// proposed are the records that a pull request adds and that have not landed: those whose
// path was free when it opened.
func (d *deriver) proposed(kind *workflow.Kind, t *tracker) []*track {
	var out []*track
	for _, p := range d.pulls {
		if d.landed(p) {
			continue
		}
		opened, _ := p.entry(Opened)
		for i := range p.Records {
			r := &p.Records[i]
			if kind.Files.Match(r.Path) && !t.stood(r.Path, upto(d.line, opened.At)) {
				out = append(out, &track{kind: kind, birth: r.Path, pull: p, listed: r, filed: opened.At})
			}
		}
	}
	return out
}

// landed reports whether what a pull request merged is on the line.
func (d *deriver) landed(p *Pull) bool {
	return slices.ContainsFunc(d.line, func(l landing) bool { return l.pull == p })
}

// stood reports whether a record stood at a path after the first n landings.
func (t *tracker) stood(path string, n int) bool {
	return slices.ContainsFunc(t.all, func(tr *track) bool {
		standing := ""
		for _, v := range tr.versions {
			if v.landing < n && v.blob != "" {
				standing = v.path
			} else if v.landing < n {
				standing = ""
			}
		}
		return standing == path
	})
}

func (d *deriver) people() []roster.Person {
	var out []roster.Person
	for _, t := range d.tracks {
		if d.def.People == nil || t.kind.Name != d.def.People.Kind {
			continue
		}
		var p roster.Person
		for _, v := range t.versions {
			p.Versions = append(p.Versions, roster.Version{Landing: v.landing, Values: v.values})
		}
		out = append(out, p)
	}
	return out
}

// lookup finds a record as it reads now: dates in it are facts.
func (d *deriver) lookup(kind, id string) (map[string]any, bool) {
	v, ok := d.latest[kind+"/"+id]
	return v, ok
}

// seen are the accounts that GitHub vouched for, oldest first.
func (d *deriver) seen() []workflow.Account {
	var entries []Entry
	for _, p := range d.pulls {
		entries = append(entries, p.Entries...)
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return a.At.Compare(b.At) })
	var out []workflow.Account
	for _, e := range entries {
		out = append(out, e.Actor)
	}
	return out
}

// claim marks an account as somebody's word.
func claim(a workflow.Account) workflow.Account {
	if !a.Known() {
		return a
	}
	return roster.Claim(a)
}

// bot reports whether an account is a machine: by its type, the definition, or its name.
func (d *deriver) bot(a workflow.Account) bool {
	return a.Type == "Bot" || strings.HasSuffix(a.Login, "[bot]") ||
		slices.ContainsFunc(d.def.Bots, func(b workflow.Account) bool { return b.ID == a.ID && a.ID != 0 })
}

// responders are the roles whose response some target of a kind waits for; "" stands for
// anybody but filer, requester and bots.
func (d *deriver) responders(kind string) []string {
	var roles []string
	for _, t := range d.def.TargetsOf(kind) {
		waits := t.Stop.Event == string(Responded) || t.Start.Event == string(Responded)
		if waits && !slices.Contains(roles, t.Responder) {
			roles = append(roles, t.Responder)
		}
	}
	return roles
}

// moment is where on the line something happens, and how well that is known.
type moment struct {
	time   time.Time
	grade  evidence.Grade
	upto   int // landings that had happened before
	index  int // of the landing; -1: on a pull request
	commit string
	pull   int
	path   string
}
