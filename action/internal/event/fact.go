package event

import (
	"time"

	"github.com/commrel/liaison/action/internal/account"
)

// A Landing is one commit of the first-parent line, compared with the one before it.
type Landing struct {
	Commit    string    // full hexadecimal id
	Time      time.Time // committer time as the commit has it; zero: the commit has none that can be read
	Author    account.Account
	Committer account.Account // known by the login of a GitHub noreply address, or not at all
	ByForge   bool            // GitHub wrote the commit (its web-flow committer), so the committer is nobody
	Branch    *BranchStart    // of a merge: the merged branch's first commit; nil otherwise
	Changes   []Change        // sorted by path; records only
}

// A BranchStart is the oldest commit that a merge brought in along its own line.
type BranchStart struct {
	Commit string
	Time   time.Time // committer time: claimed
	Author account.Account
}

// A Change is one path whose blob differs from the landing before. An empty blob id means
// that there is no file; a symbolic link, a folder or a submodule counts as no file.
type Change struct {
	Path     string
	Old, New string // blob ids
}

// A Pull is what the witness branch keeps of one pull request: pulls/<n ÷ 1000>/<n>.json.
type Pull struct {
	Version int          `json:"version"` // 1
	Number  int          `json:"number"`
	Head    string       `json:"head,omitempty"`   // the head that was last seen
	Updated time.Time    `json:"updated,omitzero"` // GitHub's own mark of the last change that was seen
	Records []PullRecord `json:"records"`
	Entries []Entry      `json:"entries"` // append-only

	Former []PullRecord `json:"former,omitempty"` // what records said at earlier heads, where that was something else; append-only

	Redacted []Tombstone `json:"redacted,omitempty"` // what was taken out, and why; append-only
}

// A Tombstone records that content was taken out of the witness. What it names stays
// without that content for ever.
type Tombstone struct {
	Entry  string          `json:"entry,omitempty"`  // id of the entry that lost its text
	Record string          `json:"record,omitempty"` // path of the record that lost title and fields
	Blob   string          `json:"blob,omitempty"`   // of that record: what it read, wherever it stands
	By     account.Account `json:"by"`
	At     time.Time       `json:"at"` // UTC
	Reason string          `json:"reason"`
}

// A Break is a place where the default branch was rewritten: the head seen before is not
// on the first-parent line of the one seen next. The line goes on from one to the other.
type Break struct {
	From string    `json:"from"` // the last head seen before
	To   string    `json:"to"`   // the head that took its place
	At   time.Time `json:"at"`   // when that was seen, UTC
}

// A PullRecord is one record file at the pull request's head.
type PullRecord struct {
	Path   string         `json:"path"`
	Blob   string         `json:"blob"`
	Title  string         `json:"title,omitempty"`  // copied only where the gate found the record clean
	Fields map[string]any `json:"fields,omitempty"` // likewise; only what targets read
	Since  time.Time      `json:"since,omitzero"`   // when it came to the path; zero: it was there when the pull request was first seen
	Until  time.Time      `json:"until,omitzero"`   // of a former one: when it said something else, or was gone
}

// EntryKind names what GitHub saw happen to a pull request.
type EntryKind string

// The kinds of entries.
const (
	Opened    EntryKind = "opened"
	Commented EntryKind = "commented"
	Reviewed  EntryKind = "reviewed"
	Dismissed EntryKind = "dismissed"
	Pushed    EntryKind = "pushed"
	Labelled  EntryKind = "labelled"
	Closed    EntryKind = "closed"
	Reopened  EntryKind = "reopened"
	Merged    EntryKind = "merged"
	Commanded EntryKind = "commanded" // a comment became a commit: Last is that commit, Actor who commented
)

// An Entry is one thing that GitHub's clock saw. It never changes once written.
type Entry struct {
	ID    string          `json:"id"` // unique within the pull request, such as "review-77"
	Kind  EntryKind       `json:"kind"`
	At    time.Time       `json:"at"` // GitHub's clock, UTC
	Actor account.Account `json:"actor"`
	SHA   string          `json:"sha,omitempty"`   // the head that it speaks of
	State string          `json:"state,omitempty"` // of a review: approved, changes_requested, commented
	Text  string          `json:"text,omitempty"`  // of a closing: the closing comment
	First string          `json:"first,omitempty"` // of a merge: first landed commit
	Last  string          `json:"last,omitempty"`  // of a merge: last landed commit; of a command: its commit
}
