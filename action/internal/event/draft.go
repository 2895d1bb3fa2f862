package event

import (
	"slices"
	"time"
)

// recordsAt are the records of a pull request as they were listed at an instant, and those
// that had been others before.
func recordsAt(p Pull, asOf time.Time) (records, former []PullRecord) {
	records = p.Records
	for _, r := range p.Former {
		if !r.Until.After(asOf) {
			former = append(former, r)
			continue
		}
		if !slices.ContainsFunc(records, func(o PullRecord) bool { return o.Path == r.Path }) {
			r.Until = time.Time{}
			records = append(slices.Clone(records), r)
		}
	}
	return records, former
}

// everListed are the records of a pull request, and behind them those that are gone from it,
// the last known of each path first.
func (p *Pull) everListed() []*PullRecord {
	out := make([]*PullRecord, 0, len(p.Records)+len(p.Former))
	for i := range p.Records {
		out = append(out, &p.Records[i])
	}
	for i := range p.Former {
		out = append(out, &p.Former[len(p.Former)-1-i])
	}
	return out
}

// drafts are what a record said before it landed, oldest first, where that changed; none
// where it always said the same.
func (t *track) drafts() []Version {
	if t.pull == nil {
		return nil
	}
	var out []Version
	from := time.Time{}
	for _, r := range t.pull.Former {
		if r.Path == t.birth {
			out = append(out, Version{Time: from, Path: r.Path, Blob: r.Blob, Values: r.Fields})
			from = r.Until
		}
	}
	if out == nil {
		return nil
	}
	for _, r := range t.pull.Records {
		if r.Path == t.birth {
			out = append(out, Version{Time: from, Path: r.Path, Blob: r.Blob, Values: r.Fields})
		}
	}
	return out
}
