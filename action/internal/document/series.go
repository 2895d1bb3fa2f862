package document

import (
	"maps"
	"slices"
	"strings"
)

// A Series reads the versions of one file one after the other. What a version says in the
// words of the one before is the same value, and is not read again: a long history says most
// things again and again. The zero Series has read nothing.
type Series struct {
	passages []passage      // of the version before; none where it is not plain
	spare    []passage      // room for those of the next
	values   map[string]any // of the last version that could be read
}

// Values are what Parse reads of the next version; ok is false where that has findings. Other
// versions may share them: nobody may change them.
func (s *Series) Values(src []byte) (values map[string]any, ok bool) {
	if passages, plain := readPassages(src, s.passages, s.spare); plain {
		values = s.told(passages)
		s.passages, s.spare, s.values = passages, s.passages, values
		return values, true
	}
	s.passages = nil
	doc, _ := readExactly(src)
	if doc == nil {
		return nil, false
	}
	s.values = shared(s.values, doc.Value)
	return s.values, true
}

// told are the values of the next version.
func (s *Series) told(passages []passage) map[string]any {
	values := make(map[string]any, len(passages))
	if s.values != nil {
		values = maps.Clone(s.values)
	}
	for i := range passages {
		p := &passages[i]
		was, had := s.values[p.key]
		switch {
		case p.again:
			continue
		case had && Same(was, p.value):
			p.value = was
		case s.values != nil:
			p.key, p.value = strings.Clone(p.key), detached(p.value)
		}
		values[p.key] = p.value
	}
	if len(values) > len(passages) {
		maps.DeleteFunc(values, func(key string, _ any) bool {
			return !slices.ContainsFunc(passages, func(p passage) bool { return p.key == key })
		})
	}
	return values
}

// A passage is a key at the left edge of a plain document, with all lines up to the next one.
// Its value hangs on nothing else.
type passage struct {
	text, key string
	value     any
	again     bool // the version before has it too
}

// readPassages is readPlain in passages, of which those that the version before had are not
// read again. They take the place of what the room holds.
func readPassages(src []byte, before, room []passage) (now []passage, ok bool) {
	p, ok := newPlainReader(src)
	if !ok || !plainText(p.src[:len(p.src)-len(p.rest)]) {
		return nil, false
	}
	now = room[:0]
	keys := make(keySet, 0, 32)
	for !p.done && p.indent == 0 {
		next := passage{text: p.passage()}
		if was := find(before, len(now), next.text); was != nil {
			next = *was
			next.again = true
			p.pass(next.text)
		} else if next.key, next.value, ok = p.pair(0, mostPlain); !ok || !plainText(next.text) {
			return nil, false
		}
		if !keys.add(next.key) {
			return nil, false
		}
		now = append(now, next)
	}
	return now, p.done && len(now) > 0
}

// find is the passage of some words, looked for first where it most likely is.
func find(all []passage, likely int, text string) *passage {
	for _, at := range []int{likely, likely - 1, likely + 1} {
		if at >= 0 && at < len(all) && all[at].text == text {
			return &all[at]
		}
	}
	return nil
}

// passage is the text from the current line, which stands at the left edge, to the next key
// that does.
func (p *plainReader) passage() string {
	begin := len(p.src) - len(p.rest) - len("\n") - len(p.line)
	end := len(p.src) - len(p.rest)
	for end < len(p.src) && !letter(p.src[end]) && p.src[end] != '_' {
		end += strings.IndexByte(p.src[end:], '\n') + 1
	}
	return p.src[begin:end]
}

// pass goes on behind a passage, at whose first line it stands.
func (p *plainReader) pass(passage string) {
	p.rest = p.rest[len(passage)-len(p.line)-len("\n"):]
	p.next()
}
