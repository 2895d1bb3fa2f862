package rule

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
)

// Twins: what may stand in one record only, such as an account's number, stands in no two.
// The later by path is the finding; of a change, what it changed.
func Twins(records []record.Record, changed map[string]bool) []finding.Finding {
	late := func(r record.Record) int {
		if changed[r.Path()] {
			return 1
		}
		return 0
	}
	inOrder := slices.SortedFunc(slices.Values(records), func(a, b record.Record) int {
		return cmp.Or(cmp.Compare(late(a), late(b)), cmp.Compare(a.Path(), b.Path()))
	})
	var fs []finding.Finding
	first := map[string]record.Record{}
	for _, r := range inOrder {
		if r.Kind.Schema == nil {
			continue
		}
		for _, n := range r.Kind.Schema.Notes(r.Doc.Value) {
			if !n.Note.Unique {
				continue
			}
			key := r.Kind.Name + "\x00" + uniqueKey(n)
			other, taken := first[key]
			switch {
			case !taken:
				first[key] = r
			case other.Path() != r.Path():
				fs = append(fs, at(r, n.Path, finding.Finding{Rule: "twin",
					Found: fmt.Sprintf("%s is %s, as in %s", named(n.Path), n.Text, other.Path()), Expected: "a value that no other record has"}))
			}
		}
	}
	return fs
}

// place is a path of keys, wherever in a list it leads.
func place(path []string) string {
	keys := slices.DeleteFunc(slices.Clone(path), func(step string) bool {
		_, err := strconv.Atoi(step)
		return err == nil
	})
	return strings.Join(keys, ".")
}
