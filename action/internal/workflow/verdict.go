package workflow

import (
	"math/big"
	"slices"
	"unicode/utf8"
)

// A verdict is what a test says of a value.
type verdict int

const (
	unsure  verdict = iota // only the library can tell
	valid                  // the library would find nothing
	invalid                // the library would find something
)

// mostAround is how many schemas stand around the one that judges before a test gives up:
// schemas may refer to themselves.
const mostAround = 64

// judge says whether a value satisfies the schema. A nil test has nothing against it.
func (t *test) judge(v any, depth int) verdict {
	switch {
	case t == nil:
		return valid
	case t.unknown || depth > mostAround:
		return unsure
	case t.always != unsure:
		return t.always
	}
	out := t.alone(v)
	if out == invalid {
		return invalid
	}
	return both(out, t.parts(v, depth+1))
}

// both is what two verdicts on one value come to.
func both(a, b verdict) verdict {
	switch {
	case a == invalid || b == invalid:
		return invalid
	case a == unsure || b == unsure:
		return unsure
	}
	return valid
}

func holds(is bool) verdict {
	if is {
		return valid
	}
	return invalid
}

// alone judges a value by the keywords that look at it as a whole.
func (t *test) alone(v any) verdict {
	out := valid
	if t.types != nil {
		out = t.typed(v)
	}
	if out == valid && t.words != nil {
		out = holds(!compound(v) && slices.Contains(t.words, v))
	}
	if out == valid && t.format != nil {
		out = holds(t.format(v))
	}
	if out != valid {
		return out
	}
	switch v := v.(type) {
	case string:
		return holds(t.fits(v))
	case int64:
		return t.within(v)
	case float64:
		if t.least != nil || t.most != nil {
			return unsure
		}
	}
	return valid
}

func (t *test) typed(v any) verdict {
	switch v.(type) {
	case nil:
		return holds(t.types["null"])
	case bool:
		return holds(t.types["boolean"])
	case string:
		return holds(t.types["string"])
	case int64:
		return holds(t.types["integer"] || t.types["number"])
	case map[string]any:
		return holds(t.types["object"])
	case []any:
		return holds(t.types["array"])
	}
	return unsure
}

// fits judges the length and the form of a text.
func (t *test) fits(s string) bool {
	if t.shortest >= 0 || t.longest >= 0 {
		n := utf8.RuneCountInString(s)
		if n < t.shortest || t.longest >= 0 && n > t.longest {
			return false
		}
	}
	return t.form == nil || t.form.MatchString(s)
}

func (t *test) within(n int64) verdict {
	r := new(big.Rat)
	return holds((t.least == nil || r.SetInt64(n).Cmp(t.least) >= 0) && (t.most == nil || r.SetInt64(n).Cmp(t.most) <= 0))
}

// parts judges a value by the keywords that hold schemas.
func (t *test) parts(v any, depth int) verdict {
	out := valid
	switch v := v.(type) {
	case map[string]any:
		out = t.object(v, depth)
	case []any:
		out = t.list(v, depth)
	}
	for _, sub := range t.all {
		if out = both(out, sub.judge(v, depth)); out == invalid {
			return invalid
		}
	}
	if t.any != nil {
		out = both(out, someOf(t.any, v, depth))
	}
	if t.one != nil {
		out = both(out, oneExactly(t.one, v, depth))
	}
	if t.not != nil {
		out = both(out, opposite(t.not.judge(v, depth)))
	}
	if t.when == nil {
		return out
	}
	switch t.when.judge(v, depth) {
	case valid:
		return both(out, t.then.judge(v, depth))
	case invalid:
		return both(out, t.els.judge(v, depth))
	}
	return both(out, unsure)
}

func opposite(v verdict) verdict {
	switch v {
	case valid:
		return invalid
	case invalid:
		return valid
	}
	return unsure
}

func someOf(list []*test, v any, depth int) verdict {
	out := invalid
	for _, t := range list {
		switch t.judge(v, depth) {
		case valid:
			return valid
		case unsure:
			out = unsure
		}
	}
	return out
}

func oneExactly(list []*test, v any, depth int) verdict {
	n := 0
	for _, t := range list {
		switch t.judge(v, depth) {
		case valid:
			n++
		case unsure:
			return unsure
		}
	}
	return holds(n == 1)
}

func (t *test) object(m map[string]any, depth int) verdict {
	if len(m) < t.fewestKeys || t.mostKeys >= 0 && len(m) > t.mostKeys || !t.complete(m) {
		return invalid
	}
	out := valid
	for key, v := range m {
		sub, known := t.properties[key]
		switch {
		case !known && t.closed:
			return invalid
		case !known:
			sub = t.others
		}
		out = both(out, sub.judge(v, depth))
		out = both(out, t.names.judge(key, depth))
	}
	for key, sub := range t.beside {
		if _, there := m[key]; there {
			out = both(out, sub.judge(m, depth))
		}
	}
	return out
}

// complete reports whether every key is there that must be.
func (t *test) complete(m map[string]any) bool {
	missing := func(key string) bool { _, there := m[key]; return !there }
	if slices.ContainsFunc(t.required, missing) {
		return false
	}
	for key, needed := range t.needs {
		if !missing(key) && slices.ContainsFunc(needed, missing) {
			return false
		}
	}
	return true
}

func (t *test) list(list []any, depth int) verdict {
	if len(list) < t.fewest || t.largest >= 0 && len(list) > t.largest {
		return invalid
	}
	out := valid
	if t.unique {
		out = distinct(list)
	}
	for _, v := range list {
		out = both(out, t.items.judge(v, depth))
	}
	if t.contains != nil {
		out = both(out, t.inside(list, depth))
	}
	return out
}

// inside judges whether some entry of a list is as the schema asks.
func (t *test) inside(list []any, depth int) verdict {
	out := invalid
	for _, v := range list {
		switch t.contains.judge(v, depth) {
		case valid:
			return valid
		case unsure:
			out = unsure
		}
	}
	return out
}

// mostCompared is how many entries of a list are compared with one another.
const mostCompared = 64

// distinct reports whether texts differ; of other values it is unsure.
func distinct(list []any) verdict {
	if len(list) > mostCompared {
		return unsure
	}
	out := valid
	for i, v := range list {
		if _, text := v.(string); !text {
			out = unsure
		} else if slices.Contains(list[:i], v) {
			return invalid
		}
	}
	return out
}
