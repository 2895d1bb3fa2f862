package check

import (
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/commrel/liaison/action/internal/check/cache"
	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/rule"
)

// A checked file is one file as it was checked by itself.
type checked struct {
	record.Place
	name     cache.Subject  // its content; known where the file could be read
	stamp    cache.Subject  // the file on disk as it stands; zero where that says nothing
	digest   *rule.Digest   // nil where it is no record
	clean    bool           // it has no defect of its own
	cached   bool           // from an earlier run, by its content
	stamped  bool           // from an earlier run, by its stamp
	record   *record.Record // nil where it is clean, or no record
	findings []finding.Finding
	err      error // the program could not go on
}

// settled is how long a file must have been left alone for its stamp to say that it still
// is: within a tick of the clock two changes have one stamp.
const settled = 3 * time.Second

// stampBefore gives a record the name of its file's stamp, where nothing happened to it after
// a moment, in nanoseconds since 1970.
func (f *checked) stampBefore(quiet int64) {
	stamp := gitrepo.Stamp(f.Stamp)
	if stamp == (gitrepo.Stamp{}) || stamp.Last() > quiet {
		return
	}
	text := append(make([]byte, 0, 256), "stamp "...)
	for _, n := range stamp {
		text = binary.LittleEndian.AppendUint64(text, uint64(n))
	}
	f.stamp = cache.Subject{Kind: f.name.Kind, Blob: sha1.Sum(append(text, f.Path...))}
}

// recall takes over the verdict of an earlier run.
func (f *checked) recall(verdicts *cache.Verdicts, read func(path string) ([]byte, error)) {
	if f.digest = verdicts.Find(f.stamp); f.digest != nil && f.stamp != (cache.Subject{}) {
		f.clean, f.stamped = true, true
		return
	}
	if !f.named() {
		src, err := read(f.Path)
		if err != nil {
			return // to be said when it is checked
		}
		f.name.Blob = blobID(src)
	}
	f.digest = verdicts.Find(f.name)
	f.clean, f.cached = f.digest != nil, f.digest != nil
}

// named gives a record its name where the tree says what is in it.
func (f *checked) named() bool {
	id, err := hex.DecodeString(f.Blob)
	if err != nil || len(id) != len(f.name.Blob) {
		return false
	}
	f.name.Blob = [20]byte(id)
	return true
}

// check checks a file that is not known to be in order.
func (f *checked) check(read func(path string) ([]byte, error)) {
	if f.clean {
		return
	}
	defer func() {
		if r := recover(); r != nil {
			f.err = fmt.Errorf("%s: an error of the program, please report it: %v", f.Path, r)
		}
	}()
	src, err := read(f.Path)
	if err != nil {
		f.findings = []finding.Finding{record.Unreadable(f.Path, err)}
		return
	}
	if !f.named() {
		f.name.Blob = blobID(src)
	}
	f.record, f.findings, f.err = record.Read(f.Kind, f.Path, src)
	if f.record == nil || f.err != nil {
		return
	}
	d, clean := rule.DigestOf(*f.record)
	f.digest = &d
	if f.clean = clean && len(f.findings) == 0; f.clean {
		f.record = nil
	}
}

// note adds a new verdict to those that are kept.
func (f *checked) note(verdicts *cache.Verdicts) {
	if !f.clean || f.stamped {
		return
	}
	if !f.cached {
		f.digest = verdicts.Add(f.name, *f.digest)
	}
	if f.stamp != (cache.Subject{}) {
		verdicts.Add(f.stamp, *f.digest)
	}
}

// again reads a clean record.
func (f *checked) again(read func(path string) ([]byte, error)) (err error) {
	src, err := read(f.Path)
	if err != nil {
		f.findings = []finding.Finding{record.Unreadable(f.Path, err)}
		return nil
	}
	f.record, f.findings, err = record.Read(f.Kind, f.Path, src)
	return err
}

// blobID is the object id of a file's content.
func blobID(src []byte) [20]byte {
	h := sha1.New()
	fmt.Fprintf(h, "blob %d\x00", len(src))
	h.Write(src)
	return [20]byte(h.Sum(nil))
}
