package event_test

import (
	"crypto/sha1"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison"
	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/roster"
	"github.com/commrel/liaison/action/internal/workflow"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// start is hour 0 of every story; tests tell time in hours after it.
var start = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

func at(hour float64) time.Time { return start.Add(time.Duration(hour * float64(time.Hour))) }

// The people of the stories. Lia and Mara are in the roster; Ann asks, Bob is nobody.
var (
	mara = account.Account{ID: 1001, Login: "mara", Type: "User"}
	lia  = account.Account{ID: 1002, Login: "lia", Type: "User"}
	noor = account.Account{ID: 1003, Login: "noor", Type: "User"}
	ann  = account.Account{ID: 2001, Login: "ann", Type: "User"}
	bob  = account.Account{ID: 2002, Login: "bob", Type: "User"}
	none = account.Account{}
)

// A story is a default branch and a witness that a test tells in a few lines.
type story struct {
	t        testing.TB
	def      *workflow.Definition
	landings []event.Landing
	pulls    []event.Pull
	tree     map[string]string // path -> blob
	blobs    map[string]string
	reads    int
	asOf     time.Time
}

// tell begins a story for the definition in src; "" is the shipped one with its roster.
func tell(t testing.TB, src string) *story {
	t.Helper()
	s := &story{t: t, tree: map[string]string{}, blobs: map[string]string{}, asOf: at(10_000)}
	if src != "" {
		s.def = define(t, []byte(src))
		return s
	}
	s.def = define(t, liaison.Definition)
	s.land(-100, mara, "roster/people/mara.yaml", person(mara, "manager", "2020-01-01"),
		"roster/people/lia.yaml", person(lia, "liaison", "2020-01-01"))
	return s
}

// compiled is one cache for all tests: they read the same few definitions again and again.
var compiled = workflow.NewCache()

func define(t testing.TB, src []byte) *workflow.Definition {
	t.Helper()
	def, fs, err := compiled.Read(workflow.Path, src, func(path string) ([]byte, error) { return os.ReadFile("../../../" + path) })
	if err != nil || def == nil {
		t.Fatal(err, fs)
	}
	return def
}

func person(a account.Account, role, from string) string {
	return fmt.Sprintf("name: %s\ngithub: %s\ngithub_id: %d\nroles:\n  - {role: %s, from: %s}\nconsent: {date: 2026-07-01}\n", a.Login, a.Login, a.ID, role, from)
}

// request is a request of Ann's with more lines at its end.
func request(lines ...string) string {
	return "title: A toolbar\nteam: editing\nsummary: Tell everybody\nhelp: [announcement]\nwanted_by: flexible\n" + strings.Join(append(lines, ""), "\n")
}

// a commit of the line; hour of its committer, who wrote and committed it, and files as path
// and content in turn: "" removes one.
func (s *story) land(hour float64, who account.Account, files ...string) *event.Landing {
	l := event.Landing{Commit: fmt.Sprintf("c%d", len(s.landings)), Time: at(hour), Author: who, Committer: who}
	for i := 0; i < len(files); i += 2 {
		path, blob := files[i], ""
		if files[i+1] != "" {
			blob = fmt.Sprintf("%x", sha1.Sum([]byte(files[i+1])))
			s.blobs[blob] = files[i+1]
		}
		l.Changes = append(l.Changes, event.Change{Path: path, Old: s.tree[path], New: blob})
		s.tree[path] = blob
	}
	slices.SortFunc(l.Changes, func(a, b event.Change) int { return strings.Compare(a.Path, b.Path) })
	s.landings = append(s.landings, l)
	return &s.landings[len(s.landings)-1]
}

// pull is a pull request with a record file at its head.
func (s *story) pull(n int, path string, entries ...event.Entry) *event.Pull {
	p := event.Pull{Version: 1, Number: n, Entries: entries}
	if path != "" {
		p.Records = []event.PullRecord{{Path: path, Title: "A toolbar"}}
	}
	s.pulls = append(s.pulls, p)
	return &s.pulls[len(s.pulls)-1]
}

// saw is an entry of the witness; a review has its state after a slash.
func saw(hour float64, kind string, who account.Account) event.Entry {
	kind, state, _ := strings.Cut(kind, "/")
	return event.Entry{ID: fmt.Sprintf("%s-%v", kind, hour), Kind: event.EntryKind(kind), At: at(hour), Actor: who, State: state}
}

// merged is the merge that landed the commits from first to last.
func merged(hour float64, who account.Account, first, last string) event.Entry {
	e := saw(hour, "merged", who)
	e.First, e.Last = first, last
	return e
}

func (s *story) input() event.Input {
	return event.Input{Definition: s.def, Landings: s.landings, Pulls: s.pulls, AsOf: s.asOf, Read: func(blob string) ([]byte, error) {
		s.reads++
		text, ok := s.blobs[blob]
		if !ok {
			return nil, fmt.Errorf("there is no blob %q", blob)
		}
		return []byte(text), nil
	}}
}

func (s *story) derive() (*event.Ledger, *roster.Roster) {
	s.t.Helper()
	ledger, ros, err := event.Derive(s.input())
	if err != nil {
		s.t.Fatal(err)
	}
	return ledger, ros
}

// record is the ledger's record of that id.
func (s *story) record(id string) *event.Record {
	s.t.Helper()
	ledger, _ := s.derive()
	for _, r := range ledger.Records {
		if r.ID == id {
			return r
		}
	}
	s.t.Fatalf("there is no record %s", id)
	return nil
}

// events are the events of the records below requests/, in words. With one such record its
// name is left out.
func (s *story) events() []string {
	s.t.Helper()
	ledger, _ := s.derive()
	var out []string
	for _, e := range inOrder(ledger) {
		if e.Kind == "person" || e.Kind == "team" {
			continue
		}
		out = append(out, words(e))
	}
	return out
}

// inOrder are all events by time; at one time, by record and in the order of the fold.
func inOrder(l *event.Ledger) []event.Event {
	var all []event.Event
	for _, r := range l.Records {
		all = append(all, r.Events...)
	}
	slices.SortStableFunc(all, func(a, b event.Event) int {
		return 10*a.Time.Compare(b.Time) + strings.Compare(a.Kind+"\x00"+a.Record, b.Kind+"\x00"+b.Record)
	})
	return all
}

func words(e event.Event) string {
	hour := fmt.Sprintf("%gh", e.Time.Sub(start).Hours())
	if e.Time.Year() == 1970 {
		hour = "1970"
	}
	who := e.Actor.String()
	if who == "" {
		who = "somebody"
	}
	what := string(e.Name)
	if e.From != "" || e.To != "" {
		what += " " + e.From + ">" + e.To
	}
	id := strings.TrimSuffix(e.Record[strings.LastIndex(e.Record, "/")+1:], ".yaml")
	out := fmt.Sprintf("%s %s: %s by %s, %s", hour, strings.ReplaceAll(id, ".yaml", ""), what, who, e.Evidence)
	if e.Why != "" {
		out += " (" + e.Why + ")"
	}
	return out
}

// alarms are the alarms in words.
func (s *story) alarms() []string {
	s.t.Helper()
	ledger, _ := s.derive()
	var out []string
	for _, a := range ledger.Alarms {
		out = append(out, fmt.Sprintf("%gh %s", a.Time.Sub(start).Hours(), a.Words))
	}
	return out
}

func (s *story) want(lines ...string) {
	s.t.Helper()
	equal(s.t, s.events(), lines)
}

func equal(t testing.TB, got, want []string) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}
