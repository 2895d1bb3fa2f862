package schema

import (
	"math/big"
	"slices"
	"unicode/utf8"
)

// An answer is what a validator says of a value.
type answer int

const (
	unsure  answer = iota // only the library can tell
	valid                 // the library would find nothing
	invalid               // the library would find something
)

// mostAround is how many schemas stand around the one that validates before a validator gives up:
// schemas may refer to themselves.
const mostAround = 64

// validate says whether a value satisfies the schema. A nil validator has nothing against it.
func (va *validator) validate(v any, depth int) answer {
	switch {
	case va == nil:
		return valid
	case va.unknown || depth > mostAround:
		return unsure
	case va.always != unsure:
		return va.always
	}
	out := va.alone(v)
	if out == invalid {
		return invalid
	}
	return both(out, va.parts(v, depth+1))
}

// both is what two verdicts on one value come to.
func both(a, b answer) answer {
	switch {
	case a == invalid || b == invalid:
		return invalid
	case a == unsure || b == unsure:
		return unsure
	}
	return valid
}

func holds(is bool) answer {
	if is {
		return valid
	}
	return invalid
}

// alone validates a value by the keywords that look at it as a whole.
func (va *validator) alone(v any) answer {
	out := valid
	if va.types != nil {
		out = va.typed(v)
	}
	if out == valid && va.words != nil {
		out = holds(!compound(v) && slices.Contains(va.words, v))
	}
	if out == valid && va.format != nil {
		out = holds(va.format(v))
	}
	if out != valid {
		return out
	}
	switch v := v.(type) {
	case string:
		return holds(va.fits(v))
	case int64:
		return va.within(v)
	case float64:
		if va.least != nil || va.most != nil {
			return unsure
		}
	}
	return valid
}

func (va *validator) typed(v any) answer {
	switch v.(type) {
	case nil:
		return holds(va.types["null"])
	case bool:
		return holds(va.types["boolean"])
	case string:
		return holds(va.types["string"])
	case int64:
		return holds(va.types["integer"] || va.types["number"])
	case map[string]any:
		return holds(va.types["object"])
	case []any:
		return holds(va.types["array"])
	}
	return unsure
}

// fits looks at the length and the form of a text.
func (va *validator) fits(s string) bool {
	if va.shortest >= 0 || va.longest >= 0 {
		n := utf8.RuneCountInString(s)
		if n < va.shortest || va.longest >= 0 && n > va.longest {
			return false
		}
	}
	return va.form == nil || va.form.MatchString(s)
}

func (va *validator) within(n int64) answer {
	r := new(big.Rat)
	return holds((va.least == nil || r.SetInt64(n).Cmp(va.least) >= 0) && (va.most == nil || r.SetInt64(n).Cmp(va.most) <= 0))
}

// parts validates a value by the keywords that hold schemas.
func (va *validator) parts(v any, depth int) answer {
	out := valid
	switch v := v.(type) {
	case map[string]any:
		out = va.object(v, depth)
	case []any:
		out = va.list(v, depth)
	}
	for _, sub := range va.all {
		if out = both(out, sub.validate(v, depth)); out == invalid {
			return invalid
		}
	}
	if va.any != nil {
		out = both(out, someOf(va.any, v, depth))
	}
	if va.one != nil {
		out = both(out, oneExactly(va.one, v, depth))
	}
	if va.not != nil {
		out = both(out, opposite(va.not.validate(v, depth)))
	}
	if va.when == nil {
		return out
	}
	switch va.when.validate(v, depth) {
	case valid:
		return both(out, va.then.validate(v, depth))
	case invalid:
		return both(out, va.els.validate(v, depth))
	}
	return both(out, unsure)
}

func opposite(v answer) answer {
	switch v {
	case valid:
		return invalid
	case invalid:
		return valid
	}
	return unsure
}

func someOf(list []*validator, v any, depth int) answer {
	out := invalid
	for _, va := range list {
		switch va.validate(v, depth) {
		case valid:
			return valid
		case unsure:
			out = unsure
		}
	}
	return out
}

func oneExactly(list []*validator, v any, depth int) answer {
	n := 0
	for _, va := range list {
		switch va.validate(v, depth) {
		case valid:
			n++
		case unsure:
			return unsure
		}
	}
	return holds(n == 1)
}

func (va *validator) object(m map[string]any, depth int) answer {
	if len(m) < va.fewestKeys || va.mostKeys >= 0 && len(m) > va.mostKeys || !va.complete(m) {
		return invalid
	}
	out := valid
	for key, v := range m {
		sub, known := va.properties[key]
		switch {
		case !known && va.closed:
			return invalid
		case !known:
			sub = va.others
		}
		out = both(out, sub.validate(v, depth))
		out = both(out, va.names.validate(key, depth))
	}
	for key, sub := range va.beside {
		if _, there := m[key]; there {
			out = both(out, sub.validate(m, depth))
		}
	}
	return out
}

// complete reports whether every key is there that must be.
func (va *validator) complete(m map[string]any) bool {
	missing := func(key string) bool { _, there := m[key]; return !there }
	if slices.ContainsFunc(va.required, missing) {
		return false
	}
	for key, needed := range va.needs {
		if !missing(key) && slices.ContainsFunc(needed, missing) {
			return false
		}
	}
	return true
}

func (va *validator) list(list []any, depth int) answer {
	if len(list) < va.fewest || va.largest >= 0 && len(list) > va.largest {
		return invalid
	}
	out := valid
	if va.unique {
		out = distinct(list)
	}
	for _, v := range list {
		out = both(out, va.items.validate(v, depth))
	}
	if va.contains != nil {
		out = both(out, va.inside(list, depth))
	}
	return out
}

// inside tells whether some entry of a list is as the schema asks.
func (va *validator) inside(list []any, depth int) answer {
	out := invalid
	for _, v := range list {
		switch va.contains.validate(v, depth) {
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
func distinct(list []any) answer {
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
