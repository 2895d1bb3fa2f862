package event

import "bytes"

// chunk is the longest piece that counts as one; like git, a longer line is cut.
const chunk = 64

// similarity is the share, 0 to 1, of the larger text that stands in the other, counted
// in lines as `git -M` counts it.
func similarity(a, b []byte) float64 {
	larger := max(len(a), len(b))
	if larger == 0 {
		return 1
	}
	if min(len(a), len(b))*2 < larger {
		return 0
	}
	pieces := map[string]int{}
	each(a, func(p []byte) { pieces[string(p)]++ })
	common := 0
	each(b, func(p []byte) {
		if pieces[string(p)] > 0 {
			pieces[string(p)]--
			common += len(p)
		}
	})
	return float64(common) / float64(larger)
}

// each calls f with the pieces of a text: lines, cut after 64 bytes. A carriage return at
// a line's end does not count.
func each(text []byte, f func([]byte)) {
	for len(text) > 0 {
		n := min(chunk, len(text))
		if i := bytes.IndexByte(text[:n], '\n'); i >= 0 {
			n = i + 1
		}
		f(text[:n])
		text = text[n:]
	}
}
