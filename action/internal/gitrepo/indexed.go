package gitrepo

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/commrel/liaison/action/internal/event"
)

// IndexedHistory is History, the same to the last byte, which keeps what it reads in a file of
// a folder, and reads only what has landed since. The key says what matches: one file is kept
// for each. A file that is damaged or cut off counts up to the damage, one of another history
// up to where they part; what is not believed is read again and written anew. Whoever can
// write to the folder can make up history, so it belongs to whom the repository belongs to.
func (r *Repo) IndexedHistory(ctx context.Context, dir, key, head string, match func(path string) bool, progress func(done, total int)) ([]event.Landing, error) {
	id, err := parseHash(head)
	if err != nil {
		return nil, err
	}
	x, err := openIndex(dir, key)
	if err != nil {
		return nil, fmt.Errorf("the index of the history: %w", err)
	}
	if err := x.meet(ctx, id, r.objects); err != nil {
		return nil, fmt.Errorf("history of %s: %w", head, err)
	}
	if n := len(x.kept); n > 0 && x.kept[n-1].id == id {
		return x.landings(), nil
	}
	h := historian{ctx: ctx, objects: r.objects, match: match, before: x.before(), keep: x.add}
	if _, err := r.landings(h, id, progress); err != nil {
		return nil, fmt.Errorf("history of %s%w", head, err)
	}
	if err := x.save(); err != nil {
		return nil, fmt.Errorf("the index of the history: %w", err)
	}
	return x.landings(), nil
}

// A historyIndex is an open index file.
type historyIndex struct {
	file   string
	key    [32]byte
	kept   []kept
	tables *tables
	sound  bool // the file is what kept and tables say
	read   int  // how many of kept stand in the file
}

func openIndex(dir, key string) (*historyIndex, error) {
	x := &historyIndex{key: keyOf(key)}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	x.file = filepath.Join(dir, fmt.Sprintf("history-%x", x.key[:8]))
	b, err := os.ReadFile(x.file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	x.kept, x.tables, x.sound = readIndex(b, x.key)
	return x, nil
}

// keyOf is how the header of a file says what matches.
func keyOf(words string) [32]byte { return sha256.Sum256([]byte(words)) }

// meet goes back from a head to the youngest landing that is kept, and lets go of those that
// came after it.
func (x *historyIndex) meet(ctx context.Context, head hash, from objects) (err error) {
	x.read = 0
	if n := len(x.kept); n > 0 {
		if x.read, err = x.met(ctx, head, from, map[hash]int{x.kept[n-1].id: n}); err == nil && x.read == 0 {
			x.read, err = x.met(ctx, head, from, x.places())
		}
	}
	x.sound = x.sound && x.read == len(x.kept)
	x.kept = x.kept[:x.read]
	return err
}

// places are how many landings are kept up to each of them.
func (x *historyIndex) places() map[hash]int {
	at := make(map[hash]int, len(x.kept))
	for i := range x.kept {
		at[x.kept[i].id] = i + 1
	}
	return at
}

// met is the place of the first landing that has one, on the way back from a head; 0 for none.
// Whoever reads the line says what is wrong with it.
func (x *historyIndex) met(ctx context.Context, head hash, from objects, places map[hash]int) (int, error) {
	id := head
	for range mostSteps {
		if n, known := places[id]; known {
			return n, nil
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		c, err := from.commit(id)
		if err != nil || len(c.parents) == 0 {
			return 0, nil
		}
		id = c.parents[0]
	}
	return 0, nil
}

// mostSteps is how many commits back it is worth to look for a landing that is kept.
const mostSteps = 1 << 20

// manyNew is for how many commits that are new there is room from the start.
const manyNew = 1024

// before is what had landed with the last landing that is kept.
func (x *historyIndex) before() before {
	if len(x.kept) == 0 {
		return before{}
	}
	arrived := 0
	for i := range x.kept {
		arrived += len(x.kept[i].arrived) / len(hash{})
	}
	b := before{tree: x.kept[len(x.kept)-1].tree, seen: idsFor(arrived + manyNew)}
	for _, k := range x.kept {
		for rest := k.arrived; len(rest) > 0; rest = rest[len(hash{}):] {
			b.seen.add(hash(rest))
		}
	}
	return b
}

// add is told a landing that was read, the ith since those of the file.
func (x *historyIndex) add(k kept, i int) { x.kept = append(x.kept[:x.read+i], k) }

func (x *historyIndex) landings() []event.Landing {
	all := make([]event.Landing, len(x.kept))
	for i := range x.kept {
		all[i] = x.kept[i].Landing
	}
	return all
}

// save appends what is new. A file of another history, or one that is damaged, is written
// anew; one that has more than was asked for is left as it is.
func (x *historyIndex) save() error {
	switch {
	case len(x.kept) == x.read && x.read > 0:
		return nil
	case !x.sound || x.read == 0:
		return x.rewrite()
	}
	f, err := os.OpenFile(x.file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	last := x.kept[x.read-1]
	b, sum := []byte(nil), last.sum
	for i := x.read; i < len(x.kept); i++ {
		b, sum = x.tables.appendEntry(b, &x.kept[i], sum)
	}
	_, err = f.WriteAt(b, int64(last.end))
	return errors.Join(err, f.Truncate(int64(last.end+len(b))), f.Close())
}

// rewrite writes the whole file beside the old one, and puts it in its place.
func (x *historyIndex) rewrite() error {
	t, b, sum := newTables(), indexHeader(x.key), uint32(0)
	for i := range x.kept {
		b, sum = t.appendEntry(b, &x.kept[i], sum)
	}
	f, err := os.CreateTemp(filepath.Dir(x.file), "history-*.new")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), x.file)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
