package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// A Trigger names the events that start or stop a clock: filed, responded, replied (filer
// or requester said something), assigned, edited, renamed, removed, or moved into one of
// some states.
type Trigger struct {
	Event string
	To    []string // of moved: the states, empty for any
}

var triggers = []string{"filed", "responded", "replied", "assigned", "edited", "renamed", "removed", "moved"}

// parseTrigger reads `filed` or `moved(accepted|declined)`.
func parseTrigger(s string) (Trigger, error) {
	name, rest, bracketed := strings.Cut(s, "(")
	t := Trigger{Event: name}
	if bracketed {
		inner, closed := strings.CutSuffix(rest, ")")
		if !closed || name != "moved" || inner == "" {
			return Trigger{}, triggerError(s)
		}
		for _, state := range strings.Split(inner, "|") {
			state = strings.TrimSpace(state)
			if state == "" || strings.ContainsAny(state, ",;() ") {
				return Trigger{}, triggerError(s)
			}
			t.To = append(t.To, state)
		}
	}
	if !slices.Contains(triggers, t.Event) {
		return Trigger{}, triggerError(s)
	}
	return t, nil
}

func triggerError(s string) error {
	return fmt.Errorf("%q is not an event; expected %s or moved(state|state)", s, strings.Join(triggers[:len(triggers)-1], ", "))
}

// Matches reports whether an event of that name, into that state, pulls the trigger.
func (t Trigger) Matches(event, to string) bool {
	return t.Event == event && (len(t.To) == 0 || slices.Contains(t.To, to))
}

// String is the trigger as it is written.
func (t Trigger) String() string {
	if len(t.To) == 0 {
		return t.Event
	}
	return t.Event + "(" + strings.Join(t.To, "|") + ")"
}
