package memo_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/commrel/liaison/action/internal/memo"
)

func TestAnAnswerIsFoundOnce(t *testing.T) {
	m, found := memo.New[string, int](2), 0
	find := func() int { found++; return found }
	for range 3 {
		if got := m.Get("a", find); got != 1 {
			t.Errorf("the answer is %d, want the first", got)
		}
	}
}

func TestAFaultIsKeptLikeASuccess(t *testing.T) {
	m, found := memo.New[string, error](2), 0
	fault := errors.New("no")
	for range 3 {
		if err := m.Get("a", func() error { found++; return fault }); err != fault {
			t.Error(err)
		}
	}
	if found != 1 {
		t.Errorf("%d times looked for, want once", found)
	}
}

func TestTheOldestAnswerGoesFirst(t *testing.T) {
	m := memo.New[string, int](2)
	var found []string
	for _, key := range []string{"a", "b", "c", "b", "c", "a"} {
		m.Get(key, func() int { found = append(found, key); return 0 })
	}
	if got, want := len(found), 4; got != want { // a, b, c, and a again
		t.Errorf("looked for %v, want a, b, c and a again", found)
	}
}

func TestWhoAsksMeanwhileWaits(t *testing.T) {
	m, found := memo.New[string, int](2), 0
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if m.Get("a", func() int { found++; return 7 }) != 7 {
				t.Error("another answer")
			}
		})
	}
	if all.Wait(); found != 1 {
		t.Errorf("%d times looked for, want once", found)
	}
}

func TestNoMemoKeepsNothing(t *testing.T) {
	var m *memo.Memo[string, int]
	found := 0
	for range 2 {
		m.Get("a", func() int { found++; return 0 })
	}
	if found != 2 {
		t.Errorf("%d times looked for, want twice", found)
	}
}
