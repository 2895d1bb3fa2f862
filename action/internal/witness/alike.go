package witness

import (
	"reflect"
	"slices"
	"time"

	"github.com/commrel/liaison/action/internal/event"
)

// Alike reports whether two states of a pull request's file have the same entries up to an
// instant, and the same tombstones. The records at its head have no time of their own, and are
// not compared.
func Alike(a, b event.Pull, asOf time.Time) bool {
	seen := func(p event.Pull) []event.Entry {
		return slices.DeleteFunc(slices.Clone(p.Entries), func(e event.Entry) bool { return e.At.After(asOf) })
	}
	return slices.EqualFunc(seen(a), seen(b), func(x, y event.Entry) bool { return reflect.DeepEqual(x, y) }) &&
		slices.EqualFunc(a.Redacted, b.Redacted, func(x, y event.Tombstone) bool { return reflect.DeepEqual(x, y) })
}
