package workflow

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Dated returns the values as they read at an instant: where a list such as `departments`
// has entries {department, from, to}, the field `department` is that of the entry that
// holds then. A list that has entries, none of which holds, gives no such field.
func Dated(values map[string]any, at time.Time, zone *time.Location) map[string]any {
	out := maps.Clone(values)
	for plural, v := range values {
		list, _ := v.([]any)
		name, many := strings.CutSuffix(plural, "s")
		if _, taken := values[name]; !many || taken {
			continue
		}
		for _, e := range list {
			entry, _ := e.(map[string]any)
			if value, named := entry[name]; named && Holds(entry, at, zone) {
				out[name] = value
			}
		}
	}
	return out
}

// Holds reports whether an entry's dates include an instant: from the beginning of the
// day `from` to the end of the day `to`, in the desk's zone; a date left out is open. An
// entry with a date that cannot be read holds never.
func Holds(entry map[string]any, at time.Time, zone *time.Location) bool {
	from, ok := date(entry["from"], zone)
	if !ok || !from.IsZero() && at.Before(from) {
		return false
	}
	to, ok := date(entry["to"], zone)
	return ok && (to.IsZero() || at.Before(to.AddDate(0, 0, 1)))
}

// date is the beginning of a day; the zero time where none is given.
func date(v any, zone *time.Location) (t time.Time, ok bool) {
	if v == nil {
		return t, true
	}
	s, _ := v.(string)
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	return t, err == nil && !t.IsZero()
}

// Turns are the instants at which entries among some values begin to hold or cease to, in
// order: between two of them Holds and Dated give the same.
func Turns(values map[string]any, zone *time.Location) []time.Time {
	var turns []time.Time
	var look func(any)
	look = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, e := range v {
				look(e)
			}
		case []any:
			for _, e := range v {
				look(e)
			}
		case string:
			if day, ok := date(v, zone); ok {
				turns = append(turns, day, day.AddDate(0, 0, 1))
			}
		}
	}
	look(values)
	slices.SortFunc(turns, time.Time.Compare)
	return turns
}
