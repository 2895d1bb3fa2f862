package gitrepo

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/commrel/liaison/action/internal/law"
)

func TestIdsAreNumberedAsByAMap(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		var l ids
		var all []hash
		want := map[hash]int32{}
		for _, n := range rapid.SliceOf(rapid.Uint16Max(300)).Draw(t, "ids") {
			id := hash{7: byte(n), 19: byte(n >> 8)} // many share their first eight bytes
			if n%7 == 0 {
				id[0] = 1
				l.push(id)
				all = append(all, id)
				continue
			}
			before, has := want[id]
			if at, known := l.find(id); known != has || known && at != before {
				t.Fatalf("%s: found at %d (%v), expected %d (%v)", id, at, known, before, has)
			}
			if !has {
				want[id] = int32(len(all))
				all = append(all, id)
			}
			if at, added := l.add(id); at != want[id] || added == has {
				t.Fatalf("%s: added at %d (%v), expected %d", id, at, added, want[id])
			}
		}
		if !slices.Equal(l.list, all) {
			t.Errorf("the list is %v, expected %v", l.list, all)
		}
	})
}
