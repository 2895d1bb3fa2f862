package cache

import (
	"encoding/binary"
	"math"

	"github.com/commrel/liaison/action/internal/rule"
)

// encode writes a digest: how many records it sums up, and three lists, each with its
// length, of texts with theirs.
func encode(d rule.Digest) string {
	out := binary.AppendUvarint(nil, uint64(d.Records))
	out = binary.AppendUvarint(out, uint64(len(d.Names)))
	for _, n := range d.Names {
		out = appendText(appendText(appendText(out, n.Kind), n.By), n.Text)
	}
	for _, list := range [][]string{d.IDs, d.Unique} {
		out = binary.AppendUvarint(out, uint64(len(list)))
		for _, text := range list {
			out = appendText(out, text)
		}
	}
	return string(out)
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

// decode reads what encode wrote; ok is false for anything else.
func decode(text string) (d rule.Digest, ok bool) {
	r := reader{text: text}
	d.Records = r.number()
	for range r.count() {
		d.Names = append(d.Names, rule.Name{Kind: r.string(), By: r.string(), Text: r.string()})
	}
	for _, list := range []*[]string{&d.IDs, &d.Unique} {
		for range r.count() {
			*list = append(*list, r.string())
		}
	}
	return d, !r.bad && r.text == ""
}

// A reader takes numbers and texts off a text, and goes bad where there is none.
type reader struct {
	text string
	bad  bool
}

// count is a number of things that follow, each of at least one byte.
func (r *reader) count() int {
	n := r.number()
	if n > len(r.text) {
		r.text, r.bad = "", true
		return 0
	}
	return n
}

// number is a number of at most 31 bits.
func (r *reader) number() int {
	var n, shift uint64
	for i := range min(len(r.text), binary.MaxVarintLen64) {
		c := r.text[i]
		n |= uint64(c&0x7f) << shift
		if shift += 7; c < 0x80 {
			r.text = r.text[i+1:]
			if n <= math.MaxInt32 {
				return int(n)
			}
			break
		}
	}
	r.text, r.bad = "", true
	return 0
}

func (r *reader) string() string {
	n := r.count()
	text := r.text[:n]
	r.text = r.text[n:]
	return text
}
