package witness

import (
	"errors"
	"fmt"
	"slices"

	"github.com/commrel/liaison/action/internal/event"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
)

// readFile reads one file below pulls/; ok is false when nothing of it counts.
func readFile(t Tree, f gitrepo.File) (p event.Pull, ok bool, findings []finding.Finding, err error) {
	bad := func(found, expected string) (event.Pull, bool, []finding.Finding, error) {
		return event.Pull{}, false, []finding.Finding{defect(f.Path, found, expected)}, nil
	}
	n, ok := number(f.Path)
	switch {
	case !ok:
		return bad("a name that is no pull request's", "pulls/<n ÷ 1000>/<n>.json, such as "+Path(1234))
	case !f.Regular:
		return bad("mode "+f.Mode, "a file")
	}
	b, err := t.Read(f.Path)
	if errors.Is(err, gitrepo.ErrTooLarge) {
		return bad("a file of more than 8 MiB", "a pull request's entries")
	}
	if err != nil {
		return event.Pull{}, false, nil, err
	}
	p, err = unmarshal(b)
	switch {
	case err != nil:
		return bad("JSON that cannot be read: "+err.Error(), "one pull request, as the Action writes it")
	case p.Version != Version:
		return bad(fmt.Sprintf("version %d", p.Version), fmt.Sprintf("version %d", Version))
	case p.Number != n:
		return bad(fmt.Sprintf("the number %d in the file", p.Number), fmt.Sprintf("%d, as in its name", n))
	}
	p.Entries, findings = evidence(f.Path, p.Entries)
	return p, true, findings, nil
}

// evidence keeps the entries that are some, in order of time.
func evidence(path string, entries []event.Entry) (good []event.Entry, findings []finding.Finding) {
	seen := map[string]bool{}
	for i, e := range entries {
		found, expected := fault(e, seen)
		seen[e.ID] = true
		if found != "" {
			findings = append(findings, defect(path, fmt.Sprintf("entry %d, %q: %s", i+1, e.ID, found), expected))
			continue
		}
		e.At = e.At.UTC()
		good = append(good, e)
	}
	slices.SortStableFunc(good, func(a, b event.Entry) int { return a.At.Compare(b.At) })
	return good, findings
}

// fault is what is wrong with an entry and what was expected, "" when nothing is.
func fault(e event.Entry, seen map[string]bool) (found, expected string) {
	switch {
	case e.ID == "":
		return "no id", "one that no other entry has, such as \"review-77\""
	case seen[e.ID]:
		return "the id of an entry before it", "an id of its own; the first is kept"
	case !slices.Contains(kinds(), e.Kind):
		return fmt.Sprintf("the kind %q", e.Kind), fmt.Sprintf("one of %q", kinds())
	case e.At.IsZero():
		return "no time", "when GitHub saw it"
	case e.At.UTC().Year() < 1 || e.At.UTC().Year() > 9999:
		return "a time out of the years 1 to 9999", "when GitHub saw it"
	}
	return "", ""
}

func kinds() []event.EntryKind {
	return []event.EntryKind{
		event.Opened, event.Commented, event.Reviewed, event.Dismissed, event.Pushed,
		event.Labelled, event.Closed, event.Reopened, event.Merged, event.Commanded,
	}
}
