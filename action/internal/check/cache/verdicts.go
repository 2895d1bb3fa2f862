package cache

import (
	"cmp"
	"encoding/binary"
	"hash/crc32"
	"strings"

	"github.com/commrel/liaison/action/internal/memo"
	"github.com/commrel/liaison/action/internal/rule"
)

// A Subject names one text of one kind, or what is in a folder.
type Subject struct {
	Kind uint8    // its place among the kinds of the definition; 0 for a folder
	Blob [20]byte // its object id; for a folder any other sum
}

// Verdicts are those of earlier runs, and those that have been added. The zero Verdicts have
// none and take none. Find may be called by several goroutines at once, as long as nobody adds.
type Verdicts struct {
	key     memo.Key // all that a verdict depends on beside the record: the program and its rules
	entries map[Subject]*rule.Digest
	digests map[string]*rule.Digest // by their bytes, each once
	added   []addition
	sound   bool // the whole file was read: more may be written behind it
}

type addition struct {
	subject Subject
	digest  string
}

const magic = "liaison verdicts 2\n"

// begin is what stands at the beginning of a file of verdicts.
func begin(k memo.Key) []byte { return append([]byte(magic), k[:]...) }

// parse reads a file of verdicts as far as it is whole. What was written under another key
// is not read.
func parse(k memo.Key, file []byte) *Verdicts {
	v := &Verdicts{key: k, entries: map[Subject]*rule.Digest{}, digests: map[string]*rule.Digest{}}
	rest, ours := strings.CutPrefix(string(file), string(begin(k)))
	for ours && rest != "" {
		if rest, ours = v.batch(rest); !ours {
			return v
		}
	}
	v.sound = ours
	return v
}

// Kept reports whether what is added is kept for later runs.
func (v *Verdicts) Kept() bool { return v.entries != nil }

// Len is how many verdicts are kept.
func (v *Verdicts) Len() int { return len(v.entries) }

// Find is the digest of what has no defect of its own; nil where that is not known.
func (v *Verdicts) Find(s Subject) *rule.Digest { return v.entries[s] }

// Add notes that a subject has no defect of its own.
func (v *Verdicts) Add(s Subject, d rule.Digest) *rule.Digest {
	if known := v.entries[s]; known != nil || v.entries == nil {
		return cmp.Or(known, &d)
	}
	text := encode(d)
	shared := v.digests[text]
	if shared == nil {
		shared = &d
		v.digests[text] = shared
	}
	v.entries[s] = shared
	v.added = append(v.added, addition{s, text})
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

// batchAdded is what has been added, to be written behind the file as it was; nil for nothing.
func (v *Verdicts) batchAdded() []byte {
	if len(v.added) == 0 {
		return nil
	}
	number := map[string]uint32{}
	var digests, records []byte
	for _, a := range v.added {
		n, known := number[a.digest]
		if !known {
			n = uint32(len(number))
			number[a.digest] = n
			digests = appendText(digests, a.digest)
		}
		records = append(append(records, a.subject.Kind), a.subject.Blob[:]...)
		records = binary.LittleEndian.AppendUint32(records, n)
	}
	out := binary.AppendUvarint(make([]byte, head, head+len(digests)+len(records)+8), uint64(len(number)))
	out = append(append(out, digests...), records...)
	binary.LittleEndian.PutUint32(out, uint32(len(out)-head))
	binary.LittleEndian.PutUint32(out[4:], checksum(out[head:]))
	return out
}

// batch reads the first batch of a text.
func (v *Verdicts) batch(text string) (rest string, ok bool) {
	if len(text) < head {
		return "", false
	}
	size := binary.LittleEndian.Uint32([]byte(text[:4]))
	sum := binary.LittleEndian.Uint32([]byte(text[4:head]))
	if uint64(size) > uint64(len(text)-head) || checksum([]byte(text[head:head+int(size)])) != sum {
		return "", false
	}
	return text[head+int(size):], v.read(text[head : head+int(size)])
}

// read takes over the verdicts of a batch that is whole.
func (v *Verdicts) read(payload string) bool {
	r := reader{text: payload}
	digests := make([]*rule.Digest, r.count())
	for i := range digests {
		text := r.string()
		if digests[i] = v.digests[text]; digests[i] == nil {
			d, ok := decode(text)
			if !ok {
				return false
			}
			digests[i], v.digests[text] = &d, &d
		}
	}
	if r.bad || len(r.text)%entry != 0 {
		return false
	}
	for ; r.text != ""; r.text = r.text[entry:] {
		subject := Subject{Kind: r.text[0]}
		copy(subject.Blob[:], r.text[1:])
		n := binary.LittleEndian.Uint32([]byte(r.text[entry-4 : entry]))
		if uint64(n) >= uint64(len(digests)) {
			return false
		}
		v.entries[subject] = digests[n]
	}
	return true
}
