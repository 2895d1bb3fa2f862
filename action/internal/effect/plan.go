package effect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/finding"
)

// Want is what GitHub should show, whole: a breach or a digest that is not in it is over.
type Want struct {
	Issues map[Key]Issue
	Commit *Commit         // nil: every file shows its state
	Unsure map[string]bool // ids of records of which not everything could be seen: their issues stay as they are
}

// Plan is the difference between what GitHub should show and what it does, in the order in
// which it is to be applied. Only issues of ours count: marked, and written by the account
// that we act as. A human's close is respected for its key.
func Plan(want Want, have Have) []Effect {
	var plan []Effect
	if want.Commit != nil {
		plan = append(plan, Effect{Commit: want.Commit})
	}
	var issues []Effect
	mine := own(have)
	unsure := func(key Key, _ []Issue) bool { return want.Unsure[key.Record] }
	maps.DeleteFunc(mine, unsure)
	for _, key := range sorted(maps.Keys(want.Issues)) {
		if want.Unsure[key.Record] {
			continue
		}
		issues = append(issues, raise(key, want.Issues[key], mine[key], have)...)
	}
	for _, key := range sorted(maps.Keys(mine)) {
		_, wanted := want.Issues[key]
		issues = append(issues, settle(key, wanted, mine[key])...)
	}
	plan = append(plan, missingLabels(issues, have.Labels)...)
	return append(plan, issues...)
}

// MustKnowCloser reports whether planning hangs on who closed an issue.
func (w Want) MustKnowCloser(i Issue) bool {
	key, ok := KeyOf(i.Body)
	_, wanted := w.Issues[key]
	return ok && wanted && !i.Open && key.Kind.over() != ""
}

func (h Have) ours(a account.Account) bool {
	return slices.ContainsFunc(h.Us, a.Is)
}

// own are the issues of ours, by key; the oldest first.
func own(have Have) map[Key][]Issue {
	out := map[Key][]Issue{}
	for _, i := range have.Issues {
		if key, ok := KeyOf(i.Body); ok && have.ours(i.Author) {
			out[key] = append(out[key], i)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b Issue) int { return cmp.Compare(a.Number, b.Number) })
	}
	return out
}

// over says why an issue that is not wanted any more is closed; "" for kinds that only
// people close.
func (k Kind) over() string {
	switch k {
	case Breach:
		return "nothing waits any more"
	case Risk:
		return "nothing is at risk any more"
	}
	return ""
}

// again says why an issue that we closed is reopened.
func (k Kind) again() string {
	if k == Risk {
		return "something is at risk again"
	}
	return "the promise waits to be kept again"
}

// raise opens, reopens or updates the one issue of a key. Where none is open, one that a
// person closed means that they want none; of a kind that only people close, any does.
func raise(key Key, want Issue, mine []Issue, have Have) []Effect {
	if len(mine) == 0 {
		return []Effect{{Open: &want}}
	}
	var out []Effect
	keep := mine[0]
	if i := slices.IndexFunc(mine, func(i Issue) bool { return i.Open }); i >= 0 {
		keep = mine[i]
	} else if key.Kind.over() == "" || slices.ContainsFunc(mine, func(i Issue) bool { return !have.ours(i.ClosedBy) }) {
		return nil
	} else {
		out = append(out, Effect{Reopen: &IssueNumber{keep.Number, want.Title, key.Kind.again()}})
	}
	want.Number = keep.Number
	labels := with(keep.Labels, want.Labels)
	if keep.Title != want.Title || keep.Body != want.Body || len(labels) > len(keep.Labels) {
		want.Labels = labels
		out = append(out, Effect{Update: &want})
	}
	return out
}

// settle closes what is open and should not be: what is over, and duplicates.
func settle(key Key, wanted bool, mine []Issue) []Effect {
	open := slices.DeleteFunc(slices.Clone(mine), func(i Issue) bool { return !i.Open })
	why := key.Kind.over()
	if (wanted || why == "") && len(open) > 0 {
		why = fmt.Sprintf("it says the same as #%d", open[0].Number)
		open = open[1:]
	}
	var out []Effect
	for _, i := range open {
		out = append(out, Effect{Close: &IssueNumber{i.Number, i.Title, why}})
	}
	return out
}

// statuses reports whether a commit writes the statuses of records and nothing else.
func (c Commit) statuses() bool {
	return !slices.ContainsFunc(c.Splices, func(s Splice) bool { return s.Now == "" })
}

// String says in one line what the effect does.
func (e Effect) String() string {
	switch {
	case e.Commit != nil && e.Commit.statuses():
		return fmt.Sprintf("write the status of %s on %s", finding.Count(len(e.Commit.Splices), "record"), e.Commit.Branch)
	case e.Commit != nil:
		return fmt.Sprintf("write %s on %s", finding.Count(len(e.Commit.Splices), "file"), e.Commit.Branch)
	case e.Label != nil:
		return fmt.Sprintf("create the label %q", e.Label.Name)
	case e.Open != nil:
		return fmt.Sprintf("open an issue: %s", e.Open.Title)
	case e.Update != nil:
		return fmt.Sprintf("update #%d: %s", e.Update.Number, e.Update.Title)
	case e.Close != nil:
		return fmt.Sprintf("close #%d, because %s: %s", e.Close.Number, e.Close.Why, e.Close.Title)
	case e.Reopen != nil:
		return fmt.Sprintf("reopen #%d, because %s: %s", e.Reopen.Number, e.Reopen.Why, e.Reopen.Title)
	}
	return e.said()
}

// said says what an effect on a pull request does.
func (e Effect) said() string {
	switch {
	case e.Comment != nil && e.Comment.ID == 0:
		return fmt.Sprintf("comment on #%d", e.Comment.Thread)
	case e.Comment != nil:
		return fmt.Sprintf("update the comment on #%d", e.Comment.Thread)
	case e.Remove != nil:
		return fmt.Sprintf("delete a second comment on #%d", e.Remove.Thread)
	case e.Status != nil:
		return fmt.Sprintf("set the status %s of %s to %s: %s", e.Status.Context, e.Status.SHA, e.Status.State, e.Status.Description)
	}
	return "nothing"
}
