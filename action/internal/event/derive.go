package event

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/commrel/liaison/action/internal/account"
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
	Reader     func() Reader                     // makes a Read for a goroutine of its own; nil: one goroutine reads everything
	Teller     func() func(*Record)              // makes what is told each record, for a goroutine of its own, and may not keep it: the ledger stays empty. nil: the ledger has them all
	Only       map[string]bool                   // paths of the records to fold; nil: all. Of others nothing is read
}

// A Reader gives the content of a blob.
type Reader = func(blob string) ([]byte, error)

// Derive turns history and witness into the ledger. An error is one of Read.
func Derive(in Input) (*Ledger, *roster.Roster, error) {
	d := &deriver{def: in.Definition, only: in.Only, read: in.Read, reader: in.Reader, teller: in.Teller, pulls: seenBy(in.Pulls, in.AsOf), latest: map[string]map[string]*lastRead{}, trackers: map[string]tracked{}, landed: map[*Pull]bool{}}
	d.line = line(in.Landings, d.pulls, in.AsOf)
	for _, l := range d.line {
		d.landed[l.pull] = true
		for _, p := range l.also {
			d.landed[p] = true
		}
	}
	if err := d.follow(in.Read); err != nil {
		return nil, nil, err
	}
	d.perKind = map[*workflow.Kind]*terms{}
	for _, k := range d.def.Kinds {
		d.perKind[k] = &terms{d.asks(k.Name), d.ownership(k)}
	}
	d.roster = roster.New(d.def, d.people(), d.lookup, d.seen())
	ledger, err := d.fold()
	if err != nil {
		return nil, nil, err
	}
	slices.SortStableFunc(ledger.Alarms, func(a, b Alarm) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Record, b.Record))
	})
	return ledger, d.roster, nil
}

// fold reads and folds every record that is wanted. The error is that of the first record.
func (d *deriver) fold() (*Ledger, error) {
	wanted := slices.DeleteFunc(slices.Clone(d.tracks), func(t *track) bool { return !d.wanted(t) })
	folds := make([]folded, len(wanted))
	inParallel(d.workers(), len(wanted), func() func(int) {
		w := d.worker()
		return func(i int) { folds[i] = w.fold(wanted[i]) }
	})
	ledger := &Ledger{}
	for _, f := range folds {
		if f.err != nil {
			return nil, f.err
		}
		if f.rec != nil {
			ledger.Records = append(ledger.Records, f.rec)
		}
		ledger.Alarms = append(ledger.Alarms, f.alarms...)
		ledger.Backdated = append(ledger.Backdated, f.backdated...)
	}
	return ledger, nil
}

// folded is what became of one record.
type folded struct {
	rec       *Record
	alarms    []Alarm
	backdated []Backdated
	err       error
}

// A worker folds records, one after the other.
type worker struct {
	*deriver
	read Reader
	tell func(*Record) // nil: they are kept
	room []Event       // of the record at hand
}

func (d *deriver) worker() *worker {
	w := &worker{deriver: d, read: d.read}
	if d.reader != nil {
		w.read = d.reader()
	}
	if d.teller != nil {
		w.tell = d.teller()
	}
	return w
}

// fold reads a record, unless it is one of the people, which are read before, and folds it.
func (w *worker) fold(t *track) folded {
	own := *t
	if !w.isPerson(t.kind) {
		own.versions = slices.Clone(t.versions) // others may look at the track meanwhile
		if err := own.load(w.read); err != nil {
			return folded{err: err}
		}
	}
	f := newFold(w.deriver, &own)
	f.rec.Events = w.room[:0]
	f.run()
	w.room = f.rec.Events
	if w.tell != nil {
		w.tell(f.rec)
		return folded{}
	}
	f.rec.Events = slices.Clone(w.room)
	return folded{f.rec, f.alarms, f.backdated, nil}
}

// isPerson reports whether a kind is that of the people.
func (d *deriver) isPerson(k *workflow.Kind) bool {
	return d.def.People != nil && d.def.People.Kind == k.Name
}

// workers is how many goroutines may read.
func (d *deriver) workers() int {
	if d.reader == nil {
		return 1
	}
	return mostWorkers
}

// deriver holds what the folds of all records share.
type deriver struct {
	def      *workflow.Definition
	pulls    []*Pull
	line     []landing
	tracks   []*track // by kind in the definition's order, then by id
	perKind  map[*workflow.Kind]*terms
	landed   map[*Pull]bool                  // what it merged is on the line
	latest   map[string]map[string]*lastRead // by kind and stem, once somebody looked
	trackers map[string]tracked              // by kind
	only     map[string]bool                 // see Input
	read     Reader                          // see Input
	reader   func() Reader                   // see Input
	looking  sync.Mutex                      // held by whoever looks up a record

	teller func() func(*Record) // see Input
	roster *roster.Roster
}

// seenBy are the pull requests as GitHub had seen them at an instant, by number.
func seenBy(pulls []Pull, asOf time.Time) []*Pull {
	var out []*Pull
	for _, p := range pulls {
		p.Entries = slices.DeleteFunc(slices.Clone(p.Entries), func(e Entry) bool { return e.At.After(asOf) })
		p.Records, p.Former = recordsAt(p, asOf)
		if _, opened := p.entry(Opened); opened {
			out = append(out, &p)
		}
	}
	slices.SortStableFunc(out, func(a, b *Pull) int { return cmp.Compare(a.Number, b.Number) })
	return out
}

// follow tracks the records of every kind, landed and proposed.
func (d *deriver) follow(read func(string) ([]byte, error)) error {
	trackers := map[*workflow.Kind]*tracker{}
	for _, kind := range d.def.Kinds {
		trackers[kind] = newTracker(kind, func(path string) bool { return d.def.KindOf(path) == kind }, read)
	}
	if err := d.land(trackers); err != nil {
		return err
	}
	for _, kind := range d.def.Kinds {
		t := trackers[kind]
		stood := t.stays()
		for _, tr := range t.all {
			tr.arrived = d.arrival(tr, stood)
		}
		tracks := append(t.all, d.proposed(t, stood)...)
		name(tracks)
		for _, tr := range tracks {
			if !d.isPerson(kind) {
				break
			}
			if err := tr.load(read); err != nil {
				return err
			}
		}
		d.trackers[kind.Name] = tracked{t, tracks}
		d.tracks = append(d.tracks, tracks...)
	}
	return nil
}

// land tells the trackers of all landings, each of the changes to records of its kind.
func (d *deriver) land(trackers map[*workflow.Kind]*tracker) error {
	kinds := map[string]*workflow.Kind{}
	kindOf := func(path string) *workflow.Kind {
		kind, known := kinds[path]
		if !known {
			kind = d.def.KindOf(path)
			kinds[path] = kind
		}
		return kind
	}
	for i := range d.line {
		l := &d.line[i]
		for kind, changes := range byKind(l.changes, kindOf) {
			if err := trackers[kind].land(l, changes); err != nil {
				return fmt.Errorf("%s: %w", l.commit, err)
			}
		}
	}
	return nil
}

// byKind are some changes kind by kind, those of no kind left out.
func byKind(changes []Change, kindOf func(path string) *workflow.Kind) iter.Seq2[*workflow.Kind, []Change] {
	return func(yield func(*workflow.Kind, []Change) bool) {
		for rest := changes; len(rest) > 0; {
			kind := kindOf(rest[0].Path)
			other := func(c Change) bool { return kindOf(c.Path) != kind }
			own := rest
			if rest = rest[len(rest):]; slices.ContainsFunc(own, other) {
				all := own
				own = slices.DeleteFunc(slices.Clone(all), other)
				rest = slices.DeleteFunc(slices.Clone(all), func(c Change) bool { return !other(c) })
			}
			if kind != nil && !yield(kind, own) {
				return
			}
		}
	}
}

// wanted reports whether a record, landed or proposed, is to be folded.
func (d *deriver) wanted(t *track) bool {
	return d.only == nil || d.only[t.path()] || len(t.versions) == 0 && d.only[t.birth]
}

// lastRead are the versions of the records that went by one name, to be read when somebody
// looks it up.
type lastRead struct {
	tracker  *tracker
	versions []version
}

// tracked are the records of a kind.
type tracked struct {
	tracker *tracker
	tracks  []*track
}

// remember keeps for lookups what each record said, though it was removed or made unreadable since:
// no edit makes the answers about old requests vanish. Most kinds nobody ever asks for.
func (k tracked) remember() map[string]*lastRead {
	byName := map[string]*lastRead{}
	for _, tr := range k.tracks {
		for _, v := range tr.versions {
			stem := record.Stem(v.path)
			if byName[stem] == nil {
				byName[stem] = &lastRead{tracker: k.tracker}
			}
			byName[stem].versions = append(byName[stem].versions, v)
		}
	}
	return byName
}

// values are those of the newest version that can be read; nil for none.
func (l *lastRead) values() map[string]any {
	slices.SortStableFunc(l.versions, func(a, b version) int { return cmp.Compare(b.landing, a.landing) })
	for _, v := range l.versions {
		if v.blob == "" {
			continue
		}
		if values, err := l.tracker.valuesOf(v.blob); err == nil && values != nil {
			return values
		}
	}
	return nil
}

// arrival is when a landed record arrived: when it came to the pull request that adds it, if
// its path was free then; else when it landed.
func (d *deriver) arrival(tr *track, stood stays) time.Time {
	if tr.pull != nil {
		if came := tr.pull.came(tr.birth); stood.free(tr.birth, upto(d.line, came)) {
			return came
		}
	}
	return d.line[tr.versions[0].landing].time
}

// came is when a record came to its path in a pull request: when that opened, or with a later
// push, so that nobody takes a name from others by an old pull request.
func (p *Pull) came(path string) time.Time {
	opened, _ := p.entry(Opened)
	for _, r := range p.Records {
		if r.Path == path && r.Since.After(opened.At) {
			return r.Since
		}
	}
	return opened.At
}

// proposed are the records that a pull request adds and that have not landed: those whose
// path was free when they came to it.
func (d *deriver) proposed(t *tracker, stood stays) []*track {
	var out []*track
	for _, p := range d.pulls {
		if d.landed[p] {
			continue
		}
		opened, _ := p.entry(Opened)
		known := make(map[string]bool, len(p.Records))
		for _, r := range p.everListed() {
			twice := known[r.Path]
			known[r.Path] = true
			came := opened.At
			if r.Since.After(came) {
				came = r.Since
			}
			if !twice && t.mine(r.Path) && stood.free(r.Path, upto(d.line, came)) {
				out = append(out, &track{kind: t.kind, birth: r.Path, pull: p, listed: r, arrived: came, gone: r.Until})
			}
		}
	}
	return out
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
	d.looking.Lock()
	defer d.looking.Unlock()
	if k, tracked := d.trackers[kind]; tracked && d.latest[kind] == nil {
		d.latest[kind] = k.remember()
	}
	last := d.latest[kind][id]
	if last == nil {
		return nil, false
	}
	values := last.values()
	return values, values != nil
}

// seen are the accounts that GitHub vouched for, oldest first, and then those that only
// commits name: whoever takes over a login that the line knows is somebody else.
func (d *deriver) seen() []account.Account {
	var entries []Entry
	for _, p := range d.pulls {
		entries = append(entries, p.Entries...)
	}
	slices.SortStableFunc(entries, func(a, b Entry) int { return a.At.Compare(b.At) })
	var out []account.Account
	known := map[account.Account]bool{}
	add := func(a account.Account) {
		if !known[a] {
			known[a] = true
			out = append(out, a)
		}
	}
	for _, e := range entries {
		add(e.Actor)
	}
	for i := range d.line {
		add(d.line[i].author())
	}
	return out
}

// claim marks an account as somebody's word.
func claim(a account.Account) account.Account {
	if !a.Known() {
		return a
	}
	return roster.Claim(a)
}

// bot reports whether an account is a machine: by its type, the definition, or its name.
func (d *deriver) bot(a account.Account) bool {
	return a.Type == "Bot" || strings.HasSuffix(a.Login, "[bot]") ||
		slices.ContainsFunc(d.def.Bots, func(b account.Account) bool { return b.Is(a) })
}

// terms are what the definition says of the records of a kind, as folds ask for it.
type terms struct {
	asked   asked
	guarded []owned
}

// asked are the events that the targets of a kind ask after, beside those that every ledger
// tells.
type asked struct {
	responders []string        // the roles whose response some target waits for; "" stands for anybody but filer, requester and bots
	every      map[string]bool // of them, those of whom the first response of a cycle is not enough
	replies    bool            // whether what filer and requester say is asked after
}

// asks are what the targets of a kind ask after. A clock that starts after the filing, or
// more than once, waits for a response after its start, whichever came before.
func (d *deriver) asks(kind string) asked {
	a := asked{every: map[string]bool{}}
	for _, t := range d.def.TargetsOf(kind) {
		a.replies = a.replies || t.Start.Event == string(Replied) || t.Stop.Event == string(Replied)
		if t.Stop.Event != string(Responded) && t.Start.Event != string(Responded) {
			continue
		}
		if !slices.Contains(a.responders, t.Responder) {
			a.responders = append(a.responders, t.Responder)
		}
		if t.Repeat != workflow.First || t.Start.Event != string(Filed) {
			a.every[t.Responder] = true
		}
	}
	return a
}

// moment is where on the line something happens, and how well that is known.
type moment struct {
	time   time.Time
	grade  evidence.Grade
	upto   int    // landings that had happened before
	index  int    // of the landing; -1: on a pull request
	entry  string // id of the pull request's entry; "" for a landing
	commit string
	pull   int
	path   string
	raised bool
}
