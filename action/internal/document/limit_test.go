package document_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/commrel/liaison/action/internal/document"
)

// mostMemory is what one file may ask for (docs/security.md, "Input"), however hostile it is. What
// it takes in time follows from its steps, which grow with its length and no faster.
const mostMemory = 32 << 20

// used is how many bytes reading src asks for.
func used(src []byte) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	document.Parse("r.yaml", src)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// heavy are units that, repeated to the size limit, are the worst that we know.
var heavy = []string{
	"[", "{a: ", "- ", "[],", "k: ", "? ", "? a\n", "a,\n#\n", "'", "\\x41", "! ,", "- ! a\n", "&a ", "*a,", "\n", "a\n",
	"- a\n", "- no\n", "no: 1\n", "a: @x\n", "\ta: 1\n", "\u200b", "\ufeff", "\r", "---\n", "@x,", "- @x\n", "a: b: c\n", "#\n", "{}, ", "- - - a\n", "~,", "1,", "é", "\"a\": 1\n",
}

// heavyFiles are the worst files of a size that we know, by what they are made of.
func heavyFiles(size int) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for _, unit := range heavy {
			for _, head := range []string{"", "a: ", "a: [", "a: {", "a: \"", "a:\n", "a: |\n "} {
				if !yield(fmt.Sprintf("%q after %q", unit, head), []byte(head+strings.Repeat(unit, (size-len(head))/len(unit)))) {
					return
				}
			}
		}
		const tabs = "a:\n\tb: "
		n := (size - len(tabs)) / 4
		if !yield("tabs before brackets", []byte(tabs+strings.Repeat("[", n)+strings.Repeat("]", n)+"\n")) {
			return
		}
		var keys bytes.Buffer
		for i := 0; keys.Len() < size-20; i++ {
			fmt.Fprintf(&keys, "k%d: no\n", i)
		}
		yield("many keys", keys.Bytes())
	}
}

var heavySize = flag.Int("heavy.size", document.MaxBytes, "how many bytes the heavy files have")

func TestNoFileNeedsMuchMemory(t *testing.T) {
	var largest uint64
	for name, src := range heavyFiles(*heavySize) {
		n := used(src)
		largest = max(largest, n)
		if n > mostMemory {
			t.Errorf("%s: %d MiB", name, n>>20)
		}
	}
	t.Logf("at most %d MiB", largest>>20)
}

// TestTwiceAsLongAFileTakesTwiceAsManySteps counts how often each statement runs, ours and the
// library's, where the test above reads files of one size and of twice that size.
func TestTwiceAsLongAFileTakesTwiceAsManySteps(t *testing.T) {
	const size, few = 4 << 10, 10_000
	binary := countingTest(t)
	short, long := steps(t, binary, size), steps(t, binary, 2*size)
	total := 0
	for statement, n := range long {
		total += n
		if n > few && 2*n > 5*short[statement] {
			t.Errorf("%s runs %d times, and %d times where files are twice as long", statement, short[statement], n)
		}
	}
	if total < 100*size {
		t.Errorf("only %d steps were counted", total)
	}
}

// countingTest is this package's test, built so that it counts.
func countingTest(t *testing.T) string {
	t.Helper()
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("go is not on this machine: no test can be built that counts its steps")
	}
	binary := filepath.Join(t.TempDir(), "document.test")
	build := exec.Command(tool, "test", "-c", "-o", binary, "-covermode=count", "-coverpkg=.,go.yaml.in/yaml/v3", ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// steps are how often each statement runs where heavy files of a size are read.
func steps(t *testing.T, binary string, size int) map[string]int {
	t.Helper()
	profile := filepath.Join(t.TempDir(), "profile")
	run := exec.Command(binary, "-test.run=^TestNoFileNeedsMuchMemory$", "-test.coverprofile="+profile, fmt.Sprintf("-heavy.size=%d", size))
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(profile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := map[string]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var statement string
		var statements, times int
		if n, _ := fmt.Sscan(lines.Text(), &statement, &statements, &times); n == 3 {
			all[statement] += times
		}
	}
	return all
}

// slow is more than any file of 64 KiB needs. Only a search at random goes by it: what it finds
// is a reason to look, and no test of anything else.
const slow = 100 * time.Millisecond

// FuzzCost repeats what the fuzzer finds up to the limit of size.
func FuzzCost(f *testing.F) {
	for _, unit := range heavy {
		f.Add("a: [", unit)
	}
	searching := flag.Lookup("test.fuzz").Value.String() != ""
	f.Fuzz(func(t *testing.T, head, unit string) {
		if unit == "" || len(head)+len(unit) > document.MaxBytes {
			return
		}
		src := []byte(head + strings.Repeat(unit, (document.MaxBytes-len(head))/len(unit)))
		if n := used(src); n > mostMemory {
			t.Errorf("%q after %q: %d MiB", unit, head, n>>20)
		}
		if searching {
			if took := leastTime(src); took > slow {
				t.Errorf("%q after %q: %v", unit, head, took)
			}
		}
	})
}

// leastTime is the least of some times, since other programs share the machine.
func leastTime(src []byte) time.Duration {
	least := time.Hour
	for tries := 0; least > slow && tries < 30; tries++ {
		began := time.Now()
		document.Parse("r.yaml", src)
		least = min(least, time.Since(began))
	}
	return least
}
