package witness

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
)

// A Redaction says what is to be taken out of a pull request's file, and why.
type Redaction struct {
	What   string          // id of an entry, or path of a record; "": everything that has content
	By     account.Account // who asked for it
	At     time.Time
	Reason string
}

// Redact takes the text out of an entry, or title and fields out of a record, and records a
// tombstone for each. Entries, their times and their actors stay: they are what happened.
// Grow never brings back what a tombstone names, nor the same record at another path. What
// has a tombstone already gets no second one. Git keeps the file as it was before; whoever
// must remove that too has to rewrite the branch.
func Redact(p event.Pull, r Redaction) (event.Pull, error) {
	if strings.TrimSpace(r.Reason) == "" {
		return p, errors.New("a redaction needs a reason: it stays in the place of what is taken out")
	}
	stones := stonesFor(p, r)
	if len(stones) == 0 {
		return p, fmt.Errorf("pull request #%d has %s to redact; it has %s", p.Number, nothing(r.What), contents(p))
	}
	p.Entries, p.Redacted = slices.Clone(p.Entries), slices.Clone(p.Redacted)
	for _, s := range stones {
		if !slices.ContainsFunc(p.Redacted, s.same) {
			p.Redacted = append(p.Redacted, s.Tombstone)
		}
		for i, e := range p.Entries {
			if s.Entry != "" && s.Entry == e.ID {
				p.Entries[i].Text = ""
			}
		}
	}
	p.Records = withheld(p.Records, p.Redacted)
	return p, nil
}

// A stone is a tombstone to be set.
type stone struct{ event.Tombstone }

// same reports whether another one names the same content.
func (s stone) same(t event.Tombstone) bool {
	return s.Entry == t.Entry && s.Record == t.Record && s.Blob == t.Blob
}

// stonesFor are the tombstones of everything that a redaction names. An entry without text
// is named only by its id: its text may have been redacted before.
func stonesFor(p event.Pull, r Redaction) []stone {
	var out []stone
	set := func(entry, record, blob string) {
		out = append(out, stone{event.Tombstone{Entry: entry, Record: record, Blob: blob, By: r.By, At: r.At.UTC(), Reason: r.Reason}})
	}
	for _, e := range p.Entries {
		if e.ID == r.What && r.What != "" || r.What == "" && e.Text != "" {
			set(e.ID, "", "")
		}
	}
	for _, rec := range p.Records {
		if r.What == "" || rec.Path == r.What {
			set("", rec.Path, rec.Blob)
		}
	}
	return out
}

func nothing(what string) string {
	if what == "" {
		return "nothing"
	}
	return fmt.Sprintf("no entry or record %q", what)
}

// mostContents is how many entries and records a message lists.
const mostContents = 20

// contents lists what could be redacted.
func contents(p event.Pull) string {
	var names []string
	for _, e := range p.Entries {
		if e.Text != "" {
			names = append(names, e.ID)
		}
	}
	for _, r := range p.Records {
		names = append(names, r.Path)
	}
	if more := len(names) - mostContents; more > 0 {
		names = append(names[:mostContents], fmt.Sprintf("and %d more", more))
	}
	return cmp.Or(strings.Join(names, ", "), "no text and no record")
}
