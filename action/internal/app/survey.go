package app

import (
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/commrel/liaison/action/internal/finding"
	"github.com/commrel/liaison/action/internal/gitrepo"
	"github.com/commrel/liaison/action/internal/memo"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/commrel/liaison/action/internal/verdict"
)

// A surveyed record is one file as it was judged by itself.
type surveyed struct {
	record.Place
	name     verdict.Record // of its content; known where the file could be read
	stamp    verdict.Record // of the file on disk as it stands; zero where that says nothing
	digest   *rule.Digest   // nil where it is no record
	clean    bool           // it has no defect of its own
	known    bool           // from an earlier run, by its content
	stamped  bool           // from an earlier run, by its stamp
	record   *record.Record // nil where it is clean, or no record
	findings []finding.Finding
	err      error // the program could not go on
}

// A surveyor judges files by themselves, several at a time.
type surveyor struct {
	desk  *desk
	kinds map[string]uint8
	read  func(path string) ([]byte, error)
}

// survey judges the records at some places, those that no earlier run has found in order.
func (s *surveyor) survey(places []record.Place) ([]surveyed, error) {
	out := make([]surveyed, len(places))
	for i, p := range places {
		out[i] = surveyed{Place: p, name: verdict.Record{Kind: s.kinds[p.Kind.Name]}}
	}
	if s.desk.verdicts.Key() != (memo.Key{}) {
		together(out, func(one *surveyed) { one.stampBefore(s.desk.quiet) })
	}
	if s.desk.verdicts.Len() > 0 {
		together(out, s.recall)
	}
	if err := s.judgeRest(out); err != nil {
		return nil, err
	}
	for i := range out {
		s.note(&out[i])
	}
	s.desk.keep("verdicts", s.desk.verdicts)
	return out, nil
}

// settled is how long a file must have been left alone for its stamp to say that it still
// is: within a tick of the clock two changes have one stamp.
const settled = 3 * time.Second

// stampBefore gives a record the name of its file's stamp, where nothing happened to it after
// a moment, in nanoseconds since 1970.
func (s *surveyed) stampBefore(quiet int64) {
	stamp := gitrepo.Stamp(s.Stamp)
	if stamp == (gitrepo.Stamp{}) || stamp.Last() > quiet {
		return
	}
	text := append(make([]byte, 0, 256), "stamp "...)
	for _, n := range stamp {
		text = binary.LittleEndian.AppendUint64(text, uint64(n))
	}
	s.stamp = verdict.Record{Kind: s.name.Kind, Blob: sha1.Sum(append(text, s.Path...))}
}

// judgeRest judges the files that are not known to be in order.
func (s *surveyor) judgeRest(out []surveyed) error {
	if !slices.ContainsFunc(out, func(one surveyed) bool { return !one.clean }) {
		return nil
	}
	if err := s.whole(out); err != nil {
		return err
	}
	together(out, s.judge)
	for i := range out {
		if out[i].err != nil {
			return out[i].err
		}
	}
	return nil
}

// errUndefined says that the definition has defects, which the desk's findings name.
var errUndefined = errors.New("the definition has defects")

// whole sees to it that the whole definition is there.
func (s *surveyor) whole(all []surveyed) error {
	if s.desk.complete == nil {
		return nil
	}
	if err := s.desk.complete(); err != nil {
		return err
	}
	if s.desk.def == nil {
		return errUndefined
	}
	for i := range all {
		all[i].Kind = s.desk.def.Kind(all[i].Kind.Name)
	}
	return nil
}

// batch is how many files a worker takes at a time.
const batch = 32

// together does the same with all files, as many at a time as there are processors.
func together(all []surveyed, do func(*surveyed)) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for {
				begin := int(next.Add(batch)) - batch
				if begin >= len(all) {
					return
				}
				for i := begin; i < min(begin+batch, len(all)); i++ {
					do(&all[i])
				}
			}
		})
	}
	workers.Wait()
}

// recall takes over the verdict of an earlier run.
func (s *surveyor) recall(one *surveyed) {
	if one.digest = s.desk.verdicts.Find(one.stamp); one.digest != nil && one.stamp != (verdict.Record{}) {
		one.clean, one.stamped = true, true
		return
	}
	if !one.named() {
		src, err := s.read(one.Path)
		if err != nil {
			return // to be said when it is judged
		}
		one.name.Blob = blobID(src)
	}
	one.digest = s.desk.verdicts.Find(one.name)
	one.clean, one.known = one.digest != nil, one.digest != nil
}

// named gives a record its name where the tree says what is in it.
func (s *surveyed) named() bool {
	id, err := hex.DecodeString(s.Blob)
	if err != nil || len(id) != len(s.name.Blob) {
		return false
	}
	s.name.Blob = [20]byte(id)
	return true
}

// judge judges one file that is not known to be in order.
func (s *surveyor) judge(one *surveyed) {
	if one.clean {
		return
	}
	defer func() {
		if r := recover(); r != nil {
			one.err = fmt.Errorf("%s: an error of the program, please report it: %v", one.Path, r)
		}
	}()
	src, err := s.read(one.Path)
	if err != nil {
		one.findings = []finding.Finding{record.Unreadable(one.Path, err)}
		return
	}
	if !one.named() {
		one.name.Blob = blobID(src)
	}
	one.record, one.findings, one.err = record.Read(one.Kind, one.Path, src)
	if one.record == nil || one.err != nil {
		return
	}
	d, clean := rule.DigestOf(*one.record)
	one.digest = &d
	if one.clean = clean && len(one.findings) == 0; one.clean {
		one.record = nil
	}
}

// note adds a new verdict to those that are kept.
func (s *surveyor) note(one *surveyed) {
	if !one.clean || one.stamped {
		return
	}
	if !one.known {
		one.digest = s.desk.verdicts.Add(one.name, *one.digest)
	}
	if one.stamp != (verdict.Record{}) {
		s.desk.verdicts.Add(one.stamp, *one.digest)
	}
}

// closer reads again what must be judged beside other records: those that do not hold by
// their digest, and those that share what no two may.
func (s *surveyor) closer(all []surveyed, fit *rule.Fit, shared map[string]bool) (records []record.Record, err error) {
	for i := range all {
		one := &all[i]
		switch {
		case one.digest == nil:
			continue
		case one.clean && !shared[one.Path] && fit.Holds(one.Path, one.digest):
			continue
		case one.record == nil:
			if err = s.whole(all); err == nil {
				err = s.again(one)
			}
			if err != nil {
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

// sharing are the paths of records that share what no two may, with others or with those of
// known folders; these are among them, if it is with theirs.
func sharing(all []surveyed, known []knownFolder) map[string]bool {
	digests := map[string]*rule.Digest{}
	for _, one := range all {
		if one.digest != nil && len(one.digest.Unique) > 0 {
			digests[one.Path] = one.digest
		}
	}
	for _, f := range known {
		digests[f.mark()] = f.digest
	}
	return rule.Sharing(digests)
}

// blobID is the object id of a file's content.
func blobID(src []byte) [20]byte {
	h := sha1.New()
	fmt.Fprintf(h, "blob %d\x00", len(src))
	h.Write(src)
	return [20]byte(h.Sum(nil))
}
