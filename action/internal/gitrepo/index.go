package gitrepo

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/crc32"
	"math"
	"time"

	"github.com/commrel/liaison/action/internal/account"
	"github.com/commrel/liaison/action/internal/event"
)

// An index file keeps landings as they were read, oldest first:
//
//	header  magic, 32 bytes of key
//	entry   length, checksum, body: one for each landing, over and over
//
// Numbers are little-endian. A checksum covers the body and the checksum before it, so that an
// entry stands for all before it. A body says who and which path by number; one that is new
// follows its number.
const indexMagic = "liaison history 1\n"

const entryHead = 8

// A kept landing is one of the index, with what is needed to go on from it.
type kept struct {
	event.Landing
	id, tree hash
	arrived  []byte // ids of the commits that it brought, itself among them
	end      int    // where its entry ends in the file
	sum      uint32
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sumOf is the checksum of an entry after another.
func sumOf(before uint32, body []byte) uint32 {
	var head [4]byte
	binary.LittleEndian.PutUint32(head[:], before)
	return crc32.Update(crc32.Checksum(head[:], castagnoli), castagnoli, body)
}

// tables number what many landings have in common, in the order of their first use.
type tables struct {
	authorships []authorship
	paths       []string
	number      map[authorship]int
	path        map[string]int
	last        []lastBlob // by path, of a file that is read
}

// A lastBlob is the blob that a landing left at a path: the next one to change it says so too.
type lastBlob struct {
	id     hash
	digits string
}

func newTables() *tables { return &tables{number: map[authorship]int{}, path: map[string]int{}} }

// indexHeader is how the index of a key begins.
func indexHeader(key [32]byte) []byte { return append([]byte(indexMagic), key[:]...) }

// readIndex reads as many entries as are whole; nothing of a file with another header. It is
// sound when that is all there is.
func readIndex(b []byte, key [32]byte) (all []kept, t *tables, sound bool) {
	t = newTables()
	header := indexHeader(key)
	if !bytes.HasPrefix(b, header) {
		return nil, t, false
	}
	sum, at := uint32(0), len(header)
	all = make([]kept, 0, countEntries(b[at:])+manyNew)
	for len(b)-at >= entryHead {
		n := int(binary.LittleEndian.Uint32(b[at:]))
		want := binary.LittleEndian.Uint32(b[at+4:])
		if n > len(b)-at-entryHead {
			break
		}
		body := b[at+entryHead : at+entryHead+n]
		if sum = sumOf(sum, body); sum != want {
			break
		}
		k, err := t.decode(body)
		if err != nil {
			break
		}
		at += entryHead + n
		k.end, k.sum = at, sum
		all = append(all, k)
	}
	return all, t, at == len(b)
}

// countEntries is how many entries there are at most, going by their lengths.
func countEntries(b []byte) (n int) {
	for len(b) >= entryHead {
		length := int(binary.LittleEndian.Uint32(b))
		if length > len(b)-entryHead {
			break
		}
		b = b[entryHead+length:]
		n++
	}
	return n
}

// appendEntry appends a landing's entry after one with a checksum.
func (t *tables) appendEntry(b []byte, k *kept, before uint32) ([]byte, uint32) {
	at := len(b)
	b = append(b, make([]byte, entryHead)...)
	b = t.encode(b, k)
	body := b[at+entryHead:]
	sum := sumOf(before, body)
	binary.LittleEndian.PutUint32(b[at:], uint32(len(body)))
	binary.LittleEndian.PutUint32(b[at+4:], sum)
	return b, sum
}

func (t *tables) encode(b []byte, k *kept) []byte {
	b = append(append(b, k.id[:]...), k.tree[:]...)
	b = appendTime(b, k.Time)
	b = t.appendAuthorship(b, authorship{k.Author, k.Committer, k.ByForge})
	if k.Branch == nil {
		b = append(b, 0)
	} else {
		b = append(b, 1)
		b = appendID(b, k.Branch.Commit)
		b = appendTime(b, k.Branch.Time)
		b = t.appendAuthorship(b, authorship{author: k.Branch.Author})
	}
	b = binary.AppendUvarint(b, uint64(len(k.Changes)))
	for _, c := range k.Changes {
		b = t.appendPath(b, c.Path)
		b = appendID(appendID(b, c.Old), c.New)
	}
	b = binary.AppendUvarint(b, uint64(len(k.arrived)/len(hash{})))
	return append(b, k.arrived...)
}

// appendID appends an id of hexadecimal digits, or that there is none.
func appendID(b []byte, digits string) []byte {
	if digits == "" {
		return append(b, 0)
	}
	var id hash
	_, _ = hex.Decode(id[:], []byte(digits)) // it is ours, and so it is one
	return append(append(b, 1), id[:]...)
}

// appendTime appends seconds since 1970 and one; 0 where there is no time.
func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return binary.AppendUvarint(b, 0)
	}
	return binary.AppendUvarint(b, uint64(t.Unix())+1)
}

func (t *tables) appendAuthorship(b []byte, h authorship) []byte {
	n, known := t.number[h]
	if known {
		return binary.AppendUvarint(b, uint64(n))
	}
	b = binary.AppendUvarint(b, uint64(len(t.authorships)))
	t.learnAuthorship(h)
	b = appendAccount(appendAccount(b, h.author), h.committer)
	if h.byForge {
		return append(b, 1)
	}
	return append(b, 0)
}

func (t *tables) learnAuthorship(h authorship) {
	t.number[h] = len(t.authorships)
	t.authorships = append(t.authorships, h)
}

func appendAccount(b []byte, a account.Account) []byte {
	b = binary.AppendUvarint(b, uint64(a.ID))
	return appendText(appendText(b, a.Login), a.Type)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func (t *tables) appendPath(b []byte, path string) []byte {
	n, known := t.path[path]
	if known {
		return binary.AppendUvarint(b, uint64(n))
	}
	b = binary.AppendUvarint(b, uint64(len(t.paths)))
	t.learnPath(path)
	return appendText(b, path)
}

func (t *tables) learnPath(path string) {
	t.path[path] = len(t.paths)
	t.paths = append(t.paths, path)
}

var errEntry = errors.New("malformed")

// A decoder reads a body. What cannot be read is the zero value, and leaves it broken.
type decoder struct {
	b      []byte
	broken bool
}

func (t *tables) decode(body []byte) (k kept, err error) {
	d := &decoder{b: body}
	k.id, k.tree = d.id(), d.id()
	k.Commit = k.id.String()
	k.Time = d.time()
	h := t.readAuthorship(d)
	k.Author, k.Committer, k.ByForge = h.author, h.committer, h.byForge
	if d.number(1) == 1 {
		k.Branch = &event.BranchStart{Commit: d.digits(), Time: d.time(), Author: t.readAuthorship(d).author}
	}
	const leastChange = 3
	if n := d.number(len(d.b) / leastChange); n > 0 {
		k.Changes = make([]event.Change, n)
	}
	for i := range k.Changes {
		k.Changes[i] = t.readChange(d)
	}
	k.arrived = d.take(d.number(len(d.b)/len(hash{})) * len(hash{}))
	if d.broken || len(d.b) > 0 {
		return kept{}, errEntry
	}
	return k, nil
}

func (t *tables) readChange(d *decoder) event.Change {
	n := t.readPath(d)
	if d.broken {
		return event.Change{}
	}
	last := &t.last[n]
	old := d.blob(last)
	*last = d.blob(last)
	return event.Change{Path: t.paths[n], Old: old.digits, New: last.digits}
}

// blob is a blob, or that there is none, which most often is the one that stood.
func (d *decoder) blob(last *lastBlob) lastBlob {
	if d.number(1) == 0 {
		return lastBlob{}
	}
	id := d.id()
	if id == last.id && last.digits != "" {
		return *last
	}
	return lastBlob{id, id.String()}
}

func (d *decoder) take(n int) []byte {
	if n > len(d.b) {
		d.broken = true
		n = 0
	}
	taken := d.b[:n]
	d.b = d.b[n:]
	return taken
}

func (d *decoder) id() (id hash) {
	copy(id[:], d.take(len(id)))
	return id
}

// digits is an id in hexadecimal digits, "" for none.
func (d *decoder) digits() string {
	if d.number(1) == 0 {
		return ""
	}
	return d.id().String()
}

// number is at most so large, else the body is broken.
func (d *decoder) number(most int) int {
	n, size := binary.Uvarint(d.b)
	if size <= 0 || n > uint64(most) {
		d.broken = true
		return 0
	}
	d.b = d.b[size:]
	return int(n)
}

func (d *decoder) time() time.Time {
	n := d.number(math.MaxInt64 / 2)
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(int64(n)-1, 0).UTC()
}

func (d *decoder) text() string { return string(d.take(d.number(len(d.b)))) }

func (d *decoder) account() account.Account {
	return account.Account{ID: int64(d.number(math.MaxInt64)), Login: d.text(), Type: d.text()}
}

func (t *tables) readAuthorship(d *decoder) authorship {
	if n := d.number(len(t.authorships)); n < len(t.authorships) {
		return t.authorships[n]
	}
	h := authorship{d.account(), d.account(), d.number(1) == 1}
	if !d.broken {
		t.learnAuthorship(h)
	}
	return h
}

// readPath reads a path and gives its number.
func (t *tables) readPath(d *decoder) int {
	n := d.number(len(t.paths))
	if n < len(t.paths) {
		return n
	}
	path := d.text()
	if !d.broken {
		t.learnPath(path)
		t.last = append(t.last, lastBlob{})
	}
	return n
}
