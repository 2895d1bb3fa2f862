package odb

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/commrel/liaison/action/internal/law"
)

// compressed is zlib of some bytes, by the standard library.
func compressed(b []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, err := z.Write(b)
	if err = errors.Join(err, z.Close()); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// A made object is one of a pack that is made by hand.
type made struct {
	id   ID
	kind Kind
	base ID  // of a refDelta
	back int // of an offsetDelta: how far before it its base begins
	body []byte
	size int // as stated; 0: as it is
}

// pack makes a pack and its index, of whatever sense.
func packOf(objects ...made) (pack []byte, idx []byte, offsets []int) {
	pack = append([]byte("PACK\x00\x00\x00\x02"), 0, 0, 0, byte(len(objects)))
	for _, o := range objects {
		offsets = append(offsets, len(pack))
		size := cmp.Or(o.size, len(o.body))
		c := byte(o.kind)<<4 | byte(size&15)
		for size >>= 4; size > 0; size >>= 7 {
			pack = append(pack, c|0x80)
			c = byte(size & 0x7f)
		}
		pack = append(pack, c)
		switch o.kind {
		case refDelta:
			pack = append(pack, o.base[:]...)
		case offsetDelta:
			pack = append(pack, backBytes(o.back)...)
		}
		pack = append(pack, compressed(o.body)...)
	}
	pack = append(pack, make([]byte, 20)...)
	return pack, indexOf(objects, offsets), offsets
}

func backBytes(back int) []byte {
	out := []byte{byte(back & 0x7f)}
	for back >>= 7; back > 0; back >>= 7 {
		back--
		out = append([]byte{byte(back&0x7f) | 0x80}, out...)
	}
	return out
}

func indexOf(objects []made, offsets []int) []byte {
	order := make([]int, len(objects))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return objects[a].id.compare(objects[b].id) })
	idx := []byte("\xfftOc\x00\x00\x00\x02")
	for first := range 256 {
		n := 0
		for _, o := range objects {
			if int(o.id[0]) <= first {
				n++
			}
		}
		idx = binary.BigEndian.AppendUint32(idx, uint32(n))
	}
	for _, i := range order {
		idx = append(idx, objects[i].id[:]...)
	}
	idx = append(idx, make([]byte, 4*len(objects))...)
	for _, i := range order {
		idx = binary.BigEndian.AppendUint32(idx, uint32(offsets[i]))
	}
	return append(idx, make([]byte, trailer)...)
}

// inMemory is a store of one pack that is on no disk.
func inMemory(pack_, idx []byte) (*Store, error) {
	x, err := parseIndex(idx)
	if err != nil {
		return nil, err
	}
	p := &pack{name: "made", index: x, file: mapping{pack_}}
	p.once.Do(func() { p.fault = checkPack(pack_) })
	s := &Store{opened: map[*pack]bool{}}
	s.found.Store(&shelf{packs: []*pack{p}, rest: 1})
	return s, nil
}

func inOnePack(t testing.TB, objects ...made) *Reader {
	t.Helper()
	pack, idx, _ := packOf(objects...)
	s, err := inMemory(pack, idx)
	if err != nil {
		t.Fatal(err)
	}
	return s.Reader()
}

// delta is a delta from a size to a size by some orders.
func delta(from, to int, orders ...byte) []byte {
	b := binary.AppendUvarint(nil, uint64(from))
	return append(binary.AppendUvarint(b, uint64(to)), orders...)
}

func TestDamageIsToldOf(t *testing.T) {
	base := made{id: ID{1}, kind: Blob, body: []byte("0123456789")}
	bomb := make([]byte, 0, 4*5)
	for range 5 {
		bomb = append(bomb, 0x80|0x70, 0xff, 0xff, 0xff)
	}
	cases := []struct {
		name    string
		objects []made
		read    ID
		words   string
	}{
		{"a circle of two deltas", []made{{id: ID{2}, kind: refDelta, base: ID{3}, body: delta(1, 1, 1, 'a')}, {id: ID{3}, kind: refDelta, base: ID{2}, body: delta(1, 1, 1, 'a')}}, ID{2}, "circle"},
		{"a delta of itself", []made{{id: ID{2}, kind: refDelta, base: ID{2}, body: delta(1, 1, 1, 'a')}}, ID{2}, "circle"},
		{"a base that is nowhere", []made{{id: ID{2}, kind: refDelta, base: ID{9}, body: delta(1, 1, 1, 'a')}}, ID{2}, "delta base 0900000000000000000000000000000000000000 is not in the pack"},
		{"a base before the pack", []made{base, {id: ID{2}, kind: offsetDelta, back: 4000, body: delta(10, 1, 1, 'a')}}, ID{2}, "corrupt"},
		{"a base amid another object", []made{base, {id: ID{2}, kind: offsetDelta, back: 5, body: delta(10, 1, 1, 'a')}}, ID{2}, "made.pack"},
		{"a kind that there is not", []made{{id: ID{2}, kind: 5, body: []byte("x")}}, ID{2}, "no object is of kind 5"},
		{"more bytes than it says", []made{{id: ID{2}, kind: Blob, body: []byte("1234"), size: 3}}, ID{2}, "more than the 3 bytes"},
		{"fewer bytes than it says", []made{{id: ID{2}, kind: Blob, body: []byte("1234"), size: 5}}, ID{2}, "corrupt"},
		{"a size that cannot be", []made{{id: ID{2}, kind: Blob, body: []byte("1234"), size: 60 << 20}}, ID{2}, "truncated"},
		{"a size beyond all bounds", []made{{id: ID{2}, kind: Blob, body: []byte("1234"), size: 1 << 45}}, ID{2}, "larger than 64 MiB"},
		{"a delta of another size of base", []made{base, {id: ID{2}, kind: refDelta, base: ID{1}, body: delta(11, 1, 1, 'a')}}, ID{2}, "a delta for 11 bytes on a base of 10"},
		{"a delta that copies from beyond", []made{base, {id: ID{2}, kind: refDelta, base: ID{1}, body: delta(10, 9, 0x91, 5, 9)}}, ID{2}, "beyond its base"},
		{"a delta that makes too little", []made{base, {id: ID{2}, kind: refDelta, base: ID{1}, body: delta(10, 9, 1, 'a')}}, ID{2}, "a delta that cannot be read"},
		{"a delta that makes too much", []made{base, {id: ID{2}, kind: refDelta, base: ID{1}, body: delta(10, 1, 2, 'a', 'b')}}, ID{2}, "a delta that cannot be read"},
		{"a delta cut off", []made{base, {id: ID{2}, kind: refDelta, base: ID{1}, body: delta(10, 3, 3, 'a', 'b')}}, ID{2}, "a delta that cannot be read"},
		{"a delta with an order that there is not", []made{base, {id: ID{2}, kind: refDelta, base: ID{1}, body: delta(10, 3, 0)}}, ID{2}, "a delta that cannot be read"},
		{"a delta that makes more than may be", []made{
			{id: ID{1}, kind: Blob, body: make([]byte, 0xffffff)},
			{id: ID{2}, kind: refDelta, base: ID{1}, body: delta(0xffffff, 5*0xffffff, bomb...)},
		}, ID{2}, "larger than 64 MiB"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := inOnePack(t, c.objects...)
			_, _, err := r.Read(c.read)
			wantError(t, err, c.read.String(), c.words)
		})
	}
}

func TestTruncatedFilesAreToldOf(t *testing.T) {
	l := newLab(t)
	l.grow("main", 30)
	l.git("", "repack", "-adfq")
	l.git("", "multi-pack-index", "write")
	name := l.file("pack", "*.pack")
	pack, idx, midx := read(t, name), read(t, name[:len(name)-5]+".idx"), read(t, l.file("pack", "multi-pack-index"))
	all := l.everything()
	for n := 0; n < len(idx); n += 1 + n/20 {
		if _, err := parseIndex(idx[:n]); err == nil {
			t.Errorf("an index cut off after %d of %d bytes: no error", n, len(idx))
		}
	}
	for n := 0; n < len(midx)-20; n += 1 + n/20 {
		if _, err := parseMulti(midx[:n]); err == nil {
			t.Errorf("an index of packs cut off after %d of %d bytes: no error", n, len(midx))
		}
	}
	for n := 0; n < len(pack)-20; n += 1 + n/6 {
		s, err := inMemory(pack[:n], idx)
		if err != nil {
			t.Fatal(err)
		}
		readSome(t, s, all, true)
	}
}

// readSome reads everything and wants what git says, or an error; at least one where some.
func readSome(t testing.TB, s *Store, all map[ID]told, some bool) {
	t.Helper()
	r, failed := s.Reader(), 0
	for _, id := range inOrder(all) {
		want := all[id]
		kind, body, err := r.Read(id)
		if err != nil {
			failed++
		} else if kind.String() != want.kind || !bytes.Equal(body, want.body) {
			t.Fatalf("%s is a %s of %d bytes: want a %s of %d, or an error", id, kind, len(body), want.kind, len(want.body))
		}
	}
	if some && failed == 0 {
		t.Error("no error from what is cut off")
	}
}

func TestWhatIsReadIsBoundedInMemory(t *testing.T) {
	objects := []made{{id: ID{1}, kind: Blob, body: make([]byte, 0xffffff)}}
	for i := range byte(30) {
		orders := []byte{0x80 | 0x70, 0xff, 0xff, 0xff, 1, 'a' + i%20}
		from := len(objects[0].body) + int(min(i, 1))
		objects = append(objects, made{id: ID{2 + i}, kind: refDelta, base: ID{1 + i}, body: delta(from, 0xffffff+1, orders...)})
	}
	r := inOnePack(t, objects...)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range byte(31) {
		if _, _, err := r.Read(ID{1 + i}); err != nil {
			t.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if kept := int(after.HeapAlloc) - int(before.HeapAlloc); kept > 3*generationSize {
		t.Errorf("%d bytes are kept: want at most %d", kept, 3*generationSize)
	}
}

func FuzzPack(f *testing.F) {
	base := made{id: ID{1}, kind: Tree, body: []byte("100644 a\x00aaaaaaaaaaaaaaaaaaaa100644 b\x00bbbbbbbbbbbbbbbbbbbb")}
	whole, _, _ := packOf(base,
		made{id: ID{2}, kind: refDelta, base: ID{1}, body: delta(58, 29, 0x91, 29, 29)},
		made{id: ID{3}, kind: offsetDelta, back: 60, body: delta(58, 30, 0x90, 29, 1, 'x')},
		made{id: ID{4}, kind: Commit, body: []byte("tree")})
	f.Add(whole, uint16(12), uint16(80), uint16(110))
	f.Add([]byte("PACK"), uint16(0), uint16(0), uint16(0))
	f.Fuzz(func(t *testing.T, pack []byte, a, b, c uint16) {
		objects := []made{{id: ID{1}}, {id: ID{2}}, {id: ID{3}}}
		s, err := inMemory(pack, indexOf(objects, []int{int(a), int(b), int(c)}))
		if err != nil {
			t.Fatal(err)
		}
		r := s.Reader()
		for _, o := range objects {
			kind, size, errSize := r.Size(o.id)
			kind2, body, err := r.Read(o.id)
			if err == nil && (errSize != nil || kind != kind2 || size != len(body)) {
				t.Errorf("%s of %d bytes, %v, reads as %s of %d", kind, size, errSize, kind2, len(body))
			}
			for _, other := range objects {
				_, _ = r.Compare(o.id, other.id, func(Entry, Entry) error { return nil })
			}
		}
	})
}

func FuzzIndex(f *testing.F) {
	_, idx, _ := packOf(made{id: ID{1}, kind: Blob}, made{id: ID{1, 2}, kind: Blob}, made{id: ID{255}, kind: Blob})
	f.Add(idx, []byte{1, 2})
	f.Add(idx[8:], []byte{255})
	f.Add([]byte("MIDX\x01\x01\x00\x00\x00\x00\x00\x00"), []byte{1})
	f.Fuzz(func(t *testing.T, b, prefix []byte) {
		var id ID
		copy(id[:], prefix)
		if x, err := parseIndex(b); err == nil {
			if row, ok := x.find(id); ok {
				_, _ = x.offset(row)
			}
			_ = x.beginning(id[:1])
		}
		if m, err := parseMulti(b); err == nil {
			_, _ = m.spot(id)
		}
	})
}

func FuzzLoose(f *testing.F) {
	f.Add(compressed([]byte("blob 3\x00abc")))
	f.Add(compressed([]byte("tree 99999999999\x00")))
	f.Add([]byte("x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		folder := t.TempDir()
		write(t, loosePath(folder, ID{1}), b)
		o, found, err := new(inflater).loose(folder, ID{1})
		if !found || err == nil && o.kind == 0 {
			t.Errorf("found %v, kind %d, %v", found, o.kind, err)
		}
	})
}

// applied is a delta done in the plainest way; ok is false where it is none.
func applied(base, delta []byte) (out []byte, ok bool) {
	r := bytes.NewReader(delta)
	from, err := binary.ReadUvarint(r)
	size, err2 := binary.ReadUvarint(r)
	if err != nil || err2 != nil || from != uint64(len(base)) || size > Largest {
		return nil, false
	}
	for r.Len() > 0 && uint64(len(out)) <= size {
		code, _ := r.ReadByte()
		if code == 0 {
			return nil, false
		}
		if code < 0x80 {
			b := make([]byte, code)
			if _, err := io.ReadFull(r, b); err != nil {
				return nil, false
			}
			out = append(out, b...)
			continue
		}
		var args [7]uint64
		for i := range args {
			if code>>i&1 == 1 {
				b, err := r.ReadByte()
				if err != nil {
					return nil, false
				}
				args[i] = uint64(b)
			}
		}
		at := args[0] | args[1]<<8 | args[2]<<16 | args[3]<<24
		n := cmp.Or(args[4]|args[5]<<8|args[6]<<16, 0x10000)
		if at+n > uint64(len(base)) {
			return nil, false
		}
		out = append(out, base[at:at+n]...)
	}
	return out, uint64(len(out)) == size
}

func FuzzDelta(f *testing.F) {
	f.Add([]byte("0123456789"), delta(10, 4, 0x91, 2, 3, 1, 'x'), delta(4, 8, 0x90, 4, 0x90, 4))
	f.Add([]byte(""), delta(0, 1, 1, 'x'), delta(1, 2, 2, 'x', 'y'))
	tree := []byte("100644 a\x00aaaaaaaaaaaaaaaaaaaa100644 b\x00bbbbbbbbbbbbbbbbbbbb100644 c\x00cccccccccccccccccccc")
	f.Add(tree, delta(87, 87, 0x90, 40, 2, 'x', 'y', 0x91, 42, 45), delta(87, 58, 0x90, 29, 0x91, 58, 29))
	f.Add(tree, delta(87, 116, 0x90, 29, 3, '1', '0', '0', 0x91, 3, 4, 2, 'a', 'b', 0x91, 8, 21, 0x91, 29, 58), delta(116, 30, 0x91, 29, 30))
	f.Add(tree, delta(87, 67, 0x91, 20, 67), delta(67, 67, 0x90, 67))                                                                                                                                                       // not whole lines
	f.Add(tree, delta(87, 87, 0x90, 29), delta(87, 29, 0x90, 29))                                                                                                                                                           // too little
	f.Add(tree, delta(87, 29, 0x90, 29, 2, '1', '0'), delta(29, 29, 0x90, 29))                                                                                                                                              // too much
	f.Add(tree, delta(87, 58, 0x91, 29, 29, 0x90, 29), delta(58, 58, 0x90, 58))                                                                                                                                             // base lines out of order
	f.Add(tree, delta(87, 58, 0x91, 58, 29, 0x91, 29, 2, 27, '0', '6', '4', '4', ' ', 'b', 0, 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x'), delta(58, 58, 0x90, 58)) // a line brought too late
	f.Add(tree, delta(87, 87, 0x90, 40, 2, 'x', 'y', 0x91, 42, 45), delta(87, 58, 0x91, 58, 29, 0x91, 29, 29))                                                                                                              // a line brought before comes too late
	f.Fuzz(func(t *testing.T, base, first, second []byte) {
		for _, kind := range []Kind{Blob, Tree} {
			if middle, ok := checkChange(t, flat(base), base, kind, first); ok {
				want, _ := applied(base, first)
				checkChange(t, middle, want, kind, second)
			}
		}
	})
}

// checkChange applies a delta to a text of some bytes, and holds it against the plainest way.
func checkChange(t *testing.T, on text, whole []byte, kind Kind, delta []byte) (text, bool) {
	t.Helper()
	got, err := on.change(kind, delta, new(treeChange))
	want, ok := applied(whole, delta)
	if ok && len(delta) > 0 && !minimalSizes(delta) {
		return text{}, false
	}
	if ok != (err == nil) || ok && !bytes.Equal(got.whole(), want) {
		t.Fatalf("%s: %q, %v: want %q, %v", kind, got.whole(), err, want, ok)
	}
	if ok {
		checkText(t, got)
	}
	return got, ok
}

// minimalSizes leaves out sizes of more than 42 bits, which are none of ours.
func minimalSizes(delta []byte) bool {
	_, rest, ok := readSize(delta)
	_, _, ok2 := readSize(rest)
	return ok && ok2
}

// checkText sees that pieces lie side by side and are what they say.
func checkText(t testing.TB, x text) {
	t.Helper()
	at := 0
	for _, p := range x.pieces {
		if int(p.start) != at || len(p.bytes) == 0 || p.at != fresh && !bytes.Equal(p.bytes, x.base.bytes[p.at:int(p.at)+len(p.bytes)]) {
			t.Fatalf("the piece at %d of %d bytes does not lie at %d", p.start, len(p.bytes), at)
		}
		at += len(p.bytes)
	}
	if at != x.size {
		t.Fatalf("the pieces have %d bytes: want %d", at, x.size)
	}
	if x.lines() != nil {
		checkLines(t, x)
	}
}

// checkLines sees that the pieces of a lined text are whole lines in order.
func checkLines(t testing.TB, x text) {
	t.Helper()
	var last line
	for i, p := range x.pieces {
		for rest := p.bytes; len(rest) > 0; {
			l, n := readLine(rest)
			if n == 0 || p.at == fresh && n < len(p.bytes) || last.name != nil && last.compare(l) >= 0 {
				t.Fatalf("piece %d is not of whole lines in order: %q", i, p.bytes)
			}
			last, rest = l, rest[n:]
		}
	}
}

// plainCompare is the comparison of two trees in the plainest way.
func plainCompare(a, b []byte) []string {
	var out []string
	had := map[string]Entry{}
	key := func(e Entry) string {
		if e.Mode&kindMask == folderMode {
			return e.Name + "/"
		}
		return e.Name
	}
	for _, e := range plainTree(a) {
		had[key(e)] = e
	}
	for _, e := range plainTree(b) {
		if x := had[key(e)]; x != e {
			out = append(out, fmt.Sprint(x, e))
		}
		delete(had, key(e))
	}
	for _, x := range had {
		out = append(out, fmt.Sprint(x, Entry{}))
	}
	slices.Sort(out)
	return out
}

func plainTree(b []byte) (entries []Entry) {
	for len(b) > 0 {
		l, n := readLine(b)
		entries = append(entries, l.entry())
		b = b[n:]
	}
	return entries
}

// drawTree draws a tree in git's order.
func drawTree(t *rapid.T, most int) []byte {
	byName := rapid.MapOfN(rapid.StringMatching(`[a-c]{1,3}(\.y)?`), rapid.IntRange(0, 5), 0, most).Draw(t, "tree")
	var lines []line
	for _, name := range slices.Sorted(maps.Keys(byName)) { // by name, so that the same ids are drawn again
		l := line{mode: []uint32{0o100644, 0o100644, 0o100755, folderMode, 0o120000, 0o160000}[byName[name]], name: []byte(name)}
		l.id[19] = byte(rapid.IntRange(0, 2).Draw(t, "id"))
		lines = append(lines, l)
	}
	slices.SortFunc(lines, line.compare)
	var b []byte
	for _, l := range lines {
		b = fmt.Appendf(b, "%o %s\x00%s", l.mode, l.name, l.id[:])
	}
	return b
}

// drawDelta draws one of the deltas that make one text of another: it brings and copies
// pieces cut anywhere, from anywhere that has them.
func drawDelta(t *rapid.T, from, to []byte) []byte {
	d := delta(len(from), len(to))
	for len(to) > 0 {
		n := rapid.IntRange(1, min(len(to), 60)).Draw(t, "n")
		at := bytes.Index(from, to[:n])
		if at < 0 || rapid.IntRange(0, 4).Draw(t, "bring") == 0 {
			d = append(append(d, byte(n)), to[:n]...)
		} else {
			for at+n < len(from) && n < len(to) && n < 250 && from[at+n] == to[n] {
				n++
			}
			d = append(d, 0x97, byte(at), byte(at>>8), byte(at>>16), byte(n))
		}
		to = to[n:]
	}
	return d
}

func TestTreesComparedAsPackedAreComparedAsTheyRead(t *testing.T) {
	law.Check(t, func(t *rapid.T) {
		bodies := [][]byte{drawTree(t, 60)}
		objects := []made{{id: ID{1}, kind: Tree, body: bodies[0]}}
		for i := range rapid.IntRange(1, 6).Draw(t, "more") {
			on := rapid.IntRange(0, i).Draw(t, "on")
			body := altered(t, bodies[on])
			bodies = append(bodies, body)
			if rapid.IntRange(0, 3).Draw(t, "whole") == 0 { // a base of its own
				objects = append(objects, made{id: ID{byte(i + 2)}, kind: Tree, body: body})
				continue
			}
			objects = append(objects, made{id: ID{byte(i + 2)}, kind: refDelta, base: ID{byte(on + 1)}, body: drawDelta(t, bodies[on], body)})
		}
		pack, idx, _ := packOf(objects...)
		s, err := inMemory(pack, idx)
		if err != nil {
			t.Fatal(err)
		}
		r := s.Reader()
		for i, a := range bodies {
			for j, b := range bodies {
				var got []string
				regular, err := r.Compare(ID{byte(i + 1)}, ID{byte(j + 1)}, func(x, y Entry) error {
					got = append(got, fmt.Sprint(x, y))
					return nil
				})
				slices.Sort(got)
				if want := plainCompare(a, b); err != nil || !regular || !slices.Equal(got, want) {
					t.Fatalf("regular %v, %v\n%s\nwant\n%s", regular, err, strings.Join(got, "\n"), strings.Join(want, "\n"))
				}
			}
		}
	})
}

// altered is a tree with some of another's lines.
func altered(t *rapid.T, tree []byte) []byte {
	other := drawTree(t, 8)
	var lines []line
	for _, b := range [][]byte{tree, other} {
		for len(b) > 0 {
			l, n := readLine(b)
			b = b[n:]
			if same := slices.IndexFunc(lines, func(m line) bool { return l.compare(m) == 0 }); same >= 0 {
				lines[same] = l
			} else if rapid.IntRange(0, 30).Draw(t, "drop") > 0 {
				lines = append(lines, l)
			}
		}
	}
	slices.SortFunc(lines, line.compare)
	var b []byte
	for _, l := range lines {
		b = fmt.Appendf(b, "%o %s\x00%s", l.mode, l.name, l.id[:])
	}
	return b
}

func TestATreeInTooManyPiecesIsItsOwnBase(t *testing.T) {
	var base, want []byte
	orders := []byte{}
	for i := range 10000 {
		l := fmt.Appendf(nil, "100644 %06d\x00aaaaaaaaaaaaaaaaaaaa", i)
		if i%2 == 0 {
			at := len(base)
			orders = append(orders, 0x97, byte(at), byte(at>>8), byte(at>>16), byte(len(l)))
			want = append(want, l...)
		}
		base = append(base, l...)
	}
	got, err := flat(base).change(Tree, delta(len(base), len(want), orders...), new(treeChange))
	if err != nil || !bytes.Equal(got.whole(), want) || len(got.pieces) != 1 || got.lines() == nil {
		t.Errorf("%d bytes in %d pieces, lined %v, %v: want %d in one, lined", got.size, len(got.pieces), got.lined, err, len(want))
	}
}

func TestABlobThatReadsAsATreeIsNotRegular(t *testing.T) {
	body := []byte("100644 a\x00aaaaaaaaaaaaaaaaaaaa")
	r := inOnePack(t, made{id: ID{1}, kind: Blob, body: body}, made{id: ID{2}, kind: Tree, body: body})
	if regular, err := r.Compare(ID{1}, ID{2}, func(Entry, Entry) error { return nil }); regular || err != nil {
		t.Errorf("regular %v, %v", regular, err)
	}
}

func TestATreeOutOfOrderIsNotRegular(t *testing.T) {
	one := func(name string) string { return "100644 " + name + "\x00aaaaaaaaaaaaaaaaaaaa" }
	good := one("a") + one("b") + one("c") + one("d")
	for _, bad := range []string{
		one("b") + one("a"), one("a") + one("a"), one("a") + "x", "100644 a\x00short", "x", " a\x00aaaaaaaaaaaaaaaaaaaa",
		"99 a\x00aaaaaaaaaaaaaaaaaaaa", "10064444 a\x00aaaaaaaaaaaaaaaaaaaa",
	} {
		r := inOnePack(t, made{id: ID{1}, kind: Tree, body: []byte(bad)}, made{id: ID{2}, kind: Tree, body: []byte(good)})
		for _, pair := range [][2]ID{{{1}, {2}}, {{2}, {1}}, {{1}, {}}, {{}, {1}}} {
			if regular, err := r.Compare(pair[0], pair[1], func(Entry, Entry) error { return nil }); regular || err != nil {
				t.Errorf("%q: regular %v, %v", bad, regular, err)
			}
		}
	}
	swapped := delta(len(good), len(good), 0x91, 29, 29, 0x90, 29, 0x91, 58, 58) // b a c d
	r := inOnePack(t, made{id: ID{2}, kind: Tree, body: []byte(good)}, made{id: ID{1}, kind: refDelta, base: ID{2}, body: swapped})
	if regular, err := r.Compare(ID{1}, ID{2}, func(Entry, Entry) error { return nil }); regular || err != nil {
		t.Errorf("lines swapped by a delta: regular %v, %v", regular, err)
	}
}

func TestRandomDamageNeverPanics(t *testing.T) {
	l := newLab(t)
	l.grow("main", 40)
	l.git("", "repack", "-adfq")
	name := l.file("pack", "*.pack")
	pack, idx := read(t, name), read(t, name[:len(name)-5]+".idx")
	all := l.everything()
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		p, x := bytes.Clone(pack), bytes.Clone(idx)
		for range 1 + rnd.IntN(20) {
			p[12+rnd.IntN(len(p)-12)] ^= byte(1 + rnd.IntN(255))
		}
		if rnd.IntN(3) == 0 {
			x[8+countsSize+rnd.IntN(len(x)-8-countsSize)] ^= byte(1 + rnd.IntN(255))
		}
		s, err := inMemory(p, x)
		if err != nil {
			continue
		}
		r := s.Reader()
		for _, id := range inOrder(all) {
			_, _, _ = r.Read(id)
			_, _, _ = r.Size(id)
			_, _ = r.Compare(id, ID{}, func(Entry, Entry) error { return nil })
		}
	}
}
