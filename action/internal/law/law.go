// Package law holds properties against values that are drawn, the same values in every run.
// Only tests use it. A run that drew others each time would fail now and then for what
// nobody had changed; who wants to search for such a failure says so (action/README.md).
package law

import (
	"flag"
	"os"
	"sync"

	"pgregory.net/rapid"
)

// fixed is the seed of all properties where nobody gave another. It says nothing.
const fixed = "1"

// Check fails the test where the property does not hold for one of the values drawn.
func Check(t rapid.TB, property func(*rapid.T)) {
	t.Helper()
	fixSeed()
	rapid.Check(t, property)
}

// fixSeed waits until flags are read, and is done once: tests run side by side.
var fixSeed = sync.OnceFunc(func() {
	if seedGiven() {
		return
	}
	if err := flag.Set("rapid.seed", fixed); err != nil {
		panic(err)
	}
})

// seedGiven says whether the command line or the environment has a seed, be it 0: a search
// at random.
func seedGiven() bool {
	_, given := os.LookupEnv("RAPID_SEED")
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.seed" })
	return given
}
