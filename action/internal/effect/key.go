package effect

import (
	"cmp"
	"iter"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// A Kind is one sort of issue that the desk opens.
type Kind string

// The kinds of issues. What a landing was refused, and what raised an alarm, is for people
// to deal with: no run closes such an issue. Of Risk and of Report there is one issue each.
const (
	Breach  Kind = "breach"  // a broken promise that waits to be kept
	Refused Kind = "refused" // a landed change that has no effect
	Alarm   Kind = "alarm"   // something that a person should look at
	Risk    Kind = "risk"    // promises that are running out of time
	Report  Kind = "report"  // were the promises kept?
)

// kinds are the kinds in the order in which they are raised: what there is one of goes first,
// so that a run which may not write everything writes that.
func kinds() []Kind { return []Kind{Report, Risk, Refused, Alarm, Breach} }

// A Key names one issue of ours: a breach by record, target, cycle and round; a refusal and an
// alarm by record and mark.
type Key struct {
	Kind   Kind
	Record string // id; "" for an alarm about the whole line
	Target string
	Cycle  int
	Round  int    // of a target that repeats: from 2; 0 for the first
	Mark   string // what raised it: a commit, or an entry of a pull request
}

// String is the key as claims and markers hold it: the kind, and what names the issue.
func (k Key) String() string {
	s := string(k.Kind)
	if q := k.values().Encode(); q != "" {
		s += " " + strings.ReplaceAll(q, "--", "-%2D") // two hyphens could end the comment
	}
	return s
}

func (k Key) values() url.Values {
	switch k.Kind {
	case Breach:
		q := url.Values{"record": {k.Record}, "target": {k.Target}, "cycle": {strconv.Itoa(k.Cycle)}}
		if k.Round != 0 {
			q.Set("round", strconv.Itoa(k.Round))
		}
		return q
	case Refused, Alarm:
		return url.Values{"record": {k.Record}, "mark": {k.Mark}}
	}
	return nil
}

// whole reports whether the key names an issue.
func (k Key) whole() bool {
	switch k.Kind {
	case Breach:
		return k.Record != "" && k.Target != ""
	case Refused:
		return k.Record != "" && k.Mark != ""
	case Alarm:
		return k.Mark != ""
	}
	return k.Kind == Risk || k.Kind == Report
}

const markerStart, markerEnd = "<!-- liaison ", " -->"

// Marker is the hidden first line by which an issue is found again.
func (k Key) Marker() string { return markerStart + k.String() + markerEnd }

// Marked reports whether a body's first line is the marker of an issue.
func Marked(body string) bool {
	_, ok := KeyOf(body)
	return ok
}

// KeyOf reads the marker on a body's first line. Only what Marker writes is one.
func KeyOf(body string) (Key, bool) {
	line := firstLine(body)
	kind, query, _ := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(line, markerStart), markerEnd), " ")
	q, err := url.ParseQuery(query)
	if err != nil {
		return Key{}, false
	}
	k := Key{Kind: Kind(kind), Record: q.Get("record"), Target: q.Get("target"), Mark: q.Get("mark")}
	if k.Kind == Breach {
		k.Cycle, err = strconv.Atoi(q.Get("cycle"))
		k.Round, _ = strconv.Atoi(q.Get("round"))
	}
	return k, err == nil && k.whole() && k.Marker() == line
}

// firstLine is where a marker stands; a body that a person edited on the web has CRLF.
func firstLine(body string) string {
	line, _, _ := strings.Cut(body, "\n")
	return strings.TrimSuffix(line, "\r")
}

// sorted are keys in the order in which their issues are dealt with.
func sorted(keys iter.Seq[Key]) []Key {
	rank := func(k Key) int { return slices.Index(kinds(), k.Kind) }
	return slices.SortedFunc(keys, func(a, b Key) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Record, b.Record), cmp.Compare(a.Target, b.Target),
			cmp.Compare(a.Cycle, b.Cycle), cmp.Compare(a.Round, b.Round), cmp.Compare(a.Mark, b.Mark))
	})
}
