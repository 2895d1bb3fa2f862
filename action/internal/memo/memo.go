// Package memo turns a question and a way to answer it into the answer, and keeps the last
// few answers.
package memo

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"
)

// A Key names some texts by what they say, in their order.
type Key [sha256.Size]byte

// KeyOf is the key of some texts.
func KeyOf(texts ...[]byte) Key {
	h := sha256.New()
	for _, t := range texts {
		h.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(t))))
		h.Write(t)
	}
	return Key(h.Sum(nil))
}

// A Memo keeps answers by what they depend on, a fault as well as a success. Several may ask
// at once; one of them makes the answer, the others wait for it. A nil Memo keeps nothing.
type Memo[K comparable, V any] struct {
	most    int
	mu      sync.Mutex
	answers map[K]func() V
	order   []K // the oldest first
}

// New makes a Memo that keeps at most so many answers, the newest.
func New[K comparable, V any](most int) *Memo[K, V] {
	return &Memo[K, V]{most: most, answers: map[K]func() V{}}
}

// Get is the answer that is kept under a key; where there is none, the one that find makes.
func (m *Memo[K, V]) Get(key K, find func() V) V {
	if m == nil {
		return find()
	}
	return m.slot(key, find)()
}

func (m *Memo[K, V]) slot(key K, find func() V) func() V {
	m.mu.Lock()
	defer m.mu.Unlock()
	if answer, kept := m.answers[key]; kept {
		return answer
	}
	if len(m.order) >= m.most {
		delete(m.answers, m.order[0])
		m.order = m.order[1:]
	}
	m.answers[key], m.order = sync.OnceValue(find), append(m.order, key)
	return m.answers[key]
}
