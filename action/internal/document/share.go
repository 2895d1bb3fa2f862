package document

import (
	"reflect"
	"slices"
	"strings"
)

// shared are the values of a version, where what it says as the version before is what that
// one says. Where there was none they are the values as they are.
func shared(before, now map[string]any) map[string]any {
	if before == nil {
		return now
	}
	out := make(map[string]any, len(now))
	for k, was := range before {
		v, still := now[k]
		switch {
		case !still:
		case Same(was, v):
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

// Same reports whether two values that were read are the same: text, numbers, true and false,
// nothing, lists and mappings.
func Same(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		return ok && len(a) == len(b) && (a == nil) == (b == nil) && (len(a) == 0 || &a[0] == &b[0] || slices.EqualFunc(a, b, Same))
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
	switch {
	case reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer():
		return true
	case len(a) != len(b):
		return false
	}
	for k, v := range a {
		w, has := b[k]
		if !has || !Same(v, w) {
			return false
		}
	}
	return true
}
