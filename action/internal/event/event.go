// Package event turns the versions of records, as landings left them, and what GitHub's
// clock saw, into what happened: when, by whom, on what evidence. A record's state is a
// fold over that, never a field.
package event

import (
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/evidence"
	"github.com/commrel/liaison/action/internal/workflow"
)

// A Name says what kind of thing happened.
type Name string

// The names of events. A landed move that the definition forbids, or a landed change of a field
// by somebody who does not own it, is Refused: it is recorded and has no effect.
const (
	Filed     Name = "filed"
	Responded Name = "responded"
	Replied   Name = "replied" // filer or requester said something; told where a target asks
	Moved     Name = "moved"
	Assigned  Name = "assigned"
	Edited    Name = "edited"
	Renamed   Name = "renamed"
	Removed   Name = "removed"
	Refused   Name = "refused"
)

// An Event is one thing that happened to one record.
type Event struct {
	Time     time.Time // UTC
	Kind     string
	Record   string // birth path; ~2 for a rebirth
	Name     Name
	From, To string // states, paths or assignees, as the name asks; "" where there are none
	Actor    account.Account
	Commit   string // the commit that shows it; "" when only a pull request does
	Pull     int    // the pull request that shows it; 0 for none
	Evidence evidence.Grade
	Path     string    // where the record stood
	Cycle    int       // from 1
	Raised   bool      // its committer's clock was behind the line's: the time is the line's
	Landed   time.Time // of Filed: when the record landed; zero if it has not
	LandedBy string    // of Filed: the commit in which it landed
	LandedUp bool      // of Filed: Landed is the line's time, as for Raised
	Roles    []string  // of Responded and Filed: responder roles that the actor held
	Turn     workflow.Turn
	Why      string // of Refused: the reason; of an automatic move: its guard
}

// A Version is a record as one landing left it.
type Version struct {
	Time   time.Time
	Path   string
	Blob   string
	Values map[string]any // nil: the file cannot be read
}

// A Record is everything known of one record.
type Record struct {
	Kind       *workflow.Kind
	ID         string
	Path       string // where it is, or last was
	Live       bool   // it stands on the default branch
	Landed     bool   // it ever stood there
	Pull       int    // the pull request that adds it; 0 for none known
	Filer      account.Account
	Title      string         // what people call it
	Values     map[string]any // as it reads now; nil where nothing is known
	FileStatus string         // what its status field shows
	State      string         // what the fold says
	Drafts     []Version      // what its pull request said at one time and another, where it changed what targets read
	Versions   []Version
	Events     []Event
}

// At is the record as it read at an instant: the version that stood then, landed or proposed,
// else the first, else what the witness copied.
func (r *Record) At(t time.Time) map[string]any {
	versions := r.Versions
	if len(r.Drafts) > 0 {
		versions = slices.Concat(r.Drafts, r.Versions)
	}
	if len(versions) == 0 {
		return r.Values
	}
	values := versions[0].Values
	for _, v := range versions {
		if !v.Time.After(t) && v.Values != nil {
			values = v.Values
		}
	}
	return values
}

// An Alarm is something that a person should look at and that changes no figure by itself.
type Alarm struct {
	Time    time.Time
	Record  string
	Words   string
	Title   string // what it is about, in few words
	Mark    string // what raised it: a commit or the id of an entry; with Record it names the alarm
	Commit  string // "" where only a pull request shows it
	Pull    int    // 0 for none
	Refused bool   // an event Refused says the same
}

// A Ledger is what happened to every record.
type Ledger struct {
	Records []*Record // by kind in the definition's order, then by id
	Alarms  []Alarm   // by time
	// Backdated are the roster's entries that landed later than what they speak of, by record.
	Backdated []Backdated
}
