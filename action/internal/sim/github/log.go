package github

import (
	"net/http"
	"slices"
)

// A Call is one request that the API got, whatever it answered.
type Call struct {
	Method string
	Path   string // without the query
}

// Log is every call since the last Reset, in order.
func (w *World) Log() []Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.log)
}

// Writes is the calls of the log that ask for a change.
func (w *World) Writes() []Call {
	return slices.DeleteFunc(w.Log(), func(c Call) bool { return !c.writes() })
}

// Reset empties the log.
func (w *World) Reset() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = nil
}

// writes reports whether a call asks for a change. GraphQL reads by POST.
func (c Call) writes() bool {
	return c.Method != http.MethodGet && c.Method != http.MethodHead && c.Path != "/graphql"
}
