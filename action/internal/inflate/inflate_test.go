package inflate

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/adler32"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/commrel/liaison/action/internal/law"
)

// A writer writes streams bit by bit, of whatever sense.
type writer struct {
	out  []byte
	free int // bits of the last byte that are not written
}

// num writes a number of so many bits, its lowest first.
func (w *writer) num(v, bits int) *writer {
	for ; bits > 0; bits, v = bits-1, v>>1 {
		if w.free == 0 {
			w.out, w.free = append(w.out, 0), 8
		}
		w.out[len(w.out)-1] |= byte(v&1) << (8 - w.free)
		w.free--
	}
	return w
}

// code writes the bits of a code as one reads them: 0 and 1, with spaces wherever one likes.
func (w *writer) code(digits string) *writer {
	for _, c := range strings.ReplaceAll(digits, " ", "") {
		w.num(int(c-'0'), 1)
	}
	return w
}

// bytes writes whole bytes from the next one on.
func (w *writer) bytes(b ...byte) *writer {
	w.out, w.free = append(w.out, b...), 0
	return w
}

// lengths writes the head of a block with codes of its own, whose lengths are single steps.
func (w *writer) lengths(literals, distances []byte) *writer {
	w.num(2, 2).num(len(literals)-257, 5).num(len(distances)-1, 5).num(19-4, 4)
	for i := range stepOrder { // 0 to 15 have four bits each
		w.num(map[bool]int{true: 4}[stepOrder[i] < 16], 3)
	}
	for _, n := range append(bytes.Clone(literals), distances...) {
		w.code(fmt.Sprintf("%04b", n))
	}
	return w
}

// some are lengths of an alphabet in which most symbols have no code.
func some(size int, lengths map[int]byte) []byte {
	all := make([]byte, size)
	for symbol, n := range lengths {
		all[symbol] = n
	}
	return all
}

// stream puts a head and a checksum around what a writer wrote.
func (w *writer) stream(content string) []byte {
	out := append([]byte{0x78, 0x9c}, w.out...)
	return binary.BigEndian.AppendUint32(out, adler32.Checksum([]byte(content)))
}

func begun() *writer { return new(writer).num(1, 1) }

// mostRead is how much is read of a stream that may have no end.
const mostRead = 1 << 20

// reference is what compress/zlib makes of a stream.
func reference(src []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(src))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, mostRead))
}

const endFixed = "0000000" // the fixed code of the end of a block

// A soundCase is a stream that holds together.
type soundCase struct {
	name, content string
	stream        *writer
}

func soundCases() []soundCase {
	ends := map[int]byte{256: 1, 'a': 1}
	deep := map[int]byte{'a': 1, 'b': 2, 'c': 3, 'd': 4, 'e': 5, 'f': 6, 'g': 7, 'h': 8, 'i': 9, 'j': 10, 'k': 11, 'l': 12, 'm': 13, 'n': 14, 'o': 15, 256: 15}
	return []soundCase{
		{"nothing, stored", "", begun().num(0, 2).bytes(0, 0, 255, 255)},
		{"stored bytes", "abc", begun().num(0, 2).bytes(3, 0, 252, 255, 'a', 'b', 'c')},
		{"a stored block amid others", "aba", new(writer).num(0, 1).num(1, 2).code("10010001"+endFixed).num(0, 3).bytes(1, 0, 254, 255, 'b').num(1, 1).num(1, 2).code("10010001" + endFixed)},
		{"nothing, in fixed codes", "", begun().num(1, 2).code(endFixed)},
		{"a copy that overlaps itself", "aaaa", begun().num(1, 2).code("10010001 0000001 00000" + endFixed)},
		{"the longest copy", strings.Repeat("a", 259), begun().num(1, 2).code("10010001 11000101 00000" + endFixed)},
		{"no distance has a code, and none is used", "a", begun().lengths(some(257, ends), []byte{0}).code("01")},
		{"one distance has a code of one bit", "aaaa", begun().lengths(some(258, map[int]byte{'a': 1, 256: 2, 257: 2}), []byte{1}).code("0 11 0 10")},
		{"the end alone has a code, of one bit", "", begun().lengths(some(257, map[int]byte{256: 1}), []byte{0}).code("0")},
		{"codes of every length", "abcdefghijklmno", begun().lengths(some(257, deep), []byte{0}).code("0 10 110 1110 11110 111110 1111110 11111110 111111110 1111111110 11111111110 111111111110 1111111111110 11111111111110 111111111111110 111111111111111")},
	}
}

func TestAStreamThatHoldsTogetherIsReadAsTheStandardLibraryReadsIt(t *testing.T) {
	var d Decoder
	for _, c := range soundCases() {
		t.Run(c.name, func(t *testing.T) {
			src := c.stream.stream(c.content)
			want, err := reference(src)
			if err != nil || string(want) != c.content {
				t.Fatalf("the standard library reads %q, %v: want %q", want, err, c.content)
			}
			got := make([]byte, len(c.content))
			if err := d.Fill(got, append(src, "and what follows"...)); err != nil || string(got) != c.content {
				t.Errorf("%q, %v: want %q", got, err, c.content)
			}
		})
	}
}

// A badCase is a stream that does not hold together, or not with a claim of one byte.
type badCase struct {
	name   string
	stream []byte
	words  string
}

func badCases() []badCase {
	ends := map[int]byte{256: 1, 'a': 1}
	good := begun().num(1, 2).code("10010001" + endFixed).stream("a")
	ofSteps := func(n int, lengths ...int) *writer {
		w := begun().num(2, 2).num(0, 5).num(0, 5).num(n-4, 4)
		for _, l := range lengths {
			w.num(l, 3)
		}
		return w
	}
	return []badCase{
		{"nothing", nil, "truncated"},
		{"half a head", good[:1], "truncated"},
		{"a head alone", good[:2], "truncated"},
		{"no checksum", good[:len(good)-4], "truncated"},
		{"part of a checksum", good[:len(good)-1], "truncated"},
		{"another method", []byte{0x77, 0x85, 3, 0, 0, 0, 0, 1}, "begin as zlib"},
		{"a window of 64 KiB", []byte{0x88, 0x1c, 3, 0, 0, 0, 0, 1}, "begin as zlib"},
		{"a head that does not add up", []byte{0x78, 0x9d, 3, 0, 0, 0, 0, 1}, "begin as zlib"},
		{"a dictionary", []byte{0x78, 0xbb, 0, 0, 0, 2, 3, 0, 0, 0, 0, 1}, "dictionary"},
		{"another checksum", append(bytes.Clone(good[:len(good)-1]), 1), "checksum"},
		{"a block of the kind that is reserved", begun().num(3, 2).stream("a"), "no kind"},
		{"a stored length that is not said twice", begun().num(0, 2).bytes(1, 0, 255, 255, 'a').stream("a"), "stored"},
		{"a stored block cut off", append([]byte{0x78, 0x9c}, begun().num(0, 2).bytes(2, 0, 253, 255, 'a').out...), "truncated"},
		{"a stored length cut off", append([]byte{0x78, 0x9c}, begun().num(0, 2).bytes(2, 0, 253).out...), "truncated"},
		{"a block cut off before its end", append([]byte{0x78, 0x9c}, begun().num(1, 2).code("10010001").out...), "truncated"},
		{"no last block", append([]byte{0x78, 0x9c}, new(writer).num(0, 1).num(1, 2).code("10010001"+endFixed).out...), "truncated"},
		{"a copy from before the content", begun().num(1, 2).code("0000001 00000" + endFixed).stream("a"), "before the content"},
		{"a copy from one too far", begun().num(1, 2).code("10010001 0000001 00001" + endFixed).stream("a"), "before the content"},
		{"a length that is none", begun().num(1, 2).code("10010001 11000110").stream("a"), "no code"},
		{"a distance that is none", begun().num(1, 2).code("10010001 0000001 11110").stream("a"), "no code"},
		{"too many literals", begun().lengths(some(287, ends), []byte{0}).code("01").stream("a"), "cannot be read"},
		{"too many distances", begun().lengths(some(257, ends), make([]byte, 31)).code("01").stream("a"), "cannot be read"},
		{"steps of too many codes", ofSteps(4, 1, 1, 1, 0).stream("a"), "no code has"},
		{"steps of too few codes", ofSteps(4, 2, 2, 2, 0).stream("a"), "no code has"},
		{"steps without codes", ofSteps(4, 0, 0, 0, 0).stream("a"), "cannot be read"},
		{"a step that repeats nothing", ofSteps(4, 1, 0, 0, 1).code("1").num(0, 2).stream("a"), "cannot be read"},
		{"a step that goes beyond the codes", ofSteps(4, 0, 0, 1, 1).code("1").num(127, 7).code("1").num(127, 7).stream("a"), "cannot be read"},
		{"literals of too many codes", begun().lengths(some(257, map[int]byte{256: 1, 1: 1, 2: 1}), []byte{0}).stream("a"), "no code has"},
		{"literals of too few codes", begun().lengths(some(257, map[int]byte{256: 2, 1: 2}), []byte{0}).stream("a"), "no code has"},
		{"one literal of two bits", begun().lengths(some(257, map[int]byte{256: 2}), []byte{0}).stream("a"), "no code has"},
		{"literals without codes", begun().lengths(some(257, nil), []byte{0}).stream("a"), "no code"},
		{"the other bit of one code alone", begun().lengths(some(257, map[int]byte{256: 1}), []byte{0}).code("1").stream("a"), "no code"},
		{"distances of too many codes", begun().lengths(some(257, ends), []byte{1, 1, 1}).stream("a"), "no code has"},
		{"distances of too few codes", begun().lengths(some(257, ends), []byte{2, 2, 2}).stream("a"), "no code has"},
		{"a copy where no distance has a code", begun().lengths(some(258, map[int]byte{'a': 1, 256: 2, 257: 2}), []byte{0}).code("0 11 0 10").stream("a"), "no code"},
		{"the other bit of one distance alone", begun().lengths(some(258, map[int]byte{'a': 1, 256: 2, 257: 2}), []byte{1}).code("0 11 1 10").stream("a"), "no code"},
		{"more than it claims", begun().num(1, 2).code("10010001 10010001" + endFixed).stream("aa"), "more than the 1 bytes"},
		{"a copy of more than it claims", begun().num(1, 2).code("10010001 0000001 00000" + endFixed).stream("aaaa"), "more than the 1 bytes"},
		{"more stored than it claims", begun().num(0, 2).bytes(2, 0, 253, 255, 'a', 'a').stream("aa"), "more than the 1 bytes"},
		{"less than it claims", begun().num(1, 2).code(endFixed).stream(""), "0 bytes and not the 1"},
	}
}

func TestABadStreamIsToldOf(t *testing.T) {
	var d Decoder
	for _, c := range badCases() {
		t.Run(c.name, func(t *testing.T) {
			if got, err := reference(c.stream); err == nil && len(got) == 1 {
				t.Fatalf("the standard library reads %q", got)
			}
			err := d.Fill(make([]byte, 1), c.stream)
			if err == nil || !strings.Contains(err.Error(), c.words) {
				t.Errorf("error %v: want one that says %q", err, c.words)
			}
		})
	}
}

// compressed is zlib of some bytes, by the standard library.
func compressed(t testing.TB, level int, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zlib.NewWriterLevel(&out, level)
	if err == nil {
		_, err = z.Write(content)
		err = errors.Join(err, z.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// text is content of a kind: 0 repeats itself much, more repeats itself less.
func text(seed uint64, kind, size int) []byte {
	rnd := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, 0, size)
	for len(b) < size {
		if n := rnd.IntN(300); kind < 3 && len(b) > 0 && rnd.IntN(1+kind*20) == 0 {
			from := rnd.IntN(len(b))
			b = append(b, b[from:min(len(b), from+n)]...)
			continue
		}
		b = append(b, byte(rnd.IntN(1+rnd.IntN(256))))
	}
	return b[:size]
}

func TestWhatIsCompressedIsReadBack(t *testing.T) {
	var d Decoder
	law.Check(t, func(r *rapid.T) {
		size := rapid.OneOf(rapid.IntRange(0, 300), rapid.IntRange(0, 200_000)).Draw(r, "size")
		content := text(rapid.Uint64().Draw(r, "seed"), rapid.IntRange(0, 4).Draw(r, "kind"), size)
		src := compressed(t, rapid.SampledFrom([]int{flate.HuffmanOnly, flate.DefaultCompression, 0, 1, 6, 9}).Draw(r, "level"), content)
		got := make([]byte, size)
		if err := d.Fill(got, src); err != nil || !bytes.Equal(got, content) {
			r.Fatalf("%d bytes: %v", size, err)
		}
		cut := rapid.IntRange(0, len(src)-1).Draw(r, "cut")
		if err := d.Fill(got, src[:cut]); !errors.Is(err, errTruncated) {
			r.Fatalf("cut off after %d of %d bytes: %v", cut, len(src), err)
		}
		most := rapid.IntRange(0, size+5).Draw(r, "most")
		if n, err := d.Begin(got[:min(most, size)], src); err != nil || !bytes.Equal(got[:n], content[:min(most, size)]) {
			r.Fatalf("the first %d of %d bytes: %d, %v", most, size, n, err)
		}
	})
}

// FuzzFill holds a decoder against the standard library. Size is what is claimed. Where whole
// is false, the head and the checksum are put around what is drawn, or little would be sound.
func FuzzFill(f *testing.F) {
	for kind := range 5 {
		for _, level := range []int{flate.HuffmanOnly, 0, 1, 9} {
			content := text(uint64(kind), kind, 50+kind*400)
			src := compressed(f, level, content)
			f.Add(src[2:len(src)-4], uint16(len(content)), false)
		}
	}
	for _, c := range soundCases() {
		f.Add(c.stream.out, uint16(len(c.content)), false)
		f.Add(c.stream.stream(c.content), uint16(len(c.content)), true)
	}
	for _, c := range badCases() {
		f.Add(c.stream, uint16(1), true)
		f.Add(c.stream[min(2, len(c.stream)):], uint16(1), false)
	}
	var d Decoder
	f.Fuzz(func(t *testing.T, src []byte, size uint16, whole bool) {
		if !whole {
			src = around(src)
		}
		want, wantErr := reference(src)
		if len(want) == mostRead {
			return
		}
		if len(src) > 1 && src[1]&0x20 != 0 {
			wantErr = errPreset // the standard library takes an empty dictionary
		}
		holds(t, &d, src, int(size), want, wantErr)
		if wantErr == nil {
			holds(t, &d, src, len(want), want, nil)
		}
	})
}

// around puts a head and a checksum around the blocks that some bytes begin with.
func around(blocks []byte) []byte {
	r := bytes.NewReader(blocks)
	content, _ := io.ReadAll(io.LimitReader(flate.NewReader(r), mostRead)) // an error is found again
	w := writer{out: blocks[:len(blocks)-r.Len()]}
	return w.stream(string(content))
}

// holds sees that a stream is read as said when so many bytes are wanted, and not beyond.
func holds(t *testing.T, d *Decoder, src []byte, size int, want []byte, wantErr error) {
	t.Helper()
	room := bytes.Repeat([]byte{0xa5}, size+64)
	err := d.Fill(room[:size], src)
	if taken := wantErr == nil && len(want) == size; taken != (err == nil) {
		t.Fatalf("%d bytes wanted: %v; the standard library: %d bytes, %v", size, err, len(want), wantErr)
	}
	if err == nil && !bytes.Equal(room[:size], want) {
		t.Fatalf("%q: want %q", room[:size], want)
	}
	n, err := d.Begin(room[:size], src)
	if most := min(size, len(want)); wantErr == nil && (err != nil || !bytes.Equal(room[:n], want[:most])) {
		t.Fatalf("the first %d bytes: %q, %v: want %q", size, room[:n], err, want[:most])
	}
	if bytes.Count(room[size:], []byte{0xa5}) != 64 {
		t.Fatal("it wrote beyond its slice")
	}
}
