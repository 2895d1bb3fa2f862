package workflow

import (
	"maps"
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
// day `from` to the end of the day `to`, in the desk's zone; a date left out is open. A
// date that cannot be read holds never.
func Holds(entry map[string]any, at time.Time, zone *time.Location) bool {
	from, to := Text(entry, "from"), Text(entry, "to")
	if start, err := time.ParseInLocation(time.DateOnly, from, zone); from != "" && (err != nil || at.Before(start)) {
		return false
	}
	end, err := time.ParseInLocation(time.DateOnly, to, zone)
	return to == "" || err == nil && at.Before(end.AddDate(0, 0, 1))
}
