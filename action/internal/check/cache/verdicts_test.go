package cache

import (
	"slices"
	"testing"

	"github.com/commrel/liaison/action/internal/law"
	"github.com/commrel/liaison/action/internal/memo"
	"github.com/commrel/liaison/action/internal/rule"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var (
	key  = memo.KeyOf([]byte("rules"))
	team = rule.Digest{Records: 300, Names: []rule.Name{{Kind: "team", Text: "example-editing"}, {Kind: "wiki", By: "language", Text: "fr"}}}
	lia  = rule.Digest{Records: 1, IDs: []string{"example-lia"}, Unique: []string{"github_id\x001002"}}
)

func record(kind uint8, first byte) Subject {
	return Subject{Kind: kind, Blob: [20]byte{first}}
}

// written is a file of two runs.
func written() []byte {
	file := begin(key)
	b := parse(key, file)
	b.Add(record(0, 1), team)
	b.Add(record(0, 2), team)
	file = append(file, b.batchAdded()...)
	b = parse(key, file)
	b.Add(record(1, 1), lia)
	b.Add(record(0, 1), team)
	return append(file, b.batchAdded()...)
}

func TestVerdictsAreFoundAgain(t *testing.T) {
	b := parse(key, written())
	if !b.sound || b.Len() != 3 {
		t.Fatalf("sound: %t, %d verdicts", b.sound, b.Len())
	}
	for r, want := range map[Subject]*rule.Digest{record(0, 1): &team, record(0, 2): &team, record(1, 1): &lia, record(1, 2): nil} {
		if diff := cmp.Diff(want, b.Find(r)); diff != "" {
			t.Errorf("%v: %s", r, diff)
		}
	}
	if b.batchAdded() != nil {
		t.Error("nothing was added, and there is something to write")
	}
	if b.Find(record(0, 1)) != b.Find(record(0, 2)) {
		t.Error("two records with one digest have two")
	}
}

func TestOtherRulesHaveOtherVerdicts(t *testing.T) {
	if b := parse(memo.KeyOf([]byte("other rules")), written()); b.Len() != 0 || b.sound {
		t.Errorf("%d verdicts of other rules, sound: %t", b.Len(), b.sound)
	}
	if memo.KeyOf([]byte("ab"), []byte("c")) == memo.KeyOf([]byte("a"), []byte("bc")) {
		t.Error("texts that are cut elsewhere have one key")
	}
}

// TestADamagedFileTellsNoLies cuts and changes a file: what is still found is what was
// written, and the damage is noticed.
func TestADamagedFileTellsNoLies(t *testing.T) {
	file := written()
	whole := parse(key, file)
	law.Check(t, func(t *rapid.T) {
		bad := slices.Clone(file)
		switch at := rapid.IntRange(0, len(bad)-1).Draw(t, "at"); rapid.IntRange(0, 2).Draw(t, "damage") {
		case 0:
			bad = bad[:at]
		case 1:
			bad[at] ^= byte(rapid.IntRange(1, 255).Draw(t, "bits"))
		default:
			bad = append(bad, rapid.SliceOfN(rapid.Byte(), 1, 40).Draw(t, "more")...)
		}
		b := parse(key, bad)
		if b.sound && b.Len() == whole.Len() {
			t.Fatal("the damage went unnoticed")
		}
		for kind := range uint8(3) {
			for first := range byte(4) {
				if got, want := b.Find(record(kind, first)), whole.Find(record(kind, first)); got != nil && !cmp.Equal(got, want) {
					t.Fatalf("found %v, written was %v", got, want)
				}
			}
		}
	})
}

func FuzzOpen(f *testing.F) {
	f.Add(written()[len(begin(key)):])
	f.Fuzz(func(_ *testing.T, batches []byte) { parse(key, append(begin(key), batches...)) })
}
