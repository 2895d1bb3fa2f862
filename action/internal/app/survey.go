package app

import (
	"crypto/sha1" //nolint:gosec // Git's name for a file's content
	"encoding/hex"
	"fmt"
	"maps"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/verdict"
)

// A surveyed record is one file as it was judged by itself.
type surveyed struct {
	record.Place
	name     verdict.Record // of its content; known where the file could be read
	digest   *rule.Digest   // nil where it is no record
	clean    bool           // it has no defect of its own
	known    bool           // from an earlier run
	record   *record.Record // nil where it is clean, or no record
	findings []finding.Finding
	err      error // the program could not go on
}

// A surveyor judges files by themselves, several at a time.
type surveyor struct {
	book  *verdict.Book
	kinds map[string]uint8
	read  func(path string) ([]byte, error)
}

// batch is how many files a worker takes at a time.
const batch = 32

// survey judges the records at some places. It is as quick as there are processors.
func (s *surveyor) survey(places []record.Place) ([]surveyed, error) {
	out := make([]surveyed, len(places))
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				begin := int(next.Add(batch)) - batch
				if begin >= len(places) {
					return
				}
				for i := begin; i < min(begin+batch, len(places)); i++ {
					out[i] = s.one(places[i])
				}
			}
		})
	}
	workers.Wait()
	for i := range out {
		if out[i].err != nil {
			return nil, out[i].err
		}
		s.note(&out[i])
	}
	return out, nil
}

// one judges one file, unless an earlier run did.
func (s *surveyor) one(p record.Place) surveyed {
	out := surveyed{Place: p, name: verdict.Record{Kind: s.kinds[p.Kind.Name]}}
	defer func() {
		if r := recover(); r != nil {
			out.err = fmt.Errorf("%s: an error of the program, please report it: %v", p.Path, r)
		}
	}()
	if id, err := hex.DecodeString(p.Blob); err == nil && len(id) == len(out.name.Blob) {
		out.name.Blob = [20]byte(id)
		if s.remember(&out) {
			return out
		}
	}
	src, err := s.read(p.Path)
	if err != nil {
		out.findings = []finding.Finding{record.Unreadable(p.Path, err)}
		return out
	}
	if p.Blob == "" {
		out.name.Blob = blobID(src)
		if s.remember(&out) {
			return out
		}
	}
	out.judge(src)
	return out
}

// remember takes over the verdict of an earlier run.
func (s *surveyor) remember(out *surveyed) bool {
	out.digest = s.book.Find(out.name)
	out.clean, out.known = out.digest != nil, out.digest != nil
	return out.clean
}

func (s *surveyed) judge(src []byte) {
	s.record, s.findings, s.err = record.Read(s.Kind, s.Path, src)
	if s.record == nil || s.err != nil {
		return
	}
	d, clean := rule.DigestOf(*s.record)
	s.digest = &d
	if s.clean = clean && len(s.findings) == 0; s.clean {
		s.record = nil
	}
}

// note adds a new verdict to the book.
func (s *surveyor) note(one *surveyed) {
	if one.clean && !one.known {
		one.digest = s.book.Add(one.name, *one.digest)
	}
}

// closer reads again what must be judged beside other records: those that do not hold by
// their digest, and those that share what no two may.
func (s *surveyor) closer(all []surveyed, fit *rule.Fit) (records []record.Record, err error) {
	shared := sharing(all)
	for i := range all {
		one := &all[i]
		switch {
		case one.digest == nil:
			continue
		case one.clean && !shared[one.Path] && fit.Holds(one.Path, one.digest):
			continue
		case one.record == nil:
			if err = s.again(one); err != nil {
				return nil, err
			}
		}
		if one.record != nil {
			records = append(records, *one.record)
		}
	}
	return records, nil
}

// again reads a clean record.
func (s *surveyor) again(one *surveyed) (err error) {
	src, err := s.read(one.Path)
	if err != nil {
		one.findings = []finding.Finding{record.Unreadable(one.Path, err)}
		return nil
	}
	one.record, one.findings, err = record.Read(one.Kind, one.Path, src)
	return err
}

// sharing are the paths of records that share what no two of their kind may.
func sharing(all []surveyed) map[string]bool {
	byKind := map[string]map[string]*rule.Digest{}
	for _, one := range all {
		if one.digest == nil || len(one.digest.Unique) == 0 {
			continue
		}
		if byKind[one.Kind.Name] == nil {
			byKind[one.Kind.Name] = map[string]*rule.Digest{}
		}
		byKind[one.Kind.Name][one.Path] = one.digest
	}
	out := map[string]bool{}
	for _, digests := range byKind {
		maps.Copy(out, rule.Sharing(digests))
	}
	return out
}

// blobID is the object id of a file's content.
func blobID(src []byte) [20]byte {
	h := sha1.New() //nolint:gosec // as above
	fmt.Fprintf(h, "blob %d\x00", len(src))
	h.Write(src)
	return [20]byte(h.Sum(nil))
}
