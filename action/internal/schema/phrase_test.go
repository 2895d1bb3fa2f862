package schema

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/commrel/liaison/action/internal/law"
)

// TestNoPhraseIsLostByLettingTextsGo holds find against the search alone.
func TestNoPhraseIsLostByLettingTextsGo(t *testing.T) {
	var list []string
	schemas := shipped(t)
	for _, name := range slices.Sorted(maps.Keys(schemas)) {
		for _, r := range schemas[name].Refusals() {
			list = append(list, r.Words...)
		}
	}
	list = append(list, "kiss", "a-b c", "SNS脅", "\u0345x", "ǅ", "straße", "C++")
	found := 0
	p := phrasesOf(list)
	pieces := append([]string{" ", "  ", "\n", ".", "-", "x", "K", "ſ", "ι", "\u0345", "\u0301", "é", "の", "1", "threat", "kiſſ", "KISS", "\u00a0"}, list...)
	law.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 6).Draw(t, "pieces")
		for _, text := range []string{strings.Join(parts, ""), strings.ToUpper(strings.Join(parts, " ")), strings.ToTitle(strings.Join(parts, ""))} { // capitals of all sorts
			want := p.form().FindString(text)
			if got := p.find(text); got != want {
				t.Fatalf("%q: found %q, expected %q", text, got, want)
			}
			if want != "" {
				found++
			}
		}
	})
	if found == 0 {
		t.Error("no text had a phrase: nothing was compared")
	}
}

func TestPlainTextIsLetGo(t *testing.T) {
	p := phrasesOf([]string{"bomb threat", "is stalking me", "死亡威胁"})
	for _, text := range []string{"", "The bomb of a toolbar is me", "Wir planen etwas", "死"} {
		if p.likely(text) != (text == "死") {
			t.Errorf("%q: likely is %t", text, p.likely(text))
		}
	}
}
