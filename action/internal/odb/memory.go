package odb

// A memory keeps texts: what is asked for next is often a delta of what has just been read. It
// holds two generations, and forgets the older one when the younger is full; what is asked for
// again moves to the younger.
type memory struct{ young, old generation }

type generation struct {
	packs map[uint64]object
	files map[ID]object
	bases map[*base]bool // those counted in size
	size  int            // about how many bytes
}

// generationSize is how many bytes one generation holds before it is the old one. What is
// larger by itself is not kept.
const generationSize = 16 << 20

func (m *memory) packed(s spot) (object, bool) {
	key := s.key()
	if o, known := m.young.packs[key]; known {
		return o, true
	}
	o, known := m.old.packs[key]
	if known {
		m.keep(s, o)
	}
	return o, known
}

func (m *memory) keep(s spot, o object) {
	key := s.key()
	if _, known := m.young.packs[key]; !known && key != nowhere && m.room(o.text) {
		m.young.packs[key] = o
	}
}

// nowhere is the key of an object that is not kept.
const nowhere = 0

// key is a spot as one number. Of the packs beyond the first 65,535 nothing is kept.
func (s spot) key() uint64 {
	const forPacks = 16
	if s.pack.number>>forPacks != 0 || s.at>>(64-forPacks) != 0 {
		return nowhere
	}
	return uint64(s.at)<<forPacks | uint64(s.pack.number)
}

func (m *memory) loose(id ID) (object, bool) {
	if o, known := m.young.files[id]; known {
		return o, true
	}
	o, known := m.old.files[id]
	if known {
		m.keepLoose(id, o)
	}
	return o, known
}

func (m *memory) keepLoose(id ID, o object) {
	if m.room(o.text) {
		m.young.files[id] = o
	}
}

// room makes room for a text and counts it, with its base where that is new here. It says no
// to what is too large.
func (m *memory) room(t text) bool {
	const overhead = 160 // of a row in the maps
	cost := t.cost() + overhead
	whole := cost + t.base.cost()
	if whole > generationSize {
		return false
	}
	if m.young.packs == nil || m.young.size+whole > generationSize {
		m.old, m.young = m.young, m.old.emptied()
	}
	if !m.young.bases[t.base] {
		m.young.bases[t.base] = true
		cost = whole
	}
	m.young.size += cost
	return true
}

// emptied is a generation without anything in it, in the room of one that is forgotten.
func (g generation) emptied() generation {
	if g.packs == nil {
		return generation{packs: map[uint64]object{}, files: map[ID]object{}, bases: map[*base]bool{}}
	}
	clear(g.packs)
	clear(g.files)
	clear(g.bases)
	g.size = 0
	return g
}

// cost is about how many bytes of memory a base takes, with where its entries begin.
func (b *base) cost() int { return len(b.bytes) + len(b.bytes)/8 }
