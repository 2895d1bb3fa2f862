package event

import "bytes"

// chunk is the longest piece that counts as one; like git, a longer line is cut.
const chunk = 64

// A shape is what similarity looks at: a text's size, and how many bytes of it each of its
// pieces makes up.
type shape struct {
	size   int
	pieces map[string]int
}

// shapeOf cuts a text into lines, and lines after 64 bytes. A carriage return at a line's
// end does not count.
func shapeOf(text []byte) shape {
	s := shape{len(text), map[string]int{}}
	for text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")); len(text) > 0; {
		n := min(chunk, len(text))
		if i := bytes.IndexByte(text[:n], '\n'); i >= 0 {
			n = i + 1
		}
		s.pieces[string(text[:n])] += n
		text = text[n:]
	}
	return s
}

// similarity is the share, 0 to 1, of the larger text that stands in the other, counted
// as `git -M` counts it. Where half is out of reach it is 0.
func similarity(a, b shape) float64 {
	larger := max(a.size, b.size)
	if larger == 0 {
		return 1
	}
	if min(a.size, b.size)*2 < larger {
		return 0
	}
	common := 0
	for piece, n := range a.pieces {
		common += min(n, b.pieces[piece])
	}
	return float64(common) / float64(larger)
}
