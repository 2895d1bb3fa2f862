// Package verdict turns what was found of single records, or of all in a folder, into bytes
// by which a later run need not judge them again, and back. Only records without any defect
// of their own are kept, and folders without any defect; what has one is judged anew, every
// time.
package verdict

import (
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"strings"

	"github.com/commrel/liaison/action/internal/memo"
	"github.com/commrel/liaison/action/internal/rule"
)

// A Record names one text of one kind, or what is in a folder.
type Record struct {
	Kind uint8    // its place among the kinds of the definition; 0 for a folder
	Blob [20]byte // its object id; for a folder any other sum
}

// A Book is the verdicts of earlier runs, and those that have been added. The zero Book has
// none and takes none. Find may be
// called by several goroutines at once, as long as nobody adds.
type Book struct {
	key     memo.Key // all that a verdict depends on beside the record: the program and its rules
	known   map[Record]*rule.Digest
	digests map[string]*rule.Digest // by their bytes, each once
	added   []addition
	sound   bool
}

type addition struct {
	record Record
	digest string
}

const magic = "liaison verdicts 2\n"

// Begin is what stands at the beginning of a file of verdicts.
func Begin(k memo.Key) []byte { return append([]byte(magic), k[:]...) }

// Open reads a file of verdicts as far as it is whole. What was written under another key
// is not read.
func Open(k memo.Key, file []byte) *Book {
	b := &Book{key: k, known: map[Record]*rule.Digest{}, digests: map[string]*rule.Digest{}}
	rest, ours := strings.CutPrefix(string(file), string(Begin(k)))
	for ours && rest != "" {
		if rest, ours = b.batch(rest); !ours {
			return b
		}
	}
	b.sound = ours
	return b
}

// Key is the key that the verdicts are under; the zero key where they are none to keep.
func (b *Book) Key() memo.Key { return b.key }

// Sound reports whether the whole file was read: more may be written behind it.
func (b *Book) Sound() bool { return b.sound }

// Len is how many verdicts are known.
func (b *Book) Len() int { return len(b.known) }

// Find is the digest of a record that has no defect of its own; nil where that is not known.
func (b *Book) Find(r Record) *rule.Digest { return b.known[r] }

// Add notes that a record has no defect of its own.
func (b *Book) Add(r Record, d rule.Digest) *rule.Digest {
	if known := b.known[r]; known != nil || b.known == nil {
		return cmp.Or(known, &d)
	}
	text := encode(d)
	shared := b.digests[text]
	if shared == nil {
		shared = &d
		b.digests[text] = shared
	}
	b.known[r] = shared
	b.added = append(b.added, addition{r, text})
	return shared
}

// A batch is its length and its checksum (four bytes each), and then: the number of its
// digests and each with its length; for each record its kind, its blob, its digest's number.
const (
	head  = 8
	entry = 1 + 20 + 4
)

func checksum(payload []byte) uint32 {
	return crc32.Checksum(payload, crc32.MakeTable(crc32.Castagnoli))
}

// Added is what has been added, to be written behind the file as it was; nil for nothing.
func (b *Book) Added() []byte {
	if len(b.added) == 0 {
		return nil
	}
	number := map[string]uint32{}
	var digests, records []byte
	for _, a := range b.added {
		n, known := number[a.digest]
		if !known {
			n = uint32(len(number))
			number[a.digest] = n
			digests = appendText(digests, a.digest)
		}
		records = append(append(records, a.record.Kind), a.record.Blob[:]...)
		records = binary.LittleEndian.AppendUint32(records, n)
	}
	out := binary.AppendUvarint(make([]byte, head, head+len(digests)+len(records)+8), uint64(len(number)))
	out = append(append(out, digests...), records...)
	binary.LittleEndian.PutUint32(out, uint32(len(out)-head))
	binary.LittleEndian.PutUint32(out[4:], checksum(out[head:]))
	return out
}

// batch reads the first batch of a text.
func (b *Book) batch(text string) (rest string, ok bool) {
	if len(text) < head {
		return "", false
	}
	size := binary.LittleEndian.Uint32([]byte(text[:4]))
	sum := binary.LittleEndian.Uint32([]byte(text[4:head]))
	if uint64(size) > uint64(len(text)-head) || checksum([]byte(text[head:head+int(size)])) != sum {
		return "", false
	}
	return text[head+int(size):], b.read(text[head : head+int(size)])
}

// read takes over the verdicts of a batch that is whole.
func (b *Book) read(payload string) bool {
	r := reader{text: payload}
	digests := make([]*rule.Digest, r.count())
	for i := range digests {
		text := r.string()
		if digests[i] = b.digests[text]; digests[i] == nil {
			d, ok := decode(text)
			if !ok {
				return false
			}
			digests[i], b.digests[text] = &d, &d
		}
	}
	if r.bad || len(r.text)%entry != 0 {
		return false
	}
	for ; r.text != ""; r.text = r.text[entry:] {
		rec := Record{Kind: r.text[0]}
		copy(rec.Blob[:], r.text[1:])
		n := binary.LittleEndian.Uint32([]byte(r.text[entry-4 : entry]))
		if uint64(n) >= uint64(len(digests)) {
			return false
		}
		b.known[rec] = digests[n]
	}
	return true
}
