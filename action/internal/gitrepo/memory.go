package gitrepo

// A memory keeps decoded trees: a landing is compared with the one before it, whose trees
// have just been read. It holds two generations, and forgets the older one when the younger
// is full; what is asked for again moves to the younger.
type memory struct {
	objects
	young, old map[hash][]entry
	kept       int // entries in young
}

// generation is how many entries one generation holds before it is the old one.
const generation = 1 << 18

func remember(o objects) *memory {
	if m, does := o.(*memory); does {
		return m
	}
	return &memory{objects: o, young: map[hash][]entry{}}
}

func (m *memory) tree(id hash) ([]entry, error) {
	if t, ok := m.young[id]; ok {
		return t, nil
	}
	t, ok := m.old[id]
	if !ok {
		var err error
		if t, err = m.objects.tree(id); err != nil {
			return nil, err
		}
	}
	m.keep(id, t)
	return t, nil
}

func (m *memory) keep(id hash, t []entry) {
	if m.kept += len(t) + 1; m.kept > generation {
		m.young, m.old, m.kept = map[hash][]entry{}, m.young, len(t)+1
	}
	m.young[id] = t
}
