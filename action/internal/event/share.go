package event

import "strings"

// shared are the values of a version, where what it says as the version before is what that
// one says: a long history says most things again and again.
func shared(before, now map[string]any) map[string]any {
	out := make(map[string]any, len(now))
	for k, was := range before {
		v, still := now[k]
		switch {
		case !still:
		case sameValue(was, v):
			out[k] = was
		default:
			out[k] = detached(v)
		}
	}
	for k, v := range now {
		if _, had := before[k]; !had {
			out[strings.Clone(k)] = detached(v)
		}
	}
	return out
}

// detached is a value that holds on to no more of its file than it says.
func detached(v any) any {
	switch v := v.(type) {
	case string:
		return strings.Clone(v)
	case []any:
		for i := range v {
			v[i] = detached(v[i])
		}
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[strings.Clone(k)] = detached(e)
		}
		return out
	}
	return v
}

// letGo leaves a record its events alone, which hold on to no file.
func (r *Record) letGo() {
	r.Versions, r.Values, r.Title = nil, nil, strings.Clone(r.Title)
	for i := range r.Events {
		e := &r.Events[i]
		e.From, e.To = strings.Clone(e.From), strings.Clone(e.To)
	}
}

// sameValue compares values as files have them: text, numbers, true and false, nothing, lists
// and mappings.
func sameValue(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) || (a == nil) != (b == nil) {
			return false
		}
		for i := range a {
			if !sameValue(a[i], b[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && (a == nil) == (b == nil) && sameValues(a, b)
	}
	switch b.(type) {
	case []any, map[string]any:
		return false
	}
	return a == b
}

func sameValues(a, b map[string]any) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		w, has := b[k]
		if !has || !sameValue(v, w) {
			return false
		}
	}
	return true
}
