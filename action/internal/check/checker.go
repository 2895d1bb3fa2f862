package check

import (
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/commrel/liaison/action/internal/check/cache"
	"github.com/commrel/liaison/action/internal/record"
	"github.com/commrel/liaison/action/internal/rule"
)

// alone checks the records at some places by themselves, those that no earlier run has found
// in order.
func (c *checker) alone(places []record.Place) ([]checked, error) {
	if len(places) == 0 {
		return nil, nil
	}
	all := c.unchecked(places)
	verdicts := c.kept.Records()
	if verdicts.Kept() {
		together(all, func(one *checked) { one.stampBefore(c.quiet) })
	}
	read := c.reader()
	if verdicts.Len() > 0 {
		together(all, func(one *checked) { one.recall(verdicts, read) })
	}
	if err := c.rest(all, read); err != nil {
		return nil, err
	}
	for i := range all {
		all[i].note(verdicts)
	}
	c.keep()
	return all, nil
}

// unchecked are the files at some places, under the numbers of their kinds.
func (c *checker) unchecked(places []record.Place) []checked {
	numbers := map[string]uint8{}
	for i, k := range c.def.Kinds {
		numbers[k.Name] = uint8(i)
	}
	all := make([]checked, len(places))
	for i, p := range places {
		all[i] = checked{Place: p, name: cache.Subject{Kind: numbers[p.Kind.Name]}}
	}
	return all
}

// keep keeps what was found, unless something was found in the definition.
func (c *checker) keep() {
	if len(c.findings) == 0 {
		c.kept.Keep()
	}
}

// reader is a way to read files that several goroutines may use at once.
func (c *checker) reader() func(path string) ([]byte, error) {
	if c.Head == "" {
		return c.Tree.Read
	}
	var one sync.Mutex // a repository is read by one at a time
	return func(path string) ([]byte, error) {
		one.Lock()
		defer one.Unlock()
		return c.Tree.Read(path)
	}
}

// rest checks the files that are not known to be in order.
func (c *checker) rest(all []checked, read func(path string) ([]byte, error)) error {
	if !slices.ContainsFunc(all, func(one checked) bool { return !one.clean }) {
		return nil
	}
	if err := c.needWhole(all); err != nil {
		return err
	}
	together(all, func(one *checked) { one.check(read) })
	for i := range all {
		if all[i].err != nil {
			return all[i].err
		}
	}
	return nil
}

// errUndefined says that the definition has defects, which the checker's findings name.
var errUndefined = errors.New("the definition has defects")

// needWhole sees to it that the whole definition is there.
func (c *checker) needWhole(all []checked) error {
	if c.whole {
		return nil
	}
	if err := c.complete(); err != nil {
		return err
	}
	if c.def == nil {
		return errUndefined
	}
	for i := range all {
		all[i].Kind = c.def.Kind(all[i].Kind.Name)
	}
	return nil
}

// batch is how many files a worker takes at a time.
const batch = 32

// together does the same with all files, as many at a time as there are processors.
func together(all []checked, do func(*checked)) {
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

// closer reads again what must be checked beside other records: those that do not hold by
// their digest, and those that share what no two may.
func (c *checker) closer(all []checked, fit *rule.Fit, shared map[string]bool) (records []record.Record, err error) {
	for i := range all {
		one := &all[i]
		switch {
		case one.digest == nil:
			continue
		case one.clean && !shared[one.Path] && fit.Holds(one.Path, one.digest):
			continue
		case one.record == nil:
			if err = c.needWhole(all); err == nil {
				err = one.again(c.Tree.Read)
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

// sharing are the paths of records that share what no two may, with others or with those of
// cached folders; these are among them, if it is with theirs.
func sharing(all []checked, cached []cachedFolder) map[string]bool {
	digests := map[string]*rule.Digest{}
	for _, one := range all {
		if one.digest != nil && len(one.digest.Unique) > 0 {
			digests[one.Path] = one.digest
		}
	}
	for _, f := range cached {
		digests[f.mark()] = f.digest
	}
	return rule.Sharing(digests)
}

// count is how many of the files are records.
func count(all []checked) (n int) {
	for _, one := range all {
		if one.digest != nil {
			n++
		}
	}
	return n
}
