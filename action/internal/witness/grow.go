package witness

import (
	"cmp"
	"reflect"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/markdown"
)

// Grow adds an observation of a pull request to its file. Entries in the file stay as they are
// and where they are; those with a new id follow, in order of time. Head, mark and records move
// on with an observation that is not older than the file; records that were not looked at (nil)
// stay. What was redacted does not come back.
//
// Three laws: growing again by the same adds nothing; what is kept is a prefix of what
// comes out; an observation that comes late loses no entry and takes nothing back.
func Grow(old, seen event.Pull) event.Pull {
	out := old
	out.Version, out.Number = Version, cmp.Or(old.Number, seen.Number)
	out.Entries = slices.Clone(old.Entries)
	fresh := unknown(old.Entries, seen.Entries)
	if !seen.Updated.Before(old.Updated) {
		if push, ok := pushed(old, seen); ok {
			fresh = append([]event.Entry{push}, fresh...) // before what shows it, at one time
		}
		out.Head, out.Updated = cmp.Or(seen.Head, old.Head), seen.Updated
		if seen.Records != nil {
			out.Records = since(old, seen)
			out.Former = append(slices.Clone(old.Former), formerly(old, seen)...)
		}
	}
	for i := range fresh {
		fresh[i].Text = markdown.Brief(fresh[i].Text, mostText)
	}
	slices.SortStableFunc(fresh, func(a, b event.Entry) int { return a.At.Compare(b.At) })
	out.Entries = append(out.Entries, fresh...)
	out.Records, out.Former = withheld(out.Records, out.Redacted), withheld(out.Former, out.Redacted)
	return out
}

// mostFormer is how many former records are kept of one pull request.
const mostFormer = 200

// formerly are the records that say something else at the head that is seen than they did, or
// are gone: no edit makes a late answer vanish (docs/design.md, "Time and evidence", rule 8).
func formerly(old, seen event.Pull) []event.PullRecord {
	if old.Head == "" || old.Head == seen.Head {
		return nil
	}
	now := map[string]event.PullRecord{}
	for _, r := range seen.Records {
		now[r.Path] = r
	}
	var out []event.PullRecord
	for _, r := range old.Records {
		n, stays := now[r.Path]
		if stays && (r.Fields == nil || reflect.DeepEqual(r.Fields, n.Fields)) || len(old.Former)+len(out) >= mostFormer {
			continue
		}
		r.Until = shown(old, seen)
		out = append(out, r)
	}
	return out
}

// mostText is how many characters are kept of what somebody said.
const mostText = 4000

// unknown are the entries of a list whose id neither the known ones have nor one before.
func unknown(known, list []event.Entry) []event.Entry {
	ids := map[string]bool{}
	for _, e := range known {
		ids[e.ID] = true
	}
	var out []event.Entry
	for _, e := range list {
		if !ids[e.ID] {
			out = append(out, e)
		}
		ids[e.ID] = true
	}
	return out
}

// pushed is the push that a head other than the last one tells of. GitHub keeps no time of
// a push that forces nothing: it came no later than the mark of the pull request, than a
// review of that head, and than the merge. Nor does it keep who pushed: that it was whoever
// opened the pull request is somebody's word, so only the login is written down.
func pushed(old, seen event.Pull) (event.Entry, bool) {
	if old.Head == "" || seen.Head == "" || old.Head == seen.Head {
		return event.Entry{}, false
	}
	entries := slices.Concat(old.Entries, seen.Entries)
	at := seen.Updated
	for _, e := range entries {
		shows := e.Kind == event.Reviewed && e.SHA == seen.Head || e.Kind == event.Merged
		if shows && (at.IsZero() || e.At.Before(at)) {
			at = e.At
		}
	}
	push := event.Entry{ID: "pushed-" + seen.Head, Kind: event.Pushed, At: at, Actor: opener(entries), SHA: seen.Head}
	return push, !at.IsZero() && len(unknown(entries, []event.Entry{push})) > 0
}

// since are the records that are seen, each with when it came to its path, where that was
// after the pull request was first seen.
func since(old, seen event.Pull) []event.PullRecord {
	out := slices.Clone(seen.Records)
	were := map[string]event.PullRecord{}
	for _, r := range old.Records {
		were[r.Path] = r
	}
	for i, r := range out {
		was, known := were[r.Path]
		switch {
		case known:
			out[i].Since = was.Since
		case old.Head != "" && old.Head != seen.Head:
			out[i].Since = shown(old, seen)
		}
	}
	return out
}

// shown is when the head that is seen now came.
func shown(old, seen event.Pull) time.Time {
	for _, e := range slices.Concat(old.Entries, seen.Entries) {
		if e.Kind == event.Pushed && e.SHA == seen.Head {
			return e.At
		}
	}
	if push, ok := pushed(old, seen); ok {
		return push.At
	}
	return seen.Updated
}

// opener is the login of who opened a pull request.
func opener(entries []event.Entry) account.Account {
	i := slices.IndexFunc(entries, func(e event.Entry) bool { return e.Kind == event.Opened })
	if i < 0 {
		return account.Account{}
	}
	return account.Account{Login: entries[i].Actor.Login}
}

// withheld are the records without the content that was redacted, by path and by blob.
func withheld(records []event.PullRecord, stones []event.Tombstone) []event.PullRecord {
	out := slices.Clone(records)
	for i, r := range out {
		if slices.ContainsFunc(stones, func(s event.Tombstone) bool {
			return s.Record != "" && (s.Record == r.Path || s.Blob != "" && s.Blob == r.Blob)
		}) {
			out[i].Title, out[i].Fields = "", nil
		}
	}
	return out
}
