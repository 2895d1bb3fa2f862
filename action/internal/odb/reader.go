package odb

import (
	"errors"
	"fmt"
)

// A Reader reads the objects of a store, and remembers some. It is not for use by several
// goroutines at once.
type Reader struct {
	store  *Store
	z      inflater
	memory memory
	chain  []packed // the deltas that are being undone; kept to be used again, as are the next two
	delta  []byte   // of a tree
	change treeChange
	recent [8]named
	oldest int // of recent
}

// An object is what an id stands for.
type object struct {
	kind Kind
	text text
}

// Reader makes a reader.
func (s *Store) Reader() *Reader { return &Reader{store: s} }

// Read gives an object's kind and content. The bytes are shared and must not be changed. The
// error wraps ErrMissing when the object is nowhere, and ErrTooLarge when it, or what it is a
// delta of, is too large to be decoded.
func (r *Reader) Read(id ID) (Kind, []byte, error) {
	o, err := r.object(id)
	if err != nil {
		return 0, nil, err
	}
	return o.kind, o.text.whole(), nil
}

// Size gives an object's kind and its size in bytes without decoding it.
func (r *Reader) Size(id ID) (kind Kind, size int, err error) {
	err = r.each(id, func(s spot) (err error) {
		kind, size, err = r.packedSize(s)
		return err
	}, func(folder string) (bool, error) {
		_, h, found, err := r.z.openLoose(folder, id)
		kind, size = h.kind, h.size
		return found, err
	})
	return kind, size, err
}

func (r *Reader) object(id ID) (o object, err error) {
	if r.store.closed.Load() {
		return object{}, errClosed
	}
	if s, ok := r.store.found.Load().spot(id); ok {
		if o, err = r.packed(s); err == nil {
			return o, nil
		}
	}
	err = r.each(id, func(s spot) (err error) {
		o, err = r.packed(s)
		return err
	}, func(folder string) (found bool, err error) {
		if o, found = r.memory.loose(id); found {
			return true, nil
		}
		if o, found, err = r.z.loose(folder, id); found && err == nil {
			r.memory.keepLoose(id, o)
		}
		return found, err
	})
	return o, err
}

// each tries the places of an object until one can be read: packs first, then loose files;
// then it looks once whether packs have come since. The error is that of the first place that
// has the object, else it wraps ErrMissing.
func (r *Reader) each(id ID, packed func(spot) error, loose func(folder string) (bool, error)) error {
	if r.store.closed.Load() {
		return errClosed
	}
	now := r.store.found.Load()
	found, err := r.eachOf(now, id, packed, loose)
	if found {
		return nil
	}
	later := r.store.look(now)
	if !later.same(now) {
		found, again := r.eachOf(later, id, packed, loose)
		if found {
			return nil
		}
		if err == nil {
			err = again
		}
	}
	return r.missing(later, id, err)
}

// eachOf tries every place that one shelf, and the loose files, have for an object.
func (r *Reader) eachOf(now *shelf, id ID, packed func(spot) error, loose func(string) (bool, error)) (found bool, first error) {
	spots, first := now.spots(id)
	for _, s := range spots {
		err := packed(s)
		if err == nil {
			return true, nil
		}
		if first == nil {
			first = fmt.Errorf("%s: %w", s.pack.base(), err)
		}
	}
	for _, folder := range r.store.folders {
		found, err := loose(folder)
		if found && err == nil {
			return true, nil
		}
		if first == nil {
			first = err
		}
	}
	return false, first
}

// missing words why an object cannot be had.
func (r *Reader) missing(now *shelf, id ID, err error) error {
	if err != nil {
		return fmt.Errorf("%s: %w", id, err)
	}
	return errors.Join(append([]error{fmt.Errorf("%s is %w", id, ErrMissing)}, now.faults...)...)
}

// mostChain is how many deltas may stand on each other. Git itself makes no more.
const mostChain = 4095

// packed reads an object from a pack.
func (r *Reader) packed(s spot) (object, error) {
	if o, known := r.memory.packed(s); known {
		return o, nil
	}
	body, err := s.pack.body()
	if err != nil {
		return object{}, err
	}
	o, at, err := r.root(s, body)
	if err != nil {
		return object{}, err
	}
	for len(r.chain) > 0 {
		last := r.chain[len(r.chain)-1]
		r.chain = r.chain[:len(r.chain)-1]
		delta, err := r.inflateDelta(o.kind, body[last.data:], last.size)
		if err != nil {
			return object{}, err
		}
		r.memory.keep(at, o)
		if o.text, err = o.text.change(o.kind, delta, &r.change); err != nil {
			return object{}, err
		}
		at = spot{s.pack, last.at}
	}
	if o.kind == Tree || o.kind == Blob {
		r.memory.keep(at, o)
	}
	return o, nil
}

// inflateDelta is the content of a delta. That of a tree's is good until the next one.
func (r *Reader) inflateDelta(kind Kind, src []byte, size int) ([]byte, error) {
	const mostKept = 1 << 16
	if kind != Tree || size > mostKept {
		return r.z.inflate(src, size)
	}
	if cap(r.delta) < size {
		r.delta = make([]byte, size, 2*size)
	}
	r.delta = r.delta[:size]
	return r.delta, r.z.into(r.delta, src)
}

// root goes from an object to what it is a delta of, until something is known or is no delta.
// The deltas on the way are left in r.chain, the nearest last.
func (r *Reader) root(s spot, body []byte) (object, spot, error) {
	r.chain = r.chain[:0]
	for {
		if o, known := r.memory.packed(s); known {
			return o, s, nil
		}
		h, err := s.pack.head(body, s.at)
		if err != nil {
			return object{}, s, err
		}
		if !h.delta() {
			b, err := r.z.inflate(body[h.data:], h.size)
			return object{h.kind, flat(b)}, s, err
		}
		if len(r.chain) == mostChain {
			return object{}, s, fmt.Errorf("corrupt: more than %d deltas on each other, or a circle of them", mostChain)
		}
		r.chain = append(r.chain, h)
		s.at = h.base
	}
}

// packedSize reads the size of a packed object, and of what it is a delta of only the kind.
func (r *Reader) packedSize(s spot) (Kind, int, error) {
	body, err := s.pack.body()
	if err != nil {
		return 0, 0, err
	}
	size := -1
	for range mostChain + 1 {
		h, err := s.pack.head(body, s.at)
		if err != nil {
			return 0, 0, err
		}
		if size < 0 {
			if size, err = r.statedSize(h, body); err != nil {
				return 0, 0, err
			}
		}
		if !h.delta() {
			return h.kind, size, nil
		}
		s.at = h.base
	}
	return 0, 0, fmt.Errorf("corrupt: more than %d deltas on each other, or a circle of them", mostChain)
}

// statedSize is the size that an object's head states, or the beginning of its delta.
func (r *Reader) statedSize(h packed, body []byte) (int, error) {
	if !h.delta() {
		return h.size, nil
	}
	const twoSizes = 20
	b, err := r.z.begin(body[h.data:], twoSizes)
	if err != nil {
		return 0, err
	}
	_, rest, ok := readSize(b)
	size, _, ok2 := readSize(rest)
	if !ok || !ok2 {
		return 0, errDelta
	}
	return size, nil
}
