package document_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/document"
)

// What one file may cost (docs/security.md, "Input"), however hostile it is.
const (
	mostTime   = 100 * time.Millisecond
	mostMemory = 32 << 20
)

// cost is what reading src takes: the least time of some runs, since other programs share
// the machine, and every byte that one run asks for.
func cost(src []byte) (time.Duration, uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	least := timed(src)
	runtime.ReadMemStats(&after)
	for tries := 0; least > mostTime && tries < 30; tries++ {
		time.Sleep(10 * time.Millisecond)
		least = min(least, timed(src))
	}
	return least, after.TotalAlloc - before.TotalAlloc
}

func timed(src []byte) time.Duration {
	began := time.Now()
	document.Parse("r.yaml", src)
	return time.Since(began)
}

// heavy are units that, repeated to the size limit, are the worst that we know.
var heavy = []string{
	"[", "{a: ", "- ", "[],", "k: ", "? ", "? a\n", "a,\n#\n", "'", "\\x41", "! ,", "- ! a\n", "&a ", "*a,", "\n", "a\n",
	"- a\n", "- no\n", "no: 1\n", "a: @x\n", "\ta: 1\n", "\u200b", "\ufeff", "\r", "---\n", "@x,", "- @x\n", "a: b: c\n", "#\n", "{}, ", "- - - a\n", "~,", "1,", "é", "\"a\": 1\n",
}

func TestNoFileCostsMuch(t *testing.T) {
	var slowest time.Duration
	var largest uint64
	for _, unit := range heavy {
		for _, head := range []string{"", "a: ", "a: [", "a: {", "a: \"", "a:\n", "a: |\n "} {
			src := []byte(head + strings.Repeat(unit, (document.MaxBytes-len(head))/len(unit)))
			took, used := cost(src)
			slowest, largest = max(slowest, took), max(largest, used)
			if took > mostTime || used > mostMemory {
				t.Errorf("%q after %q: %v and %d MiB", unit, head, took, used>>20)
			}
		}
	}
	tabs := []byte("a:\n\tb: " + strings.Repeat("[", 8000) + strings.Repeat("]", 8000) + "\n")
	if took, used := cost(tabs); took > mostTime || used > mostMemory {
		t.Errorf("tabs before brackets: %v and %d MiB", took, used>>20)
	}
	var keys strings.Builder
	for i := 0; keys.Len() < document.MaxBytes-20; i++ {
		fmt.Fprintf(&keys, "k%d: no\n", i)
	}
	if took, used := cost([]byte(keys.String())); took > mostTime || used > mostMemory {
		t.Errorf("many keys: %v and %d MiB", took, used>>20)
	}
	t.Logf("at most %v and %d MiB", slowest, largest>>20)
}

// FuzzCost repeats what the fuzzer finds up to the limit of size.
func FuzzCost(f *testing.F) {
	for _, unit := range heavy {
		f.Add("a: [", unit)
	}
	f.Fuzz(func(t *testing.T, head, unit string) {
		if unit == "" || len(head)+len(unit) > document.MaxBytes {
			return
		}
		src := []byte(head + strings.Repeat(unit, (document.MaxBytes-len(head))/len(unit)))
		if took, used := cost(src); took > mostTime || used > mostMemory {
			t.Errorf("%q after %q: %v and %d MiB", unit, head, took, used>>20)
		}
	})
}
